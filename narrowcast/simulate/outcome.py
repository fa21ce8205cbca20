"""What a campaign did, and what would have happened without it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.campaigns import Plan
from narrowcast.errors import PlanError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure import (
    CHANNEL_SUMS,
    FUNNEL,
    Lift,
    channel_indicators,
    cluster_lift,
    funnel,
    kpis,
    lift_from_sums,
)
from narrowcast.measure.given import flag
from narrowcast.simulate.census import Census
from narrowcast.simulate.engine.arrays import COUNTED, FIRSTS, FLIGHT_SUMS, NEVER
from narrowcast.simulate.parts import ARM_METRICS, TOTALS, Part
from narrowcast.simulate.seasons import first_days, season_of
from narrowcast.simulate.stages import stages_of, strangers_by_stage
from narrowcast.worlds import World

if TYPE_CHECKING:
    from distributed import Client

    from narrowcast.simulate.plot import Plots
    from narrowcast.worlds import Region

__all__ = ["Outcome"]


class Outcome:
    """A plan carried out. Made by `simulate`.

    Parameters
    ----------
    world, plan, seed
        What was run.
    part
        What happened, all regions together.
    census
        Whom the market's channels and files can meet.
    client
        The Dask client on which it ran, and on which the run without a campaign goes; None is this machine.
    """

    def __init__(
        self, world: World, plan: Plan, seed: int, part: Part, census: Census, client: Client | None = None
    ) -> None:
        self.world, self.plan, self.seed, self.part, self.census = world, plan, seed, part, census
        self.client = client

    def __repr__(self) -> str:
        orders = int(self.part.weekly[:, COUNTED.index("orders")].sum())
        note = "" if self.is_complete else f", {len(self.part.regions)} of {len(self.world.regions)} regions"
        return f"<Outcome of {self.plan.name!r} in {self.world.name!r}: {orders:,} orders{note}>"

    def _repr_html_(self) -> str:
        from narrowcast.simulate.summary import card  # noqa: PLC0415 - it reads an outcome

        return card(self)

    @property
    def regions(self) -> list[Region]:
        """The regions that were run: all of the market's, unless the run was interrupted."""
        done = set(self.part.regions)
        return [region for region in self.world.regions if region.number in done]

    @property
    def is_complete(self) -> bool:
        """Whether every region was run; an interrupted run holds those that were finished."""
        return len(self.part.regions) == len(self.world.regions)

    @cached_property
    def baseline(self) -> Outcome:
        """The same people with the same luck, had nothing been done: the truth only a simulator knows."""
        from narrowcast.simulate.run import nothing_done, rerun  # noqa: PLC0415 - outcomes are made there

        if not any(flight.spend for flight in self.plan.flights):
            return self
        if self.client is None and self.is_complete and self.part.customers is not None:
            return nothing_done(self.world, self.plan.weeks, self.seed, self.plan.start)
        return rerun(self, Plan(weeks=self.plan.weeks, start=self.plan.start))

    @cached_property
    def totals(self) -> dict[str, npt.NDArray[np.int64]]:
        """What was counted of each customer, each of shape (n,): contacts, noticed, visits, orders, revenue ...

        Raises
        ------
        PlanError
            If the run kept no customers.
        """
        columns = self._customers()
        return {name: np.concatenate(columns[name]).astype(np.int64) for name in COUNTED}

    @cached_property
    def first(self) -> dict[str, npt.NDArray[np.int8]]:
        """The week in which something first happened to each customer, from 0; -1 if it did not."""
        self._customers()
        weeks = np.concatenate(self.part.first, axis=1)
        return {name: weeks[place] for place, name in enumerate(FIRSTS)}

    @cached_property
    def held_out(self) -> npt.NDArray[np.bool_]:
        """Who was kept from every bought contact, shape (n,)."""
        self._customers()
        return np.concatenate(self.part.held)

    def _customers(self) -> dict[str, list[npt.NDArray[Any]]]:
        if self.part.customers is None:
            raise PlanError(
                _("measure"),
                _("this run kept no customers, only sums."),
                _("Run it with simulate(..., people=True)."),
            )
        return self.part.customers

    @cached_property
    def expected(self) -> dict[str, float]:
        """Orders and margin that the chances promise, before the last throws of the dice: far less noise."""
        orders, margin = self.part.expected.sum(axis=0)
        return {"orders": float(orders), "margin": float(margin)}

    @cached_property
    def spent(self) -> pd.Series[float]:
        """Money that each flight really cost, by name, in the smallest unit."""
        from narrowcast.simulate.costs import spent  # noqa: PLC0415 - it lays the plan out

        return spent(self)

    @property
    def cost(self) -> int:
        """Money spent: the flights, special editions, purchased files and fees."""
        return round(float(self.spent.sum())) + self.plan.cost(self.world) - self.plan.budget

    def _cells(self) -> dict[str, float]:
        return dict(zip(TOTALS, self.part.totals.sum(axis=(0, 1, 2)), strict=True))

    def _sums(self) -> dict[str, float]:
        """Return what `narrowcast.measure.kpis` reckons with; people of purchased files count as all others do."""
        cells, strangers = self._cells(), dict(zip(TOTALS, self.part.strangers, strict=True))
        flights = dict(zip(FLIGHT_SUMS, self.part.flights.sum(axis=(0, 1)), strict=True))
        sums = {
            name: float(values) for name, values in zip(COUNTED, self.part.weekly.sum(axis=0), strict=True)
        }
        return sums | {
            "reached": cells["reached"] + strangers["reached"],
            "recognised": cells["recognised"] + strangers["recognised"],
            "advocates": float(self.part.totals[:, :, 1, 0].sum()) + self._stranger_advocates(),
            "new_customers": strangers["buyers"],
            "complaints": float(flights["complaints"]),
            "consents_lost": float(flights["unsubscribed"]),
            "future_margin": cells["future_margin"] + strangers["future_margin"],
        }

    def kpis(self) -> pd.Series[float]:
        """Return the business's figures; `narrowcast.measure.kpi_meanings` says what each means.

        `summary` says the same for reading. What is counted of single channels is in `channels`: a campaign is not
        judged by its clicks.
        """
        worth = self.world.recipe.response.consent_worth.value
        size = int(self._cells()["customers"] + self.part.strangers[TOTALS.index("customers")])
        return kpis(self._sums(), self.baseline._sums(), size, self.cost, worth)  # noqa: SLF001

    def summary(self) -> pd.DataFrame:
        """Return the same figures for reading, one row a figure: value (in letters), unit and what it is.

        The last, expected_profit, is the property of that name: what the campaign is worth without the luck of this
        run, though without what its customers bring later.
        """
        from narrowcast.simulate.summary import summary_of  # noqa: PLC0415 - it reads an outcome

        return summary_of(self)

    def channels(self, *, by_flight: bool = False) -> pd.DataFrame:
        """Return each channel's own indicators, one row a channel (or flight), counts first.

        `narrowcast.measure.channel_meanings` says what each column is. Their cost adds up to `cost`: to what the
        flights spent it adds `beside`, purchased addresses, special editions and fees, for which
        `narrowcast.simulate.costs.beside` says how they are divided. A channel's orders are four things:

        ===================  =====================================================================================
        orders               a click led to them at once, in the same week
        tracked_orders       the buyer held its cookie or code, then or later: what a shop's report shows, and the log
        attribution("last")  it was the last thing noticed or clicked in the four weeks before: no click is needed
        truth()              without it they would not have come
        ===================  =====================================================================================

        Each order of the first kind has its click among the touches of the third. It need not be tracked: its cookie
        may have been deleted, or replaced by a click elsewhere.
        """
        from narrowcast.simulate.costs import beside  # noqa: PLC0415 - it lays the plan out
        from narrowcast.simulate.run import flights_of  # noqa: PLC0415 - likewise

        by_flight = flag("by_flight", by_flight)
        flights, counted = flights_of(self), self.part.flights.sum(axis=0)
        frame = pd.DataFrame(counted, columns=list(FLIGHT_SUMS), index=[f.name for f in flights])
        more = beside(self)
        frame = frame.rename(columns={"noticed": "opened"}).assign(beside=more, cost=self.spent + more)
        kind = "flight" if by_flight else "channel"
        names = pd.Index([f.name if by_flight else f.channel for f in flights], name=kind)
        summed = frame.groupby(names, sort=False).sum()
        recipe = self.world.recipe.channels
        media = {name: recipe[f.channel].medium for name, f in zip(names, flights, strict=True)}
        rates = channel_indicators(summed[list(CHANNEL_SUMS)], media)
        return summed.join(rates.drop(columns="tracked_orders"))

    def benchmarks(self) -> pd.DataFrame:
        """Return the trade's benchmarks beside what the campaign reached; see `narrowcast.simulate.benchmarks`."""
        from narrowcast.simulate.benchmarks import beside_the_trade  # noqa: PLC0415 - it reads an outcome

        return beside_the_trade(self)

    @property
    def expected_profit(self) -> float:
        """Margin that the chances promise beyond doing nothing, less cost: a plan's worth with little noise."""
        return self.expected["margin"] - self.baseline.expected["margin"] - self.cost

    def weekly(self, *, dated: bool = False) -> pd.DataFrame:
        """Return one row a week: contacts, noticed, visits, orders, revenue, margin, advocated, told.

        Beside them orders_without, the orders had nothing been done, and season, by how much the time of year
        multiplies visits: it moves the orders with and without the campaign alike.

        Parameters
        ----------
        dated
            False: weeks are numbered from 1. True: the index is the first day of each.
        """
        weeks = pd.RangeIndex(1, self.plan.weeks + 1, name="week")
        index = first_days(self.plan).rename("begins") if flag("dated", dated) else weeks
        frame = pd.DataFrame(self.part.weekly, index=index, columns=list(COUNTED))
        orders = COUNTED.index("orders")
        without = self.baseline.part.weekly[:, orders]
        return frame.assign(orders_without=without, season=season_of(self.world, self.plan))

    def funnel(self) -> pd.DataFrame:
        """Return how many people came to each stage, and which share of those before went on.

        Many visit who noticed nothing, and some speak for the brand after a single order: people counts them all;
        through counts those who came by way of all stages before, and otherwise the rest, who came of their own
        accord or were told by friends. The shares are of through, so none is above 1; see
        `narrowcast.measure.funnel`. Who went on would in part have come anyway: what the campaign caused is in
        `kpis`. Where only sums were kept, or people of purchased files count too, the regions run once more.
        """
        return funnel(*self._stages)

    @cached_property
    def _stages(self) -> tuple[dict[str, float], dict[str, float]]:
        return stages_of(self)

    @cached_property
    def _strangers(self) -> npt.NDArray[np.float64]:
        return strangers_by_stage(self)

    def _stranger_advocates(self) -> float:
        """Return how many people of purchased files spoke for the brand; a run keeps only how often they did."""
        spoke = self.part.strangers[TOTALS.index("advocated")]
        return float(self._strangers[0, FUNNEL.index("advocate")]) if spoke else 0.0

    @property
    def customers(self) -> pd.DataFrame:
        """One row a customer: customer_id, segment, arm, contacts, noticed, visits, orders, revenue, advocate."""
        from narrowcast.simulate.splits import customers_of  # noqa: PLC0415 - it needs this module's type

        return customers_of(self)

    def by(self, column: str) -> pd.DataFrame:
        """Return sums over customers for each value of a column: "segment", "arm" or "advocate".

        People of purchased files are in no segment and no arm: they are not among them.

        Raises
        ------
        UnknownName
            If the outcome cannot be split by `column`.
        """
        from narrowcast.simulate.splits import split  # noqa: PLC0415 - it needs this module's type

        return split(self, column)

    def lift(self, metric: str = "orders", confidence: float = 0.95, *, cuped: bool = False) -> Lift:
        """Return what each customer brought, treated less holdout, with a confidence interval.

        What friends tell each other reaches both arms, and drops out: where people are held out one by one, all is
        missing that referral and QR codes bring, and some of the rest (`Plan.check` tells how much). With
        Measurement(unit="circle") about half as much is.

        Parameters
        ----------
        metric
            "orders", "revenue", "margin" or "visits".
        confidence
            Level of the interval, above 0 and below 1.
        cuped
            Whether to take out what last year's orders explain (CUPED: Deng, Xu, Kohavi and Walker 2013); not
            where circles of friends were held out, whose interval is cluster-robust.

        Raises
        ------
        UnknownName
            If there is no such metric.
        PlanError
            If the plan held nobody out.
        AnswerError
            If `cuped` is neither True nor False.
        """
        cuped = flag("cuped", cuped)
        if metric not in ARM_METRICS:
            raise UnknownName(kind=_("metric"), given=metric, allowed=ARM_METRICS)
        if self.plan.measurement.unit == "circle" and self.plan.holdout:
            from narrowcast.simulate.splits import circles_of  # noqa: PLC0415 - it needs this module's type

            return cluster_lift(self.totals[metric], circles_of(self), self.held_out, confidence)
        treated, held = self.part.arms[metric]
        return lift_from_sums(treated, held, confidence, cuped=cuped)

    def states(self) -> npt.NDArray[np.uint8]:
        """Return how far each customer has come by the end of each week, shape (weeks, n).

        0 not met, 1 met but ignored it, 2 noticed, 3 bought, 4 speaks for the brand.
        """
        weeks = np.arange(self.plan.weeks, dtype=np.int8)[:, None]
        states = np.zeros((self.plan.weeks, self.held_out.size), dtype=np.uint8)
        for state, name in enumerate(("contacts", "noticed", "orders", "advocated"), start=1):
            first = self.first[name]
            states[(first != NEVER) & (first <= weeks)] = state
        return states

    def touches(self, path: str | Path | None = None) -> pd.DataFrame:
        """Return all that happened, one row an event; see `narrowcast.simulate.log.touches`."""
        from narrowcast.simulate.log import touches  # noqa: PLC0415 - it runs the regions again

        return touches(self, path)

    def attribution(self, model: str = "last") -> pd.DataFrame:
        """Return what a model credits each channel with, beside the truth; see `narrowcast.simulate.credit`.

        A model deals out all orders by what was noticed or clicked in the four weeks before each, and "last" is the
        last of these touches, not the last click: for orders by cookie or code see `channels`.
        """
        from narrowcast.simulate.credit import attributed  # noqa: PLC0415 - it runs the regions again

        return attributed(self, model)

    def explain(self, customer_id: str) -> str:
        """Tell the story of one customer: each week's contacts, attention, visit and order, and why.

        Raises
        ------
        UnknownName
            If there is no such customer.
        """
        from narrowcast.simulate.explain import explain  # noqa: PLC0415 - it needs this module's type

        return explain(self, customer_id)

    def why(self, customer_id: str) -> pd.DataFrame:
        """Return the figures behind `explain`, one row a week and flight; see `narrowcast.simulate.explain.why`."""
        from narrowcast.simulate.explain import why  # noqa: PLC0415 - it needs this module's type

        return why(self, customer_id)

    def truth(self) -> pd.DataFrame:
        """Return what each channel caused, from runs without it, and by how much luck moves that.

        See `narrowcast.simulate.credit.truth`.
        """
        from narrowcast.simulate.credit import truth  # noqa: PLC0415 - it runs the regions again

        return truth(self)

    @property
    def plot(self) -> Plots:
        """Pictures of the outcome: plot.weekly(), plot.funnel(), plot.channels() ...; plot() draws the weeks."""
        from narrowcast.simulate.plot import Plots  # noqa: PLC0415 - Matplotlib only when drawn

        return Plots(self)
