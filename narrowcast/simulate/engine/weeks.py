"""A region's weeks: the only place where a campaign meets its people.

Written for a compiler: loops over people in chunks, no objects. Each week, for each chunk: draw contacts, let them
be noticed, let stocks decay and grow, let people come and buy. The formulas stand in docs/model.md; tests hold them
against closed forms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import OWN, SLOTS
from narrowcast.simulate.engine.chance import fill
from narrowcast.simulate.engine.chances import add_up, expect, hear, meet_counts, pull_of, visits_of
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.contacts import meet, still_of
from narrowcast.simulate.engine.meeting import engage
from narrowcast.simulate.engine.prepare import know, lay_out, rest_of, throttle
from narrowcast.simulate.engine.shop import VISITS, count_words, forget_cookies, shop
from narrowcast.simulate.engine.small import CHUNK, tell_on

__all__ = ["live"]

U = np.uint64
_WEEK, _CONTACT = U(SLOTS["week"]), U(SLOTS["contact"])
_ROWS = len(OWN)


@compiled
def _watch(
    w: Any, begin: Any, i: Any, told: Any, pulls: Any, spread: Any, hazard: Any, chance: Any, leaders: Any,
    clicked: Any, alive: Any, trace_week: Any,
) -> None:  # fmt: skip
    """Write down what was worked out of a person's week."""
    at, line = i - begin, trace_week[w]
    line.told, line.pull, line.word = told[i], pulls[at], spread[at]
    line.hazard, line.chance, line.leader = hazard[at], chance[at], leaders[at]
    line.alive, line.clicks = alive[i], clicked[clicked.shape[0] - 1, at]
    line.visits, line.orders, line.advocated, line.revenue = 0.0, 0.0, 0.0, 0.0


@compiled
def _done(i: Any, acts: Any, money: Any, line: Any) -> None:
    """Write down what a person has done so far less what is written there: called twice, what they did between."""
    line.visits = acts[0, i] - line.visits
    line.orders = acts[1, i] - line.orders
    line.advocated = acts[2, i] - line.advocated
    line.revenue = money[0, i] - line.revenue


@njit(nogil=True, cache=True, error_model="numpy")
def live(
    people: Any, ties: Any, flights: Any, channels: Any, rules: Any, segments: Any, spend: Any, season: Any,
    levels: Any, base: Any, results: Any, watched: Any, trace_week: Any, trace_flight: Any,
) -> None:  # fmt: skip
    """Let a region's weeks pass.

    Parameters
    ----------
    people, ties, flights, channels, rules, segments
        Arrays of `PERSON`, `TIE`, `FLIGHT`, `CHANNEL`, `RULES` (one) and `SEGMENT`. `flights` and `levels` are used up.
    spend
        Shape (segments, grid): quantiles of the gamma spend.
    season
        Shape (weeks,): factor on the visits.
    levels
        Shape (2, flights, weeks): factors on the mean contacts and on the chance to be noticed.
    base
        float32, shape (flights, n): mean contacts (or sends) a week at a level of 1; 0 for whom a flight cannot meet.
        Of what buyers pass on: above 0 for who is given it.
    results
        Filled in.
    watched, trace_week, trace_flight
        Place of a person whose weeks are written down, -1 for nobody.
    """
    n, m, weeks = people.size, flights.size, season.size
    state, weekly, fsums, expected, events, seen, met_by, acts, money, first = results
    # Out of the records, once: a row taken out of a record is counted in and out each time.
    drowned = np.empty((m, 33), np.float32)
    for f in range(m):
        drowned[f, :] = flights[f].drowned
    own = np.empty((_ROWS, n), np.float32)
    alive, came, cookie = np.empty(n + 1, np.uint8), np.empty(n, np.int16), np.empty(n, np.int16)
    know(people, segments, rules, own, alive, came, cookie)
    sponsor = np.empty(n, np.uint32)  # a purchased file may hold many times a region's customers
    for i in range(n):
        sponsor[i] = people[i].sponsor if people[i].sponsor >= 0 else n
    laid = np.empty((3, m, n), np.float32)
    lay_out(flights, rules, own, laid)
    throttle(flights, levels, laid, base)
    # Arrived, next week's, passed on already; by flight that is passed on, and in the last row friends' own words.
    shared = np.zeros((3, tell_on(flights) + 1, n), np.int32)
    for f in range(m):
        if flights[f].sharing == 1:  # who was given nothing has nothing to pass on
            for i in range(n):
                shared[2, flights[f].pending, i] = base[f, i] <= 0.0
    waiting = max(0, flights.trigger.max()) + 1 if m > 0 else 1
    served = np.full((waiting, n), np.int16(-1), np.int16)
    stock = np.zeros((m, n), np.float32)
    words = np.empty((m + 1, 4, CHUNK), np.uint32)
    met_people, times = np.zeros((m, CHUNK + 1), np.uint16), np.zeros((m, CHUNK + 1), np.int32)
    met = np.zeros(m, np.uint64)
    totals, reached, saw = np.zeros(CHUNK, np.int32), np.zeros(CHUNK, np.int32), np.zeros(CHUNK, np.int32)
    still = np.zeros((m, n), np.uint32)
    clicked, promised = np.zeros((m + 1, CHUNK), np.int32), np.zeros((2, CHUNK), np.float32)
    pulls, best, whole, spread, hazard, chance, off, hope, ends = (
        np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32),
        np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32),
        np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32),
    )  # fmt: skip
    leaders, comers, awake = (
        np.zeros(CHUNK, np.int32), np.zeros(CHUNK + 1, np.uint16), np.zeros(CHUNK, np.uint8)
    )  # fmt: skip
    who, what = np.zeros(VISITS, np.int32), np.zeros(VISITS, np.int32)
    visitors, indices, visit_words = (
        np.zeros(VISITS, np.uint32), np.zeros(VISITS, np.int64), np.empty((4, VISITS), np.uint32)
    )  # fmt: skip
    drawn, bargains = np.zeros(m, np.bool_), False
    for f in range(m):
        bargains = bargains or flights[f].special == 1 or flights[f].incentive > 0.0
    numbers = people.number.copy()
    k0, k1 = rules[0].k0, rules[0].k1
    for w in range(weeks):
        shared[0] = shared[1]
        shared[1] = 0
        told = shared[0, shared.shape[1] - 1]
        if w == 0 or season[w] != season[w - 1]:
            rest_of(season[w], own)
        for f in range(m):
            closed = flights[f].limited == 1 and flights[f].quota <= 0.0
            drawn[f] = (levels[0, f, w] > 0.0 or flights[f].pending >= 0) and not closed
            if w == 0 or levels[0, f, w] != levels[0, f, w - 1]:
                still_of(f, levels[0, f, w], base, still)
        for begin in range(0, n, CHUNK):
            end = min(n, begin + CHUNK)
            size, some = end - begin, numbers[begin:end]
            for f in range(m):
                if drawn[f]:
                    fill(words[f], some, _CONTACT | (U(flights[f].slot) << U(8)), U(w), k0, k1)
            fill(words[m], some, _WEEK, U(w), k0, k1)
            meet(
                w, begin, end, words, met_people, times, met, totals, base, levels, still, drawn, flights, came, state,
                shared, served,
            )  # fmt: skip
            engage(
                w, begin, words, met_people, times, met, totals, reached, saw, clicked, promised, laid, drowned, levels,
                people, ties, flights, rules, own, cookie, state, stock, shared, fsums, events, seen, watched,
                trace_flight,
            )  # fmt: skip
            here = begin <= watched < end
            if here:
                for f in range(m):
                    trace_flight[w, f].stock = stock[f, watched]
            pull_of(w, begin, size, channels, came, stock, pulls, best, leaders, whole)
            if hear(begin, size, rules, told, own, spread) > 0:
                count_words(w, begin, size, told, acts, weekly, events, seen)
            meet_counts(w, begin, size, totals, reached, saw, met_by, first, weekly)
            visits_of(begin, size, rules, own, alive, pulls, spread, hazard)
            expect(
                begin, size, bargains, leaders, people, flights, rules, own, alive, sponsor, hazard, promised, chance,
                off, hope, ends,
            )  # fmt: skip
            forget_cookies(begin, size, words, flights, cookie)
            if here:
                _watch(
                    w, begin, watched, told, pulls, spread, hazard, chance, leaders, clicked, alive, trace_week
                )  # fmt: skip
                _done(watched, acts, money, trace_week[w])
            shop(
                w, begin, size, words, clicked, leaders, hazard, comers, who, what, visitors, indices, visit_words,
                awake, people, ties, flights, rules, segments, spend, own, alive, sponsor, came, cookie, state, acts,
                money, first, shared, weekly, fsums, events, seen,
            )  # fmt: skip
            if here:
                _done(watched, acts, money, trace_week[w])
    add_up(people, own, expected)
    for i in range(n):
        state[i].alive = alive[i]
