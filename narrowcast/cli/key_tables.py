"""What `narrowcast key check` says in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from narrowcast.judge.audit import Audit
from narrowcast.language import gettext as _

__all__ = ["show"]


def show(audits: Sequence[tuple[Path, Audit]]) -> None:
    """Print for each key what is wrong with it and what is worth knowing."""
    console = Console(highlight=False)
    for file, done in audits:
        title = _("{name}: {count} students' markets").format(
            name=f"{file.parent.parent.name}/{done.key}", count=done.markets
        )
        console.print(Text(title, style="bold"))
        if done.remarks:
            console.print(_grid(done))
        console.print(_summary(done))


def _grid(done: Audit) -> Table:
    grid = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for heading in (_("question"), "", _("what")):
        grid.add_column(heading, overflow="fold")
    for remark in done.remarks:
        sign = _("wrong") if remark.fault else _("note")
        style = "bold red" if remark.fault else ""
        grid.add_row(Text(remark.question), Text(sign, style=style), Text(remark.told))
    return grid


def _summary(done: Audit) -> Text:
    if done.faults:
        count = len(done.faults)
        return Text(_("✗ {count} things are wrong.").format(count=count), style="red")
    return Text(_("✓ The truth gets all points, and every mistake is one."), style="green")
