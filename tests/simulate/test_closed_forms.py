"""The engine in special cases whose answer is known on paper."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.errors import AnswerError
from narrowcast.simulate import Outcome, region, simulate
from narrowcast.simulate.diffusion import bass, bass_peak, bass_share
from narrowcast.simulate.engine.arrays import CLOSEST, EMAIL, TIE
from narrowcast.simulate.run import lay_out
from narrowcast.worlds import World

SURE = {"intercept": 80.0, "clutter": 0.0}
"""An attention line on which everything is noticed."""


def trace(world: World, plan: Plan, place: int):
    """Return what was computed of one person by week, and by week and flight."""
    layout = lay_out(world, plan, 0)
    return region.traced(layout, world.regions[0], place).trace


def consenting(world: World) -> int:
    """Return the place of somebody who agreed to e-mail and gets it."""
    people = region.ground_of(world, world.regions[0]).people
    return int(np.flatnonzero(people["agreed"] & people["valid"] & EMAIL)[0])


class TestReach:
    @pytest.mark.parametrize("weeks", [1, 5])
    def test_poisson_gamma_exposure(self, fashion, remake, weeks):
        """m = 2.5 contacts on average, k = 0.8: 67.81% are met at least once, however the weeks cut it."""
        n = 20_000
        world = remake(fashion, customers=n, market={"exposure_shape": 0.8}, channel={"reach": 1.0})
        price = world.recipe.channels["television"].price_per_thousand.value
        plan = Plan(flights=[Flight("television", 2.5 * n / 1_000 * price)], weeks=weeks)
        met = (simulate(world, plan, 3).totals["contacts"] > 0).mean()
        m, k = 2.5, 0.8
        assert 1 - (1 + m / k) ** -k == pytest.approx(0.6781, abs=5e-5)  # less the negative binomial's P(0)
        # The contacts are shared out over the people there are, so the mean is met exactly.
        assert met == pytest.approx(0.6781, abs=4 * math.sqrt(0.6781 * 0.3219 / n))

    def test_independent_channels(self, fashion, remake):
        """reach = 1 - prod(1 - p_c), where media use is even."""
        world = remake(fashion, customers=10_000, market={"exposure_shape": 1e6}, channel={"reach": 1.0})
        flights = [Flight("television", 400_000), Flight("social", 900_000), Flight("display", 200_000)]
        *alone, together = (
            (simulate(world, Plan(flights=f, weeks=1), 4).totals["contacts"] > 0).mean()
            for f in (*([flight] for flight in flights), flights)
        )
        assert together == pytest.approx(1 - math.prod(1 - p for p in alone), abs=0.01)


class TestStock:
    def test_constant_input_goes_to_its_limit(self, every, remake):
        """A <- theta A + x: one e-mail a week, surely noticed, at a match of 1 leaves (1 - theta^t) / (1 - theta)."""
        world = remake(
            every.vary(fragmentation=0),
            attention=SURE,
            market={"noise": 1e-9},
            channels={"email": {"retention": 0.6, "soft_bounce": 0.0, "unsubscribe": 0.0}},
        )
        plan = Plan(flights=[Flight("email", 1e9, cap=1)], weeks=30)
        _weeks, flights = trace(world, plan, consenting(world))
        assert (flights["noticed"] == 1).all()
        stock = flights["stock"][:, 0]
        assert stock == pytest.approx((1 - 0.6 ** np.arange(1, 31)) / (1 - 0.6), rel=1e-5)
        assert stock[-1] == pytest.approx(2.5, rel=1e-5)

    @pytest.mark.parametrize("exponent", [0.7, 1.0, 2.5])
    def test_hill(self, every, remake, exponent):
        """S = A^s / (A^s + h^s): one half at h, towards 1 beyond."""
        email = {
            "retention": 0.5,
            "half_saturation": 1.0,
            "exponent": exponent,
            "persuasion": 2.0,
            "warm": 1.0,
        }
        world = remake(
            every.vary(fragmentation=0),
            attention=SURE,
            market={"noise": 1e-9},
            channels={"email": {**email, "soft_bounce": 0.0, "unsubscribe": 0.0}},
        )
        plan = Plan(flights=[Flight("email", 1e9, cap=40)], weeks=12, lawful=False)
        place = consenting(world)
        once = Plan(flights=[Flight("email", 1e9, cap=1)], weeks=1)
        first, _flights = trace(world, once, place)
        assert first["pull"][0] == pytest.approx(2.0 / 2)
        weeks, flights = trace(world, plan, place)
        raised = flights["stock"][:, 0] ** exponent
        assert weeks["pull"] == pytest.approx(2.0 * raised / (raised + 1), rel=1e-5)
        assert weeks["pull"][-1] == pytest.approx(2.0, rel=0.1)


class TestNothing:
    @pytest.mark.parametrize("seed", range(4))
    def test_a_message_that_does_nothing(self, every, remake, seed):
        """No persuasion and no click: tens of thousands of contacts, and both runs are alike customer by customer."""
        world = remake(every, channel={"persuasion": 0.0, "click": 0.0})
        flights = [
            *(Flight("social", 600_000, to=name) for name in world.recipe.segments),
            Flight("television", 3_000_000), Flight("email", 900_000), Flight("viral", 900_000),
            Flight("seo", 9_000_000), Flight("phone", 9_000_000, after="open"), Flight("affiliate", 900_000),
        ]  # fmt: skip
        outcome = simulate(world, Plan(flights=flights, weeks=8), seed)
        assert outcome.kpis()["contacts"] > 50_000
        for name in ("visits", "orders", "revenue", "margin", "advocated", "told"):
            assert np.array_equal(outcome.totals[name], outcome.baseline.totals[name]), name
        assert outcome.kpis()["incremental_orders"] == 0
        assert outcome.expected_profit == -outcome.cost

    def test_lift_of_nothing_is_zero_on_average(self, fashion, remake):
        world = remake(fashion, channel={"persuasion": 0.0, "click": 0.0})
        plan = Plan(flights=[Flight("television", 3_000_000)], weeks=8, holdout=0.5)
        inside = sum((lift := simulate(world, plan, seed).lift()).low <= 0 <= lift.high for seed in range(60))
        assert inside >= 52  # of 60 intervals of 95%: 1 in 1,000 runs has fewer


class TestBuyTillYouDie:
    """BG/NBD with r = .2426, alpha = 4.4135, a = .7929, b = 2.4258 over 39 weeks (Fader, Hardie and Lee 2005)."""

    @pytest.fixture
    def newcomers(self, monkeypatch):
        """Make everybody new at week 0: nobody has dropped out, so rates and drop-outs are as they were drawn."""
        real = region.ground_of

        def fresh(world, where):
            ground = real(world, where)
            ground.people["alive"] = 1
            return ground

        monkeypatch.setattr(region, "ground_of", fresh)

    @pytest.mark.parametrize("conversion", [1.0, 0.3])
    def test_counts(self, newcomers, fashion, remake, conversion):
        world = remake(
            fashion,
            customers=20_000,
            repeat={"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258},
            segment={"conversion": conversion, "mobile_conversion": 1.0},
            season=1.0,
            advocacy={"persuasion": 0.0, "bond": 1.0},
        )
        outcome = simulate(world, Plan(weeks=39), 1)
        orders = outcome.totals["orders"]
        assert orders.mean() == pytest.approx(1.1967, abs=4 * orders.std() / math.sqrt(orders.size))
        assert (orders == 0).mean() == pytest.approx(0.5738, abs=4 * math.sqrt(0.25 / orders.size))
        assert outcome.expected["orders"] / orders.size == pytest.approx(1.1967, abs=0.06)


class TestCascade:
    def test_total_over_seeds(self, every, remake, monkeypatch):
        """K = .3 who share x 10 friends x .2 who get it = .6: each seed makes 1 / (1 - K) = 2.5 contacts.

        Nobody passes it on twice: of the 75 contacts that 30 seeds make among 5,000 people, three quarters of a
        hundredth meet somebody who had it before, which takes a hundredth off the total. The test sees a tenth.
        """
        real, friends, k = region.ground_of, 10, 0.6
        world = remake(
            every,
            attention=SURE,
            customers=20_000,
            channels={"viral": {"share": 0.3, "pass_on": 0.2, "reach": 1.0, "persuasion": 0.0, "click": 0.0}},
        )

        def mixed(world, where):
            ground, n = real(world, where), where.size
            ties = np.zeros(n * friends, TIE)
            step = np.random.default_rng(where.number).integers(1, n, ties.size)
            ties["friend"] = (np.repeat(np.arange(n), friends) + step) % n
            ties["closeness"] = CLOSEST
            people = ground.people.copy()
            people["begin"], people["degree"] = np.arange(n) * friends, friends
            return replace(ground, people=people, ties=ties)

        monkeypatch.setattr(region, "ground_of", mixed)
        price = world.recipe.channels["viral"].price_per_thousand.value
        weeks = 25  # hardly a cascade lasts longer
        plan = Plan(flights=[Flight("viral", 0.12 * price, schedule=(1, *[0] * (weeks - 1)))], weeks=weeks)
        table = sum(simulate(world, plan, seed).channels()[["contacts", "told"]] for seed in range(40)).loc[
            "viral"
        ]
        seeds = table["contacts"] - table["told"]
        assert seeds == pytest.approx(120 * 40, rel=0.06)
        # A seed's offspring have the mean K and the variance .3 * 5.6 - K^2; all descendants that over (1 - K)^3.
        spread = math.sqrt((0.3 * 5.6 - k**2) / (1 - k) ** 3 / seeds)
        assert table["contacts"] / seeds == pytest.approx(1 / (1 - k), abs=4 * spread)

    def test_without_a_reward_a_prewritten_text_spreads_it_further(self, every):
        told = [
            simulate(
                every, Plan(flights=[Flight("viral", 600_000, message=Message(prewritten=ready))], weeks=8), 3
            )
            .channels()
            .loc["viral", "told"]
            for ready in (False, True)
        ]
        assert 0 < told[0] < told[1]


class TestBass:
    """Complete mixing, hazard p + qF: a limit that no circle of friends reaches."""

    def test_closed_form_and_peak(self):
        assert bass_peak(0.03, 0.38) == pytest.approx(6.19, abs=0.005)
        time = np.linspace(0, 20, 20_001)
        share = bass_share(0.03, 0.38, time)
        hazard = np.gradient(share, time) / (1 - share)
        assert hazard[1:-1] == pytest.approx((0.03 + 0.38 * share)[1:-1], rel=1e-4)
        assert time[np.gradient(share, time).argmax()] == pytest.approx(bass_peak(0.03, 0.38), abs=0.01)

    def test_the_error_falls_with_the_step(self):
        steps = [1.0, 0.5, 0.25, 0.125, 0.0625]
        runs = [bass(0.03, 0.38, 20, step) for step in steps]
        errors = [(run["share"] - run["exact"]).abs().max() for run in runs]
        for coarse, fine in pairwise(errors):
            assert fine == pytest.approx(coarse / 2, rel=0.1)  # half the step, half the error
        peaks = [abs(run["new"].idxmax() - step / 2 - 6.19) for run, step in zip(runs, steps, strict=True)]
        assert peaks[-1] < 0.1 < peaks[0]

    def test_without_imitation_it_is_exact(self):
        run = bass(0.1, 0.0, 12, 1.0)
        assert run["share"].to_numpy() == pytest.approx(run["exact"].to_numpy())
        assert bass_peak(0.1, 0.05) == 0

    @pytest.mark.parametrize(
        "wrong",
        [
            {"p": 0}, {"p": -0.1}, {"p": 1.1}, {"p": math.nan}, {"p": "1"}, {"q": -1}, {"q": math.inf}, {"q": None},
            {"periods": 0}, {"periods": -3}, {"step": 0}, {"step": 30}, {"step": 1e-9}, {"step": True},
        ],
    )  # fmt: skip
    def test_what_is_no_diffusion(self, wrong):
        with pytest.raises(AnswerError):
            bass(**{"p": 0.03, "q": 0.38, "periods": 20, "step": 1.0} | wrong)
        with pytest.raises(AnswerError):
            bass_share(0.03, 0.38, [-1.0])


def same(one: Outcome, other: Outcome) -> bool:
    """Return whether two runs agree customer by customer, to the bit."""
    return (
        all(np.array_equal(one.totals[k], other.totals[k]) for k in one.totals)
        and all(np.array_equal(one.first[k], other.first[k]) for k in one.first)
        and np.array_equal(one.part.flights, other.part.flights)
        and one.expected == other.expected
        and one.kpis().equals(other.kpis())
    )


class TestSameSeedSameBits:
    @pytest.mark.parametrize("threads", [2, 4])
    def test_threads_change_nothing(self, every, remake, threads):
        world = remake(every, customers=16_000)
        flights = [Flight("social", 600_000, to="trend"), Flight("television", 5_000_000), Flight("email", 900_000),
                   Flight("referral", 900_000, reward=20_000), Flight("viral", 300_000)]  # fmt: skip
        plan = Plan(flights=flights, holdout=0.1, weeks=6)
        assert len(world.regions) == 4
        assert same(simulate(world, plan, 9, threads=1), simulate(world, plan, 9, threads=threads))

    def test_again_is_the_same_and_another_seed_is_not(self, fashion):
        plan = Plan(flights=[Flight("social", 600_000, to="trend")])
        assert same(simulate(fashion, plan, 1), simulate(fashion, plan, np.int64(1)))
        assert not same(simulate(fashion, plan, 1), simulate(fashion, plan, 2))
