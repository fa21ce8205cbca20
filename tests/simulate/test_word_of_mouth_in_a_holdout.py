"""What word of mouth does to a holdout is what the plan's check says of it."""

from __future__ import annotations

import pytest

from narrowcast.campaigns import Flight, Measurement, Plan
from narrowcast.campaigns.spillover import echo
from narrowcast.simulate import simulate
from narrowcast.worlds import open_world

HELD = 0.5
SEEDS = range(5)


def told(world, flight, weeks, unit):
    """Return how much of what a campaign brings when nobody is held out stands between the two arms, over seeds."""
    whole, apart = 0.0, 0.0
    for seed in SEEDS:
        everybody = simulate(world, Plan(flights=[flight], weeks=weeks), seed)
        tried = Plan(flights=[flight], weeks=weeks, holdout=HELD, measurement=Measurement(unit=unit))
        done = simulate(world, tried, seed)
        before = everybody.baseline.totals["orders"].astype(float)
        more, held = done.totals["orders"] - before, done.held_out
        apart += more[~held].mean() - more[held].mean()
        whole += (everybody.totals["orders"] - before).mean()
    return apart / whole


@pytest.mark.parametrize(("name", "weeks"), [("farm-box", 4), ("farm-box", 12), ("soft-drink", 12)])
def test_the_lift_misses_what_is_said_and_circles_lose_less(name, weeks):
    world = open_world(name, customers=10_000)
    flight = Flight("television", 3_000_000 * weeks)
    missing, lost = (1 - told(world, flight, weeks, unit) for unit in ("person", "circle"))
    assert missing == pytest.approx(echo(world, weeks), abs=0.04)
    assert 0 < lost < 0.8 * missing


def test_a_quiet_market_loses_nothing():
    world = open_world("hcmc-fashion", customers=10_000)
    assert echo(world, 8) < 0.01
    assert told(world, Flight("television", 6_000_000), 8, "person") == pytest.approx(1, abs=0.06)


def test_of_what_buyers_hand_on_the_lift_shows_nothing_and_circles_show_half():
    world = open_world("farm-box", customers=10_000)
    flight = Flight("referral", 900_000_000, reward=60_000)  # so much that every code is paid for
    assert told(world, flight, 8, "person") == pytest.approx(0, abs=0.12)
    assert told(world, flight, 8, "circle") == pytest.approx(0.5, abs=0.1)


def test_a_word_to_a_friend_is_as_likely_as_the_criterion_takes_it():
    """Told a buyer who speaks: friends times closeness, as the ties are drawn."""
    world = open_world("farm-box", customers=10_000)
    weeks = simulate(world, Plan(weeks=6), 1).weekly()
    layers = round(world.recipe.circles.layers.value)
    expected = world.recipe.advocacy.friends.value * (0.75 + (layers - 1) * 0.35) / layers
    spoke = weeks["advocated"].iloc[:-1].sum()  # what was said in the last week is heard after it
    assert weeks["told"].sum() / spoke == pytest.approx(expected, rel=0.06)
