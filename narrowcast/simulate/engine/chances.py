"""A week's chances of a chunk of people: what pulls them, how often they come, what they are expected to buy.

Loops without branches over rows of single precision: a compiler works out eight people at a time. Few rows a loop,
for it must prove that those which are written are none of those which are read.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine import elementary
from narrowcast.simulate.engine.arrays import OWN
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.small import chance_of

__all__ = ["add_up", "expect", "hear", "meet_counts", "pull_of", "visits_of"]

F = np.float32

_CONVERSION, _DROPOUT, _WORTH, _GAIN = (
    OWN.index(name) for name in ("conversion", "dropout", "worth", "gain")
)
_SUITS, _WORD, _REST, _EASE, _ORDERS, _MARGIN = (
    OWN.index(name) for name in ("suits", "word", "rest", "ease", "orders", "margin")
)

_WARM = 4
"""Weeks for which a visitor is still interested."""

_NOTHING = F(1e-6)
"""A stock below this is forgotten: numbers near the smallest are slow."""

_FEW = F(1e-8)
"""Where fewer are expected to drop out within a week, the week's orders are the same without it."""


@compiled
def pull_of(
    w: Any, begin: Any, size: Any, channels: Any, came: Any, stock: Any, pull: Any, best: Any, leader: Any, whole: Any
) -> None:  # fmt: skip
    """Fill in the pull of all channels on a chunk of people, and the flight that moves each most (-1 for none).

    A week's forgetting passes over the stocks, once they have worked.
    """
    pull[:] = F(0.0)
    best[:] = F(0.0)
    leader[:] = -1
    visited = came[begin : begin + size]
    for c in range(channels.size):
        kept = channels[c].retention
        whole[:] = F(0.0)
        for f in range(channels[c].begin, channels[c].end):
            stocked, this = stock[f, begin : begin + size], np.int32(f)
            for at in range(size):
                now = stocked[at]
                leader[at] = this if now > best[at] else leader[at]
                best[at] = max(now, best[at])
                whole[at] += now
                after = now * kept
                stocked[at] = after if after > _NOTHING else F(0.0)
        s, half, strong = F(channels[c].exponent), F(channels[c].half), F(channels[c].persuasion)
        if s == F(1.0):
            for at in range(size):
                whole[at] = strong * whole[at] / (whole[at] + half)
        else:
            for at in range(size):
                raised = elementary.exp(s * elementary.log(max(whole[at] / half, _NOTHING)))
                whole[at] = strong * raised / (raised + F(1.0)) if whole[at] > F(0.0) else F(0.0)
        if channels[c].warm != 1.0:
            more = F(channels[c].warm - 1.0)
            for at in range(size):
                since = visited[at]
                whole[at] += whole[at] * more if since >= 0 and w - since <= _WARM else F(0.0)
        for at in range(size):
            pull[at] += whole[at]


@compiled
def hear(begin: Any, size: Any, rules: Any, told: Any, own: Any, spread: Any) -> Any:
    """Fill in the pull of friends' words on a chunk of people; return how many words came this week."""
    end = begin + size
    words, suits, heard = own[_WORD, begin:end], own[_SUITS, begin:end], told[begin:end]
    kept, strong, many = F(rules[0].word_kept), F(rules[0].word), 0
    for at in range(size):
        many += heard[at]
    for at in range(size):
        word = kept * words[at] + F(heard[at])
        words[at] = word if word > _NOTHING else F(0.0)
    for at in range(size):
        spread[at] = strong * suits[at] * words[at] / (words[at] + F(1.0))
    return many


@compiled
def visits_of(
    begin: Any, size: Any, rules: Any, own: Any, alive: Any, pull: Any, spread: Any, hazard: Any
) -> None:
    """Fill in the mean visits in a week of a chunk of people who come h0 times at rest.

    Pull P multiplies the odds of coming at all, e**h - 1, by exp(P): h = h0 + log(1 + (1 - e**-h0) (e**P - 1)). Of
    those who have dropped out it wakes a share of what it adds.
    """
    end, winback = begin + size, F(rules[0].winback)
    rest, ease, there = own[_REST, begin:end], own[_EASE, begin:end], alive[begin:end]
    for at in range(size):
        hazard[at] = elementary.expm1(pull[at] + spread[at])
    for at in range(size):
        hazard[at] = elementary.log1p(ease[at] * hazard[at])
    for at in range(size):
        more = hazard[at]
        hazard[at] = rest[at] + more if there[at] == 1 else winback * max(more, F(0.0))


@njit(inline="always")
def _ordered(
    begin: Any, size: Any, bargains: Any, leader: Any, people: Any, flights: Any, rules: Any, own: Any, chance: Any,
    off: Any,
) -> None:  # fmt: skip
    """Fill in the chance that a visit becomes an order, and what share of the price the offer takes off."""
    conversion = own[_CONVERSION, begin : begin + size]
    off[:] = F(0.0)
    for at in range(size):
        chance[at] = conversion[at]
    if not bargains:
        return
    for at in range(size):
        f = leader[at]
        if f >= 0 and (flights[f].special == 1 or flights[f].incentive > 0.0):
            chance[at] = chance_of(people[begin + at], f, flights, rules[0])
            off[at] = flights[f].incentive


@compiled
def expect(
    begin: Any, size: Any, bargains: Any, leader: Any, people: Any, flights: Any, rules: Any, own: Any, alive: Any,
    sponsor: Any, hazard: Any, promised: Any, chance: Any, off: Any, hope: Any, ends: Any,
) -> None:  # fmt: skip
    """Fill in the orders that a week's chances promise beside those after clicks; add up both, and their margin.

    Each order may be the last: with chance p that it is, a Poisson stream of mean m is worth (1 - exp(-m p)) / p
    orders, and less after clicks that may have been the last before.
    """
    bond, end = F(rules[0].bond - 1.0), begin + size
    dropout, orders, margin = own[_DROPOUT, begin:end], own[_ORDERS, begin:end], own[_MARGIN, begin:end]
    worth, gain = own[_WORTH, begin:end], own[_GAIN, begin:end]
    there, brought = alive[begin:end], sponsor[begin:end]
    clicks, clicks_margin = promised[0], promised[1]
    _ordered(begin, size, bargains, leader, people, flights, rules, own, chance, off)
    for at in range(size):  # who was brought by somebody who is there still drops out less
        ends[at] = dropout[at] * (F(1.0) + bond * F(alive[brought[at]]))
    for at in range(size):
        hope[at] = hazard[at] * chance[at]
    for at in range(size):
        last, most = ends[at], hope[at] * ends[at]
        fewer = -elementary.expm1(-max(most, _FEW)) / max(last, _FEW)
        fewer = fewer if most > _FEW else hope[at]
        hope[at] = fewer * (F(1.0) - min(last * clicks[at], F(1.0))) if there[at] == 1 else hope[at]
    for at in range(size):
        orders[at] += hope[at] + clicks[at]
    for at in range(size):
        margin[at] += hope[at] * (gain[at] - worth[at] * off[at]) + clicks_margin[at]


@compiled
def meet_counts(
    w: Any, begin: Any, size: Any, totals: Any, reached: Any, saw: Any, met: Any, first: Any, weekly: Any
) -> None:
    """Count a week's contacts of a chunk of people, and what they noticed."""
    contacts, noticed, now = 0, 0, np.int8(w)
    for at in range(size):
        contacts += totals[at]
        noticed += saw[at]
    if contacts == 0:
        return
    end = begin + size
    met_by, noticed_by = met[0, begin:end], met[1, begin:end]
    met_first, noticed_first = first[0, begin:end], first[1, begin:end]
    for at in range(size):
        met_by[at] += np.uint32(totals[at])
    for at in range(size):
        noticed_by[at] += np.uint32(saw[at])
    for at in range(size):  # whose letter came back was not reached
        met_first[at] = now if met_first[at] < 0 and reached[at] > 0 else met_first[at]
    for at in range(size):
        noticed_first[at] = now if noticed_first[at] < 0 and saw[at] > 0 else noticed_first[at]
    weekly[w, 0] += contacts
    weekly[w, 1] += noticed


@compiled
def add_up(people: Any, own: Any, expected: Any) -> None:
    """Add up by segment what the chances have promised over all weeks."""
    for i in range(people.size):
        s = people[i].segment
        expected[s, 0] += own[_ORDERS, i]
        expected[s, 1] += own[_MARGIN, i]
