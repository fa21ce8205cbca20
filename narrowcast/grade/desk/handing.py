"""Who has handed in, what of it is finished, and when it came."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from narrowcast.errors import UnknownName
from narrowcast.grade import receipts
from narrowcast.grade.book import timestamp_of
from narrowcast.grade.desk.assignment import Assignment
from narrowcast.grade.desk.course import Course
from narrowcast.grade.desk.submission import source_of
from narrowcast.grade.ledger import Finished
from narrowcast.grade.receipts import Receipt
from narrowcast.language import gettext as _

__all__ = ["Waiting", "handed_in", "waiting_list"]


@dataclass(frozen=True)
class Waiting:
    """A submission to be graded.

    Attributes
    ----------
    student
        Whose it is.
    folder
        What was handed in.
    source
        Hash of all that decides its marks.
    timestamp
        When it was handed in, naive UTC; None where nobody knows.
    why
        "new", "changed" since it was graded, or "again" because that was asked for.
    """

    student: str
    folder: Path
    source: str
    timestamp: datetime | None
    why: str


def handed_in(receipts_: Sequence[Receipt]) -> datetime | None:
    """Return when a submission was handed in, naive UTC: what its file claims, where that can be true.

    The file is the student's, and may be edited. It is believed within what this machine has seen itself: no later
    than the receipt, and no earlier than the receipt of another version that came before.

    Parameters
    ----------
    receipts_
        The submission's receipts, oldest first; the last is the one to be graded.
    """
    if not receipts_:
        return None
    last = receipts_[-1]
    claimed = timestamp_of(last.claimed)
    floor = max((one.received for one in receipts_[:-1]), default=None)
    if claimed is None:
        return floor
    return min(max(claimed, floor or datetime.min), last.received)


def waiting_list(
    course: Course,
    assignment: Assignment,
    finished: Mapping[tuple[str, str], Finished],
    limits: str,
    only: Collection[str] = (),
    *,
    force: bool = False,
    graded: Collection[str] | None = None,
) -> list[Waiting]:
    """Return the submissions that are to be graded; those that are finished and unchanged are not among them.

    Parameters
    ----------
    course, assignment
        What is graded.
    finished
        The ledger's rows, by student and notebook.
    limits
        The limits in force, as text: with others, marks may differ.
    only
        Students to be graded; empty is everybody.
    force
        Grade what is finished too.
    graded
        Students of whom the gradebook in use holds a submission: nobody else is finished, whatever the ledger says.
        None does not ask.

    Raises
    ------
    UnknownName
        If one of `only` has not handed in.
    """
    students = course.students(assignment.name)
    for name in only:
        if name not in students:
            raise UnknownName(kind=_("submission of"), given=name, allowed=students)
    folders = {student: course.folder(course.submitted, student, assignment.name) for student in students}
    received = receipts.receive(course.root, assignment.name, folders)
    by_student: dict[str, list[Receipt]] = {}
    for one in sorted(received, key=lambda receipt: receipt.received):
        by_student.setdefault(one.student, []).append(one)
    waiting = []
    for student in students:
        mine = by_student.get(student, [])
        source = source_of(assignment, mine[-1].hash if mine else "", limits)
        done = {row.source for (owner, _notebook), row in finished.items() if owner == student}
        target = course.folder(course.autograded, student, assignment.name)
        fresh = done == {source} and target.is_dir() and (graded is None or student in graded)
        if (only and student not in only) or (fresh and not force):
            continue
        why = "again" if fresh else "changed" if done else "new"
        waiting.append(Waiting(student, folders[student], source, handed_in(mine), why))
    return waiting
