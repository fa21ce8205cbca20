"""One region, week by week: the only place where a campaign meets its people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from narrowcast.campaigns import Plan
from narrowcast.simulate.attention import Floats, hill, logit, sigmoid
from narrowcast.simulate.media import Media, prepare
from narrowcast.worlds import Purpose, Region, World, binomial, poisson, uniforms

__all__ = ["NEVER", "RegionResult", "Watch", "run_region"]

NEVER = np.int16(-1)
"""In the arrays of first weeks: it did not happen."""

Watch = Callable[[int, Mapping[str, Floats]], None]
"""Called after each week with the week and everything that was computed in it; for explanations."""

_COUNTED = ("contacts", "noticed", "visits", "orders", "revenue", "margin", "advocated", "told")
_FIRSTS = ("contacts", "noticed", "orders", "advocated")


@dataclass
class RegionResult:
    """What happened in one region.

    Attributes
    ----------
    totals
        Per customer, shape (n,), over all weeks: contacts, noticed (contacts), visits, orders, revenue,
        margin, advocated (orders that made an advocate), told (friends' words received).
    first
        Per customer, shape (n,): the week in which it first happened, `NEVER` if it did not.
    weekly
        Per week, shape (weeks,): sums over the region.
    expected
        Sums over the region of what the chances alone promise, before the last two throws of the dice:
        orders and margin. Same mean as the counts, far less noise.
    """

    totals: dict[str, npt.NDArray[np.int64]]
    first: dict[str, npt.NDArray[np.int16]]
    weekly: dict[str, npt.NDArray[np.int64]]
    expected: dict[str, float]


@dataclass
class _State:
    """What a region carries from week to week."""

    stock: list[Floats]
    word: Floats
    told: npt.NDArray[np.int64]
    seed: int
    draw: Callable[..., Floats] = field(repr=False)


class _Market:
    """The world's numbers, laid out over the customers of one region."""

    def __init__(self, world: World, region: Region) -> None:
        recipe, self.region = world.recipe, region
        self.segment = world.population.segment[region.rows]
        segments = recipe.segments.values()

        def each(values: list[float]) -> Floats:
            return np.array(values, dtype=np.float64)[self.segment]

        self.visit = each([logit(s.visit_rate.value) for s in segments])
        self.buy = each([logit(s.conversion.value) for s in segments])
        self.value = each([s.order_value.value for s in segments])
        self.margin = each([s.margin_rate.value for s in segments])
        self.sigma = recipe.response.order_spread.value
        self.gain = recipe.response.offer_match.value
        advocacy = recipe.advocacy
        self.advocate = (advocacy.intercept.value, advocacy.match.value)
        self.friends, self.homophily = round(advocacy.friends.value), advocacy.homophily.value
        self.word = (advocacy.persuasion.value, advocacy.retention.value)
        self.members = [np.flatnonzero(self.segment == s) for s in range(len(recipe.segments))]


def run_region(
    world: World, plan: Plan, seed: int, region: Region, watch: Watch | None = None
) -> RegionResult:
    """Let the weeks of a plan pass in one region.

    Parameters
    ----------
    world, plan
        Already checked against each other (`Plan.fits`).
    seed
        Seed of the run: the same seed meets every plan with the same luck.
    region
        Which block of customers.
    watch
        Shown everything that was computed, week after week.
    """
    n, weeks = region.size, plan.weeks
    market, media = _Market(world, region), prepare(world, plan, seed, region)

    def draw(purpose: Purpose, week: int, slot: int = 0) -> Floats:
        return uniforms(seed, purpose, region.start, n, week=week, channel=slot)

    state = _State([np.zeros(n) for _flight in media.flights], np.zeros(n), np.zeros(n, np.int64), seed, draw)
    result = RegionResult(
        {name: np.zeros(n, np.int64) for name in _COUNTED},
        {name: np.full(n, NEVER) for name in _FIRSTS},
        {name: np.zeros(weeks, np.int64) for name in _COUNTED},
        {"orders": 0.0, "margin": 0.0},
    )
    for week in range(weeks):
        log = _week(week, market, media, state)
        for name in _COUNTED:
            happened = log[name].astype(np.int64)
            result.totals[name] += happened
            result.weekly[name][week] = happened.sum()
        chance = log["p_visit"] * log["p_buy"]
        result.expected["orders"] += float(chance.sum())
        result.expected["margin"] += float((chance * market.value * market.margin).sum())
        for name in _FIRSTS:
            now = (log[name] > 0) & (result.first[name] == NEVER)
            result.first[name][now] = week
        if watch is not None:
            watch(week, log)
    return result


def _week(week: int, market: _Market, media: Media, state: _State) -> dict[str, Floats]:
    """Let one week pass and return all that was computed in it, by name."""
    log: dict[str, Floats] = {}
    pull, offer_gain, offer_match, contacts, noticed = _messages(week, media, state, log)
    persuasion, retention = market.word
    state.word = retention * state.word + state.told
    log["told"] = state.told.astype(np.float64)
    log["pull_of_friends"] = persuasion * offer_match * hill(state.word, 1.0, 1.0)
    log["p_visit"] = sigmoid(market.visit + pull + log["pull_of_friends"])
    visit = state.draw(Purpose.VISIT, week) < log["p_visit"]
    log["p_buy"] = sigmoid(market.buy + market.gain * offer_gain)
    order = visit & (state.draw(Purpose.BUY, week) < log["p_buy"])
    spread = np.exp(market.sigma * ndtri(state.draw(Purpose.SPEND, week)) - market.sigma**2 / 2)
    revenue = np.where(order, np.round(market.value * spread, -3), 0.0)
    intercept, slope = market.advocate
    log["p_advocate"] = sigmoid(intercept + slope * offer_match)
    advocate = order & (state.draw(Purpose.ADVOCATE, week) < log["p_advocate"])
    state.told = _tell(week, np.flatnonzero(advocate), market, state)
    log |= {
        "contacts": contacts, "noticed": noticed, "visits": visit.astype(np.float64),
        "orders": order.astype(np.float64), "revenue": revenue, "margin": np.round(revenue * market.margin),
        "advocated": advocate.astype(np.float64),
    }  # fmt: skip
    return log


def _messages(
    week: int, media: Media, state: _State, log: dict[str, Floats]
) -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Send the week's contacts; return pull on visits, offer's gain and match, contacts and noticed."""
    n = media.product_match.size
    stocks: dict[int, Floats] = {}
    strongest, offer_match = np.zeros(n), media.product_match.copy()
    contacts, noticed = np.zeros(n), np.zeros(n)
    for number, flight in enumerate(media.flights):
        met = poisson(state.draw(Purpose.CONTACTS, week, flight.slot), flight.mean_contacts)
        seen = binomial(state.draw(Purpose.NOTICE, week, flight.slot), met, flight.p_notice)
        state.stock[number] = flight.retention * state.stock[number] + flight.match * seen
        stocks[flight.channel] = stocks.get(flight.channel, 0.0) + state.stock[number]
        leads = (
            state.stock[number] > strongest
        )  # a visitor is shown the offer of the flight that moved them most
        strongest = np.where(leads, state.stock[number], strongest)
        offer_match = np.where(leads, flight.offer_match, offer_match)
        contacts += met
        noticed += seen
        log |= {f"contacts:{flight.name}": met.astype(np.float64), f"noticed:{flight.name}": seen.astype(np.float64),
                f"p_notice:{flight.name}": flight.p_notice, f"match:{flight.name}": flight.match}  # fmt: skip
    pull = np.zeros(n)
    for channel, stock in stocks.items():
        persuasion, half, exponent = media.channels[channel]
        pull += persuasion * hill(stock, half, exponent)
    log["pull_of_media"] = pull
    offer_gain = offer_match - media.product_match
    return pull, offer_gain, offer_match, contacts, noticed


def _tell(
    week: int, advocates: npt.NDArray[np.int64], market: _Market, state: _State
) -> npt.NDArray[np.int64]:
    """Let advocates tell friends of their region; return how many words each customer hears next week."""
    told = np.zeros(market.segment.size, dtype=np.int64)
    if not advocates.size or not market.friends:
        return told
    # One draw for each friend an advocate may have: below the homophily it picks among the like-minded.
    draws = uniforms(
        state.seed,
        Purpose.FRIEND,
        market.region.start * market.friends,
        told.size * market.friends,
        week=week,
    ).reshape(told.size, market.friends)[advocates]
    alike = draws < market.homophily
    anybody = (draws - market.homophily) / max(1 - market.homophily, 1e-12)
    friends = (anybody * told.size).astype(np.int64)
    for segment, members in enumerate(market.members):
        same = alike & (market.segment[advocates] == segment)[:, None]
        friends[same] = members[(draws[same] / market.homophily * members.size).astype(np.int64)]
    np.add.at(told, friends, 1)
    return told
