"""Everything that is to be translated, with its place: the course's texts and the package's strings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from narrowcast.author.comments import comments
from narrowcast.author.course import Course, Text
from narrowcast.author.markdown import blocks, wordy
from narrowcast.author.pieces import UnreadableBlock
from narrowcast.author.problems import Problems
from narrowcast.author.text import Cell, read_text
from narrowcast.language import gettext as _
from narrowcast.worlds.media import CATALOGUE

__all__ = ["Message", "code_messages", "course_messages"]

_SPOKEN = {"title", "story", "trap", "description"}
_TRAITS = {"interests", "purchasing_power", "demographics", "geography", "psychographics"}
"""What a persona says; only a recipe has these."""
_KEYWORDS: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2)}


@dataclass(frozen=True)
class Message:
    """Something to translate.

    Parameters
    ----------
    msgid
        The English.
    file, line
        Where it stands; the line is counted from 1.
    kind
        "markdown" (code, links and math must survive), "template" (placeholders must survive) or "comment".
    plural
        The English for more than one, if there is one.
    """

    msgid: str
    file: Path
    line: int
    kind: Literal["markdown", "template", "comment"]
    plural: str | None = None


def course_messages(course: Course, problems: Problems) -> list[Message]:
    """Return what the course's catalogue holds, in order: lessons, assignments, keys, recipes, media."""
    found: list[Message] = []
    for text in course.texts:
        found += _of_text(text, problems)
        found += _of_key(text)
    for recipe in sorted((course.root / "datasets").glob("*/recipe.toml")):
        found += _of_recipe(recipe, problems)
    media = course.root / "narrowcast" / "worlds" / CATALOGUE.name  # a package installed has it translated
    if media.is_file():
        found += _of_recipe(media, problems)
    return found


def code_messages(root: Path, problems: Problems) -> list[Message]:
    """Return what the package's catalogue holds: the marked strings of its Python and JavaScript, and of stories."""
    package = root / "narrowcast"
    stories = sorted((root / "assignments").glob("*/stories.py"))  # of demo classes, beside the key
    found = _extracted([*sorted(package.rglob("*.py")), *stories], "python", problems)
    return found + _extracted(sorted(package.rglob("*.js")), "javascript", problems)


def _extracted(files: list[Path], method: str, problems: Problems) -> list[Message]:
    from babel.messages.extract import extract_from_file  # noqa: PLC0415 - slow to import

    found = []
    for file in files:
        try:
            results = extract_from_file(method, str(file), keywords=_KEYWORDS)
        except (SyntaxError, UnicodeDecodeError) as error:
            problems.add(file, getattr(error, "lineno", None) or 1, _("cannot be read: {error}"), error=error)
            continue
        for line, ids, *_comments in results:
            one, many = (ids[0], ids[1]) if isinstance(ids, tuple) else (ids, None)
            if one:
                found.append(Message(one, file, line, "template", many))
    return found


def _of_text(text: Text, problems: Problems) -> Iterator[Message]:
    file = text.source.file
    for key in sorted(_SPOKEN & set(text.source.front)):
        value = text.source.front[key]
        if isinstance(value, str) and value.strip():
            yield Message(value, file, text.source.front_line(key), "markdown")
    for cell in text.source.cells:
        try:
            yield from _of_cell(cell, file)
        except UnreadableBlock as error:
            what = _("cannot tell text from markup here; write it simpler, without tabs.")
            problems.add(file, cell.lines[error.row], what)
        except SyntaxError as error:
            problems.add(file, cell.line, _("not Python: {what}"), what=error)


def _of_cell(cell: Cell, file: Path) -> Iterator[Message]:
    if cell.kind == "markdown":
        for block in blocks(cell.source):
            yield Message(block.msgid, file, cell.lines[block.row], "markdown")
    else:
        for comment in comments(cell.source):
            yield Message(comment.msgid, file, cell.lines[comment.row], "comment")


def _of_key(text: Text) -> Iterator[Message]:
    if text.key is None:
        return
    lines = text.key.file.read_text(encoding="utf-8").split("\n")
    for _question, message in text.key.messages:
        if wordy(message):
            yield Message(message, text.key.file, _line_of(message, lines), "markdown")


def _of_recipe(file: Path, problems: Problems) -> Iterator[Message]:
    text = read_text(file, problems)
    if text is None:
        return
    try:
        recipe = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.add(file, 1, _("is not TOML: {error}"), error=error)
        return
    lines = text.split("\n")
    for value in (*_spoken(recipe), *_benchmarks(recipe)):
        yield Message(value, file, _line_of(value, lines), "markdown")


def _spoken(value: object, *, heard: bool = False) -> Iterator[str]:
    """Yield the texts under keys that are read by people, wherever they are nested."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _spoken(inner, heard=key in _SPOKEN | _TRAITS)
    elif isinstance(value, list):
        for inner in value:
            yield from _spoken(inner, heard=heard)
    elif isinstance(value, str) and heard and value.strip():
        yield value


def _benchmarks(recipe: dict[str, Any]) -> Iterator[str]:
    """Yield what a card says of the trade's figures beside their numbers."""
    benchmarks = recipe.get("benchmarks")
    for benchmark in benchmarks.values() if isinstance(benchmarks, dict) else ():
        figure = benchmark.get("figure") if isinstance(benchmark, dict) else None
        for told in (figure.get("unit"), figure.get("source")) if isinstance(figure, dict) else ():
            if isinstance(told, str) and wordy(told) and told != "teaching":
                yield told


def _line_of(message: str, lines: list[str]) -> int:
    """Return the line that holds the beginning of a message; 1 if it is put together from pieces."""
    start = message.strip().split("\n")[0]
    return next((number for number, line in enumerate(lines, start=1) if start[:40] in line), 1)
