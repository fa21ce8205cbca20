"""The formulas of a week, against what is known on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.simulate.attention import hill, logit, match, notice, sigmoid

POSITIVE = st.floats(0.01, 100)


@given(POSITIVE, st.floats(0.1, 5))
def test_hill_is_one_half_at_half_saturation(half, exponent):
    assert hill(np.array([half]), half, exponent)[0] == pytest.approx(0.5)
    assert hill(np.array([0.0]), half, exponent)[0] == 0
    assert hill(np.array([half * 1e9]), half, exponent)[0] == pytest.approx(1, abs=0.12)


@given(POSITIVE, st.floats(0.1, 5), st.floats(0, 100), st.floats(0, 100))
def test_hill_rises_and_stays_below_1(half, exponent, one, other):
    low, high = hill(np.array(sorted((one, other))), half, exponent)
    assert 0 <= low <= high <= 1


def test_hill_goes_to_1():
    assert hill(np.array([1e12]), 1.5, 1.0)[0] == pytest.approx(1)


@given(st.floats(1e-8, 1 - 1e-8))
def test_sigmoid_undoes_logit(share):
    assert sigmoid(np.array([logit(share)]))[0] == pytest.approx(share, rel=1e-6)


def test_logit_is_kept_off_both_ends():
    assert math.isfinite(logit(0))
    assert math.isfinite(logit(1))
    assert logit(0.5) == 0


def test_match():
    interests = np.array([[0.0, 0.0], [1.55, 0.0], [3.0, 4.0]])
    assert match(interests, np.zeros(2), 1.55) == pytest.approx([1, math.exp(-1), math.exp(-5 / 1.55)])


@given(st.floats(0, 1), st.floats(0, 500), st.floats(0, 500))
def test_clutter_never_helps(matched, one, other):
    low, high = sorted((one, other))
    at = [notice(np.array([matched]), 0.0, 3.0, 0.5, clutter)[0] for clutter in (low, high)]
    assert at[0] >= at[1]


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 500))
def test_match_never_harms(one, other, clutter):
    low, high = notice(np.array(sorted((one, other))), 0.0, 3.0, 0.5, clutter)
    assert 0 < low <= high < 1


def test_the_line_of_the_course():
    got = notice(np.array([0.7]), -0.2, 3.0, 0.5, 60)[0]
    assert got == pytest.approx(1 / (1 + math.exp(-(-0.2 + 3.0 * 0.7 - 0.5 * math.log(61)))))
