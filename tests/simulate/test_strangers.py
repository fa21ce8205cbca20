"""People of purchased files count as people everywhere: in the figures and in the funnel alike."""

from __future__ import annotations

import numpy as np
import pytest

from narrowcast.campaigns import Flight, Plan
from narrowcast.simulate import simulate
from narrowcast.worlds import open_world

PLAN = Plan(
    "strangers",
    [Flight("email", 1_250_000, to="trend", files=["fashion-lovers"]), Flight("television", 500_000)],
    weeks=6,
)


@pytest.fixture(scope="module")
def world():
    return open_world("hcmc-fashion", customers=5_000).with_media("email")


@pytest.fixture(scope="module", params=["customers", "sums"])
def done(world, request):
    return simulate(world, PLAN, 1, people=request.param == "customers")


@pytest.fixture(scope="module")
def alone(world):
    plan = Plan("file", [Flight("email", 1_250_000, to="trend", files=["fashion-lovers"])], weeks=6)
    return simulate(world, plan, 1)


class TestPeopleOfPurchasedFiles:
    def test_whoever_is_reached_is_in_the_funnel(self, done):
        figures, people = done.kpis(), done.funnel()["people"]
        assert figures["new_customers"] > 0  # some of them come all the way
        assert people["reached"] == figures["reached"]
        assert people["advocate"] == figures["advocates"]

    def test_recognition_is_of_all_people(self, done, world):
        figures, people = done.kpis(), done.funnel()["people"]
        rows = round(world.recipe.files["fashion-lovers"].size.value * world.size)
        assert (
            0.8 * rows < done.part.strangers[0] < rows
        )  # some rows of a file are customers, or the same person
        whole = world.size + done.part.strangers[0]
        assert figures["recognition"] == pytest.approx(people["noticed"] / whole)

    def test_a_file_alone_is_reached_noticed_and_recognised(self, alone):
        figures, table = alone.kpis(), alone.funnel()
        assert figures["reached"] == table.loc["reached", "through"] > 0
        assert figures["recognition"] > 0
        assert 0 < table.loc["noticed", "through"] <= figures["noticed"]
        assert table.loc["bought", "through"] == figures["new_customers"]

    def test_stages_agree_with_what_was_summed(self, alone):
        people = alone._strangers[0]
        names = ("reached", "recognised", "visitors", "buyers", "repeat_buyers")
        from narrowcast.simulate.parts import TOTALS

        assert people[:5].tolist() == [alone.part.strangers[TOTALS.index(name)] for name in names]

    def test_without_a_file_nobody_is_added(self, world):
        run = simulate(world, Plan(flights=[Flight("television", 500_000)]), 1)
        assert not np.any(run._strangers)
        assert run.kpis()["recognition"] == (run.customers["noticed"] > 0).mean()


def test_a_file_many_times_the_market_leaves_customers_alone(remake):
    """More people than sixteen bits number live beside a region's customers; nobody gets a sponsor for that."""
    market = open_world("hcmc-fashion", customers=5_000).with_media("email")
    world = remake(market, advocacy={"bond": 0.0}, files={"fashion-lovers": {"size": 12.8}})
    plan = Plan(
        flights=[Flight("email", 60, files=["fashion-lovers"], consented=False)], weeks=12, lawful=False
    )
    run = simulate(world, plan, 3)
    people = world.size + int(run.part.strangers[0])
    assert 0 < people - 65_536 < world.size  # numbered in sixteen bits, the one after the last is a customer
    for name in ("visits", "orders"):
        assert np.array_equal(run.totals[name], run.baseline.totals[name])
