"""What counts as a number, a sum of money or a word in a plan; anything else is told by field and cure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import numpy as np

from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError, UnknownName
from narrowcast.language import gettext as _

__all__ = ["MOST_MONEY", "MOST_TEXT", "choice", "flag", "many", "money", "number", "plain_number", "shown",
           "shown_path", "text", "whole"]  # fmt: skip

MOST_MONEY = 10**15
MOST_TEXT = 2_000
"""Characters of a name or note."""

Made = TypeVar("Made")


def plain_number(value: object) -> int | float | None:
    """Return a finite number as Python's own, or None where `value` is none.

    Parameters
    ----------
    value
        Anything. An array or Series that holds exactly one number counts as that number; True and
        False are no numbers, NaN and infinity neither.
    """
    if getattr(value, "size", None) == 1 and callable(getattr(value, "item", None)):
        value = value.item()  # type: ignore[attr-defined]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # a whole number too large for a float is finite all the same
        return value


def shown(value: object, most: int = 80) -> str:
    """Return a value as a complaint quotes it: short, whatever it is."""
    try:
        quoted = repr(value)
    except Exception:  # noqa: BLE001 - a number of 5,000 digits, or an object that cannot say what it is
        quoted = type(value).__name__
    return quoted if len(quoted) <= most else quoted[: most - 1] + "…"


def shown_path(path: object, most: int = 80) -> str:
    """Return a place as a complaint quotes it: short, and where it is long, its end, for there stands the name."""
    quoted = str(path)
    return repr(quoted if len(quoted) <= most else "…" + quoted[1 - most :])


def number(step: Step, field: str, value: object, low: float, high: float) -> float:
    """Return a number from `low` to `high`.

    Raises
    ------
    PlanError
        If it is no number, or outside.
    """
    found = plain_number(value)
    if found is None or not low <= found <= high:
        problem = _("{field} is {value}; it must be a number from {low} to {high}.")
        raise PlanError(step, problem.format(field=field, value=shown(value), low=low, high=high))
    return found


def whole(step: Step, field: str, value: object, low: int, high: int) -> int:
    """Return a whole number from `low` to `high`.

    Raises
    ------
    PlanError
        If it is none, or outside.
    """
    found = plain_number(value)
    if found is None or not low <= found <= high or found != int(found):
        problem = _("{field} is {value}; it must be a whole number from {low:,} to {high:,}.")
        given = shown(value) if found is None or abs(found) > MOST_MONEY else f"{found:,}"
        raise PlanError(step, problem.format(field=field, value=given, low=low, high=high))
    return int(found)


def money(step: Step, field: str, value: object) -> int:
    """Return an amount in the currency's smallest unit, 0 to `MOST_MONEY`, rounded.

    Raises
    ------
    PlanError
        If it is no number, outside, or a part of one unit: rounded, it would be nothing.
    """
    amount = plain_number(value)
    if amount is None:
        problem = _("{field} is {value}, which is not an amount of money.")
        raise PlanError(step, problem.format(field=field, value=shown(value)), _("Give a number, 0 or more."))
    if not 0 <= amount <= MOST_MONEY:
        quoted = f"{amount:,.15g}" if abs(amount) < 1e300 else "∞"
        problem = _("{field} is {value}, which is outside 0 to {most:,}.")
        problem = problem.format(field=field, value=quoted, most=MOST_MONEY)
        raise PlanError(step, problem, _("Give an amount in between."))
    if 0 < amount < 1:
        problem = _("{field} is {value}, less than the smallest coin; money is counted in whole ones.")
        problem = problem.format(field=field, value=shown(value))
        raise PlanError(step, problem, _("Give 1 or more, or 0 for nothing."))
    return round(amount)


def flag(step: Step, field: str, value: object) -> bool:
    """Return True or False.

    Raises
    ------
    PlanError
        If it is neither.
    """
    if isinstance(value, np.bool_):
        return bool(value)
    if not isinstance(value, bool):
        problem = _("{field} is {value}; it must be True or False.")
        raise PlanError(step, problem.format(field=field, value=shown(value)))
    return value


def text(step: Step, field: str, value: object) -> str:
    """Return a word or note, at most `MOST_TEXT` characters, as can be written to a file.

    Raises
    ------
    PlanError
        If it is no text, or too long.
    """
    if not isinstance(value, str):
        problem = _("{field} is {value}; it must be a text.").format(field=field, value=shown(value))
        raise PlanError(step, problem, _("Write it in quotes."))
    if len(value) > MOST_TEXT:
        problem = _("{field} has {count:,} characters.").format(field=field, count=len(value))
        raise PlanError(step, problem, _("Use {most:,} or fewer.").format(most=MOST_TEXT))
    return value.encode("utf-8", "replace").decode("utf-8")  # half a character of UTF-16 fits into no file


def choice(kind: str, value: object, allowed: Iterable[str]) -> str:
    """Return a word that is allowed.

    Raises
    ------
    UnknownName
        If it is not; with the nearest that are.
    """
    names = list(allowed)
    if not isinstance(value, str) or value not in names:
        raise UnknownName(kind=kind, given=value, allowed=names)
    return value


def many(
    step: Step, field: str, value: object, made: Callable[[object], Made], most: int = 100
) -> tuple[Made, ...]:
    """Return a list's members, each made by `made`; one alone is a list of one.

    Raises
    ------
    PlanError
        If it is no list, or too long.
    """
    if isinstance(value, str):
        value = (value,)
    if not isinstance(value, Iterable) or isinstance(value, Mapping | bytes):
        problem = _("{field} is {value}; it must be a list.").format(field=field, value=shown(value))
        raise PlanError(step, problem)
    members: list[Made] = []
    for member in value:
        if len(members) == most:
            problem = _("{field} has more than {most} members.").format(field=field, most=most)
            raise PlanError(step, problem)
        members.append(made(member))
    return tuple(members)
