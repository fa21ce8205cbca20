"""What a campaign did, and what would have happened without it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.campaigns import Plan
from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure import Lift, holdout_lift, kpis
from narrowcast.simulate.kernel import NEVER, RegionResult
from narrowcast.simulate.media import held_out
from narrowcast.worlds import World

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Outcome"]


class Outcome:
    """A plan carried out. Made by `simulate`.

    Parameters
    ----------
    world, plan, seed
        What was run.
    results
        One for each region, in order.
    """

    def __init__(self, world: World, plan: Plan, seed: int, results: list[RegionResult]) -> None:
        self.world, self.plan, self.seed = world, plan, seed
        self.totals = {k: np.concatenate([r.totals[k] for r in results]) for k in results[0].totals}
        self.first = {k: np.concatenate([r.first[k] for r in results]) for k in results[0].first}
        self._weekly = {
            k: np.sum([r.weekly[k] for r in results], axis=0, dtype=np.int64) for k in results[0].weekly
        }

        self.expected = {k: float(sum(r.expected[k] for r in results)) for k in results[0].expected}

    def __repr__(self) -> str:
        return (
            f"<Outcome of {self.plan.name!r} in {self.world.name!r}: {self._weekly['orders'].sum():,} orders>"
        )

    @cached_property
    def baseline(self) -> Outcome:
        """The same people with the same luck, had nothing been done: the truth only a simulator knows."""
        from narrowcast.simulate.run import nothing_done  # noqa: PLC0415 - an outcome is made there

        return self if not self.plan.flights else nothing_done(self.world, self.plan.weeks, self.seed)

    @cached_property
    def held_out(self) -> npt.NDArray[np.bool_]:
        """Who was kept from every bought contact, shape (n,)."""
        seed = self.seed + (self.world.seed << 64)
        return np.concatenate([held_out(self.plan, seed, region) for region in self.world.regions])

    @property
    def cost(self) -> int:
        """Money spent: the flights, less what the holdout saved, and the special editions."""
        bought = 1 - float(self.held_out.mean()) if self.plan.holdout else 1.0
        return round(self.plan.budget * bought) + self.world.edition_cost * len(self.plan.editions)

    def _sums(self) -> dict[str, float]:
        sums = {name: float(values.sum()) for name, values in self._weekly.items()}
        return sums | {
            "reached": float((self.totals["contacts"] > 0).sum()),
            "recognised": float((self.totals["noticed"] > 0).sum()),
            "advocates": float((self.totals["advocated"] > 0).sum()),
        }

    def kpis(self) -> pd.Series[float]:
        """Return the campaign's figures; see `narrowcast.measure.kpis` for what each means."""
        return kpis(self._sums(), self.baseline._sums(), self.world.population.size, self.cost)  # noqa: SLF001

    @property
    def expected_profit(self) -> float:
        """Margin that the chances promise beyond doing nothing, less cost: a plan's worth with little noise."""
        return self.expected["margin"] - self.baseline.expected["margin"] - self.cost

    def weekly(self) -> pd.DataFrame:
        """Return one row a week: contacts, noticed, visits, orders, revenue, margin, advocated, told."""
        frame = pd.DataFrame(self._weekly, index=pd.RangeIndex(1, self.plan.weeks + 1, name="week"))
        return frame.assign(orders_without=self.baseline._weekly["orders"])  # noqa: SLF001

    @property
    def customers(self) -> pd.DataFrame:
        """One row a customer: customer_id, segment, arm, contacts, noticed, visits, orders, revenue, advocate."""
        segments = np.array(list(self.world.recipe.segments), dtype=object)
        n = self.world.population.size
        return pd.DataFrame(
            {
                "customer_id": [f"C{i:07d}" for i in range(n)],
                "segment": pd.Categorical(
                    segments[self.world.population.segment], categories=list(self.world.recipe.segments)
                ),
                "arm": np.where(self.held_out, "holdout", "treated"),
                **{
                    name: self.totals[name] for name in ("contacts", "noticed", "visits", "orders", "revenue")
                },
                "advocate": self.totals["advocated"] > 0,
            }
        )

    def by(self, column: str) -> pd.DataFrame:
        """Return sums for each value of a column: "segment", "arm" or "advocate".

        Raises
        ------
        UnknownName
            If the outcome cannot be split by `column`.
        """
        allowed = ("segment", "arm", "advocate")
        if column not in allowed:
            raise UnknownName(kind=_("column to split by"), given=column, allowed=allowed)
        frame = self.customers.assign(
            customers=1,
            margin=self.totals["margin"],
            incremental_orders=self.totals["orders"] - self.baseline.totals["orders"],
            incremental_margin=self.totals["margin"] - self.baseline.totals["margin"],
        )
        return frame.drop(columns="customer_id").groupby(column, observed=True).sum(numeric_only=True)

    def lift(self, confidence: float = 0.95) -> Lift:
        """Return orders per customer, treated less holdout, with a confidence interval.

        Raises
        ------
        PlanError
            If the plan held nobody out.
        """
        return holdout_lift(self.totals["orders"].astype(np.float64), self.held_out, confidence)

    def states(self) -> npt.NDArray[np.uint8]:
        """Return how far each customer has come by the end of each week, shape (weeks, n).

        0 not met, 1 met but ignored it, 2 noticed, 3 bought, 4 speaks for the brand.
        """
        weeks = np.arange(self.plan.weeks, dtype=np.int16)[:, None]
        states = np.zeros((self.plan.weeks, self.world.population.size), dtype=np.uint8)
        for state, name in enumerate(("contacts", "noticed", "orders", "advocated"), start=1):
            first = self.first[name]
            states[(first != NEVER) & (first <= weeks)] = state
        return states

    def explain(self, customer_id: str) -> str:
        """Tell the story of one customer: each week's contacts, attention, visit and order, and why.

        Raises
        ------
        UnknownName
            If there is no such customer.
        """
        from narrowcast.simulate.explain import explain  # noqa: PLC0415 - it needs this module's type

        return explain(self, customer_id)

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw orders a week, with the campaign and without it, and return the axes."""
        from narrowcast.simulate.plot import plot_weekly  # noqa: PLC0415 - Matplotlib only when drawn

        return plot_weekly(self.weekly(), self.plan.name, axes)
