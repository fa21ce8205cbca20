"""A good plan for a budget: each next part of the money goes where it gains most, then the plan is improved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Plan
from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.simulate.balance import balanced
from narrowcast.simulate.openings import Diary, Floats, Openings
from narrowcast.simulate.touch import ASPECTS
from narrowcast.simulate.trials import VALIDATION, Trials, worth
from narrowcast.worlds import World, open_world

__all__ = [
    "Plans", "best_found", "climb", "everybodys_plan", "exchange", "know_plans", "plan_found", "plans_known", "polish",
    "searched", "spread_out", "together",
]  # fmt: skip

Plans = dict[tuple[str, int, int, bool], Plan]
"""By the digest of everybody's market, budget, weeks and whether messages were worked on."""

PARTS = 20
"""The budget is handed out in this many equal parts."""
LEAPS = (1, 4)
QUICK_PARTS, QUICK_LEAPS = 10, (1,)
"""The same where a class is marked."""
SAMPLE = 5_000
"""Customers among whom plans are tried."""
MANY = 20_000
"""Customers among whom the last of the money is moved, where a class is marked by the plan."""
MOVES = (3, 1)
"""Parts that are exchanged at once."""
MOST_PAIRS = 20
"""Exchanges that are all tried; where more are possible, half as many are chosen."""
LEAST = 0.001
"""A change must gain this share of a plan's worth to be kept: less is the luck of the seeds."""


def climb(
    openings: Openings, trials: Trials, diary: Diary | None = None, parts: int = PARTS,
    leaps: Sequence[int] = LEAPS,
) -> Floats:  # fmt: skip
    """Hand out a budget part by part, each to the flight that gains most from it on top of the others.

    Gains mostly fall as money goes out, so a gain reckoned earlier is a bound, and only the most promising are
    reckoned again (the accelerated greedy algorithm: Minoux 1978). Flights that follow on others gain more once
    those are there: they are all reckoned again after the first part.

    Parameters
    ----------
    openings, trials
        What money can go to, and where it is tried.
    diary
        Where steps are written down.
    parts
        In how many equal parts the budget goes out.
    leaps
        Parts given at once: a few together pay where the first alone does not (a threshold).

    Returns
    -------
    numpy.ndarray
        Shape (flights,): share of the budget for each. They add up to less than 1 where a further part would bring
        in less than it costs.
    """
    flights, now, diary = openings.flights, 0.0, diary or Diary()
    held = np.zeros(len(flights), np.int64)

    def gains(moves: list[tuple[int, int]]) -> dict[tuple[int, int], float]:
        tried = [held + np.eye(held.size, dtype=np.int64)[row] * many for row, many in moves]
        worths = trials.all(openings.plan(shares / parts) for shares in tried)
        return {move: (value - now) / move[1] for move, value in zip(moves, worths, strict=True)}

    bounds = gains([(row, many) for row in range(held.size) for many in leaps])
    fresh, names = set(bounds), dict[str, int]()
    while bounds:
        best = max(bounds, key=lambda move: bounds[move])
        if bounds[best] <= 0:
            break
        if best not in fresh:
            again = [move for move in sorted(bounds, key=lambda m: -bounds[m]) if move not in fresh][:2]
            bounds |= gains(again)
            fresh |= set(again)
            continue
        row, many = best
        held[row] += many
        now, names[flights[row].name] = now + bounds[best] * many, row
        diary.note("greedy", flights[row].name, openings.budget * many / parts, now)
        left = parts - int(held.sum())
        bounds = {
            move: bound
            for move, bound in bounds.items()
            if move[1] <= left and names.get(flights[move[0]].name, move[0]) == move[0]
        }
        waiting = [move for move in bounds if flights[move[0]].after is not None and len(names) == 1]
        fresh = set(waiting)
        bounds |= gains(waiting)
    return held / parts


def together(openings: Openings, segment: str) -> Floats:
    """Return shares that give every channel the same, all of it speaking to one segment, shape (flights,)."""
    rows = [
        row
        for row, flight in enumerate(openings.flights)
        if flight.message.to == segment and flight.to in (segment, None) and flight.after is None
    ]
    shares = np.zeros(len(openings.flights))
    shares[rows] = 1 / max(len(rows), 1)
    return shares


def exchange(openings: Openings, begun: Floats, trials: Trials, diary: Diary | None = None) -> Floats:
    """Move money from flight to flight, or leave it unspent, as long as the plan gains; first much, then less.

    Channels help one another where each alone is met too seldom, so the best plan may be one that no single part
    of the money leads to.

    Parameters
    ----------
    openings, trials
        What money can go to, and where it is tried. No two openings may bear the same name.
    begun
        Shape (flights,): shares to begin with.
    diary
        Where steps are written down.

    Returns
    -------
    numpy.ndarray
        Shape (flights,): shares, in parts of the budget.
    """
    diary = diary or Diary()
    held = np.floor(np.append(begun, 0.0) * PARTS + 1e-9).astype(np.int64)  # the last is what stays unspent
    held[-1] = PARTS - held.sum()
    now = trials.worth(openings.plan(held[:-1] / PARTS))
    for size in MOVES:
        while True:
            pairs = _pairs(openings, held, size, trials)
            tried = [_moved(held, a, b, size) for a, b in pairs]
            worths = trials.all(openings.plan(shares[:-1] / PARTS) for shares in tried)
            best = int(np.argmax(worths)) if worths else 0
            if not worths or worths[best] - now <= LEAST * abs(now):
                break
            held, now = tried[best], worths[best]
            to = pairs[best][1]
            what = openings.flights[to].name if to < len(openings.flights) else _("unspent")
            diary.note("exchange", what, openings.budget * (1 - held[-1] / PARTS), now)
    return held[:-1] / PARTS


def _pairs(
    openings: Openings, held: npt.NDArray[np.int64], size: int, trials: Trials
) -> list[tuple[int, int]]:
    """Return from where to where money may move: all pairs, or where they are many the most promising.

    Promising is where the worth of the plan less a part here, and that of the plan with a part more there, are high.
    """
    pairs = [(int(a), b) for a in np.flatnonzero(held) for b in range(held.size) if a != b]
    if len(pairs) <= MOST_PAIRS:
        return pairs
    unit = np.eye(held.size, dtype=np.int64) * size
    without = [np.maximum(held - row, 0) for row in unit]
    worths = trials.all(openings.plan(shares[:-1] / PARTS) for shares in (*without, *(held + unit)))
    less, more = worths[: held.size], worths[held.size :]
    return sorted(pairs, key=lambda pair: -less[pair[0]] - more[pair[1]])[: MOST_PAIRS // 2]


def _moved(held: npt.NDArray[np.int64], source: int, target: int, size: int) -> npt.NDArray[np.int64]:
    moved, many = held.copy(), min(size, int(held[source]))
    moved[source] -= many
    moved[target] += many
    return moved


def spread_out(openings: Openings, trials: Trials, diary: Diary, **greedy: Any) -> Plan:  # noqa: ANN401
    """Return the best plan that handing out and exchanging money lead to.

    Exchange begins at the greedy plan and at the best of those that give every channel the same for one segment,
    and moves money among the flights of both.
    """
    shares = climb(openings, trials, diary, **greedy)
    segments = list(openings.world.recipe.segments)
    focused = [openings.plan(together(openings, segment)) for segment in segments]
    worths = trials.all(focused)
    top = int(np.argmax(worths))
    diary.note("together", segments[top], openings.budget, worths[top])
    used = [openings.plan(shares), focused[top]]
    begun = max(used, key=trials.worth)
    names = {flight.name for plan in used for flight in plan.flights}
    inner = replace(openings, flights=tuple(f for f in openings.settled(begun).flights if f.name in names))
    return inner.plan(exchange(inner, inner.shares(begun), trials, diary))


def polish(plan: Plan, trials: Trials, diary: Diary | None = None) -> Plan:
    """Improve what a plan says and how it bids, flight by flight, as long as it gains; the money stays where it is."""
    diary, now = diary or Diary(), trials.worth(plan)
    for place in sorted(range(len(plan.flights)), key=lambda i: -plan.flights[i].spend):
        channel = trials.world.recipe.channels[plan.flights[place].channel]
        for aspect in ASPECTS:
            others = [f for f in aspect(plan.flights[place], channel, trials.world, plan.weeks)
                      if f != plan.flights[place]]  # fmt: skip
            tried = [
                replace(plan, flights=(*plan.flights[:place], other, *plan.flights[place + 1 :]))
                for other in others
            ]
            values = trials.all(tried)
            best = max(range(len(tried)), key=values.__getitem__, default=None)
            if best is not None and values[best] - now > LEAST * abs(now):
                plan, now = tried[best], values[best]
                diary.note("message", plan.flights[place].name, plan.budget, now)
    return plan


@lru_cache(maxsize=64)
def best_found(
    world: World, budget: int, weeks: int, seeds: tuple[int, ...], *, craft: bool = False
) -> tuple[Plan, float]:
    """Return `plan_found`, and what it is worth.

    Parameters
    ----------
    world
        The market.
    budget
        Money to spend at most, in the smallest unit.
    weeks
        How long.
    seeds
        Luck under which the plan found is run in the whole market; the search has luck of its own (`VALIDATION`).
    craft
        Whether to improve messages, bids, rewards and schedules too, not only where the money goes.

    Returns
    -------
    plan, worth
        The plan found and its expected profit over doing nothing, mean over `seeds`.
    """
    plan = plan_found(world, budget, weeks, craft=craft)
    return plan, worth(world, plan, seeds)


@lru_cache(maxsize=1_024)
def plan_found(world: World, budget: int, weeks: int, *, craft: bool = False) -> Plan:
    """Search a good way to spend a budget: quick, not the last word; the same on any machine, whoever else is there.

    A student's market is everybody's with small changes, so the plan that was searched there with care is good here
    too: better than one that a few thousand of the student's people lead to, and it is searched once for a class.
    Where it would do better with another segment in the place of its foremost one, this market is searched by itself.

    Parameters
    ----------
    world
        The market.
    budget
        Money to spend at most, in the smallest unit.
    weeks
        How long.
    craft
        Whether to improve messages, bids, rewards and schedules too, not only where the money goes.
    """
    plan = everybodys_plan(world, budget, weeks, craft=craft)
    if plan is None:
        return searched(world, budget, weeks, craft)
    trials = Trials(world, VALIDATION[:1], people=SAMPLE, threads=1)
    worths = trials.all([plan, *_turned(plan, list(world.recipe.segments))])
    return plan if worths[0] >= max(worths) else searched(world, budget, weeks, craft)


_KNOWN: Plans = {}


def everybodys_plan(world: World, budget: int, weeks: int, *, craft: bool = False) -> Plan | None:
    """Return the plan searched in the market that a student's own was made from; None for any other market."""
    model = _everybodys(world)
    if model is None:
        return None
    wanted = (model.past.digest, budget, weeks, craft)
    if wanted not in _KNOWN:
        _KNOWN[wanted] = searched(model, budget, weeks, craft)
    return _KNOWN[wanted]


def plans_known() -> Plans:
    """Return the plans that were searched in everybody's markets, for `know_plans` in another process."""
    return dict(_KNOWN)


def know_plans(plans: Plans) -> None:
    """Take the plans that another process searched: each market is searched once for a class."""
    _KNOWN.update(plans)


@lru_cache(maxsize=64)
def searched(world: World, budget: int, weeks: int, craft: bool) -> Plan:
    """Search one market, whatever is known: among some of its people first, then among more with more luck.

    The same plan on any machine and under any number of threads.

    Parameters
    ----------
    world
        The market.
    budget
        Money to spend at most, in the smallest unit.
    weeks
        How long.
    craft
        Whether to improve messages, bids, rewards and schedules too.
    """
    trials = Trials(world, VALIDATION[:1], people=SAMPLE)
    openings = Openings.of(world, budget, weeks)
    plan = spread_out(openings, trials, Diary(), parts=QUICK_PARTS, leaps=QUICK_LEAPS)
    names = {flight.name for flight in plan.flights}
    inner = openings.settled(plan)
    inner = replace(inner, flights=tuple(flight for flight in inner.flights if flight.name in names))
    many = Trials(world, VALIDATION[:2], people=MANY)
    plan = inner.plan(balanced(inner, inner.shares(plan), many))
    return polish(plan, trials) if craft else plan


def _everybodys(world: World) -> World | None:
    """Return the market that a student's own was made from; None for any other."""
    recipe = world.recipe
    if world.student is None or recipe is not world.past.recipe:
        return None
    usual = world.size == round(recipe.market.customers.value)
    try:
        model = open_world(world.name, customers=None if usual else world.size)
    except UnknownName:  # from a recipe of somebody's own
        return None
    ours, theirs = ((list(r.segments), list(r.channels)) for r in (recipe, model.recipe))
    return model if ours == theirs else None


def _turned(plan: Plan, segments: Sequence[str]) -> list[Plan]:
    """Return the plans in which the segment that most money speaks to has changed places with another."""
    spent = {name: sum(f.spend for f in plan.flights if f.message.to == name) for name in segments}
    first = max(segments, key=lambda name: spent[name])
    return [_swapped(plan, {first: name, name: first}) for name in segments if name != first]


def _swapped(plan: Plan, places: Mapping[str | None, str]) -> Plan:
    flights = [
        replace(
            flight,
            to=places.get(flight.to, flight.to),
            message=replace(flight.message, to=places.get(flight.message.to, flight.message.to)),
        )
        for flight in plan.flights
    ]
    return replace(plan, flights=tuple(flights))
