"""Whether what a flight waits for (``after=``) can happen: somebody must be able to open, click, answer or visit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from narrowcast.campaigns.bidding import least_bid
from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.problems import Problem
from narrowcast.campaigns.steps import Step
from narrowcast.language import gettext as _
from narrowcast.worlds import World

if TYPE_CHECKING:
    from narrowcast.campaigns.plan import Plan

__all__ = ["in_vain", "late_weeks"]


def late_weeks(flight: Flight, weeks: int) -> list[int]:
    """Return the weeks, from 0, in which a flight has money and something can have happened before."""
    return [week for week in range(1, weeks) if flight.schedule is None or flight.schedule[week] > 0]


def in_vain(plan: Plan, world: World) -> Iterator[Problem]:
    """Yield a warning for each flight that waits for what cannot happen, and each whose bid is below the least."""
    channels = world.recipe.channels
    paid = [flight for flight in plan.flights if flight.spend and flight.channel in channels]
    alive = _alive(paid, plan.weeks, world)
    for flight in paid:
        least = _least(flight, world)
        if flight.bid is not None and flight.bid < least:
            problem = _("{flight} bids {bid:,} for a click; with less than {least:,} nothing is shown.")
            problem = problem.format(flight=flight.name, bid=flight.bid, least=least)
            cure = _("Bid {least:,} or more, or leave out bid= to bid as the others do.").format(least=least)
            yield Problem(Step.CHANNELS, problem, cure, "warning")
        if flight in alive or flight.after is None:
            continue
        if not late_weeks(flight, plan.weeks):
            problem = _(
                "{flight} has no money after the first week, and follows what happened in a week before."
            )
            cure = _("Give it later weeks, or leave out after=.")
            yield Problem(Step.CHANNELS, problem.format(flight=flight.name), cure, "warning")
            continue
        yield Problem(
            Step.CHANNELS, _missing(flight), _("Add such a flight, or leave out after=."), "warning"
        )


def _least(flight: Flight, world: World) -> int:
    channel = world.recipe.channels[flight.channel]
    return least_bid(flight, channel) if channel.medium == "search" else 0


def _missing(flight: Flight) -> str:
    problems = {
        "open": _("{flight} follows those who opened an e-mail, and no other flight sends them one."),
        "click": _("{flight} follows those who clicked, and no other flight gives them anything to click."),
        "lead": _("{flight} follows those who left a number, and no other flight asks them for one."),
        "visit": _(
            "{flight} follows those who visited, and no other flight brings the strangers of its files."
        ),
    }
    return problems[flight.after or "visit"].format(flight=flight.name)


def _alive(paid: Sequence[Flight], weeks: int, world: World) -> list[Flight]:
    """Return the flights in which something can happen: those that wait for nothing, then those that follow them."""
    alive = [
        flight
        for flight in paid
        if flight.after is None and (flight.bid is None or flight.bid >= _least(flight, world))
    ]
    waiting = [flight for flight in paid if flight.after is not None and late_weeks(flight, weeks)]
    while True:
        more = [
            flight
            for flight in waiting
            if flight not in alive and (_come_anyway(flight, world) or _led(flight, alive, world))
        ]
        if not more:
            return alive
        alive += more


def _people(flight: Flight, world: World) -> set[str]:
    """Return the contact files that a flight's people stand in; what is not sent meets customers."""
    files = world.recipe.files
    house = {name for name, file in files.items() if file.kind == "house"}
    return set(flight.files) or house if world.recipe.channels[flight.channel].delivery == "sent" else house


def _come_anyway(flight: Flight, world: World) -> bool:
    """Return whether a flight waits for visits, which customers make without any advertisement."""
    files = world.recipe.files
    return flight.after == "visit" and any(
        name in files and files[name].kind == "house" for name in _people(flight, world)
    )


def _led(flight: Flight, alive: Sequence[Flight], world: World) -> bool:
    """Return whether one of the flights can bring about what another waits for."""
    for other in alive:
        channel = world.recipe.channels[other.channel]
        clicks = channel.click.value > 0
        leads = {
            "open": channel.address == "email",
            "click": clicks,
            "lead": clicks and channel.leads.value > 0,
            "visit": True,
        }
        if leads[flight.after or "visit"] and _people(flight, world) & _people(other, world):
            return True
    return False
