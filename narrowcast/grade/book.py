"""nbgrader's gradebook, as one writer sees it: a submission's marks go in together or not at all.

nbgrader's own classes do the work, so SQLite and PostgreSQL serve alike, and the formgrader finds what it expects.
Manual marks, comments and extra credit are never touched.
"""

from __future__ import annotations

import os
import sysconfig
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry, SubmittedAssignment
from nbgrader.utils import parse_utc
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["Book", "Entry", "Penalty", "Sheet", "timestamp_of", "waiting"]

Penalty = Callable[[str, float, float], float | None]
"""Student, score, seconds late: what nbgrader's plug-in for late submissions answers."""

TRIES = 5
"""How often a writing is tried when another program holds the gradebook."""


@dataclass(frozen=True)
class Sheet:
    """What the gradebook knows of a notebook of an assignment.

    Attributes
    ----------
    name
        Without the ending.
    points
        By graded cell, what can be had at most.
    texts
        By cell, its text as the gradebook keeps it, hidden tests among it.
    """

    name: str
    points: dict[str, float]
    texts: dict[str, str]


@dataclass(frozen=True)
class Entry:
    """What one submission comes to.

    Attributes
    ----------
    assignment, student
        Whose it is.
    timestamp
        When it was handed in, naive UTC as nbgrader keeps it; None where nobody knows.
    marks
        By notebook and graded cell; None where a person has to give the mark. A notebook that was not handed in
        is left out: its cells get 0.
    untouched
        By notebook, answer cells that stand as they were handed out.
    """

    assignment: str
    student: str
    timestamp: datetime | None
    marks: Mapping[str, Mapping[str, float | None]]
    untouched: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def timestamp_of(text: str) -> datetime | None:
    """Return the time that a file of nbgrader's tells, naive UTC, or None where it tells none."""
    try:
        return parse_utc(text.strip()) if text.strip() else None
    except (ValueError, OverflowError, TypeError):
        return None


class Book:
    """A course's gradebook.

    Parameters
    ----------
    url
        Such as "sqlite:////home/me/course/gradebook.db" or "postgresql+psycopg://...".
    course
        nbgrader's course id.
    penalty
        What a late submission costs; None costs nothing.

    Raises
    ------
    CourseError
        If it cannot be opened.
    """

    def __init__(self, url: str, course: str = "", penalty: Penalty | None = None) -> None:
        # nbgrader calls `alembic` by name when it makes a gradebook.
        programs = sysconfig.get_path("scripts")
        if programs not in os.environ.get("PATH", "").split(os.pathsep):
            os.environ["PATH"] = os.pathsep.join([programs, os.environ.get("PATH", os.defpath)])
        self._penalty = penalty
        self._cells: dict[str, list[Any]] = {}
        try:
            self._gradebook = Gradebook(url_with_patience(url), course)
            # What was read stays read over a commit: each submission is visited once, by this writer alone.
            self._gradebook.db().expire_on_commit = False
        except (SQLAlchemyError, OSError, ImportError) as error:
            raise _unusable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._gradebook.close()

    def sheets(self, assignment: str) -> dict[str, Sheet]:
        """Return the notebooks of an assignment, by name.

        Raises
        ------
        CourseError
            If the gradebook has no such assignment, or one without notebooks.
        """
        cure = _("Run `nbgrader generate_assignment {name}` first.").format(name=assignment)
        try:
            found = self._gradebook.find_assignment(assignment).notebooks
        except MissingEntry:
            problem = _("The gradebook has no assignment {name!r}.").format(name=assignment)
            raise CourseError(problem, cure) from None
        if not found:
            problem = _("The assignment {name!r} has no notebooks in the gradebook.").format(name=assignment)
            raise CourseError(problem, cure)
        return {notebook.name: _sheet(notebook) for notebook in found}

    def marks(self, assignment: str) -> dict[str, dict[str, dict[str, float | None]]]:
        """Return what the gradebook counts, by student, notebook and cell; None where a person has to mark."""
        return {
            submission.student_id: {
                notebook.name: {grade.name: waiting(grade) for grade in notebook.grades}
                for notebook in submission.notebooks
            }
            for submission in self._gradebook.assignment_submissions(assignment)
        }

    def graded(self, assignment: str) -> set[str]:
        """Return the students of whom the gradebook holds a submission."""
        query = self._gradebook.db.query(SubmittedAssignment.student_id)
        return {student for (student,) in query.filter(SubmittedAssignment.assignment.has(name=assignment))}

    def write(self, entry: Entry) -> None:
        """Write a submission's marks, all or none; manual marks stay.

        Raises
        ------
        CourseError
            If the database refuses.
        """
        for attempt in range(TRIES):
            try:
                with self._together():
                    self._write(entry)
                return
            except (SQLAlchemyError, InvalidEntry) as error:
                # nbgrader puts its own error in the place of the database's when it adds something.
                why = error.__context__ if isinstance(error, InvalidEntry) else error
                if not isinstance(why, OperationalError) or attempt + 1 == TRIES:
                    raise _unusable(why if isinstance(why, Exception) else error) from error
                time.sleep(0.2 * 2**attempt)

    @contextmanager
    def _together(self) -> Iterator[None]:
        database = self._gradebook.db
        # nbgrader commits each thing that it adds: within this block that only sends it.
        database.commit = database.flush
        try:
            yield
            del database.commit
            database.commit()
        except BaseException:
            database.rollback()
            raise
        finally:
            vars(database).pop("commit", None)

    def _write(self, entry: Entry) -> None:
        book = self._gradebook
        book.update_or_create_student(entry.student)
        when = {} if entry.timestamp is None else {"timestamp": entry.timestamp}
        self._keep_at_hand(entry.assignment)
        with book.db.no_autoflush:  # nbgrader links a new submission's parts before it adds it
            submission = book.update_or_create_submission(entry.assignment, entry.student, **when)
            for notebook in submission.notebooks:
                marks = entry.marks.get(notebook.name)
                for grade in notebook.grades:
                    _grade(grade, marks)
                untouched = entry.untouched.get(notebook.name, ())
                for comment in notebook.comments:
                    comment.auto_comment = "No response." if comment.name in untouched else None
        book.db.flush()
        late = submission.total_seconds_late
        for notebook in submission.notebooks:
            book.db.refresh(notebook)  # its score is a sum that the database works out
            notebook.late_submission_penalty = self._late(entry.student, notebook.score, late)

    def _keep_at_hand(self, assignment: str) -> None:
        """Hold an assignment's cells: each mark asks its cell for its name, which else is a query of its own."""
        if assignment not in self._cells:
            notebooks = self._gradebook.find_assignment(assignment).notebooks
            self._cells[assignment] = [
                (one, one.grade_cells, one.solution_cells, one.task_cells, one.source_cells)
                for one in notebooks
            ]

    def _late(self, student: str, score: float, seconds: float) -> float | None:
        if seconds <= 0 or self._penalty is None:
            return None
        penalty = self._penalty(student, score, seconds)
        return None if penalty is None else min(max(float(penalty), 0.0), score)


def _grade(grade: Any, marks: Mapping[str, float | None] | None) -> None:  # noqa: ANN401 - nbgrader has no types
    """Write a mark as nbgrader's SaveAutoGrades does."""
    if marks is None:  # no such notebook was handed in
        grade.auto_score, grade.needs_manual_grade = 0.0, False
        return
    grade.auto_score = marks.get(grade.name)
    grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None


def _sheet(notebook: Any) -> Sheet:  # noqa: ANN401
    graded = [*notebook.grade_cells, *notebook.task_cells]
    points = {cell.name: float(cell.max_score) for cell in graded}
    texts = {cell.name: cell.source for cell in notebook.source_cells if cell.source is not None}
    return Sheet(notebook.name, points, texts)


def waiting(grade: Any) -> float | None:  # noqa: ANN401
    """Return a grade's score, or None where a person has yet to give or confirm it."""
    return None if grade.needs_manual_grade else float(grade.score)


def url_with_patience(url: str) -> str:
    """Return a gradebook's address with which a second program waits while a first one writes, for a minute."""
    return f"{url}?timeout=60" if url.startswith("sqlite:///") and "?" not in url else url


def now() -> datetime:
    """Return the time as nbgrader keeps it: UTC, without saying so."""
    return datetime.now(UTC).replace(tzinfo=None)


def _unusable(error: Exception) -> CourseError:
    why = " ".join(str(getattr(error, "orig", None) or error).split())
    problem = _("The gradebook cannot be used: {why}.").format(why=why)
    cure = _("Look whether its server runs, its disk has room and no other program holds it; then grade again. "
             "What is finished stays.")  # fmt: skip
    return CourseError(problem, cure)
