"""Small formulas and bookkeeping that the engine's rooms share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import CLOSEST, SLOTS
from narrowcast.simulate.engine.chance import philox, share
from narrowcast.simulate.engine.compiled import compiled

__all__ = ["CHUNK", "FIRST_CLICK", "chance_of", "match", "note", "sigmoid", "tell", "tell_on"]

U = np.uint64
CHUNK = 256
"""People whose words are drawn at once: they stay in the nearest cache."""

FIRST_CLICK = 60
"""Visits of a week that nobody sent are numbered from 0 to below this; those after a click from here on."""

_FRIEND = U(SLOTS["friend"])


@njit(inline="always")
def sigmoid(logit: Any) -> Any:
    """Return what a logit stands for, as a chance."""
    return 1.0 / (1.0 + np.exp(-logit))


@njit(inline="always")
def match(x: Any, y: Any, aim_x: Any, aim_y: Any, breadth: Any) -> Any:
    """Return how well something made for an aim speaks to a person: exp(-|z - m| / breadth)."""
    return np.exp(-np.sqrt((x - aim_x) ** 2 + (y - aim_y) ** 2) / breadth)


@njit(inline="always")
def chance_of(person: Any, f: Any, flights: Any, rules: Any) -> Any:
    """Return the chance that a visit of a person who is shown the offer of flight `f` becomes an order."""
    p = person.conversion
    if f < 0 or (flights[f].special == 0 and flights[f].incentive == 0.0):
        return np.float64(p)
    logit = rules.price * flights[f].incentive
    if flights[f].special == 1:
        suits = match(person.x, person.y, flights[f].offer_x, flights[f].offer_y, rules.breadth)
        logit += rules.gain * (suits - match(person.x, person.y, 0.0, 0.0, rules.breadth))
    q = p / (1.0 - p + 1e-12) * np.exp(logit)
    return q / (1.0 + q)


@njit(inline="always")
def note(
    events: Any, seen: Any, person: Any, week: Any, type_: Any, flight: Any, count: Any, value: Any
) -> None:
    """Write an event down while there is room; count it all the same."""
    if events.size > 0:
        at = seen[0]
        seen[0] = at + 1
        if at < events.size:
            events[at].person = person
            events[at].week = week
            events[at].type = type_
            events[at].flight = flight
            events[at].count = count
            events[at].value = value


@compiled
def tell_on(flights: Any) -> Any:
    """Return how many flights are passed on from friend to friend."""
    rows = 0
    for f in range(flights.size):
        rows = max(rows, flights[f].pending + 1)
    return rows


@compiled
def tell(i: Any, w: Any, slot: Any, chance: Any, people: Any, ties: Any, k0: Any, k1: Any, heard: Any) -> Any:
    """Let a person tell friends: `heard` grows by one at each whom it reaches; return how many.

    It reaches a friend with `chance` times the closeness of the two.
    """
    told = 0
    a, b, c, d = U(0), U(0), U(0), U(0)
    chance /= CLOSEST
    for place in range(people[i].degree):
        edge = people[i].begin + place
        if place % 4 == 0:
            a, b, c, d = philox(U(people[i].number), _FRIEND | (slot << U(8)), U(w), U(place), k0, k1)
        if share(a) < chance * ties[edge].closeness:
            heard[ties[edge].friend] += 1
            told += 1
        a, b, c = b, c, d
    return told
