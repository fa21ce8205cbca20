"""What FlipLab shows must be so: the lesson's claims, in the model behind it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from narrowcast.simulate.flip import DRAWN, FlipSettings, flip
from narrowcast.worlds import World, open_world


@pytest.fixture(scope="module")
def fashion() -> World:
    return open_world("hcmc-fashion", customers=6_000)


@pytest.fixture(scope="module")
def drink() -> World:
    return open_world("soft-drink", customers=6_000)


def test_fashion_needs_about_62_percent_at_twice_the_price(fashion):
    result = flip(fashion, seed=2)
    assert 0.56 < result.breakeven < 0.68
    assert 2.6 < result.lift_match < 3.4
    assert 0.3 < result.lift_mismatch < 0.5


def test_the_winner_changes_sides_at_the_break_even(fashion):
    breakeven = flip(fashion, seed=2).breakeven
    below, above = (flip(fashion, FlipSettings(precision=breakeven + d), 2) for d in (-0.15, 0.15))
    assert (below.winner, above.winner) == ("old", "new")
    assert below.advantage < 0 < above.advantage


@pytest.mark.parametrize("precision", [0.0, 0.7, 1.0])
def test_no_precision_suffices_for_the_soft_drink(drink, precision):
    result = flip(drink, FlipSettings(precision=precision), 1)
    assert result.breakeven > 1
    assert result.winner == "old"


def test_clutter_lowers_noticing_on_both_sides(fashion):
    quiet, loud = (flip(fashion, FlipSettings(clutter=c), 1) for c in (0, 300))
    assert loud.old.noticed < 0.7 * quiet.old.noticed
    assert loud.new.noticed < 0.7 * quiet.new.noticed
    assert loud.attention[0] < quiet.attention[0]


def test_one_mass_of_people_makes_aiming_worthless(fashion):
    result = flip(fashion, FlipSettings(fragmentation=0.0), 1)
    assert result.breakeven > 1
    assert result.winner == "old"
    assert np.allclose(result.centres, 0)


def test_a_message_made_for_nobody_lifts_no_more_than_a_broadcast(fashion):
    result = flip(fashion, FlipSettings(fit=0.0), 1)
    assert result.lift_match == pytest.approx(1, abs=0.2)
    assert np.allclose(result.new.aims, 0)


def test_a_dearer_contact_raises_the_break_even(fashion):
    points = [flip(fashion, FlipSettings(price_ratio=r), 1).breakeven for r in (1.0, 2.0, 3.0)]
    assert points == sorted(points)
    assert points[2] - points[0] > 0.3


def test_both_sides_spend_the_same_to_the_last_dong(fashion):
    for ratio in (0.5, 2.0, 3.3):
        result = flip(fashion, FlipSettings(price_ratio=ratio), 1)
        assert result.old.cost == result.new.cost == result.spend


def test_states_only_ever_move_forward_and_stars_match_on_both_maps(fashion):
    result = flip(fashion, seed=2)
    for side in (result.old, result.new):
        assert side.states.shape == (result.weeks, result.people.size)
        assert side.states.max() <= 4
        rank = np.array([0, 1, 2, 3, 3])[side.states]
        assert (np.diff(rank, axis=0) >= 0).all()
    anyway = [set(result.people[side.states[-1] == 3]) for side in (result.old, result.new)]
    assert anyway[0]
    assert len(anyway[0] ^ anyway[1]) <= 0.1 * len(anyway[0])  # no message undoes a purchase


def test_the_people_drawn_stay_while_dials_move(fashion):
    first, second = flip(fashion, seed=2), flip(fashion, FlipSettings(clutter=200), 2)
    assert (first.people[:DRAWN] == second.people[:DRAWN]).all()
    assert np.allclose(first.positions[:DRAWN], second.positions[:DRAWN])


def test_same_seed_same_answer(fashion):
    fresh = open_world("hcmc-fashion", customers=6_000, seed=0)
    settings = FlipSettings(precision=0.33)
    one, two = flip(fashion, settings, 1), flip(fresh.vary(), settings, 1)
    assert one.advantage == two.advantage
    assert (one.new.states == two.new.states).all()


def test_extremes_give_numbers_or_say_never(fashion):
    for fragmentation in (0.0, 1.5):
        for price in (0.5, 5.0):
            settings = replace(FlipSettings(), fragmentation=fragmentation, price_ratio=price)
            result = flip(fashion, settings, 1)
            assert not math.isnan(result.breakeven)
            assert math.isfinite(result.advantage)
