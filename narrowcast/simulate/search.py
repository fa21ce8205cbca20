"""A good plan for a budget: by marginal returns, then by trying the best few."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from narrowcast.campaigns import Flight, Plan
from narrowcast.simulate.attention import Floats
from narrowcast.simulate.run import nothing_done, simulate
from narrowcast.worlds import World

__all__ = ["best_found", "possible_flights", "response_curves", "worth"]

STEPS = 10
"""The budget is handed out in this many equal parts."""


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


def response_curves(world: World, budget: int, weeks: int, seed: int) -> tuple[Floats, Floats]:
    """Return what each flight alone brings in, at several levels of money.

    Returns
    -------
    levels
        Shape (3,): shares of the budget, rising from 0.
    gains
        Shape (flights, 3): expected incremental margin, in the smallest unit of money.
    """
    pairs = possible_flights(world)
    levels = np.array([0.0, 0.25, 1.0])
    base = nothing_done(world, weeks, seed).expected["margin"]
    gains = np.zeros((len(pairs), levels.size))
    for row in range(len(pairs)):
        for column, level in enumerate(levels[1:], start=1):
            shares = np.zeros(len(pairs))
            shares[row] = level
            plan = _plan(shares, pairs, budget, weeks)
            gains[row, column] = simulate(world, plan, seed).expected["margin"] - base
    return levels, gains


def _hand_out(levels: Floats, gains: Floats, parts: int) -> Floats:
    """Give each part of the budget to the flight that gains most from it; stop when it gains less than it costs."""
    held = np.zeros(len(gains), dtype=np.int64)
    grid = np.linspace(0, 1, STEPS + 1)
    curves = np.array([np.interp(grid, levels, gain) for gain in gains])
    for _part in range(parts):
        following = np.minimum(held + 1, STEPS)
        marginal = curves[np.arange(len(gains)), following] - curves[np.arange(len(gains)), held]
        held[int(np.argmax(marginal))] += 1
    return np.minimum(held, STEPS) / STEPS


@lru_cache(maxsize=64)
def best_found(
    world: World, sample: World, budget: int, weeks: int, seeds: tuple[int, ...]
) -> tuple[Plan, float]:
    """Search a good way to spend a budget.

    Each flight's response curve is measured alone in a sample of the market; the budget is then
    handed out by marginal return. The plans found so, with half the money and with all of it, and the
    best single flights are tried in the sample; the best of them is then run in the whole market.

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
        Luck under which plans are compared.

    Returns
    -------
    plan, worth
        The best plan found and its expected profit over doing nothing, mean over `seeds`.
    """
    pairs = possible_flights(world)
    scaled = round(budget * sample.population.size / world.population.size)
    levels, gains = response_curves(sample, scaled, weeks, seeds[0])
    costs = levels * scaled
    candidates = [_hand_out(levels, gains, parts) for parts in (STEPS // 2, STEPS)]
    for row in np.argsort((gains - costs).max(axis=1))[::-1][:3]:
        alone = np.zeros(len(pairs))
        alone[row] = levels[int(np.argmax(gains[row] - costs))]
        candidates.append(alone)
    values = [worth(sample, _plan(shares, pairs, scaled, weeks), seeds[:1]) for shares in candidates]
    best = _plan(candidates[int(np.argmax(values))], pairs, budget, weeks)
    return best, worth(world, best, seeds)
