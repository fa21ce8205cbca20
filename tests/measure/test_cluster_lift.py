"""Lift by circles of friends: wider where friends are alike, honest where circles are few."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from narrowcast.errors import AnswerError, PlanError
from narrowcast.measure import cluster_lift, holdout_lift


def circles(seed, count=40, size=20, icc=0.2, lift=0.3):
    """Unit variance, of which the share icc is common to a circle."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(count), size)
    apart = np.arange(count) % 2 == 0
    common = math.sqrt(icc) * rng.normal(size=count)
    held = apart[cluster]
    own = math.sqrt(1 - icc) * rng.normal(size=cluster.size)
    return 5 + common[cluster] + own + lift * ~held, cluster, held


def test_equal_circles_are_welchs_test_of_their_means():
    y, cluster, held = circles(1, count=10)
    means, apart = y.reshape(10, 20).mean(axis=1), held.reshape(10, 20)[:, 0]
    theirs = stats.ttest_ind(means[~apart], means[apart], equal_var=False).confidence_interval(0.9)
    lift = cluster_lift(y, cluster, held, 0.9)
    assert (lift.low, lift.high) == pytest.approx((theirs.low, theirs.high))
    assert (lift.treated_clusters, lift.held_clusters) == (5, 5)
    assert (lift.treated, lift.held_out) == (100, 100)


@pytest.mark.parametrize("count", [8, 40])
def test_it_covers_the_truth_where_customers_taken_alone_do_not(count):
    runs = [circles(seed, count) for seed in range(400)]
    clustered = np.mean([(lift := cluster_lift(*run)).low <= 0.3 <= lift.high for run in runs])
    alone = np.mean([(lift := holdout_lift(y, held)).low <= 0.3 <= lift.high for y, _c, held in runs])
    assert clustered == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 400))
    assert alone < 0.8


def test_the_design_effect_is_kishs():
    """1 + (size - 1) * icc."""
    y, cluster, held = circles(2, count=4_000, size=10)
    assert cluster_lift(y, cluster, held).design_effect == pytest.approx(1 + 9 * 0.2, rel=0.06)


def test_circles_of_one_are_customers():
    y, cluster, held = circles(3, count=2_000, size=1)
    one, other = cluster_lift(y, cluster, held), holdout_lift(y, held)
    assert (one.estimate, one.relative) == pytest.approx((other.estimate, other.relative))
    assert (one.low, one.relative_high) == pytest.approx((other.low, other.relative_high), abs=2e-4)
    assert one.design_effect == pytest.approx(1)


def test_names_and_order_do_not_matter():
    y, cluster, held = circles(4)
    order = np.random.default_rng(0).permutation(y.size)
    named = pd.Series(cluster).map("circle {}".format)
    one, other = cluster_lift(y, cluster, held), cluster_lift(y[order], named[order], held[order])
    assert (one.low, one.high, one.design_effect) == pytest.approx(
        (other.low, other.high, other.design_effect)
    )


def test_no_variance_is_no_uncertainty():
    lift = cluster_lift(np.ones(8), np.arange(8) // 2, np.arange(8) < 4)
    assert (lift.estimate, lift.low, lift.high, lift.design_effect) == (0, 0, 0, 1)


Y, CLUSTER, HELD = circles(5, count=4, size=2)


@pytest.mark.parametrize(
    ("args", "error", "said"),
    [
        ((Y, CLUSTER, np.arange(8) % 2 == 0), PlanError, "4 circles of friends are partly"),
        ((Y, np.zeros(8), HELD | True), PlanError, "holdout=0.2"),
        ((Y[:4], CLUSTER[:4], HELD[:4]), PlanError, "nobody to compare"),
        ((Y, CLUSTER[:7], HELD), PlanError, "one for each customer"),
        ((Y, np.where(HELD, np.nan, 1), HELD), PlanError, "without a circle"),
        ((Y, None, HELD), PlanError, "clusters"),
        ((Y[:7], CLUSTER, HELD), AnswerError, "held_out"),
        (("many", CLUSTER, HELD), AnswerError, "values"),
        ((Y, CLUSTER, HELD, 95), PlanError, "between 0 and 1"),
    ],
)
def test_what_does_not_fit_is_told(args, error, said):
    with pytest.raises(error, match=said):
        cluster_lift(*args)
