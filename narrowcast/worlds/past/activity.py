"""How often each segment came and ordered last year: counted, without drawing when or making a table of it."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block, Blueprint
from narrowcast.worlds.calendar import DAY, TODAY, calendar_of
from narrowcast.worlds.past.browsing import YEAR, futile
from narrowcast.worlds.past.campaigns import meetings
from narrowcast.worlds.past.purchases import purchases
from narrowcast.worlds.past.sales import caused

__all__ = ["LAST_YEAR", "counted", "last_year"]

LAST_YEAR = "last year"
"""Under this, a blueprint keeps what was counted."""

Counts = npt.NDArray[np.int64]


def _of_block(block: Block) -> Counts:
    """Count what `happenings` tells of one by one."""
    drawn, bought = block.once(futile), block.once(purchases)
    moved, when, _campaign = block.once(caused)
    recent = bought.day >= calendar_of(block.recipe).days - YEAR
    late = when >= TODAY - np.timedelta64(YEAR * DAY, "s")
    orders = _each(block, bought.customer[recent]) + _each(block, moved[late])
    visits = orders + drawn.after + drawn.before
    for meeting in block.once(meetings).values():
        visits += meeting.clicked & ~meeting.moved  # those moved come with their order
    kinds = len(block.recipe.segments)
    return np.array(
        [np.bincount(block.segment, weights=each, minlength=kinds) for each in (visits, orders)]
    ).astype(np.int64)


def _each(block: Block, customers: Counts) -> Counts:
    """Return how often each customer is among some, shape (n,)."""
    return np.bincount(customers, minlength=block.size)


def last_year(blueprint: Blueprint) -> Counts:
    """Return last year's visits and orders by segment, shape (2, segments)."""
    if LAST_YEAR not in blueprint.kept:
        blueprint.kept[LAST_YEAR] = counted(map(blueprint.block, range(blueprint.blocks)))
    counts: Counts = blueprint.kept[LAST_YEAR]
    return counts


def counted(blocks: Iterable[Block]) -> Counts:
    """Return last year's visits and orders by segment of all blocks of a market, shape (2, segments)."""
    counts: Counts = np.sum([_of_block(block) for block in blocks], axis=0)
    return counts
