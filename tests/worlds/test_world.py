"""A market: opened, copied, varied, described; and every wrong way to ask for one."""

from __future__ import annotations

import math
import tomllib

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from narrowcast.errors import NarrowcastError, RecipeError, UnknownName
from narrowcast.worlds import open_world, world_names


def test_worlds_open(world):
    assert world.name in world_names()
    assert world.currency == "VND"
    assert len(world.customers) == world.population.size == 2_000
    assert repr(world) == f"<World '{world.name}': 2,000 customers>"
    assert world.edition_cost > 0


def test_opened_twice_it_is_the_same():
    one = open_world("hcmc-fashion", customers=700, seed=3)
    other = open_world("hcmc-fashion", customers=np.int64(700), seed=np.int64(3))
    pd.testing.assert_frame_equal(one.customers, other.customers)
    pd.testing.assert_frame_equal(one.events, other.events)


def test_another_seed_is_another_people():
    one, other = (open_world("hcmc-fashion", customers=700, seed=seed) for seed in (1, 2))
    assert (one.customers["name"] != other.customers["name"]).mean() > 0.9
    assert one.recipe == other.recipe


@pytest.mark.parametrize("table", ["customers", "events", "segments", "channels"])
def test_tables_are_copies(fashion, table):
    before = getattr(fashion, table)
    spoilt = getattr(fashion, table)
    spoilt[spoilt.columns[-1]] = "spoilt"
    spoilt.iloc[0, 0] = spoilt.iloc[1, 0]
    del spoilt[spoilt.columns[1]]
    pd.testing.assert_frame_equal(getattr(fashion, table), before)


def test_what_is_latent_stays_hidden(fashion):
    latent = {"interests", "noise", "exposure", "reachable", "conversion", "persuasion"}
    for table in (fashion.customers, fashion.events, fashion.segments, fashion.channels):
        assert not latent & set(table)


def test_channels_say_what_the_recipe_says(world):
    table = world.channels
    assert (table["kind"] == "broadcast").sum() == 1
    for name, channel in world.recipe.channels.items():
        assert table.loc[name, "price_per_thousand"] == channel.price_per_thousand.value
        if channel.medium in ("referral", "qr"):  # no contact of theirs is bought
            assert math.isnan(table.loc[name, "precision"])
        else:
            assert table.loc[name, "precision"] == channel.precision.value


@pytest.mark.parametrize("name", ["hcmc_fashion", "hanoi", "", None, 3, ["soft-drink"], "../secrets", "."])
def test_an_unknown_world_is_named_with_those_there_are(name):
    with pytest.raises(UnknownName, match=r"Allowed: .*hcmc-fashion, .*soft-drink"):
        open_world(name)


def test_the_nearest_world_is_proposed():
    with pytest.raises(UnknownName, match=r"Did you mean 'hcmc-fashion'"):
        open_world("hcm-fashion")


BAD_SIZES = [0, -1, 200_000_001, 1.5, 1000.0, "1000", True, math.nan, math.inf, [5], 10**30]


@pytest.mark.parametrize("customers", BAD_SIZES)
def test_a_bad_size_is_refused(customers):
    with pytest.raises(RecipeError, match=r"customers"):
        open_world("soft-drink", customers=customers)


@pytest.mark.parametrize(
    ("customers", "said"),
    [
        (0, "0 is outside 1 to 200,000,000."),
        (np.int64(-1), "-1 is outside 1 to 200,000,000."),
        (200_000_001, "200,000,001 is outside 1 to 200,000,000."),
        (10**5_000, "∞ is outside 1 to 200,000,000."),
        (1.5, "1.5 is not a whole number."),
        ("1000", "'1000' is not a whole number."),
        (True, "True is not a whole number."),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else type(value).__name__,
)
def test_a_bad_size_is_called_what_it_is(customers, said):
    with pytest.raises(RecipeError) as caught:
        open_world("soft-drink", customers=customers)
    told = f"open_world(): field customers: {said} Give a whole number from 1 to 200,000,000."
    assert str(caught.value) == told


@pytest.mark.parametrize("seed", [-1, 2**63, 0.5, "0", None, True, math.nan])
def test_a_bad_seed_is_refused(seed):
    with pytest.raises(RecipeError, match=r"seed"):
        open_world("soft-drink", seed=seed)


class TestVary:
    def test_people_and_past_stay(self, fashion):
        other = fashion.vary(fragmentation=0.2, clutter=300, price_ratio=5, precision=0.1)
        pd.testing.assert_frame_equal(other.customers, fashion.customers)
        pd.testing.assert_frame_equal(other.events, fashion.events)
        pd.testing.assert_frame_equal(other.segments, fashion.segments)
        assert other.seed == fashion.seed

    def test_figures_change(self, fashion):
        other = fashion.vary(fragmentation=0.2, clutter=300, price_ratio=5, precision=0.1)
        assert (other.fragmentation, other.clutter) == (0.2, 300)
        narrow = other.channels[other.channels["kind"] == "narrowcast"]
        assert (narrow["precision"] == 0.1).all()
        assert (narrow["price_per_thousand"] == 5 * fashion.broadcast_price).all()
        assert other.channels.loc["television"].equals(fashion.channels.loc["television"])

    def test_the_original_stays(self, fashion):
        before = fashion.recipe.model_dump_json()
        fashion.vary(fragmentation=0, clutter=0, price_ratio=1, precision=1)
        assert fashion.recipe.model_dump_json() == before

    def test_nothing_varied_is_the_same_market(self, fashion):
        assert fashion.vary().recipe == fashion.recipe

    def test_interests_spread_with_fragmentation(self, fashion):
        spread = [fashion.vary(fragmentation=f).interests.std() for f in (0, 0.5, 1, 2)]
        assert spread == sorted(spread)
        assert np.array_equal(fashion.vary(fragmentation=0).centres, np.zeros((3, 2)))

    def test_variations_add_up(self, fashion):
        both = fashion.vary(clutter=5).vary(precision=0.3)
        assert both.clutter == 5
        assert both.channels.loc["social", "precision"] == 0.3

    @pytest.mark.parametrize(
        ("field", "low", "high"),
        [("fragmentation", 0, 3), ("clutter", 0, 10_000), ("price_ratio", 0.01, 100), ("precision", 0, 1)],
    )
    def test_bounds_are_kept_and_told(self, fashion, field, low, high):
        for good in (low, high, np.float32(high), np.int64(high)):
            fashion.vary(**{field: good})
        bad = [
            low - 0.001,
            high * 1.001,
            math.nan,
            math.inf,
            -math.inf,
            "0.5",
            True,
            [0.5],
            np.array([1, 2]),
            10**400,
            {},
        ]
        for value in bad:
            with pytest.raises(RecipeError, match=field):
                fashion.vary(**{field: value})

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(value=st.one_of(st.text(), st.floats(), st.binary(), st.complex_numbers(), st.lists(st.floats())))
    def test_nothing_but_our_own_error_comes_out(self, fashion, value):
        try:
            varied = fashion.vary(precision=value)
        except NarrowcastError:
            return
        assert 0 <= varied.channels.loc["social", "precision"] <= 1

    def test_without_a_broadcast_channel_there_is_no_ratio(self, fashion):
        narrow = {k: v for k, v in fashion.recipe.channels.items() if v.kind == "narrowcast"}
        lonely = type(fashion)(fashion.recipe.model_copy(update={"channels": narrow}), fashion.population, 1)
        with pytest.raises(RecipeError, match=r"channels"):
            lonely.vary(price_ratio=2)


def test_every_figure_says_its_unit_and_source():
    from narrowcast.worlds import world_folder

    def figures(part, path=""):
        for key, value in part.items():
            if isinstance(value, dict) and "value" in value:
                yield f"{path}.{key}", value
            elif isinstance(value, dict):
                yield from figures(value, f"{path}.{key}")

    for name in world_names():
        recipe = tomllib.loads((world_folder(name) / "recipe.toml").read_text("utf-8"))
        found = list(figures(recipe))
        assert len(found) > 50
        for path, figure in found:
            assert figure["unit"], path
            assert figure["source"], path
