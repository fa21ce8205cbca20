"""The kinds of question, and how each judges an answer.

A question knows how to compute its truth in a world, and the wrong answers that known mistakes lead
to. Judging never trusts an answer: what comes in is turned into plain values first.
"""

from __future__ import annotations

import inspect
import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from narrowcast.errors import AnswerError
from narrowcast.judge.answers import as_choice, as_number, is_unanswered
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds import World

__all__ = ["Choice", "Mistake", "Number", "Question", "Written"]

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

    @abstractmethod
    def read(self, answer: object, world: World | None = None) -> object:
        """Turn an answer into a plain value; AnswerError says what is wrong with its form."""

    @abstractmethod
    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401 - the kinds differ
        """Return whether a read answer and a computed one are the same."""

    def copied(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether a read answer is the truth of another market, and not merely close to it."""
        return self.same(value, truth)

    def judge(self, answer: object, world: World, others: Sequence[World] = ()) -> Verdict:
        """Judge an answer.

        Parameters
        ----------
        answer
            Whatever the student handed in.
        world
            The student's own market.
        others
            Other students' markets, to recognise an answer that was right there.
        """
        early = self.form(answer, world)
        if early.reason is not Reason.RECORDED:
            return early
        return self.compare(self.read(answer, world), world, others)

    def form(self, answer: object, world: World | None = None) -> Verdict:
        """Say whether an answer has the right form; all that can be said where there is no key."""
        if is_unanswered(answer):
            return self.verdict(
                0.0, Reason.UNANSWERED, _("Replace the dots with your answer and run this again.")
            )
        try:
            self.read(answer, world)
        except AnswerError as error:
            return self.verdict(0.0, Reason.INVALID, str(error))
        text = _("Your answer has the right form. It is judged when the assignment is graded.")
        return self.verdict(None, Reason.RECORDED, text)

    def compare(self, value: object, world: World, others: Sequence[World]) -> Verdict:
        """Hold a read answer against the truth, the named mistakes, and other markets' truths."""
        if self.same(value, self.compute(world)):
            return self.verdict(self.points, Reason.RIGHT, in_course(self.message))
        for mistake in self.mistakes:
            if self.same(value, mistake.compute(world)):
                score = self.points * mistake.credit
                return self.verdict(score, Reason.MISTAKE, in_course(mistake.message), mistake.code)
        if any(self.copied(value, self.compute(other)) for other in others):
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

    def read(self, answer: object, world: World | None = None) -> float:  # noqa: ARG002 - the kinds agree
        """Return the answer as a float within its bounds."""
        return as_number(answer, self.unit, self.between)

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether two numbers agree within the tolerance."""
        return math.isclose(float(value), float(truth), rel_tol=self.tolerance, abs_tol=1e-12)

    def copied(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether a number is another market's to six digits.

        Within the tolerance, nearly every wrong number is right for somebody in a class of forty.
        """
        return math.isclose(float(value), float(truth), rel_tol=1e-6, abs_tol=1e-12)

    def compare(self, value: object, world: World, others: Sequence[World]) -> Verdict:
        """Judge a number; a bet is held against the truth and never marked."""
        if not self.bet:
            return super().compare(value, world, others)
        truth = float(self.compute(world))
        text = _("You bet {bet:.3g}; it was {truth:.3g}.").format(bet=value, truth=truth)
        message = f"{text}\n{in_course(self.message)}"
        return Verdict(self.name, self.points, self.points, Reason.BET, message, evidence={"truth": truth})


@dataclass
class Choice(Question):
    """One of several words, or one for each of several items."""

    options: Sequence[str] | Mapping[str, Sequence[str]] = ()

    def __post_init__(self) -> None:
        self.kind = "choice"

    def public(self) -> dict[str, Any]:
        """Return what a student may see: the choices."""
        many = isinstance(self.options, Mapping)
        shown = {k: list(v) for k, v in self.options.items()} if many else list(self.options)  # type: ignore[union-attr]
        return super().public() | {"options": shown}

    def read(self, answer: object, world: World | None = None) -> dict[str, str]:  # noqa: ARG002
        """Return the answer as a choice for each item; a single question's item is ""."""
        if not isinstance(self.options, Mapping):
            return {"": as_choice(answer, self.options)}
        if not isinstance(answer, Mapping):
            problem = _("Your answer is of type {kind}.").format(kind=type(answer).__name__)
            cure = _("A dictionary is asked for, with a choice for each of: {items}.")
            raise AnswerError(problem, cure.format(items=", ".join(self.options)))
        for item in answer:
            if item not in self.options:
                as_choice(item, list(self.options), item=_("the items"))
        given = {item: answer[item] for item in self.options if not is_unanswered(answer.get(item))}
        return {item: as_choice(word, self.options[item], item=item) for item, word in given.items()}

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether every item is chosen alike."""
        wanted = truth if isinstance(truth, Mapping) else {"": truth}
        return dict(value) == dict(wanted)

    def compare(self, value: object, world: World, others: Sequence[World]) -> Verdict:
        """Judge choices: each right item earns its share."""
        verdict = super().compare(value, world, others)
        truth = self.compute(world)
        if (
            verdict.reason is not Reason.WRONG
            or not isinstance(truth, Mapping)
            or not isinstance(value, dict)
        ):
            return verdict
        wrong = [item for item, option in truth.items() if value.get(item) != option]
        score = self.points * (1 - len(wrong) / len(truth))
        told = _("{right} of {all} are right. Look again at: {items}.").format(
            right=len(truth) - len(wrong), all=len(truth), items=", ".join(wrong)
        )
        return self.verdict(score, Reason.PARTLY if score else Reason.WRONG, f"{told}\n{self.hint()}")


@dataclass
class Written(Question):
    """A text that a person marks, by a rubric."""

    rubric: Sequence[str] = ()

    def __post_init__(self) -> None:
        self.kind = "written"

    def public(self) -> dict[str, Any]:
        """Return what a student may see: the rubric."""
        return super().public() | {"rubric": list(self.rubric)}

    def messages(self) -> list[str]:
        """Return every text that a person reads, the rubric included."""
        return [*super().messages(), *self.rubric]

    def read(self, answer: object, world: World | None = None) -> object:  # noqa: ARG002
        """Return the answer as it is: no machine reads it."""
        return answer

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401, ARG002
        """Return False: no machine says whether a text is right."""
        return False

    def compare(self, value: object, world: World, others: Sequence[World]) -> Verdict:  # noqa: ARG002
        """Say that a person will read it, and by what rubric."""
        points = "\n".join(f"· {in_course(line)}" for line in self.rubric)
        return self.verdict(None, Reason.BY_HAND, _("A person reads this, by this rubric:") + "\n" + points)
