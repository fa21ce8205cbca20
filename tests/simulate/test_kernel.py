"""The kernel in special cases whose answer is known on paper, and in what must hold of every run."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from narrowcast.campaigns import Flight, Offer, Plan
from narrowcast.simulate import Outcome, simulate
from narrowcast.simulate.attention import reach
from narrowcast.simulate.kernel import run_region
from narrowcast.worlds import World, open_world

SOCIAL = [Flight("social", 600_000, to=name) for name in ("bargain", "loyal", "trend")]
GOLDEN_FASHION = {
    "contacts": 39350,
    "noticed": 14006,
    "visits": 1228,
    "orders": 87,
    "revenue": 35784000,
    "margin": 14021060,
    "advocated": 27,
    "told": 176,
}
GOLDEN_WHO = 92481
GOLDEN_DRINK = {
    "contacts": 11349,
    "noticed": 5937,
    "visits": 2000,
    "orders": 650,
    "revenue": 51473000,
    "margin": 17011700,
    "advocated": 290,
    "told": 1744,
}


def same(one: Outcome, other: Outcome) -> bool:
    """Return whether two runs agree customer by customer, to the bit."""
    return (
        all(np.array_equal(one.totals[k], other.totals[k]) for k in one.totals)
        and all(np.array_equal(one.first[k], other.first[k]) for k in one.first)
        and one.expected == other.expected
        and one.kpis().equals(other.kpis())
    )


def watched(world: World, plan: Plan, seed: int = 0) -> list[dict[str, np.ndarray]]:
    weeks: list[dict[str, np.ndarray]] = []
    run_region(world, plan, seed, world.regions[0], lambda _week, log: weeks.append(dict(log)))
    return weeks


class TestOnPaper:
    def test_reach_with_poisson_gamma_exposure(self, fashion, remake):
        """m = 2.5 contacts on average, k = 0.8: 67.81% are met at least once."""
        n = 20_000
        world = remake(fashion, customers=n, market={"exposure_shape": 0.8}, channel={"reach": 1.0})
        price = world.channels.loc["television", "price_per_thousand"]
        plan = Plan(flights=[Flight("television", 2.5 * n / 1_000 * price)], weeks=1)
        met = (simulate(world, plan, 3).totals["contacts"] > 0).mean()
        # The weights are shared out over the people there are, so the mean is met exactly.
        assert met == pytest.approx(0.6781, abs=4 * math.sqrt(0.6781 * 0.3219 / n))

    def test_reach_does_not_depend_on_how_the_weeks_cut_it(self, fashion, remake):
        n = 10_000
        world = remake(fashion, customers=n, market={"exposure_shape": 0.8}, channel={"reach": 1.0})
        price = world.channels.loc["television", "price_per_thousand"]
        plan = Plan(flights=[Flight("television", 2.5 * n / 1_000 * price)], weeks=5)
        met = (simulate(world, plan, 3).totals["contacts"] > 0).mean()
        assert met == pytest.approx(reach(2.5, 0.8), abs=4 * math.sqrt(0.22 / n))

    def test_contacts_are_those_paid_for(self, fashion):
        outcome = simulate(fashion, Plan(flights=[Flight("television", 3_000_000)]), 1)
        assert outcome.kpis()["contacts"] == pytest.approx(50_000, abs=4 * math.sqrt(50_000))

    @pytest.mark.parametrize("spend", [10**9, 10**12, 10**15])
    def test_contacts_are_those_paid_for_however_many(self, fashion, spend):
        outcome = simulate(fashion, Plan(flights=[Flight("television", spend)]), 1)
        assert outcome.kpis()["contacts"] == pytest.approx(spend / 60, rel=0.01)
        assert 0.1 < outcome.kpis()["noticed"] / outcome.kpis()["contacts"] < 0.9

    def test_stock_under_constant_input_goes_to_its_limit(self, fashion, remake):
        """A <- theta A + x ends at x / (1 - theta): here every contact is noticed, at a match of 1."""
        world = remake(
            fashion.vary(fragmentation=0),
            attention={"intercept": 80.0, "clutter": 0.0},
            market={"noise": 1e-9},
            channel={"reach": 1.0, "retention": 0.6, "persuasion": 1.0},
        )
        weeks = watched(world, Plan(flights=[Flight("social", 40_000_000)], weeks=30))
        x = np.mean([week["contacts"].mean() for week in weeks])
        stocks = [1.5 * week["pull_of_media"] / (1 - week["pull_of_media"]) for week in weeks]  # Hill undone
        assert weeks[-1]["noticed"].sum() == weeks[-1]["contacts"].sum()
        assert stocks[-1].mean() == pytest.approx(x / (1 - 0.6), rel=0.01)
        assert stocks[0].mean() == pytest.approx(x, rel=0.02)
        assert stocks[1].mean() == pytest.approx(x * 1.6, rel=0.02)

    def test_precision_is_the_share_that_meets_the_segment(self, fashion):
        for precision in (0.0, 0.5, 1.0):
            world = fashion.vary(precision=precision)
            outcome = simulate(world, Plan(flights=[Flight("social", 6_000_000, to="trend")]), 2)
            met = outcome.by("segment")["contacts"]
            n = met.sum()
            assert met["trend"] / n == pytest.approx(precision, abs=4 * math.sqrt(0.25 / n))

    def test_nobody_out_of_reach_is_met(self, fashion):
        outcome = simulate(fashion, Plan(flights=[Flight("search", 5_000_000, to="trend")]), 2)
        number = list(fashion.recipe.channels).index("search")
        assert not outcome.totals["contacts"][~fashion.population.reachable[:, number]].any()

    def test_independent_channels(self, fashion, remake):
        """reach = 1 - prod(1 - p_c), where media use is even."""
        world = remake(fashion, customers=10_000, market={"exposure_shape": 1e6}, channel={"reach": 1.0})
        flights = [Flight("television", 400_000), Flight("social", 900_000)]
        one, other, both = (
            (simulate(world, Plan(flights=f, weeks=1), 4).totals["contacts"] > 0).mean()
            for f in (flights[:1], flights[1:], flights)
        )
        assert both == pytest.approx(1 - (1 - one) * (1 - other), abs=0.015)


class TestNothing:
    @pytest.mark.parametrize(
        "plan", [Plan(), Plan(flights=SOCIAL[:0]), Plan(flights=[Flight("social", 0, to="trend")])]
    )
    def test_nothing_spent_lifts_nothing(self, fashion, plan):
        outcome = simulate(fashion, plan, 5)
        figures = outcome.kpis()
        zero = [
            "contacts",
            "reached",
            "recognition",
            "noticed",
            "cost",
            "incremental_orders",
            "incremental_margin",
            "incremental_profit",
            "lift_per_thousand",
        ]
        assert (figures[zero] == 0).all()
        assert figures["orders"] > 0
        assert outcome.expected_profit == 0
        assert same(outcome, simulate(fashion, Plan(), 5))

    @pytest.mark.parametrize("seed", range(5))
    def test_a_message_that_does_nothing(self, fashion, remake, seed):
        """Persuasion 0: thousands of contacts, and both runs are identical customer by customer."""
        world = remake(fashion, channel={"persuasion": 0.0})
        outcome = simulate(world, Plan(flights=[*SOCIAL, Flight("television", 5_000_000)]), seed)
        assert outcome.kpis()["contacts"] > 50_000
        for name in ("visits", "orders", "revenue", "margin", "advocated", "told"):
            assert np.array_equal(outcome.totals[name], outcome.baseline.totals[name]), name
        assert outcome.kpis()["incremental_orders"] == 0
        assert outcome.expected_profit == -outcome.cost

    def test_a_message_nobody_notices(self, fashion, remake):
        world = remake(fashion, attention={"intercept": -100.0})
        outcome = simulate(world, Plan(flights=SOCIAL), 1)
        assert outcome.totals["noticed"].sum() == 0
        assert np.array_equal(outcome.totals["orders"], outcome.baseline.totals["orders"])


class TestDraws:
    @pytest.mark.parametrize("threads", [2, 4])
    def test_threads_change_nothing(self, threads):
        world = open_world("hcmc-fashion", customers=16_000)
        plan = Plan(flights=[*SOCIAL, Flight("television", 5_000_000)], holdout=0.1)
        assert len(world.regions) == 4
        assert same(simulate(world, plan, 9), simulate(world, plan, 9, threads=threads))

    def test_again_is_the_same_and_another_seed_is_not(self, fashion):
        plan = Plan(flights=SOCIAL)
        assert same(simulate(fashion, plan, 1), simulate(fashion, plan, 1))
        assert same(
            simulate(fashion, plan, 1),
            simulate(open_world("hcmc-fashion", customers=2_000), plan, np.int64(1)),
        )
        assert not same(simulate(fashion, plan, 1), simulate(fashion, plan, 2))

    def test_one_channel_leaves_the_draws_of_the_others_alone(self, fashion):
        few = watched(fashion, Plan(flights=[Flight("television", 2_000_000), SOCIAL[0]]))
        many = watched(
            fashion,
            Plan(
                flights=[SOCIAL[2], Flight("search", 3_000_000), SOCIAL[0], Flight("television", 2_000_000)]
            ),
        )
        for one, other in zip(few, many, strict=True):
            for name in (
                "contacts:television",
                "noticed:television",
                "contacts:social/bargain",
                "noticed:social/bargain",
            ):
                assert np.array_equal(one[name], other[name])

    def test_the_order_of_flights_changes_nothing_that_happens(self, fashion):
        one, other = (simulate(fashion, Plan(flights=f), 3) for f in (SOCIAL, SOCIAL[::-1]))
        assert np.array_equal(one.totals["orders"], other.totals["orders"])

    def test_a_region_does_not_depend_on_the_size_of_the_market(self):
        """With the money a head kept, the first region's dice fall alike."""
        few, many = (open_world("hcmc-fashion", customers=n) for n in (5_000, 10_000))
        first, second = (simulate(world, Plan(), 1).totals["orders"] for world in (few, many))
        assert np.array_equal(first, second[:5_000])

    def test_a_simulated_market_is_pinned(self, fashion, drink):
        """The same seed gives the same market on any machine; these may change with the model alone."""
        plan = Plan(flights=[*SOCIAL, Flight("television", 2_000_000)], holdout=0.2)
        done = simulate(fashion, plan, 1)
        assert {name: int(done.totals[name].sum()) for name in done.totals} == GOLDEN_FASHION
        assert int((done.totals["orders"] * np.arange(2_000)).sum()) == GOLDEN_WHO
        done = simulate(drink, Plan(flights=[Flight("niche", 900_000, to="youth", offer=Offer("youth"))]), 7)
        assert {name: int(done.totals[name].sum()) for name in done.totals} == GOLDEN_DRINK


class TestMonotone:
    def test_clutter_hides(self, fashion):
        plan = Plan(flights=SOCIAL)
        seen = [simulate(fashion.vary(clutter=c), plan, 2).totals for c in (0, 10, 60, 200, 5_000)]
        for low, high in pairwise(seen):
            assert np.array_equal(low["contacts"], high["contacts"])
            assert (low["noticed"] >= high["noticed"]).all()  # for each customer, not on average alone
            assert low["noticed"].sum() > high["noticed"].sum()

    def test_fit_helps_its_segment_and_loses_others(self, fashion):
        def noticed(fit):
            from narrowcast.campaigns import Message

            flight = Flight("television", 3_000_000, message=Message("trend", fit))
            return simulate(fashion, Plan(flights=[flight]), 2).by("segment")["noticed"]

        made = [noticed(fit) for fit in (0, 0.5, 1)]
        assert made[0]["trend"] < made[1]["trend"] < made[2]["trend"]
        assert made[2]["bargain"] < made[0]["bargain"]

    def test_more_money_reaches_more(self, fashion):
        met = [
            simulate(fashion, Plan(flights=[Flight("social", m, to="trend")]), 2).kpis()
            for m in (1e5, 1e6, 1e7)
        ]
        assert met[0]["reached"] < met[1]["reached"] < met[2]["reached"]
        assert met[0]["incremental_orders"] <= met[2]["incremental_orders"]
        # ... and brings less for each dong
        assert met[0]["lift_per_thousand"] > met[2]["lift_per_thousand"]

    def test_states_only_rise(self, fashion):
        plan = Plan(flights=[*SOCIAL, Flight("television", 6_000_000)], weeks=6)
        outcome = simulate(fashion, plan, 2)
        states = outcome.states()
        assert states.shape == (6, 2_000)
        assert (np.diff(states.astype(int), axis=0) >= 0).all()
        assert set(np.unique(states)) == {0, 1, 2, 3, 4}
        assert np.array_equal(states[-1] == 4, outcome.totals["advocated"] > 0)
        assert np.array_equal(states[-1] >= 3, outcome.totals["orders"] > 0)
        never = (outcome.totals["contacts"] == 0) & (outcome.totals["orders"] == 0)
        assert np.array_equal(states[-1] == 0, never)

    def test_what_can_be_counted_is_consistent(self, fashion):
        totals = simulate(fashion, Plan(flights=[*SOCIAL, Flight("television", 6_000_000)]), 2).totals
        assert (totals["noticed"] <= totals["contacts"]).all()
        assert (totals["orders"] <= totals["visits"]).all()
        assert (totals["visits"] <= 4).all()
        assert ((totals["revenue"] > 0) == (totals["orders"] > 0)).all()
        assert (totals["advocated"] <= totals["orders"]).all()
        assert (totals["margin"] <= totals["revenue"]).all()

    def test_word_of_mouth_counts_each_friend(self, fashion):
        weeks = watched(fashion, Plan(flights=SOCIAL, weeks=6))
        for before, after in pairwise(weeks):
            assert after["told"].sum() == 8 * before["advocated"].sum()
        assert weeks[0]["told"].sum() == 0

    def test_friends_are_mostly_alike(self, fashion, remake):
        world = remake(fashion, advocacy={"intercept": 50.0, "homophily": 1.0})
        weeks = watched(world, Plan(weeks=2))
        segment = world.population.segment
        for number in range(3):
            told = weeks[1]["told"][segment == number].sum()
            assert told == 8 * weeks[0]["advocated"][segment == number].sum()

    def test_advocates_bring_orders(self, fashion, remake):
        loud = remake(fashion, advocacy={"intercept": 5.0})
        quiet = remake(fashion, advocacy={"intercept": -50.0})
        orders = [simulate(world, Plan(weeks=12), 1).kpis()["orders"] for world in (quiet, loud)]
        assert orders[0] < orders[1]

    def test_an_edition_lifts_its_segment_and_is_paid_once(self, fashion):
        plain = [Flight("social", 9_000_000, to="trend"), Flight("search", 9_000_000, to="trend")]
        special = [Flight(f.channel, f.spend, f.to, offer="trend") for f in plain]
        one, other = (simulate(fashion, Plan(flights=f), 1) for f in (plain, special))
        assert other.cost - one.cost == fashion.edition_cost
        assert other.expected["orders"] > one.expected["orders"]
