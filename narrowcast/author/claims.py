"""What the course claims: each claim of a lesson is taught, tried and asked about.

A text says so itself, in comments that the built notebook does not carry: `<!-- taught: S2.1 -->` and
`<!-- tried: S2.1 -->` where a lesson does it, `<!-- asked: S2.1, S2.2 -->` beside a question of a lesson or
of an assignment.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from narrowcast.author.problems import Problems, did_you_mean
from narrowcast.author.text import Cell, Source, read_text
from narrowcast.language import gettext as _

_DEEDS = ("taught", "tried", "asked")

__all__ = ["Mark", "check_claims", "check_marks", "read_claims", "without_marks"]

_MARK = re.compile(r"[ \t]*<!--\s*(taught|tried|asked):\s*(.*?)\s*-->")


@dataclass(frozen=True)
class Mark:
    """A comment that says what happens to a claim, and on which line of the file."""

    deed: str
    claim: str
    line: int


def without_marks(cell: Cell) -> tuple[Cell | None, list[Mark]]:
    """Take the marks out of a Markdown cell.

    Returns
    -------
    tuple
        The cell without its marks (None if it held nothing else), and the marks.
    """
    if cell.kind == "code":
        return cell, []
    marks: list[Mark] = []
    kept: list[tuple[str, int]] = []
    taken = False  # whether the line before was nothing but marks
    for text, line in zip(cell.source.split("\n"), cell.lines, strict=True):
        found = _MARK.findall(text)
        marks += [Mark(deed, claim, line) for deed, claims in found for claim in re.split(r"[,\s]+", claims)]
        rest = _MARK.sub("", text)
        alone = bool(found) and not rest.strip()
        doubled = taken and not rest.strip() and (not kept or not kept[-1][0].strip())
        if not alone and not doubled:
            kept.append((rest, line))
        taken = alone or doubled
    while kept and not kept[-1][0].strip():
        kept.pop()
    if not kept:
        return None, marks
    source = "\n".join(text for text, _line in kept)
    return replace(cell, source=source, lines=tuple(line for _text, line in kept)), marks


def read_claims(file: Path, problems: Problems) -> dict[str, frozenset[int]]:
    """Read `claims.toml`: for each claim's id, the numbers of the lessons that owe it.

    Each `[[claim]]` has an `id`, its wording `en`, and `lessons`.
    """
    text = read_text(file, problems)
    if text is None:
        return {}
    try:
        entries = tomllib.loads(text).get("claim", [])
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        problems.add(file, int(place[1]) if place else 1, _("is not TOML: {error}"), error=error)
        return {}
    claims: dict[str, frozenset[int]] = {}
    for number, entry in enumerate(entries if isinstance(entries, list) else [], start=1):
        name = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not isinstance(entry.get("en"), str):
            problems.add(
                file, 1, _("claim number {number} needs an `id` and its wording `en`."), number=number
            )
        elif name in claims:
            problems.add(file, _line_of(text, f'"{name}"'), _("claim {id} stands there twice."), id=name)
        else:
            claims[name] = frozenset(entry.get("lessons", ()))
    return claims


def check_claims(
    lesson: Source,
    marks: Sequence[Mark],
    asked_elsewhere: frozenset[str],
    claims: dict[str, frozenset[int]],
    problems: Problems,
) -> None:
    """Note each claim that a lesson lists but does not teach, let try and ask about, and each it owes.

    Parameters
    ----------
    lesson
        The lesson; `claims:` of its front matter lists what it answers for.
    marks
        The marks of its text.
    asked_elsewhere
        Claims that its assignment asks about.
    claims
        What `read_claims` returned.
    problems
        Where it is noted.
    """
    line = lesson.front_line("claims")
    listed = lesson.front.get("claims")
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        problems.add(
            lesson.file, line, _("the front matter needs `claims: [S2.1, ...]`, the ids it answers for.")
        )
        return
    done = {deed: {mark.claim for mark in marks if mark.deed == deed} for deed in _DEEDS}
    done["asked"] |= asked_elsewhere
    for name in listed:
        if name not in claims:
            what = _("there is no claim {id!r} in claims.toml.").format(id=name)
            problems.add(lesson.file, line, what + did_you_mean(name, claims))
        for deed in (deed for deed, names in done.items() if name not in names):
            what = _("claim {id} is not marked as {deed}; put {mark} where it is.")
            problems.add(lesson.file, line, what, id=name, deed=deed, mark=f"<!-- {deed}: {name} -->")
    number = re.match(r"\d+", lesson.file.parent.name)
    owed = [name for name, lessons in claims.items() if number and int(number[0]) in lessons]
    for name in sorted(set(owed) - set(listed)):
        problems.add(
            lesson.file, line, _("claims.toml says that this lesson has claim {id}; list it."), id=name
        )
    check_marks(lesson.file, [mark for mark in marks if mark.deed != "asked"], listed, problems)


def check_marks(file: Path, marks: Sequence[Mark], allowed: Sequence[str], problems: Problems) -> None:
    """Note the marks whose claim is none of those allowed."""
    for mark in marks:
        if mark.claim not in allowed:
            what = _("the mark {deed!r} names {id!r}, which is no claim here.").format(
                deed=mark.deed, id=mark.claim
            )
            problems.add(file, mark.line, what + did_you_mean(mark.claim, allowed))


def _line_of(text: str, what: str) -> int:
    return text.count("\n", 0, max(text.rfind(what), 0)) + 1
