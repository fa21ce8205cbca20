"""Questions whose answer is a function: the judge calls it with inputs of its own."""

from __future__ import annotations

import copy
import inspect
import io
import math
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from narrowcast.errors import AnswerError
from narrowcast.judge.questions import Question
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds import World

__all__ = ["FunctionQuestion"]

Answer = Callable[..., Any]


@dataclass
class FunctionQuestion(Question):
    """A function, judged by what it returns.

    Attributes
    ----------
    takes
        Names of its arguments.
    examples
        Inputs that the judge calls it with, in this order. Where the true function raises an error,
        the student's must raise one too.
    """

    takes: Sequence[str] = ()
    examples: Sequence[tuple[Any, ...]] = ()
    tolerance: float = 1e-6

    def __post_init__(self) -> None:
        self.kind = "function"

    def public(self) -> dict[str, Any]:
        """Return what a student may see: the arguments' names."""
        return super().public() | {"takes": list(self.takes)}

    def read(self, answer: object, world: World | None = None) -> Answer:  # noqa: ARG002 - the kinds agree
        """Return the answer as something that can be called with the question's arguments."""
        if not callable(answer):
            problem = _("Your answer is {value!r}, of type {kind}.").format(
                value=str(answer)[:60], kind=type(answer).__name__
            )
            raise AnswerError(
                problem, _("Hand in the function itself, without calling it: no brackets after its name.")
            )
        try:
            inspect.signature(answer).bind(*self.takes)
        except TypeError as error:
            cure = _("It must take: {names}.").format(names=", ".join(self.takes))
            raise AnswerError(_("Your function cannot be called: {why}.").format(why=error), cure) from None
        except ValueError:  # a function written in C has no signature; calling it will tell
            pass
        return answer

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether two functions agree on every example."""
        return self._first_difference(value, truth) is None

    def _first_difference(
        self, mine: Answer, theirs: Answer
    ) -> tuple[tuple[Any, ...], object, object] | None:
        for inputs in self.examples:
            got, wanted = _result(mine, inputs), _result(theirs, inputs)
            if not _agree(got, wanted, self.tolerance):
                return inputs, got, wanted
        return None

    def compare(self, value: object, world: World, others: Sequence[World]) -> Verdict:  # noqa: ARG002
        """Judge a function; a wrong one is shown an input at which it fails."""
        if all(_empty(_result(self.read(value), inputs)) for inputs in self.examples):
            told = _("Your function returns nothing yet. End it with: return ...")
            return self.verdict(0.0, Reason.UNANSWERED, told)
        verdict = super().compare(value, world, ())
        if verdict.reason is not Reason.WRONG:
            return verdict
        failed = self._first_difference(self.read(value), self.compute(world))
        if failed is None:  # it answered differently when asked again
            told = _("Your function does not give the same answer each time it is asked.")
            return self.verdict(0.0, Reason.WRONG, told)
        inputs, got, wanted = failed
        call = ", ".join(f"{name}={value!r}" for name, value in zip(self.takes, inputs, strict=True))
        told = _("Called with {call}, it {did}; it should {should}.").format(
            call=call, did=_did(got), should=_should(wanted)
        )
        return self.verdict(0.0, Reason.WRONG, f"{told}\n{self.hint()}")


def _result(function: Answer, inputs: tuple[Any, ...]) -> object:
    """Call a function and return what it gives, or the error it raises; what it prints is dropped."""
    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            return function(*copy.deepcopy(inputs))  # a function may change what it is given
    except (Exception, SystemExit) as error:  # noqa: BLE001 - a student's function may raise anything
        return error


def _agree(got: object, wanted: object, tolerance: float) -> bool:
    if isinstance(wanted, Exception) or isinstance(got, BaseException):
        # An unfinished function is no right answer to an input that must be refused.
        return (
            isinstance(wanted, Exception)
            and isinstance(got, Exception)
            and not isinstance(got, NotImplementedError | NameError)
        )
    if isinstance(wanted, bool | str) or wanted is None:
        return type(got) is type(wanted) and got == wanted
    if isinstance(got, str | bytes | bool):  # a text that reads like a number is none
        return False
    try:
        return math.isclose(float(got), float(wanted), rel_tol=tolerance, abs_tol=tolerance)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return False


def _did(got: object) -> str:
    if isinstance(got, BaseException):
        return _("raised {kind}: {text}").format(kind=type(got).__name__, text=str(got)[:120])
    return _("returned {value}").format(value=repr(got)[:80])


def _should(wanted: object) -> str:
    if isinstance(wanted, Exception):
        return _("raise an error: {text}").format(text=in_course(str(wanted)))
    return _("return {value}").format(value=f"{wanted:.6g}" if isinstance(wanted, float) else repr(wanted))


def _empty(result: object) -> bool:
    return result is None or result is Ellipsis
