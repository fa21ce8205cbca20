"""What was measured, line by line: a value, its unit, its target, and whether it was reached."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

__all__ = ["Line", "as_rows", "at_least", "at_most", "noted", "show"]


_WIDTH = 110


@dataclass(frozen=True)
class Line:
    """One figure.

    Attributes
    ----------
    name, unit
        What it is, and in what it is measured.
    value
        A median where it was run several times.
    target
        What it has to be, in words ("at least 100"); None where it is only reported.
    reached
        Whether it is; None without a target.
    """

    name: str
    value: float
    unit: str
    target: str | None = None
    reached: bool | None = None


def noted(name: str, value: float, unit: str) -> Line:
    """Return a figure without a target."""
    return Line(name, float(value), unit)


def at_least(name: str, value: float, unit: str, least: float) -> Line:
    """Return a figure that is to be as large as `least`, or larger."""
    return Line(name, float(value), unit, f"at least {least:g}", bool(value >= least))


def at_most(name: str, value: float, unit: str, most: float) -> Line:
    """Return a figure that is to be as small as `most`, or smaller."""
    return Line(name, float(value), unit, f"at most {most:g}", bool(value <= most))


def as_rows(lines: list[Line], versions: dict[str, str]) -> list[dict[str, Any]]:
    """Return lines for a JSON file, each with the versions it was measured with."""
    return [asdict(line) | {"versions": versions} for line in lines]


def show(title: str, lines: list[Line]) -> None:
    """Print lines as a table."""
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("value", justify="right")
    table.add_column("unit")
    table.add_column("target")
    table.add_column("reached")
    for line in lines:
        value = f"{line.value:,.4g}" if abs(line.value) < 1_000 else f"{line.value:,.0f}"
        reached = {None: "", True: "yes", False: "[bold]no[/bold]"}[line.reached]
        table.add_row(line.name, value, line.unit, line.target or "", reached)
    Console(width=_WIDTH).print(table)
