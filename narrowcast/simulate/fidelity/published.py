"""What was published, and the recipes calibrated to it."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from narrowcast.simulate.census import Census
from narrowcast.worlds import World
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.recipe import Recipe, load_recipe

__all__ = ["nobody", "published", "recipe_here", "settled", "with_value"]

_HERE = Path(__file__).parent


@cache
def published() -> dict[str, dict[str, Any]]:
    """Return the published tables by name, as `published.toml` has them."""
    return tomllib.loads((_HERE / "published.toml").read_text(encoding="utf-8"))


@cache
def recipe_here(name: str) -> Recipe:
    """Return a recipe of this folder: "retail-trial" or "bank-calls"."""
    return load_recipe(_HERE / f"{name}.toml")


def settled(recipe: Recipe, customers: int, seed: int) -> World:
    """Return a market of a recipe that is not among the course's."""
    return World(recipe, None, seed, past=Blueprint(recipe, customers, seed))


def with_value(part: Any, **values: float) -> Any:  # noqa: ANN401 - any part of a recipe
    """Return a part of a recipe with other values in some of its figures."""
    figures = {
        name: getattr(part, name).model_copy(update={"value": value}) for name, value in values.items()
    }
    return part.model_copy(update=figures)


def nobody() -> Census:
    """Return a census for a plan that shares no money out."""
    counts = np.zeros((0, 0), np.int64)
    return Census(np.zeros((0, 0)), counts, counts, counts, (), 0)
