"""What all questions share, and how an answer becomes a verdict; numbers.

A question knows how to compute its truth in a world, and the wrong answers that known mistakes lead to. An answer
takes two steps: where the student's code runs it becomes plain data (`plain`), and elsewhere, where the key is, that
data is judged (`judge_plain`). Neither step trusts what it is given.
"""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from narrowcast.errors import AnswerError
from narrowcast.judge.answers import as_number, is_unanswered
from narrowcast.judge.carry import carried
from narrowcast.judge.memory import Memory
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.judge.wire import Data, Item, opened
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds import World

__all__ = ["Mistake", "Number", "Question"]

SHORT, FEW = 300_000, 1_000
"""Bytes and values of an answer that is no table: more need not come out to say what is wrong with it."""

Compute = Callable[[World], Any]


def message_of(function: Callable[..., object]) -> str:
    """Return a function's docstring as one paragraph: it is what the student reads."""
    return " ".join(inspect.cleandoc(function.__doc__ or "").split())


@dataclass(frozen=True)
class Mistake:
    """A wrong answer that has a name.

    Attributes
    ----------
    code
        Such as "M1"; the course's table of mistakes.
    credit
        Share of the points it still earns, 0 to 1.
    compute
        Gives the answer that the mistake leads to.
    message
        What to tell the student.
    """

    code: str
    credit: float
    compute: Compute
    message: str


@dataclass
class Question(ABC):
    """What all kinds share.

    Attributes
    ----------
    name
        Such as "q2".
    points
        Points to be had; 0 in practice.
    compute
        Gives the truth in a world.
    message
        What to say when the answer is right.
    hints
        What to say when it is wrong and the mistake has no name.
    world
        Name of the world it is asked about; None is the key's first.
    """

    name: str
    points: float
    compute: Compute
    message: str
    hints: Sequence[str] = ()
    world: str | None = None
    mistakes: list[Mistake] = field(default_factory=list)
    kind: str = field(default="", init=False)
    _memory: Memory = field(default_factory=Memory, init=False, repr=False, compare=False)

    def mistake(self, code: str, credit: float = 0.0) -> Callable[[Compute], Compute]:
        """Name a wrong answer: the decorated function computes it, its docstring is the feedback."""
        if not 0 <= credit <= 1:
            raise ValueError(f"credit is {credit}; it is a share from 0 to 1")

        def keep(function: Compute) -> Compute:
            self.mistakes.append(Mistake(code, credit, function, message_of(function)))
            return function

        return keep

    def public(self) -> dict[str, Any]:
        """Return what a student may see before answering; no truth and no mistake."""
        return {"kind": self.kind, "points": self.points, "hints": list(self.hints), "world": self.world}

    def messages(self) -> list[str]:
        """Return every text that a person reads."""
        return [text for text in (self.message, *self.hints, *(m.message for m in self.mistakes)) if text]

    def truth(self, world: World) -> Any:  # noqa: ANN401 - the kinds differ
        """Return what is right in a world; computed once for each world that is open."""
        return self._memory.once(world, "truth", lambda: self.compute(world))

    def mistaken(self, world: World) -> list[tuple[Mistake, Any]]:
        """Return the named mistakes with the answers that they lead to in a world."""
        wrong = [
            self._memory.once(world, ("mistake", place), lambda one=mistake: one.compute(world))  # type: ignore[misc]
            for place, mistake in enumerate(self.mistakes)
        ]
        return list(zip(self.mistakes, wrong, strict=True))

    def inputs(self, world: World) -> list[Any] | None:  # noqa: ARG002 - functions alone have some
        """Return what a student's function is called with, as JSON holds it; None where no function is asked for."""
        return None

    def plain(self, answer: object, world: World | None = None, inputs: Any = None) -> Data:  # noqa: ANN401, ARG002
        """Return an answer as plain data; runs where the student's code runs, and knows no truth.

        Parameters
        ----------
        answer
            Anything.
        world
            The student's own market.
        inputs
            As `inputs` gave them.

        Returns
        -------
        dict
            JSON alone, see `narrowcast.judge.wire`. What cannot be carried is described.
        """
        return {"answer": carried(answer, SHORT, FEW)}

    @abstractmethod
    def parse(self, item: Item, world: World | None = None) -> Any:  # noqa: ANN401
        """Turn a carried answer into a value; AnswerError says what is wrong with its form."""

    def read(self, answer: object, world: World | None = None) -> Any:  # noqa: ANN401
        """Turn an answer into a value; AnswerError says what is wrong with its form."""
        return self.parse(opened(self.plain(answer, world)), world)

    @abstractmethod
    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401 - the kinds differ
        """Return whether a read answer and a computed one are the same."""

    def copied(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether a read answer is the truth of another market, and not merely close to it."""
        return self.same(value, truth)

    def is_truth_of(self, data: object, truth: Any) -> bool:  # noqa: ANN401
        """Return whether plain data is the truth of another market; of data that cannot be read, False."""
        try:
            return self.copied(self.parse(opened(data)), truth)
        except (
            AnswerError,
            TypeError,
            ValueError,
            AttributeError,
        ):  # a truth of before the question was changed
            return False

    def judge(self, answer: object, world: World, others: Iterable[World] = ()) -> Verdict:
        """Judge an answer where it was made: in a lesson, or under nbgrader's own autograde.

        Parameters
        ----------
        answer
            Whatever the student handed in.
        world
            The student's own market.
        others
            Other students' markets, to recognise an answer that was right there.
        """
        elsewhere = (self.truth(other) for other in others)
        return self.judge_plain(self.plain(answer, world, self.inputs(world)), world, elsewhere)

    def judge_plain(self, data: object, world: World, elsewhere: Iterable[Any] = ()) -> Verdict:
        """Judge what came out as plain data; whatever that is, it raises nothing. What the key raises is raised.

        Parameters
        ----------
        data
            What `plain` returned, or whatever was handed out in its place.
        world
            The student's own market.
        elsewhere
            Truths of classmates' markets; looked at only where an answer is wrong and bears no mistake's name.
        """
        early, value = self._read(data, world)
        return early if early is not None else self.compare(value, world, elsewhere)

    def form(self, answer: object, world: World | None = None) -> Verdict:
        """Say whether an answer has the right form; all that can be said where there is no key."""
        return self.form_plain(self.plain(answer, world), world)

    def form_plain(self, data: object, world: World | None = None) -> Verdict:
        """Say the same of plain data."""
        early, _value = self._read(data, world)
        if early is not None:
            return early
        text = _("Your answer has the right form. It is judged when the assignment is graded.")
        return self.verdict(None, Reason.RECORDED, text)

    def _read(self, data: object, world: World | None) -> tuple[Verdict | None, Any]:
        """Return the verdict on an answer that has no right form, or None and its value."""
        try:
            item = opened(data)
            if is_unanswered(item):
                told = _("Replace the dots with your answer and run this again.")
                return self.verdict(0.0, Reason.UNANSWERED, told), None
            return None, self.parse(item, world)
        except AnswerError as error:
            return self.verdict(0.0, Reason.INVALID, str(error)), None

    def compare(self, value: Any, world: World, elsewhere: Iterable[Any]) -> Verdict:  # noqa: ANN401
        """Hold a read answer against the truth, the named mistakes, and other markets' truths."""
        if self.same(value, self.truth(world)):
            return self.verdict(self.points, Reason.RIGHT, in_course(self.message))
        for mistake, wrong in self.mistaken(world):
            if self.same(value, wrong):
                score = self.points * mistake.credit
                return self.verdict(score, Reason.MISTAKE, in_course(mistake.message), mistake.code)
        return self.partly(value, world) or self._wrong(value, elsewhere)

    def partly(self, value: Any, world: World) -> Verdict | None:  # noqa: ANN401, ARG002 - for kinds with parts
        """Return the verdict on an answer of which a part is right; None where there is nothing to say."""
        return None

    def _wrong(self, value: Any, elsewhere: Iterable[Any]) -> Verdict:  # noqa: ANN401
        if any(self.copied(value, truth) for truth in elsewhere):
            text = _("This is the answer of another student's market. Compute it in your own.")
            return self.verdict(0.0, Reason.OTHER_WORLD, text)
        return self.verdict(0.0, Reason.WRONG, self.hint())

    def hint(self) -> str:
        """Return the question's hints, or a general one."""
        if not self.hints:
            return _("Read the question once more, and look at each number on the way.")
        return "\n".join(in_course(hint) for hint in self.hints)

    def verdict(self, score: float | None, reason: Reason, message: str, mistake: str = "") -> Verdict:
        """Make a verdict on this question."""
        return Verdict(self.name, score, self.points, reason, message, mistake)


@dataclass
class Number(Question):
    """One number."""

    unit: str = ""
    between: tuple[float, float] | None = None
    tolerance: float = 0.005
    """Largest error that still counts as right, as a share of the truth."""
    bet: bool = False
    """A bet is never wrong: the verdict tells the truth beside it."""

    def __post_init__(self) -> None:
        self.kind = "number"

    def public(self) -> dict[str, Any]:
        """Return what a student may see: form, unit and bounds."""
        bounds = list(self.between) if self.between else None
        return super().public() | {"unit": self.unit, "between": bounds, "bet": self.bet}

    def parse(self, item: Item, world: World | None = None) -> float:  # noqa: ARG002 - the kinds agree
        """Return the answer as a float within its bounds."""
        return as_number(item, self.unit, self.between)

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether two numbers agree within the tolerance."""
        return math.isclose(float(value), float(truth), rel_tol=self.tolerance, abs_tol=1e-12)

    def copied(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether a number is another market's to six digits.

        Within the tolerance, nearly every wrong number is right for somebody in a class of forty.
        """
        return math.isclose(float(value), float(truth), rel_tol=1e-6, abs_tol=1e-12)

    def compare(self, value: float, world: World, elsewhere: Iterable[Any]) -> Verdict:
        """Judge a number; a bet is held against the truth and never marked."""
        if not self.bet:
            return super().compare(value, world, elsewhere)
        truth = float(self.truth(world))
        text = _("You bet {bet:.3g}; it was {truth:.3g}.").format(bet=value, truth=truth)
        message = f"{text}\n{in_course(self.message)}"
        return Verdict(self.name, self.points, self.points, Reason.BET, message, evidence={"truth": truth})
