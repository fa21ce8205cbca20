"""HTML blocks in Markdown: the text between tags, and the attributes that are read by people."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from narrowcast.author.pieces import Block, Piece, Row, block_of

__all__ = ["html_blocks", "tag_names"]

# These tags belong to the sentence around them; every other tag ends one.
_INLINE = "a|abbr|b|br|cite|code|em|i|kbd|mark|q|small|span|strong|sub|sup|u|var|wbr"
_APART = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<verbatim>script|style|pre|svg|math|textarea)\b.*?(?:</(?P=verbatim)\s*>|\Z)"
    rf"|</?(?!(?:{_INLINE})\b)[a-z][^>]*>"
    r"|<[!?][^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_SPOKEN = re.compile(r"""\b(?:alt|title|aria-label)=(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_NAMES = re.compile(r"</?[a-z][\w-]*", re.IGNORECASE)


def tag_names(text: str) -> tuple[str, ...]:
    """Return the tags of a text in order: what a translation must leave as it is."""
    return tuple(_NAMES.findall(text))


def html_blocks(rows: Sequence[Row]) -> Iterator[Block]:
    """Yield what a person reads in an HTML block, in order of standing."""
    text = "\n".join(row.text for row in rows)
    position = 0
    for tag in _APART.finditer(text):
        yield from _run(rows, text, position, tag.start())
        if not tag["verbatim"] and not tag[0].startswith("<!"):
            for spoken in _SPOKEN.finditer(tag[0]):
                group = 1 if spoken[1] is not None else 2
                yield from _run(
                    rows, text, tag.start() + spoken.start(group), tag.start() + spoken.end(group)
                )
        position = tag.end()
    yield from _run(rows, text, position, len(text))


def _run(rows: Sequence[Row], text: str, start: int, end: int) -> Iterator[Block]:
    """Yield the block that stands between two offsets of the joined rows, if there is text in it."""
    pieces, rests, begin = [], [], 0
    for row in rows:
        left, right = max(start, begin), min(end, begin + len(row.text))
        part = text[left:right] if left < right else ""
        if part.strip():
            left += len(part) - len(part.lstrip())
            right -= len(part) - len(part.rstrip())
            shift = row.column - begin
            pieces.append(Piece(row.number, left + shift, right + shift))
            rests.append(text[left:right])
        begin += len(row.text) + 1
    if pieces:
        yield block_of(pieces, rests)
