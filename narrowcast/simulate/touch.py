"""What else a flight could say, bid or promise: the options that a search tries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from narrowcast.campaigns import Flight
from narrowcast.worlds import World
from narrowcast.worlds.media import Channel

__all__ = ["ASPECTS"]

_FITS = (0.5, 0.75, 1.0)
_INCENTIVES = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3)
_BIDS = (0.5, 0.75, 1.5, 2.0)
"""Over the median rival's."""
_REWARDS = (0.0, 0.5, 2.0, 4.0)
"""Over the one there is."""
_CAPS = (1, 2, None)


def _form(flight: Flight, channel: Channel, _world: World, _weeks: int) -> list[Flight]:
    message = replace(flight.message, form=1.0)
    if channel.delivery == "sent":
        message = replace(message, personal=True)
    if channel.delivery == "shared":
        message = replace(message, prewritten=True)
    return [replace(flight, message=message)]


def _substance(flight: Flight, _channel: Channel, world: World, _weeks: int) -> list[Flight]:
    own = flight.message
    messages = [replace(own, to=to, fit=1.0) for to in (None, *world.recipe.segments)]
    messages += [replace(own, fit=fit) for fit in _FITS if own.to is not None]
    return [replace(flight, message=message) for message in messages]


def _incentive(flight: Flight, _channel: Channel, _world: World, _weeks: int) -> list[Flight]:
    return [replace(flight, message=replace(flight.message, incentive=share)) for share in _INCENTIVES]


def _timing(flight: Flight, _channel: Channel, _world: World, weeks: int) -> list[Flight]:
    falling = tuple(float(weeks - week) for week in range(weeks))
    early = tuple(float(week < (weeks + 1) // 2) for week in range(weeks))
    return [replace(flight, schedule=schedule) for schedule in (None, falling, early)]


def _bid(flight: Flight, channel: Channel, _world: World, _weeks: int) -> list[Flight]:
    if channel.medium != "search":
        return []
    return [replace(flight, bid=round(times * channel.rival_strength.value)) for times in _BIDS]


def _reward(flight: Flight, channel: Channel, _world: World, _weeks: int) -> list[Flight]:
    if channel.medium not in ("referral", "qr"):
        return []
    return [replace(flight, reward=round(times * flight.reward)) for times in _REWARDS]


def _sending(flight: Flight, channel: Channel, _world: World, _weeks: int) -> list[Flight]:
    return [replace(flight, cap=cap) for cap in _CAPS] if channel.delivery == "sent" else []


ASPECTS: tuple[Callable[[Flight, Channel, World, int], list[Flight]], ...] = (
    _form, _substance, _incentive, _bid, _reward, _sending, _timing,
)  # fmt: skip
"""Each returns a flight with the same money, changed in one thing as far as its channel can do it.

They take the flight, its channel, the market and the weeks of the plan; what they return may hold the flight itself.
"""
