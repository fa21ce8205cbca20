"""From what a student hands in to plain values: any honest form is accepted, anything else is named."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from narrowcast.errors import AnswerError, nearest
from narrowcast.language import gettext as _

__all__ = ["as_choice", "as_number", "is_unanswered"]


def is_unanswered(answer: object) -> bool:
    """Return whether a cell was left as it was handed out."""
    if isinstance(answer, Mapping) and answer:
        return all(is_unanswered(value) for value in answer.values())
    if isinstance(answer, Mapping):  # a table of dots, as it was handed out
        return bool(answer) and all(is_unanswered(value) for value in answer.values())
    return answer is None or answer is Ellipsis or (isinstance(answer, str) and not answer.strip())


def _plain(answer: object) -> object:
    """Unwrap what holds exactly one value: a NumPy number, a Series or list of one."""
    if isinstance(answer, str | bytes | bool | int | float | Mapping):
        return answer
    shape = getattr(answer, "shape", None)
    item = getattr(answer, "item", None)
    if shape is not None and callable(item):
        size = math.prod(shape)
        if size != 1:
            problem = _("Your answer holds {size} values (shape {shape}).").format(
                size=size, shape=tuple(shape)
            )
            raise AnswerError(problem, _("One number is asked for: sum, count or divide until one is left."))
        return item()
    if isinstance(answer, list | tuple):
        if len(answer) != 1:
            problem = _("Your answer holds {size} values.").format(size=len(answer))
            raise AnswerError(problem, _("One number is asked for."))
        return _plain(answer[0])
    return answer


def as_number(answer: object, unit: str, between: tuple[float, float] | None) -> float:
    """Return an answer as a float.

    Parameters
    ----------
    answer
        A number of any type, or a Series, array or list that holds exactly one.
    unit
        What the question asks for; "share" recognises a percentage by its size.
    between
        Lowest and highest value that makes sense.

    Raises
    ------
    AnswerError
        If it is no number, not finite, out of bounds, or in another unit. It says what to do.
    """
    value = _plain(answer)
    if isinstance(value, bool) or not isinstance(value, int | float):
        problem = _("Your answer is {value!r}, of type {kind}.").format(
            value=str(value)[:60], kind=type(value).__name__
        )
        raise AnswerError(problem, _("A number is asked for ({unit}).").format(unit=unit))
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise AnswerError(
            _("Your answer is {value}.").format(value=number),
            _("Look for a division by zero or a missing value on the way to it."),
        )
    if between is not None and not between[0] <= number <= between[1]:
        problem = _("Your answer is {value:g}; it must lie between {low:g} and {high:g}.").format(
            value=number, low=between[0], high=between[1]
        )
        cure = _("Check the unit: {unit}.").format(unit=unit)
        if unit == "share" and 1 < number <= 100:
            cure = _("It looks like a percentage: divide it by 100 to get a share.")
        raise AnswerError(problem, cure)
    return number


def as_choice(answer: object, allowed: Sequence[str], item: str = "") -> str:
    """Return an answer as one of the allowed words, whatever its case and spaces.

    Raises
    ------
    AnswerError
        If it is none of them.
    """
    where = _("For {item}: ").format(item=item) if item else ""
    word = answer.strip().lower() if isinstance(answer, str) else str(answer)
    for option in allowed:
        if isinstance(answer, str) and word == option.lower():
            return option
    close = nearest(word, allowed, count=1)
    problem = where + _("{answer!r} is not one of the choices.").format(answer=str(answer)[:60])
    cure = _("Choose one of: {options}.").format(options=", ".join(allowed))
    if close:
        cure = _("Did you mean {name!r}?").format(name=close[0]) + " " + cure
    raise AnswerError(problem, cure)
