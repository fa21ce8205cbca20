"""What is worked out before the weeks pass: how each message speaks to each person, who people are in single precision.

Loops without branches over rows of single precision: a compiler works out eight people at a time.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine import elementary
from narrowcast.simulate.engine.arrays import OWN
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.meeting import NEVER_CLICKED

__all__ = ["know", "lay_out", "rest_of", "throttle"]

_X, _Y, _RATE, _CONVERSION, _DROPOUT, _WORTH, _GAIN, _SUITS, _WORD, _REST, _EASE = (
    OWN.index(name)
    for name in (
        "x", "y", "rate", "conversion", "dropout", "worth", "gain", "suits", "word", "rest", "ease",
    )
)  # fmt: skip

F = np.float32


@njit(inline="always")
def _match(x: Any, y: Any, aim_x: Any, aim_y: Any, breadth: Any) -> Any:
    """Return how well something speaks to a person, as `small.match`, in single precision."""
    return elementary.exp(-np.sqrt((x - aim_x) * (x - aim_x) + (y - aim_y) * (y - aim_y)) / breadth)


@compiled
def know(people: Any, segments: Any, rules: Any, own: Any, alive: Any, came: Any, cookie: Any) -> None:
    """Fill in what is asked of everybody every week."""
    n, breadth = people.size, F(rules[0].breadth)
    for i in range(n):
        own[_X, i], own[_Y, i] = people[i].x, people[i].y
        own[_RATE, i], own[_CONVERSION, i] = people[i].rate, people[i].conversion
        own[_DROPOUT, i] = people[i].dropout
        worth = segments[people[i].segment].mean_spend * people[i].scale
        own[_WORTH, i] = worth
        own[_GAIN, i] = worth * segments[people[i].segment].margin
        alive[i] = people[i].alive
    for i in range(n):
        own[_SUITS, i] = _match(own[_X, i], own[_Y, i], F(0.0), F(0.0), breadth)
    own[_WORD:, :] = F(0.0)
    came[:] = -1
    cookie[:] = -1
    alive[n] = 0  # the sponsor of those who have none


@compiled
def rest_of(busy: Any, own: Any) -> None:
    """Fill in a season's mean visits a week at rest, and the chance of any."""
    for i in range(own.shape[1]):
        own[_REST, i] = own[_RATE, i] * F(busy)
    for i in range(own.shape[1]):
        own[_EASE, i] = -elementary.expm1(-own[_REST, i])


@compiled
def lay_out(flights: Any, rules: Any, own: Any, laid: Any) -> None:
    """Fill in how each flight's message speaks to each person: match, odds to notice, odds to click."""
    breadth, attention = F(rules[0].breadth), F(rules[0].attention)
    for f in range(flights.size):
        aim_x, aim_y = F(flights[f].aim_x), F(flights[f].aim_y)
        notice, click, fitting = F(flights[f].notice), F(flights[f].click), F(flights[f].click_match)
        for i in range(own.shape[1]):
            laid[0, f, i] = _match(own[_X, i], own[_Y, i], aim_x, aim_y, breadth)
        for i in range(own.shape[1]):
            laid[1, f, i] = elementary.exp(notice + attention * laid[0, f, i])
        if flights[f].click > NEVER_CLICKED:
            for i in range(own.shape[1]):
                laid[2, f, i] = elementary.exp(click + fitting * (laid[0, f, i] - F(0.5)))


@compiled
def throttle(flights: Any, levels: Any, laid: Any, base: Any) -> None:
    """Show an advertisement that is paid by the click only as often as a week's money lasts, on average.

    Its first level comes as the week's share of the money and goes as the share of the searches it is shown in.
    """
    for f in range(flights.size):
        if flights[f].money <= 0.0:
            continue
        promised = 0.0
        for i in range(base.shape[1]):
            if base[f, i] > 0.0:
                p, q = laid[1, f, i], laid[2, f, i]
                promised += base[f, i] * p / (1.0 + p) * q / (1.0 + q)
        for w in range(levels.shape[2]):
            money, cost = (
                flights[f].money * levels[0, f, w],
                promised * levels[1, f, w] * flights[f].click_cost,
            )
            levels[0, f, w] = min(1.0, money / cost) if cost > 0.0 else (1.0 if money > 0.0 else 0.0)
