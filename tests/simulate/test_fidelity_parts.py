"""The parts that the comparison with published figures rests on, against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import UnknownName
from narrowcast.simulate.fidelity import Table, tables
from narrowcast.simulate.fidelity.bank import called
from narrowcast.simulate.fidelity.cell import Cell, between, share_between
from narrowcast.simulate.fidelity.growth import cascade, fitted_bass
from narrowcast.simulate.fidelity.markets import across
from narrowcast.simulate.fidelity.pages import figure, intro, named
from narrowcast.simulate.fidelity.published import recipe_here
from narrowcast.simulate.fidelity.repeats import cohort, refitted
from narrowcast.simulate.fidelity.retail import trial

shares = st.floats(0, 1)
sizes = st.integers(2, 10**6)


@given(shares, sizes, sizes)
def test_a_share_lies_in_its_interval_and_larger_samples_narrow_it(share, published, simulated):
    low, high = share_between(share, published, simulated)
    assert 0 <= low <= share <= high <= 1
    closer = share_between(share, published * 4, simulated * 4)
    assert low <= closer[0] <= closer[1] <= high


def test_two_values_give_students_interval():
    """t(0.975, 1) = 12.706; with values 0 and 2 the deviation is the root of 2."""
    assert between([0.0, 2.0]) == pytest.approx(
        (1 - 12.7062 * math.sqrt(3), 1 + 12.7062 * math.sqrt(3)), rel=1e-4
    )
    assert between([0.0, 2.0], mean=True) == pytest.approx((1 - 12.7062, 1 + 12.7062), rel=1e-4)


@pytest.mark.parametrize(
    ("cell", "verdict"),
    [
        (Cell("x", 1.0, 1.1, 0.9, 1.3), "fits"),
        (Cell("x", 1.0, 1.24, 0.9, 1.6, spread=True), "fits"),
        (Cell("x", 1.0, 1.26, 0.9, 1.6, spread=True), "in range"),
        (Cell("x", -0.2, -0.14, -0.3, 0.1, spread=True), "in range"),
        (Cell("x", 1.0, 1.4, 0.9, 1.9), "fits"),  # a small sample tells no more
        (Cell("x", 1.0, 1.4, 1.2, 1.6, spread=True), "outside"),
        (Cell("x", 1.0, 1.4, 1.2, 1.6), "outside"),
        (Cell("x", 1.0, 1.4, 1.2, 1.6, claimed=False, note="why"), "known misfit"),
        (Cell("x", 1.0, math.nan), "outside"),
        (Cell("x", 1.0, 0.9, bound="above"), "outside"),
        (Cell("x", 1.0, 0.9, bound="below"), "fits"),
        (Cell("x", 1.0, 0.1, how="scaled", claimed=False), "scaled"),
        (Cell("x", 1.0, math.nan, how="absent", claimed=False), "not modelled"),
    ],
)
def test_a_cell_says_what_came_of_it(cell, verdict):
    assert cell.verdict == verdict
    assert cell.fails == (verdict == "outside")


def test_the_more_markets_differ_the_less_their_interval_says():
    """Both means lie 87 % off the published one; of the markets that differ nobody can say that they don't fit."""
    alike, apart = (across("x", 0.12, [0.2247 + gap, 0.2247, 0.2247 - gap]) for gap in (0.01, 0.1))
    assert alike.verdict == "outside"
    assert apart.verdict == "in range"
    table = Table("bass", "A title", (apart, across("y", 0.2, [0.21, 0.2])), "none")
    assert named([table], "in range") == ["A title: x."]
    assert "in range" in intro()


@pytest.mark.parametrize(
    ("value", "text"), [(math.nan, "-"), (1411.2, "1411"), (0.0061, "0.0061"), (0.0, "0")]
)
def test_figures_have_four_digits_that_count(value, text):
    assert figure(value) == text


def test_without_imitation_a_novelty_spreads_exponentially():
    spread = cascade(0.1, 0.0, 20_000, 1)
    assert spread == pytest.approx(1 - np.exp(-0.1 * np.arange(spread.size)), abs=0.015)


@given(st.floats(0.01, 0.06), st.floats(0.25, 0.6))
def test_p_and_q_are_read_off_a_curve_on_paper(p, q):
    fall = np.exp(-(p + q) * np.arange(13))
    assert fitted_bass((1 - fall) / (1 + q / p * fall)) == pytest.approx((p, q), rel=1e-3)


def test_the_cohort_refits_to_what_it_was_drawn_from():
    """100,000 customers, forty times as many as the paper's: r and the drop-out a / (a + b) within a few per cent."""
    r, alpha, a, b = refitted(cohort(), slice(None))
    assert r == pytest.approx(0.2426, rel=0.03)
    assert alpha == pytest.approx(4.4135, rel=0.06)
    assert a / (a + b) == pytest.approx(0.7929 / (0.7929 + 2.4258), rel=0.05)


def test_chance_deals_the_three_arms():
    seen = trial(recipe_here("retail-trial"), 6_000, 3)
    assert seen.n.sum() == 6_000
    assert seen.n == pytest.approx([2_000] * 3, abs=150)
    assert (seen.conversion <= seen.visit).all()
    assert seen.visit[0] > seen.visit[1] > seen.visit[2]


def test_who_says_yes_is_called_no_more():
    some = called(recipe_here("bank-calls"), 5_000, 2)
    assert (some.calls >= 1).all()
    assert 0 < some.yes.mean() < 1
    first = some.yes & (some.calls == 1)
    assert first.sum() > 0.3 * some.yes.sum()  # were calls after a yes counted, hardly any would stop at one


@pytest.mark.parametrize("name", ["hillstrom", "", "HILLSTROM_2008", "../published", "bass "])
def test_an_unknown_table_is_told_before_anything_runs(name):
    with pytest.raises(UnknownName):
        tables(["speed_to_call", name])
