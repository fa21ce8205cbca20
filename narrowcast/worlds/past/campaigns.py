"""Past campaigns: whom they met, what those people did, and what the campaigns caused.

Who clicks is mostly who buys anyway: the chance grows with the customer's own rate of buying, and people who
are about to order take the way that lies before them. What a campaign causes is another matter: extra orders
of people whom it can persuade, whatever their rate. So a report by last click credits a campaign with far more
than it brought, and only a holdout tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.draws import Floats, Purpose
from narrowcast.worlds.past.purchases import purchases, tempers
from narrowcast.worlds.people.contactable import contactable
from narrowcast.worlds.people.traits import acquired_days
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.trade import Campaign

__all__ = [
    "CREDIT_DAYS",
    "DIRECT",
    "HOLDOUT",
    "PAID_BY_CLICK",
    "TREATED",
    "Meeting",
    "arms",
    "experiment_of",
    "first_day",
    "left_lists",
    "meetings",
    "persuadable",
]

Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

DIRECT = ("email", "sms", "phone", "post")
"""Media in which the firm itself writes or calls, in office hours; the others meet people when these are awake."""

PAID_BY_CLICK = ("search", "affiliate")
"""Media in which a click costs and a contact does not."""

CREDIT_DAYS = 7
"""An order within so many days of a click is credited to it: the trade's last-click rule."""

_LISTS = (("email",), ("sms", "phone"))
"""Media that share a list: whoever leaves it is met by none of them again."""

TREATED, HOLDOUT = 1, 2

(
    _CHOSEN,
    _ARM,
    _DAY,
    _HOUR,
    _DELIVERED,
    _OPENED,
    _CLICKED,
    _LEFT,
    _MOVED,
    _DELAY,
    _AGAIN,
    _MACHINE,
    _SOUGHT,
) = range(13)
_SLOTS = 16
"""Slots of one campaign's draws; the next campaign's begin so many further on."""

_PERSUADABLE = 9_000
"""Slot of the draw of who can be persuaded at all."""


@dataclass(frozen=True)
class Meeting:
    """One campaign over the customers of a block; every array has shape (n,).

    Attributes
    ----------
    arm
        0 not chosen, `TREATED` or `HOLDOUT`.
    day
        Day of the history on which the contact was made.
    moment
        When.
    delivered, opened, machine, clicked, left
        What followed: arrived, opened by a person, opened by a machine alone, clicked, left the list.
    delay
        Days from the contact to the click.
    clicks
        How often those clicked who did.
    sought
        Was about to order anyway, and clicked on the way.
    moved
        Ordered because of it, on the day of the click.
    """

    arm: npt.NDArray[np.int8]
    day: Whole
    moment: npt.NDArray[np.datetime64]
    delivered: Flags
    opened: Flags
    machine: Flags
    clicked: Flags
    left: Flags
    delay: Whole
    clicks: Whole
    sought: Flags
    moved: Flags


def experiment_of(recipe: Recipe) -> str | None:
    """Return the name of the latest campaign with a holdout, which the customers' arm tells of."""
    trials = {name: c for name, c in recipe.campaigns.items() if c.holdout.value > 0}
    return min(trials, key=lambda name: trials[name].weeks_ago.value, default=None)


def first_day(recipe: Recipe, campaign: Campaign) -> int:
    """Return the day of the history on which a campaign began."""
    return max(0, calendar_of(recipe).days - round(campaign.weeks_ago.value * 7))


def persuadable(block: Block) -> Flags:
    """Draw whom a fitting campaign can move. Latent: no firm sees it."""
    flags: Flags = block.draw(Purpose.CAMPAIGN, _PERSUADABLE) < block.each(lambda s: s.persuadable.value)
    return flags


def _within_reach(block: Block, campaign: Campaign) -> Flags:
    """Return who could be met: customers of that day, of its audience, who had agreed where that is needed."""
    calendar, can = calendar_of(block.recipe), block.once(contactable)
    reach = calendar.days - block.once(acquired_days) < first_day(block.recipe, campaign)
    if campaign.segment is not None:
        reach &= block.segment == list(block.recipe.segments).index(campaign.segment)
    if campaign.medium == "email":
        reach &= can.email_consent
    elif campaign.medium in ("sms", "phone"):
        reach &= can.phone_consent
    for earlier in _before(block.recipe, campaign):
        reach &= ~_left(block, earlier)
    return reach


def _before(recipe: Recipe, campaign: Campaign) -> Iterator[int]:
    """Yield the numbers of earlier campaigns whose lists this one writes to or calls as well."""
    for number, other in enumerate(recipe.campaigns.values()):
        same = any(campaign.medium in media and other.medium in media for media in _LISTS)
        if same and other.weeks_ago.value > campaign.weeks_ago.value and other.unsubscribed.value > 0:
            yield number


def _left(block: Block, number: int) -> Flags:
    """Return who left the list when a campaign met them."""
    campaign = list(block.recipe.campaigns.values())[number]

    def u(slot: int) -> Floats:
        return block.draw(Purpose.CAMPAIGN, number * _SLOTS + slot)

    chosen, held = _assigned(block, number, campaign)
    delivered: Flags = chosen & ~held & (u(_DELIVERED) < campaign.delivered.value)
    return delivered & (u(_LEFT) < campaign.unsubscribed.value)


def left_lists(block: Block) -> tuple[Flags, Flags]:
    """Return who has left the list of e-mail, and who that of calls and short messages, each of shape (n,)."""
    mail, calls = (np.zeros(block.size, dtype=np.bool_) for _media in _LISTS)
    for number, campaign in enumerate(block.recipe.campaigns.values()):
        for gone, media in zip((mail, calls), _LISTS, strict=True):
            if campaign.medium in media and campaign.unsubscribed.value > 0:
                np.logical_or(gone, _left(block, number), out=gone)
    return mail, calls


def meetings(block: Block) -> dict[str, Meeting]:
    """Draw every past campaign over a block, by its name."""
    recipe = block.recipe
    return {name: _meet(block, n, campaign) for n, (name, campaign) in enumerate(recipe.campaigns.items())}


def _meet(block: Block, number: int, campaign: Campaign) -> Meeting:
    def u(slot: int) -> Floats:
        return block.draw(Purpose.CAMPAIGN, number * _SLOTS + slot)

    calendar, rank = calendar_of(block.recipe), block.once(tempers).rank
    chosen, held = _assigned(block, number, campaign)
    treated = chosen & ~held
    day = first_day(block.recipe, campaign) + (u(_DAY) * round(campaign.days.value)).astype(np.int64)
    day = np.minimum(day, calendar.days - 1)
    clock = calendar.in_office if campaign.medium in DIRECT else calendar.moment
    delivered = treated & (u(_DELIVERED) < campaign.delivered.value)
    moved = delivered & block.once(persuadable) & (u(_MOVED) < campaign.lift.value)
    sought = np.zeros(block.size, dtype=np.bool_)
    if campaign.seekers is not None:
        sought = _about_to_order(block, day) & (u(_SOUGHT) < campaign.seekers.value)
    opened = delivered & ((u(_OPENED) < campaign.opened.value) | moved | sought)
    clicked = opened & ((u(_CLICKED) < campaign.clicked.value * (0.3 + 1.4 * rank)) | moved | sought)
    ghost = 0.0 if campaign.machine_opens is None else campaign.machine_opens.value
    each = 1.0 if campaign.clicks_each is None else campaign.clicks_each.value
    again = np.log(u(_AGAIN)) / np.log(1 - 1 / each) if each > 1 else np.zeros(block.size)
    return Meeting(
        arm=_arm(chosen, held),
        day=day,
        moment=clock(day, u(_HOUR)),
        delivered=delivered,
        opened=opened,
        machine=delivered & ~opened & (u(_MACHINE) < ghost),
        clicked=clicked,
        left=delivered & (u(_LEFT) < campaign.unsubscribed.value),
        delay=np.where(sought, 0, np.minimum(-np.log(u(_DELAY)), calendar.days - 1 - day)).astype(np.int64),
        clicks=np.where(clicked, 1 + again.astype(np.int64), 0),
        sought=delivered & sought,
        moved=moved,
    )


def _about_to_order(block: Block, day: Whole) -> Flags:
    """Return who orders on the days after a contact, whatever the campaign does."""
    bought = block.once(purchases)
    since = bought.day - day[bought.customer]
    soon = np.zeros(block.size, dtype=np.bool_)
    soon[bought.customer[(since > 0) & (since < CREDIT_DAYS)]] = True
    return soon


def _assigned(block: Block, number: int, campaign: Campaign) -> tuple[Flags, Flags]:
    """Return who was chosen for a campaign, and whom chance would keep from it."""
    chosen = _within_reach(block, campaign)
    chosen &= block.draw(Purpose.CAMPAIGN, number * _SLOTS + _CHOSEN) < campaign.coverage.value
    held = block.draw(Purpose.CAMPAIGN, number * _SLOTS + _ARM) < campaign.holdout.value
    return chosen, held


def _arm(chosen: Flags, held: Flags) -> npt.NDArray[np.int8]:
    return np.where(chosen, np.where(held, HOLDOUT, TREATED), 0).astype(np.int8)


def arms(block: Block) -> npt.NDArray[np.int8]:
    """Return each customer's arm in the latest experiment: 0 none, `TREATED` or `HOLDOUT`."""
    name = experiment_of(block.recipe)
    if name is None:
        return np.zeros(block.size, dtype=np.int8)
    number = list(block.recipe.campaigns).index(name)
    return _arm(*_assigned(block, number, block.recipe.campaigns[name]))
