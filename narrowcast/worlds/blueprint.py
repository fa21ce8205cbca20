"""Everything that fixes a market's tables: recipe, size and seed; and the blocks they are drawn in.

A block is twenty regions. What is drawn for a customer depends on the customer's number, and what is drawn
for a region on the region's, never on the block or on what was drawn before: so any block can be drawn alone,
on any thread or machine, to the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.draws import Floats, Purpose, uniforms
from narrowcast.worlds.ingredients import Segment
from narrowcast.worlds.population import REGION_SIZE, Region
from narrowcast.worlds.recipe import Recipe

__all__ = ["BLOCK_SIZE", "FORMAT", "RECEIVED", "Block", "Blueprint"]

BLOCK_SIZE = 20 * REGION_SIZE
"""Customers drawn at once: few enough for a processor's cache, many enough for NumPy to be quick."""

FORMAT = 1
"""Raised whenever the same recipe and seed give other tables than before."""

RECEIVED: dict[str, dict[Any, Any]] = {}
"""What another process drew, by the market's digest; see `narrowcast.worlds.drawn`."""

T = TypeVar("T")


@dataclass(frozen=True)
class Blueprint:
    """A market before it is drawn.

    Parameters
    ----------
    recipe
        Its numbers.
    customers
        How many live in it, 1 or more.
    seed
        The market's seed, 0 or more.
    """

    recipe: Recipe
    customers: int
    seed: int
    kept: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was drawn of the market and is worth keeping while it is open, by whoever drew it."""

    def __post_init__(self) -> None:
        """Take what another process drew."""
        if RECEIVED:
            self.kept.update(RECEIVED.get(self.digest, {}))

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what was drawn: another process draws the same."""
        return {"recipe": self.recipe, "customers": self.customers, "seed": self.seed, "kept": {}}

    def block(self, number: int) -> Block:
        """Return one block of the market, undrawn."""
        start = number * BLOCK_SIZE
        return Block(self, number, start, min(start + BLOCK_SIZE, self.customers))

    @property
    def blocks(self) -> int:
        """How many blocks the market has."""
        return -(-self.customers // BLOCK_SIZE)

    @cached_property
    def digest(self) -> str:
        """Fingerprint (32 hexadecimal digits) of all that the tables depend on."""
        parts = (FORMAT, _fakers_version(), self.recipe.model_dump_json(), self.customers, self.seed)
        return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]


@cache
def _fakers_version() -> str:
    return version("faker")  # read from a file


@dataclass
class Block:
    """Some customers of a market, with what was drawn of them so far.

    Parameters
    ----------
    blueprint
        The market.
    number
        Which block, from 0.
    start, stop
        Number of its first customer, and the number after its last.
    """

    blueprint: Blueprint
    number: int
    start: int
    stop: int
    _drawn: dict[Callable[[Block], Any], Any] = field(default_factory=dict, repr=False)

    @property
    def size(self) -> int:
        """Customers in it."""
        return self.stop - self.start

    @property
    def recipe(self) -> Recipe:
        """The market's numbers."""
        return self.blueprint.recipe

    @property
    def regions(self) -> list[Region]:
        """Its regions, numbered as in the whole market."""
        starts = range(self.start, self.stop, REGION_SIZE)
        return [Region(at // REGION_SIZE, at, min(at + REGION_SIZE, self.stop)) for at in starts]

    @property
    def region(self) -> npt.NDArray[np.int64]:
        """Place of each customer's region among the block's, from 0, shape (n,)."""
        return np.arange(self.start, self.stop) // REGION_SIZE - self.start // REGION_SIZE

    def once(self, work: Callable[[Block], T]) -> T:
        """Return what `work` makes of this block, made at the first call and remembered."""
        if work not in self._drawn:
            self._drawn[work] = work(self)
        result: T = self._drawn[work]
        return result

    def draw(self, purpose: Purpose, slot: int = 0) -> Floats:
        """Draw one uniform for each customer, shape (n,)."""
        return uniforms(self.blueprint.seed, purpose, self.start, self.size, channel=slot, remember=False)

    def stream(self, purpose: Purpose, counts: npt.NDArray[np.int64], slot: int = 0) -> Floats:
        """Draw uniforms for things that customers have different numbers of: orders, visits, touches.

        Parameters
        ----------
        purpose
            What the draws decide.
        counts
            Shape (n,): how many each customer of the block has.
        slot
            Further coordinate.

        Returns
        -------
        numpy.ndarray
            Shape (counts.sum(),), customer by customer. Each region has a stream of its own.
        """
        seed, parts = self.blueprint.seed, []
        for region in self.regions:
            many = int(counts[region.start - self.start : region.stop - self.start].sum())
            parts.append(
                uniforms(seed, purpose, 0, many, week=1 + region.number, channel=slot, remember=False)
            )
        return np.concatenate(parts) if parts else np.zeros(0)

    @property
    def segment(self) -> npt.NDArray[np.uint8]:
        """Number of each customer's segment in the recipe's order, shape (n,)."""
        return self.once(_segment)

    def each(self, value: Callable[[Segment], float]) -> Floats:
        """Return a figure of each customer's segment, shape (n,)."""
        figures = np.array([value(segment) for segment in self.recipe.segments.values()], dtype=np.float64)
        return figures[self.segment]


def _segment(block: Block) -> npt.NDArray[np.uint8]:
    """Draw the segments, as `narrowcast.worlds.population` does."""
    shares = np.cumsum([segment.share.value for segment in block.recipe.segments.values()])
    drawn = block.draw(Purpose.SEGMENT)
    segment = np.zeros(block.size, dtype=np.uint8)
    for share in shares[:-1]:  # a search takes several times as long, for there are few
        segment += drawn >= share
    return segment
