"""An outcome by customers, and by groups of them: segments, arms of the experiment, those who speak for the brand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.simulate.engine.arrays import COUNTED
from narrowcast.simulate.parts import TOTALS

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["SPLITS", "circles_of", "customers_of", "split"]

SPLITS = ("segment", "arm", "advocate")
"""What an outcome can be split by."""


def split(outcome: Outcome, column: str) -> pd.DataFrame:
    """Return sums over customers for each value of a column; see `Outcome.by`."""
    if column not in SPLITS:
        raise UnknownName(kind=_("column to split by"), given=column, allowed=SPLITS)
    axis = SPLITS.index(column)
    labels = (list(outcome.world.recipe.segments), ["treated", "holdout"], [False, True])[axis]
    others = tuple(place for place in range(3) if place != axis)
    mine, before = (run.part.totals.sum(axis=others) for run in (outcome, outcome.baseline))
    if column == "advocate":  # who speaks for the brand depends on the campaign: compare the same people
        before = _baseline_by(outcome, outcome.totals["advocated"] > 0)
    elif column == "arm" and outcome.plan.holdout:
        before = _baseline_by(outcome, outcome.held_out)
    names = list(TOTALS)
    frame = pd.DataFrame(mine, columns=names, index=pd.Index(labels, name=column))
    frame["incremental_orders"] = frame["orders"] - before[:, names.index("orders")]
    frame["incremental_margin"] = frame["margin"] - before[:, names.index("margin")]
    return frame[frame["customers"] > 0]


def _baseline_by(outcome: Outcome, row: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return the sums of the run without a campaign over two groups of customers, shape (2, len(TOTALS))."""
    sums = np.full((2, len(TOTALS)), np.nan)
    for name in COUNTED:
        sums[:, TOTALS.index(name)] = np.bincount(
            row.astype(np.int64), outcome.baseline.totals[name], minlength=2
        )
    return sums


def customers_of(outcome: Outcome) -> pd.DataFrame:
    """Return one row a customer; see `Outcome.customers`."""
    segments, regions = pd.Index(list(outcome.world.recipe.segments)), outcome.regions
    numbers = np.concatenate([np.arange(region.start, region.stop) for region in regions])
    segment = np.concatenate([outcome.world.population.segment[region.rows] for region in regions])
    counted = ("contacts", "noticed", "visits", "orders", "revenue")
    return pd.DataFrame(
        {
            "customer_id": [f"C{i:07d}" for i in numbers],
            "segment": pd.Categorical.from_codes(segment.astype(np.int64), categories=segments),
            "arm": np.where(outcome.held_out, "holdout", "treated"),
            **{name: outcome.totals[name] for name in counted},
            "advocate": outcome.totals["advocated"] > 0,
        }
    )


def circles_of(outcome: Outcome) -> npt.NDArray[np.int64]:
    """Return the circle of friends of each customer, numbered over the whole market, shape (n,)."""
    from narrowcast.simulate.ground import ground_of  # noqa: PLC0415 - an outcome seldom asks who people are

    circles, first = [], 0
    for region in outcome.regions:
        here = ground_of(outcome.world, region).circle.astype(np.int64)
        circles.append(first + here)
        first += int(here.max()) + 1
    return np.concatenate(circles)
