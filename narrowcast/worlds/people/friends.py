"""Who knows whom: circles of friends, region by region.

Everybody belongs to a few circles (family, school, work). Two members of a circle know each other with a
chance that grows with how sociable both are, so friends of friends are often friends, and few people have
many. Part of the circles holds people of one segment; that part is chosen so that the share of friends in
one's own segment comes out as the recipe's homophily.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import gammaincinv

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.draws import Floats, Purpose
from narrowcast.worlds.inverse import gamma_quantile
from narrowcast.worlds.population import REGION_SIZE
from narrowcast.worlds.recipe import Recipe

__all__ = ["CLOSER", "FURTHER", "INNERMOST", "Ties", "circles", "friend_ties", "sponsors"]

Whole = npt.NDArray[np.int64]

_POOL, _PLACE, _SOCIABLE, _CLOSE, _MEETING = 0, 16, 32, 33, 64
"""Slots of the draws: pool and place for each layer, sociability, closeness, each pair of a layer."""

INNERMOST, FURTHER, CLOSER = 0.5, 0.1, 0.5
"""Least closeness of friends in the innermost circle and in the others, and how far above it they may be."""

_PLACE_BITS, _ROW_BITS = 35, 17
"""Bits of a word for a place at a table and for a customer of a block; what is left is the table's number."""

_NEAR = (-1, 1, -2, 2, -3, 3)
"""Places in a circle where a customer's sponsor is looked for."""


@dataclass(frozen=True)
class Ties:
    """Pairs of customers of a block who know each other, each pair once.

    Attributes
    ----------
    first, second
        Shape (ties,): numbers of the two customers within the block, the earlier one first.
    closeness
        Shape (ties,): from 0 (hardly) to 1 (closest).
    """

    first: Whole
    second: Whole
    closeness: Floats


@dataclass(frozen=True)
class _Circles:
    """One layer of circles over a block.

    Attributes
    ----------
    order
        Shape (n,): customers of the block, circle after circle.
    circle
        Shape (n,): number of the circle at each place of `order`.
    """

    order: Whole
    circle: Whole


def _own_kind(recipe: Recipe) -> float:
    """Return the share of circles with one segment alone that gives the recipe's homophily."""
    by_chance = sum(segment.share.value**2 for segment in recipe.segments.values())
    return float(np.clip((recipe.advocacy.homophily.value - by_chance) / max(1 - by_chance, 1e-9), 0, 1))


def _circles(block: Block, layer: int) -> _Circles:
    """Seat everybody of a block in the circles of one layer."""
    recipe, kinds = block.recipe, len(block.recipe.segments)
    alike = block.draw(Purpose.TIES, _POOL + layer) < _own_kind(recipe)
    sizes = [region.size for region in block.regions]
    region = np.repeat(np.arange(len(sizes), dtype=np.uint64) * np.uint64(kinds + 1), sizes)
    table = region + alike * (block.segment + np.uint8(1))
    # Table, place and customer in one word: sorting words is many times as quick as sorting places.
    place = (block.draw(Purpose.TIES, _PLACE + layer) * 2.0**_PLACE_BITS).astype(np.uint64)
    words = table << np.uint64(_PLACE_BITS + _ROW_BITS) | place << np.uint64(_ROW_BITS)
    words |= np.arange(block.size, dtype=np.uint64)
    words.sort()
    order = (words & np.uint64(2**_ROW_BITS - 1)).astype(np.int64)
    begins = np.flatnonzero(np.diff(words >> np.uint64(_PLACE_BITS + _ROW_BITS), prepend=np.uint64(2**63)))
    size = max(2, round(recipe.circles.size.value))
    seat = np.arange(block.size) - np.repeat(begins, np.diff(begins, append=block.size))
    return _Circles(order, np.cumsum(seat % size == 0))


def _innermost(block: Block) -> _Circles:
    return _circles(block, 0)


def circles(block: Block) -> Whole:
    """Return the number of each customer's innermost circle within the block, shape (n,)."""
    seats, circle = block.once(_innermost), np.empty(block.size, dtype=np.int64)
    circle[seats.order] = seats.circle
    return circle


def sponsors(block: Block, rows: Whole) -> Whole:
    """Return, for some customers, an earlier one who could have brought them: of their innermost circle.

    Parameters
    ----------
    block
        Whose customers they are.
    rows
        Shape (k,): their numbers within the block.

    Returns
    -------
    numpy.ndarray
        Shape (k,): the sponsor's number in the market. Who is the first of their circle has the customer
        before them; the first of a region has none, which is -1.
    """
    seats, number = block.once(_innermost), block.start + rows
    seat = np.empty(block.size, dtype=np.int64)
    seat[seats.order] = np.arange(block.size)
    mine = seat[rows]
    sponsor = np.where(number % REGION_SIZE, number - 1, -1)
    for step in reversed(_NEAR):  # the nearest has the last word
        other = np.clip(mine + step, 0, block.size - 1)
        who = seats.order[other]
        fits = (seats.circle[other] == seats.circle[mine]) & (who < rows)
        sponsor[fits] = block.start + who[fits]
    return sponsor


@lru_cache(maxsize=64)
def _chance(friends: float, shape: float, others: float) -> float:
    """Return p such that the mean of min(1, p s t) over two sociabilities gives the wanted friends."""
    levels = gammaincinv(shape, (np.arange(200) + 0.5) / 200) / shape
    pairs = np.outer(levels, levels)
    wanted = min(friends / max(others, 1e-9), 0.95)
    if wanted <= 0:
        return 0.0
    return float(brentq(lambda p: np.minimum(1, p * pairs).mean() - wanted, 0, 1e6))


def friend_ties(block: Block) -> Ties:
    """Draw the ties of a block; none leads out of its region."""
    recipe, n = block.recipe, block.size
    size, layers = max(2, round(recipe.circles.size.value)), round(recipe.circles.layers.value)
    shape = recipe.circles.sociability_shape.value
    sociable = gamma_quantile(shape, block.draw(Purpose.TIES, _SOCIABLE)) / shape
    chance = _chance(recipe.advocacy.friends.value, shape, layers * (size - 1))
    words = []
    for layer in range(layers):
        seats = block.once(_innermost) if layer == 0 else _circles(block, layer)
        for step in range(1, size):
            one, other = seats.order[:-step], seats.order[step:]
            meeting = block.draw(Purpose.TIES, _MEETING + layer * 64 + step)[one]
            met = (seats.circle[:-step] == seats.circle[step:]) & (
                meeting < chance * sociable[one] * sociable[other]
            )
            one, other = one[met], other[met]
            words.append((np.minimum(one, other) * n + np.maximum(one, other)) * layers + layer)
    return _once_each(block, np.concatenate(words), layers)


def _once_each(block: Block, words: Whole, layers: int) -> Ties:
    """Keep each pair once, at its innermost layer; the closer the layer, the closer the two.

    A word is a pair times the layers, plus its layer: sorting words is many times as quick as sorting places.
    """
    words.sort()
    pairs, levels = np.divmod(words, layers)
    innermost = np.flatnonzero(np.diff(pairs, prepend=-1))  # the first of equals
    first, second = np.divmod(pairs[innermost], block.size)
    u = (block.draw(Purpose.TIES, _CLOSE)[first] + block.draw(Purpose.TIES, _CLOSE + 1)[second]) % 1
    closeness = np.where(levels[innermost] == 0, INNERMOST, FURTHER) + CLOSER * u
    return Ties(first, second, closeness)
