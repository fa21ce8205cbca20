"""The rules flipped: broadcast and narrowcast on the same people, with the same money and the same luck."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.measure import breakeven
from narrowcast.simulate.attention import match, notice
from narrowcast.simulate.engine.arrays import NEVER
from narrowcast.simulate.run import simulate
from narrowcast.worlds import World

__all__ = ["DISTANCES", "DRAWN", "FlipResult", "FlipSettings", "FlipSide", "Winner", "flip"]

WEEKS = 4
CONTACTS_EACH = 3
"""The money buys this many broadcast contacts a person: few enough that saturation hides nothing."""
DRAWN = 640
"""People shown on a map, beside the buyers that a message won."""
STARS = 60
"""About so many won buyers are shown at the most; of more, one in two, one in three ..."""
DRAW = 0.04
"""Sides whose extra orders differ by less than this share have drawn."""
DISTANCES = np.linspace(0.0, 4.0, 17)
"""Where `FlipResult.attention` is computed, in units of interest."""

Winner = Literal["old", "new", "even"]


@dataclass(frozen=True)
class FlipSettings:
    """One market to try both rules in.

    Parameters
    ----------
    fragmentation
        How far apart the groups' interests lie, as a multiple of the recipe's; 0 is one mass.
    clutter
        Messages of all brands that a person meets in a week, 0 or more.
    fit
        How well a narrowcast message is made for its group, 0 (one for everybody) to 1.
    price_ratio
        Price of a narrowcast contact over that of a broadcast one, above 0.
    precision
        Share of narrowcast contacts that meet the group they were bought for, 0 to 1.
    """

    fragmentation: float = 1.0
    clutter: float = 60.0
    fit: float = 1.0
    price_ratio: float = 2.0
    precision: float = 0.7


@dataclass(frozen=True, eq=False)
class FlipSide:
    """What one set of rules did.

    Attributes
    ----------
    reached, noticed
        People who met a message at least once, and who noticed one.
    orders
        Orders beyond those that would have come anyway, as the chances promise them.
    cost, profit
        Money spent, and margin of the extra orders less it, in the smallest unit.
    aims
        Shape (messages, 2): the interests that each message speaks to.
    states
        Shape (weeks, people drawn): 0 not reached, 1 ignored it, 2 noticed it, 3 bought and would have
        bought anyway, 4 bought because of it.
    """

    reached: int
    noticed: int
    orders: float
    cost: int
    profit: float
    aims: npt.NDArray[np.float64]
    states: npt.NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class FlipResult:
    """Both rules side by side.

    Attributes
    ----------
    settings
        What was tried.
    customers, weeks, spend
        People simulated, weeks, and money of each side in the smallest unit.
    people
        Numbers of the people drawn; the first `DRAWN` are the same whatever the settings.
    positions
        Shape (people drawn, 2): their interests.
    segments, centres
        Names of the groups, and their interests, shape (groups, 2).
    one_in
        Of the buyers won beyond the first `DRAWN` people, one in so many is drawn.
    attention
        Chance that a contact is noticed, by the distance of the person's interests from the message's:
        at `DISTANCES`.
    old, new
        Broadcast and narrowcast.
    lift_match, lift_mismatch
        Extra orders of a narrowcast contact on the right and on the wrong person, over a broadcast one's.
    breakeven
        Precision at which both bring the same orders for a dong; above 1 no precision suffices, below 0
        any does.
    winner, advantage
        Who brings more extra orders, and how many more.
    """

    settings: FlipSettings
    customers: int
    weeks: int
    spend: int
    people: npt.NDArray[np.int64]
    positions: npt.NDArray[np.float64]
    segments: tuple[str, ...]
    centres: npt.NDArray[np.float64]
    one_in: int
    attention: npt.NDArray[np.float64]
    old: FlipSide
    new: FlipSide
    lift_match: float
    lift_mismatch: float
    breakeven: float
    winner: Winner
    advantage: float


def flip(world: World, settings: FlipSettings | None = None, seed: int = 0) -> FlipResult:
    """Try the old rules and the new ones in one market.

    Parameters
    ----------
    world
        A market with one broadcast channel and at least one narrowcast channel.
    settings
        The market's dials; the recipe's own by default.
    seed
        The luck that both sides share.

    Returns
    -------
    FlipResult

    Examples
    --------
    >>> from narrowcast.worlds import open_world
    >>> result = flip(open_world("hcmc-fashion", customers=1000))
    >>> result.old.cost == result.new.cost
    True
    """
    given = settings or FlipSettings()
    dials = (given.fragmentation, given.clutter)
    nothing = _run(world, seed, given.fragmentation, 0.0)  # clutter drowns messages, and here are none
    old = _run(world, seed, *dials, rules="old")
    new, right, wrong = (
        _run(
            world,
            seed,
            *dials,
            rules="new",
            fit=given.fit,
            price_ratio=given.price_ratio,
            precision=precision,
        )
        for precision in (given.precision, 1.0, 0.0)
    )
    lift_match, lift_mismatch = (_lift(run, nothing, old) for run in (right, wrong))
    advantage = new.orders - old.orders
    even = abs(advantage) <= DRAW * max(abs(new.orders - nothing.orders), abs(old.orders - nothing.orders))
    market = _market(world, *dials)
    people, one_in = _choose(old, new, nothing)
    return FlipResult(
        settings=given,
        customers=world.size,
        weeks=WEEKS,
        spend=_spend(world),
        people=people,
        positions=market.interests[people],
        segments=tuple(world.recipe.segments),
        centres=market.centres,
        one_in=one_in,
        attention=_attention(market),
        old=_side(old, nothing, people, np.zeros((1, 2))),
        new=_side(new, nothing, people, given.fit * market.centres),
        lift_match=lift_match,
        lift_mismatch=lift_mismatch,
        breakeven=_breakeven(given.price_ratio, lift_match, lift_mismatch),
        winner="even" if even else "new" if advantage > 0 else "old",
        advantage=advantage,
    )


def _attention(world: World) -> npt.NDArray[np.float64]:
    figures = world.recipe.attention
    line = np.column_stack([DISTANCES, np.zeros(DISTANCES.size)])
    near = match(line, np.zeros(2), world.recipe.market.breadth.value)
    return notice(near, figures.intercept.value, figures.match.value, figures.clutter.value, world.clutter)


@dataclass(frozen=True, eq=False)
class _Run:
    """What is kept of one run."""

    first: dict[str, npt.NDArray[np.int8]]
    contacts: float
    reached: int
    noticed: int
    orders: float
    margin: float
    cost: int


def _spend(world: World) -> int:
    return round(CONTACTS_EACH * world.size * world.broadcast_price / 1_000)


@lru_cache(maxsize=64)
def _market(world: World, fragmentation: float, clutter: float) -> World:
    return world.vary(fragmentation=fragmentation * world.fragmentation, clutter=clutter)


# A reader moves one dial at a time: most runs of a step were those of the step before.
@lru_cache(maxsize=128)
def _run(
    world: World,
    seed: int,
    fragmentation: float,
    clutter: float,
    *,
    rules: Literal["none", "old", "new"] = "none",
    fit: float = 1.0,
    price_ratio: float = 1.0,
    precision: float = 1.0,
) -> _Run:
    market = _market(world, fragmentation, clutter)
    if rules == "new":
        market = market.vary(price_ratio=price_ratio, precision=precision)
    outcome = simulate(market, Plan(rules, _flights(market, rules, fit), weeks=WEEKS), seed)
    totals = outcome.totals
    return _Run(
        first=outcome.first,
        contacts=float(totals["contacts"].sum()),
        reached=int((totals["contacts"] > 0).sum()),
        noticed=int((totals["noticed"] > 0).sum()),
        orders=outcome.expected["orders"],
        margin=outcome.expected["margin"],
        cost=outcome.cost,
    )


def _flights(world: World, rules: str, fit: float) -> tuple[Flight, ...]:
    """Buy one flight for everybody by the old rules; by the new ones, share the money out by size of group."""
    if rules == "none":
        return ()
    kind = "broadcast" if rules == "old" else "narrowcast"
    channel = next(name for name, figures in world.recipe.channels.items() if figures.kind == kind)
    spend = _spend(world)
    if rules == "old":
        return (Flight(channel, spend),)
    names = list(world.recipe.segments)
    share = np.bincount(world.population.segment, minlength=len(names)) / world.size
    money = np.round(share * spend)
    money[0] += spend - money.sum()  # not a dong more or less than the old rules
    return tuple(
        Flight(channel, float(m), to=n, message=Message(n, fit=fit))
        for n, m in zip(names, money, strict=True)
    )


def _lift(run: _Run, nothing: _Run, old: _Run) -> float:
    """Return extra orders per contact over those of a broadcast contact."""
    base = (old.orders - nothing.orders) / max(old.contacts, 1.0)
    return (run.orders - nothing.orders) / max(run.contacts, 1.0) / max(base, 1e-12)


def _breakeven(price_ratio: float, lift_match: float, lift_mismatch: float) -> float:
    if lift_match > lift_mismatch:
        return breakeven(price_ratio, lift_match, lift_mismatch)
    return math.inf if max(lift_match, lift_mismatch) < price_ratio else -math.inf  # aiming does not help


def _won(run: _Run, nothing: _Run) -> npt.NDArray[np.bool_]:
    """Return who bought with the campaign and would not have bought without it: only a simulator knows."""
    won: npt.NDArray[np.bool_] = (run.first["orders"] != NEVER) & (nothing.first["orders"] == NEVER)
    return won


def _choose(old: _Run, new: _Run, nothing: _Run) -> tuple[npt.NDArray[np.int64], int]:
    """Choose whom to draw: people drew their own lots, so the first are as good a sample as any."""
    size = nothing.first["orders"].size
    rest = np.arange(min(DRAWN, size), size)
    won = [_won(run, nothing)[rest] for run in (old, new)]
    one_in = max(1, math.ceil(max(int(w.sum()) for w in won) / STARS))
    extra = rest[(won[0] | won[1]) & (rest % one_in == 0)]
    return np.concatenate([np.arange(min(DRAWN, size)), extra]), one_in


def _side(run: _Run, nothing: _Run, people: npt.NDArray[np.int64], aims: npt.NDArray[np.float64]) -> FlipSide:
    weeks = np.arange(WEEKS, dtype=np.int8)[:, None]
    states = np.zeros((WEEKS, people.size), dtype=np.uint8)
    for state, name in enumerate(("contacts", "noticed", "orders"), start=1):
        first = run.first[name][people]
        states[(first != NEVER) & (first <= weeks)] = state
    states[(states == 3) & _won(run, nothing)[people]] = 4
    return FlipSide(
        reached=run.reached,
        noticed=run.noticed,
        orders=run.orders - nothing.orders,
        cost=run.cost,
        profit=run.margin - nothing.margin - run.cost,
        aims=aims,
        states=states,
    )
