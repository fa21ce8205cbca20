"""A person in the shop: looks, buys, is credited to somebody, stays or leaves, and speaks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import SLOTS
from narrowcast.simulate.engine.chance import philox, share
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.meeting import hand_on
from narrowcast.simulate.engine.small import FIRST_CLICK, chance_of, match, note, sigmoid, tell

__all__ = ["ending", "look"]

U = np.uint64
_VISIT, _SHARER = U(SLOTS["visit"]), U(SLOTS["sharer"])
_LOOKED, _ORDERED, _SHARED = 8, 9, 10


@compiled
def _credit(
    i: Any, w: Any, revenue: Any, people: Any, flights: Any, rules: Any, hot: Any, state: Any, counted: Any,
    shared: Any, fsums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Credit an order to the flight whose code or cookie the buyer holds, or to a code that is their own."""
    f = hot[i].cookie
    if f >= 0 and w - state[i].cookie_week <= flights[f].cookie_weeks:
        if people[i].stranger == 1 and counted[i, 3] == 1:
            fsums[w, f, 18] += 1
    else:
        f = -1
        for r in range(flights.size):
            if f < 0 and flights[r].fraud > 0.0 and shared[2, flights[r].pending, i] < 0:
                word = philox(
                    U(people[i].number),
                    _SHARER | (flights[r].slot << U(8)),
                    U(w),
                    U(1),
                    rules[0].k0,
                    rules[0].k1,
                )[0]
                if share(word) < flights[r].fraud:
                    f = r
                    fsums[w, f, 15] += 1
    if f >= 0:
        fsums[w, f, 11] += 1
        fsums[w, f, 12] += revenue
        pay = min(np.rint(revenue * flights[f].commission) + flights[f].reward, max(flights[f].quota, 0.0))
        if flights[f].limited == 1 and pay > 0.0:
            flights[f].quota -= pay
            fsums[w, f, 16] += np.int64(pay)
    note(events, seen, i, w, _ORDERED, f, 1, revenue)


@compiled
def _speak(
    i: Any, w: Any, f: Any, luck: Any, people: Any, ties: Any, flights: Any, rules: Any, counted: Any, first: Any,
    shared: Any, weekly: Any, fsums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Let a buyer speak for the brand of their own accord, and hand on what the plan gives them to hand on."""
    r = rules[0]
    ox, oy = 0.0, 0.0
    if f >= 0:
        ox, oy = flights[f].offer_x, flights[f].offer_y
    suits = match(people[i].x, people[i].y, ox, oy, r.breadth)
    if share(luck) < sigmoid(r.advocate + r.advocate_match * suits):
        counted[i, 6] += 1
        weekly[w, 6] += 1
        if first[i, 4] < 0:
            first[i, 4] = w
        reached = tell(i, w, U(0), 1.0, people, ties, r.k0, r.k1, shared[1, shared.shape[1] - 1])
        note(events, seen, i, w, _SHARED, -1, reached, 0)
    for g in range(flights.size):
        if flights[g].sharing == 1 and shared[2, flights[g].pending, i] <= 0:
            word = philox(U(people[i].number), _SHARER | (flights[g].slot << U(8)), U(w), U(2), r.k0, r.k1)[0]
            if share(word) < sigmoid(flights[g].share + r.advocate_match * (suits - 0.5)):
                shared[2, flights[g].pending, i] = -1  # holds a code from now on
                hand_on(i, w, g, people, ties, flights, rules, shared, fsums[w, g], events, seen)


@njit(inline="always")
def ending(i: Any, people: Any, hot: Any, rules: Any) -> Any:
    """Return the chance that an order of a person is the last; less while who brought them is there."""
    sponsor = people[i].sponsor
    if sponsor >= 0 and hot[sponsor].alive == 1:
        return hot[i].dropout * rules.bond
    return np.float64(hot[i].dropout)


@compiled
def look(
    i: Any, w: Any, index: Any, f: Any, people: Any, ties: Any, flights: Any, rules: Any, segments: Any, spend: Any,
    hot: Any, state: Any, counted: Any, first: Any, shared: Any, weekly: Any, fsums: Any, events: Any, seen: Any,
) -> Any:  # fmt: skip
    """Let a person look at the shop; return 1 if they ordered. `f` is the flight whose offer they see, -1 for none."""
    a, b, c, d = philox(U(people[i].number), _VISIT, U(w), U(index), rules[0].k0, rules[0].k1)
    hot[i].came = w
    note(events, seen, i, w, _LOOKED, f if index >= FIRST_CLICK else -1, 1, 0)
    if share(a) >= chance_of(people[i], f, flights, rules[0]):
        return 0
    s = people[i].segment
    grid = spend.shape[1]
    amount = spend[s, min(int(share(b) * grid), grid - 1)] * people[i].scale
    price = max(np.rint(amount / segments[s].step), 1.0) * segments[s].step
    off = np.rint(price * flights[f].incentive) if f >= 0 else 0.0
    revenue, margin = np.int64(price - off), np.int64(np.rint(price * segments[s].margin) - off)
    counted[i, 3] += 1
    counted[i, 4] += revenue
    counted[i, 5] += margin
    weekly[w, 3] += 1
    weekly[w, 4] += revenue
    weekly[w, 5] += margin
    if first[i, 3] < 0:
        first[i, 3] = w
    _credit(i, w, revenue, people, flights, rules, hot, state, counted, shared, fsums, events, seen)
    hot[i].alive = 0 if share(c) < ending(i, people, hot, rules[0]) else 1
    _speak(i, w, f, d, people, ties, flights, rules, counted, first, shared, weekly, fsums, events, seen)
    return 1
