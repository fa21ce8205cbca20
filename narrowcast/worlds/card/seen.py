"""What a market looks like once it is drawn: rows, who orders how often, what orders bring, when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import BLOCK_SIZE, Block, Blueprint
from narrowcast.worlds.calendar import DAY, calendar_of
from narrowcast.worlds.draws import Floats
from narrowcast.worlds.past.sales import Sales, sales, takings
from narrowcast.worlds.tables import tables_of

__all__ = ["MOST_ORDERS", "QUANTILES", "Credit", "Seen", "see"]

MOST_ORDERS = 10
"""So many orders or more of one customer are counted together."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
"""Of order values."""

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Credit:
    """Orders of one past campaign: those its clicks are credited with, and those it caused (latent)."""

    credited: int
    caused: int
    both: int
    """Caused, and credited to this campaign too."""


@dataclass(frozen=True)
class Seen:
    """A drawn market in numbers.

    Attributes
    ----------
    customers
        How many live in it.
    exact
        False for a market so large that a smaller one of the same recipe and seed was drawn in its place.
    rows
        Rows of every table; estimated from the smaller market where `exact` is False.
    shares, margins
        Each segment's share of customers and of the margin that orders brought, net of returns.
    weekly
        Orders in each week of the history, the first week first.
    times
        Customers who ordered once, twice ... and `MOST_ORDERS` times or more.
    values
        By segment: `QUANTILES` of its order values, in the smallest unit of the world's currency.
    credits
        By campaign.
    """

    customers: int
    exact: bool
    rows: dict[str, int]
    shares: tuple[float, ...]
    margins: tuple[float, ...]
    weekly: tuple[int, ...]
    times: tuple[int, ...]
    values: tuple[tuple[float, ...], ...]
    credits: dict[str, Credit]


def see(market: Blueprint) -> Seen:
    """Draw a market and look at it; of a large one, a smaller one with the same recipe and seed."""
    size = min(market.customers, BLOCK_SIZE)
    block = Blueprint(market.recipe, size, market.seed).block(0)
    sold, factor = block.once(sales), market.customers / size
    bought = np.bincount(sold.customer, minlength=size)
    times = np.bincount(np.minimum(bought, MOST_ORDERS), minlength=MOST_ORDERS + 1)[1:]
    worth = _worth(block, sold)
    return Seen(
        customers=market.customers,
        exact=size == market.customers,
        rows={
            name: round(table.of(block).num_rows * (1 if table.whole else factor))
            for name, table in tables_of(market.recipe).items()
        },
        shares=_parts(block, block.segment, np.ones(size)),
        margins=_parts(block, block.segment[sold.customer], _margin(block, sold, worth)),
        weekly=tuple(_weekly(block, sold).tolist()),
        times=tuple(times.tolist()),
        values=_quantiles(block, sold, worth),
        credits=_credits(block, sold),
    )


def _worth(block: Block, sold: Sales) -> Floats:
    """Return what each order brought, in the smallest unit of the world's currency, shape (orders,)."""
    rates = np.array([block.recipe.rate_of(name) for name in block.recipe.segments])
    worth: Floats = block.once(takings).revenue * rates[block.segment[sold.customer]]
    return worth


def _margin(block: Block, sold: Sales, worth: Floats) -> Floats:
    """Return the margin of each order, 0 where it came back, shape (orders,)."""
    rate = block.each(lambda segment: segment.margin_rate.value)[sold.customer]
    margin: Floats = worth * rate * ~block.once(takings).returned
    return margin


def _parts(block: Block, segment: npt.NDArray[np.uint8], weights: Floats) -> tuple[float, ...]:
    """Return each segment's share of the weights."""
    sums = np.bincount(segment, weights, minlength=len(block.recipe.segments))
    return tuple((sums / max(sums.sum(), 1e-12)).tolist())


def _weekly(block: Block, sold: Sales) -> Whole:
    calendar = calendar_of(block.recipe)
    before_today = (calendar.moment(np.array([calendar.days]), np.zeros(1)) - sold.moment).astype(np.int64)
    week = calendar.days // 7 - 1 - (before_today - 1) // (7 * DAY)
    return np.bincount(np.clip(week, 0, calendar.days // 7 - 1), minlength=calendar.days // 7)


def _quantiles(block: Block, sold: Sales, worth: Floats) -> tuple[tuple[float, ...], ...]:
    segment = block.segment[sold.customer]
    of_each = [worth[segment == number] for number in range(len(block.recipe.segments))]
    return tuple(tuple(np.quantile(one, QUANTILES).tolist()) if one.size else () for one in of_each)


def _credits(block: Block, sold: Sales) -> dict[str, Credit]:
    found = {}
    for number, name in enumerate(block.recipe.campaigns):
        credited, caused = sold.credited == number, sold.cause == number
        found[name] = Credit(int(credited.sum()), int(caused.sum()), int((credited & caused).sum()))
    return found
