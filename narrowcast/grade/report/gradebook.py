"""A class as nbgrader's gradebook knows it: who is in it, who has handed in, what they got."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import selectinload

from narrowcast.errors import CourseError, UnknownName
from narrowcast.grade.book import url_with_patience, waiting
from narrowcast.grade.report.order import natural
from narrowcast.language import gettext as _

__all__ = ["Member", "Register", "gradebook_at", "register_of"]


@dataclass(frozen=True)
class Member:
    """One student of a class.

    Attributes
    ----------
    student
        nbgrader's id.
    name
        As the gradebook has it, "family, given"; empty where it has none.
    email
        Empty where the gradebook has none.
    graded
        Whether the gradebook holds a submission.
    timestamp
        When it was handed in, naive UTC; None where nobody knows.
    late
        Seconds after the due date; 0 in time.
    penalty
        Points that lateness cost.
    marks
        By item, points; None where a person has to give the mark.
    """

    student: str
    name: str
    email: str = ""
    graded: bool = False
    timestamp: datetime | None = None
    late: float = 0.0
    penalty: float = 0.0
    marks: dict[str, float | None] | None = None

    @property
    def total(self) -> float | None:
        """Points so far, less what lateness cost; None without a submission."""
        if self.marks is None:
            return None
        return max(sum(mark for mark in self.marks.values() if mark is not None) - self.penalty, 0.0)

    @property
    def label(self) -> str:
        """Name and id, as a person looks for them."""
        return f"{self.name} ({self.student})" if self.name else self.student


@dataclass(frozen=True)
class Register:
    """A class and an assignment.

    Attributes
    ----------
    points
        By item, in the assignment's order, the most that can be had. An item is a graded cell; where an assignment
        has several notebooks, "notebook/cell".
    members
        Sorted by name, then id.
    due
        Naive UTC; None where there is no due date.
    """

    points: dict[str, float]
    members: list[Member]
    due: datetime | None


@contextmanager
def gradebook_at(url: str, course: str) -> Iterator[Gradebook]:
    """Open a gradebook that is there; a new one is never made.

    Raises
    ------
    CourseError
        If there is none, or it cannot be opened.
    """
    cure = _("Grade the assignment first, or name the gradebook with --db.")
    try:
        place = make_url(url)
        if place.get_backend_name() == "sqlite" and place.database and not Path(place.database).is_file():
            raise CourseError(_("There is no gradebook at {url}.").format(url=url), cure)
        book = Gradebook(url_with_patience(url), course)
    except (SQLAlchemyError, OSError, ImportError) as error:
        why = " ".join(str(getattr(error, "orig", None) or error).split())
        raise CourseError(_("The gradebook cannot be opened: {why}.").format(why=why), cure) from error
    try:
        yield book
    finally:
        book.close()


def register_of(book: Gradebook, assignment: str) -> Register:
    """Return a class and what it got in an assignment.

    Raises
    ------
    UnknownName
        If the gradebook has no such assignment.
    """
    try:
        found = book.find_assignment(assignment)
    except MissingEntry:
        allowed = [one.name for one in book.assignments]
        raise UnknownName(kind=_("assignment"), given=assignment, allowed=allowed) from None
    several = len(found.notebooks) > 1
    points = {
        _item(notebook.name, cell.name, several=several): float(cell.max_score)
        for notebook in sorted(found.notebooks, key=lambda one: natural(one.name))
        for cell in sorted((*notebook.grade_cells, *notebook.task_cells), key=lambda one: natural(one.name))
    }
    submissions = {one.student_id: one for one in _submissions(book, assignment)}
    members = [_member(student, submissions.get(student.id), several=several) for student in book.students]
    members.sort(key=lambda one: (one.name.casefold(), one.student))
    return Register(points, members, found.duedate)


def _submissions(book: Gradebook, assignment: str) -> list[Any]:
    """Return the submissions with their marks, in a handful of queries however many there are."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook  # noqa: PLC0415 - for these two lines

    marks = selectinload(SubmittedAssignment.notebooks).selectinload(SubmittedNotebook.grades)
    query = book.db.query(SubmittedAssignment).options(marks)
    return list(query.filter(SubmittedAssignment.assignment.has(Assignment.name == assignment)).all())


def _member(student: Any, submission: Any, *, several: bool) -> Member:  # noqa: ANN401 - nbgrader has no types
    name = ", ".join(filter(None, (student.last_name, student.first_name)))
    known = str(student.id), name, student.email or ""
    if submission is None:
        return Member(*known)
    marks = {
        _item(notebook.name, grade.name, several=several): waiting(grade)
        for notebook in submission.notebooks
        for grade in notebook.grades
    }
    penalty = float(submission.late_submission_penalty or 0.0)
    late = float(submission.total_seconds_late)
    return Member(
        *known, graded=True, timestamp=submission.timestamp, late=late, penalty=penalty, marks=marks
    )


def _item(notebook: str, cell: str, *, several: bool) -> str:
    return f"{notebook}/{cell}" if several else cell
