"""The command line: a thin door that parses and delegates.

Commands are made when they are asked for, not at import, so that their help is in the person's language.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

import narrowcast
from narrowcast.cli.data import data_command
from narrowcast.cli.doorkeeper import Doorkeeper, PlainRange, show_help
from narrowcast.cli.fidelity import fidelity_command
from narrowcast.cli.grade import grade_command
from narrowcast.cli.key import key_command
from narrowcast.cli.report import report_command
from narrowcast.cli.serve import serve_command
from narrowcast.errors import NarrowcastError, UnknownName
from narrowcast.language import LANGUAGES, speaking
from narrowcast.language import gettext as _

__all__ = ["command_line", "main", "run"]


def command_line() -> click.Group:
    """Return `narrowcast` with all its commands, worded in the language in force."""
    group = Doorkeeper(
        name="narrowcast",
        people={
            _("Student"): ("start",),
            _("Instructor"): ("grade", "report", "demo-class"),
            _("Author"): ("translate", "build", "key"),
            _("Host"): ("serve",),
            _("Everybody"): ("data", "fidelity"),
        },
        help=_(
            "Learn how marketing turned from broadcast to narrowcast, "
            "by running campaigns on simulated markets."
        ),
        epilog=_("narrowcast COMMAND --help says more about a command."),
        callback=show_help,
        invoke_without_command=True,
        params=[
            click.Option(
                ["--language"], type=click.Choice(LANGUAGES), help=_("The language to speak. Default: en.")
            ),
        ],
        context_settings={"help_option_names": ["-h", "--help"]},
        add_help_option=True,
    )
    click.version_option(narrowcast.__version__, prog_name="narrowcast", help=_("Say the version, and end."))(
        group
    )
    commands = (
        _start_command(),
        serve_command(),
        grade_command(),
        report_command(),
        _demo_class_command(),
        _translate_command(),
        _build_command(),
        key_command(),
        data_command(),
        fidelity_command(),
    )
    for command in commands:
        group.add_command(command)
    _word_help_options(group)
    return group


def _word_help_options(command: click.Command) -> None:
    option = command.get_help_option(click.Context(command, help_option_names=["-h", "--help"]))
    if option is not None:
        option.help = _("Say this, and end.")
    if isinstance(command, click.Group):
        for one in command.commands.values():
            _word_help_options(one)


def _start_command() -> click.Command:
    port = PlainRange(1, 65535)
    return click.Command(
        "start",
        callback=_start,
        short_help=_("Open the three doors: lessons, grading, public gallery."),
        help=_(
            "Open JupyterLab on the course and the gallery of apps, and print the three doors: "
            "student, instructor, public. Ctrl-C closes everything."
        ),
        params=[
            click.Option(
                ["--browser/--no-browser"],
                default=True,
                help=_("Open the student's door in the browser, or not. Default: open it."),
            ),
            click.Option(
                ["--lab-port"],
                type=port,
                metavar="PORT",
                help=_("Port of JupyterLab. Default: 8888 or the next free one."),
            ),
            click.Option(
                ["--gallery-port"],
                type=port,
                metavar="PORT",
                help=_("Port of the gallery. Default: 8866 or the next free one."),
            ),
            click.Option(
                ["--host"],
                default="127.0.0.1",
                metavar="ADDRESS",
                help=_("Address to listen on. Default: this machine alone."),
            ),
            click.Option(
                ["--expose"],
                is_flag=True,
                help=_("Agree that other machines may reach it (needed by --host)."),
            ),
        ],
    )


def _start(*, browser: bool, lab_port: int | None, gallery_port: int | None, host: str, expose: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - each command loads what it needs

    from narrowcast.serve.place import find_place  # noqa: PLC0415
    from narrowcast.serve.start import Wishes, start  # noqa: PLC0415

    wishes = Wishes(browser=browser, lab_port=lab_port, gallery_port=gallery_port, host=host, expose=expose)
    start(find_place(), wishes, Console(highlight=False))


def _demo_class_command() -> click.Command:
    return click.Command(
        "demo-class",
        callback=_demo_class,
        short_help=_("Make a class of invented students, grade it, show the marks."),
        help=_(
            "Make a class of invented students with diverse submissions, take it through nbgrader, "
            "and print the marks beside what each should get. Leaves a course that the formgrader shows."
        ),
        params=[
            click.Option(
                ["--dir", "directory"],
                type=click.Path(file_okay=False, path_type=Path),
                default=Path("demo-class"),
                help=_("Where to leave the course. Default: demo-class."),
            ),
            click.Option(
                ["--students"],
                type=click.IntRange(1, 500),
                default=12,
                help=_("How many students. Default: 12."),
            ),
        ],
    )


def _demo_class(*, directory: Path, students: int) -> int:
    from narrowcast.grade.demo import demo_class  # noqa: PLC0415 - loads the judge
    from narrowcast.serve.place import find_place  # noqa: PLC0415

    lines = demo_class(find_place().root, directory, students=students)
    return 0 if all(line.right for line in lines) else 1


def _translate_command() -> click.Command:
    return click.Command(
        "translate",
        callback=_translate,
        short_help=_("Collect what is to be translated into the catalogues."),
        help=_(
            "Collect the texts of the course and the strings of the package into the catalogues, "
            "keep the translations that still fit, and say how many are left to write."
        ),
    )


def _translate() -> None:
    from narrowcast.author.catalogue import update  # noqa: PLC0415 - loads Jupytext and Babel
    from narrowcast.serve.place import find_place  # noqa: PLC0415

    click.echo(str(update(find_place().root)))


def _build_command() -> click.Command:
    return click.Command(
        "build",
        callback=_build,
        short_help=_("Build the notebooks, cards and catalogues from their text."),
        help=_(
            "Build the notebooks and catalogues from the text in course/ and assignments/, "
            "and the cards of the worlds from the recipes in datasets/."
        ),
        params=[
            click.Option(
                ["--check"], is_flag=True, help=_("Write nothing; fail if what is built is not up to date.")
            ),
            click.Option(
                ["--english"], is_flag=True, help=_("English only, while a translation is being written.")
            ),
        ],
    )


def _build(*, check: bool, english: bool) -> None:
    from narrowcast.grade.quick import import_quickly  # noqa: PLC0415

    import_quickly()  # Jupytext's notebooks are checked by it
    from narrowcast.author.build import build  # noqa: PLC0415 - loads Jupytext and Babel
    from narrowcast.serve.place import find_place  # noqa: PLC0415

    click.echo(str(build(find_place().root, check=check, languages=("en",) if english else LANGUAGES)))


def run(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code.

    0 is done, 1 wrong marks or data that are not whole, 2 a mistake that was told, 130 Ctrl-C.

    Parameters
    ----------
    arguments
        What stands after `narrowcast`.
    """
    try:
        with speaking(_language_of(arguments)):
            try:
                return int(
                    command_line().main(list(arguments), prog_name="narrowcast", standalone_mode=False) or 0
                )
            except click.NoSuchOption as error:
                raise UnknownName(
                    kind=_("option"), given=error.option_name, allowed=_options(error)
                ) from error
    except NarrowcastError as error:
        click.echo(str(error), err=True)
        return 2
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 130


def _language_of(arguments: Sequence[str]) -> str:
    """Return the language to speak, before anything is parsed: the parser's own words depend on it."""
    for position, argument in enumerate(arguments):
        if argument.startswith("--language="):
            return argument.partition("=")[2]
        if argument == "--language" and position + 1 < len(arguments):
            return arguments[position + 1]
    told = os.environ.get("NARROWCAST_LANGUAGE", "en")[:2].lower()
    return told if told in LANGUAGES else "en"


def _options(error: click.NoSuchOption) -> Iterable[str]:
    if error.ctx is None:
        return []
    return [
        name
        for param in error.ctx.command.get_params(error.ctx)
        if isinstance(param, click.Option)
        for name in [*param.opts, *param.secondary_opts]
    ]


def main() -> None:
    """Run the command line of this process."""
    code = run(sys.argv[1:])
    gc.freeze()  # what is left goes with the process: looking for garbage in it would take most of a second
    sys.exit(code)
