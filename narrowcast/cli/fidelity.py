"""`narrowcast fidelity`: the simulator beside what was published."""

from __future__ import annotations

import click

from narrowcast.language import gettext as _

__all__ = ["fidelity_command"]


def fidelity_command() -> click.Command:
    """Return `narrowcast fidelity`, worded in the language in force."""
    return click.Command(
        "fidelity",
        callback=_fidelity,
        short_help=_("Hold the simulator against published figures."),
        help=_(
            "Print each published table beside the simulated one, with intervals: what was fitted, what arises, "
            "what does not fit. Exit code 1 if a figure that is claimed to fit does not."
        ),
        params=[
            click.Option(["--markdown", "form"], flag_value="markdown", help=_("As a page of Markdown.")),
            click.Option(["--json", "form"], flag_value="json", help=_("As JSON.")),
            click.Option(
                ["--table", "names"],
                multiple=True,
                metavar="NAME",
                help=_("This table alone; may be said several times. Default: all."),
            ),
        ],
    )


def _fidelity(*, form: str | None, names: tuple[str, ...]) -> int:
    from narrowcast.simulate.fidelity import as_json, as_markdown, tables  # noqa: PLC0415 - compiles the engine

    done = tables(names)
    if form is None:
        from narrowcast.cli.fidelity_tables import show  # noqa: PLC0415

        show(done)
    else:
        click.echo((as_json if form == "json" else as_markdown)(done).rstrip("\n"))
    failing = [f"{table.name}: {cell.name}" for table in done for cell in table.failing]
    for name in failing:
        click.echo(_("claimed to fit, and does not: {name}").format(name=name), err=True)
    return 1 if failing else 0
