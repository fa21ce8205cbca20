"""Say a text in another language, and see to it that only its words change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog

from narrowcast.author.comments import translate_comments
from narrowcast.author.course import Text
from narrowcast.author.faithful import lost_in_comment, lost_in_markdown, lost_in_template
from narrowcast.author.keys import KeyFacts
from narrowcast.author.markdown import blocks, shape, translate
from narrowcast.author.messages import Message
from narrowcast.author.pofiles import said
from narrowcast.author.problems import Problems
from narrowcast.author.text import Cell
from narrowcast.language import gettext as _

__all__ = ["Say", "check_shapes", "check_translations", "say_cell", "say_public", "speaker"]

Say = Callable[[str], str]
# What a student types or a program reads is the same in every language.
_NOT_SPOKEN = {"kind", "options", "takes", "unit"}


def speaker(catalogue: Catalog) -> Say:
    """Return a function that gives the translation of a message, or the message where there is none."""

    def say(message: str) -> str:
        forms = said(catalogue, message)
        return forms[0] if forms else message

    return say


def say_cell(cell: Cell, say: Say) -> str:
    """Return the source of a cell in other words."""
    return translate(cell.source, say) if cell.kind == "markdown" else translate_comments(cell.source, say)


def say_public(key: KeyFacts, say: Say) -> dict[str, Any]:
    """Return the public part of a key with its messages in other words."""
    messages = {message for _question, message in key.messages}

    def walk(value: object, name: str = "") -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, Mapping):
            return {str(key): walk(inner, str(key)) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [walk(inner, name) for inner in value]
        spoken = isinstance(value, str) and name not in _NOT_SPOKEN and value in messages
        return say(str(value)) if spoken else value

    made: dict[str, Any] = walk(key.public)
    return made


def check_translations(messages: Iterable[Message], catalogue: Catalog, po: Path, problems: Problems) -> None:
    """Note each message without a translation, and each translation that loses what must survive."""
    seen: set[tuple[str, str]] = set()
    for message in messages:
        if (message.msgid, message.kind) in seen:
            continue
        seen.add((message.msgid, message.kind))
        forms = said(catalogue, message.msgid)
        where = {"start": _start(message.msgid), "po": problems.name(po)}
        if forms is None:
            what = _('not translated: "{start}"; write it in {po} (`narrowcast translate` puts it there).')
            problems.add(message.file, message.line, what, **where)
        for form in forms or ():
            for lost in _lost(message, form):
                what = _('the translation of "{start}" loses {lost}; mend it in {po}.')
                problems.add(message.file, message.line, what, lost=lost, **where)


def check_shapes(text: Text, say: Say, po: Path, problems: Problems) -> None:
    """Note translations that turn one kind of block into another, such as a paragraph into a list."""
    for cell in text.source.cells:
        if cell.kind == "code" or shape(cell.source) == shape(translate(cell.source, say)):
            continue
        for block in blocks(cell.source):
            alone: Say = lambda message, only=block.msgid: say(message) if message == only else message  # type: ignore[misc] # noqa: E731
            if shape(cell.source) != shape(translate(cell.source, alone)):
                what = _('the translation of "{start}" changes the markup around it; mend it in {po}.')
                problems.add(text.source.file, cell.lines[block.row],
                             what, start=_start(block.msgid), po=problems.name(po))  # fmt: skip


def _lost(message: Message, form: str) -> list[str]:
    if message.kind == "markdown":
        return lost_in_markdown(message.msgid, form)
    if message.kind == "template":
        allowed = f"{message.msgid}{message.plural or ''}"
        return [lost for lost in lost_in_template(allowed, form) if message.plural is None or "sense" in lost]
    return lost_in_comment(message.msgid, form)


def _start(msgid: str) -> str:
    line = " ".join(msgid.split())
    return line if len(line) <= 60 else f"{line[:59]}…"
