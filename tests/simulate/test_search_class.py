"""The plan that a class is marked by: good in each student's market, and the same whoever else is marked."""

from __future__ import annotations

import os
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Message, Offer, Plan
from narrowcast.simulate import search, simulate
from narrowcast.simulate.balance import GRAIN, balanced
from narrowcast.simulate.openings import Openings
from narrowcast.simulate.search import best_found, plan_found
from narrowcast.simulate.trials import Trials, worth
from narrowcast.worlds import World, open_world
from narrowcast.worlds.blueprint import Blueprint

BUDGET, WEEKS, SEEDS = 5_000_000, 4, (7_501, 7_502)
STUDENTS = ("an", "bình", "chi", "dũng")


def opened(student: str | None = None, customers: int = 5_000) -> World:
    return open_world("hcmc-fashion", student=student, salt="test" if student else "", customers=customers)


@pytest.fixture
def afresh():
    """Forget what was searched before and after."""
    caches = (search.best_found.cache_clear, search.plan_found.cache_clear, search.searched.cache_clear)

    def forget() -> None:
        for clear in (*caches, search._KNOWN.clear):
            clear()

    forget()
    yield forget
    forget()


class Paper:
    """A market on paper: what a plan is worth is a function of the shares of its flights."""

    def __init__(self, value, openings):
        self.runs, self._value, self._openings = 0, value, openings

    def worth(self, plan):
        self.runs += 1
        shares = self._openings.shares(plan)
        return float(self._value(shares) - shares.sum())

    def all(self, plans):
        return [self.worth(plan) for plan in plans]


@pytest.fixture(scope="module")
def openings():
    """Four flights, none of the same name."""
    whole = Openings.of(opened(), 1_000_000, WEEKS, channels=["social", "search"])
    return replace(whole, flights=whole.flights[:4])


class TestBalanced:
    """Where worth is a formula, the best split is known."""

    def test_square_roots_share_as_their_weights_squared(self, openings):
        weights = np.array([2.0, 3.0, 1.5, 0.5]) * 10
        paper = Paper(lambda x: float(weights @ np.sqrt(x)), openings)
        best = weights**2 / (weights**2).sum()
        found = balanced(openings, best + np.array([0.05, -0.05, -0.02, 0.02]), paper)
        assert found == pytest.approx(best, abs=0.025)

    def test_on_parabolas_one_step_is_enough(self, openings):
        slope, bend = np.array([4.0, 3.5, 3.0, 1.2]), np.array([6.0, 4.0, 5.0, 3.0])
        paper = Paper(lambda x: float(slope @ x - bend @ x**2 / 2), openings)
        found = balanced(openings, np.full(4, 0.25), paper)
        more = [
            found + (np.eye(4)[i] - np.eye(4)[j]) / GRAIN
            for i in range(4)
            for j in range(4)
            if i != j and found[j] >= 1 / GRAIN
        ]
        value = paper._value(found) - found.sum()
        assert all(paper._value(x) - x.sum() <= value + 1e-3 for x in more)
        assert paper.runs <= 40

    def test_money_that_brings_less_than_it_costs_is_left(self, openings):
        useless = Paper(lambda x: 0.5 * float(x.sum()), openings)
        assert balanced(openings, np.array([0.5, 0.5, 0, 0]), useless).sum() == 0

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(st.floats(0, 1), min_size=4, max_size=4),
        st.lists(st.floats(-5, 5), min_size=4, max_size=4),
        st.lists(st.floats(-9, 9), min_size=4, max_size=4),
    )
    def test_never_worse_never_dearer(self, openings, begun, slope, bend):
        """Whatever the market looks like: hollow, falling, or flat."""
        x0 = np.floor(np.array(begun) / max(sum(begun), 1) * GRAIN) / GRAIN
        paper = Paper(lambda x: float(np.array(slope) @ x - np.array(bend) @ x**2), openings)
        found = balanced(openings, x0, paper)
        assert found.min() >= 0
        assert found.sum() <= 1 + 1e-9
        assert paper.worth(openings.plan(found)) >= paper.worth(openings.plan(x0)) - 1e-9


class TestTrials:
    @pytest.mark.parametrize("holdout", [0.0, 0.3])
    def test_the_short_way_is_the_outcomes_profit(self, holdout):
        """With nobody held out no outcome is made; it comes to the same."""
        world = opened().with_media("email", "referral")
        flights = [
            Flight("social", 700_000, to="loyal"),
            Flight("search", 300_000, to="trend"),
            Flight("email", 50_000),
            Flight("referral", 90_000, reward=20_000),
        ]
        plan = Plan(flights=flights, holdout=holdout)
        profit = simulate(world, plan, 11).expected_profit
        assert worth(world, plan, (11,)) == pytest.approx(profit, abs=1)
        assert profit != 0

    def test_regions_add_up_and_stand_alone(self):
        """What is earned in a region does not depend on which others are run; addresses, editions, fees are shared."""
        world = opened(customers=10_000).with_media("email")
        flights = [Flight("social", 700_000, to="loyal"), Flight("email", 9_000_000)]
        plan = Plan(flights=[*flights, Flight("search", 90_000, to="loyal", offer=Offer("loyal"))])
        whole, first = Trials(world, ()), Trials(world, (), people=5_000)
        parts = whole.by_region(plan, 5)
        assert parts.shape == (2,)
        assert parts.sum() == pytest.approx(whole.once(plan, 5))
        assert parts.sum() == pytest.approx(simulate(world, plan, 5).expected_profit, abs=1)
        paid = replace(
            plan, flights=(plan.flights[0], plan.flights[2])
        )  # what is sent is capped for all together
        # A bill above what may be spent is cut for all regions together, so alone a region pays a little more.
        alone, among = first.by_region(paid, 5)[0] * first._share, whole.by_region(paid, 5)[0]
        bill = sum(flight.spend for flight in paid.flights) * first._share
        assert among - 0.05 * bill < alone <= among
        assert (whole.by_region(Plan(), 5) == 0).all()

    def test_threads_as_the_environment_says(self, monkeypatch):
        monkeypatch.setattr(os, "cpu_count", lambda: 3)
        for said, threads in (("", 3), ("1", 1), ("0", 1), ("many", 3), ("-2", 3)):
            monkeypatch.setenv("NARROWCAST_THREADS", said)
            assert Trials(opened(), ())._threads == threads

    def test_any_number_of_threads(self):
        world, plans = opened(), [Plan(flights=[Flight("social", n, to="loyal")]) for n in (9, 900, 90_000)]
        alone, beside = (Trials(world, (1,), threads=n).all(plans) for n in (1, 3))
        assert alone == beside


class TestStudents:
    def test_as_good_as_a_search_in_their_own_market(self, afresh):
        """Measured in the whole market, on luck that no search has seen."""
        ratios = []
        for student in STUDENTS:
            world = opened(student, 10_000)
            own = search.searched(world, BUDGET, WEEKS, craft=False)
            ratios.append(worth(world, plan_found(world, BUDGET, WEEKS), SEEDS) / worth(world, own, SEEDS))
        assert min(ratios) > 0.97
        assert np.mean(ratios) > 0.99

    def test_it_keeps_to_the_budget_and_fits(self):
        for student in STUDENTS:
            world = opened(student)
            plan = plan_found(world, BUDGET, WEEKS)
            plan.fits(world)
            assert plan.cost(world) <= BUDGET
            assert plan.weeks == WEEKS

    def test_the_same_whoever_was_before(self, afresh, monkeypatch):
        forwards = {name: plan_found(opened(name), BUDGET, WEEKS) for name in STUDENTS}
        afresh()
        monkeypatch.setattr(os, "cpu_count", lambda: 1)
        plan_found(opened("somebody else"), 2 * BUDGET, WEEKS)
        backwards = {name: plan_found(opened(name), BUDGET, WEEKS) for name in reversed(STUDENTS)}
        assert forwards == backwards

    def test_everybodys_market_is_searched_once_for_all(self, afresh):
        for student in STUDENTS:
            plan_found(opened(student), BUDGET, WEEKS)
        assert search.searched.cache_info().misses == 1

    def test_what_another_process_searched_is_taken(self, afresh):
        plan = plan_found(opened("an"), BUDGET, WEEKS)
        known = search.plans_known()
        afresh()
        search.know_plans(known)
        assert plan_found(opened("an"), BUDGET, WEEKS) == plan
        assert search.searched.cache_info().misses == 0

    def test_worth_is_of_the_whole_market(self):
        world = opened("an", 10_000)
        plan, value = best_found(world, BUDGET, WEEKS, SEEDS)
        assert plan == plan_found(world, BUDGET, WEEKS)
        assert value == worth(world, plan, SEEDS)

    def test_craft_only_adds(self):
        world = opened("chi")
        plain, worked = (
            worth(world, plan_found(world, BUDGET, WEEKS, craft=craft), SEEDS) for craft in (False, True)
        )
        assert worked > plain


class TestOtherMarkets:
    def test_where_another_segment_is_worth_more_the_market_is_searched(self, afresh):
        """A student's market that is quite another: nothing is left of what the foremost segment buys."""
        first = plan_found(opened(), BUDGET, WEEKS).flights[-1].message.to
        world = opened("an")
        segments = dict(world.recipe.segments)
        poor = segments[first].margin_rate.model_copy(update={"value": 0.01})
        segments[first] = segments[first].model_copy(update={"margin_rate": poor})
        recipe = world.recipe.model_copy(update={"segments": segments})
        turned = World(recipe, None, world.seed, "an", Blueprint(recipe, world.size, world.seed))
        plan = plan_found(turned, BUDGET, WEEKS)
        assert first not in {flight.message.to for flight in plan.flights}
        assert worth(turned, plan, SEEDS) > worth(turned, plan_found(world, BUDGET, WEEKS), SEEDS)

    def test_a_varied_market_is_searched_by_itself(self, afresh):
        own = opened("an")
        varied = own.with_media("email")
        plan_found(varied, BUDGET, WEEKS)
        assert search._everybodys(varied) is None
        assert search._everybodys(own.vary(precision=0.2)) is None
        assert search._everybodys(own) is not None

    def test_a_recipe_of_ones_own_is_searched_by_itself(self):
        world = opened("an")
        recipe = world.recipe.model_copy(update={"name": "nobody-knows"})
        own = World(recipe, None, world.seed, "an", Blueprint(recipe, world.size, world.seed))
        assert search._everybodys(own) is None
        assert plan_found(own, BUDGET, WEEKS).budget > 0

    def test_places_change_and_change_back(self):
        plan = Plan(
            flights=[
                Flight("television", 5, message="loyal"),
                Flight("social", 3, to="loyal"),
                Flight("social", 2, to="trend", message=Message("bargain")),
                Flight("search", 1, to="bargain"),
            ]
        )
        names = ["bargain", "loyal", "trend"]
        turned = search._turned(plan, names)
        assert len(turned) == 2
        for other in turned:
            assert other.budget == plan.budget
            assert plan in [replace(back, name=plan.name) for back in search._turned(other, names)]
