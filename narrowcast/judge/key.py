"""An answer key, as code: the truth of each question, and the wrong answers that have names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from narrowcast.errors import CourseError, UnknownName
from narrowcast.judge.choice import Choice
from narrowcast.judge.functions import FunctionQuestion, Generated, Property
from narrowcast.judge.loading import load_module
from narrowcast.judge.places import PLANS
from narrowcast.judge.plans import PlanQuestion
from narrowcast.judge.questions import Compute, Number, Question, message_of
from narrowcast.judge.searched import read_plans
from narrowcast.judge.tables import TableQuestion
from narrowcast.judge.text import Text
from narrowcast.judge.verdict import Verdict
from narrowcast.judge.written import Written
from narrowcast.language import gettext as _
from narrowcast.simulate.search import know_plans
from narrowcast.worlds import World

__all__ = ["Key", "load_key"]

Decorator = Callable[[Compute], Any]


class Key:
    """The key of a lesson or an assignment.

    Parameters
    ----------
    name
        Name of its folder, such as "01-rules-flipped".
    world
        The world its questions are asked about; left out, it is the first of `worlds`.
    worlds
        Further worlds it uses.

    Examples
    --------
    >>> key = Key("example", world="hcmc-fashion")
    >>> @key.number("q1", points=2, unit="share", between=(0, 1))
    ... def conversion(world):
    ...     "Orders over visits."
    ...     return 0.25
    >>> key.judge("q1", 0.25, None).score
    2.0
    """

    def __init__(self, name: str, world: str = "", worlds: Sequence[str] = ()) -> None:
        self.name = name
        self.worlds = tuple(dict.fromkeys(filter(None, (world, *worlds))))
        if not self.worlds:
            raise CourseError(_("The key {key!r} names no world.").format(key=name), _("Give it world=."))
        self.questions: dict[str, Question] = {}

    def _keep(self, kind: type[Question], name: str, points: float, fields: dict[str, Any]) -> Decorator:
        if name in self.questions:
            raise CourseError(
                _("The key {key!r} has two questions {name!r}.").format(key=self.name, name=name),
                _("Give each a name of its own."),
            )

        def keep(function: Compute) -> Question:
            question = kind(name, float(points), function, message_of(function), **fields)
            self.questions[name] = question
            return question

        return keep

    def number(
        self, name: str, *, points: float = 0, unit: str = "", between: tuple[float, float] | None = None,
        hints: Sequence[str] = (), tolerance: float = 0.005, bet: bool = False, world: str | None = None,
    ) -> Decorator:  # fmt: skip
        """Ask for a number; the decorated function of a world gives the truth, its docstring the praise."""
        fields = {
            "unit": unit,
            "between": between,
            "hints": hints,
            "tolerance": tolerance,
            "bet": bet,
            "world": world,
        }
        return self._keep(Number, name, points, fields)

    def choice(
        self, name: str, *, options: Sequence[str] | Mapping[str, Sequence[str]], points: float = 0,
        hints: Sequence[str] = (), world: str | None = None,
    ) -> Decorator:  # fmt: skip
        """Ask for a word, or for a word for each of several items."""
        return self._keep(Choice, name, points, {"options": options, "hints": hints, "world": world})

    def text(
        self, name: str, *, points: float = 0, accents: bool = True, longest: int = 200,
        hints: Sequence[str] = (), world: str | None = None,
    ) -> Decorator:  # fmt: skip
        """Ask for a short text; the decorated function returns one that is right, several, or a pattern."""
        fields = {"accents": accents, "longest": longest, "hints": hints, "world": world}
        return self._keep(Text, name, points, fields)

    def table(
        self, name: str, *, columns: Sequence[str], by: Sequence[str] = (), ordered: bool = False, points: float = 0,
        tolerance: float = 0.005, hints: Sequence[str] = (), world: str | None = None,
    ) -> Decorator:  # fmt: skip
        """Ask for a table with these columns; `by` names those that tell rows apart, `ordered` whether order counts."""
        fields = {
            "columns": columns, "by": by, "ordered": ordered, "tolerance": tolerance, "hints": hints, "world": world,
        }  # fmt: skip
        return self._keep(TableQuestion, name, points, fields)

    def function(
        self, name: str, *, takes: Sequence[str], examples: Sequence[tuple[Any, ...]] = (),
        generated: Generated | None = None, properties: Mapping[str, Property] | None = None, points: float = 0,
        hints: Sequence[str] = (), tolerance: float = 1e-6, world: str | None = None,
    ) -> Decorator:  # fmt: skip
        """Ask for a function; the decorated function of a world returns the true one, or None: properties decide."""
        fields = {
            "takes": takes,
            "examples": examples,
            "generated": generated,
            "properties": dict(properties or {}),
            "hints": hints,
            "tolerance": tolerance,
            "world": world,
        }
        return self._keep(FunctionQuestion, name, points, fields)

    def plan(
        self, name: str, *, budget: int, points: float = 0, weeks: int = 4,
        seeds: Sequence[int] = (9_001, 9_002), hints: Sequence[str] = (), world: str | None = None,
        craft: bool = False,
    ) -> Decorator:  # fmt: skip
        """Ask for a plan; the decorated function of a world returns the naive one."""
        fields = {
            "budget": budget,
            "weeks": weeks,
            "seeds": seeds,
            "hints": hints,
            "world": world,
            "craft": craft,
        }
        return self._keep(PlanQuestion, name, points, fields)

    def written(
        self, name: str, *, rubric: Sequence[str], points: float = 0, hints: Sequence[str] = (),
    ) -> Decorator:  # fmt: skip
        """Ask for a text that a person marks; the docstring says what a good one does."""
        return self._keep(Written, name, points, {"rubric": rubric, "hints": hints})

    def question(self, name: str) -> Question:
        """Return a question.

        Raises
        ------
        UnknownName
            If the key has no such question.
        """
        if not isinstance(name, str) or name not in self.questions:
            raise UnknownName(kind=_("question"), given=name, allowed=self.questions)
        return self.questions[name]

    def judge(self, name: str, answer: object, world: World, others: Sequence[World] = ()) -> Verdict:
        """Judge an answer to one question in a student's world."""
        return self.question(name).judge(answer, world, others)

    @property
    def points(self) -> float:
        """All points together."""
        return sum(question.points for question in self.questions.values())

    def public(self) -> dict[str, Any]:
        """Return what travels with a released notebook: kinds, units, bounds, hints; no truth, no mistake."""
        questions = {name: question.public() for name, question in self.questions.items()}
        return {"name": self.name, "worlds": list(self.worlds), "points": self.points, "questions": questions}

    def messages(self) -> list[tuple[str, str]]:
        """Return every text of the key that a person reads, with its question."""
        return [(name, text) for name, question in self.questions.items() for text in question.messages()]


def load_key(path: Path) -> Key:
    """Read a key from its file: the variable `key` of the module; and the plans that were searched for it.

    Raises
    ------
    CourseError
        If the file is missing, cannot be run, or holds no key; or the plans beside it cannot be read.
    """
    cure = _("A key file defines key = Key(...) and its questions; see CONTRIBUTING.md.")
    if not path.is_file():
        raise CourseError(_("There is no key at {path}.").format(path=path), cure)
    key = getattr(load_module(path, cure), "key", None)
    if not isinstance(key, Key):
        raise CourseError(_("{path} holds no key.").format(path=path), cure)
    know_plans(read_plans(path.with_name(PLANS)))
    return key
