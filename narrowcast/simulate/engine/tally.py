"""What people did, added up: by segment, arm and advocacy, and for either arm of an experiment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine import elementary
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
    orders = person.rate * person.conversion
    decay = orders * person.dropout + np.float32(rate)
    there = -elementary.expm1(-decay * np.float32(weeks))
    return np.float64(orders * there / max(decay, np.float32(1e-12))) * worth


@compiled
def tally(
    people: Any, state: Any, met: Any, acts: Any, money: Any, first: Any, customers: Any, held: Any, segments: Any,
    rate: Any, weeks: Any, totals: Any, strangers: Any, arms: Any,
) -> None:  # fmt: skip
    """Add up what a region's people did.

    Parameters
    ----------
    people, state, met, acts, money, first
        `PERSON` and `STATE`, shape (n,), and what `Results` counts of each person.
    customers
        How many of the people are customers; the others are strangers.
    held
        Shape (n,): who was held out.
    segments
        `SEGMENT`, shape (segments,).
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
        into = totals[s, arm, 1 if acts[2, i] > 0 else 0] if i < customers else strangers
        into[0] += 1
        into[1] += first[0, i] >= 0
        into[2] += first[1, i] >= 0
        into[3] += first[2, i] >= 0
        into[4] += acts[1, i] > 0
        into[5] += acts[1, i] > 1
        into[6] += met[0, i]  # from here on as COUNTED
        into[7] += met[1, i]
        if acts[0, i] > 0:
            into[8] += acts[0, i]
            into[9] += acts[1, i]
            into[10] += money[0, i]
            into[11] += money[1, i]
            into[12] += acts[2, i]
        into[13] += acts[3, i]
        worth = segments[s].mean_spend * people[i].scale * segments[s].margin
        into[14] += _later(people[i], state[i].alive, worth, rate, weeks)
        into[15] += state[i].alive
        if i < customers:
            x, sums = np.float64(people[i].past), arms[0, arm]
            sums[0] += 1
            sums[3] += x
            sums[4] += x * x
            if acts[0, i] > 0:
                for k in range(4):  # orders, revenue, margin, visits, as ARM_METRICS
                    y = np.float64(acts[1, i] if k == 0 else acts[0, i] if k == 3 else money[k - 1, i])
                    arms[k, arm, 1] += y
                    arms[k, arm, 2] += y * y
                    arms[k, arm, 5] += x * y
    for k in range(1, 4):  # who they are is the same, whatever is counted
        for arm in range(2):
            for place in (0, 3, 4):
                arms[k, arm, place] = arms[0, arm, place]
