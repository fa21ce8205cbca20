"""Whether money can be spent as the plan says: how many can be met, and how often that is for each of them.

Reckoned from the recipe, without drawing anybody, so every figure is an expectation. Who left a list in the past is
not taken off; so the most that can be spent is rather too large.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns.bidding import least_bid
from narrowcast.campaigns.flight import MOST_CAP, Flight
from narrowcast.campaigns.following import late_weeks
from narrowcast.campaigns.law import terms
from narrowcast.campaigns.problems import Problem
from narrowcast.campaigns.steps import Step
from narrowcast.language import gettext as _
from narrowcast.worlds import World
from narrowcast.worlds.tables.contacts import HOLDS_EMAIL, HOLDS_PHONE

if TYPE_CHECKING:
    from narrowcast.campaigns.plan import Plan

__all__ = ["OFTEN", "addressed", "amounts"]

OFTEN = 3
"""E-mails or SMS a person and week beyond which it is worth a word (teaching)."""

_DAILY = 24
"""Contacts of one flight a person and day that nobody meets: one in every hour, day and night (teaching)."""

_FAR = 1.25
"""How many times as much as can be spent is far more, and no inaccuracy of what is reckoned here."""

_HOLDS = {"email": HOLDS_EMAIL, "phone": 1 - (1 - HOLDS_PHONE) * HOLDS_EMAIL, "post": 1.0}
"""Share of a purchased file's rows with an address: who has no e-mail has a telephone."""

Floats = npt.NDArray[np.float64]


def amounts(plan: Plan, world: World, unread: Collection[str] = ()) -> Iterator[Problem]:
    """Yield a warning where far more is to be spent than can be, and where people are met too often.

    Parameters
    ----------
    plan, world
        A plan, and the market it is for; names that the market does not know are left to others.
    unread
        Names of a draft's entries that could not be read: without weeks or schedules nothing can be reckoned.
    """
    if {"weeks", "schedule"} & set(unread):
        return
    recipe = world.recipe
    known = [
        flight
        for flight in plan.flights
        if flight.spend
        and flight.channel in recipe.channels
        and flight.to in (None, *recipe.segments)
        and all(file in recipe.files for file in flight.files)
    ]
    for flight in known:
        channel = recipe.channels[flight.channel]
        if flight.after is not None:
            yield from _after(flight, plan.weeks, world)
        elif channel.delivery == "sent":
            yield from _sent(flight, plan.weeks, world)
        elif channel.pays_for == "clicks":
            yield from _clicked(flight, plan.weeks, world)
        elif channel.pays_for == "contacts":
            yield from _bought(flight, plan.weeks, world)
    for medium in ("email", "sms"):
        often = [f for f in known if f.after is None and recipe.channels[f.channel].medium == medium]
        yield from _often(often, plan.weeks, world)


def addressed(flight: Flight, world: World) -> Floats:
    """Return how many people of each segment a sent flight may write to or call, by file, shape (files, segments).

    Parameters
    ----------
    flight
        A flight of a channel that sends, with files that the world has.
    world
        The market.
    """
    recipe = world.recipe
    address = recipe.channels[flight.channel].address
    counts = np.zeros((len(recipe.files), len(recipe.segments)))
    for row, (name, file) in zip(counts, recipe.files.items(), strict=True):
        house = file.kind == "house"
        if name not in flight.files and (flight.files or not house):
            continue
        for place, segment in enumerate(recipe.segments.values()):
            row[place] = segment.share.value * world.size
            if house:
                given = {"email": segment.email, "phone": segment.phone}.get(address)
                agreed = {"email": segment.email_consent, "phone": segment.phone_consent}.get(address)
                row[place] *= given.value if given is not None else 1.0
                row[place] *= agreed.value if agreed is not None and flight.consented else 1.0
            else:
                row[place] *= file.size.value * _HOLDS[address]
                row[place] *= file.claimed_consent.value if flight.consented else 1.0
    return counts


def _reachable(flight: Flight, world: World) -> Floats:
    """Return how many people of each segment a flight's channel can meet, shape (segments,)."""
    channel = world.recipe.channels[flight.channel]
    if channel.delivery == "sent":
        return np.asarray(addressed(flight, world).sum(axis=0), np.float64)
    shares = [segment.share.value for segment in world.recipe.segments.values()]
    return np.array(shares) * world.size * channel.reach.value


def _aimed(flight: Flight, world: World) -> npt.NDArray[np.bool_]:
    """Return which segments a flight is for, shape (segments,)."""
    return np.array([flight.to in (None, name) for name in world.recipe.segments])


def _weekly(flight: Flight, weeks: int) -> Floats:
    """Return a flight's money by week, shape (weeks,)."""
    weights = np.ones(weeks) if flight.schedule is None else np.array(flight.schedule)
    return np.asarray(flight.spend * weights / weights.sum(), np.float64)


def _means(flight: Flight, weeks: int, world: World) -> Floats:
    """Return contacts a person that the money buys, shape (segments, weeks); the channel's precision aims."""
    channel, people, inside = (
        world.recipe.channels[flight.channel],
        _reachable(flight, world),
        _aimed(flight, world),
    )
    bought = _weekly(flight, weeks) / channel.price_per_thousand.value * 1_000
    precision = channel.precision.value if flight.to is not None else 1.0
    means = np.zeros((people.size, weeks))
    for here, share in ((inside, precision), (~inside, 1 - precision)):
        if people[here].sum() > 0:
            means[here] = bought * share / people[here].sum()
    return means


def _about(amount: float) -> int:
    """Return an amount with two figures: it was reckoned, not counted."""
    return round(float(f"{amount:.2g}"))


def _too_much(
    flight: Flight, most: float, problem: str, people: float = 0, cap: int = 0
) -> Iterator[Problem]:
    if flight.spend <= _FAR * most:
        return
    problem = problem.format(
        flight=flight.name, spend=flight.spend, most=_about(most), people=_about(people), cap=cap
    )
    cure = _("Give it that much or less; the rest stays unspent.")
    yield Problem(Step.CHANNELS, problem, cure, "warning")


def _sent(flight: Flight, weeks: int, world: World) -> Iterator[Problem]:
    cap = terms(flight, world).per_week or MOST_CAP
    people = _reachable(flight, world)
    met = people @ np.minimum(_means(flight, weeks, world), cap)
    price = world.recipe.channels[flight.channel].price_per_thousand.value / 1_000
    problem = _(
        "{flight} gets {spend:,}, of which about {most:,} at most can be spent: it has some {people:,} addresses, and "
        "no more than {cap} a week go to each."
    )
    yield from _too_much(flight, float(met.sum()) * price, problem, float(people.sum()), cap)


def _after(flight: Flight, weeks: int, world: World) -> Iterator[Problem]:
    late = len(late_weeks(flight, weeks))
    if not late:
        return  # told already: nothing can happen at all
    people = float(_reachable(flight, world)[_aimed(flight, world)].sum())
    price = world.recipe.channels[flight.channel].price_per_thousand.value / 1_000
    problem = _(
        "{flight} gets {spend:,}, of which about {most:,} at most can be spent, even if all its {people:,} people did "
        "every week what it waits for."
    )
    yield from _too_much(flight, people * late * price, problem, people)


def _clicked(flight: Flight, weeks: int, world: World) -> Iterator[Problem]:
    channel = world.recipe.channels[flight.channel]
    bid = channel.rival_strength.value if flight.bid is None else flight.bid
    if bid < least_bid(flight, channel):
        return  # told already: nothing is shown
    searches = float(_reachable(flight, world).sum()) * channel.traffic.value
    spending = int((_weekly(flight, weeks) > 0).sum())
    problem = _(
        "{flight} gets {spend:,}, of which about {most:,} at most can be spent, even if everybody clicked at every "
        "search."
    )
    yield from _too_much(flight, searches * spending * bid, problem)


def _bought(flight: Flight, weeks: int, world: World) -> Iterator[Problem]:
    means = _means(flight, weeks, world)[_aimed(flight, world)] / 7
    if not means.size or means.max() <= _DAILY:
        return
    problem = _(
        "{flight} buys about {often:,} contacts a person and day in week {week}; nobody meets that many."
    ).format(flight=flight.name, often=_about(float(means.max())), week=int(means.max(axis=0).argmax()) + 1)
    most = _about(flight.spend * _DAILY / float(means.max()))
    cure = _("Give it much less, or more weeks: {most:,} is already {daily} a day.")
    yield Problem(Step.CHANNELS, problem, cure.format(most=most, daily=_DAILY), "warning")


def _often(flights: list[Flight], weeks: int, world: World) -> Iterator[Problem]:
    """Tell where flights of one medium together write to the same people again and again."""
    recipe = world.recipe
    sums, parts = np.zeros((len(recipe.files), len(recipe.segments), weeks)), []
    for flight in flights:
        cap = terms(flight, world).per_week or MOST_CAP
        means = np.minimum(_means(flight, weeks, world), cap)
        part = (addressed(flight, world) > 0)[:, :, None] * means
        parts.append(part)
        sums += part
    if not sums.size or sums.max() <= OFTEN:
        return
    most = np.unravel_index(sums.argmax(), sums.shape)
    theirs = [flight.name for flight, part in zip(flights, parts, strict=True) if part[most] >= 0.1]
    problem = _(
        "{flights}: about {often:.1f} a person in week {week}; beyond {most} or so, people tire, look less and leave "
        "the list."
    ).format(flights=", ".join(theirs), often=float(sums[most]), week=int(most[2]) + 1, most=OFTEN)
    cure = _("Spend less, spread it over more weeks, or set a lower cap=.")
    yield Problem(Step.CHANNELS, problem, cure, "warning")
