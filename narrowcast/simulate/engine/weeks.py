"""A region's weeks: the only place where a campaign meets its people.

Written for a compiler: loops over people in chunks, no objects. Each week, for each chunk: draw contacts, let them
be noticed, let stocks decay and grow, let people come and buy. The formulas stand in docs/model.md; tests hold them
against closed forms.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import SLOTS
from narrowcast.simulate.engine.chance import fill, poisson, share
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.contacts import meet, still_of
from narrowcast.simulate.engine.meeting import NEVER_CLICKED, engage
from narrowcast.simulate.engine.shop import ending, look
from narrowcast.simulate.engine.small import CHUNK, FIRST_CLICK, chance_of, match, note, odds, tell_on

__all__ = ["live"]

U = np.uint64
_WEEK, _CONTACT = U(SLOTS["week"]), U(SLOTS["contact"])

_WARM = 4
"""Weeks for which a visitor is still interested."""

_SELDOM = 1e-3
"""Where fewer are expected to drop out within a week, the week's orders are reckoned without it."""

_NOTHING = np.float32(1e-6)
"""A stock below this is forgotten: numbers near the smallest are slow."""

_TOLD = 11


@compiled
def _lay_out(people: Any, flights: Any, rules: Any, base: Any, laid: Any) -> None:
    """Fill in how each flight's message speaks to each person whom it can meet: match, odds to notice, to click."""
    # In single precision, as it is kept: that is several times as quick.
    breadth, attention = np.float32(rules[0].breadth), np.float32(rules[0].attention)
    for f in range(flights.size):
        aim_x, aim_y = np.float32(flights[f].aim_x), np.float32(flights[f].aim_y)
        notice = np.float32(flights[f].notice)
        click, fitting = np.float32(flights[f].click), np.float32(flights[f].click_match)
        passed_on, answers = flights[f].pending >= 0, flights[f].click > NEVER_CLICKED
        for i in range(people.size):
            if base[f, i] > 0.0 or passed_on:
                near = match(people[i].x, people[i].y, aim_x, aim_y, breadth)
                laid[f, i, 0] = near
                laid[f, i, 1] = odds(notice + attention * near)
                if answers:
                    laid[f, i, 2] = odds(click + fitting * (near - np.float32(0.5)))


@compiled
def _throttle(flights: Any, levels: Any, laid: Any, base: Any) -> None:
    """Show an advertisement that is paid by the click only as often as a week's money lasts, on average.

    Its first level comes as the week's share of the money and goes as the share of the searches it is shown in.
    """
    for f in range(flights.size):
        if flights[f].money <= 0.0:
            continue
        promised = 0.0
        for i in range(base.shape[1]):
            if base[f, i] > 0.0:
                p, q = laid[f, i, 1], laid[f, i, 2]
                promised += base[f, i] * p / (1.0 + p) * q / (1.0 + q)
        for w in range(levels.shape[2]):
            money, cost = (
                flights[f].money * levels[0, f, w],
                promised * levels[1, f, w] * flights[f].click_cost,
            )
            levels[0, f, w] = min(1.0, money / cost) if cost > 0.0 else (1.0 if money > 0.0 else 0.0)


@compiled
def _pull(
    w: Any, begin: Any, end: Any, channels: Any, hot: Any, stock: Any, pull: Any, best: Any, leader: Any, whole: Any,
    warm: Any,
) -> None:  # fmt: skip
    """Fill in the pull of all channels on a chunk of people, and the flight that moves each most (-1 for none)."""
    size = end - begin
    pull[:] = 0.0
    best[:] = 0.0
    leader[:] = -1
    for at in range(size):
        came = hot[begin + at].came
        warm[at] = came >= 0 and w - came <= _WARM
    for c in range(channels.size):
        whole[:] = 0.0
        for f in range(channels[c].begin, channels[c].end):
            for at in range(size):
                now = stock[f, begin + at]
                whole[at] += now
                if now > best[at]:
                    best[at] = now
                    leader[at] = f
        s, half, strong = (
            channels[c].exponent,
            np.float32(channels[c].half),
            np.float32(channels[c].persuasion),
        )
        if s == 1.0:
            for at in range(size):
                whole[at] = strong * whole[at] / (whole[at] + half)
        else:
            for at in range(size):
                if whole[at] > 0.0:
                    raised = (whole[at] / half) ** s
                    whole[at] = strong * raised / (raised + 1.0)
        if channels[c].warm != 1.0:
            more = np.float32(channels[c].warm - 1.0)
            for at in range(size):
                whole[at] += whole[at] * more * warm[at]
        for at in range(size):
            pull[at] += whole[at]


@compiled
def _decay(begin: Any, end: Any, channels: Any, stock: Any) -> None:
    """Let a week's forgetting pass over a chunk of people."""
    for c in range(channels.size):
        kept = channels[c].retention
        for f in range(channels[c].begin, channels[c].end):
            for i in range(begin, end):
                now = stock[f, i] * kept
                stock[f, i] = now if now > _NOTHING else np.float32(0.0)


@njit(inline="always")
def _hazard(rest: Any, alive: Any, pull: Any, winback: Any) -> Any:
    """Return the mean visits in a week of a person who comes `rest` times at rest.

    Pull multiplies the odds of coming at all, e**h - 1, by exp(pull): the rate itself where it is small. Of those who
    have dropped out it wakes a share of what it adds.
    """
    if pull == 0.0:
        return np.float64(rest) if alive == 1 else 0.0
    pulled = np.float64(np.log1p(np.expm1(rest) * np.exp(np.float32(pull))))
    return pulled if alive == 1 else winback * max(pulled - rest, 0.0)


@njit(inline="always")
def _until_gone(orders: Any, ends: Any, clicked: Any) -> Any:
    """Return a week's mean orders when each may be the last: of `orders` by themselves after `clicked` from clicks.

    With chance p that an order is the last, a Poisson stream of mean m is worth (1 - exp(-m p)) / p orders.
    """
    if ends <= 0.0:
        return orders
    return (1.0 - np.exp(-orders * ends)) / ends * (1.0 - min(ends * clicked, 1.0))


@compiled
def _shop(
    w: Any, begin: Any, end: Any, words: Any, totals: Any, clicked: Any, promised: Any, people: Any, ties: Any,
    flights: Any, rules: Any, segments: Any, spend: Any, season: Any, hot: Any, state: Any, stock: Any, pulls: Any,
    leaders: Any, reached: Any, saw: Any, shared: Any, results: Any, watched: Any, trace_week: Any, trace_flight: Any,
) -> None:  # fmt: skip
    """Let a chunk of people hear of the brand, come and buy."""
    m, r, heard, busy = flights.size, rules[0], shared.shape[1] - 1, np.float32(season[w])
    bargains = False
    for f in range(m):
        bargains = bargains or flights[f].special == 1 or flights[f].incentive > 0.0
    weekly, fsums, expected, events, seen = results[1], results[2], results[3], results[4], results[5]
    counted, first = results[6], results[7]
    for i in range(begin, end):
        at = i - begin
        pull, leader = pulls[at], leaders[at]
        told, spread = shared[0, heard, i], 0.0
        if told > 0 or hot[i].word > 0.0:
            hot[i].word = r.word_kept * hot[i].word + told
            suits = match(people[i].x, people[i].y, 0.0, 0.0, r.breadth)
            spread = r.word * suits * hot[i].word / (hot[i].word + 1.0)
            if told > 0:
                counted[i, 7] += told
                weekly[w, 7] += told
                note(events, seen, i, w, _TOLD, -1, told, 0)
        if totals[at] > 0:
            counted[i, 0] += totals[at]
            weekly[w, 0] += totals[at]
            if reached[at] > 0 and first[i, 0] < 0:  # whose letter came back was not reached
                first[i, 0] = w
            if saw[at] > 0:
                counted[i, 1] += saw[at]
                weekly[w, 1] += saw[at]
                if first[i, 1] < 0:
                    first[i, 1] = w
        alive = hot[i].alive
        hazard = _hazard(hot[i].rate * busy, alive, pull + spread, r.winback)
        chance = chance_of(people[i], leader, flights, r) if bargains else np.float64(hot[i].conversion)
        hope = hazard * chance
        if alive == 1 and hope * hot[i].dropout > _SELDOM:
            hope = _until_gone(hope, ending(i, people, hot, r), promised[0, at])
        if hope > 0.0 or promised[0, at] > 0.0:
            s = hot[i].segment
            off = flights[leader].incentive if bargains and leader >= 0 else 0.0
            expected[s, 0] += hope + promised[0, at]
            expected[s, 1] += hot[i].worth * (hope * (segments[s].margin - off) + promised[1, at])
        if watched == i:
            line = trace_week[w]
            line.told, line.pull, line.word, line.hazard, line.chance = told, pull, spread, hazard, chance
            line.alive, line.leader, line.revenue = alive, leader, counted[i, 4]
            line.orders, line.visits, line.advocated = counted[i, 3], counted[i, 2], counted[i, 6]
            for f in range(m):
                trace_flight[w, f].stock = stock[f, i]
        kept = hot[i].cookie
        if kept >= 0 and share(words[m, 1, at]) < flights[kept].cookie_loss:
            hot[i].cookie = -1
        came = 0
        if clicked[m, at] > 0:
            for f in range(m):
                if clicked[f, at] > 0:
                    came += 1
                    fsums[w, f, 9] += 1
                    fsums[w, f, 10] += look(
                        i, w, FIRST_CLICK + np.int64(flights[f].slot), f, people, ties, flights, rules, segments, spend,
                        hot, state, counted, first, shared, weekly, fsums, events, seen,
                    )  # fmt: skip
        u = share(words[m, 0, at])
        if u > 1.0 - hazard:
            for v in range(min(poisson(u, hazard), FIRST_CLICK)):
                if alive == 1 and hot[i].alive == 0:
                    break
                came += 1
                look(
                    i, w, v, leader, people, ties, flights, rules, segments, spend, hot, state, counted, first,
                    shared, weekly, fsums, events, seen,
                )  # fmt: skip
        if came > 0:
            counted[i, 2] += came
            weekly[w, 2] += came
            if first[i, 2] < 0:
                first[i, 2] = w
        if watched == i:
            line = trace_week[w]
            line.revenue = counted[i, 4] - line.revenue
            line.orders = counted[i, 3] - line.orders
            line.visits = counted[i, 2] - line.visits
            line.advocated = counted[i, 6] - line.advocated
            line.clicks = clicked[m, at]


@compiled
def _heat(people: Any, segments: Any, hot: Any) -> None:
    """Fill in what is asked of everybody every week."""
    for i in range(people.size):
        hot[i].rate, hot[i].conversion, hot[i].dropout = (
            people[i].rate,
            people[i].conversion,
            people[i].dropout,
        )
        hot[i].worth = segments[people[i].segment].mean_spend * people[i].scale
        hot[i].segment, hot[i].alive = people[i].segment, people[i].alive
        hot[i].came, hot[i].cookie = -1, -1


@njit(nogil=True, cache=True)
def live(
    people: Any, ties: Any, flights: Any, channels: Any, rules: Any, segments: Any, spend: Any, season: Any,
    levels: Any, base: Any, hot: Any, results: Any, watched: Any, trace_week: Any, trace_flight: Any,
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
    hot
        `HOT`, shape (n,): room to work in.
    results
        Filled in.
    watched, trace_week, trace_flight
        Place of a person whose weeks are written down, -1 for nobody.
    """
    n, m, weeks = people.size, flights.size, season.size
    state = results[0]
    # Out of the records, once: a row taken out of a record is counted in and out each time.
    drowned = np.empty((m, 33))
    for f in range(m):
        drowned[f, :] = flights[f].drowned
    laid = np.zeros((m, n, 3), np.float32)
    _lay_out(people, flights, rules, base, laid)
    _throttle(flights, levels, laid, base)
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
    hits = np.zeros((m, CHUNK + 1, 2), np.int32)
    met = np.zeros(m, np.int64)
    totals, reached, saw = np.zeros(CHUNK, np.int32), np.zeros(CHUNK, np.int32), np.zeros(CHUNK, np.int32)
    still = np.zeros((m, n), np.uint32)
    clicked = np.zeros((m + 1, CHUNK), np.int32)
    promised, pulls, best, whole = (
        np.zeros((2, CHUNK)), np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32), np.zeros(CHUNK, np.float32)
    )  # fmt: skip
    leaders, warm = np.zeros(CHUNK, np.int64), np.zeros(CHUNK, np.float32)
    _heat(people, segments, hot)
    drawn = np.zeros(m, np.bool_)
    numbers = people.number.copy()
    k0, k1 = rules[0].k0, rules[0].k1
    for w in range(weeks):
        shared[0] = shared[1]
        shared[1] = 0
        for f in range(m):
            closed = flights[f].limited == 1 and flights[f].quota <= 0.0
            drawn[f] = (levels[0, f, w] > 0.0 or flights[f].pending >= 0) and not closed
            if w == 0 or levels[0, f, w] != levels[0, f, w - 1]:
                still_of(f, levels[0, f, w], base, still)
        for begin in range(0, n, CHUNK):
            end = min(n, begin + CHUNK)
            some = numbers[begin:end]
            for f in range(m):
                if drawn[f]:
                    fill(words[f], some, _CONTACT | (U(flights[f].slot) << U(8)), U(w), k0, k1)
            fill(words[m], some, _WEEK, U(w), k0, k1)
            meet(
                w, begin, end, words, hits, met, totals, base, levels, still, drawn, flights, hot, state, shared,
                served,
            )  # fmt: skip
            _decay(begin, end, channels, stock)
            engage(
                w, begin, words, hits, met, totals, reached, saw, clicked, promised, laid, drowned, levels, people,
                ties, flights, rules, segments, hot, state, stock, shared, results, watched, trace_flight,
            )  # fmt: skip
            _pull(w, begin, end, channels, hot, stock, pulls, best, leaders, whole, warm)
            _shop(
                w, begin, end, words, totals, clicked, promised, people, ties, flights, rules, segments, spend,
                season, hot, state, stock, pulls, leaders, reached, saw, shared, results, watched, trace_week,
                trace_flight,
            )  # fmt: skip
    for i in range(n):
        state[i].alive = hot[i].alive
