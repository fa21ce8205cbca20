"""A person in the shop: looks, buys, is credited to somebody, stays or leaves, and speaks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import OWN, SLOTS
from narrowcast.simulate.engine.chance import fill_each, philox, poisson, share
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.meeting import hand_on
from narrowcast.simulate.engine.small import FIRST_CLICK, chance_of, match, note, sigmoid, tell

__all__ = ["VISITS", "count_words", "forget_cookies", "shop"]

U = np.uint64
_VISIT, _SHARER = U(SLOTS["visit"]), U(SLOTS["sharer"])
_LOOKED, _ORDERED, _SHARED, _TOLD = 8, 9, 10, 11
_CONVERSION, _DROPOUT = OWN.index("conversion"), OWN.index("dropout")

VISITS = 512
"""Visits whose words are drawn at once."""


@compiled
def _credit(
    i: Any, w: Any, revenue: Any, people: Any, flights: Any, rules: Any, cookie: Any, state: Any, orders: Any,
    shared: Any, fsums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Credit an order to the flight whose code or cookie the buyer holds, or to a code that is their own."""
    f = np.int64(cookie[i])
    if f >= 0 and w - state[i].cookie_week <= flights[f].cookie_weeks:
        if people[i].stranger == 1 and orders == 1:
            fsums[w, f, 18] += 1
    else:
        f = np.int64(-1)
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
                    f = np.int64(r)
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
    i: Any, w: Any, f: Any, luck: Any, people: Any, ties: Any, flights: Any, rules: Any, acts: Any, first: Any,
    shared: Any, weekly: Any, fsums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Let a buyer speak for the brand of their own accord, and hand on what the plan gives them to hand on."""
    r = rules[0]
    ox, oy = 0.0, 0.0
    if f >= 0:
        ox, oy = flights[f].offer_x, flights[f].offer_y
    suits = match(people[i].x, people[i].y, ox, oy, r.breadth)
    if share(luck) < sigmoid(r.advocate + r.advocate_match * suits):
        acts[2, i] += 1
        weekly[w, 6] += 1
        if first[4, i] < 0:
            first[4, i] = w
        reached = tell(i, w, U(0), 1.0, people, ties, r.k0, r.k1, shared[1, shared.shape[1] - 1])
        note(events, seen, i, w, _SHARED, -1, reached, 0)
    for g in range(flights.size):
        if flights[g].sharing == 1 and shared[2, flights[g].pending, i] <= 0:
            word = philox(U(people[i].number), _SHARER | (flights[g].slot << U(8)), U(w), U(2), r.k0, r.k1)[0]
            if share(word) < sigmoid(flights[g].share + r.advocate_match * (suits - 0.5)):
                shared[2, flights[g].pending, i] = -1  # holds a code from now on
                hand_on(i, w, g, people, ties, flights, rules, shared, fsums[w, g], events, seen)


@njit(inline="always")
def _buy(
    i: Any, w: Any, f: Any, b: Any, c: Any, d: Any, people: Any, ties: Any, flights: Any, rules: Any, segments: Any,
    spend: Any, own: Any, alive: Any, sponsor: Any, cookie: Any, state: Any, acts: Any, money: Any, first: Any,
    shared: Any, weekly: Any, fsums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Let a person order what a visit showed them; `b`, `c` and `d` are words of the visit."""
    s = people[i].segment
    grid = spend.shape[1]
    amount = spend[s, min(int(share(b) * grid), grid - 1)] * people[i].scale
    price = max(np.rint(amount / segments[s].step), 1.0) * segments[s].step
    off = np.rint(price * flights[f].incentive) if f >= 0 else 0.0
    revenue, margin = np.int64(price - off), np.int64(np.rint(price * segments[s].margin) - off)
    acts[1, i] += 1
    money[0, i] += revenue
    money[1, i] += margin
    weekly[w, 3] += 1
    weekly[w, 4] += revenue
    weekly[w, 5] += margin
    if first[3, i] < 0:
        first[3, i] = w
    _credit(i, w, revenue, people, flights, rules, cookie, state, acts[1, i], shared, fsums, events, seen)
    # Less while who brought them is there.
    last = own[_DROPOUT, i] * (1.0 + (rules[0].bond - 1.0) * alive[sponsor[i]])
    alive[i] = 0 if share(c) < last else 1
    _speak(i, w, f, d, people, ties, flights, rules, acts, first, shared, weekly, fsums, events, seen)


@compiled
def _visit(
    w: Any, many: Any, who: Any, what: Any, numbers: Any, indices: Any, words: Any, awake: Any, begin: Any,
    people: Any, ties: Any, flights: Any, rules: Any, segments: Any, spend: Any, own: Any, alive: Any, sponsor: Any,
    came: Any, cookie: Any, state: Any, acts: Any, money: Any, first: Any, shared: Any, weekly: Any, fsums: Any,
    events: Any, seen: Any,
) -> None:  # fmt: skip
    """Let listed visits take place, one after the other."""
    fill_each(words, numbers, indices, many, _VISIT, U(w), rules[0].k0, rules[0].k1)
    for j in range(many):
        i, f, index = who[j], what[j], indices[j]
        sent = index >= FIRST_CLICK
        if not sent and alive[i] == 0 and awake[i - begin] == 1:
            continue  # their last order was an earlier one of this week
        acts[0, i] += 1
        weekly[w, 2] += 1
        if first[2, i] < 0:
            first[2, i] = w
        came[i] = w
        if sent:
            fsums[w, f, 9] += 1
        note(events, seen, i, w, _LOOKED, f if sent else -1, 1, 0)
        chance = np.float64(own[_CONVERSION, i])
        if f >= 0 and (flights[f].special == 1 or flights[f].incentive > 0.0):
            chance = chance_of(people[i], f, flights, rules[0])
        if share(words[0, j]) < chance:
            if sent:
                fsums[w, f, 10] += 1
            _buy(
                i, w, f, words[1, j], words[2, j], words[3, j], people, ties, flights, rules, segments, spend, own,
                alive, sponsor, cookie, state, acts, money, first, shared, weekly, fsums, events, seen,
            )  # fmt: skip


@compiled
def shop(
    w: Any, begin: Any, size: Any, words: Any, clicked: Any, leader: Any, hazard: Any, comers: Any, who: Any,
    what: Any, numbers: Any, indices: Any, drawn: Any, awake: Any, people: Any, ties: Any, flights: Any, rules: Any,
    segments: Any, spend: Any, own: Any, alive: Any, sponsor: Any, came: Any, cookie: Any, state: Any, acts: Any,
    money: Any, first: Any, shared: Any, weekly: Any, fsums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Let a chunk of people come and buy.

    `comers`, `who`, `what`, `numbers`, `indices`, `drawn` and `awake` are room to work in.
    """
    m, some, many = flights.size, U(0), 0
    there, word, clicks = alive[begin : begin + size], words[m, 0], clicked[m]
    for at in range(size):
        awake[at] = there[at]
    for at in range(size):  # without a branch; nobody comes below exp(-h), which is at least 1 - h
        comers[some] = at
        some += U((share(word[at]) > 1.0 - np.float64(hazard[at])) | (clicks[at] > 0))
    for j in range(some):
        at = comers[j]
        i = begin + at
        if many + FIRST_CLICK + m > VISITS:
            _visit(
                w, many, who, what, numbers, indices, drawn, awake, begin, people, ties, flights, rules, segments,
                spend, own, alive, sponsor, came, cookie, state, acts, money, first, shared, weekly, fsums, events,
                seen,
            )  # fmt: skip
            many = 0
        if clicked[m, at] > 0:
            for f in range(m):
                if clicked[f, at] > 0:
                    who[many], what[many], numbers[many] = i, f, people[i].number
                    indices[many] = FIRST_CLICK + np.int64(flights[f].slot)
                    many += 1
        visits = poisson(share(words[m, 0, at]), np.float64(hazard[at]))
        for v in range(min(visits, FIRST_CLICK)):
            who[many], what[many], numbers[many], indices[many] = i, leader[at], people[i].number, v
            many += 1
    _visit(
        w, many, who, what, numbers, indices, drawn, awake, begin, people, ties, flights, rules, segments, spend, own,
        alive, sponsor, came, cookie, state, acts, money, first, shared, weekly, fsums, events, seen,
    )  # fmt: skip


@compiled
def count_words(
    w: Any, begin: Any, size: Any, told: Any, acts: Any, weekly: Any, events: Any, seen: Any
) -> None:
    """Count what a chunk of people was told by friends."""
    for i in range(begin, begin + size):
        if told[i] > 0:
            acts[3, i] += told[i]
            weekly[w, 7] += told[i]
            note(events, seen, i, w, _TOLD, -1, told[i], 0)


@compiled
def forget_cookies(begin: Any, size: Any, words: Any, flights: Any, cookie: Any) -> None:
    """Let cookies of a chunk of people be lost."""
    m = flights.size
    for at in range(size):
        kept = cookie[begin + at]
        if kept >= 0 and share(words[m, 1, at]) < flights[kept].cookie_loss:
            cookie[begin + at] = -1
