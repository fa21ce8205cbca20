"""Step 3, channels: the indicators that belong to a medium, and to no other.

What the business wants (orders, profit) is the same in every channel and stands in the objectives; what shows
whether a channel works differs: an e-mail is opened, a telephone answered, a search ad clicked and paid by click.
"""

from __future__ import annotations

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _

__all__ = ["INDICATORS", "indicators_of"]

_BOUGHT = ("cpm", "ctr", "cpc", "cost_per_order")
_MASS = ("cpm", "cost_per_order")
_SHARED = ("click_rate", "cost_per_order")

INDICATORS: dict[str, tuple[str, ...]] = {
    "television": _MASS,
    "radio": _MASS,
    "press": _MASS,
    "niche": _MASS,
    "display": _BOUGHT,
    "social": _BOUGHT,
    "search": ("ctr", "cpc", "cost_per_lead", "cost_per_order", "roas"),
    "seo": ("ctr", "cost_per_order"),
    "affiliate": ("ctr", "cost_per_order", "roas"),
    "email": ("delivery_rate", "bounce_rate", "open_rate", "click_to_open", "click_rate", "unsubscribe_rate",
              "complaint_rate", "cost_per_order"),
    "post": ("delivery_rate", "click_rate", "cost_per_order"),
    "phone": ("delivery_rate", "open_rate", "cost_per_lead", "cost_per_order", "complaint_rate"),
    "sms": ("delivery_rate", "click_rate", "unsubscribe_rate", "complaint_rate", "cost_per_order"),
    "referral": _SHARED,
    "qr": _SHARED,
    "viral": _SHARED,
}  # fmt: skip
"""By medium: names of the indicators, as the tables of channels bear them."""


def indicators_of(medium: str) -> tuple[str, ...]:
    """Return the indicators that belong to a medium.

    Raises
    ------
    UnknownName
        If there is no such medium.
    """
    if medium not in INDICATORS:
        raise UnknownName(kind=_("medium"), given=medium, allowed=INDICATORS)
    return INDICATORS[medium]
