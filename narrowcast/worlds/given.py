"""Numbers as a person gives them: in their range, or an error that says which is."""

from __future__ import annotations

import math

import numpy as np

from narrowcast.errors import RecipeError
from narrowcast.language import gettext as _
from narrowcast.worlds.figures import Figure

__all__ = ["varied", "whole", "within"]


def within(field: str, value: float, low: float, high: float) -> float:
    """Return a number given to `World.vary`.

    Raises
    ------
    RecipeError
        If it is no number, or outside `low` to `high`.
    """
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):  # no number at all, or none that fits
        number = math.nan
    if isinstance(value, str | bool) or not low <= number <= high:  # NaN fails this too
        problem = _("{value} is outside {low} to {high}.").format(value=repr(value)[:60], low=low, high=high)
        raise RecipeError("vary()", field, problem)
    return number


def varied(figure: Figure, field: str, value: float, low: float, high: float) -> Figure:
    """Return a figure of a recipe with another value, which `within` lets pass."""
    return figure.model_copy(update={"value": within(field, value, low, high)})


def whole(field: str, value: object, low: int, high: int) -> None:
    """Let a whole number given to `open_world` pass.

    Raises
    ------
    RecipeError
        If it is none, or outside `low` to `high`.
    """
    number = int(value) if isinstance(value, int | np.integer) and not isinstance(value, bool) else None
    if number is not None and low <= number <= high:
        return
    if number is None:
        problem = _("{value} is not a whole number.").format(value=repr(value)[:60])
    else:
        quoted = f"{number:,}" if abs(number) < 10**300 else "∞"  # far longer ones Python does not write
        problem = _("{value} is outside {low:,} to {high:,}.").format(value=quoted, low=low, high=high)
    cure = _("Give a whole number from {low:,} to {high:,}.").format(low=low, high=high)
    raise RecipeError("open_world()", field, problem, cure)
