"""A contact and a person: delivered, noticed, clicked, tired of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine import elementary
from narrowcast.simulate.engine.arrays import OWN, SLOTS
from narrowcast.simulate.engine.chance import binomial, philox, share
from narrowcast.simulate.engine.compiled import compiled
from narrowcast.simulate.engine.small import chance_of, note, sigmoid, tell

__all__ = ["NEVER_CLICKED", "engage", "hand_on"]

U = np.uint64
_SHARER, _DELIVERY = U(SLOTS["sharer"]), U(SLOTS["delivery"])
_CONTACT, _BOUNCE, _OPEN, _MACHINE, _CLICK, _LEAD, _LEAVE, _COMPLAIN = range(8)
_SHARE = 10
_CONVERSION, _WORTH, _GAIN = OWN.index("conversion"), OWN.index("worth"), OWN.index("gain")
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
        most = flights[f].share_cost * people[i].degree
        if flights[f].quota <= most:
            return
    reached = tell(i, w, slot, flights[f].pass_on, people, ties, rules[0].k0, rules[0].k1, shared[1, row])
    flights[f].quota -= flights[f].share_cost * reached
    sums[13] += 1
    sums[14] += reached
    note(events, seen, i, w, _SHARE, f, reached, 0)


@njit(inline="always")
def _tired(i: Any, w: Any, forgets: Any, state: Any) -> Any:
    """Return what is left of a person's fatigue."""
    gap = w - state[i].tired_week
    return state[i].fatigue * np.exp(np.float32(gap) * forgets) if gap > 0 else state[i].fatigue


@njit(inline="always")
def _unlawful(i: Any, w: Any, f: Any, got: Any, people: Any, flights: Any, rules: Any) -> Any:
    """Return how many of a person's deliveries break contact law: without consent, at night, too many."""
    if people[i].agreed & flights[f].address == 0:
        return got
    beyond = max(0, got - flights[f].lawful)
    if flights[f].night > 0.0:
        slot = _DELIVERY | (flights[f].slot << U(8))
        word = philox(U(people[i].number), slot, U(w), U(1), rules[0].k0, rules[0].k1)[0]
        beyond = max(beyond, binomial(share(word), got, flights[f].night))
    return beyond


@njit(inline="always")
def _weary(
    i: Any, w: Any, f: Any, got: Any, noticed: Any, worn: Any, near: Any, leave: Any, complain: Any, machine: Any,
    people: Any, flights: Any, rules: Any, state: Any, sums: Any, events: Any, seen: Any,
) -> None:  # fmt: skip
    """Let a person who was written to or called leave the list or complain; `worn` is their fatigue, on average."""
    logit = flights[f].leave + flights[f].leave_fatigue * worn - flights[f].leave_match * (near - 0.5)
    chance = sigmoid(logit)
    if got > 1:
        chance = 1.0 - (1.0 - chance) ** got
    unlawful, complaints = _unlawful(i, w, f, got, people, flights, rules), 0
    sums[17] += unlawful
    if unlawful > 0:
        complaints = binomial(share(complain), unlawful, flights[f].complaint)
    if share(leave) < chance:
        state[i].gone |= flights[f].address
        sums[7] += 1
        note(events, seen, i, w, _LEAVE, f, 1, 0)
        if complaints == 0 and share(complain) > 1.0 - flights[f].annoyed:
            complaints = 1
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


@njit(inline="always")
def _noticed(odds: Any, level: Any) -> Any:
    """Return the chance that a contact is noticed."""
    return min(odds / (np.float32(1.0) + odds) * level, np.float32(1.0))


@njit(inline="always")
def _times(got: Any, chance: Any, word: Any) -> Any:
    """Return how many of some contacts are noticed."""
    u = share(word)
    if got == 1:
        return int(u > 1.0 - np.float64(chance))
    return binomial(u, got, np.float64(chance))


@njit(inline="always")
def _write_down(line: Any, contacts: Any, delivered: Any, noticed: Any, chance: Any, near: Any) -> None:
    """Write down what was worked out of a person's contacts with a flight."""
    line.contacts, line.delivered, line.noticed, line.p_notice = contacts, delivered, noticed, chance
    line.match = near


@compiled
def _attend(
    w: Any, f: Any, begin: Any, word: Any, who: Any, times: Any, many: Any, totals: Any, reached: Any, level: Any,
    near: Any, odds: Any, drowned: Any, sums: Any, events: Any, seen: Any, watched: Any, trace_flight: Any,
) -> Any:  # fmt: skip
    """Let a flight's contacts be noticed or not, where nothing needs to be delivered.

    `who` and `times` become the list of those who noticed, and how often; return how many they are. `reached` grows by
    what was delivered to each person. `word`, `near` and `odds` are of the chunk's people.
    """
    contacts, looked, some = 0, 0, U(0)
    for j in range(many):
        at, k = who[j], times[j]
        contacts += k
        reached[at] += k
        chance = _noticed(odds[at] * drowned[min(totals[at] - 1, 32)], level)
        noticed = _times(k, chance, word[at])
        if events.size > 0:
            note(events, seen, begin + at, w, _CONTACT, f, k, 0)
        if watched == begin + at:
            _write_down(trace_flight[w, f], k, k, noticed, chance, near[at])
        who[some] = at
        times[some] = noticed
        some += U(noticed > 0)  # without a branch: who notices cannot be foreseen
        looked += noticed
    sums[0] += contacts
    sums[2] += contacts
    sums[3] += looked
    return some


@compiled
def _receive(
    w: Any, f: Any, begin: Any, word: Any, who: Any, times: Any, many: Any, totals: Any, reached: Any, level: Any,
    near: Any, odds: Any, drowned: Any, people: Any, flights: Any, rules: Any, state: Any, sums: Any, events: Any,
    seen: Any, watched: Any, trace_flight: Any,
) -> Any:  # fmt: skip
    """Let what a flight sends be delivered, and noticed or not, and let people grow tired of it; see `_attend`."""
    slot = flights[f].slot << U(8)
    contacts, arrived, looked, some = 0, 0, 0, U(0)
    forgets = np.float32(np.log(max(rules[0].fatigue, 1e-30)))
    often, tire = np.float32(flights[f].often), np.float32(flights[f].tire)
    for j in range(many):
        at, k = who[j], times[j]
        i = begin + at
        contacts += k
        if events.size > 0:
            note(events, seen, i, w, _CONTACT, f, k, 0)
        soft, leave, complain, machine = philox(
            U(people[i].number), _DELIVERY | slot, U(w), U(0), rules[0].k0, rules[0].k1
        )
        got = _deliver(i, w, f, k, soft, people, flights, sums, events, seen)
        arrived += got
        reached[at] += got
        q, tired = odds[at] * drowned[min(totals[at] - 1, 32)], _tired(i, w, forgets, state)
        worn = tired + np.float32(0.5 * max(got - 1, 0))  # each of a week's tires those after it
        if worn > often:
            q *= elementary.exp(-tire * elementary.log1p(worn - often))
        chance = _noticed(q, level)
        noticed = _times(got, chance, word[at])
        if got > 0:
            state[i].fatigue, state[i].tired_week = tired + got, w
            _weary(
                i, w, f, got, noticed, worn, near[at], leave, complain, machine, people, flights, rules, state, sums,
                events, seen,
            )  # fmt: skip
        if watched == i:
            _write_down(trace_flight[w, f], k, got, noticed, chance, near[at])
        who[some] = at
        times[some] = noticed
        some += U(noticed > 0)
        looked += noticed
    sums[0] += contacts
    sums[2] += arrived
    sums[3] += looked
    return some


@compiled
def engage(
    w: Any, begin: Any, words: Any, who: Any, times: Any, met: Any, totals: Any, reached: Any, saw: Any, clicked: Any,
    promised: Any, laid: Any, drowned: Any, levels: Any, people: Any, ties: Any, flights: Any, rules: Any, own: Any,
    cookie: Any, state: Any, stock: Any, shared: Any, fsums: Any, events: Any, seen: Any, watched: Any,
    trace_flight: Any,
) -> None:  # fmt: skip
    """Let a week's contacts meet a chunk of people.

    `who`, `times`, `met` and `totals` say whom they meet. Filled in: `reached` and `saw` (chunk,), what was
    delivered and what noticed; `clicked` (flights + 1, chunk), clicks and their sum; and `promised` (2, chunk), the
    orders after clicks that the chances promise given what was noticed, and their margin.
    """
    m = flights.size
    reached[:] = 0
    saw[:] = 0
    clicked[m, :] = 0
    promised[:, :] = 0.0
    for f in range(m):
        if flights[f].click > NEVER_CLICKED:
            clicked[f, :] = 0
        if met[f] == 0:
            continue
        sums, level = fsums[w, f], np.float32(levels[1, f, w])
        met_people, often, end = who[f], times[f], min(begin + words.shape[2], own.shape[1])
        near, odds, stocked = laid[0, f, begin:end], laid[1, f, begin:end], stock[f, begin:end]
        if flights[f].sent == 1:
            some = _receive(
                w, f, begin, words[f, 1], met_people, often, met[f], totals, reached, level, near, odds, drowned[f],
                people, flights, rules, state, sums, events, seen, watched, trace_flight,
            )  # fmt: skip
        else:
            some = _attend(
                w, f, begin, words[f, 1], met_people, often, met[f], totals, reached, level, near, odds, drowned[f],
                sums, events, seen, watched, trace_flight,
            )  # fmt: skip
        # Taken out of the records once: the compiler cannot know that what is written below leaves them alone.
        answers, mail, sharing = (
            flights[f].click > NEVER_CLICKED,
            flights[f].mail == 1,
            flights[f].sharing == 2,
        )
        synergy, incentive = flights[f].synergy, flights[f].incentive
        plain = flights[f].special == 0 and incentive == 0.0
        if events.size == 0 and watched < 0 and not (answers or mail or sharing):
            for j in range(some):  # nothing can follow: most broadcast media
                at, noticed = met_people[j], often[j]
                saw[at] += noticed
                stocked[at] += near[at] * np.float32(noticed)
            continue
        for j in range(some):
            at, noticed = met_people[j], often[j]
            i = begin + at
            saw[at] += noticed
            stocked[at] += near[at] * np.float32(noticed)
            note(events, seen, i, w, _OPEN, f, noticed, 0)
            p_click, clicks = 0.0, 0
            if answers:
                q = laid[2, f, i]
                if synergy != 0.0 and state[i].mailed >= 0 and w - state[i].mailed <= rules[0].synergy_weeks:
                    q *= np.exp(synergy)
                p_click = q / (1.0 + q)
                hope = p_click if noticed == 1 else 1.0 - (1.0 - p_click) ** noticed  # two clicks: one visit
                hope *= own[_CONVERSION, i] if plain else chance_of(people[i], f, flights, rules[0])
                promised[0, at] += hope
                promised[1, at] += hope * (own[_GAIN, i] - own[_WORTH, i] * incentive)
                clicks = binomial(share(words[f, 2, at]), noticed, p_click)
            if mail:
                state[i].mailed = w
            if clicks > 0:
                clicked[f, at] = clicks
                clicked[m, at] += clicks
                cookie[i] = f
                _followed(i, w, f, clicks, words[f, 3, at], flights, state, sums, events, seen)
            if sharing and shared[2, flights[f].pending, i] == 0:
                shared[2, flights[f].pending, i] = 1
                slot = flights[f].slot << U(8)
                word = philox(U(people[i].number), _SHARER | slot, U(w), U(0), rules[0].k0, rules[0].k1)[0]
                if share(word) < sigmoid(flights[f].share):
                    hand_on(i, w, f, people, ties, flights, rules, shared, sums, events, seen)
            if watched == i:
                trace_flight[w, f].clicked, trace_flight[w, f].p_click = clicks, p_click
