"""What went wrong, from the judge's verdicts: mistakes that have a name, and how each question came out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from narrowcast.grade.ledger import Finished
from narrowcast.judge import Reason

__all__ = ["MistakeCount", "Outcome", "mistakes_of", "outcome_of", "reasons_of"]


@dataclass(frozen=True)
class MistakeCount:
    """A named mistake and who made it.

    Attributes
    ----------
    question, code
        Such as "q2" and "M1".
    message
        What most of its students were told; figures in it may differ from market to market.
    students
        Whose, sorted.
    lost
        Points that it cost all of them together.
    """

    question: str
    code: str
    message: str
    students: tuple[str, ...]
    lost: float


@dataclass(frozen=True)
class Outcome:
    """How many had all, some or none of an item's points, and for how many a mark is still to be given."""

    full: int
    part: int
    none: int
    waiting: int


def mistakes_of(rows: Iterable[tuple[str, Finished]]) -> list[MistakeCount]:
    """Return the named mistakes, the most frequent first.

    Parameters
    ----------
    rows
        Rows of the ledger, each with what its items' names begin with.
    """
    who: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    messages: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for prefix, row in rows:
        for question, verdict in row.verdicts.items():
            code = str(verdict.get("mistake") or "")
            if code and verdict.get("reason") == Reason.MISTAKE:
                message = str(verdict.get("message", "")).partition("\n")[0]
                who[prefix + question, code][row.student] = _lost(verdict)
                messages[prefix + question, code][message] += 1
    found = [
        MistakeCount(*mistake, _usual(messages[mistake]), tuple(sorted(lost)), sum(lost.values()))
        for mistake, lost in who.items()
    ]
    return sorted(found, key=lambda one: (-len(one.students), -one.lost, one.question, one.code, one.message))


def _usual(told: Counter[str]) -> str:
    """Return the most frequent text; of several, the first in order."""
    return min(told, key=lambda text: (-told[text], text))


def _lost(verdict: Mapping[str, Any]) -> float:
    score = verdict.get("score")
    return float(verdict.get("points") or 0.0) - float(score or 0.0)


def reasons_of(rows: Iterable[tuple[str, Finished]]) -> dict[str, Counter[str]]:
    """Return by item how often the judge gave each reason."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for prefix, row in rows:
        for question, verdict in row.verdicts.items():
            found[prefix + question][str(verdict.get("reason", ""))] += 1
    return dict(found)


def outcome_of(marks: Iterable[float | None], points: float) -> Outcome:
    """Return how an item came out.

    Parameters
    ----------
    marks
        Of those who handed in; None where a person has to give the mark.
    points
        The most that can be had.
    """
    given = list(marks)
    known = [mark for mark in given if mark is not None]
    full = sum(mark >= points - 1e-9 for mark in known)
    none = sum(mark <= 0 < points for mark in known)
    return Outcome(full, len(known) - full - none, none, len(given) - len(known))
