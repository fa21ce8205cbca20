"""Weeks pass: a plan is carried out in a world."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import numpy as np
import pandas as pd

from narrowcast.campaigns import Plan
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.simulate.kernel import RegionResult, run_region
from narrowcast.simulate.outcome import Outcome
from narrowcast.worlds import Region, World

__all__ = ["compare", "nothing_done", "simulate"]


def simulate(world: World, plan: Plan, seed: int = 0, *, threads: int = 1) -> Outcome:
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
    threads
        How many regions run side by side, 1 or more; the outcome is the same to the last bit.

    Returns
    -------
    Outcome

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
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise PlanError(
            _("launch"), _("seed is {seed!r}; it is a whole number, 0 or more.").format(seed=seed)
        )
    if isinstance(threads, bool) or not isinstance(threads, int | np.integer) or threads < 1:
        raise PlanError(
            _("launch"), _("threads is {threads!r}; it is a whole number, 1 or more.").format(threads=threads)
        )
    plan.fits(world)
    market_seed = int(seed) + (world.seed << 64)  # another market has other luck

    def run(region: Region) -> RegionResult:
        return run_region(world, plan, market_seed, region)

    regions = world.regions
    _touch(world)
    if threads > 1 and len(regions) > 1:
        with ThreadPoolExecutor(threads) as pool:
            results = list(pool.map(run, regions))
    else:
        results = [run(region) for region in regions]
    return Outcome(world, plan, int(seed), results)


@lru_cache(maxsize=32)
def nothing_done(world: World, weeks: int, seed: int) -> Outcome:
    """Return what happens in a market when nothing is done; every plan is compared with it."""
    return simulate(world, Plan(weeks=weeks), seed)


def _touch(world: World) -> None:
    """Compute what all regions share before threads ask for it at once."""
    _shared = world.interests


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
        If there are fewer than two plans, one is no plan, or two bear the same name.
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
    if len({*names, "difference"}) <= len(names):  # the difference has a column too
        raise PlanError(_("measure"), _("two plans bear the same name."), _("Give each a name of its own."))
    table = pd.DataFrame({plan.name: simulate(world, plan, seed).kpis() for plan in plans})
    if len(plans) == 2:
        table["difference"] = table[names[1]] - table[names[0]]
    return table
