"""Weeks pass: a plan is carried out in a world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.census import COUNTED, Census
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.outcome import Outcome
from narrowcast.simulate.parts import Part
from narrowcast.simulate.threads import usual_threads
from narrowcast.worlds import Region, World
from narrowcast.worlds.world import IN_MEMORY

if TYPE_CHECKING:
    from distributed import Client

__all__ = [
    "IN_MEMORY",
    "again",
    "census",
    "compare",
    "flights_of",
    "in_threads",
    "lay_out",
    "nothing_done",
    "rerun",
    "simulate",
]


def _whole(name: str, value: object, low: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < low:
        problem = _("{name} is {value!r}; it is a whole number, {low} or more.")
        raise PlanError(_("launch"), problem.format(name=name, value=value, low=low))
    return int(value)


def simulate(
    world: World,
    plan: Plan,
    seed: int = 0,
    *,
    weeks: int | None = None,
    threads: int | None = None,
    client: Client | None = None,
    people: bool | None = None,
) -> Outcome:
    """Carry out a plan.

    Parameters
    ----------
    world
        The market.
    plan
        What to do in it.
    seed
        The luck of the run: an integer, 0 or more. The same seed meets every plan with the same luck,
        so two plans differ by what they do alone.
    weeks
        How long, 1 to 52; None is as long as the plan says.
    threads
        How many regions run side by side, 1 or more; None takes NARROWCAST_THREADS from the
        environment, or else the machine's processors. The outcome is the same to the last bit.
    client
        A Dask client: its workers run the regions, to the same last bit (``pip install "narrowcast[cluster]"``).
    people
        Whether to keep what each customer did; None does in markets of up to five million.

    Returns
    -------
    Outcome
        Of the regions that were finished, where the run was interrupted.

    Raises
    ------
    PlanError
        If the plan does not fit the world; nothing has run then.
    UnknownName
        If the plan names a channel or segment that the world does not have.

    Examples
    --------
    >>> from narrowcast.worlds import open_world
    >>> from narrowcast.campaigns import Flight, Plan
    >>> world = open_world("hcmc-fashion", customers=1000)
    >>> outcome = simulate(world, Plan(flights=[Flight("television", 1_000_000)]))
    >>> int(outcome.kpis()["contacts"]) > 0
    True
    """
    if not isinstance(world, World) or not isinstance(plan, Plan):
        problem = _("simulate() was given a {world} and a {plan}.").format(
            world=type(world).__name__, plan=type(plan).__name__
        )
        raise PlanError(_("launch"), problem, _("It needs a world and a plan, in this order."))
    seed = _whole("seed", seed, 0)
    workers = _whole("threads", threads, 1) if threads is not None else usual_threads()
    if weeks is not None:
        plan = replace(plan, weeks=weeks)
    plan.fits(world)
    keep = world.size <= IN_MEMORY if people is None else bool(people)
    return _run(world, plan, seed, world.regions, workers, client, keep=keep)


def _run(
    world: World, plan: Plan, seed: int, regions: Sequence[Region], threads: int, client: Client | None, *, keep: bool
) -> Outcome:  # fmt: skip
    """Run some regions of a market; stop early, with what is finished, where a person interrupts."""
    parts, shared = _parts(world, plan, seed, regions, threads, client, keep=keep)
    whole = _together(parts, len(regions), _("simulating"))
    return Outcome(world, plan, seed, whole, shared, client)


def _parts(
    world: World, plan: Plan, seed: int, regions: Sequence[Region], threads: int, client: Client | None, *, keep: bool
) -> tuple[Iterator[Part], Census]:  # fmt: skip
    """Return what happens in some regions, as it comes in, and whom the plan can meet."""
    from narrowcast.simulate.region import run_region, warm  # noqa: PLC0415 - it knows people, and loads a compiler

    if client is not None:
        from narrowcast.simulate.cluster import spread  # noqa: PLC0415 - Dask only where there is a cluster

        return spread(client, world, plan, seed, regions, keep=keep)
    if world.size <= IN_MEMORY:
        _drawn = world.population
    warm()
    layout = lay_out(world, plan, seed, threads)
    parts = in_threads(lambda region: run_region(layout, region, keep=keep), regions, threads)
    return parts, layout.census


def lay_out(world: World, plan: Plan, seed: int, threads: int = 1, *, remember: bool = False) -> Layout:
    """Lay a plan out in a market, after counting whom it can meet; `remember` as in `Layout`."""
    used = sorted({name for flight in plan.flights if flight.spend for name in flight.files})
    layout = Layout(world, plan, census(world, tuple(used), threads), seed, remember)
    _computed_once = (
        layout.rules,
        layout.segments,
        layout.channels,
        layout.flights,
    )  # before threads ask for them
    return layout


def census(world: World, files: tuple[str, ...], threads: int = 1) -> Census:
    """Count whom a market's channels and contact files can meet, region by region; once for each market."""
    from narrowcast.simulate.region import census_of  # noqa: PLC0415

    seen = COUNTED.setdefault(world, {})
    if files not in seen:
        counts = in_threads(lambda region: census_of(world, region, files), world.regions, threads)
        seen[files] = _together(counts, len(world.regions), _("counting the market"))
    return seen[files]


def in_threads(work: Callable[[Region], Any], regions: Sequence[Region], threads: int) -> Iterator[Any]:
    """Yield what `work` makes of each region, in order; a few regions ahead are under way."""
    if threads == 1 or len(regions) == 1:
        yield from map(work, regions)
        return
    with ThreadPoolExecutor(threads) as pool:
        ahead, waiting = 2 * threads, [pool.submit(work, r) for r in regions[: 2 * threads]]
        try:
            while waiting:
                done = waiting.pop(0).result()
                if ahead < len(regions):
                    waiting.append(pool.submit(work, regions[ahead]))
                    ahead += 1
                yield done
        finally:
            for future in waiting:
                future.cancel()


def _together(parts: Iterable[Any], count: int, what: str) -> Any:  # noqa: ANN401 - parts of one kind
    """Add parts up in order, with a bar where it takes long; return what is there when interrupted."""
    whole = None
    with Bar(what, count) as bar:
        try:
            for part in parts:
                whole = part if whole is None else whole + part
                bar.step()
        except KeyboardInterrupt:
            if not isinstance(whole, Part):
                raise
    return whole


def flights_of(outcome: Outcome) -> tuple[Flight, ...]:
    """Return an outcome's flights in the order of its sums."""
    return Layout(outcome.world, outcome.plan, outcome.census, outcome.seed).flights


def rerun(outcome: Outcome, plan: Plan) -> Outcome:
    """Run another plan in the regions that an outcome has, with its luck."""
    keep = outcome.part.customers is not None
    workers = usual_threads()
    return _run(outcome.world, plan, outcome.seed, outcome.regions, workers, _client(outcome), keep=keep)


def again(outcome: Outcome) -> Iterator[Part]:
    """Run an outcome's regions again and yield them one by one, with what each customer did."""
    world, workers = outcome.world, usual_threads()
    regions, client = outcome.regions, _client(outcome)
    parts, _census = _parts(world, outcome.plan, outcome.seed, regions, workers, client, keep=True)
    return parts


def _client(outcome: Outcome) -> Client | None:
    """Return the Dask client on which an outcome was run, while it is there."""
    return outcome.client if getattr(outcome.client, "status", "") == "running" else None


@lru_cache(maxsize=32)
def nothing_done(world: World, weeks: int, seed: int, start: int = 0) -> Outcome:
    """Return what happens in a market when nothing is done; every plan is compared with it."""
    return simulate(world, Plan(weeks=weeks, start=start), seed)


def compare(world: World, *plans: Plan, seed: int = 0) -> pd.DataFrame:
    """Put plans side by side, on the same people with the same luck.

    Parameters
    ----------
    world
        The market.
    *plans
        Two or more plans.
    seed
        The luck they share.

    Returns
    -------
    pandas.DataFrame
        One row a figure of `Outcome.kpis`, one column a plan; with two plans, a column "difference":
        the second less the first.

    Raises
    ------
    PlanError
        If there are fewer than two plans, one is no plan, two bear the same name, or they run in other weeks.
    """
    for plan in plans:
        if not isinstance(plan, Plan):
            raise PlanError(
                _("measure"),
                _("{given!r} is no plan.").format(given=plan),
                _("Write compare(world, first, second)."),
            )
    names = [plan.name for plan in plans]
    if len(plans) < 2:
        raise PlanError(_("measure"), _("one plan has nothing to be compared with."), _("Give two or more."))
    if len({(plan.start, plan.weeks) for plan in plans}) > 1:
        problem = _("the plans do not run in the same weeks, so what they sell cannot be compared.")
        raise PlanError(_("measure"), problem, _("Give them the same start and the same weeks."))
    if len({*names, "difference"}) <= len(names):  # the difference has a column too
        raise PlanError(_("measure"), _("two plans bear the same name."), _("Give each a name of its own."))
    table = pd.DataFrame({plan.name: simulate(world, plan, seed).kpis() for plan in plans})
    if len(plans) == 2:
        table["difference"] = table[names[1]] - table[names[0]]
    return table
