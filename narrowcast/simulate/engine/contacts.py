"""Whom a week's contacts meet: what falls on people by chance, what is sent to them, what friends pass on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine import elementary
from narrowcast.simulate.engine.chance import poisson, sends, share, walk_poisson
from narrowcast.simulate.engine.compiled import compiled

__all__ = ["meet", "still_of"]

U = np.uint64  # places in arrays that are never negative need no check
_WORDS = 4294967296.0
_WORD = 1.0 / _WORDS


@njit(inline="always")
def _send(i: Any, w: Any, f: Any, u: Any, mean: Any, flights: Any, came: Any, state: Any, served: Any) -> Any:
    """Return how often somebody is written to or called in a week."""
    if state[i].gone & flights[f].address != 0:
        return 0
    after = flights[f].after
    if after > 0:
        since = state[i].mailed
        if after == 2:
            since = state[i].clicked
        elif after == 3:
            since = state[i].left_number
        elif after == 4:
            since = came[i]
        row = flights[f].trigger
        if since < 0 or since >= w or w - since > flights[f].within:
            return 0
        if (
            flights[f].sent == 1 and served[row, i] >= since
        ):  # one letter or call for each; a banner follows them
            return 0
        if flights[f].quota < 1.0:
            return 0
        served[row, i] = since
    k = min(sends(u, mean), flights[f].cap)
    if k > flights[f].quota:
        return 0
    flights[f].quota -= k
    return k


@compiled
def still_of(f: Any, level: Any, base: Any, still: Any) -> None:
    """Fill in, for each person, the words of a draw up to which no contact happens: P(0) times 2**32."""
    level = np.float32(level)
    for i in range(base.shape[1]):
        # The chance of a contact is what is exact, be it ever so small.
        any_ = -np.float64(elementary.expm1(-base[f, i] * level))
        still[f, i] = np.uint32(min((1.0 - any_) * _WORDS, _WORDS - 1.0))


@njit(inline="always")
def _fall(size: Any, first: Any, level: Any, base: Any, still: Any, who: Any, times: Any, totals: Any) -> Any:
    """List the people with a contact that falls by chance; return how many they are. `first` are words of each."""
    many = U(0)
    for at in range(size):  # without a branch: whom it hits cannot be foreseen
        who[many] = at
        many += U(first[at] > still[at])
    for j in range(many):
        at = who[j]
        u, mean, none = share(first[at]), np.float64(base[at]) * level, still[at] * _WORD
        k = 1
        if u > none + none * mean:
            # P(0) is at hand, but cut to 32 bits: good enough where it is not small.
            k = walk_poisson(u, mean, none) if none > 1e-3 else poisson(u, mean)
        times[j] = k
        totals[at] += k
    return many


@njit(inline="always")
def _schedule(
    w: Any, f: Any, begin: Any, size: Any, first: Any, level: Any, base: Any, who: Any, times: Any, flights: Any,
    came: Any, state: Any, served: Any,
) -> Any:  # fmt: skip
    """List the people who are written to or called; return how many they are. `first` are words of each."""
    some, many, waits = U(0), U(0), flights[f].after > 0
    for at in range(size):
        who[some] = at
        mean = base[at] * level
        some += U((waits and mean > 0.0) or mean >= 1.0 or share(first[at]) < mean)
    for j in range(some):
        at = who[j]
        k = _send(begin + at, w, f, share(first[at]), base[at] * level, flights, came, state, served)
        who[many] = at
        times[many] = k
        many += U(k > 0)
    return many


@compiled
def meet(
    w: Any, begin: Any, end: Any, words: Any, who: Any, times: Any, met: Any, totals: Any, base: Any, levels: Any,
    still: Any, drawn: Any, flights: Any, came: Any, state: Any, shared: Any, served: Any,
) -> None:  # fmt: skip
    """Draw a week's contacts of a chunk of people.

    Filled in: `who` and `times` (flights, chunk + 1), who is met and how often; `met` (flights,), how many people are;
    `totals` (chunk,), the contacts of each person.
    """
    size = end - begin
    totals[:] = 0
    for f in range(flights.size):
        met[f] = 0
        if not drawn[f]:
            continue
        level, row, many = levels[0, f, w], flights[f].pending, U(0)
        first, people, often, here = words[f, 0], who[f], times[f], base[f, begin:end]
        if flights[f].sent == 0 and row < 0 and flights[f].after == 0:
            many = _fall(size, first, level, here, still[f, begin:end], people, often, totals)
        elif flights[f].sent == 1 or flights[f].after > 0:
            many = _schedule(
                w, f, begin, size, first, level, here, people, often, flights, came, state, served
            )  # fmt: skip
        else:
            for at in range(size):
                mean = here[at] * level
                k = shared[0, row, begin + at] + (poisson(share(first[at]), mean) if mean > 0.0 else 0)
                people[many] = at
                often[many] = k
                many += U(k > 0)
        met[f] = many
        if flights[f].sent == 1 or row >= 0 or flights[f].after > 0:
            for j in range(many):
                totals[people[j]] += often[j]
