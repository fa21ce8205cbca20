"""Where a message stands in a text: pieces of lines, and what they say together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Block", "Piece", "Row", "UnreadableBlock", "block_of", "replace"]


class UnreadableBlock(ValueError):  # noqa: N818 - reads as what happened
    """A block whose text cannot be told from its markup.

    Parameters
    ----------
    row
        Line of the text, counted from 0.
    """

    def __init__(self, row: int) -> None:
        self.row = row
        super().__init__(f"line {row + 1}")


@dataclass(frozen=True)
class Row:
    """A line of a text, or the end of one that belongs to something nested.

    Parameters
    ----------
    number
        Which line of the whole text, counted from 0.
    column
        Where in that line this part begins.
    text
        The part itself, up to the end of the line.
    """

    number: int
    column: int
    text: str


@dataclass(frozen=True)
class Piece:
    """Columns `start` to `end` of line `row` (all counted from 0)."""

    row: int
    start: int
    end: int


@dataclass(frozen=True)
class Block:
    """Something to translate: its message and the pieces of lines it was read from."""

    msgid: str
    pieces: tuple[Piece, ...]

    @property
    def row(self) -> int:
        """Line of the text where it begins, counted from 0."""
        return self.pieces[0].row


def block_of(pieces: Sequence[Piece], texts: Sequence[str]) -> Block:
    """Make one message of consecutive lines; a line break that is meant (two spaces, backslash) is kept.

    Parameters
    ----------
    pieces
        One piece a line, without surrounding blanks.
    texts
        For each piece, its line from the start of the piece to the end of the line.
    """
    message = ""
    for number, (piece, text) in enumerate(zip(pieces, texts, strict=True)):
        message += text[: piece.end - piece.start]
        if number + 1 < len(pieces):
            if text.endswith("  "):
                message += "  \n"
            else:
                message += "\n" if text.endswith("\\") else " "
    return Block(message, tuple(pieces))


def replace(lines: Sequence[str], block: Block, message: str) -> list[str]:
    """Return the lines with the block saying `message`, its markup kept.

    A message of several lines begins each further line as the block's second line begins; a block of one
    line has its marks of quotation repeated and its bullet replaced by blanks.
    """
    first, last = block.pieces[0], block.pieces[-1]
    before = lines[first.row][: first.start]
    if len(block.pieces) > 1:
        onwards = lines[block.pieces[1].row][: block.pieces[1].start]
    else:
        onwards = re.sub(r"[^>\s]", " ", before)
    said = f"\n{onwards}".join(message.split("\n"))
    new = before + said + lines[last.row][last.end :]
    return [*lines[: first.row], *new.split("\n"), *lines[last.row + 1 :]]
