"""Looks at what was given before it is reckoned with, so that a mistake is told in words."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _

__all__ = ["Floats", "Ints", "flag", "floats", "is_finite", "level", "number", "sums_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def is_finite(value: object) -> bool:
    """Return whether a value is a number that can be reckoned with; no text, no table."""
    if isinstance(value, str | bytes | bool | np.bool_) or not hasattr(value, "__float__"):
        return False
    try:
        return math.isfinite(float(value))
    except (TypeError, ValueError, OverflowError):
        return False


def number(name: str, value: object, low: float = -math.inf, high: float = math.inf) -> float:
    """Return `value` as a float.

    Parameters
    ----------
    name
        What the number is called where it was given.
    value
        What was given.
    low, high
        The least and the most that is allowed.

    Raises
    ------
    AnswerError
        If it is no finite number, or lies outside.
    """
    if not is_finite(value):
        raise AnswerError(
            _("{name} is {value}; it must be a finite number.").format(name=name, value=reprlib.repr(value))
        )
    found = float(value)  # type: ignore[arg-type] # is_finite has looked
    if not low <= found <= high:
        allowed = (
            _("It must be at least {low:,g}.").format(low=low)
            if high == math.inf
            else _("It must lie from {low:,g} to {high:,g}.").format(low=low, high=high)
        )
        raise AnswerError(_("{name} is {value:,g}.").format(name=name, value=found), allowed)
    return found


def flag(name: str, value: object) -> bool:
    """Return `value` as True or False; a word such as "no" would silently be true.

    Raises
    ------
    AnswerError
        If it is anything else.
    """
    if not isinstance(value, bool | np.bool_):
        raise AnswerError(
            _("{name} is {value}; it is True or False.").format(name=name, value=reprlib.repr(value)),
            _("Write {name}=True or {name}=False, without quotation marks.").format(name=name),
        )
    return bool(value)


def level(name: str, value: object) -> float:
    """Return `value` as a float strictly between 0 and 1, such as a confidence or a power.

    Raises
    ------
    AnswerError
        If it is anything else.
    """
    found = number(name, value)
    if not 0 < found < 1:
        raise AnswerError(
            _("{name} is {value:,g}; it lies between 0 and 1, such as 0.95.").format(name=name, value=found)
        )
    return found


def floats(
    name: str, values: npt.ArrayLike, size: int | None = None, low: float = -math.inf, high: float = math.inf
) -> Floats:
    """Return `values` as an array of finite numbers of one dimension.

    Parameters
    ----------
    name
        What the numbers are called where they were given.
    values
        A list, array or column.
    size
        How many there must be; None: any number.
    low, high
        The least and the most that is allowed for each.

    Raises
    ------
    AnswerError
        If they are no such numbers.
    """
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        problem = _("{name} is {value}; it must be a row of numbers.")
        raise AnswerError(problem.format(name=name, value=reprlib.repr(values))) from None
    if found.ndim != 1:
        raise AnswerError(_("{name} has the shape {shape}; it must be one row.").format(
            name=name, shape=found.shape))  # fmt: skip
    if size is not None and found.size != size:
        problem = _("{name} has {count:,} values where {size:,} are needed: one for each.")
        raise AnswerError(problem.format(name=name, count=found.size, size=size))
    if not np.isfinite(found).all():
        problem = _("{name} has {count:,} values that are no finite numbers.")
        cure = _("Fill in or leave out what is missing, and say which you did.")
        raise AnswerError(problem.format(name=name, count=int((~np.isfinite(found)).sum())), cure)
    if found.size and not (low <= found.min() and found.max() <= high):
        problem = _("{name} runs from {least:,g} to {most:,g}; allowed is {low:,g} to {high:,g}.")
        raise AnswerError(problem.format(name=name, least=found.min(), most=found.max(), low=low, high=high))
    return found


def sums_of(given: Mapping[str, float] | pd.Series[float], names: tuple[str, ...]) -> dict[str, float]:
    """Return the named sums out of a mapping or a Series, each 0 or more or below it.

    Raises
    ------
    AnswerError
        If one is missing, or is no finite number.
    """
    if not isinstance(given, Mapping | pd.Series):
        problem = _("{value} is no set of named sums.").format(value=reprlib.repr(given))
        raise AnswerError(problem, _("Give a dict or a Series with {names}.").format(names=", ".join(names)))
    missing = [name for name in names if name not in given.keys()]  # noqa: SIM118 - of a Series, `in` means this too
    if missing:
        raise AnswerError(
            _("These sums are missing: {missing}.").format(missing=", ".join(missing)),
            _("Needed are {names}.").format(names=", ".join(names)),
        )
    return {name: number(name, given[name]) for name in names}
