"""The sheet on a student's desk: which lesson or assignment is open, whose it is, and in which market."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from narrowcast.errors import CourseError, UnknownName
from narrowcast.judge.key import Key, load_key
from narrowcast.judge.places import Place, find_place, is_graded
from narrowcast.judge.public import PublicKey, load_public
from narrowcast.judge.questions import Question
from narrowcast.judge.verdict import Verdict
from narrowcast.judge.wire import Data
from narrowcast.language import gettext as _
from narrowcast.worlds import World, open_world

__all__ = ["Worksheet", "check", "open_assignment", "open_lesson"]

GUEST = "guest"
MOST_COMPARED = 40
"""Classmates' markets in which a wrong answer is looked for."""

hand_out: Callable[[str, Data], None] | None = None
"""Takes each answer as plain data, by question. Set where a student's code runs in a sandbox: who judges is outside."""

inputs_for: Callable[[str], Any] | None = None
"""Gives the inputs that a question's function is called with, or None; set there, too."""

_open: list[Worksheet] = []


class Worksheet:
    """An open lesson or assignment. Made by `open_lesson` and `open_assignment`.

    Parameters
    ----------
    name
        Name of its folder.
    place
        What it can reach.
    student
        Whose it is; None for the public market.
    """

    def __init__(self, name: str, place: Place, student: str | None) -> None:
        self.name, self.place, self.student = name, place, student
        self._key: Key | None = load_key(place.key) if place.key else None
        self._public: PublicKey | None = load_public(place.questions) if place.questions else None

    def __repr__(self) -> str:
        owner = f" of {self.student}" if self.student else ""
        return f"<Worksheet {self.name!r}{owner}: {len(self.questions)} questions, world {self.world.name!r}>"

    @property
    def _source(self) -> Key | PublicKey:
        source = self._key or self._public
        if source is None:  # a place always has one of the two
            raise CourseError(_("The worksheet {name!r} has no questions.").format(name=self.name))
        return source

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions, by name."""
        return self._source.questions

    @cached_property
    def worlds(self) -> dict[str, World]:
        """The markets this sheet is about, by name, the main one first."""
        return {name: self._market(name, self.student) for name in self._source.worlds}

    @property
    def world(self) -> World:
        """The main market."""
        return next(iter(self.worlds.values()))

    def _market(self, name: str, student: str | None) -> World:
        salt = self._public.salt if self._public else self.place.salt
        return open_world(name, student=student, salt=salt)

    def check(self, name: str, answer: object) -> Verdict:
        """Say all that can be said of an answer here; see `check`."""
        if not isinstance(name, str) or name not in self.questions:
            raise UnknownName(kind=_("question"), given=name, allowed=self.questions)
        question = self.questions[name]
        world = self._market(question.world or self._source.worlds[0], self.student)
        if hand_out is not None:
            data = question.plain(answer, world, inputs_for(name) if inputs_for is not None else None)
            hand_out(name, data)
            return question.form_plain(data, world)
        if self._key is None:
            return question.form(answer, world)
        return question.judge(answer, world, self._others(world))

    def _others(self, world: World) -> Iterator[World]:
        """Yield classmates' markets; they are opened one by one, and only where an answer is wrong."""
        for mate in self.place.classmates[:MOST_COMPARED]:
            yield self._market(world.name, mate)


def open_lesson(name: str, student: str | None = None) -> Worksheet:
    """Open a lesson.

    Parameters
    ----------
    name
        Such as "01-rules-flipped".
    student
        Gives a market of one's own; None is everybody's.

    Raises
    ------
    CourseError
        If the notebook stands outside the course.
    """
    place = find_place("course", name)
    return _on_desk(Worksheet(name, place, student or None))


def open_assignment(name: str, student: str | None = None) -> Worksheet:
    """Open an assignment, in a market of one's own.

    Parameters
    ----------
    name
        Such as "01-rules-flipped".
    student
        Your student id. Left empty, it is what the class's server knows you by; else you are the
        guest, whose market is good for practice. When a class is graded, the submission's owner is.

    Raises
    ------
    CourseError
        If neither a key nor the questions are in reach.
    """
    place = find_place("assignments", name)
    known = os.environ.get("NARROWCAST_STUDENT") or os.environ.get("JUPYTERHUB_USER")
    typed = str(student).strip() if student else ""
    # In a sandbox as under nbgrader, the market is that of whoever handed in, whatever was typed.
    graded = place.student or (known if hand_out is not None else None)
    owner = graded or typed or known or GUEST
    handed_in_by = place.student or known
    if typed and handed_in_by and typed != handed_in_by:
        told = _(
            "This notebook says {typed}, but the class knows its owner as {owner}: "
            "it is judged in the market of {owner}."
        )
        print(told.format(typed=typed, owner=handed_in_by))  # noqa: T201 - before marks are lost for it
    return _on_desk(Worksheet(name, place, owner))


def _on_desk(sheet: Worksheet) -> Worksheet:
    _open[:] = [sheet]
    return sheet


def check(question: str, answer: object) -> Verdict:
    """Check an answer to a question of the worksheet opened last.

    Parameters
    ----------
    question
        Name of the question, such as "q2".
    answer
        Your answer, of any type; a wrong type or unit is said and costs nothing.

    Returns
    -------
    Verdict
        With a key in reach the answer is judged and a known mistake is named; without one, its form is.

    Raises
    ------
    CourseError
        If no worksheet is open.
    UnknownName
        If the worksheet has no such question.

    Examples
    --------
    >>> check("before1", "b")  # doctest: +SKIP
    """
    if not _open and (hand_out is not None or is_graded(Path.cwd())):
        open_assignment(Path.cwd().name)  # a student deleted the cell that opens it; that costs no mark
    if not _open:
        sheets = _sheet_names()
        raise CourseError(
            _("No lesson or assignment is open."),
            _('Run the first cell of the notebook, the one with nc.open_lesson("{name}").').format(
                name=sheets
            ),
        )
    return _open[0].check(question, answer)


def _sheet_names() -> str:
    return Path.cwd().name or "01-rules-flipped"
