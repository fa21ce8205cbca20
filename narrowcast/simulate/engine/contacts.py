"""Whom a week's contacts meet: what falls on people by chance, what is sent to them, what friends pass on."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.chance import poisson, sends, share, walk_poisson
from narrowcast.simulate.engine.compiled import compiled

__all__ = ["meet", "still_of"]


@njit(inline="always")
def _send(i: Any, w: Any, f: Any, u: Any, mean: Any, flights: Any, hot: Any, state: Any, served: Any) -> Any:
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
            since = hot[i].came
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
    for i in range(base.shape[1]):
        still[f, i] = np.uint32(min(np.exp(-np.float64(base[f, i]) * level) * 4294967296.0, 4294967295.0))


@njit(inline="always")
def _fall(f: Any, begin: Any, size: Any, words: Any, level: Any, base: Any, still: Any, hits: Any) -> Any:
    """List the chunk's people with a contact that falls by chance; return how many they are."""
    many = 0
    for at in range(size):  # without a branch: whom it hits cannot be foreseen
        hits[f, many, 0] = at
        many += words[f, 0, at] > still[f, begin + at]
    for j in range(many):
        at = hits[f, j, 0]
        u, mean = share(words[f, 0, at]), base[f, begin + at] * level
        none = still[f, begin + at] * 2.0**-32
        # P(0) is at hand, but cut to 32 bits: good enough where it is not small.
        hits[f, j, 1] = walk_poisson(u, mean, none) if none > 1e-3 else poisson(u, mean)
    return many


@njit(inline="always")
def _schedule(
    w: Any, f: Any, begin: Any, size: Any, words: Any, level: Any, base: Any, hits: Any, flights: Any, hot: Any,
    state: Any, served: Any,
) -> Any:  # fmt: skip
    """List the chunk's people who are written to or called; return how many they are."""
    some, many, waits = 0, 0, flights[f].after > 0
    for at in range(size):
        hits[f, some, 0] = at
        mean = base[f, begin + at] * level
        some += (waits and mean > 0.0) or mean >= 1.0 or share(words[f, 0, at]) < mean
    for j in range(some):
        at = hits[f, j, 0]
        u = share(words[f, 0, at])
        k = _send(begin + at, w, f, u, base[f, begin + at] * level, flights, hot, state, served)
        hits[f, many, 0] = at
        hits[f, many, 1] = k
        many += k > 0
    return many


@compiled
def meet(
    w: Any, begin: Any, end: Any, words: Any, hits: Any, met: Any, totals: Any, base: Any, levels: Any, still: Any,
    drawn: Any, flights: Any, hot: Any, state: Any, shared: Any, served: Any,
) -> None:  # fmt: skip
    """Draw a week's contacts of a chunk of people.

    Filled in: `hits` (flights, chunk, 2), who is met and how often; `met` (flights,), how many people are;
    `totals` (chunk,), the contacts of each person.
    """
    totals[:] = 0
    for f in range(flights.size):
        met[f] = 0
        if not drawn[f]:
            continue
        level, row, many = levels[0, f, w], flights[f].pending, 0
        if flights[f].sent == 0 and row < 0 and flights[f].after == 0:
            many = _fall(f, begin, end - begin, words, level, base, still, hits)
        elif flights[f].sent == 1 or flights[f].after > 0:
            many = _schedule(w, f, begin, end - begin, words, level, base, hits, flights, hot, state, served)
        else:
            for i in range(begin, end):
                mean = base[f, i] * level
                k = shared[0, row, i] + (poisson(share(words[f, 0, i - begin]), mean) if mean > 0.0 else 0)
                hits[f, many, 0] = i - begin
                hits[f, many, 1] = k
                many += k > 0
        met[f] = many
        for j in range(many):
            totals[hits[f, j, 0]] += hits[f, j, 1]
