"""The day of the week on which something happened: weeks are what the engine lives by, a log has days."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import SLOTS, TYPES
from narrowcast.simulate.engine.chance import philox, share

__all__ = ["moments"]

U = np.uint64
_MOMENT = U(SLOTS["moment"])
_VISIT, _ORDER, _SHARE = (TYPES.index(name) for name in ("visit", "order", "share"))


@njit(nogil=True, cache=True)
def moments(events: Any, numbers: Any, slots: Any, k0: Any, k1: Any) -> Any:
    """Return the day of each event, int8, shape (events,), from 0 to 6.

    All that one flight does with a person in a week falls on one day, drawn for this person, week and flight alone.
    A visit that no click led to falls on the latest of these days or after, for all that met the person that week
    has worked on it. An order falls on the day of its visit, and what is passed on on the day of what led to it.

    Parameters
    ----------
    events
        `EVENT`, in the order in which the engine wrote them down: an order follows its visit.
    numbers
        uint32, shape (n,): people's places among the draws.
    slots
        uint64, shape (flights,): the flights' places among the draws, above 0.
    k0, k1
        The run's key.
    """
    days = np.zeros(events.size, np.int8)
    met = np.full(numbers.size, -1, np.int16)  # the last week in which anything met them, and its latest day
    latest = np.zeros(numbers.size, np.int8)
    for e in range(events.size):
        i, w, kind, f = events[e].person, events[e].week, events[e].type, events[e].flight
        if kind in (_ORDER, _SHARE):
            days[e] = days[e - 1]
            continue
        slot = slots[f] if f >= 0 else U(0)
        a, b, _c, _d = philox(U(numbers[i]), _MOMENT | (slot << U(8)), U(w), U(0), k0, k1)
        after = latest[i] if met[i] == w else np.int8(0)
        if kind == _VISIT and f < 0:
            days[e] = after + np.int8(share(b) * (7 - after))
            continue
        days[e] = np.int8(share(a) * 7)
        met[i] = w
        latest[i] = max(after, days[e])
    return days
