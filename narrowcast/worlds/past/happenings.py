"""What people did last year: visits, orders, and every answer to a campaign."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import DAY, TODAY, calendar_of
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.past.browsing import YEAR, browsing
from narrowcast.worlds.past.campaigns import PAID_BY_CLICK, TREATED, Meeting, meetings
from narrowcast.worlds.past.purchases import ranks_within
from narrowcast.worlds.past.sales import ORGANIC, click_moment, sales, takings
from narrowcast.worlds.trade import Campaign

__all__ = ["TYPES", "Happening", "happenings"]

Whole = npt.NDArray[np.int64]

TYPES = ("visit", "order", "bounce", "open", "answer", "view", "click", "interest", "unsubscribe")
_OPENED = {"email": "open", "phone": "answer", "sms": None, "post": None}
"""How it shows that somebody opened it; nobody sees a letter or a short message being read."""


@dataclass(frozen=True)
class Happening:
    """Some events of one type.

    Attributes
    ----------
    type
        One of `TYPES`.
    customer, moment
        Shape (events,): number of the customer within the block, and when.
    campaign
        Number of the campaign that they are credited to, `ORGANIC` for none: one, or shape (events,).
    cost, revenue
        What each cost; what each brought: one, or shape (events,).
    """

    type: str
    customer: Whole
    moment: npt.NDArray[np.datetime64]
    campaign: Whole | int = ORGANIC
    cost: int = 0
    revenue: Whole | int = 0


def _shop(block: Block) -> Iterator[Happening]:
    """Yield last year's visits and orders; an order follows its visit by some minutes."""
    sold, looked, calendar = block.once(sales), block.once(browsing), calendar_of(block.recipe)
    counts = np.bincount(looked.customer, minlength=block.size)
    when = calendar.moment(looked.day, block.stream(Purpose.HISTORY, counts))
    yield Happening("visit", looked.customer, when)
    recent = sold.moment >= TODAY - np.timedelta64(YEAR * DAY, "s")
    customer, moment, credited = sold.customer[recent], sold.moment[recent], sold.credited[recent]
    lag = ((2 + (customer + block.start) % 28) * 60).astype("timedelta64[s]")
    yield Happening("visit", customer, moment - lag, credited)
    yield Happening("order", customer, moment, credited, revenue=block.once(takings).revenue[recent])


def _answers(block: Block, number: int, campaign: Campaign, meeting: Meeting) -> Iterator[Happening]:
    """Yield what people did when a campaign met them."""
    sent, clicked = meeting.moment, click_moment(block, meeting)
    if campaign.medium in ("email", "sms"):
        lost = np.flatnonzero((meeting.arm == TREATED) & ~meeting.delivered)
        yield Happening("bounce", lost, sent[lost], number)
    seen = _OPENED.get(campaign.medium, "view")
    if seen is not None:
        read, ghosts = np.flatnonzero(meeting.opened), np.flatnonzero(meeting.machine)
        looked = np.where(meeting.clicked, clicked - np.timedelta64(40, "s"), sent + np.timedelta64(600, "s"))
        yield Happening(seen, read, looked[read], number)
        yield Happening(seen, ghosts, sent[ghosts] + np.timedelta64(4, "s"), number)
    once = np.flatnonzero(meeting.clicked)
    times = np.ones(once.size, np.int64) if campaign.medium == "phone" else meeting.clicks[once]
    every, later = np.repeat(once, times), (ranks_within(times) * 41).astype("timedelta64[s]")
    cost = round(campaign.cost.value) if campaign.medium in PAID_BY_CLICK else 0
    click = "interest" if campaign.medium == "phone" else "click"
    yield Happening(click, every, clicked[every] + later, number, cost)
    came = np.flatnonzero(meeting.clicked & ~meeting.moved)  # those moved come with their order
    yield Happening("visit", came, clicked[came] + np.timedelta64(3, "s"), number)
    left = np.flatnonzero(meeting.left)
    yield Happening("unsubscribe", left, sent[left] + np.timedelta64(1_800, "s"), number)


def happenings(block: Block) -> Iterator[Happening]:
    """Yield all that people of a block did, type by type."""
    yield from _shop(block)
    for number, (name, meeting) in enumerate(block.once(meetings).items()):
        yield from _answers(block, number, block.recipe.campaigns[name], meeting)
