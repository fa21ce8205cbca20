"""`narrowcast grade`: a class graded."""

from __future__ import annotations

import sys
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from narrowcast.language import gettext as _

if TYPE_CHECKING:
    from narrowcast.grade.box import Nursery

__all__ = ["grade_command"]


def grade_command() -> click.Command:
    """Return the command, worded in the language in force."""
    return click.Command(
        "grade",
        callback=_grade,
        short_help=_("Grade a class: in a sandbox, in parallel, with reasons."),
        help=_(
            "Grade what a class has handed in of ASSIGNMENT, as nbgrader's autograde does, into the same gradebook: "
            "students' code runs in a sandbox that knows no answers, many submissions at a time, and a run that was "
            "cut short goes on where it was. Exit code 1: some submissions could not be graded."
        ),
        params=[
            click.Argument(["assignment"]),
            click.Option(
                ["--course"],
                type=click.Path(exists=True, file_okay=False, path_type=Path),
                help=_("The folder of nbgrader_config.py. Default: here, or the course around here."),
            ),
            click.Option(
                ["--workers"],
                default=0,
                type=click.IntRange(0, 512),
                help=_("Submissions at a time. Default: one for each processor."),
            ),
            click.Option(
                ["--timeout", "cell_seconds"],
                type=click.FloatRange(0.1, 86_400),
                metavar="SECONDS",
                help=_("Longest that a cell may run. Default: as nbgrader is configured."),
            ),
            click.Option(
                ["--timeout-all", "seconds"],
                type=click.FloatRange(1, 86_400),
                metavar="SECONDS",
                help=_("Longest that a submission may run. Default: four times a cell, 120 at least."),
            ),
            click.Option(
                ["--only"],
                multiple=True,
                metavar="STUDENT",
                help=_("Grade this student alone; several: give it again, or commas between."),
            ),
            click.Option(["--force"], is_flag=True, help=_("Grade what is finished too. Manual marks stay.")),
            click.Option(["--dry-run"], is_flag=True, help=_("Say what would be graded, and grade nothing.")),
            click.Option(
                ["--json", "as_json"], is_flag=True, help=_("One JSON object a line, for programs.")
            ),
            click.Option(
                ["--require-sandbox"],
                is_flag=True,
                help=_("Refuse to run students' code where this machine has no sandbox for it."),
            ),
            click.Option(
                ["--scheduler"],
                default="",
                metavar="ADDRESS",
                help=_("Run students' code on the workers of this Dask scheduler."),
            ),
            click.Option(
                ["--db", "url"],
                default="",
                metavar="URL",
                help=_("Another gradebook than the configured one."),
            ),
        ],
    )


def _grade(
    *, assignment: str, course: Path | None, only: tuple[str, ...], as_json: bool, **wished: Any  # noqa: ANN401 - each is a field of Wishes
) -> int:  # fmt: skip
    from rich.console import Console  # noqa: PLC0415 - each command loads what it needs

    from narrowcast.grade.quick import import_quickly  # noqa: PLC0415

    with ExitStack() as stack:
        here = not (wished["dry_run"] or wished["scheduler"])
        nursery = stack.enter_context(_begun(wished["require_sandbox"])) if here else None
        import_quickly()
        from narrowcast.grade.desk import Wishes, grade_class  # noqa: PLC0415
        from narrowcast.grade.desk.showing import ForPeople, ForPrograms  # noqa: PLC0415

        wishes = Wishes(only=tuple(name for names in only for name in names.split(",")), **wished)
        audience: ForPrograms | ForPeople
        audience = ForPrograms(sys.stdout) if as_json else ForPeople(Console(highlight=False))
        stack.enter_context(audience)
        summary = grade_class(course or course_root(), assignment, wishes, audience, nursery)
    if wishes.dry_run:
        audience.plans(summary)
    else:
        audience.ends(summary)
    return 1 if summary.left else 0


def _begun(require_sandbox: bool) -> Nursery:
    """Return a sandbox's warm process, begun: it needs seconds, and so do the imports that come meanwhile."""
    from narrowcast.grade.box import Nursery, Trouble, chosen  # noqa: PLC0415

    nursery = Nursery(chosen("", require_sandbox=require_sandbox))
    with suppress(Trouble):  # told when it is to run something
        nursery.begin()
    return nursery


def course_root() -> Path:
    """Return the course root of nbgrader that a person means: here, above here, or the one of this repository."""
    from narrowcast.serve.place import find_place  # noqa: PLC0415

    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "nbgrader_config.py").is_file():
            return folder
    return find_place().assignments
