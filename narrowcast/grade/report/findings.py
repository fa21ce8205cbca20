"""All that is found out about an assignment, from the gradebook and the ledger, before it is put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook

from narrowcast.grade import receipts
from narrowcast.grade.desk.course import Course
from narrowcast.grade.ledger import Finished, Ledger, ledger_path
from narrowcast.grade.receipts import Receipt
from narrowcast.grade.report.flags import Flag, flags_of
from narrowcast.grade.report.gradebook import Member, Register, gradebook_at, register_of
from narrowcast.grade.report.mistakes import MistakeCount, Outcome, mistakes_of, outcome_of, reasons_of
from narrowcast.grade.report.numbers import Numbers, numbers_of
from narrowcast.grade.report.timing import CellTime, times_of

__all__ = ["Findings", "Standing", "findings_of", "gathered"]


@dataclass(frozen=True)
class Standing:
    """Who is in the class, and how they stand.

    Attributes
    ----------
    graded
        Those with marks in the gradebook.
    ungraded
        Those who handed in and have no marks yet.
    missing
        Those of whom there is nothing.
    """

    graded: list[Member]
    ungraded: list[Member]
    missing: list[Member]

    @property
    def everybody(self) -> list[Member]:
        """All of them, by name."""
        return sorted(
            [*self.graded, *self.ungraded, *self.missing], key=lambda one: (one.name.casefold(), one.student)
        )


@dataclass(frozen=True)
class Findings:
    """All that a report says of an assignment.

    Attributes
    ----------
    assignment, course
        Their names.
    points
        By item, the most that can be had.
    standing
        Who handed in.
    numbers
        The statistics.
    outcomes
        By item, how many had all, some or none of the points.
    reasons
        By item, how often the judge gave each reason; empty without a ledger.
    by_hand
        By item, the students whose mark a person has to give; items without any are left out.
    mistakes, times, flags
        Empty without a ledger.
    quarantined
        By student, why the submission could not be read.
    receipts
        By student, what came in and when, oldest first; empty without receipts.
    judged
        Whether `narrowcast grade` has left a ledger.
    root
        nbgrader's course root.
    made
        When these findings were made, UTC.
    """

    assignment: str
    course: str
    points: dict[str, float]
    standing: Standing
    numbers: Numbers
    outcomes: dict[str, Outcome]
    reasons: dict[str, Counter[str]] = field(default_factory=dict)
    by_hand: dict[str, list[str]] = field(default_factory=dict)
    mistakes: list[MistakeCount] = field(default_factory=list)
    times: list[CellTime] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    quarantined: dict[str, str] = field(default_factory=dict)
    receipts: Mapping[str, Sequence[Receipt]] = field(default_factory=dict)
    judged: bool = False
    root: Path = Path()
    made: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def most(self) -> float:
        """The most that can be had in all."""
        return sum(self.points.values())

    @property
    def labels(self) -> dict[str, str]:
        """By id, name and id of a student."""
        return {one.student: one.label for one in self.standing.everybody}

    @property
    def totals(self) -> list[float]:
        """Points of everybody who is graded, so far."""
        return [one.total for one in self.standing.graded if one.total is not None]


def findings_of(root: Path, assignment: str, book: Gradebook | None = None, url: str = "") -> Findings:
    """Return all that is found out about an assignment.

    Parameters
    ----------
    root
        nbgrader's course root, or a folder that holds it under the name "assignments".
    assignment
        Its name.
    book
        The gradebook, open; None opens the configured one.
    url
        Another gradebook than the configured one.

    Raises
    ------
    CourseError
        If there is no course, or its gradebook or ledger cannot be read.
    UnknownName
        If the gradebook has no such assignment.
    """
    course = Course.at(root, url)
    if book is not None:
        register = register_of(book, assignment)
    else:
        with gradebook_at(course.url, course.course_id) as opened:
            register = register_of(opened, assignment)
    path = ledger_path(course.root)
    rows: list[Finished] = []
    beside: list[Finished] = []
    if path.is_file():
        with Ledger(path) as ledger:
            rows, beside = list(ledger.finished(assignment).values()), ledger.beside(assignment)
    handed = course.students(assignment)
    received: dict[str, list[Receipt]] = {}
    if (course.root / "receipts.db").is_file():
        folders = {student: course.folder(course.submitted, student, assignment) for student in handed}
        known = receipts.receive(course.root, assignment, folders)
        for one in sorted(known, key=lambda receipt: receipt.received):
            received.setdefault(one.student, []).append(one)
    found = gathered(
        assignment, course.course_id, register, rows, beside=beside, handed=handed, received=received
    )
    return replace(found, root=course.root)


def gathered(
    assignment: str, course: str, register: Register, rows: Sequence[Finished], *,
    beside: Sequence[Finished] = (), handed: Sequence[str] = (),
    received: Mapping[str, Sequence[Receipt]] | None = None,
) -> Findings:  # fmt: skip
    """Return the findings of what was read.

    Parameters
    ----------
    assignment, course
        Their names.
    register
        What the gradebook says.
    rows
        The ledger's rows of the assignment; empty without a ledger.
    beside
        Those of its other language versions.
    handed
        Ids of those whose submission lies there.
    received
        By student, the receipts.
    """
    standing = _standing(register, handed)
    marks = [one.marks or {} for one in standing.graded]
    known = {one.student for one in standing.graded}
    # The name of a notebook stands before an item only where an assignment has several: as in the register.
    several = any("/" in name for name in register.points)
    named = [(f"{row.notebook}/" if several else "", row) for row in rows if row.student in known]
    return Findings(
        assignment=assignment,
        course=course,
        points=register.points,
        standing=standing,
        numbers=numbers_of(
            marks, register.points, [one.total for one in standing.graded if one.total is not None]
        ),
        outcomes={
            name: outcome_of((mine.get(name) for mine in marks), most)
            for name, most in register.points.items()
        },
        reasons=reasons_of(named),
        by_hand=_by_hand(register, standing),
        mistakes=mistakes_of(named),
        times=times_of(named),
        flags=flags_of(named, beside),
        quarantined={row.student: row.quarantined for _prefix, row in named if row.quarantined},
        receipts=received or {},
        judged=bool(named),
    )


def _standing(register: Register, handed: Sequence[str]) -> Standing:
    listed = {one.student for one in register.members}
    strangers = [Member(student, "") for student in sorted(set(handed) - listed)]
    others = [one for one in (*register.members, *strangers) if not one.graded]
    return Standing(
        graded=[one for one in register.members if one.graded],
        ungraded=[one for one in others if one.student in handed],
        missing=[one for one in others if one.student not in handed],
    )


def _by_hand(register: Register, standing: Standing) -> dict[str, list[str]]:
    found = {
        name: [one.student for one in standing.graded if (one.marks or {}).get(name, 0.0) is None]
        for name in register.points
    }
    return {name: students for name, students in found.items() if students}
