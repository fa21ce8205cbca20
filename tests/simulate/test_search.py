"""Plans that are looked for: on paper where it can be, and by what must hold of any search."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from narrowcast.campaigns import Flight, Message, Offer, Plan
from narrowcast.errors import PlanError, UnknownName
from narrowcast.simulate import simulate
from narrowcast.simulate.best import best_known
from narrowcast.simulate.openings import Diary, Openings, possible_flights
from narrowcast.simulate.returns import CURVES, marginal_returns
from narrowcast.simulate.search import best_found, climb, exchange, polish, spread_out
from narrowcast.simulate.trials import FIRST_MARKING_SEED, VALIDATION, Trials, worth
from narrowcast.worlds import open_world

BUDGET = 2_000_000
EVERY = (
    "email", "phone", "sms", "post", "referral", "viral", "qr", "seo", "affiliate", "radio", "press",
)  # fmt: skip


class Paper:
    """A market on paper: what a plan is worth is a function of the money of its flights."""

    def __init__(self, world, value, openings):
        self.world, self.seeds, self.runs = world, (1,), 0
        self._value, self._openings = value, openings

    def worth(self, plan):
        self.runs += 1
        shares = self._openings.shares(plan)
        return float(self._value(shares) - 1.0 * shares.sum())

    def all(self, plans):
        return [self.worth(plan) for plan in plans]


@pytest.fixture(scope="module")
def market():
    return open_world("hcmc-fashion", customers=2_000)


@pytest.fixture(scope="module")
def openings(market):
    """Four flights, none of the same name."""
    whole = Openings.of(market, 1_000_000, 4, channels=["social", "search"])
    return replace(whole, flights=whole.flights[:4])


@pytest.fixture(scope="module")
def many(market):
    return market.with_media(*EVERY)


@pytest.fixture(scope="module")
def known(market):
    return best_known(market, BUDGET, seeds=(5, 6), evaluations=60)


class TestPossibleFlights:
    def test_every_way_to_spend(self, market):
        assert len(possible_flights(market)) == 1 + 3 * 3
        assert possible_flights(market, ["social"]) == [("social", s) for s in market.recipe.segments]

    def test_what_is_sent_or_shared_can_go_to_everybody(self, many):
        pairs = possible_flights(many, ["email", "referral", "seo", "radio", "display"])
        everybody = {channel for channel, segment in pairs if segment is None}
        assert everybody == {"email", "referral", "seo", "radio"}

    def test_an_unknown_channel_is_told(self, market):
        with pytest.raises(UnknownName, match="no channel 'socail'"):
            possible_flights(market, ["socail"])

    def test_every_opening_fits_the_market(self, many):
        openings = Openings.of(many, BUDGET, 4, follow=True)
        for flight in openings.flights:
            Plan(flights=[replace(flight, spend=1)]).fits(many)
        assert {flight.after for flight in openings.flights} == {None, "open", "click", "visit"}


class TestTrials:
    @pytest.mark.parametrize("seed", [1, 2])
    def test_worth_is_the_outcomes_expected_profit(self, market, seed):
        plan = Plan(flights=[Flight("social", 700_000, to="loyal"), Flight("television", 300_000)])
        assert worth(market, plan, [seed]) == pytest.approx(
            simulate(market, plan, seed).expected_profit, abs=1
        )

    def test_a_mean_over_seeds(self, market):
        plan = Plan(flights=[Flight("social", 700_000, to="loyal")])
        assert worth(market, plan, (1, 2)) == pytest.approx(
            (worth(market, plan, (1,)) + worth(market, plan, (2,))) / 2
        )

    def test_nothing_is_worth_nothing(self, market):
        assert worth(market, Plan(), (1, 2)) == 0

    def test_an_edition_is_paid_for(self, market):
        plain = Plan(flights=[Flight("social", 1, to="loyal")])
        special = Plan(flights=[Flight("social", 1, to="loyal", offer=Offer("loyal"))])
        assert worth(market, special, (1,)) < worth(market, plain, (1,)) - 0.9 * market.edition_cost

    def test_a_part_of_the_market_stands_for_all(self):
        """Sums are scaled up: 5,000 of 10,000 people promise about what all do, at the same cost."""
        world = open_world("hcmc-fashion", customers=10_000)
        plan = Plan(
            flights=[Flight("social", 3_000_000, to="loyal"), Flight("search", 1_000_000, to="loyal")]
        )
        whole, part = Trials(world, (1,)).worth(plan), Trials(world, (1,), people=5_000).worth(plan)
        assert part == pytest.approx(whole, rel=0.35)
        unmet = Plan(flights=[Flight("social", 3_000_000, to="bargain", message=Message("trend", 0.0))])
        lost = (-Trials(world, (1,), people=n).worth(unmet) for n in (5_000, 10_000))
        assert all(0 < loss <= 3_000_000 or loss <= 0 for loss in lost)

    def test_side_by_side_is_one_after_the_other(self, market):
        plans = [Plan(flights=[Flight("social", spend, to="loyal")]) for spend in range(1, 900_000, 100_000)]
        alone = [Trials(market, (1,)).worth(plan) for plan in plans]
        assert Trials(market, (1,)).all(plans) == alone

    @pytest.mark.parametrize("objective", ["orders", "advocates", "recognition"])
    def test_other_objectives_count_what_was_added(self, market, objective):
        plan = Plan(flights=[Flight("social", 2_000_000, to="loyal")])
        trials = Trials(market, (1,), objective=objective)
        assert trials.worth(Plan()) == 0
        assert trials.worth(plan) > 0

    def test_recognition_counts_people(self, market):
        plan = Plan(flights=[Flight("social", 2_000_000, to="loyal")])
        value = Trials(market, (1,), objective="recognition").worth(plan)
        assert value == pytest.approx(simulate(market, plan, 1).kpis()["recognition"] * market.size)


class TestOnPaper:
    """Where worth is a formula, the best split is known."""

    def test_square_roots_share_as_their_weights_squared(self, market, openings):
        """Sum of w sqrt(x) under a budget is greatest at x proportional to w squared."""
        weights = np.array([2.0, 3.0, 1.0, 0.0]) * 10
        paper = Paper(market, lambda x: float(weights @ np.sqrt(x)), openings)
        best = weights**2 / (weights**2).sum()
        assert climb(openings, paper) == pytest.approx(best, abs=0.05)
        assert exchange(openings, np.array([0, 0, 0, 1.0]), paper) == pytest.approx(best, abs=0.05)

    def test_money_that_brings_less_than_it_costs_is_not_spent(self, market, openings):
        paper = Paper(market, lambda x: float(np.minimum(x, 0.2).sum() * 2), replace(openings))
        assert climb(openings, paper).sum() == pytest.approx(0.8)
        useless = Paper(market, lambda x: 0.5 * float(x.sum()), openings)
        assert climb(openings, useless).sum() == 0
        assert exchange(openings, np.array([0.5, 0.5, 0, 0]), useless).sum() == 0

    def test_a_threshold_is_leapt_over(self, market, openings):
        paper = Paper(market, lambda x: 5.0 * float(x[2] >= 0.2) + 1.2 * float(x[0]), openings)
        assert climb(openings, paper)[2] >= 0.2

    def test_channels_that_help_one_another_are_found_by_exchange(self, market, openings):
        """A product of all is nothing as long as one is missing: no single part leads there."""
        paper = Paper(market, lambda x: 1_000 * float(np.prod(x)) + 2 * float(x[0]), openings)
        begun = np.array([0.7, 0.1, 0.1, 0.1])
        assert climb(openings, paper)[0] == 1
        assert exchange(openings, begun, paper) == pytest.approx([0.25] * 4, abs=0.05)

    def test_stale_bounds_save_runs_and_change_nothing(self, market, openings):
        """Where gains only fall, the accelerated search gives what trying everything would."""
        weights = np.array([2.0, 3.0, 1.0, 0.5]) * 10
        paper = Paper(market, lambda x: float(weights @ np.log1p(9 * x)), openings)
        held = np.zeros(4)
        for _part in range(20):
            gains = [
                weights[i] * np.log1p(9 * (held[i] + 0.05)) - weights[i] * np.log1p(9 * held[i])
                for i in range(4)
            ]
            held[int(np.argmax(gains))] += 0.05
        assert climb(openings, paper, leaps=(1,)) == pytest.approx(held)
        assert paper.runs < 20 * 4


class TestInMarkets:
    def test_it_beats_an_equal_split_and_keeps_to_the_budget(self, market):
        found, value = best_found(market, BUDGET, 4, (7_001, 7_002))
        naive = Plan(flights=[Flight(c, BUDGET / 10, to=s) for c, s in possible_flights(market)])
        assert found.cost(market) <= BUDGET
        assert value == worth(market, found, (7_001, 7_002)) > worth(market, naive, (7_001, 7_002))

    def test_craft_only_adds(self, market):
        trials = Trials(market, (1,))
        plan = Plan(flights=[Flight("social", 1_000_000, to="loyal")])
        better = polish(plan, trials)
        assert trials.worth(better) >= trials.worth(plan)
        assert better.budget == plan.budget

    def test_a_message_nobody_needs_is_spared(self, market):
        """A budget of nearly nothing buys nothing worth having, and no fault is made of it."""
        found, value = best_found(market, 1, 4, (7_001,))
        assert found.budget <= 1
        assert value >= -1

    @pytest.mark.parametrize("channel", EVERY)
    def test_every_kind_of_channel(self, many, channel):
        trials = Trials(many, (1,))
        openings = Openings.of(many, BUDGET, 4, channels=[channel])
        shares = climb(openings, trials, parts=4, leaps=(1,))
        assert 0 <= shares.sum() <= 1 + 1e-9
        assert trials.worth(openings.plan(shares)) >= 0

    def test_no_more_is_sent_than_there_are_addresses(self, many):
        """Money beyond what can be sent adds nothing, so it is kept."""
        trials = Trials(many, (1,))
        openings = Openings.of(many, 1_000 * BUDGET, 4, channels=["email"])
        assert climb(openings, trials).sum() < 1

    def test_all_channels_together(self, many):
        openings = Openings.of(
            many, BUDGET, 2, channels=["television", "social", "email", "qr", "seo", "phone"]
        )
        plan = spread_out(openings, Trials(many, (1,)), Diary(), parts=4, leaps=(1,))
        plan.fits(many)
        assert plan.budget <= BUDGET


class TestBestKnown:
    def test_it_keeps_to_the_budget_and_is_lawful(self, market, known):
        known.plan.fits(market)
        assert known.plan.cost(market) <= BUDGET
        assert (known.plan.holdout, known.plan.weeks, known.plan.lawful) == (0, 4, True)

    def test_its_worth_is_what_the_seeds_say(self, market, known):
        assert known.worth == pytest.approx(worth(market, known.plan, (5, 6)))
        assert known.worth > known.naive
        assert known.worth > 0

    def test_the_same_again_to_the_bit(self, market, known):
        np.random.seed(3)  # noqa: NPY002 - luck of the process has no say
        before = np.random.get_state()[1].copy()  # noqa: NPY002
        again = best_known(market, BUDGET, seeds=(5, 6), evaluations=60)
        assert (again.plan, again.worth) == (known.plan, known.worth)
        assert again.trace.equals(known.trace)
        assert (np.random.get_state()[1] == before).all()  # noqa: NPY002 - and is left alone

    def test_the_trace_tells_every_step(self, known):
        assert list(known.trace) == ["way", "what", "spend", "worth"]
        finalists = known.trace[known.trace["way"] == "finalist"]
        assert finalists["worth"].max() == known.worth
        assert "nothing" in set(finalists["what"])

    def test_more_trials_never_find_less_on_their_own_luck(self, market):
        one, two = (best_known(market, BUDGET, seeds=VALIDATION[:1], evaluations=n) for n in (0, 80))
        assert two.worth >= one.worth

    def test_a_better_plan_that_is_known_wins(self, market, known):
        better = replace(known.plan, name="teacher's", holdout=0.2)
        again = best_known(
            market, BUDGET, seeds=(5, 6), evaluations=0, channels=["television"], known=[better]
        )
        assert again.plan.name == "teacher's"
        assert again.worth == known.worth

    def test_equals_go_by_name(self, market, known):
        twins = [replace(known.plan, name=name) for name in ("b", "a", "c")]
        again = best_known(market, BUDGET, seeds=(5, 6), evaluations=0, channels=["television"], known=twins)
        assert again.plan.name == "a"

    def test_what_brings_less_than_it_costs_is_left(self, remake, market):
        """Where nobody can be moved, the best plan is to do nothing."""
        dull = remake(market, channel={"persuasion": 0.0, "click": 0.0})
        found = best_known(dull, BUDGET, evaluations=20)
        assert found.worth == 0
        assert found.plan.budget == 0

    @pytest.mark.parametrize("objective", ["orders", "recognition"])
    def test_other_objectives(self, market, objective):
        found = best_known(
            market, BUDGET, objective=objective, evaluations=0, channels=["social", "television"]
        )
        assert found.worth >= found.naive
        assert found.plan.objective == objective

    @pytest.mark.parametrize(
        ("arguments", "error", "said"),
        [
            ({"budget": 0}, PlanError, "budget is 0"),
            ({"budget": True}, PlanError, "budget is True"),
            (
                {"budget": 1.5},
                PlanError,
                "budget is 1.5; it must be a whole number from 1 to 1,000,000,000,000,000",
            ),
            ({"budget": 2.5e6 + 0.5}, PlanError, "budget is 2,500,000.5;"),
            ({"budget": float("nan")}, PlanError, "budget is nan"),
            ({"seeds": 5}, PlanError, "seeds is 5; it must be a list"),
            ({"weeks": 53}, PlanError, "weeks is 53"),
            ({"evaluations": -1}, PlanError, "evaluations is -1"),
            ({"seeds": ()}, PlanError, "seeds is empty"),
            ({"seeds": (-1,)}, PlanError, "seeds is -1"),
            ({"objective": "fame"}, UnknownName, "fame"),
            ({"channels": ["niche"]}, UnknownName, "niche"),
            ({"channels": []}, PlanError, "no channel"),
            ({"known": ["me"]}, PlanError, "'me' is no plan"),
            ({"known": [Plan(flights=[Flight("television", BUDGET + 1)])]}, PlanError, "costs 2,000,001"),
            ({"known": [Plan(weeks=5)]}, PlanError, "runs 5 weeks"),
            ({"known": [Plan(lawful=False)]}, PlanError, "lawful"),
            ({"known": [Plan(flights=[Flight("niche", 1)])]}, UnknownName, "niche"),
        ],
    )
    def test_what_cannot_be_searched_is_told(self, market, arguments, error, said):
        with pytest.raises(error, match=said):
            best_known(market, **({"budget": BUDGET} | arguments))

    def test_a_whole_number_may_be_a_float(self, market):
        """As a flight's money may: 13e6 is quickly written."""
        one, two = (
            best_known(market, budget, seeds=seeds, evaluations=0, channels=["television"])
            for budget, seeds in ((BUDGET, (5,)), (float(BUDGET), (5.0,)))
        )
        assert one == two
        assert {type(seed) for seed in two.seeds} == {int}
        assert (
            marginal_returns(market, float(BUDGET), steps=2, channels=["television"])["spend"].max() == BUDGET
        )

    def test_it_needs_a_world(self):
        with pytest.raises(PlanError, match="is no world"):
            best_known("hcmc-fashion", BUDGET)

    def test_luck_of_three_kinds_never_meets(self):
        assert all(1_000 <= seed < FIRST_MARKING_SEED for seed in VALIDATION)


class TestReturns:
    def test_curves_add_up(self, market):
        curves = marginal_returns(market, BUDGET, steps=4)
        assert list(curves) == list(CURVES)
        assert set(curves["on"]) == {"nothing"}
        for _name, curve in curves.groupby("flight"):
            steps = np.diff(np.append(0, curve["spend"]))
            assert (curve["marginal"] * steps).cumsum().to_numpy() == pytest.approx(curve["value"].to_numpy())
        one = curves[(curves["flight"] == "social/loyal") & (curves["spend"] == BUDGET)]
        plan = Plan(flights=[Flight("social", BUDGET, to="loyal")])
        assert one["value"].item() == pytest.approx(worth(market, plan, (0,)))

    def test_on_top_of_a_plan(self, market):
        plan = Plan("mine", [Flight("social", 700_001, to="loyal"), Flight("television", 300_000)])
        curves = marginal_returns(market, BUDGET, steps=4, plan=plan)
        mine = curves[curves["on"] == "the plan"].set_index(["flight", "spend"])["value"]
        rest = Plan(flights=[Flight("television", 300_000)])
        added = worth(market, plan, (0,)) - worth(market, rest, (0,))
        assert mine["social/loyal", 700_001] == pytest.approx(added)
        assert ("display/loyal", BUDGET) in mine.index

    def test_the_best_plan_leaves_no_flight_that_costs_more_than_it_brings(self, known):
        curves = known.curves[known.curves["on"] == "the plan"].set_index(["flight", "spend"])["value"]
        assert all(curves[flight.name, flight.spend] >= 0 for flight in known.plan.flights)

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            ({"budget": 0}, "budget is 0"), ({"steps": 0}, "steps is 0"), ({"seed": -1}, "seed is -1"),
            ({"weeks": 0}, "weeks is 0"), ({"plan": "mine"}, "is no plan"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_drawn_is_told(self, market, arguments, said):
        with pytest.raises(PlanError, match=said):
            marginal_returns(market, **({"budget": BUDGET} | arguments))
