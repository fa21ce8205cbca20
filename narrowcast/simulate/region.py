"""One region of a market under a plan: laid out, lived through, reduced. The task that threads and workers share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.bar import Wait
from narrowcast.simulate.census import Census, count
from narrowcast.simulate.engine.arrays import (
    CHANNEL,
    FLIGHT,
    PERSON,
    RULES,
    SEGMENT,
    TIE,
    TRACE_FLIGHT,
    TRACE_WEEK,
    Results,
    no_results,
)
from narrowcast.simulate.engine.keys import key_of
from narrowcast.simulate.ground import Ground, ground_of, strangers_of
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.parts import Part, reduced
from narrowcast.worlds import Region, World, uniforms
from narrowcast.worlds.draws import Purpose

__all__ = ["Lived", "census_of", "held_out", "live_region", "logged", "run_region", "traced", "warm"]

_COMPILING = 20
"""Seconds that compiling may take."""

_EVENTS_EACH = 24
"""Room for so many events a person at first; a log that needs more is written again."""


@dataclass
class Lived:
    """A region after its weeks.

    Attributes
    ----------
    people
        `PERSON`: its customers, then the strangers of the plan's purchased files.
    customers
        How many are customers.
    held
        Who was held out.
    results
        What happened.
    trace
        What was computed of one person by week and by flight, where somebody was watched.
    """

    people: npt.NDArray[Any]
    customers: int
    held: npt.NDArray[np.bool_]
    results: Results
    trace: tuple[npt.NDArray[Any], npt.NDArray[Any]]


@cache
def engine() -> Callable[..., None]:
    """Return the compiled weeks; numba is loaded by whoever simulates."""
    from narrowcast.simulate.engine.weeks import live  # noqa: PLC0415 - it takes a while

    return live


@cache
def warm() -> None:
    """Have the weeks ready: read what was compiled before, or compile them, which a bar tells of.

    Compiling takes a quarter of a minute, once after an install or a change of the engine.
    """
    with Wait(_("compiling the simulator, once"), _COMPILING):
        people, shape = np.zeros(0, PERSON), (1, 1)
        none = np.zeros(0, FLIGHT)
        results = no_results(0, 1, 0, 1, 0)
        engine()(
            people, np.zeros(0, TIE), none, np.zeros(0, CHANNEL), np.zeros(1, RULES), np.zeros(1, SEGMENT),
            np.ones(shape), np.ones(1), np.ones((2, 0, 1)), np.zeros((0, 0), np.float32), results, -1,
            np.zeros(1, TRACE_WEEK), np.zeros(shape, TRACE_FLIGHT),
        )  # fmt: skip
        reduced(
            0, people, 0, np.zeros(0, np.bool_), results, np.zeros(1, SEGMENT), (0.0, 0.0), keep=False
        )  # its compiled part


def held_out(plan: Plan, seed: int, world_seed: int, ground: Ground, start: int) -> npt.NDArray[np.bool_]:
    """Return who is kept from every bought contact: chosen by chance, before the first week.

    Chance decides for each person, or for each circle of friends where the plan says so.
    """
    n = ground.people.size
    if not plan.holdout:
        return np.zeros(n, dtype=np.bool_)
    k0, k1 = key_of(seed, world_seed)
    luck = uniforms(int(k0) << 32 | int(k1), Purpose.HOLDOUT, start, n, remember=False)
    if plan.measurement.unit == "circle":
        luck = luck[ground.circle - ground.circle.min()]  # circles are fewer than people: one draw for each
    chosen: npt.NDArray[np.bool_] = luck < plan.holdout
    return chosen


def _strangers(world: World, plan: Plan, region: Region) -> list[Ground]:
    files = world.recipe.files
    used = {name for flight in plan.flights if flight.spend for name in flight.files}
    return [
        strangers_of(world, region, name)
        for name, file in files.items()
        if name in used and file.kind == "purchased"
    ]


def census_of(world: World, region: Region, files: Sequence[str] = ()) -> Census:
    """Count the people of a region, and of the purchased files named."""
    recipe = world.recipe
    names = tuple(recipe.files)
    house = next(i for i, f in enumerate(recipe.files.values()) if f.kind == "house")
    whole = count(ground_of(world, region), names, house, house, len(recipe.segments))
    for name in files:
        if recipe.files[name].kind == "purchased":
            some = strangers_of(world, region, name)
            whole += count(some, names, house, names.index(name), len(recipe.segments))
    return whole


def _joined(grounds: list[Ground]) -> Ground:
    """Return customers and strangers as one."""
    if len(grounds) == 1:
        return grounds[0]
    fields = ("people", "ties", "listed", "claimed", "exposure", "reachable", "circle")
    return Ground(*(np.concatenate([getattr(ground, name) for ground in grounds]) for name in fields))


def live_region(layout: Layout, region: Region, *, events: bool = False, watch: int = -1) -> Lived:
    """Let a plan's weeks pass in a region.

    Parameters
    ----------
    layout
        The plan, laid out.
    region
        Which block of customers.
    events
        Whether to write a log.
    watch
        Place in the region of a person whose weeks are written down, -1 for nobody.
    """
    live = engine()
    world, plan = layout.world, layout.plan
    home = ground_of(world, region)
    held = held_out(plan, layout.seed, world.seed, home, region.start)
    ground = _joined([home, *_strangers(world, plan, region)])
    held = np.concatenate([held, np.zeros(ground.people.size - held.size, np.bool_)])
    base = layout.base(ground, held)
    segments, spend = layout.segments
    shape = (plan.weeks if watch >= 0 else 1, max(1, len(layout.flights)) if watch >= 0 else 1)
    trace = np.zeros(shape[0], TRACE_WEEK), np.zeros(shape, TRACE_FLIGHT)
    room = _EVENTS_EACH * region.size if events else 0
    while True:
        results = no_results(
            ground.people.size, plan.weeks, len(layout.flights), len(world.recipe.segments), room
        )
        live(
            ground.people, ground.ties, layout.table(region.size / world.size), layout.channels, layout.rules,
            segments, spend, layout.season, layout.levels(), base, results, watch, *trace,
        )  # fmt: skip
        if results.seen[0] <= room or not events:
            break
        room = int(results.seen[0])
    return Lived(ground.people, region.size, held, results, trace)


def run_region(layout: Layout, region: Region, *, keep: bool) -> Part:
    """Let a plan's weeks pass in a region, and reduce what happened.

    Parameters
    ----------
    layout
        The plan, laid out.
    region
        Which block of customers.
    keep
        Whether to keep columns by customer.
    """
    lived = live_region(layout, region)
    segments, _spend = layout.segments
    response = layout.world.recipe.response
    discount = (np.log1p(response.discount.value) / 52, response.horizon.value)
    return reduced(
        region.number, lived.people, lived.customers, lived.held, lived.results, segments, discount, keep=keep
    )


def logged(layout: Layout, region: Region) -> Lived:
    """Let a region's weeks pass and write everything down that happens."""
    return live_region(layout, region, events=True)


def traced(layout: Layout, region: Region, place: int) -> Lived:
    """Let a region's weeks pass and write down what is computed of one person."""
    return live_region(layout, region, watch=place)
