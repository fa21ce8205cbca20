"""CUPED, sums that add up over regions, and the lift as a share."""

from __future__ import annotations

import functools
import math
import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import AnswerError, PlanError
from narrowcast.measure import ArmSums, holdout_lift, lift_from_sums


def trial(seed, n=2_000, rho=0.7, lift=0.5, share=0.3, level=10.0):
    """Outcome with unit variance, and a covariate that correlates with it by rho within the arms."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=n)
    held = rng.random(n) < share
    y = level + rho * x + math.sqrt(1 - rho**2) * rng.normal(size=n) + lift * ~held
    return y, held, x


def fields(lift):
    return np.array([
        lift.estimate, lift.low, lift.high, lift.relative, lift.relative_low, lift.relative_high,
        lift.variance_reduction,
    ])  # fmt: skip


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.7, 0.95, -0.7])
def test_what_the_covariate_foretells_is_taken_out(rho):
    y, held, x = trial(1, 40_000, rho)
    plain, adjusted = holdout_lift(y, held), holdout_lift(y, held, covariate=x)
    assert adjusted.variance_reduction == pytest.approx(rho**2, abs=0.015)
    width = (adjusted.high - adjusted.low) / (plain.high - plain.low)
    assert width**2 == pytest.approx(1 - adjusted.variance_reduction)
    assert plain.variance_reduction == 0


def test_it_is_the_regression_with_one_slope_for_both_arms():
    """The analysis of covariance: its treatment coefficient, from numpy's least squares."""
    y, held, x = trial(2, 500)
    design = np.column_stack([np.ones(y.size), ~held, x])
    assert holdout_lift(y, held, covariate=x).estimate == pytest.approx(np.linalg.lstsq(design, y)[0][1])


def test_it_is_unbiased_and_covers_the_truth_as_often_as_it_says():
    lifts = [holdout_lift(y, held, covariate=x) for y, held, x in (trial(seed, 300) for seed in range(400))]
    estimates = np.array([lift.estimate for lift in lifts])
    assert estimates.mean() == pytest.approx(0.5, abs=4 * estimates.std() / 20)
    covered = np.mean([lift.low <= 0.5 <= lift.high for lift in lifts])
    assert covered == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 400))


@pytest.mark.parametrize("cuped", [False, True])
def test_the_relative_interval_covers_the_truth_too(cuped):
    """With a large effect and a wide spread, where the denominator's own noise matters."""
    hits = 0
    for seed in range(400):
        y, held, x = trial(seed, 400, rho=0.8, lift=3, level=2.0)
        lift = holdout_lift(y, held, covariate=x if cuped else None)
        hits += lift.relative_low <= 1.5 <= lift.relative_high
    assert hits / 400 == pytest.approx(0.95, abs=4 * math.sqrt(0.95 * 0.05 / 400))


def test_a_covariate_that_knows_nothing_changes_nothing():
    y, held, _x = trial(3)
    plain, constant = holdout_lift(y, held), holdout_lift(y, held, covariate=np.full(y.size, 7.0))
    assert plain == constant


def test_a_covariate_that_knows_all_leaves_no_doubt():
    rng = np.random.default_rng(4)
    x, held = rng.normal(size=200), np.arange(200) < 50
    lift = holdout_lift(3 * x + 2 * ~held, held, covariate=x)
    assert (lift.low, lift.estimate, lift.high) == pytest.approx((2, 2, 2))
    assert lift.variance_reduction == pytest.approx(1)


def test_the_holdout_at_nothing_has_no_share():
    lift = holdout_lift(np.array([1.0, 2, 0, 0]), np.array([False, False, True, True]))
    assert math.isnan(lift.relative)
    assert lift.estimate == 1.5


@pytest.mark.parametrize("cuped", [False, True])
@pytest.mark.parametrize("parts", [1, 3, 17])
def test_sums_added_region_by_region_give_the_arrays_lift(parts, cuped):
    y, held, x = trial(5)
    cut = np.array_split(np.arange(y.size), parts)
    arms = [
        functools.reduce(
            operator.add,
            (ArmSums.of(y[c][held[c] == side], x[c][held[c] == side]) for c in cut),
        )
        for side in (False, True)
    ]
    summed = lift_from_sums(*arms, cuped=cuped)
    assert fields(summed) == pytest.approx(fields(holdout_lift(y, held, covariate=x if cuped else None)))
    assert (summed.treated, summed.held_out) == ((~held).sum(), held.sum())


@given(
    st.lists(st.integers(0, 10**9), min_size=2, max_size=20),
    st.lists(st.integers(0, 10**9), min_size=2, max_size=20),
)
def test_money_in_the_smallest_unit_loses_nothing(treated, held):
    values = np.array(treated + held, dtype=float)
    out = np.arange(values.size) >= len(treated)
    arrays, sums = holdout_lift(values, out), lift_from_sums(ArmSums.of(treated), ArmSums.of(held))
    assert sums.estimate == pytest.approx(arrays.estimate, rel=1e-9, abs=1e-5)
    assert sums.high == pytest.approx(arrays.high, rel=1e-5, abs=50)


@given(st.floats(-5, 5), st.floats(0.1, 9))
def test_units_do_not_matter(shift, scale):
    y, held, x = trial(6, 200)
    one, other = holdout_lift(y, held, covariate=x), holdout_lift(y, held, covariate=shift + scale * x)
    assert fields(one) == pytest.approx(fields(other))
    many = holdout_lift(scale * y, held, covariate=x)
    assert many.estimate == pytest.approx(scale * one.estimate)
    assert many.relative_high == pytest.approx(one.relative_high)


@given(st.randoms(use_true_random=False))
def test_the_order_of_customers_does_not_matter(random):
    y, held, x = trial(7, 60)
    order = random.sample(range(60), 60)
    assert fields(holdout_lift(y[order], held[order], covariate=x[order])) == pytest.approx(
        fields(holdout_lift(y, held, covariate=x))
    )


def test_empty_sums_are_neutral():
    y, _held, x = trial(8, 50)
    assert ArmSums.of(y, x) + ArmSums() == ArmSums.of(y, x)


Y, HELD, X = trial(9, 10, share=0.5)
HELD = np.arange(10) < 5
WRONG = [
    ((Y[:9], HELD), {}, "held_out"),
    ((Y, HELD.astype(int)), {}, "True or False"),
    ((Y, None), {}, "True or False"),
    ((Y, HELD[:, None]), {}, "held_out"),
    ((np.where(HELD, np.nan, Y), HELD), {}, "5 values that are no finite"),
    ((["a"] * 10, HELD), {}, "row of numbers"),
    ((None, HELD), {}, "values"),
    ((Y[:, None], HELD), {}, "one row"),
    ((Y, HELD), {"covariate": X[:9]}, "covariate has 9"),
    ((Y, HELD), {"covariate": np.full(10, np.inf)}, "covariate"),
    ((Y, HELD), {"covariate": "spend"}, "covariate"),
]


@pytest.mark.parametrize(("args", "more", "said"), WRONG)
def test_what_does_not_fit_is_told(args, more, said):
    with pytest.raises(AnswerError, match=said):
        holdout_lift(*args, **more)


GOOD = ArmSums.of([1.0, 2, 3])


@pytest.mark.parametrize(
    ("treated", "held", "error", "said"),
    [
        (GOOD, ArmSums(), PlanError, "holdout=0.2"),
        (ArmSums.of([1.0]), GOOD, PlanError, "holdout=0.2"),
        (GOOD, 3, AnswerError, "ArmSums.of"),
        (None, GOOD, AnswerError, "ArmSums.of"),
        (ArmSums(n=-1), GOOD, AnswerError, "treated.n"),
        (ArmSums(n=5, y=math.nan), GOOD, AnswerError, "treated.y"),
        (ArmSums(n=5, y=10, yy=1), GOOD, AnswerError, "sum of squares"),
        (ArmSums(n="5"), GOOD, AnswerError, "treated.n"),
    ],
)
def test_sums_of_nothing_are_told(treated, held, error, said):
    with pytest.raises(error, match=said):
        lift_from_sums(treated, held)


@pytest.mark.parametrize("confidence", [0, 1, math.nan, "95", None])
def test_a_level_of_sums_lies_between_0_and_1(confidence):
    with pytest.raises(PlanError, match="between 0 and 1"):
        lift_from_sums(GOOD, GOOD, confidence)


def test_arms_and_numbers_do_not_add():
    with pytest.raises(TypeError):
        ArmSums() + 1
