"""What a recipe is made of: one class for each of its parts.

Every number stands with its unit and its source (`narrowcast.worlds.figures`). What a part leaves out, a
market does not have: no ``[business]``, no companies.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from narrowcast.language import gettext as _
from narrowcast.worlds.figures import (
    Factors,
    Figure,
    NotNegative,
    Part,
    Place,
    Positive,
    Share,
    Weight,
    within,
)

__all__ = [
    "LOCALES",
    "MOST_CUSTOMERS",
    "Circles",
    "History",
    "Segment",
    "adds_up",
]

MOST_CUSTOMERS = 200_000_000
"""Room for these and for the strangers of purchased files in a draw's counter of 32 bits; ten million were run."""

LOCALES = ("vi_VN", "en_US", "ko_KR")
"""Whose people can be drawn."""

Locale = Literal["vi_VN", "en_US", "ko_KR"]
Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


def adds_up(shares: dict[str, float], what: str) -> None:
    """Complain unless shares add up to 1."""
    total = sum(shares.values())
    if abs(total - 1) > 1e-6:
        raise ValueError(_("{what} add up to {total}, not 1").format(what=what, total=total))


class Market(Part):
    """The market as a whole."""

    customers: Annotated[Figure, AfterValidator(within(1, MOST_CUSTOMERS))]
    clutter: NotNegative
    """Messages of all brands that a person meets in a week."""
    fragmentation: NotNegative
    """How far apart the groups' interests lie: 0 is one mass, 1 is as the recipe draws them."""
    noise: Positive
    """Standard deviation of a person's interests around the group's, in either direction."""
    breadth: Positive
    """How far from its aim a message still speaks to people."""
    exposure_shape: Positive
    """Shape k of the Gamma that spreads media use over people; small is uneven."""


class Attention(Part):
    """The attention line: logit P(notice) = intercept + match * fit - clutter * log(1 + messages)."""

    intercept: Weight
    match: Weight
    clutter: NotNegative


class Response(Part):
    """How people answer, from a contact to an order, and what an answer is worth later."""

    offer_match: Weight
    """Logit of conversion per unit of the offer's match."""
    edition_cost: NotNegative
    price_response: NotNegative
    """Logit of conversion per share of price off."""
    winback: Share
    """Of the former rate of a lapsed customer or a stranger, the part that marketing can wake."""
    form: Weight
    """Logit of a click per unit of a message's form above one half."""
    personal_open: Weight
    """Logit of an open when the message uses the name."""
    personal_click: Weight
    """Logit of a click once it is open, when the message uses the name."""
    personal_unsubscribe: NotNegative
    """Logit less of leaving the list when the message uses the name."""
    synergy: NotNegative
    """Logit of a call soon after an open e-mail."""
    synergy_weeks: NotNegative
    """Weeks after an open e-mail that are soon."""
    fatigue: Share
    """Of the fatigue that messages leave, the share kept a week."""
    consent_worth: NotNegative
    """Value of one consent lost, in the smallest unit of the world's currency."""
    discount: NotNegative
    """Share a year by which later margin is worth less."""
    horizon: NotNegative
    """Weeks of later margin that are counted."""


class Advocacy(Part):
    """Buyers who speak for the brand."""

    intercept: Weight
    match: Weight
    friends: NotNegative
    homophily: Share
    persuasion: NotNegative
    retention: Share
    bond: Share
    """Multiple of a referred customer's chance to drop out while who referred them is there."""


class Circles(Part):
    """Circles of friends: who knows whom."""

    size: Annotated[Figure, AfterValidator(within(2, 60))]
    """People in a circle, on average."""
    layers: Annotated[Figure, AfterValidator(within(1, 8))]
    """Circles that a person may belong to: family, school, work ..."""
    sociability_shape: Positive
    """Shape k of the Gamma that spreads how many friends people have; small is uneven."""


class History(Part):
    """The past that the tables tell."""

    weeks: Annotated[Figure, AfterValidator(within(53, 520))]
    """Weeks since the first customer came."""
    seasonality: Factors
    """Twelve factors, January first, on the mean week; their mean is 1. From month to month it goes smoothly."""
    before_tet: Positive | None = None
    """Further factor on the three weeks before Tet; left out: 1."""
    in_tet: Positive | None = None
    """Further factor on the week of Tet; left out: 1."""
    acquisition: Annotated[dict[str, Share], Field(min_length=1, max_length=120)]
    """Share of customers by the way on which they first came; "referral" needs a friend."""
    coupon: str = Field(min_length=1, max_length=20)
    """Word on the coupons."""

    @field_validator("seasonality")
    @classmethod
    def _a_year(cls, months: Factors) -> Factors:
        if len(months.values) != 12:
            raise ValueError(_("there are {count} months, not 12").format(count=len(months.values)))
        mean = math.fsum(months.values) / 12
        if abs(mean - 1) > 0.005 or min(months.values) <= 0:
            raise ValueError(
                _("the mean of the months is {mean:.3f}, not 1, or a month is 0").format(mean=mean)
            )
        return months

    @field_validator("acquisition")
    @classmethod
    def _everybody_came_somehow(cls, ways: dict[str, Figure]) -> dict[str, Figure]:
        adds_up({name: share.value for name, share in ways.items()}, _("the shares"))
        return ways


class Repeat(Part):
    """BG/NBD (Fader, Hardie and Lee 2005), in weeks: purchase rates Gamma(r, alpha), drop-out Beta(a, b)."""

    r: Positive
    alpha: Positive
    a: Positive
    b: Positive


class Spend(Part):
    """Gamma-gamma spend (Fader, Hardie and Lee 2005): shapes p and q; the mean is the segment's order value."""

    p: Positive
    q: Annotated[Figure, AfterValidator(within(1.01, 1e6))]


class Segment(Part):
    """A group of customers with interests in common."""

    title: str
    description: str
    share: Share
    centre: tuple[Place, Place]
    """Where the group's interests lie in the plane, at fragmentation 1."""
    order_value: Positive
    """Mean of an order, in the smallest unit of the world's currency."""
    margin_rate: Share
    conversion: Annotated[Figure, AfterValidator(within(1e-3, 1))]
    """Chance that a visit becomes an order, product for everybody."""
    mobile_conversion: Positive
    """Conversion of those who mostly use a phone, as a multiple of the others' (the mean stays)."""
    repeat: Repeat
    spend: Spend
    returns: Share
    """Share of orders that come back."""
    coupon_use: Share
    """Share of orders with a coupon."""
    coupon_depth: Share
    """What a coupon takes off."""
    persuadable: Share
    """Share of people whom a fitting campaign can move."""
    female: Share
    age: Positive
    age_spread: Positive
    email: Share
    """Share of people who gave an e-mail address."""
    phone: Share
    """Share of people who gave a telephone number."""
    email_consent: Share
    phone_consent: Share
    mobile: Share
    """Share of people who mostly use a phone."""
    locale: Locale = "vi_VN"
    pays_in: Currency | None = None
    """Currency of the group's orders; left out: the world's."""
    provinces: dict[str, Annotated[float, Field(strict=True, ge=0, le=1, allow_inf_nan=False)]]
    """Share of the group in each named province; what is left lies in the others of its country."""

    @field_validator("provinces")
    @classmethod
    def _leave_room(cls, provinces: dict[str, float]) -> dict[str, float]:
        total = sum(provinces.values())
        if total > 1 + 1e-9:
            raise ValueError(_("the shares add up to {total}, more than 1").format(total=total))
        return provinces
