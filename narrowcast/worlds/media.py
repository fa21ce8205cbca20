"""Ways to reach people: what a channel is, and the catalogue of the sixteen media.

The catalogue, `media.toml`, says what a channel of each medium is like. A recipe that leaves a field of a
channel out gets the medium's; a figure of its own wins.

The catalogue's prices are those of markets of some `PRICED_FOR` people. A recipe's own prices are those of its
market, whatever its size; a channel that is added to a smaller market (`channel_for`) pays for the others, too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, get_args

from pydantic import model_validator

from narrowcast.language import gettext as _
from narrowcast.worlds.figures import Figure, NotNegative, Part, Positive, Share, Weight

__all__ = [
    "CATALOGUE",
    "MEDIA",
    "PRICED_FOR",
    "PRICED_IN",
    "Channel",
    "Medium",
    "catalogue",
    "channel_for",
    "coverage",
]

Medium = Literal[
    "television", "radio", "press", "display", "search", "seo", "social", "affiliate", "email", "post", "phone",
    "sms", "referral", "viral", "qr", "niche",
]  # fmt: skip

MEDIA: tuple[str, ...] = get_args(Medium)

CATALOGUE = Path(__file__).with_name("media.toml")
"""The catalogue's file."""

PRICED_IN = "VND"
"""Currency of the catalogue's prices."""

PRICED_FOR = 20_000
"""People of a market in which the catalogue's prices hold."""

_OWN = frozenset({"title", "kind", "medium"})
"""What a recipe says of every channel itself."""

_COVERAGE = "coverage"
"""What the catalogue says of a medium and no channel has: it is in the price."""


@cache
def _written() -> Mapping[str, Mapping[str, Any]]:
    """Return the catalogue as it is written, by medium."""
    return MappingProxyType(tomllib.loads(CATALOGUE.read_text(encoding="utf-8")))


class Channel(Part):
    """A way to reach people, its price, and what happens to a contact on it.

    Whatever is left out is the medium's, but for title, kind and medium.
    """

    title: str
    kind: Literal["broadcast", "narrowcast"]
    medium: Medium
    push: bool
    """True where the firm goes to people, False where people come to the firm."""
    delivery: Literal["bought", "sent", "searched", "shared"]
    """How contacts come about: bought ones fall on people by chance; sent ones go to addresses; searched ones
    happen when a person searches or browses; shared ones are passed on by friends."""
    pays_for: Literal["contacts", "sends", "clicks", "content", "sales"]
    """What the money buys."""
    address: Literal["none", "email", "phone", "post"]
    """Which address a send needs."""
    price_per_thousand: Positive
    """Price of 1,000 contacts, sends, or words of content. Where clicks or sales are paid for, what 1,000
    contacts come to, for comparison only: there the auction, the commission or the reward makes the price."""
    reach: Share
    precision: Share
    """Of the contacts bought for a segment, the share that meets it."""
    persuasion: NotNegative
    retention: Share
    """Of the stock that contacts leave (in unpaid search: of the pages' authority), the share kept a week."""
    half_saturation: Positive
    exponent: Positive
    attention: Weight
    """Logit added to the market's attention line."""
    click: Share
    """Of contacts noticed, the share followed by a click, an answer or a visit, at a match of one half; in
    unpaid search at the first place of the results."""
    click_match: Weight
    """Logit per unit of match above one half."""
    soft_bounce: Share
    """Of sends to valid addresses, the share not delivered this time."""
    unsubscribe: Share
    """Of deliveries, the share that ends with leaving the list, at no fatigue and a match of one half."""
    unsubscribe_fatigue: NotNegative
    """Logit per unit of fatigue."""
    often: NotNegative
    """Deliveries a person and week up to which attention does not suffer."""
    attention_fatigue: NotNegative
    """Exponent with which the odds of noticing fall as one plus the fatigue beyond what so many leave."""
    unsubscribe_match: NotNegative
    """Logit less per unit of match above one half."""
    complaint: Share
    """Of unlawful deliveries, to people who never agreed, at night or too many, the share complained about."""
    annoyed: Share
    """Of those who leave the list, the share that complains as well."""
    machine_opens: Share
    """Of deliveries nobody opened, the share opened by a machine."""
    warm: NotNegative
    """Multiple of persuasion on people who visited or bought within the last four weeks."""
    traffic: NotNegative
    """Contacts a person a week that are there without money: searches, visits to partners' pages."""
    rivals: NotNegative
    """Other bidders; in unpaid search, pages that compete."""
    rival_strength: NotNegative
    """Of the median rival: bid times quality, in the smallest unit of the world's currency; in unpaid search,
    authority in thousands of words of content."""
    commission: Share
    """Of a credited order's revenue, the share paid for it."""
    cookie_weeks: NotNegative
    """Weeks that a click is remembered."""
    cookie_loss: Share
    """Share of cookies deleted in a week."""
    leads: Share
    """Of clicks, the share that leaves a telephone number."""
    share: Share
    """Chance that a buyer (viral: one who noticed it) passes it on."""
    share_reward: NotNegative
    """Logit per unit of reward over order value."""
    pass_on: Share
    """Chance that it reaches a friend at closeness 1."""

    @model_validator(mode="before")
    @classmethod
    def _filled(cls, given: Any) -> Any:  # noqa: ANN401 - anything may stand in a recipe
        medium = given.get("medium") if isinstance(given, dict) else None
        if not isinstance(medium, str) or medium not in _written():
            return given  # told of as what it is: no table, no medium, or one that nobody knows
        taken = _written()[medium].items()
        return {name: value for name, value in taken if name not in _OWN and name != _COVERAGE} | given

    @model_validator(mode="after")
    def _sends_have_addresses(self) -> Channel:
        if (self.delivery == "sent") != (self.address != "none"):
            raise ValueError(
                _(
                    "delivery is {delivery!r} and address is {address!r}: only what is sent has an address"
                ).format(delivery=self.delivery, address=self.address)
            )
        return self


@cache
def catalogue() -> Mapping[str, Channel]:
    """Return a channel of each of the sixteen media, straight from the catalogue, in the course's order."""

    def made(name: str) -> Channel:
        fields = {field: value for field, value in _written()[name].items() if field != _COVERAGE}
        return Channel.model_validate({**fields, "medium": name})

    return MappingProxyType({name: made(name) for name in MEDIA})


@cache
def coverage(medium: Medium | str) -> Figure:
    """Return the fewest people whom one can buy a medium for; 0 where every contact is bought for itself."""
    return Figure.model_validate(_written()[medium][_COVERAGE])


def channel_for(medium: Medium | str, people: int) -> Channel:
    """Return a medium's channel for a market, with the price of 1,000 contacts with that market.

    Who buys 1,000 contacts buys them among all whom the medium covers. In a market of fewer people, the other
    contacts meet nobody who could buy: a contact that counts costs as many times more as there are people covered
    for one of the market.

    Parameters
    ----------
    medium
        One of `MEDIA`.
    people
        How many there are in the market, 1 or more.
    """
    channel, covered = catalogue()[medium], coverage(medium)
    if people >= covered.value:
        return channel
    price, times = channel.price_per_thousand, covered.value / people
    dearer = Figure(
        value=price.value * times,
        unit=price.unit,
        source=f"{price.source}; times {times:.3g}, for {covered.value:,.0f} are covered and {people:,} in the market",
    )
    return channel.model_copy(update={"price_per_thousand": dearer})
