"""What a person should look at: hints, never verdicts. No mark depends on any of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from narrowcast.grade.fingerprint import similar
from narrowcast.grade.ledger import Finished
from narrowcast.judge import Reason
from narrowcast.language import gettext as _
from narrowcast.language import ngettext

__all__ = ["KINDS", "Flag", "flags_of", "kind_told"]

KINDS = ("quarantined", "other_world", "similar", "repair")
"""The kinds of flag, most pressing first."""

NAMED = 3
"""Classmates that are named at most, where an answer fits several markets."""


@dataclass(frozen=True)
class Flag:
    """One hint.

    Attributes
    ----------
    kind
        One of `KINDS`.
    students
        Whom it is about; those whose market or code it may be come after the first.
    item
        The question or cell; empty where it is about the whole submission.
    told
        What was seen.
    """

    kind: str
    students: tuple[str, ...]
    item: str
    told: str

    @property
    def about(self) -> tuple[str, ...]:
        """Whom it speaks of: not those whose market an answer happens to fit."""
        return self.students[:1] if self.kind == "other_world" else self.students


def kind_told(kind: str) -> str:
    """Return what a kind of flag is called, in the language in force."""
    return {
        "quarantined": _("Not readable as handed in"),
        "other_world": _("Fits another market"),
        "similar": _("Nearly the same code"),
        "repair": _("Repaired"),
    }[kind]


def flags_of(rows: Sequence[tuple[str, Finished]], beside: Sequence[Finished] = ()) -> list[Flag]:
    """Return all hints, most pressing first.

    Parameters
    ----------
    rows
        Rows of the ledger, each with what its items' names begin with.
    beside
        Rows of the assignment's other language versions: the class of whoever handed in another one.
    """
    class_ = [*(row for _prefix, row in rows), *beside]
    found = [*_quarantined(rows), *_elsewhere(rows, class_), *_alike(rows, class_), *_repairs(rows)]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.students, one.item))


def _quarantined(rows: Iterable[tuple[str, Finished]]) -> Iterable[Flag]:
    for prefix, row in rows:
        if row.quarantined:
            yield Flag("quarantined", (row.student,), prefix.rstrip("/"), row.quarantined)


def _repairs(rows: Iterable[tuple[str, Finished]]) -> Iterable[Flag]:
    for prefix, row in rows:
        for repair in row.repairs:
            yield Flag(
                "repair", (row.student,), prefix + str(repair.get("cell", "")), str(repair.get("told", ""))
            )


def _elsewhere(rows: Sequence[tuple[str, Finished]], class_: Sequence[Finished]) -> Iterable[Flag]:
    for prefix, row in rows:
        for question, verdict in row.verdicts.items():
            if verdict.get("reason") != Reason.OTHER_WORLD:
                continue
            whose = _whose(row, question, class_)
            told = (
                _("The answer is right in the market of: {students}.").format(students=", ".join(whose))
                if whose
                else _("The answer is right in a classmate's market.")
            )
            yield Flag("other_world", (row.student, *whose), prefix + question, told)


def _whose(row: Finished, question: str, class_: Iterable[Finished]) -> list[str]:
    """Return the classmates whose truth looks like an answer, at most `NAMED`."""
    if question not in row.answers:
        return []
    answer = row.answers[question]
    others = {
        other.student
        for other in class_
        if other.student != row.student
        and other.notebook == row.notebook
        and question in other.truths
        and _like(answer, other.truths[question])
    }
    return sorted(others)[:NAMED]


def _like(answer: object, truth: object) -> bool:
    """Return whether two plain answers agree: numbers to half a percent, all else to the letter."""
    answer, truth = _bare(answer), _bare(truth)
    if isinstance(answer, (int, float)) and isinstance(truth, (int, float)):
        return math.isclose(answer, truth, rel_tol=0.005)
    return answer == truth


def _bare(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """Take a number or a text out of its wrapping: an answer is carried as {"answer": ...}."""
    return value["answer"] if isinstance(value, Mapping) and "answer" in value else value


def _alike(rows: Sequence[tuple[str, Finished]], class_: Iterable[Finished]) -> Iterable[Flag]:
    """Hold each student's code against the others'; the notebooks of one student count together."""
    prints: dict[str, set[int]] = {}
    for row in class_:
        prints.setdefault(row.student, set()).update(row.prints)
    ours = {row.student for _prefix, row in rows}
    for pair in similar({student: tuple(sorted(mine)) for student, mine in prints.items()}):
        if not {pair.a, pair.b} & ours:
            continue
        told = ngettext(
            "{share:.0%} of the code is the same, in {count} place.",
            "{share:.0%} of the code is the same, in {count} places.",
            pair.matches,
        ).format(share=pair.share, count=pair.matches)
        yield Flag("similar", (pair.a, pair.b), "", told)
