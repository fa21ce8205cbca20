"""The comments in code cells: the only part of code that is translated."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass

__all__ = ["Comment", "comments", "translate_comments", "without_magics"]

# Marks for machines, not for people.
_MACHINE = re.compile(
    r"#+\s*(?:(?:BEGIN|END) (?:SOLUTION|HIDDEN TESTS|MARK SCHEME)"
    r"|noqa|type:|ruff:|fmt:|mypy:|pragma:|%%|!|-\*-)",
    re.IGNORECASE,
)
_MAGIC = re.compile(r"^([ \t]*)(?:[%!?]\S.*|[\w.]+\?{1,2}[ \t]*)$", re.MULTILINE)
_SIGN = re.compile(r"#+\s*")


@dataclass(frozen=True)
class Comment:
    """A comment, or several lines of one.

    Parameters
    ----------
    msgid
        What it says, without its hashes; lines parted by newlines.
    row, rows
        First line in the cell, counted from 0, and how many there are.
    column
        Where the hash stands.
    sign
        The hash and the blanks after it.
    """

    msgid: str
    row: int
    rows: int
    column: int
    sign: str


def comments(code: str) -> list[Comment]:
    """Return the comments of a code cell that are for people, in order.

    Raises
    ------
    SyntaxError
        If the code cannot be cut into Python's tokens.
    """
    found: list[Comment] = []
    for row, column, text, alone in _raw(code):
        sign = _SIGN.match(text)
        said = text[sign.end() :] if sign else ""
        if sign is None or _MACHINE.match(text) or not any(letter.isalpha() for letter in said):
            continue
        last = found[-1] if found else None
        if alone and last and last.row + last.rows == row and (last.column, last.sign) == (column, sign[0]) \
                and _stands_alone(code, last):  # fmt: skip
            found[-1] = Comment(f"{last.msgid}\n{said}", last.row, last.rows + 1, column, sign[0])
        else:
            found.append(Comment(said, row, 1, column, sign[0]))
    return found


def translate_comments(code: str, say: Callable[[str], str]) -> str:
    """Return the code with its comments translated and not a byte else touched."""
    lines = code.split("\n")
    for comment in reversed(comments(code)):
        said = say(comment.msgid)
        if said == comment.msgid:
            continue
        before = lines[comment.row][: comment.column]
        # Behind code there is room for one line.
        parts = [" ".join(said.split("\n"))] if before.strip() else said.split("\n")
        new = [before + comment.sign + line for line in parts]
        lines[comment.row : comment.row + comment.rows] = new
    return "\n".join(lines)


def without_magics(code: str) -> str:
    """Return the code with IPython's magics (`%matplotlib inline`, `!ls`, `name?`) replaced by `pass`."""
    return _MAGIC.sub(r"\1pass", code)


def _stands_alone(code: str, comment: Comment) -> bool:
    return not code.split("\n")[comment.row][: comment.column].strip()


def _raw(code: str) -> Iterator[tuple[int, int, str, bool]]:
    """Yield row, column, text and whether it has its line to itself, for each comment."""
    for token in _tokens(code):
        if token.type == tokenize.COMMENT:
            row, column = token.start[0] - 1, token.start[1]
            yield row, column, token.string.rstrip(), not token.line[:column].strip()


def _tokens(code: str) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (tokenize.TokenError, SyntaxError):
        try:
            return list(tokenize.generate_tokens(io.StringIO(without_magics(code)).readline))
        except tokenize.TokenError as error:
            raise SyntaxError(str(error)) from error
