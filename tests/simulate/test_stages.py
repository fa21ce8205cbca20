"""The funnel of a run: nested stages, whoever came in from the side beside them, and no share above 1."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Plan
from narrowcast.measure import FUNNEL
from narrowcast.simulate import simulate
from narrowcast.worlds import open_world, world_names


@pytest.fixture(scope="module")
def worlds():
    return {name: open_world(name, customers=600) for name in world_names()}


@pytest.fixture(scope="module")
def done():
    """A market in which many come of their own accord, and half the advocates bought once."""
    world = open_world("farm-box", customers=6_000)
    return simulate(world, Plan(flights=[Flight("television", 300_000)], weeks=6, holdout=0.3), 2)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_share_is_above_1_in_any_world_under_any_plan(worlds, data):
    world = worlds[data.draw(st.sampled_from(world_names()))]
    names = data.draw(st.lists(st.sampled_from(sorted(world.recipe.channels)), unique=True, max_size=4))
    money = st.integers(0, 30 * world.size * 1_000)
    plan = Plan(
        flights=[Flight(name, data.draw(money)) for name in names],
        weeks=data.draw(st.integers(1, 12)),
        holdout=data.draw(st.sampled_from([0.0, 0.5])),
    )
    table = simulate(world, plan, data.draw(st.integers(0, 99))).funnel()
    shares = table[["from_previous", "from_first"]].to_numpy()
    assert ((shares >= 0) & (shares <= 1) | np.isnan(shares)).all()
    assert (table[["people", "through", "otherwise"]] >= 0).all(axis=None)
    assert (table["through"] + table["otherwise"]).equals(table["people"])
    assert table["through"].is_monotonic_decreasing


def test_stages_are_counted_person_by_person(done):
    table, people = done.funnel(), done.customers
    first, orders = done.first, done.totals["orders"]
    assert tuple(table.index) == FUNNEL
    assert table.loc["visited", "people"] == (people["visits"] > 0).sum()
    assert table.loc["advocate", "people"] == people["advocate"].sum() == done.kpis()["advocates"]
    saw = (people["noticed"] > 0).to_numpy()
    assert table.loc["visited", "through"] == (saw & (first["visits"] >= 0)).sum()
    assert table.loc["bought", "otherwise"] == (~saw & (orders > 0)).sum()
    everything = saw & (orders > 1) & people["advocate"].to_numpy()
    assert table.loc["advocate", "through"] == everything.sum()


def test_shares_of_plain_counts_would_have_passed_1(done):
    """So the property above is one that the old shares did not have."""
    people = done.funnel()["people"]
    assert people["advocate"] > people["bought_again"]
    assert people["visited"] > people["noticed"]


def test_a_run_that_kept_only_sums_has_the_same_funnel(done):
    sums = simulate(done.world, done.plan, done.seed, people=False)
    assert sums.part.customers is None
    assert sums.funnel().equals(done.funnel())


def test_nothing_done_reaches_nobody(done):
    table = done.baseline.funnel()
    assert table.loc["reached", "people"] == table["through"].sum() == 0
    assert table.loc["bought", "otherwise"] == table.loc["bought", "people"] > 0
    assert table[["from_previous", "from_first"]].isna().all(axis=None)
