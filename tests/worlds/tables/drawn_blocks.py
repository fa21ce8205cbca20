"""A block of each world: two regions and a part of a third."""

from __future__ import annotations

from functools import cache

from narrowcast.worlds import load_recipe, world_folder
from narrowcast.worlds.blueprint import Block, Blueprint
from narrowcast.worlds.population import REGION_SIZE

CUSTOMERS = 2 * REGION_SIZE + 1_000


@cache
def block_of(name: str) -> Block:
    recipe = load_recipe(world_folder(name) / "recipe.toml")
    return Blueprint(recipe, CUSTOMERS, 7).block(0)
