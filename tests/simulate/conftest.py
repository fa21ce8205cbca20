"""Small markets, and a way to set a recipe's figures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

from narrowcast.worlds import World, open_world
from narrowcast.worlds.population import draw_population

settings.register_profile("narrowcast", deadline=None, derandomize=True, database=None)
settings.load_profile("narrowcast")


@pytest.fixture(scope="session")
def fashion() -> World:
    return open_world("hcmc-fashion", customers=2_000)


@pytest.fixture(scope="session")
def drink() -> World:
    return open_world("soft-drink", customers=2_000)


def with_figures(part: Any, **values: float) -> Any:
    """Return a part of a recipe with other values."""
    return part.model_copy(
        update={
            name: getattr(part, name).model_copy(update={"value": value}) for name, value in values.items()
        }
    )


def rebuilt(
    world: World, *, customers: int | None = None, channel: dict | None = None, **parts: dict
) -> World:
    """Return a market whose recipe has other figures: market=, attention=, response=, advocacy=, channel= (all)."""
    recipe = world.recipe
    update: dict[str, Any] = {
        name: with_figures(getattr(recipe, name), **values) for name, values in parts.items()
    }
    if channel:
        update["channels"] = {name: with_figures(c, **channel) for name, c in recipe.channels.items()}
    recipe = recipe.model_copy(update=update)
    size = customers or world.population.size
    return World(recipe, draw_population(recipe, size, world.seed), world.seed)


@pytest.fixture(scope="session")
def remake():
    return rebuilt
