"""What somebody asks for: which market, and how its data are to be written."""

from __future__ import annotations

from dataclasses import dataclass

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.market import market_of, recipe_of

__all__ = ["MOST_BUILT", "Wish", "blueprint_of"]

MOST_BUILT = 100_000_000
"""Customers in a folder of data."""


def blueprint_of(
    world: str, customers: int | None = None, seed: int = 0, student: str | None = None, salt: str = ""
) -> Blueprint:
    """Return the market that `narrowcast.open_world` opens, undrawn, and as large as a disk holds.

    Parameters
    ----------
    world
        Name of a world.
    customers
        1 to 100,000,000; None takes the recipe's number.
    seed
        0 or more.
    student, salt
        Whose market, and the class's word; None is everybody's.

    Raises
    ------
    UnknownName
        If there is no such world.
    DataError
        If a number is out of range.
    RecipeError
        If the recipe is faulty.
    """
    recipe = recipe_of(world)
    size = round(recipe.market.customers.value) if customers is None else customers
    for what, number, low, high in (("customers", size, 1, MOST_BUILT), ("seed", seed, 0, 2**63 - 1)):
        if not low <= number <= high:
            problem = _("{what} is {number:,}.").format(what=what, number=number)
            raise DataError(problem, _("Give a number from {low:,} to {high:,}.").format(low=low, high=high))
    return market_of(recipe, size, seed, student, salt)


@dataclass(frozen=True)
class Wish:
    """How a market's data are to be written.

    Parameters
    ----------
    form
        "parquet", "csv", "sqlite" or "duckdb".
    tables
        Names of the tables; None is all of the market's.
    hidden
        Write latent columns too: for instructors.
    force
        Replace a folder of data that lies there.
    workers
        Blocks drawn side by side; None for as many as there are processors.
    seed, student
        What the market was asked for with, for the manifest; without a seed, it is the market's own.
    """

    form: str = "parquet"
    tables: tuple[str, ...] | None = None
    hidden: bool = False
    force: bool = False
    workers: int | None = None
    seed: int | None = None
    student: str | None = None
