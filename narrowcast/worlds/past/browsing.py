"""Visits of last year that ended without an order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.draws import Floats, Purpose, poisson
from narrowcast.worlds.past.purchases import conversion, purchases, tempers
from narrowcast.worlds.people.traits import acquired_days

__all__ = ["YEAR", "Browsing", "Futile", "browsing", "futile"]

Whole = npt.NDArray[np.int64]

YEAR = 365
"""Days that the log of visits goes back."""

LOOKING = 45
"""Days before the first order in which people look around."""


@dataclass(frozen=True)
class Browsing:
    """Visits without an order.

    Attributes
    ----------
    customer
        Shape (visits,): number of the customer within the block, in rising order.
    day
        Shape (visits,): day of the history, from 0.
    """

    customer: Whole
    day: Whole


@dataclass(frozen=True)
class Futile:
    """How many visits of last year ended without an order, every array of shape (n,).

    Attributes
    ----------
    after, before
        Visits after the first order, and in the weeks before it.
    begin, span
        Seasonal day from which on those after it fall, and the seasonal days that they fall into.
    """

    after: Whole
    before: Whole
    begin: Floats
    span: Floats


def futile(block: Block) -> Futile:
    """Draw how many visits of last year ended without an order.

    A visit becomes an order with chance c, so for orders at rate lambda there are visits without one at rate
    lambda (1 - c) / c while the customer is there, and (1 - c) / c of them before the first order.
    """
    calendar, c = calendar_of(block.recipe), block.once(conversion)
    came = calendar.days - block.once(acquired_days)
    since = max(0, calendar.days - YEAR)
    begin = np.maximum(calendar.seasonal(came), calendar.passed[since])
    span = np.maximum(block.once(purchases).until - begin, 0)
    mean = block.once(tempers).rate * span / 7 * ((1 - c) / c)
    after = poisson(block.draw(Purpose.BROWSING, 0), mean)
    ahead = np.minimum(np.log(block.draw(Purpose.BROWSING, 1)) / np.log1p(-np.minimum(c, 1 - 1e-12)), 2**20)
    return Futile(after, np.where(came >= since, ahead.astype(np.int64), 0), begin, span)


def browsing(block: Block) -> Browsing:
    """Draw the visits of last year that ended without an order."""
    calendar, drawn = calendar_of(block.recipe), block.once(futile)
    came = calendar.days - block.once(acquired_days)
    since = max(0, calendar.days - YEAR)
    after, before = drawn.after, drawn.before
    who_after, who_before = (np.repeat(np.arange(block.size), counts) for counts in (after, before))
    u_after, u_before = block.stream(Purpose.BROWSING, after, 2), block.stream(Purpose.BROWSING, before, 3)
    day_after = calendar.day_of(drawn.begin[who_after] + u_after * drawn.span[who_after])
    day_before = came[who_before] - (u_before * LOOKING).astype(np.int64)
    day_before = np.where(day_before < since, 2 * since - day_before, day_before)  # the log begins there
    customer = np.concatenate([who_after, who_before])
    day = np.concatenate([day_after, np.minimum(day_before, calendar.days - 1)])
    order = np.lexsort((day, customer))
    return Browsing(customer[order], day[order])
