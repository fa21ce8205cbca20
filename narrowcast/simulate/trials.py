"""What plans are worth: tried on the same people with the same luck, by what the chances promise."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache, partial, reduce
from operator import add
from typing import Any

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Plan
from narrowcast.simulate.costs import bill
from narrowcast.simulate.outcome import Outcome
from narrowcast.simulate.parts import STAGES, TOTALS
from narrowcast.simulate.region import live_region, run_region
from narrowcast.simulate.run import IN_MEMORY, lay_out
from narrowcast.simulate.threads import usual_threads
from narrowcast.worlds import World

Floats = npt.NDArray[np.float64]

__all__ = ["FIRST_MARKING_SEED", "VALIDATION", "Trials", "worth"]

FIRST_MARKING_SEED = 7_000
"""Luck comes in three kinds that never meet: people practise with seeds below 1,000, searches use `VALIDATION`,
and marks are given on seeds from here on. A plan that fits the luck of one kind gains nothing in another."""

_FEW = 50_000
"""People up to which it is kept whom a plan meets, while the plan is tried under one luck after another."""

VALIDATION = (1_001, 1_002, 1_003)
"""The first is the luck with which plans are looked for, the others decide between those that were found."""


class Trials:
    """A market in which plans are tried.

    Every plan meets the same people with the same luck, so two plans differ by what they do alone, and what is
    counted is what the chances promise (`Outcome.expected`), not what the dice show.

    Parameters
    ----------
    world
        The market.
    seeds
        Luck of the runs; a plan's worth is the mean over them.
    people
        About how many of the market's customers are let live, whole regions from the first on; sums are scaled up
        to the market. None is everybody.
    objective
        What counts: "profit" (margin beyond doing nothing less cost, money), or what a campaign adds of "orders",
        "advocates" or people who recognise it ("recognition").
    threads
        How many plans are tried side by side, 1 or more; None takes NARROWCAST_THREADS from the environment, or else
        the machine's processors. The numbers don't depend on it. Where each processor has a market of its own to work
        on, 1 is best.
    done
        Called after each run.
    """

    def __init__(
        self,
        world: World,
        seeds: Sequence[int],
        *,
        people: int | None = None,
        objective: str = "profit",
        threads: int | None = None,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        self.world, self.seeds, self.objective, self._done = world, tuple(seeds), objective, done
        self._threads = threads or usual_threads()
        if world.size <= IN_MEMORY:
            _drawn = world.population  # who lives there is then kept from run to run
        wanted = world.size if people is None else people
        self._regions = [region for region in world.regions if region.start < wanted]
        self._share = sum(region.size for region in self._regions) / world.size
        self._nothing: dict[tuple[int, int, int, str], Any] = {}
        self._known: dict[Plan, float] = {}
        people = sum(region.size for region in self._regions)
        self._laid_out = lru_cache(maxsize=8)(partial(lay_out, world, seed=0, remember=people <= _FEW))

    def worth(self, plan: Plan) -> float:
        """Return what a plan is worth over doing nothing, mean over the seeds."""
        value = self._mean(plan)
        self._done()
        return value

    def _mean(self, plan: Plan) -> float:
        same = replace(plan, name="")
        if same not in self._known:
            self._known[same] = float(np.mean([self.once(plan, seed) for seed in self.seeds]))
        return self._known[same]

    def all(self, plans: Iterable[Plan]) -> list[float]:
        """Return what each plan is worth; plans are tried side by side, and the numbers don't depend on it."""
        plans = list(plans)
        if self._threads == 1 or len(plans) < 2:
            return [self.worth(plan) for plan in plans]
        first = self.worth(plans[0])  # whoever comes first draws what all share
        values = [first]
        with ThreadPoolExecutor(self._threads) as pool:
            for value in pool.map(self._mean, plans[1:]):
                values.append(value)
                self._done()
        return values

    def once(self, plan: Plan, seed: int) -> float:
        """Return what a plan is worth over doing nothing under one luck."""
        if self.objective == "profit" and not plan.holdout:
            return math.fsum(self.by_region(plan, seed))
        return self._figure(plan, seed) - float(self._without(plan, seed, self._figure))

    def by_region(self, plan: Plan, seed: int) -> Floats:
        """Return a plan's profit over doing nothing under one luck, region by region; they add up to `once`.

        Regions have luck of their own, so they tell how far luck reaches sooner than whole runs do.

        Parameters
        ----------
        plan
            With nobody held out.
        seed
            The luck.

        Returns
        -------
        numpy.ndarray
            Shape (regions,): each region's part of what the whole market earns, in the smallest unit.
        """
        profits: Floats = self._profits(plan, seed) - self._without(plan, seed, self._profits)
        return profits

    def _without(self, plan: Plan, seed: int, figure: Callable[[Plan, int], Any]) -> Any:  # noqa: ANN401
        """Return a figure of the same weeks without a campaign; they are run once."""
        key = (seed, plan.weeks, plan.start, figure.__name__)
        if key not in self._nothing:
            self._nothing[key] = figure(Plan(weeks=plan.weeks, start=plan.start), seed)
        return self._nothing[key]

    def _profits(self, plan: Plan, seed: int) -> Floats:
        """Return each region's profit without an outcome to read it from: people are not added up one by one."""
        layout = self._laid_out(plan).under(seed)
        lived = [live_region(layout, region).results for region in self._regions]
        sizes = np.array([region.size for region in self._regions], np.float64) / self.world.size
        costs = np.array(
            [
                list(bill(layout, results.flights.sum(axis=0), 1.0, float(size)).values())
                for results, size in zip(lived, sizes, strict=True)
            ]
        )
        whole = costs.sum(axis=0)
        most = np.array([flight.spend for flight in layout.flights], np.float64)
        costs = costs * np.minimum(1.0, most / np.maximum(whole, 1e-9))  # as `bill` has it for all of them
        margins = np.array([results.expected.sum(axis=0)[1] for results in lived])
        fixed = plan.cost(self.world) - plan.budget
        profits: Floats = (margins - costs.sum(axis=1) - fixed * sizes) / self._share
        return profits

    def _figure(self, plan: Plan, seed: int) -> float:
        """Return the sum that counts, scaled up to the whole market."""
        outcome = self._run(plan, seed)
        if self.objective == "profit":
            fixed = plan.cost(self.world) - plan.budget
            return (outcome.expected["margin"] - float(outcome.spent.sum())) / self._share - fixed
        if self.objective == "orders":
            return outcome.expected["orders"] / self._share
        totals = outcome.part.totals.sum(axis=(0, 1))
        if self.objective == "advocates":
            return float(totals[1, TOTALS.index("customers")]) / self._share
        return float(totals[:, TOTALS.index(STAGES[1])].sum()) / self._share

    def _run(self, plan: Plan, seed: int) -> Outcome:
        layout = lay_out(self.world, plan, seed)
        parts = [run_region(layout, region, keep=False) for region in self._regions]
        return Outcome(self.world, plan, seed, reduce(add, parts), layout.census)


def worth(world: World, plan: Plan, seeds: Sequence[int]) -> float:
    """Return a plan's expected profit over doing nothing in the whole market, mean over seeds, in the smallest unit."""
    return Trials(world, seeds).worth(plan)
