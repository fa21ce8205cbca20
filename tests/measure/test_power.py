"""What an experiment can see, how many it needs, and whether its arms are as they were meant."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from narrowcast.errors import AnswerError
from narrowcast.measure import arm_balance, holdout_lift, minimum_detectable_effect, sample_size

SHARES = st.floats(0.05, 0.95)


def test_closed_forms():
    z = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert minimum_detectable_effect(1, 100, 100) == pytest.approx(z * math.sqrt(0.02))
    assert sample_size(0.5, 1) == 126  # the textbooks' 63 an arm
    assert sample_size(-0.5, 1) == 126


@given(st.floats(0.01, 2), st.floats(0.1, 50), st.floats(0.6, 0.99), st.floats(0.6, 0.99), SHARES)
def test_the_sample_is_just_large_enough(effect, sd, power, confidence, holdout):
    n = sample_size(effect, sd, power, confidence, holdout)

    def seen(customers):
        held = customers * holdout
        return minimum_detectable_effect(sd, max(customers - held, 1), max(held, 1), power, confidence)

    if n * min(holdout, 1 - holdout) >= 2:
        assert seen(n) <= effect * (1 + 1e-9)
        assert seen(n - 1) >= effect * (1 - 1e-9)


def test_the_power_is_what_was_asked_for():
    effect = minimum_detectable_effect(1, 300, 100, power=0.8)
    rng, held, found = np.random.default_rng(1), np.arange(400) < 100, 0
    for _ in range(500):
        lift = holdout_lift(rng.normal(size=400) + effect * ~held, held)
        found += lift.low > 0
    assert found / 500 == pytest.approx(0.8, abs=4 * math.sqrt(0.16 / 500))


@given(SHARES)
def test_half_and_half_needs_the_fewest(holdout):
    assert sample_size(0.1, 1, holdout=0.5) <= sample_size(0.1, 1, holdout=holdout)


@given(st.integers(1, 5_000), st.integers(1, 5_000), SHARES)
def test_balance_is_scipys_chi_square(treated, held, share):
    n = treated + held
    theirs = stats.chisquare([treated, held], [n * (1 - share), n * share]).pvalue
    assert arm_balance(treated, held, share).p_value == pytest.approx(theirs, abs=1e-12)


@pytest.mark.parametrize(("held", "trusted"), [(2_000, True), (2_100, True), (2_200, False), (0, False)])
def test_a_mismatch_is_told(held, trusted):
    balance = arm_balance(10_000 - held, held, 0.2)
    assert balance.trusted is trusted
    assert ("do not read" in str(balance)) is not trusted


def test_chance_is_not_called_a_mismatch():
    draws = np.random.default_rng(2).binomial(5_000, 0.2, size=1_000)
    p = np.array([arm_balance(5_000 - held, held, 0.2).p_value for held in draws])
    assert (p < 0.05).mean() == pytest.approx(0.05, abs=4 * math.sqrt(0.05 * 0.95 / 1_000))


@pytest.mark.parametrize(
    ("function", "args", "said"),
    [
        (minimum_detectable_effect, (0, 10, 10), "sd is 0"),
        (minimum_detectable_effect, (-1, 10, 10), "sd is -1"),
        (minimum_detectable_effect, (1, 0, 10), "treated"),
        (minimum_detectable_effect, (1, 10, math.nan), "held"),
        (minimum_detectable_effect, (1, 10, 10, 0), "power"),
        (minimum_detectable_effect, (1, 10, 10, 80), "power"),
        (minimum_detectable_effect, (1, 10, 10, 0.8, 95), "confidence"),
        (minimum_detectable_effect, (1, 10, 10, 0.01, 0.1), "no more than chance"),
        (minimum_detectable_effect, ("1", 10, 10), "sd"),
        (sample_size, (0, 1), "effect is 0"),
        (sample_size, (1e-200, 1), "too small"),
        (sample_size, (math.inf, 1), "effect"),
        (sample_size, (1, 1, 0.8, 0.95, 0), "holdout"),
        (sample_size, (1, 1, 0.8, 0.95, 1), "holdout"),
        (sample_size, (None, 1), "effect"),
        (arm_balance, (0, 0, 0.2), "empty"),
        (arm_balance, (-1, 5, 0.2), "treated"),
        (arm_balance, (5, 5, 1), "holdout"),
        (arm_balance, (5, 5, 20), "holdout"),
    ],
)
def test_what_cannot_be_is_told(function, args, said):
    with pytest.raises(AnswerError, match=said):
        function(*args)
