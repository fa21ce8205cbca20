"""A good plan for a budget: each next part of the money goes where it gains most."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from narrowcast.campaigns import Flight, Plan
from narrowcast.simulate.attention import Floats
from narrowcast.simulate.run import nothing_done, simulate
from narrowcast.worlds import World

__all__ = ["best_found", "climb", "possible_flights", "worth"]

STEPS = 10
"""The budget is handed out in this many equal parts."""
TRIED = 5
"""Flights that get a chance at each part: those that do best alone."""


def possible_flights(world: World) -> list[tuple[str, str | None]]:
    """Return every (channel, segment) that money can go to; a broadcast channel has no segment."""
    pairs: list[tuple[str, str | None]] = []
    for name, channel in world.recipe.channels.items():
        pairs += [(name, None)] if channel.kind == "broadcast" else [(name, s) for s in world.recipe.segments]
    return pairs


def worth(world: World, plan: Plan, seeds: Sequence[int]) -> float:
    """Return a plan's expected profit over doing nothing, mean over seeds, in the smallest unit of money."""
    return float(np.mean([simulate(world, plan, seed).expected_profit for seed in seeds]))


def _plan(shares: Floats, pairs: list[tuple[str, str | None]], budget: int, weeks: int) -> Plan:
    flights = [
        Flight(channel, int(budget * share), to=segment)
        for (channel, segment), share in zip(pairs, shares, strict=True)
        if share > 0
    ]
    return Plan("best found", tuple(flights), weeks=weeks)


def promising(world: World, budget: int, weeks: int, seed: int, count: int) -> list[int]:
    """Return the flights that gain most when a fifth of the budget goes to each alone, best first."""
    pairs = possible_flights(world)
    gains = []
    for row in range(len(pairs)):
        shares = np.zeros(len(pairs))
        shares[row] = 0.2
        gains.append(simulate(world, _plan(shares, pairs, budget, weeks), seed).expected["margin"])
    return [int(row) for row in np.argsort(gains)[::-1][:count]]


def climb(world: World, budget: int, weeks: int, seed: int) -> Floats:
    """Hand out a budget part by part, each to the flight that gains most from it on top of the others.

    Returns
    -------
    numpy.ndarray
        Shape (flights,): share of the budget for each of `possible_flights`. They add up to less than 1
        where a further part would bring in less than it costs.
    """
    pairs, part = possible_flights(world), 1 / STEPS
    held = np.zeros(len(pairs))
    margin = nothing_done(world, weeks, seed).expected["margin"]
    rows = promising(world, budget, weeks, seed, TRIED)
    for _part in range(STEPS):
        tried = {}
        for row in rows:
            shares = held.copy()
            shares[row] += part
            tried[row] = simulate(world, _plan(shares, pairs, budget, weeks), seed).expected["margin"]
        best = max(tried, key=lambda row: tried[row])
        if tried[best] - margin < budget * part:
            break
        held[best] += part
        margin = tried[best]
    return held


@lru_cache(maxsize=64)
def best_found(
    world: World, sample: World, budget: int, weeks: int, seeds: tuple[int, ...]
) -> tuple[Plan, float]:
    """Search a good way to spend a budget, by marginal returns in a sample of the market.

    Parameters
    ----------
    world
        The whole market.
    sample
        The same market with fewer people; money is scaled down with it.
    budget
        Money to spend at most.
    weeks
        How long.
    seeds
        Luck under which the plan found is run in the whole market; the first also guides the search.

    Returns
    -------
    plan, worth
        The plan found and its expected profit over doing nothing, mean over `seeds`.
    """
    scaled = round(budget * sample.population.size / world.population.size)
    plan = _plan(climb(sample, scaled, weeks, seeds[0]), possible_flights(world), budget, weeks)
    return plan, worth(world, plan, seeds)
