"""`narrowcast key`: answer keys, held against many students' markets."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from narrowcast.cli.doorkeeper import Doorkeeper, show_help
from narrowcast.errors import CourseError, UnknownName
from narrowcast.language import gettext as _

if TYPE_CHECKING:
    from narrowcast.judge.audit import Audit

__all__ = ["key_command"]


def key_command() -> click.Group:
    """Return `narrowcast key` with its command, worded in the language in force."""
    group = Doorkeeper(
        name="key",
        short_help=_("Answer keys: check."),
        help=_("Answer keys: is what they call right always right, and every mistake a mistake?"),
        epilog=_("narrowcast key COMMAND --help says more about a command."),
        callback=show_help,
        invoke_without_command=True,
    )
    group.add_command(_check_command())
    return group


def _check_command() -> click.Command:
    return click.Command(
        "check",
        callback=_check,
        short_help=_("Hold keys against many students' markets."),
        help=_(
            "Hold answer keys against many students' markets: the truth must get all points in each, every named "
            "mistake must differ from the truth and from the other mistakes, bounds must hold, no text may be missing, "
            "and what students are given must not tell the truth. Exit code 1 if something is wrong."
        ),
        params=[
            click.Argument(["keys"], nargs=-1, metavar="[ASSIGNMENT|PATH]..."),
            click.Option(
                ["--students"],
                type=click.IntRange(1, 100_000),
                default=200,
                show_default=True,
                help=_("In how many students' markets."),
            ),
            click.Option(["--json", "as_json"], is_flag=True, help=_("As JSON.")),
        ],
    )


def _check(*, keys: tuple[str, ...], students: int, as_json: bool) -> int:
    files = [file for name in keys for file in _files(name)] if keys else _all()
    audits = [(file, _audited(file, students)) for file in dict.fromkeys(files)]
    if as_json:
        told = [{"file": str(file), **asdict(done)} for file, done in audits]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        from narrowcast.cli.key_tables import show  # noqa: PLC0415 - each command loads what it needs

        show(audits)
    return 1 if any(done.faults for _file, done in audits) else 0


def _audited(file: Path, students: int) -> Audit:
    from narrowcast.judge import load_key  # noqa: PLC0415 - as above
    from narrowcast.judge.audit import audit  # noqa: PLC0415
    from narrowcast.judge.places import class_salt  # noqa: PLC0415
    from narrowcast.simulate.bar import Bar  # noqa: PLC0415
    from narrowcast.worlds import World, open_world  # noqa: PLC0415

    salt = class_salt(file.parent.parent)

    def opening(name: str, student: int) -> World:
        return open_world(name, student=f"s{student + 1:03d}", salt=salt)

    with Bar(_("checking {name}").format(name=file.parent.name), students) as bar:
        return audit(load_key(file), students, opening, bar.step)


def _course() -> Path:
    from narrowcast.serve.place import find_place  # noqa: PLC0415 - as above

    return find_place().root


def _all() -> list[Path]:
    found = [
        file for kind in ("course", "assignments") for file in sorted((_course() / kind).glob("*/key.py"))
    ]
    if not found:
        problem = _("There is no key in {folder}.").format(folder=_course())
        raise CourseError(problem, _("Name the file: narrowcast key check path/to/key.py."))
    return found


def _files(name: str) -> list[Path]:
    """Return the key files that a name means: a path, or a lesson's and an assignment's of that name."""
    path = Path(name)
    if path.is_file():
        return [path.resolve()]
    if (path / "key.py").is_file():
        return [(path / "key.py").resolve()]
    known = _all()
    found = [file for file in known if file.parent.name == name]
    if not found:
        raise UnknownName(
            kind=_("key"), given=name, allowed=dict.fromkeys(file.parent.name for file in known)
        )
    return found
