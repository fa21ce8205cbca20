"""Tables of `narrowcast fidelity` in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table as Grid

from narrowcast.simulate.fidelity import Table
from narrowcast.simulate.fidelity.pages import counts, headings, intro, remarks, row, sourced

__all__ = ["show"]

_STYLES = {"fits": "green", "in range": "cyan", "outside": "bold red", "known misfit": "yellow"}


def show(done: Sequence[Table]) -> None:
    """Print tables, each with its source, its status and what its intervals are."""
    console = Console(highlight=False)
    console.print(intro(), "")
    for table in done:
        told = remarks(table)
        lines = [*sourced(table)]
        lines += [f"{sign} {text}." for text, sign in told.items()]
        grid = Grid(
            title=f"{table.title} ({table.name})", title_justify="left", title_style="bold",
            caption="\n".join(lines), caption_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0),
        )  # fmt: skip
        for place, heading in enumerate(headings()):
            grid.add_column(heading, justify="right" if place in (1, 2) else "left")
        for cell in table.cells:
            grid.add_row(*row(cell, told), style=_STYLES.get(cell.verdict, ""))
        console.print(grid, "")
    console.print(counts(done))
