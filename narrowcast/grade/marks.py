"""What was given, beside what should be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from narrowcast.grade.roster import Student
from narrowcast.grade.story import Story
from narrowcast.language import gettext as _

__all__ = ["Line", "Mark", "marks_table"]

EXACT = 0.011
"""A plan's marks are rounded to hundredths."""
BY_HAND = "✎"


@dataclass(frozen=True)
class Mark:
    """The marks of one question: given, and as they should be. None: a person has yet to give them."""

    given: float | None
    expected: float | None

    @property
    def right(self) -> bool:
        """Whether they agree."""
        if self.given is None or self.expected is None:
            return self.given is self.expected
        return abs(self.given - self.expected) < EXACT


@dataclass(frozen=True)
class Line:
    """One student's marks.

    Parameters
    ----------
    student, story
        Who, and what they did.
    marks
        By question.
    """

    student: Student
    story: Story
    marks: Mapping[str, Mark]

    @classmethod
    def of(cls, student: Student, story: Story, given: Mapping[str, float | None], plan: float) -> Line:
        """Return the line of a student.

        Parameters
        ----------
        student, story
            Who, and what they did.
        given
            What nbgrader's gradebook holds, by question.
        plan
            What the judge, asked directly, gives for the plan of q5.
        """
        low, high = story.between
        expected = {**story.points, "q5": min(max(plan, low), high)}
        return cls(
            student, story, {name: Mark(given.get(name, -1.0), expected[name]) for name in sorted(expected)}
        )

    @property
    def right(self) -> bool:
        """Whether all marks are as they should be."""
        return all(mark.right for mark in self.marks.values())


def marks_table(lines: Sequence[Line]) -> Table:
    """Return the table: for each student the marks given and, below them, as they should be."""
    table = Table(box=None, pad_edge=False, row_styles=["", "on default"], padding=(0, 1, 1, 0))
    table.add_column(_("Student"), no_wrap=True)
    table.add_column(_("Story"), ratio=1, min_width=18)
    table.add_column("")
    for name in lines[0].marks:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column(_("Total"), justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for line in lines:
        given = [mark.given for mark in line.marks.values()]
        expected = [mark.expected for mark in line.marks.values()]
        table.add_row(
            f"{line.student.id}\n{line.student.name}",
            line.story.title,
            Text(_("given") + "\n" + _("should be"), style="dim"),
            *(_pair(mark) for mark in line.marks.values()),
            f"{_sum(given)}\n{_sum(expected)}",
            Text("✓", style="green") if line.right else Text("✗", style="bold red"),
        )
    return table


def _pair(mark: Mark) -> Text:
    pair = Text(_shown(mark.given), style="" if mark.right else "bold red")
    return pair.append("\n" + _shown(mark.expected), style="dim" if mark.right else "bold red")


def _shown(points: float | None) -> str:
    if points is None:
        return BY_HAND
    return "—" if points < 0 else f"{points:g}"


def _sum(points: Sequence[float | None]) -> str:
    return f"{round(sum(one for one in points if one is not None and one >= 0), 2):g}"
