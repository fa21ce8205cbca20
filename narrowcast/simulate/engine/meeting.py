"""A contact and a person: delivered, noticed, clicked, tired of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import SLOTS
from narrowcast.simulate.engine.chance import binomial, philox, share
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.small import chance_of, note, sigmoid, tell

__all__ = ["NEVER_CLICKED", "engage", "hand_on"]

U = np.uint64
_SHARER, _DELIVERY = U(SLOTS["sharer"]), U(SLOTS["delivery"])
_CONTACT, _BOUNCE, _OPEN, _MACHINE, _CLICK, _LEAD, _LEAVE, _COMPLAIN = range(8)
_SHARE = 10
NEVER_CLICKED = -40.0
"""Logits of a click from here down are of media that have nothing to click."""


@compiled
def hand_on(
    i: Any, w: Any, f: Any, people: Any, ties: Any, flights: Any, rules: Any, shared: Any, sums: Any, events: Any,
    seen: Any,
) -> None:  # fmt: skip
    """Let a person pass a flight on to friends, who meet it next week."""
    slot, row = U(1) + flights[f].slot, flights[f].pending
    if flights[f].limited == 1:
        most = flights[f].share_cost * (people[i].end - people[i].begin)
        if flights[f].quota <= most:
            return
    reached = tell(i, w, slot, flights[f].pass_on, people, ties, rules[0].k0, rules[0].k1, shared[1, row])
    flights[f].quota -= flights[f].share_cost * reached
    sums[13] += 1
    sums[14] += reached
    note(events, seen, i, w, _SHARE, f, reached, 0)


@njit(inline="always")
def _weary(
    i: Any, w: Any, f: Any, got: Any, noticed: Any, near: Any, leave: Any, complain: Any, machine: Any, people: Any,
    flights: Any, forgets: Any, state: Any, sums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Let a person who was written to or called grow tired, leave the list or complain."""
    tired, gap = state[i].fatigue, w - state[i].tired_week
    if gap > 0:
        tired *= np.exp(np.float32(gap) * forgets)
    state[i].fatigue = tired + got
    state[i].tired_week = w
    logit = flights[f].leave + flights[f].leave_fatigue * tired - flights[f].leave_match * (near - 0.5)
    chance = sigmoid(logit)
    if got > 1:
        chance = 1.0 - (1.0 - chance) ** got
    if share(leave) < chance:
        state[i].gone |= flights[f].address
        sums[7] += 1
        note(events, seen, i, w, _LEAVE, f, 1, 0)
    if people[i].agreed & flights[f].address == 0:
        sums[17] += got
        complaints = binomial(share(complain), got, flights[f].complaint)
        if complaints > 0:
            sums[8] += complaints
            note(events, seen, i, w, _COMPLAIN, f, complaints, 0)
    if flights[f].machine > 0.0 and got > noticed:
        opened = binomial(share(machine), got - noticed, flights[f].machine)
        if opened > 0:
            sums[4] += opened
            note(events, seen, i, w, _MACHINE, f, opened, 0)


@njit(inline="always")
def _followed(
    i: Any,
    w: Any,
    f: Any,
    clicks: Any,
    luck: Any,
    flights: Any,
    state: Any,
    sums: Any,
    events: Any,
    seen: Any,
) -> None:
    """Remember a click: cookie, landing page."""
    sums[5] += clicks
    state[i].clicked = w
    state[i].cookie_week = w
    note(events, seen, i, w, _CLICK, f, clicks, 0)
    if flights[f].lead > 0.0 and share(luck) < flights[f].lead:
        sums[6] += 1
        state[i].left_number = w
        note(events, seen, i, w, _LEAD, f, 1, 0)


@njit(inline="always")
def _deliver(
    i: Any, w: Any, f: Any, k: Any, soft: Any, people: Any, flights: Any, sums: Any, events: Any, seen: Any
) -> Any:
    """Return how many sends arrive."""
    got = 0
    if people[i].valid & flights[f].address != 0:
        got = k
        if flights[f].soft_bounce > 0.0:
            got -= binomial(share(soft), k, flights[f].soft_bounce)
    if got < k:
        sums[1] += k - got
        note(events, seen, i, w, _BOUNCE, f, k - got, 0)
    return got


@compiled
def _attend(
    w: Any, f: Any, begin: Any, words: Any, hits: Any, many: Any, totals: Any, reached: Any, level: Any, laid: Any,
    drowned: Any, people: Any, flights: Any, rules: Any, state: Any, sums: Any, events: Any, seen: Any, watched: Any,
    trace_flight: Any,
) -> Any:  # fmt: skip
    """Let a flight's contacts be delivered, and noticed or not.

    `hits` becomes the list of those who noticed, and how often; return how many they are. `reached` grows by what was
    delivered to each person.
    """
    sent, slot, notes = flights[f].sent == 1, flights[f].slot << U(8), events.size > 0
    contacts, arrived, looked, some = 0, 0, 0, 0
    forgets = np.float32(np.log(max(rules[0].fatigue, 1e-30)))
    for j in range(many):
        at, k = hits[f, j, 0], hits[f, j, 1]
        i, got = begin + at, k
        contacts += k
        if notes:
            note(events, seen, i, w, _CONTACT, f, k, 0)
        soft, leave, complain, machine = U(0), U(0), U(0), U(0)
        if sent:
            soft, leave, complain, machine = philox(
                U(people[i].number), _DELIVERY | slot, U(w), U(0), rules[0].k0, rules[0].k1
            )
            got = _deliver(i, w, f, k, soft, people, flights, sums, events, seen)
        arrived += got
        reached[at] += got
        q = laid[f, i, 1] * drowned[f, min(totals[at] - 1, 32)]
        chance = min(q / (1.0 + q) * level, 1.0)
        u = share(words[f, 1, at])
        noticed = int(u > 1.0 - chance) if got == 1 else binomial(u, got, chance)
        hits[f, some, 0] = at
        hits[f, some, 1] = noticed
        some += noticed > 0  # without a branch: who notices cannot be foreseen
        looked += noticed
        if sent and got > 0:
            _weary(
                i, w, f, got, noticed, laid[f, i, 0], leave, complain, machine, people, flights, forgets,
                state, sums, events, seen,
            )  # fmt: skip
        if watched == i:
            line = trace_flight[w, f]
            line.contacts, line.delivered, line.noticed, line.p_notice = k, got, noticed, chance
            line.match = laid[f, i, 0]
    sums[0] += contacts
    sums[2] += arrived
    sums[3] += looked
    return some


@compiled
def engage(
    w: Any, begin: Any, words: Any, hits: Any, met: Any, totals: Any, reached: Any, saw: Any, clicked: Any,
    promised: Any, laid: Any, drowned: Any, levels: Any, people: Any, ties: Any, flights: Any, rules: Any,
    segments: Any, hot: Any, state: Any, stock: Any, shared: Any, results: Any, watched: Any, trace_flight: Any,
) -> None:  # fmt: skip
    """Let a week's contacts meet a chunk of people.

    `hits`, `met` and `totals` say whom they meet. Filled in: `reached` and `saw` (chunk,), what was delivered and what
    noticed; `clicked` (flights + 1, chunk), clicks and their sum; and `promised` (2, chunk), the orders after clicks
    that the chances promise given what was noticed, and their margin as a share of an order's mean price.
    """
    m = flights.size
    fsums, events, seen = results[2], results[4], results[5]
    reached[:] = 0
    saw[:] = 0
    clicked[:, :] = 0
    promised[:, :] = 0.0
    for f in range(m):
        if met[f] == 0:
            continue
        sums = fsums[w, f]
        some = _attend(
            w, f, begin, words, hits, met[f], totals, reached, levels[1, f, w], laid, drowned, people, flights, rules,
            state, sums, events, seen, watched, trace_flight,
        )  # fmt: skip
        # Taken out of the records once: the compiler cannot know that what is written below leaves them alone.
        answers, mail, sharing = (
            flights[f].click > NEVER_CLICKED,
            flights[f].mail == 1,
            flights[f].sharing == 2,
        )
        synergy, incentive = flights[f].synergy, flights[f].incentive
        plain = flights[f].special == 0 and incentive == 0.0
        for j in range(some):
            at, noticed = hits[f, j, 0], hits[f, j, 1]
            i = begin + at
            saw[at] += noticed
            stock[f, i] += laid[f, i, 0] * noticed
            note(events, seen, i, w, _OPEN, f, noticed, 0)
            p_click, clicks = 0.0, 0
            if answers:
                q = laid[f, i, 2]
                if synergy != 0.0 and state[i].mailed >= 0 and w - state[i].mailed <= rules[0].synergy_weeks:
                    q *= np.exp(synergy)
                p_click = q / (1.0 + q)
                hope = p_click if noticed == 1 else 1.0 - (1.0 - p_click) ** noticed  # two clicks: one visit
                hope *= hot[i].conversion if plain else chance_of(people[i], f, flights, rules[0])
                promised[0, at] += hope
                promised[1, at] += hope * (segments[hot[i].segment].margin - incentive)
                clicks = binomial(share(words[f, 2, at]), noticed, p_click)
            if mail:
                state[i].mailed = w
            if clicks > 0:
                clicked[f, at] = clicks
                clicked[m, at] += clicks
                hot[i].cookie = f
                _followed(i, w, f, clicks, words[f, 3, at], flights, state, sums, events, seen)
            if sharing and shared[2, flights[f].pending, i] == 0:
                shared[2, flights[f].pending, i] = 1
                slot = flights[f].slot << U(8)
                word = philox(U(people[i].number), _SHARER | slot, U(w), U(0), rules[0].k0, rules[0].k1)[0]
                if share(word) < sigmoid(flights[f].share):
                    hand_on(i, w, f, people, ties, flights, rules, shared, sums, events, seen)
            if watched == i:
                trace_flight[w, f].clicked, trace_flight[w, f].p_click = clicks, p_click
