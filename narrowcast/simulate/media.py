"""A plan's flights over the customers of one region: who is met how often, and how it speaks to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Flight, Plan
from narrowcast.simulate.attention import Floats, match, notice
from narrowcast.worlds import Purpose, Region, World, uniforms

__all__ = ["FlightMedia", "Media", "held_out", "prepare"]


@dataclass(frozen=True)
class FlightMedia:
    """One flight, seen by each customer of a region; arrays have shape (n,)."""

    name: str
    slot: int
    """Its place among the draws: from channel and segment alone, so flights don't disturb each other."""
    mean_contacts: Floats
    """Expected contacts a week."""
    match: Floats
    p_notice: Floats
    """Chance that one contact is noticed."""
    offer_match: Floats
    channel: int
    """Number of its channel in the recipe's order; flights of a channel fill one stock."""
    retention: float


@dataclass(frozen=True)
class Media:
    """All flights of a plan in a region."""

    flights: list[FlightMedia]
    channels: dict[int, tuple[float, float, float]]
    """For each channel in use: persuasion, half saturation, Hill exponent."""
    product_match: Floats
    """How the product for everybody suits each customer."""


def held_out(plan: Plan, seed: int, region: Region) -> npt.NDArray[np.bool_]:
    """Return who is kept from every bought contact: chosen by chance, before the first week."""
    if not plan.holdout:
        return np.zeros(region.size, dtype=np.bool_)
    return uniforms(seed, Purpose.HOLDOUT, region.start, region.size) < plan.holdout


def prepare(world: World, plan: Plan, seed: int, region: Region) -> Media:
    """Lay a plan out over a region."""
    interests = world.interests[region.rows]
    breadth = world.recipe.market.breadth.value
    everybody = match(interests, np.zeros(2), breadth)
    bought = ~held_out(plan, seed, region)
    flights = [_lay_out(world, plan, flight, region, bought) for flight in plan.flights if flight.spend]
    rows = list(world.recipe.channels.values())
    used = {flight.channel: rows[flight.channel] for flight in flights}
    response = {n: (c.persuasion.value, c.half_saturation.value, c.exponent.value) for n, c in used.items()}
    return Media(flights, response, everybody)


def _aim(world: World, to: str | None, fit: float = 1.0) -> Floats:
    """Return the interests that something is made for; the market's mean is the origin."""
    if to is None:
        return np.zeros(2)
    aimed: Floats = fit * world.centres[list(world.recipe.segments).index(to)]
    return aimed


def _lay_out(
    world: World, plan: Plan, flight: Flight, region: Region, bought: npt.NDArray[np.bool_]
) -> FlightMedia:
    recipe = world.recipe
    channel, attention = recipe.channels[flight.channel], recipe.attention
    number = list(recipe.channels).index(flight.channel)
    segment = -1 if flight.to is None else list(recipe.segments).index(flight.to)
    breadth = recipe.market.breadth.value
    interests = world.interests[region.rows]
    spoken = match(interests, _aim(world, flight.message.to, flight.message.fit), breadth)
    return FlightMedia(
        name=flight.name,
        slot=1 + number * (len(recipe.segments) + 1) + segment + 1,
        mean_contacts=_mean_contacts(world, plan, flight, number, segment, region) * bought,
        match=spoken,
        p_notice=notice(
            spoken, attention.intercept.value, attention.match.value, attention.clutter.value, world.clutter
        ),
        offer_match=match(interests, _aim(world, flight.offer.to), breadth),
        channel=number,
        retention=channel.retention.value,
    )


def _mean_contacts(
    world: World, plan: Plan, flight: Flight, channel: int, segment: int, region: Region
) -> Floats:
    """Spread the contacts that the money buys: by media use, and by aim where the channel can aim.

    Of the contacts bought for a segment, the channel's precision meets it; the others fall evenly on
    everybody else. Only people whom the channel can reach are met.
    """
    people, figures = world.population, world.recipe.channels[flight.channel]
    contacts = flight.spend / plan.weeks / figures.price_per_thousand.value * 1_000
    open_to = people.reachable[:, channel]
    use = people.exposure * open_to
    if segment < 0:
        weight = use / max(use.sum(), 1e-12)
    else:
        inside = people.segment == segment
        precision = figures.precision.value
        hit, miss = use * inside, use * ~inside
        weight = precision * hit / max(hit.sum(), 1e-12) + (1 - precision) * miss / max(miss.sum(), 1e-12)
    spread: Floats = contacts * weight[region.rows]
    return spread
