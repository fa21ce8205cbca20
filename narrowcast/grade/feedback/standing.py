"""A notebook's marks, penalty and comments, as the gradebook has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from nbgrader.api import Gradebook

from narrowcast.grade.book import url_with_patience

__all__ = ["Mark", "Standing", "standing_of"]


@dataclass(frozen=True)
class Mark:
    """The mark of one graded cell.

    Attributes
    ----------
    score
        What counts, extra credit included.
    points
        The most that can be had, without extra credit.
    auto
        What the machine gave; None where it gave nothing.
    manual
        What a person gave; None where nobody has.
    extra
        Extra credit.
    waits
        Whether a person still has to give or confirm it.
    """

    score: float
    points: float
    auto: float | None = None
    manual: float | None = None
    extra: float = 0.0
    waits: bool = False


@dataclass(frozen=True)
class Standing:
    """All that the gradebook says of a submitted notebook.

    Attributes
    ----------
    marks
        By graded cell, in the order of the assignment.
    comments
        By cell, what a person wrote.
    untouched
        Cells that stand as they were handed out, as nbgrader noticed.
    penalty
        Points taken off for being late.
    seconds_late
        By how much it was late.
    name
        The student's name, as the course has it; may be empty.
    """

    marks: Mapping[str, Mark]
    comments: Mapping[str, str] = field(default_factory=dict)
    untouched: frozenset[str] = frozenset()
    penalty: float = 0.0
    seconds_late: float = 0.0
    name: str = ""

    @property
    def score(self) -> float:
        """The points that count so far, after the penalty."""
        return max(sum(mark.score for mark in self.marks.values()) - self.penalty, 0.0)

    @property
    def points(self) -> float:
        """The most that can be had."""
        return sum(mark.points for mark in self.marks.values())

    @property
    def waiting(self) -> float:
        """Points that a person has yet to decide."""
        return sum(mark.points for mark in self.marks.values() if mark.waits)


def standing_of(url: str, assignment: str, student: str, notebook: str) -> Standing:
    """Read a submitted notebook's standing.

    Parameters
    ----------
    url
        Address of the gradebook.
    assignment, student, notebook
        Whose; the notebook's name is without its ending.

    Raises
    ------
    nbgrader.api.MissingEntry
        If the gradebook has no such submission.
    """
    with Gradebook(url_with_patience(url)) as book:
        found = book.find_submission_notebook(notebook, assignment, student)
        marks = {
            grade.name: Mark(
                float(grade.score or 0), float(grade.max_score or 0), grade.auto_score, grade.manual_score,
                float(grade.extra_credit or 0), bool(grade.needs_manual_grade),
            )
            for grade in found.grades
        }  # fmt: skip
        person = found.assignment.student
        written = {one.name: one.manual_comment.strip() for one in found.comments if one.manual_comment}
        return Standing(
            marks,
            {name: text for name, text in written.items() if text},
            frozenset(one.name for one in found.comments if one.auto_comment),
            float(found.late_submission_penalty or 0),
            float(found.assignment.total_seconds_late or 0),
            " ".join(filter(None, (person.first_name, person.last_name))),
        )
