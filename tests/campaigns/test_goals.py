"""The goal rule and the odds of a bold goal."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.campaigns import Goal, ambition, goal
from narrowcast.errors import PlanError

RATES = st.floats(0, 1)
FACTORS = st.floats(0, 1_000)


@pytest.mark.parametrize(
    ("given_", "branch", "value"),
    [
        ((0.02,), "new", 0.02),
        ((0.02, 0.012), "below", 0.016),
        ((0.02, 0.012, 10), "below", 0.016),
        ((0.02, 0.0), "below", 0.01),
        ((0.02, 0.02), "hold", 0.02),
        ((0.02, 0.03, 0.5), "hold", 0.03),
        ((0.02, 0.03, 2), "above", 0.03 * 2**0.12),
        ((0.02, 0.02, 4), "above", 0.02 * 4**0.12),
        ((0.5, 0.9, 1_000), "above", 1.0),
    ],
)
def test_the_four_branches(given_, branch, value):
    made = goal(*given_)
    assert isinstance(made, Goal)
    assert (made.branch, made.value) == (branch, pytest.approx(value))
    assert "%" in made.explanation


@given(RATES, RATES, RATES, FACTORS)
def test_a_better_shop_never_gets_a_lower_goal(benchmark, one, other, factor):
    low, high = sorted([one, other])
    assert goal(benchmark, low, factor).value <= goal(benchmark, high, factor).value * (1 + 1e-12)


@given(RATES, RATES, FACTORS, FACTORS)
def test_more_money_never_lowers_the_goal(benchmark, current, one, other):
    low, high = sorted([one, other])
    assert goal(benchmark, current, low).value <= goal(benchmark, current, high).value


@given(RATES, RATES, FACTORS)
def test_a_goal_is_a_rate_at_or_above_what_there_is(benchmark, current, factor):
    made = goal(benchmark, current, factor).value
    assert current <= made <= 1


@pytest.mark.parametrize("bad", [math.nan, math.inf, -0.1, 101, "0.02", True, [0.1, 0.2], 10**400])
def test_a_bad_rate_is_refused(bad):
    for make in (lambda: goal(bad), lambda: goal(0.02, bad)):
        with pytest.raises(PlanError, match="step objectives"):
            make()


def test_a_percentage_is_recognised():
    with pytest.raises(
        PlanError, match=r"current is 1.2; a rate is a share from 0 to 1. Write 1.2% as 0.012"
    ):
        goal(0.02, 1.2)


@pytest.mark.parametrize("bad", [math.nan, -1, 1_001, None, "2", True])
def test_a_bad_budget_is_refused(bad):
    with pytest.raises(PlanError, match="budget_factor"):
        goal(0.02, 0.03, bad)


class TestAmbition:
    def test_closed_forms(self):
        assert ambition(0.016, 0.016, 0.002) == 0.5
        assert ambition(0.016, 0.012, 0.002) == pytest.approx(0.022750131948)
        assert ambition(0.012, 0.016, 0.002) == pytest.approx(1 - 0.022750131948)
        assert ambition(goal(0.02, 0.012), 0.012, 0.004) == pytest.approx(0.158655253931)

    def test_without_spread_it_is_certain(self):
        assert (ambition(5, 5, 0), ambition(5.1, 5, 0), ambition(4.9, 5, 0)) == (1.0, 0.0, 1.0)

    @given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1e6))
    def test_bolder_is_less_likely(self, one, other, current, spread):
        low, high = sorted([one, other])
        assert 1 >= ambition(low, current, spread) >= ambition(high, current, spread) >= 0

    @pytest.mark.parametrize("bad", [math.nan, None, "1", math.inf, True])
    def test_bad_numbers_are_refused(self, bad):
        for numbers in ((bad, 1, 1), (1, bad, 1), (1, 1, bad)):
            with pytest.raises(PlanError):
                ambition(*numbers)

    def test_a_spread_is_not_negative(self):
        with pytest.raises(PlanError, match="spread"):
            ambition(1, 1, -0.1)
