"""Words and figures as a card writes them, in the language in force."""

from __future__ import annotations

import datetime as dt

from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds.calendar import TODAY
from narrowcast.worlds.figures import Figure

__all__ = [
    "coins",
    "countries",
    "day",
    "figure",
    "media",
    "money",
    "months",
    "paid_for",
    "percent",
    "source",
    "times",
]

_WHOLE = {"VND", "KRW", "JPY"}
"""Currencies without a smaller coin; the others have hundredths."""


def percent(share: float) -> str:
    """Return a share (0 to 1) in percent, to three digits."""
    return f"{100 * share:.3g}%"


def times(factor: float) -> str:
    """Return a factor, to three digits."""
    return _("{factor:.3g} times").format(factor=factor)


def coins(currency: str) -> int:
    """Return how many of its smallest coins make one of a currency."""
    return 1 if currency in _WHOLE else 100


def money(amount: float, currency: str) -> str:
    """Return an amount, given in its currency's smallest coin."""
    if currency in _WHOLE:
        return f"{amount:,.{0 if amount >= 100 or amount == round(amount) else 1}f} {currency}"
    return f"{amount / coins(currency):,.2f} {currency}"


def figure(one: Figure) -> str:
    """Return a figure of the trade: shares in percent, other numbers as they are."""
    return percent(one.value) if one.unit.startswith("share ") else f"{one.value:,.4g}"


def source(one: Figure) -> str:
    """Return where a figure comes from."""
    return _("chosen for teaching") if one.source == "teaching" else in_course(one.source)


def day(weeks_ago: float) -> str:
    """Return the date so many weeks before today, in the market's calendar."""
    today = dt.date.fromisoformat(str(TODAY.astype("datetime64[D]")))
    return (today - dt.timedelta(days=round(7 * weeks_ago))).isoformat()


def months() -> tuple[str, ...]:
    """Return the names of the months, short, January first."""
    first = (_("Jan"), _("Feb"), _("Mar"), _("Apr"), _("May"), _("Jun"))
    return (*first, _("Jul"), _("Aug"), _("Sep"), _("Oct"), _("Nov"), _("Dec"))


def media() -> dict[str, str]:
    """Return what each medium is called."""
    return {
        "television": _("television"),
        "radio": _("radio"),
        "press": _("newspapers and magazines"),
        "display": _("display advertising"),
        "search": _("paid search"),
        "seo": _("unpaid search (SEO)"),
        "social": _("social media"),
        "affiliate": _("affiliates"),
        "email": _("e-mail"),
        "post": _("letters"),
        "phone": _("telephone"),
        "sms": _("text messages (SMS)"),
        "referral": _("referral"),
        "viral": _("passing on"),
        "qr": _("QR codes"),
        "niche": _("niche media"),
    }


def paid_for() -> dict[str, str]:
    """Return what money buys on a channel."""
    return {
        "contacts": _("contacts"),
        "sends": _("messages or calls"),
        "clicks": _("clicks"),
        "content": _("words of content"),
        "sales": _("sales"),
    }


def countries() -> dict[str, str]:
    """Return whose names a locale's people bear."""
    return {"vi_VN": _("Vietnamese"), "en_US": _("English-speaking"), "ko_KR": _("Korean")}
