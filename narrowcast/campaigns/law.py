"""Contact law: whom one may write to or call, at which hours, how often; by country and medium.

The rules are data, shortened for teaching from law texts and published summaries; `checked` says when they were
looked up, in copies that reach to early 2026. They are no legal advice: before a real campaign, read the source as
it stands on that day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from narrowcast.campaigns.flight import Flight
from narrowcast.worlds import World

__all__ = ["RULES", "ContactRule", "Terms", "contact_rules", "countries_of", "rules_for", "terms"]

Consent = Literal["everybody", "strangers", "nobody"]

_VN = "vi_VN"
_KR = "ko_KR"
_US = "en_US"
_LOOKED_UP = "2026-11-24"
_SPAM = "Decree 91/2020/ND-CP"
_DATA = "Law 91/2025/QH15"
_VN_SPAM = "Vietnam, Decree 91/2020/ND-CP, articles 7, 13 and 16"
_VN_DATA = (
    "Vietnam, Law on Personal Data Protection 91/2025/QH15, in force since 2026-01-01, articles 7, 9 and 28"
    " (before it: Decree 13/2023/ND-CP)"
)
_KR_NET = "Korea, Act on Promotion of Information and Communications Network Utilization, article 50"
_KR_DATA = "Korea, Personal Information Protection Act, articles 15 and 22"
_KR_CALLS = "Act on Door-to-Door Sales (register of refusals)"
_US_CALLS = "United States, TCPA: 47 CFR 64.1200"
_US_MAIL = "United States, CAN-SPAM Act: 15 U.S.C. 7704"
_US_POST = "United States: no federal rule on consent to advertising by post"


@dataclass(frozen=True)
class ContactRule:
    """What the law of one country says of one medium.

    Parameters
    ----------
    locale
        Whose people it protects: "vi_VN", "ko_KR" or "en_US".
    medium
        "email", "sms", "phone" or "post".
    consent
        Who must have agreed beforehand: "everybody"; "strangers" (not those who bought of late); "nobody".
    law
        The law that decides, in short.
    source
        Where it is written, in full.
    hours
        Local hours (from, to) in which it is allowed; None is any.
    per_day
        Contacts of one firm to one address in 24 hours at most; None is no number.
    do_not_call
        Whether a public register of those who want none must be asked first.
    unsubscribe
        Whether each contact must say how to end them.
    purchase
        Whether addresses may be bought and sold at all without a ground in law.
    checked
        Date on which it was looked up.
    """

    locale: str
    medium: str
    consent: Consent
    law: str
    source: str
    hours: tuple[int, int] | None = None
    per_day: int | None = None
    do_not_call: bool = False
    unsubscribe: bool = True
    purchase: bool = True
    checked: str = _LOOKED_UP


RULES: tuple[ContactRule, ...] = (
    ContactRule(
        _VN,
        "sms",
        "everybody",
        _SPAM,
        f"{_VN_SPAM}; {_VN_DATA}",
        (7, 22),
        3,
        do_not_call=True,
        purchase=False,
    ),
    ContactRule(
        _VN,
        "phone",
        "everybody",
        _SPAM,
        f"{_VN_SPAM}; {_VN_DATA}",
        (8, 17),
        1,
        do_not_call=True,
        purchase=False,
    ),
    # Three e-mails an address, as article 13 counts them; it sets no hours for them.
    ContactRule(_VN, "email", "everybody", _SPAM, f"{_VN_SPAM}; {_VN_DATA}", None, 3, purchase=False),
    ContactRule(_VN, "post", "everybody", _DATA, _VN_DATA, unsubscribe=False, purchase=False),
    # At night (21 to 8) Korea asks for a separate consent, which no file of ours records; e-mail is exempt. Who
    # bought within six months may be written to about the same kind of goods.
    ContactRule(_KR, "sms", "strangers", "Network Act", f"{_KR_NET}; {_KR_DATA}", (8, 21)),
    ContactRule(
        _KR,
        "phone",
        "strangers",
        "Network Act",
        f"{_KR_NET}; {_KR_DATA}; {_KR_CALLS}",
        (8, 21),
        do_not_call=True,
    ),
    ContactRule(_KR, "email", "strangers", "Network Act", f"{_KR_NET}; {_KR_DATA}"),
    ContactRule(_KR, "post", "everybody", "PIPA", _KR_DATA, unsubscribe=False),
    ContactRule(_US, "sms", "everybody", "TCPA", f"{_US_CALLS}, (a), (c) and (d)", (8, 21), do_not_call=True),
    ContactRule(_US, "phone", "nobody", "TCPA", f"{_US_CALLS}, (c) and (d)", (8, 21), do_not_call=True),
    ContactRule(_US, "email", "nobody", "CAN-SPAM", _US_MAIL),
    ContactRule(_US, "post", "nobody", "-", _US_POST, unsubscribe=False),
)
"""Every rule, Vietnam first."""


def contact_rules() -> pd.DataFrame:
    """Return all rules as a table, one row a country and medium."""
    frame = pd.DataFrame([asdict(rule) for rule in RULES]).set_index(["locale", "medium"])
    return frame.astype({"per_day": "Int64"})


def countries_of(flight: Flight, world: World) -> tuple[str, ...]:
    """Return the locales of those whom a flight may reach: its segment's, or every segment's."""
    segments = world.recipe.segments
    aimed = [segments[flight.to]] if flight.to in segments else list(segments.values())
    return tuple(dict.fromkeys(segment.locale for segment in aimed))


def rules_for(flight: Flight, world: World) -> tuple[ContactRule, ...]:
    """Return the rules that bind a flight; none where its medium writes to nobody and calls nobody."""
    medium = world.recipe.channels[flight.channel].medium
    places = countries_of(flight, world)
    return tuple(rule for rule in RULES if rule.medium == medium and rule.locale in places)


@dataclass(frozen=True)
class Terms:
    """What a flight keeps to when it runs.

    Parameters
    ----------
    hours
        Local hours (from, to); None is any.
    per_day
        Contacts to a person in a day at most; None is no limit.
    per_week
        Contacts to a person in a week at most; None is no limit.
    """

    hours: tuple[int, int] | None
    per_day: int | None
    per_week: int | None


def terms(flight: Flight, world: World, hours: tuple[int, int] | None = None) -> Terms:
    """Return a flight's hours and caps: its own where it says them, else the law's, the strictest country's first.

    Parameters
    ----------
    flight
        A flight whose channel is in the world.
    world
        The market.
    hours
        The plan's hours (`Launch.hours`), for a flight that says none.
    """
    bound = rules_for(flight, world)
    limits = [rule.hours for rule in bound if rule.hours is not None]
    common = (max(first for first, _last in limits), min(last for _first, last in limits)) if limits else None
    daily = min((rule.per_day for rule in bound if rule.per_day is not None), default=None)
    weekly = flight.cap if flight.cap is not None else (None if daily is None else 7 * daily)
    return Terms(flight.hours or hours or common, daily, weekly)
