"""A student of a demo class: what was handed in, and what it should get.

The students of an assignment, and the answers that they write, lie in `stories.py` beside its key: whoever installs
the package shall not find them in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from narrowcast.campaigns import Flight
from narrowcast.errors import CourseError
from narrowcast.judge.loading import load_module
from narrowcast.language import gettext as _

__all__ = ["ASSIGNMENT", "WORLD", "Spending", "Story", "as_code", "flights_of", "stories"]

ASSIGNMENT, WORLD = "01-rules-flipped", "hcmc-fashion"
"""The assignment of the demo class, and the market that it asks about."""

Spending = Sequence[tuple[str, int, str | None]]
"""A plan as plain data: channel, VND, segment aimed at; on television, the segment spoken to."""


@dataclass(frozen=True)
class Story:
    """A submission and its marks.

    Parameters
    ----------
    title
        What the student did, in a few words.
    answers
        What is written into the answer cell of a question; a question left out stays as it was handed out.
    points
        What each question but q5 should get; None where it waits for a person.
    between
        Lowest and highest marks that the plan of q5 should get.
    spending
        That plan, so that the judge can be asked about it directly; None where there is none to judge.
    without
        Cells that the student deleted, by nbgrader's id.
    """

    title: str
    answers: Mapping[str, str]
    points: Mapping[str, float | None]
    between: tuple[float, float]
    spending: Spending | None
    without: tuple[str, ...] = field(default=())


def stories(assignment: Path, ids: Sequence[str], salt: str) -> list[Story]:
    """Return what each student of a demo class hands in.

    Parameters
    ----------
    assignment
        The assignment's folder, with key.py and stories.py in it.
    ids
        The students' ids; after the last story the stories come round again.
    salt
        The class's word: the classmate whose numbers one student copies lives in a market made from it.

    Raises
    ------
    CourseError
        If stories.py is missing, cannot be run, or tells none.
    """
    file, cure = assignment / "stories.py", _("Restore it from the repository.")
    tell = getattr(load_module(file, cure), "stories", None)
    told = list(tell(ids, salt)) if callable(tell) else []
    if len(told) != len(ids) or not all(isinstance(story, Story) for story in told):
        raise CourseError(_("{path} does not tell a story for each student.").format(path=file), cure)
    return told


def as_code(spending: Spending, number: str = "{:_}") -> str:
    """Return the code in which a student writes a plan; `number` says how an amount is written."""
    lines = []
    for channel, money, segment in spending:
        word = "message" if channel == "television" else "to"
        aim = f', {word}="{segment}"' if segment else ""
        lines.append(f'    nc.Flight("{channel}", spend={number.format(money)}{aim}),')
    return "\n".join(['my_plan = nc.Plan("mine", flights=[', *lines, "])"])


def flights_of(spending: Spending) -> tuple[Flight, ...]:
    """Return the flights of such a plan."""
    return tuple(
        Flight(channel, money, message=segment)
        if channel == "television"
        else Flight(channel, money, segment)
        for channel, money, segment in spending
    )
