"""What happened in a region, reduced to sums that add up, and to a few compact columns of its customers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from narrowcast.measure import ArmSums
from narrowcast.simulate.engine.arrays import COUNTED, FIRSTS, FLIGHT_SUMS, Results

__all__ = ["ARM_METRICS", "STAGES", "TOTALS", "Part", "reduced"]

TOTALS = (
    "customers", "reached", "recognised", "visitors", "buyers", "repeat_buyers", *COUNTED, "future_margin",
    "customers_kept",
)  # fmt: skip
"""Sums by segment, arm and advocacy, in the order of `Part.totals`; the first six and the last count people."""

STAGES = ("reached", "recognised", "visitors", "buyers", "repeat_buyers", "advocates")
"""Stages of the funnel, as sums name them."""

ARM_METRICS = ("orders", "revenue", "margin", "visits")
"""What a lift can be read of."""


@dataclass
class Part:
    """What happened to some regions of a market.

    Attributes
    ----------
    regions
        Numbers of the regions, in order.
    weekly
        int64, shape (weeks, 8): `COUNTED` by week.
    flights
        int64, shape (weeks, flights, len(FLIGHT_SUMS)).
    expected
        Shape (segments, 2): orders and margin that the chances promise.
    totals
        float64, shape (segments, 2 arms, 2, len(TOTALS)): customers' sums; arm 1 is the holdout, the third axis says
        whether they spoke for the brand.
    arms
        For each of `ARM_METRICS`: sums of the treated and of the holdout, with last year's orders as covariate.
    strangers
        `TOTALS` of the people of purchased files.
    customers
        Columns of `COUNTED` by customer, where they are kept.
    first
        int8, shape (5, n): `FIRSTS` by customer, where they are kept.
    held
        Shape (n,): who was held out, where customers are kept.
    """

    regions: tuple[int, ...]
    weekly: npt.NDArray[np.int64]
    flights: npt.NDArray[np.int64]
    expected: npt.NDArray[np.float64]
    totals: npt.NDArray[np.float64]
    arms: dict[str, tuple[ArmSums, ArmSums]]
    strangers: npt.NDArray[np.float64]
    customers: dict[str, list[npt.NDArray[Any]]] | None = field(default=None, repr=False)
    first: list[npt.NDArray[np.int8]] = field(default_factory=list, repr=False)
    held: list[npt.NDArray[np.bool_]] = field(default_factory=list, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what is mostly nothing: results travel between the machines of a cluster."""
        state = dict(self.__dict__)
        if self.customers is not None:
            state["customers"] = {
                name: [_packed(column) for column in columns] for name, columns in self.customers.items()
            }
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Fill in again what was left out."""
        self.__dict__.update(state)
        if self.customers is not None:
            self.customers = {
                name: [_unpacked(*column) for column in columns]
                for name, columns in state["customers"].items()
            }

    def __add__(self, other: Part) -> Part:
        """Return both together; floats depend on the order, so parts are added as regions are numbered."""
        columns = None
        if self.customers is not None and other.customers is not None:
            columns = {name: self.customers[name] + other.customers[name] for name in self.customers}
        arms = {m: (a + other.arms[m][0], b + other.arms[m][1]) for m, (a, b) in self.arms.items()}
        return Part(
            self.regions + other.regions, self.weekly + other.weekly, self.flights + other.flights,
            self.expected + other.expected, self.totals + other.totals, arms, self.strangers + other.strangers,
            columns, self.first + other.first, self.held + other.held,
        )  # fmt: skip


def _packed(column: npt.NDArray[Any]) -> tuple[Any, ...]:
    """Return a column's type and size, where it is not nothing (None: no matter where), and what it is there."""
    where = np.flatnonzero(column)
    if where.size > column.size // 4:
        small = np.min_scalar_type(column.max()) if column.min() >= 0 else column.dtype
        return column.dtype, column.size, None, column.astype(small)
    return column.dtype, column.size, where.astype(np.uint32), column[where]


def _unpacked(
    kind: npt.DTypeLike, size: int, where: npt.NDArray[np.uint32] | None, values: npt.NDArray[Any]
) -> npt.NDArray[Any]:
    """Return the column that was packed."""
    if where is None:
        return values.astype(kind)
    column = np.zeros(size, kind)
    column[where] = values
    return column


def reduced(
    number: int, people: npt.NDArray[Any], customers: int, held: npt.NDArray[np.bool_], results: Results,
    segments: npt.NDArray[Any], discount: tuple[float, float], *, keep: bool,
) -> Part:  # fmt: skip
    """Reduce what happened in a region.

    Parameters
    ----------
    number
        The region's.
    people
        `PERSON`, shape (n,): its customers, then strangers.
    customers
        How many of them are customers.
    held
        Shape (n,): who was held out.
    results
        What the engine filled in.
    segments
        `SEGMENT`, shape (segments,).
    discount
        Rate a week, and weeks that are counted.
    keep
        Whether to keep columns by customer.
    """
    from narrowcast.simulate.engine.tally import tally  # noqa: PLC0415 - numba is loaded by whoever simulates

    totals, strangers = np.zeros((len(segments), 2, 2, len(TOTALS))), np.zeros(len(TOTALS))
    sums = np.zeros((len(ARM_METRICS), 2, 6))
    tally(
        people, results.state, results.met, results.acts, results.money, results.first, customers, held, segments,
        *discount, totals, strangers, sums,
    )  # fmt: skip
    arms = {m: (ArmSums(*sums[k, 0]), ArmSums(*sums[k, 1])) for k, m in enumerate(ARM_METRICS)}
    columns = {name: [_own(results.of(name), customers)] for name in COUNTED} if keep else None
    return Part(
        (number,), results.weekly, results.flights, results.expected, totals, arms, strangers, columns,
        [_own(results.first, customers)] if keep else [], [held[:customers]] if keep else [],
    )  # fmt: skip


def _own(rows: npt.NDArray[Any], customers: int) -> npt.NDArray[Any]:
    """Return what belongs to customers; strangers' memory is not held on to."""
    return rows if rows.shape[-1] == customers else rows[..., :customers].copy()


assert len(FIRSTS) == 5 and len(FLIGHT_SUMS) == 19 and len(TOTALS) == 16  # noqa: S101, PT018 - the engine counts on it
