"""The lift told from a holdout, held against scipy's, and the figures from sums."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from narrowcast.errors import PlanError
from narrowcast.measure import KPIS, cluster_lift, holdout_lift, kpis


def arms(seed, n=4_000, share=0.3):
    rng = np.random.default_rng(seed)
    held = rng.random(n) < share
    return rng.poisson(np.where(held, 0.2, 0.3)).astype(float), held


@pytest.mark.parametrize("confidence", [0.5, 0.8, 0.95, 0.99])
def test_it_is_welchs_interval(confidence):
    values, held = arms(1)
    lift = holdout_lift(values, held, confidence)
    theirs = stats.ttest_ind(values[~held], values[held], equal_var=False).confidence_interval(confidence)
    assert lift.estimate == pytest.approx(values[~held].mean() - values[held].mean())
    assert (lift.low, lift.high) == pytest.approx((theirs.low, theirs.high), rel=2e-3)
    assert (lift.treated, lift.held_out) == ((~held).sum(), held.sum())
    assert lift.confidence == confidence


def test_the_interval_covers_the_truth_as_often_as_it_says():
    hits = sum((lift := holdout_lift(*arms(seed, 800))).low <= 0.1 <= lift.high for seed in range(400))
    assert hits / 400 == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 400))


@given(st.floats(0.01, 0.98), st.floats(0.001, 0.01))
def test_more_confidence_needs_a_wider_interval(confidence, more):
    values, held = arms(2, 500)
    low, high = holdout_lift(values, held, confidence), holdout_lift(values, held, confidence + more)
    assert low.low > high.low
    assert low.high < high.high


def test_arms_turned_round_turn_the_sign():
    values, held = arms(3)
    assert holdout_lift(values, ~held).estimate == -holdout_lift(values, held).estimate


def test_no_variance_is_no_uncertainty():
    lift = holdout_lift(np.ones(10), np.arange(10) < 5)
    assert (lift.estimate, lift.low, lift.high) == (0, 0, 0)


@pytest.mark.parametrize("held", [np.zeros(9, bool), np.ones(9, bool), np.arange(9) < 1, np.arange(9) < 8])
def test_an_arm_of_nobody_is_told(held):
    with pytest.raises(PlanError, match=r"step measure.*holdout=0.2"):
        holdout_lift(np.ones(9), held)


@pytest.mark.parametrize("confidence", [0, 1, -1, 95, math.nan])
def test_a_level_lies_between_0_and_1(confidence):
    with pytest.raises(PlanError, match=r"between 0 and 1"):
        holdout_lift(*arms(1), confidence)


def test_it_can_be_read():
    lift = holdout_lift(*arms(1))
    assert f"{lift.estimate:.4f}" in str(lift)
    assert "95% interval" in str(lift)
    assert f"({lift.treated:,} against {lift.held_out:,} held out)" in str(lift)


SUMS = {
    "contacts": 2_000,
    "reached": 900,
    "recognised": 400,
    "noticed": 600,
    "visits": 300,
    "orders": 50,
    "revenue": 20_000,
    "margin": 8_000,
    "advocates": 5,
    "told": 40,
}
BASE = SUMS | {"contacts": 0, "orders": 30, "margin": 5_000}


def test_kpis_from_sums():
    figures = kpis(SUMS, BASE, customers=1_000, cost=2_500)
    assert tuple(figures.index) == KPIS
    assert figures.dtype == float
    expected = {
        "recognition": 0.4,
        "profit": 5_500,
        "incremental_orders": 20,
        "incremental_margin": 3_000,
        "cost": 2_500,
        "incremental_profit": 500,
        "lift_per_thousand": 10,
        "customer_voice": 40 / 640,
        "reached": 900,
    }
    pd.testing.assert_series_equal(figures[list(expected)], pd.Series(expected, name="value", dtype=float))


def test_nothing_done_divides_by_nothing():
    figures = kpis(dict.fromkeys(SUMS, 0), dict.fromkeys(SUMS, 0), customers=0, cost=0)
    assert (figures == 0).all()


class TestHowItIsShown:
    def test_it_prints_as_a_sentence(self):
        lift = holdout_lift(*arms(1))
        assert repr(lift) == f"<Lift: {lift}>"
        assert len(repr(lift)) < 120

    @pytest.mark.parametrize(("more", "said"), [(0.0, "cannot tell"), (9.0, "leaves out 0")])
    def test_a_notebook_shows_a_table(self, more, said):
        values, held = arms(3, 400)
        values = np.where(held, values, values[held].mean() + more + 0.5 * (-1.0) ** np.arange(held.size))
        page = holdout_lift(values, held)._repr_html_()
        assert said in page
        assert f"{(~held).sum():,}" in page

    def test_circles_are_told(self):
        values, held = arms(1, 400)
        lift = cluster_lift(values, np.arange(400), held)
        assert repr(lift).startswith("<ClusterLift: lift")
        assert "design effect" in lift._repr_html_()
