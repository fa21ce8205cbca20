"""What people did, added up: by segment, arm and advocacy, and for either arm of an experiment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.compiled import compiled

__all__ = ["tally"]


@njit(inline="always")
def _later(person: Any, alive: Any, worth: Any, rate: Any, weeks: Any) -> Any:
    """Return the margin that a customer is expected to bring later, discounted.

    A customer who orders at rate l and drops out after an order with chance p is still there after t weeks with
    chance exp(-l p t); l exp(-(l p + d) s) over the weeks up to t adds up to l / (l p + d) (1 - exp(-(l p + d) t)).
    """
    if alive == 0:
        return 0.0
    orders = np.float64(person.rate) * person.conversion
    decay = orders * person.dropout + rate
    return -orders * np.expm1(-decay * weeks) / max(decay, 1e-12) * worth


@compiled
def tally(
    people: Any, state: Any, counted: Any, first: Any, customers: Any, held: Any, segments: Any, metrics: Any,
    rate: Any, weeks: Any, totals: Any, strangers: Any, arms: Any,
) -> None:  # fmt: skip
    """Add up what a region's people did.

    Parameters
    ----------
    people, state, counted, first
        `PERSON` and `STATE`, shape (n,), and what `Results` counts of each person.
    customers
        How many of the people are customers; the others are strangers.
    held
        Shape (n,): who was held out.
    segments
        `SEGMENT`, shape (segments,).
    metrics
        Places among `COUNTED` of what a lift can be read of.
    rate, weeks
        Discount a week, and weeks of future margin that count.
    totals, strangers
        Filled in: sums in the order of `narrowcast.simulate.parts.TOTALS`, shape (segments, 2, 2, 16), and (16,) of
        the strangers.
    arms
        Filled in: shape (metrics, 2, 6), for either arm n, y, yy, x, xx, xy with last year's orders as x.
    """
    for i in range(people.size):
        s = people[i].segment
        arm = 1 if held[i] else 0
        into = totals[s, arm, 1 if counted[i, 6] > 0 else 0] if i < customers else strangers
        into[0] += 1
        into[1] += first[i, 0] >= 0
        into[2] += first[i, 1] >= 0
        into[3] += first[i, 2] >= 0
        into[4] += counted[i, 3] > 0
        into[5] += counted[i, 3] > 1
        for c in range(8):
            into[6 + c] += counted[i, c]
        worth = segments[s].mean_spend * people[i].scale * segments[s].margin
        into[14] += _later(people[i], state[i].alive, worth, rate, weeks)
        into[15] += state[i].alive
        if i < customers:
            x = np.float64(people[i].past)
            for k in range(metrics.size):
                y = np.float64(counted[i, metrics[k]])
                sums = arms[k, arm]
                sums[0] += 1
                sums[1] += y
                sums[2] += y * y
                sums[3] += x
                sums[4] += x * x
                sums[5] += x * y
