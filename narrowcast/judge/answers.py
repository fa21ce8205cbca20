"""From plain data to what a question asks for: any honest form is accepted, anything else is named."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence

from narrowcast.errors import AnswerError, nearest
from narrowcast.judge.wire import Item
from narrowcast.language import gettext as _

__all__ = ["as_choice", "as_number", "is_unanswered", "normal"]

_PERCENT = re.compile(r"\s*([-+]?\d{1,12}(?:[.,]\d{1,12})?)\s*%\s*")


def is_unanswered(item: Item) -> bool:
    """Return whether a cell was left as it was handed out."""
    if item.what == "dict":
        return bool(item.members) and all(is_unanswered(member) for member in item.members)
    return item.what in {"none", "dots"} or (item.what == "text" and not item.value.strip())


def _single(item: Item) -> Item:
    """Unwrap what holds exactly one value: an array, a Series or a list of one."""
    while item.what == "list":
        if item.size != 1:
            problem = _("Your answer holds {size} values.").format(size=item.size)
            if item.shape:
                problem = _("Your answer holds {size} values (shape {shape}).").format(
                    size=item.size, shape=item.shape
                )
            raise AnswerError(problem, _("One number is asked for: sum, count or divide until one is left."))
        if not item.whole:
            break
        item = item.members[0]
    return item


def _percentage(item: Item, unit: str) -> Item:
    """Read "12.5%" as 12.5 where percent are asked for."""
    found = _PERCENT.fullmatch(item.value[:40]) if item.what == "text" and unit == "percent" else None
    return item if found is None else Item("number", "str", float(found[1].replace(",", ".")))


def as_number(answer: Item, unit: str, between: tuple[float, float] | None) -> float:
    """Return an answer as a float.

    Parameters
    ----------
    answer
        A number of any type, or a Series, array or list that holds exactly one.
    unit
        What the question asks for; "share" recognises a percentage by its size, "percent" reads "12.5%" too.
    between
        Lowest and highest value that makes sense.

    Raises
    ------
    AnswerError
        If it is no number, not finite, out of bounds, or in another unit. It says what to do.
    """
    item = _percentage(_single(answer), unit)
    if item.what != "number":
        problem = _("Your answer is {value!r}, of type {kind}.").format(value=item.said(), kind=item.kind)
        raise AnswerError(problem, _("A number is asked for ({unit}).").format(unit=unit))
    number = float(item.value)
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


def as_choice(answer: Item, allowed: Sequence[str], item: str = "") -> str:
    """Return an answer as one of the allowed words, whatever its case and spaces.

    Raises
    ------
    AnswerError
        If it is none of them.
    """
    where = _("For {item}: ").format(item=item) if item else ""
    word = answer.said(1_000).strip().lower()
    for option in allowed:
        if answer.what == "text" and word == option.lower():
            return option
    close = nearest(word[:60], allowed, count=1)
    problem = where + _("{answer!r} is not one of the choices.").format(answer=answer.said(60))
    cure = _("Choose one of: {options}.").format(options=", ".join(allowed))
    if close:
        cure = _("Did you mean {name!r}?").format(name=close[0]) + " " + cure
    raise AnswerError(problem, cure)


def normal(text: str, *, accents: bool = True) -> str:
    """Return a text as it is compared: composed letters, lower case, single spaces.

    Parameters
    ----------
    text
        Any text.
    accents
        Whether accents count: "Mây" is not "May". False takes them off, and turns "đ" into "d".
    """
    text = unicodedata.normalize("NFC", text)
    if not accents:
        text = unicodedata.normalize("NFD", text).replace("đ", "d").replace("Đ", "D")
        text = "".join(sign for sign in text if not unicodedata.combining(sign))
    return " ".join(unicodedata.normalize("NFC", text.casefold()).split())
