"""The orders of a block, those that campaigns caused among them, and which click gets the credit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import DAY, calendar_of
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.past.campaigns import CREDIT_DAYS, Meeting, meetings
from narrowcast.worlds.past.purchases import paid, purchases

__all__ = ["ORGANIC", "Sales", "Takings", "caused", "click_moment", "sales", "takings"]

Whole = npt.NDArray[np.int64]
Moments = npt.NDArray[np.datetime64]

ORGANIC = -1
"""In the place of a campaign: none."""

_TIME, _AMOUNT, _COUPON, _RETURN = range(4)
"""Slots of an order's draws."""


@dataclass(frozen=True)
class Sales:
    """All orders of a block, by customer and time; every array has shape (orders,).

    Attributes
    ----------
    customer
        Number of the customer within the block.
    moment
        When.
    credited
        Number of the campaign whose click came last, `ORGANIC` if there was none.
    cause
        Number of the campaign without which it would not be there, else `ORGANIC`. Latent.
    """

    customer: Whole
    moment: Moments
    credited: Whole
    cause: Whole


@dataclass(frozen=True)
class Takings:
    """What a block's sales brought; every array has shape (orders,), in the order of `Sales`.

    Attributes
    ----------
    revenue
        What was paid, in the smallest unit of the customer's currency.
    discount
        What a coupon took off; 0 without one.
    returned
        Whether it came back.
    """

    revenue: Whole
    discount: Whole
    returned: npt.NDArray[np.bool_]


def click_moment(block: Block, meeting: Meeting) -> Moments:
    """Return when each customer clicked, or would have, shape (n,): minutes or days after the contact."""
    minutes = 2 + (np.arange(block.start, block.stop) * 7) % 57
    later = (meeting.delay * DAY + minutes * 60).astype("timedelta64[s]")
    moment: Moments = meeting.moment + later
    return moment


def caused(block: Block) -> tuple[Whole, Moments, Whole]:
    """Return customer, moment and campaign of the orders that campaigns caused."""
    who, when, cause = [np.zeros(0, np.int64)], [np.zeros(0, "datetime64[s]")], [np.zeros(0, np.int64)]
    for number, meeting in enumerate(block.once(meetings).values()):
        moved = np.flatnonzero(meeting.moved)
        who.append(moved)
        when.append(click_moment(block, meeting)[moved] + np.timedelta64(9 * 60, "s"))
        cause.append(np.full(moved.size, number))
    return np.concatenate(who), np.concatenate(when), np.concatenate(cause)


def _credit(block: Block, customer: Whole, moment: Moments) -> Whole:
    """Return for each order the campaign whose click came last before it, within the days of credit."""
    credited, last = np.full(customer.size, ORGANIC), np.full(customer.size, np.datetime64("NaT", "s"))
    for number, meeting in enumerate(block.once(meetings).values()):
        clicked = click_moment(block, meeting)[customer]
        since = moment - clicked
        fits = meeting.clicked[customer] & (since >= np.timedelta64(0, "s"))
        fits &= since < np.timedelta64(CREDIT_DAYS * DAY, "s")
        fits &= np.isnat(last) | (clicked > last)
        credited[fits], last[fits] = number, clicked[fits]
    return credited


def sales(block: Block) -> Sales:
    """Draw the orders of a block."""
    bought, (moved, then, campaign) = block.once(purchases), block.once(caused)
    counts = np.bincount(bought.customer, minlength=block.size)
    own = calendar_of(block.recipe).moment(bought.day, block.stream(Purpose.BASKET, counts, _TIME))
    customer = np.concatenate([bought.customer, moved])
    moment = np.concatenate([own, then])
    cause = np.concatenate([np.full(own.size, ORGANIC), campaign])
    order = np.lexsort((cause, moment, customer))
    customer, moment, cause = customer[order], moment[order], cause[order]
    return Sales(customer, moment, _credit(block, customer, moment), cause)


def takings(block: Block) -> Takings:
    """Draw what the orders of a block brought."""
    customer = block.once(sales).customer
    counts = np.bincount(customer, minlength=block.size)
    revenue = paid(block, customer, block.stream(Purpose.BASKET, counts, _AMOUNT))
    use, depth, back = (
        block.each(value)[customer]
        for value in (lambda s: s.coupon_use.value, lambda s: s.coupon_depth.value, lambda s: s.returns.value)
    )
    with_coupon = block.stream(Purpose.BASKET, counts, _COUPON) < use
    off = np.where(with_coupon, np.rint(revenue * depth / (1 - np.minimum(depth, 0.99))), 0)
    return Takings(revenue, off.astype(np.int64), block.stream(Purpose.BASKET, counts, _RETURN) < back)
