"""`narrowcast data`: the markets as files, built, described and checked."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from narrowcast.cli.doorkeeper import Doorkeeper, PlainRange, show_help
from narrowcast.errors import DataError
from narrowcast.language import gettext as _

__all__ = ["data_command"]


def data_command() -> click.Group:
    """Return `narrowcast data` with its commands, worded in the language in force."""
    group = Doorkeeper(
        name="data",
        short_help=_("The markets as files: list, card, build, check."),
        help=_("The markets as files: what there is, what it means, and tables of any size."),
        epilog=_("narrowcast data COMMAND --help says more about a command."),
        callback=show_help,
        invoke_without_command=True,
    )
    for command in (_list_command(), _card_command(), _build_command(), _check_command()):
        group.add_command(command)
    return group


def _list_command() -> click.Command:
    return click.Command(
        "list",
        callback=_list,
        short_help=_("List the worlds: titles, customers, tables."),
        help=_("List the worlds: their titles, how many customers they have, and their tables."),
    )


def _list() -> None:
    from narrowcast.cli.data_tables import show, worlds_table  # noqa: PLC0415 - each command loads what it needs

    show(worlds_table())


def _card_command() -> click.Command:
    return click.Command(
        "card",
        callback=_card,
        short_help=_("Print the card of a world."),
        help=_(
            "Print the card of a world: its story, segments, channels, and every column. Markdown in a pipe."
        ),
        params=[click.Argument(["world"], required=False)],
    )


def _card(*, world: str | None) -> None:
    from narrowcast.worlds.card import card_text  # noqa: PLC0415 - draws the market
    from narrowcast.worlds.market import market_of, recipe_of  # noqa: PLC0415

    text = card_text(market_of(recipe_of(_named(world))))
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.markdown import Markdown  # noqa: PLC0415

    Console().print(Markdown(text))


def _build_command() -> click.Command:
    return click.Command(
        "build",
        callback=_build,
        short_help=_("Write the tables of a world to a folder."),
        help=_(
            "Write the tables of a world to a folder, from one customer to a hundred million, with a manifest "
            "that `narrowcast data check` holds them to. The folder appears when it is whole."
        ),
        params=[
            click.Argument(["world"], required=False),
            click.Option(
                ["--customers"], type=int, metavar="N", help=_("How many. Default: the recipe's number.")
            ),
            click.Option(
                ["--seed"],
                type=int,
                default=0,
                metavar="N",
                help=_("Another seed, other people. Default: 0."),
            ),
            click.Option(
                ["--format", "form"],
                default="parquet",
                metavar="NAME",
                help=_("parquet, csv, sqlite or duckdb. Default: parquet."),
            ),
            click.Option(
                ["--out"],
                type=click.Path(path_type=Path),
                metavar="FOLDER",
                help=_("Where to. Default: WORLD-data, here."),
            ),
            click.Option(["--tables"], metavar="A,B", help=_("These tables alone. Default: all.")),
            click.Option(["--student"], metavar="ID", help=_("The market of this student.")),
            click.Option(["--salt"], metavar="WORD", help=_("The class's word, for a student's market.")),
            click.Option(
                ["--hidden"],
                is_flag=True,
                help=_("For instructors: latent columns too, which no firm would see."),
            ),
            click.Option(
                ["--workers"],
                type=PlainRange(1, 32),
                metavar="N",
                help=_("Parts drawn side by side. Default: one a processor."),
            ),
            click.Option(["--force"], is_flag=True, help=_("Replace the data that lie there.")),
        ],
    )


def _build(  # noqa: PLR0913 - the options of a command
    *,
    world: str | None,
    customers: int | None,
    seed: int,
    form: str,
    out: Path | None,
    tables: str | None,
    student: str | None,
    salt: str | None,
    hidden: bool,
    workers: int | None,
    force: bool,
) -> None:
    from narrowcast.cli.data_tables import summary  # noqa: PLC0415
    from narrowcast.worlds.export import SlowBar, Wish, blueprint_of, build  # noqa: PLC0415

    if salt is not None and student is None:
        raise DataError(_("--salt belongs to a student's market."), _("Give --student too, or leave it out."))
    blueprint = blueprint_of(_named(world), customers, seed, student, salt or "")
    named = None if tables is None else tuple(name.strip() for name in tables.split(",") if name.strip())
    wish = Wish(form, named, hidden=hidden, force=force, workers=workers, seed=seed, student=student)
    folder = out or Path(f"{world}-data")
    with SlowBar() as bar:
        manifest = build(blueprint, folder, wish, bar)
    click.echo(summary(manifest, folder))
    click.echo(_("Whether it is whole, now or later: narrowcast data check {folder}").format(folder=folder))


def _check_command() -> click.Command:
    return click.Command(
        "check",
        callback=_check,
        short_help=_("Check that a folder of data is whole."),
        help=_(
            "Hold a folder of data to its manifest: files, columns, rows, missing values, keys and joins. "
            "Exit code 1 if anything is wrong."
        ),
        params=[click.Argument(["folder"], type=click.Path(path_type=Path))],
    )


def _check(*, folder: Path) -> int:
    from narrowcast.cli.data_tables import checked_table, show  # noqa: PLC0415
    from narrowcast.worlds.export import SlowBar, check  # noqa: PLC0415

    with SlowBar() as bar:
        report = check(folder, bar)
    show(checked_table(report))
    for problem in report.problems:
        click.echo(str(problem), err=True)
    if report.whole:
        click.echo(_("{folder} is whole.").format(folder=folder))
    return 0 if report.whole else 1


def _named(world: str | None) -> str:
    """Return the world that was named; complain if none was."""
    from narrowcast.worlds import world_names  # noqa: PLC0415

    if world is None:
        raise DataError(
            _("No world is named."), _("Name one: {names}.").format(names=", ".join(world_names()))
        )
    return world
