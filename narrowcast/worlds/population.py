"""Who lives in a market: everything about its customers that the simulator needs, as arrays.

People are drawn by number, so customer 17 is the same person whether the market holds a thousand
customers or a million, and whichever region is drawn first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from narrowcast.worlds.draws import Floats, Purpose, uniforms
from narrowcast.worlds.inverse import gamma_quantile
from narrowcast.worlds.recipe import Recipe

__all__ = ["REGION_SIZE", "Population", "Region", "draw_population", "kept", "reached_by", "regions_of"]

REGION_SIZE = 5_000
"""Customers in a region; a multiple of four, so that regions start on a block of draws."""


Values = TypeVar("Values", bound=npt.NDArray[Any])


def kept(values: Values) -> Values:
    """Return an array, read-only from here on: worlds are shared by all that a process runs."""
    values.flags.writeable = False
    return values


@dataclass(frozen=True)
class Region:
    """A block of customers that exchanges nothing with another within a week."""

    number: int
    start: int
    """Number of its first customer."""
    stop: int
    """Number after its last customer."""

    @property
    def size(self) -> int:
        """Customers in it."""
        return self.stop - self.start

    @property
    def rows(self) -> slice:
        """Its rows in any array over all customers."""
        return slice(self.start, self.stop)


@dataclass(frozen=True)
class Population:
    """The customers of a market, one row each.

    Attributes
    ----------
    segment
        Shape (n,): number of the customer's segment in the recipe's order.
    noise
        float32, shape (n, 2): standard normal; how far the customer's interests lie from the segment's.
    exposure
        float32, shape (n,): media use relative to the mean (Gamma with mean 1).
    reachable
        Shape (n, channels): whether a channel can meet the customer at all.
    """

    segment: npt.NDArray[np.uint8]
    noise: npt.NDArray[np.float32]
    exposure: npt.NDArray[np.float32]
    reachable: npt.NDArray[np.bool_]

    @property
    def size(self) -> int:
        """Number of customers."""
        return int(self.segment.size)

    @property
    def regions(self) -> list[Region]:
        """The blocks the market is made of; the last may be smaller."""
        return regions_of(self.size)


def regions_of(customers: int) -> list[Region]:
    """Return the blocks that a market of so many customers is made of; the last may be smaller."""
    starts = range(0, customers, REGION_SIZE)
    return [Region(i, at, min(at + REGION_SIZE, customers)) for i, at in enumerate(starts)]


def draw_population(recipe: Recipe, customers: int, seed: int, start: int = 0) -> Population:
    """Draw the customers of a market.

    Parameters
    ----------
    recipe
        The market's numbers.
    customers
        How many, 1 or more.
    seed
        The market's seed.
    start
        Number of the first: others than 0 draw a part of a market.
    """

    def draw(purpose: Purpose, axis: int = 0) -> Floats:
        return uniforms(seed, purpose, start, customers, channel=axis)

    shares = np.cumsum([segment.share.value for segment in recipe.segments.values()])
    segment = np.searchsorted(shares[:-1], draw(Purpose.SEGMENT), side="right").astype(np.uint8)
    noise = np.empty((customers, 2), np.float32)
    for axis in (0, 1):
        noise[:, axis] = ndtri(draw(Purpose.INTEREST, axis))
    shape = recipe.market.exposure_shape.value
    exposure = (gamma_quantile(shape, draw(Purpose.EXPOSURE)) / shape).astype(np.float32)
    nobody = np.zeros((customers, 0), dtype=np.bool_)
    return reached_by(Population(kept(segment), kept(noise), kept(exposure), nobody), recipe, seed, start)


def reached_by(people: Population, recipe: Recipe, seed: int, start: int = 0) -> Population:
    """Return the same customers with a column of `reachable` for each channel of a recipe.

    Columns that are there stay; those of the channels after them are drawn, each by its number.
    """
    there = people.reachable.shape[1]
    more = [
        uniforms(seed, Purpose.REACH, start, people.size, channel=number) < channel.reach.value
        for number, channel in enumerate(recipe.channels.values())
        if number >= there
    ]
    return replace(people, reachable=kept(np.column_stack([people.reachable, *more])))
