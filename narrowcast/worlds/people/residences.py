"""Where the customers live, a block at a time."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from narrowcast.errors import RecipeError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.ingredients import LOCALES, Segment
from narrowcast.worlds.people.lots import Lots
from narrowcast.worlds.people.vietnamese import PROVINCES, provinces
from narrowcast.worlds.recipe import Recipe

__all__ = ["residences"]

_PROVINCE = 11
"""Slot of the identity's draws."""


def residences(block: Block) -> tuple[tuple[str, ...], npt.NDArray[np.unsignedinteger[Any]]]:
    """Draw where customers live.

    Returns
    -------
    names
        Every place where somebody may live.
    codes
        Shape (n,): number of each customer's.

    Raises
    ------
    RecipeError
        If a recipe names no province of Vietnam, or the shares of another country do not add up to 1.
    """
    segments = block.recipe.segments
    for name, segment in segments.items():
        _check_provinces(block.recipe, name, segment)
    names, lots = _places(tuple((s.locale, tuple(s.provinces.items())) for s in segments.values()))
    return names, lots.draw(block.draw(Purpose.IDENTITY, _PROVINCE), block.segment)


@lru_cache(maxsize=64)
def _places(segments: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]) -> tuple[tuple[str, ...], Lots]:
    """Return the places where people of some segments live, and an urn of them for each segment."""
    shares = [_shares(locale, dict(named)) for locale, named in segments]
    names = tuple(dict.fromkeys([*PROVINCES, *(place for share in shares for place in share)]))
    return names, Lots([share.get(place, 0.0) for place in names] for share in shares)


def _check_provinces(recipe: Recipe, name: str, segment: Segment) -> None:
    field, total = f"segments.{name}.provinces", sum(segment.provinces.values())
    if segment.locale == LOCALES[0]:
        for given in segment.provinces:
            if given not in PROVINCES:
                unknown = UnknownName(kind=_("province"), given=given, allowed=provinces())
                raise RecipeError(recipe.name, field, str(unknown))
        if set(segment.provinces) == set(PROVINCES) and abs(total - 1) > 1e-6:
            raise _not_one(recipe, field, total)
    elif abs(total - 1) > 1e-6:
        raise _not_one(recipe, field, total)


def _not_one(recipe: Recipe, field: str, total: float) -> RecipeError:
    problem = _("the shares add up to {total}, not 1.").format(total=round(total, 6))
    return RecipeError(recipe.name, field, problem, _("Name every place, with its share."))


def _shares(locale: str, named: dict[str, float]) -> dict[str, float]:
    """Return each place's share; what is left lies in Vietnam's other provinces, as people do."""
    if locale != LOCALES[0]:
        return named
    others = {place: people for place, people in PROVINCES.items() if place not in named}
    left, total = max(0.0, 1 - sum(named.values())), sum(others.values())
    return named | {place: left * people / total for place, people in others.items()}
