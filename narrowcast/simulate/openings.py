"""What a budget can be spent on in a market: flights that are possible, and plans as shares of the money."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Flight, Message, Offer, Plan
from narrowcast.campaigns.plan import Objective
from narrowcast.errors import PlanError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.worlds import World
from narrowcast.worlds.media import Channel

__all__ = ["Diary", "Floats", "Openings", "possible_flights"]

Floats = npt.NDArray[np.float64]

_DUST = 1e-6
"""A share of 0.29 is a little less in binary: 29 of 100 must not become 28."""


def possible_flights(world: World, channels: Sequence[str] | None = None) -> list[tuple[str, str | None]]:
    """Return every (channel, segment) that money can go to.

    A broadcast channel has no segment. What is sent, shared, or paid by the sale or by content can also go to
    everybody (None); what is bought by the contact or the click for everybody is no better than aimed.

    Parameters
    ----------
    world
        The market.
    channels
        Only these; None is all.

    Raises
    ------
    UnknownName
        If there is no such channel.
    """
    every = world.recipe.channels
    for name in channels or ():
        if name not in every:
            raise UnknownName(kind=_("channel"), given=name, allowed=every)
    pairs: list[tuple[str, str | None]] = []
    for name, channel in every.items():
        if channels is None or name in channels:
            pairs += [(name, None)] if _may_be_for_all(channel) else []
            pairs += [(name, s) for s in world.recipe.segments] if channel.kind == "narrowcast" else []
    return pairs


def _may_be_for_all(channel: Channel) -> bool:
    return channel.kind == "broadcast" or channel.pays_for not in ("contacts", "clicks")


@dataclass(frozen=True)
class Openings:
    """A budget and the flights it can be shared out to.

    Attributes
    ----------
    world
        The market.
    budget
        Money for flights and editions, in the smallest unit.
    weeks
        How long the plan runs.
    flights
        What money can go to; their own spend does not matter.
    editions
        Segments for which a special edition is made; flights that speak to them offer it. The budget pays for it.
    objective
        What the plan is for.
    """

    world: World
    budget: int
    weeks: int
    flights: tuple[Flight, ...]
    editions: tuple[str, ...] = ()
    objective: str = "profit"

    @classmethod
    def of(
        cls, world: World, budget: int, weeks: int, channels: Sequence[str] | None = None,
        objective: str = "profit", *, follow: bool = False,
    ) -> Openings:  # fmt: skip
        """Return all that a market offers; with `follow`, also flights to people who came or answered before.

        What everybody meets can still speak to one segment, so there are several openings of the same name; a plan
        takes one of them.
        """
        made = []
        for channel, segment in possible_flights(world, channels):
            flight = _flight(world, channel, segment)
            others = world.recipe.segments if world.recipe.channels[channel].kind == "broadcast" else ()
            made += [flight, *(replace(flight, message=Message(name)) for name in others)]
        if follow:
            made += [
                Flight(name, 0, after=after)
                for name, channel in world.recipe.channels.items()
                if (channels is None or name in channels)
                and (channel.delivery == "sent" or channel.medium in ("display", "social"))
                for after in ("open", "click", "visit")
            ]
        lawful = tuple(flight for flight in made if _fits(world, flight, weeks))
        return cls(world, budget, weeks, lawful, objective=objective)

    def plan(self, shares: Iterable[float], name: str = "best found") -> Plan:
        """Return the plan that spends these shares of the budget, shape (flights,); 1 together is all of it."""
        left = max(self.budget - self.world.edition_cost * len(self.editions), 0)
        money = [int(left * share + _DUST) for share in shares]
        flights = [
            replace(flight, spend=spend, offer=self._offer(flight))
            for flight, spend in zip(self.flights, money, strict=True)
            if spend > 0
        ]
        return Plan(name, tuple(flights), self.weeks, 0.0, cast("Objective", self.objective))

    def _offer(self, flight: Flight) -> Offer:
        return Offer(flight.message.to) if flight.message.to in self.editions else flight.offer

    def shares(self, plan: Plan) -> Floats:
        """Return a plan's shares of the budget; flights that are no openings count as nothing."""
        left = max(self.budget - self.world.edition_cost * len(self.editions), 1)
        spend = {(flight.name, flight.message.to): flight.spend for flight in plan.flights}
        return np.array([spend.get((flight.name, flight.message.to), 0) / left for flight in self.flights])

    def settled(self, plan: Plan) -> Openings:
        """Return openings of which each name is one: as a plan has it, or else speaking to whom most money goes."""
        worn, spent = {flight.name: flight for flight in plan.flights}, dict[str | None, int]()
        for flight in plan.flights:
            spent[flight.message.to] = spent.get(flight.message.to, 0) + flight.spend
        most = max(spent, key=lambda to: spent[to], default=None)
        by_name: dict[str, Flight] = {}
        for flight in self.flights:
            if flight.name not in by_name or flight.message.to == most:
                by_name[flight.name] = flight
        return replace(self, flights=tuple(worn.get(name, flight) for name, flight in by_name.items()))


def _flight(world: World, name: str, segment: str | None) -> Flight:
    """Return a flight for somebody; where sharing is rewarded, with a reward that people feel."""
    medium = world.recipe.channels[name].medium
    value = np.mean([s.order_value.value for s in world.recipe.segments.values()])
    return Flight(name, 0, to=segment, reward=0.05 * float(value) if medium in ("referral", "qr") else 0)


def _fits(world: World, flight: Flight, weeks: int) -> bool:
    try:
        Plan(flights=(replace(flight, spend=1),), weeks=weeks).fits(world)
    except (PlanError, UnknownName):
        return False
    return True


@dataclass
class Diary:
    """How a plan was found, step by step; `rows` are those of `BestKnown.trace`."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def note(self, way: str, what: str, spend: float, worth: float) -> None:
        """Write a step down."""
        self.rows.append({"way": way, "what": what, "spend": round(spend), "worth": worth})
