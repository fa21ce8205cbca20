"""Cut Markdown into the blocks that are translated, and put translations back.

A block's text is its message: a heading without its hashes, a list item without its bullet, a table
cell without its bars. Lines that only wrap are joined by a space, so wrapping a paragraph anew asks
nothing of a translator. Markup, code, math and directives stay where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin

from narrowcast.author.directives import directive, split_options, title_piece
from narrowcast.author.pieces import Block, Piece, Row, UnreadableBlock, block_of, replace
from narrowcast.author.tags import html_blocks, tag_names

__all__ = ["blocks", "dialect", "shape", "translate", "wordy"]

_BAR = re.compile(r"(?<!\\)\|")
_LISTED = r"(?:\s*(?:[-+*]|\d{1,9}[.)]))?\s*"
_QUOTED = r"(?:\s{0,3}>)?\s*"


@cache
def dialect() -> MarkdownIt:
    """Return the Markdown of the course: CommonMark, tables, math and MyST's blocks."""
    made = MarkdownIt("commonmark").enable("table")
    made.use(colon_fence_plugin).use(amsmath_plugin).use(myst_block_plugin)
    return made.use(dollarmath_plugin, allow_space=False, allow_digits=False)


def wordy(message: str) -> bool:
    """Say whether there is a word in it for a translator, beside code, math and addresses."""
    for token in dialect().parseInline(message)[0].children or []:
        if token.type in {"text", "image"} and any(letter.isalpha() for letter in token.content):
            return True
    return False


def blocks(text: str) -> list[Block]:
    """Return what is to be translated in a Markdown text, in order.

    Raises
    ------
    UnreadableBlock
        If a block's text cannot be told from its markup (tabs within nested lists, say).
    """
    rows = [Row(number, 0, line) for number, line in enumerate(text.split("\n"))]
    found = [block for block in _cut(rows) if wordy(block.msgid)]
    return sorted(found, key=lambda block: (block.row, block.pieces[0].start))


def translate(text: str, say: Callable[[str], str]) -> str:
    """Return the text with each message replaced by what `say` makes of it; the rest stays byte for byte."""
    lines = text.split("\n")
    for block in reversed(blocks(text)):
        said = say(block.msgid)
        if said != block.msgid:
            lines = replace(lines, block, said)
    return "\n".join(lines)


def shape(text: str) -> list[tuple[str, ...]]:
    """Return the markup of a text without its words: equal before and after a faithful translation."""
    found: list[tuple[str, ...]] = []
    for token in dialect().parse(text):
        if token.type == "inline":
            found.append(("inline",))
        elif token.type in {"fence", "colon_fence"} and (named := directive(token.info)):
            found += [(token.type, token.markup, named[0]), *shape(token.content), ("end",)]
        elif token.type == "html_block":
            found.append((token.type, *tag_names(token.content)))
        else:
            found.append((token.type, token.tag, token.markup, token.info, token.content))
    return found


_DECLARED = re.compile(r"\s*<(?:![A-Za-z]|\?)")
"""A declaration or an instruction to a program: no words of a person's."""


def _cut(rows: Sequence[Row]) -> Iterator[Block]:
    """Yield the blocks of some rows; nested directives are cut by the same rules."""
    containers: list[tuple[str, int]] = []
    parent: Token | None = None
    tokens = dialect().parse("\n".join(row.text for row in rows))
    for position, token in enumerate(tokens):
        if token.type in {"blockquote_open", "list_item_open"}:
            containers.append((token.type, (token.map or [0])[0]))
        elif token.type in {"blockquote_close", "list_item_close"}:
            containers.pop()
        elif token.type == "tr_open":
            yield from _table_row(rows, tokens[position:], containers)
        elif token.type in {"heading_open", "paragraph_open"}:
            parent = token
        elif token.type == "inline" and parent is not None:
            yield from _prose(rows, token, parent, containers)
            parent = None
        elif token.type in {"fence", "colon_fence"}:
            yield from _directive(rows, token)
        elif token.type == "html_block" and not _DECLARED.match(token.content):
            yield from html_blocks(_body(rows, token, (token.map or [0])[0]))


def _after_containers(row: Row, number: int, containers: Sequence[tuple[str, int]]) -> int:
    """Return the column (within the row) after marks of quotation, bullets and blanks."""
    marks = [_QUOTED if kind == "blockquote_open" else _LISTED if number == first else r"\s*"
             for kind, first in containers]  # fmt: skip
    match = re.match("".join(marks) + r"\s*", row.text)
    return match.end() if match else 0


def _prose(
    rows: Sequence[Row], token: Token, parent: Token, containers: Sequence[tuple[str, int]]
) -> Iterator[Block]:
    """Yield a paragraph or a heading."""
    pieces, rests = [], []
    first = (token.map or [0])[0]
    for number, content in enumerate(token.content.split("\n"), start=first):
        row, wanted = rows[number], content.strip()
        start = _after_containers(row, number, containers)
        if parent.markup.startswith("#"):
            start += len(re.match(r"#{1,6}\s*", row.text[start:])[0])  # type: ignore[index]
        if not row.text.startswith(wanted, start):
            raise UnreadableBlock(row.number)
        pieces.append(Piece(row.number, row.column + start, row.column + start + len(wanted)))
        rests.append(row.text[start:])
    if token.content.strip():
        yield block_of(pieces, rests)


def _table_row(
    rows: Sequence[Row], tokens: Sequence[Token], containers: Sequence[tuple[str, int]]
) -> Iterator[Block]:
    """Yield the cells of a table's row; cells beyond the table's columns are not shown, so not translated."""
    ends = next(position for position, token in enumerate(tokens) if token.type == "tr_close")
    contents = [token.content for token in tokens[:ends] if token.type == "inline"]
    number = (tokens[0].map or [0])[0]
    row = rows[number]
    start = _after_containers(row, number, containers)
    start += row.text.startswith("|", start)
    for content in contents:
        bar = _BAR.search(row.text, start)
        end = bar.start() if bar else len(row.text)
        cell = row.text[start:end]
        if cell.strip().replace("\\|", "|") != content.strip():
            raise UnreadableBlock(row.number)
        left = row.column + start + len(cell) - len(cell.lstrip())
        if cell.strip():
            piece = Piece(row.number, left, left + len(cell.strip()))
            yield block_of([piece], [cell.strip()])
        start = end + 1


def _directive(rows: Sequence[Row], token: Token) -> Iterator[Block]:
    """Yield the title, the spoken options and the body of a directive; code is left alone."""
    named = directive(token.info)
    if named is None:
        return
    first = (token.map or [0])[0]
    spoken, prose = split_options(_body(rows, token, first + 1))
    title = title_piece(*named, rows[first])
    by_number = {row.number: row for row in rows}
    for piece in [*([title] if title else []), *spoken]:
        row = by_number[piece.row]
        yield block_of([piece], [row.text[piece.start - row.column : piece.end - row.column]])
    yield from _cut(prose)


def _body(rows: Sequence[Row], token: Token, first: int) -> list[Row]:
    """Return the lines of a token's content with their places; the parser took off their indentation."""
    body = []
    for number, content in enumerate(token.content.removesuffix("\n").split("\n"), start=first):
        if number >= len(rows):
            break
        row = rows[number]
        if not row.text.endswith(content):
            raise UnreadableBlock(row.number)
        skipped = len(row.text) - len(content)
        body.append(Row(row.number, row.column + skipped, content))
    return body
