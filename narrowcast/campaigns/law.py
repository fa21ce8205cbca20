"""Contact law: whom one may write to or call, at which hours, how often; by country and medium.

The rules are data, shortened for teaching from law texts and published summaries: each says in `source` which
article it is from, and what of it was not verified; `checked` says when it was looked up, in public copies. Where a
law is laxer under conditions that a plan does not know, the rule is the strict one, and its source says so. They are
no legal advice: before a real campaign, read the source as it stands on that day.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

import pandas as pd

from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.numbers import choice
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["RULES", "ContactRule", "Terms", "contact_rules", "countries_of", "rules_for", "terms"]

Consent = Literal["everybody", "strangers", "nobody"]

_VN = "vi_VN"
_KR = "ko_KR"
_US = "en_US"
_LOOKED_UP = "2026-11-24"
_SPAM = "Decree 91/2020/ND-CP"
_DATA = "Law 91/2025/QH15"
_NETWORK = "Network Act"
_PIPA = "PIPA"
_VN_DATA = (
    "Vietnam, Law on Personal Data Protection 91/2025/QH15, in force since 2026-01-01 (before it: Decree"
    " 13/2023/ND-CP): article 9 (consent), article 28 (advertising), article 7 (no trade in personal data)"
)
_KR_NET = (
    "Korea, Act on Promotion of Information and Communications Network Utilization and Information Protection:"
    " article 50(1) (consent), its item 1 with Enforcement Decree, article 61(1) (not of whoever bought the same kind"
    " of goods within six months), article 50(2) and (4) (refusal)"
)
_KR_NIGHT = "article 50(3) (separate consent from 21 to 8 h)"
_KR_DATA = (
    "Personal Information Protection Act: article 15(1) (ground for use), article 17(1) (for handing on), article"
    " 22(1), item 7 (consent to advertising is asked for by itself)"
)
_US_HOURS = "47 CFR 64.1200 (c)(1) (8 to 21 h)"
_US_STATES = "laws of the states not verified"


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
        Where it is written, article by article, and what was not verified.
    hours
        Local hours (from, to) in which it is allowed; None is any.
    per_day
        Contacts of one firm to one address in 24 hours at most; None is no number.
    do_not_call
        Whether a public register of those who want none must be asked first.
    unsubscribe
        Whether each contact must say how to end them.
    trade_law
        The law that lets addresses be bought and sold only on a ground; None where none was found.
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
    trade_law: str | None = None
    checked: str = _LOOKED_UP


RULES: tuple[ContactRule, ...] = (
    # Hours and numbers hold unless the person agreed to others, which no file of ours records.
    ContactRule(
        _VN, "sms", "everybody", _SPAM,
        "Vietnam, Decree 91/2020/ND-CP: article 13 (consent, hours, number), article 7 (register), article 16"
        f" (refusal); {_VN_DATA}",
        (7, 22), 3, do_not_call=True, trade_law=_DATA,
    ),
    ContactRule(
        _VN, "phone", "everybody", _SPAM,
        "Vietnam, Decree 91/2020/ND-CP: article 13 (consent, hours, number), article 7 (register); its article on"
        f" the refusal of calls not verified; {_VN_DATA}",
        (8, 17), 1, do_not_call=True, trade_law=_DATA,
    ),
    # Three e-mails an address, as article 13 counts them; it sets no hours for them.
    ContactRule(
        _VN, "email", "everybody", _SPAM,
        "Vietnam, Decree 91/2020/ND-CP: article 13 (consent, number); its article on the refusal of e-mails not"
        f" verified; {_VN_DATA}",
        None, 3, trade_law=_DATA,
    ),
    ContactRule(_VN, "post", "everybody", _DATA, _VN_DATA, unsubscribe=False, trade_law=_DATA),
    # At night Korea asks for a separate consent, which no file of ours records; e-mail alone is exempt.
    ContactRule(_KR, "sms", "strangers", _NETWORK, f"{_KR_NET}, {_KR_NIGHT}; {_KR_DATA}", (8, 21), trade_law=_PIPA),
    ContactRule(
        _KR, "phone", "strangers", _NETWORK,
        f"{_KR_NET}, {_KR_NIGHT}; article 50(1), item 2, frees a telemarketer who says by voice where the number is"
        " from, which is not counted on here; Act on Door-to-Door Sales: article 42(2) (register of refusals);"
        f" {_KR_DATA}",
        (8, 21), do_not_call=True, trade_law=_PIPA,
    ),
    ContactRule(
        _KR, "email", "strangers", _NETWORK,
        f"{_KR_NET}, article 50(3) with Enforcement Decree, article 61(2) (e-mail is exempt at night); {_KR_DATA}",
        trade_law=_PIPA,
    ),
    ContactRule(
        _KR, "post", "everybody", _PIPA,
        f"Korea, {_KR_DATA}; other grounds of article 15(1) are not counted on here",
        unsubscribe=False, trade_law=_PIPA,
    ),
    # After Facebook v. Duguid few systems are autodialers in the law's sense: who texts from a list of customers may
    # need no consent but of those in the register. A lesson keeps to what a careful firm does.
    ContactRule(
        _US, "sms", "everybody", "TCPA",
        "United States, TCPA, 47 U.S.C. 227: 47 CFR 64.1200 (a)(2) (written consent to autodialled advertising;"
        " autodialled: Facebook v. Duguid, 592 U.S. 395 (2021); asked for all texts here), (c)(2) (register; for texts,"
        f" too: 89 FR 5098, 2024), (d) (refusal), {_US_HOURS}; that (c)(1) and (d) hold for texts not verified;"
        f" {_US_STATES}",
        (8, 21), do_not_call=True,
    ),
    ContactRule(
        _US, "phone", "nobody", "TCPA",
        "United States, TCPA, 47 U.S.C. 227: 47 CFR 64.1200 (c)(2) (register) and (d) (refusal); calls that a person"
        " dials; (a)(2) and (3) ask for written consent to autodialled and recorded ones;"
        f" {_US_HOURS}; {_US_STATES}",
        (8, 21), do_not_call=True,
    ),
    ContactRule(
        _US, "email", "nobody", "CAN-SPAM",
        "United States, CAN-SPAM Act: 15 U.S.C. 7704 (a)(3) and (5) (a way to refuse in each), (a)(4) (kept within"
        f" 10 business days, and no trade in who refused); {_US_STATES}",
    ),
    ContactRule(
        _US, "post", "nobody", "-",
        "United States: no federal rule on consent to advertising by post was found; who finds an offer sexually"
        f" provocative, at their own discretion, can have its sender stopped, 39 U.S.C. 3008; {_US_STATES}",
        unsubscribe=False,
    ),
)  # fmt: skip
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
    """Return the rules that bind a flight; none where its medium writes to nobody and calls nobody.

    Raises
    ------
    UnknownName
        If the world has no such channel.
    PlanError
        If it is given anything but a flight and a world, in this order.
    """
    if not isinstance(flight, Flight) or not isinstance(world, World):
        problem = _("contact law was asked about a {flight} and a {world}.").format(
            flight=type(flight).__name__, world=type(world).__name__
        )
        raise PlanError(Step.LAUNCH, problem, _("It needs a flight and a world, in this order."))
    medium = world.recipe.channels[choice(_("channel"), flight.channel, world.recipe.channels)].medium
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
