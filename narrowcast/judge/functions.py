"""Questions whose answer is a function: it is called where it was written, and judged by what it returned."""

from __future__ import annotations

import copy
import inspect
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property, partial
from types import CoroutineType
from typing import Any
from zlib import crc32

import numpy as np

from narrowcast.errors import AnswerError
from narrowcast.judge.agree import agree, did, should
from narrowcast.judge.carry import ROOM, Carrier, carried, kind_of, raised
from narrowcast.judge.questions import FEW, SHORT, Question
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.judge.wire import MOST_NODES, Data, Item, opened
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds import World

__all__ = ["FunctionQuestion"]

Generated = Callable[[np.random.Generator, World], Iterable[Sequence[Any]]]
Property = Callable[[list[Any], list[Any]], bool]


@dataclass
class FunctionQuestion(Question):
    """A function, judged by what it returns.

    Attributes
    ----------
    takes
        Names of its arguments.
    examples
        Inputs that it is called with, in this order. Where the true function raises an error, the student's must
        raise one too.
    generated
        Given a random generator of the market's own and the market, returns further inputs.
    properties
        By what is said of it, a check: given all inputs and all that was returned (None for an error), returns
        whether it holds. A function whose truth is None is judged by its properties alone.
    tolerance
        Largest difference of two numbers that agree, as a share and as such.
    """

    takes: Sequence[str] = ()
    examples: Sequence[tuple[Any, ...]] = ()
    generated: Generated | None = None
    properties: Mapping[str, Property] = field(default_factory=dict)
    tolerance: float = 1e-6

    def __post_init__(self) -> None:
        self.kind = "function"

    @cached_property
    def _examples(self) -> list[list[Any]]:
        return [as_json(example) for example in self.examples]

    def public(self) -> dict[str, Any]:
        """Return what a student may see: the arguments' names."""
        return super().public() | {"takes": list(self.takes)}

    def messages(self) -> list[str]:
        """Return every text that a person reads, names of properties included."""
        return [*super().messages(), *self.properties]

    def inputs(self, world: World) -> list[Any]:
        """Return what a student's function is called with: the examples, then what is generated for this market."""
        return copy.deepcopy(self._memory.once(world, "inputs", lambda: self._made_inputs(world)))

    def _made_inputs(self, world: World) -> list[Any]:
        if self.generated is None:
            return self._examples
        seed = 0 if world is None else world.seed
        luck = np.random.default_rng([crc32(self.name.encode()), seed])
        return [*self._examples, *(as_json(one) for one in self.generated(luck, world))]

    def plain(self, answer: object, world: World | None = None, inputs: Any = None) -> Data:  # noqa: ANN401, ARG002
        """Return a function as plain data: whether it can be called, and what it gave for each input."""
        if not callable(answer):
            return {"answer": carried(answer, SHORT, FEW)}
        node: dict[str, Any] = {
            "is": "function",
            "kind": kind_of(answer),
            "why": _hindrance(answer, self.takes),
        }
        if inputs is not None and not node["why"]:
            node["results"] = _called(answer, inputs)
        return {"answer": node}

    def parse(self, item: Item, world: World | None = None) -> Item:  # noqa: ARG002 - the kinds agree
        """Return the answer as a function that could be called with the question's arguments."""
        if item.what != "function":
            problem = _("Your answer is {value!r}, of type {kind}.").format(value=item.said(), kind=item.kind)
            cure = _("Hand in the function itself, without calling it: no brackets after its name.")
            raise AnswerError(problem, cure)
        if not item.good:
            problem = _("Your function cannot be called: {why}.").format(why=item.value)
            raise AnswerError(problem, _("It must take: {names}.").format(names=", ".join(self.takes)))
        return item

    def results(self, function: Any, inputs: list[Any]) -> tuple[Item, ...]:  # noqa: ANN401
        """Return what a function of the key gives, in the form in which a student's results come out."""
        return opened({"answer": {"is": "function", "results": _called(function, inputs)}}).members

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether a student's results agree with those of a true or mistaken function."""
        return len(value) == len(truth) and all(
            agree(got, wanted, self.tolerance) for got, wanted in zip(value, truth, strict=True)
        )

    def is_truth_of(self, data: object, truth: Any) -> bool:  # noqa: ANN401, ARG002
        """Return False: a function is right everywhere or nowhere."""
        return False

    def compare(self, value: Item, world: World, elsewhere: Iterable[Any]) -> Verdict:  # noqa: ARG002
        """Judge a function; a wrong one is shown an input at which it fails."""
        inputs, got = self.inputs(world), value.members
        if len(got) != len(inputs):
            told = _("Your function was not called with every input.")
            return self.verdict(0.0, Reason.INVALID, told + " " + _("Run the check again."))
        if all(one.what in {"none", "dots"} for one in got):
            told = _("Your function returns nothing yet. End it with: return ...")
            return self.verdict(0.0, Reason.UNANSWERED, told)
        wanted = self._wanted(world)
        broken = self.broken(inputs, got)
        if not broken and (wanted is None or self.same(got, wanted)):
            return self.verdict(self.points, Reason.RIGHT, in_course(self.message))
        for place, (mistake, function) in enumerate(self.mistaken(world)):
            make = partial(self.results, function, inputs)
            made = self._memory.once(world, ("results", place), make)
            if self.same(got, made):
                score = self.points * mistake.credit
                return self.verdict(score, Reason.MISTAKE, in_course(mistake.message), mistake.code)
        lines = [_("It does not hold: {check}").format(check=in_course(one)) for one in broken]
        return self.verdict(
            0.0, Reason.WRONG, "\n".join([*self._failed(inputs, got, wanted), *lines, self.hint()])
        )

    def _wanted(self, world: World) -> tuple[Item, ...] | None:
        function = self.truth(world)
        if function is None:
            return None
        return self._memory.once(world, "results", lambda: self.results(function, self.inputs(world)))

    def broken(self, inputs: list[Any], results: Sequence[Item]) -> list[str]:
        """Return the properties that do not hold of what a function returned."""
        outputs = [result.python() for result in results]
        return [name for name, check in self.properties.items() if not _holds(check, inputs, outputs)]

    def _failed(self, inputs: list[Any], got: Sequence[Item], wanted: Sequence[Item] | None) -> list[str]:
        """Say at which input a function fails first."""
        for given, mine, theirs in zip(inputs, got, wanted or (), strict=False):
            if not agree(mine, theirs, self.tolerance):
                call = ", ".join(f"{name}={value!r}" for name, value in zip(self.takes, given, strict=True))
                told = _("Called with {call}, it {did}; it should {should}.")
                return [told.format(call=call[:500], did=did(mine), should=should(theirs))]
        return []


def _holds(check: Property, inputs: list[Any], outputs: list[Any]) -> bool:
    try:
        return bool(check(copy.deepcopy(inputs), copy.deepcopy(outputs)))
    except Exception:  # noqa: BLE001 - what a student's function returned need not even be a number
        return False


def as_json(inputs: Sequence[Any]) -> list[Any]:
    """Return a function's inputs as JSON holds them: NumPy's numbers as Python's, tuples as lists."""
    return [_as_json(value) for value in inputs]


def _as_json(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, np.generic | np.ndarray):
        return _as_json(value.tolist())
    if isinstance(value, list | tuple):
        return [_as_json(member) for member in value]
    if isinstance(value, dict):
        return {str(name): _as_json(member) for name, member in value.items()}
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"an input of a function question is {value!r}; only what JSON holds can be one")


def _hindrance(answer: Callable[..., Any], takes: Sequence[str]) -> str:
    """Return why a function cannot be called with these arguments; empty where it can, or will not say."""
    try:
        inspect.signature(answer).bind(*takes)
    except KeyboardInterrupt:
        raise
    except TypeError as error:
        return str(raised(error)["text"]) or "TypeError"
    except BaseException:  # noqa: BLE001 - one written in C has no signature, another lies: calling it will tell
        return ""
    return ""


def _called(function: Callable[..., Any], inputs: Sequence[Sequence[Any]]) -> list[Any]:
    """Return what a function gives for each input, or the error it raises; what it prints is dropped.

    Whoever interrupts a function that does not come back ends the calls: those that follow count as interrupted.
    """
    calls = copy.deepcopy(list(inputs))  # a function may change what it is given
    room, nodes = (most // max(len(calls), 1) for most in (ROOM, MOST_NODES))
    results, stopped = list[Any](), None
    for arguments in calls:
        if stopped is None:
            try:
                with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
                    made = function(*arguments)
                if type(made) is CoroutineType:
                    made.close()
                results.append(Carrier(room, nodes).node(made))
                continue
            except KeyboardInterrupt as error:
                stopped = raised(error)
            except BaseException as error:  # noqa: BLE001 - a student's function may raise anything
                results.append(raised(error))
                continue
        results.append(stopped)
    return results
