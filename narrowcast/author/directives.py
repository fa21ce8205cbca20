"""MyST's directives, `:::{note} Title` or a fence with `{note}`: what of them is prose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from narrowcast.author.pieces import Piece, Row

__all__ = ["directive", "split_options", "title_piece"]

_NAME = re.compile(r"^\{([\w:-]+)\}\s*(.*)$")
_OPTION = re.compile(r"^\s*:([\w-]+):\s*(.*?)\s*$")
# The body of these is for a machine; the body of every other directive is for a person.
_FOR_MACHINES = {
    "code", "code-block", "code-cell", "csv-table", "eval-rst", "image", "include", "literalinclude", "math",
    "mermaid", "raw", "raw-cell", "sourcecode", "tableofcontents", "toctree",
}  # fmt: skip
_TAKE_A_PATH = {"embed", "figure", "iframe", "video"}
_PROSE_OPTIONS = {"alt", "caption", "title"}


def directive(info: str) -> tuple[str, str] | None:
    """Return name and argument of a directive whose body is prose, else None."""
    match = _NAME.match(info.strip())
    if match is None or match[1] in _FOR_MACHINES:
        return None
    return match[1], match[2].strip()


def title_piece(name: str, argument: str, opening: Row) -> Piece | None:
    """Return where the title of a directive stands on its opening line, if it has one."""
    text = opening.text.rstrip()
    if not argument or name in _TAKE_A_PATH or not text.endswith(argument):
        return None
    end = opening.column + len(text)
    return Piece(opening.number, end - len(argument), end)


def split_options(body: Sequence[Row]) -> tuple[list[Piece], list[Row]]:
    """Part the options at the head of a directive from its prose.

    Returns
    -------
    tuple
        The values of options that are read by people (alt, caption, title), and the remaining lines.
    """
    if body and body[0].text.startswith("---"):
        ends = [number for number, row in enumerate(body) if number and row.text.startswith("---")]
        return [], list(body[ends[0] + 1 :]) if ends else []
    spoken: list[Piece] = []
    for number, row in enumerate(body):
        match = _OPTION.match(row.text)
        if match is None:
            return spoken, list(body[number:])
        if match[1] in _PROSE_OPTIONS and match[2]:
            spoken.append(Piece(row.number, row.column + match.start(2), row.column + match.end(2)))
    return spoken, []
