"""As much of Markdown as a card needs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

__all__ = ["code", "section", "table"]


def code(name: str) -> str:
    """Return a name as code."""
    return f"`{name}`"


def section(title: str, *parts: str, level: int = 2) -> str:
    """Return a heading and what stands below it; parts that are empty are left out."""
    return "\n\n".join([f"{'#' * level} {title}", *filter(None, parts)])


def table(header: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[int] = ()) -> str:
    """Return a table.

    Parameters
    ----------
    header
        Titles of the columns.
    rows
        One text a column; a bar or the end of a line in it stays inside its cell.
    right
        Columns of numbers, counted from 0, which are set to the right.
    """
    rule = ["---:" if place in right else "---" for place in range(len(header))]
    lines = [[_cell(text) for text in line] for line in (header, *rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|") or "–"
