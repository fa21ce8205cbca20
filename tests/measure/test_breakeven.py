"""The break-even precision: a closed form, and what it means."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from narrowcast.errors import AnswerError
from narrowcast.measure import breakeven

LIFTS = st.floats(-10, 10)


@pytest.mark.parametrize(
    ("given_", "precision"),
    [
        ((2, 3, 0.4), 1.6 / 2.6),
        ((1, 3, 0.4), 0.6 / 2.6),
        ((4.3, 3, 0.4), 1.5),  # never
        ((0.3, 3, 0.4), -0.1 / 2.6),  # always
        ((3, 3, 1), 1),
        ((1.5, 2, 0), 0.75),
        ((np.float32(2), np.int64(3), np.float64(0.4)), 1.6 / 2.6),
        ((Decimal(2), 3, 1), 0.5),
    ],
)
def test_closed_form(given_, precision):
    assert breakeven(*map(float, given_)) == pytest.approx(precision)
    assert type(breakeven(*map(float, given_))) is float


def test_the_number_of_the_lesson():
    assert round(breakeven(2, 3, 0.4), 3) == 0.615


@given(st.floats(0.01, 100), LIFTS, LIFTS)
def test_at_the_break_even_both_sides_give_the_same_per_dong(ratio, one, other):
    mismatch, match = sorted((one, other))
    assume(match - mismatch > 1e-6)
    p = breakeven(ratio, match, mismatch)
    assert (p * match + (1 - p) * mismatch) / ratio == pytest.approx(1, rel=1e-6, abs=1e-6)


@given(st.floats(0.1, 10), st.floats(0.1, 10))
def test_the_dearer_the_targeting_the_higher_the_bar(one, other):
    low, high = sorted((one, other))
    assert breakeven(low, 3, 0.4) <= breakeven(high, 3, 0.4)


WRONG = [
    math.nan,
    math.inf,
    -math.inf,
    "2",
    None,
    [2],
    np.array([1, 2]),
    np.array([]),
    pd.Series([1.0, 2.0]),
    10**400,
    1j,
    True,
    b"2",
    {},
    pd.NA,
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("place", range(3))
def test_what_is_no_number_is_named(wrong, place):
    given_ = [2, 3, 0.4]
    given_[place] = wrong
    name = ("price_ratio", "lift_match", "lift_mismatch")[place]
    with pytest.raises(AnswerError, match=name):
        breakeven(*given_)


@pytest.mark.parametrize("ratio", [0, -1, -0.0])
def test_a_price_is_above_0(ratio):
    with pytest.raises(AnswerError, match=r"a price is above 0"):
        breakeven(ratio, 3, 0.4)


@pytest.mark.parametrize(("match", "mismatch"), [(1, 1), (0.4, 3), (0, 0), (-1, -1)])
def test_without_a_gain_from_aiming_there_is_none(match, mismatch):
    with pytest.raises(AnswerError, match=r"no break-even precision"):
        breakeven(2, match, mismatch)
