"""`narrowcast report`: what a teacher wants to know of an assignment."""

from __future__ import annotations

import json
from pathlib import Path

import click

from narrowcast.language import gettext as _

__all__ = ["report_command"]


def report_command() -> click.Command:
    """Return `narrowcast report`, worded in the language in force."""
    folder = click.Path(file_okay=False, path_type=Path)
    return click.Command(
        "report",
        callback=_report,
        short_help=_("Write a report on an assignment: marks, questions, mistakes, hints."),
        help=_(
            "Write report.html, which needs no network, and tables as CSV: who handed in, how the marks are spread, "
            "which questions tell strong from weak, which mistakes were made, and what to look at. "
            "Works with nbgrader's gradebook alone; says more after `narrowcast grade`."
        ),
        params=[
            click.Argument(["assignment"]),
            click.Option(
                ["--course"],
                type=click.Path(file_okay=False, exists=True, path_type=Path),
                metavar="DIR",
                help=_(
                    "The course root of nbgrader. Default: this folder, one above it, or this repository's."
                ),
            ),
            click.Option(
                ["--out"],
                type=folder,
                metavar="DIR",
                help=_("Where to write it. Default: report/ASSIGNMENT in the course."),
            ),
            click.Option(["--db"], metavar="URL", help=_("Another gradebook than the configured one.")),
            click.Option(
                ["--json", "as_json"], is_flag=True, help=_("Print the numbers as JSON; write no file.")
            ),
        ],
    )


def _report(*, assignment: str, course: Path | None, out: Path | None, db: str | None, as_json: bool) -> int:
    from narrowcast.cli.grade import course_root  # noqa: PLC0415 - each command loads what it needs
    from narrowcast.grade.report import findings_of, write_report  # noqa: PLC0415 - a second of import

    root = course or course_root()
    findings = findings_of(root, assignment, url=db or "")
    if as_json:
        from narrowcast.grade.report.as_json import as_plain  # noqa: PLC0415

        click.echo(json.dumps(as_plain(findings), ensure_ascii=False, indent=1, allow_nan=False))
        return 0
    written = write_report(findings, out or findings.root / "report" / assignment)
    click.echo(_("Report: {path}").format(path=written[0]))
    click.echo(_("Tables: {names}").format(names=", ".join(path.name for path in written[1:])))
    return 0
