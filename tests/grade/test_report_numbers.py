"""The report's statistics: closed forms, bounds, and what they say of too little."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.grade.report.charts import histogram_of, parts_of
from narrowcast.grade.report.mistakes import outcome_of
from narrowcast.grade.report.numbers import (
    FEW,
    MANY,
    alpha_of,
    bins_of,
    interval_of,
    items_of,
    numbers_of,
    spread_of,
)

shares = st.lists(st.floats(0, 20, allow_nan=False), min_size=1, max_size=60)
matrices = st.integers(0, 60).flatmap(
    lambda rows: st.lists(
        st.lists(st.one_of(st.just(math.nan), st.integers(0, 4).map(float)), min_size=4, max_size=4),
        min_size=rows,
        max_size=rows,
    )
)


@given(shares)
def test_spread_agrees_with_the_standard_library(totals: list[float]) -> None:
    spread = spread_of(totals)
    assert spread is not None
    assert spread.mean == pytest.approx(statistics.fmean(totals))
    assert spread.median == pytest.approx(statistics.median(totals))
    if len(totals) > 1:
        lower, _middle, upper = statistics.quantiles(totals, n=4, method="inclusive")
        assert (spread.lower, spread.upper) == (pytest.approx(lower), pytest.approx(upper))
        assert spread.deviation == pytest.approx(statistics.stdev(totals), abs=1e-9)


def test_nobody_has_no_spread() -> None:
    assert spread_of([]) is None
    assert numbers_of([], {"q1": 2.0}, []).items["q1"].difficulty is None


@given(st.lists(st.floats(-5, 30, allow_nan=False), max_size=60), st.floats(0.5, 20))
def test_a_histogram_holds_everybody(totals: list[float], most: float) -> None:
    assert sum(count for _low, _high, count in bins_of(totals, most)) == len(totals)


@given(shares)
def test_a_chart_stays_within_its_width(totals: list[float]) -> None:
    spread = spread_of(totals)
    assert spread is not None
    chart = histogram_of(totals, spread, 10.0)
    places = [chart.least, chart.lower, chart.median, chart.mean, chart.upper, chart.most]
    places += [edge for bar in chart.bars for edge in (bar.x, bar.x + bar.width)]
    assert all(0 <= place <= 100 for place in places)
    assert sum(bar.count for bar in chart.bars) == len(totals)


def test_alpha_of_parallel_items_is_the_spearman_brown_formula() -> None:
    random = np.random.default_rng(1)
    ability = random.normal(size=20_000)
    marks = ability[:, None] + random.normal(size=(20_000, 5))  # reliability of one item: 1/2
    found = alpha_of(marks).value
    assert found == pytest.approx(5 * 0.5 / (1 + 4 * 0.5), abs=0.02)


def test_alpha_of_a_hand_reckoned_table() -> None:
    marks = np.array([[1.0, 1.0], [0.0, 0.0]] * 5)
    assert alpha_of(marks).value == pytest.approx(1.0)
    opposed = np.array([[1.0, 0.0], [0.0, 1.0]] * 5)
    assert alpha_of(opposed).why == "alike"


def test_why_there_is_no_alpha() -> None:
    assert alpha_of(np.ones((30, 1))).why == "alone"
    assert alpha_of(np.ones((FEW - 1, 3))).why == "few"
    assert alpha_of(np.ones((30, 3))).why == "alike"


def test_an_item_is_not_compared_with_itself() -> None:
    random = np.random.default_rng(2)
    marks = random.normal(size=(5_000, 3))  # nothing to do with one another
    for item in items_of(marks - marks.min(), [1.0, 1.0, 1.0]):
        assert item.discrimination == pytest.approx(0.0, abs=0.05)


def test_discrimination_is_the_correlation_with_the_rest() -> None:
    random = np.random.default_rng(3)
    marks = random.integers(0, 3, size=(40, 4)).astype(float)
    items = items_of(marks, [2.0] * 4)
    for place, item in enumerate(items):
        rest = np.delete(marks, place, axis=1).sum(axis=1)
        assert item.discrimination == pytest.approx(np.corrcoef(marks[:, place], rest)[0, 1])
        assert item.interval is not None
        assert item.interval[0] < item.discrimination < item.interval[1]  # type: ignore[operator]


@given(matrices)
def test_statistics_keep_their_bounds_whatever_is_missing(rows: list[list[float]]) -> None:
    marks = np.array(rows, dtype=float).reshape(len(rows), 4)
    for item in items_of(marks, [4.0] * 4):
        assert item.difficulty is None or 0 <= item.difficulty <= 1
        assert item.discrimination is None or -1 <= item.discrimination <= 1
        assert (item.discrimination is None) == bool(item.why)
        assert item.contrast is None or -1 <= item.contrast <= 1


def test_large_classes_get_the_upper_lower_index() -> None:
    strong, weak = [2.0, 2.0], [0.0, 2.0]
    large = np.array([strong, weak] * (MANY // 2))
    first, second = items_of(large, [2.0, 2.0])
    assert (first.contrast, second.contrast) == (1.0, 0.0)
    assert items_of(large[: MANY - 2], [2.0, 2.0])[0].contrast is None


def test_the_order_of_rows_says_nothing_where_totals_are_alike() -> None:
    rows = [[1.0, 0.0]] * (MANY // 2) + [[0.0, 1.0]] * (MANY // 2)
    for order in (rows, rows[::-1]):
        assert [item.contrast for item in items_of(np.array(order), [1.0, 1.0])] == [0.0, 0.0]
    generous = np.array([[3.0, 1.0], [0.0, 1.0]] * (MANY // 2))
    assert items_of(generous, [2.0, 1.0])[0].contrast == 1.0


def test_a_text_that_nobody_has_read_takes_nothing_with_it() -> None:
    marks = [{"q1": float(n % 3), "q2": float(n % 2), "q6": None} for n in range(30)]
    numbers = numbers_of(marks, {"q1": 2.0, "q2": 1.0, "q6": 4.0, "bet": 0.0}, [1.0] * 30)
    assert numbers.items["q6"].why == "unmarked"
    assert numbers.items["q1"].discrimination is not None
    assert numbers.alpha.items == 2
    assert "bet" not in numbers.items


def test_fishers_interval() -> None:
    assert interval_of(0.5, 28) == pytest.approx((0.157, 0.737), abs=0.002)
    assert interval_of(0.5, 3) is None
    assert interval_of(1.0, 30) == (1.0, 1.0)


@given(st.lists(st.one_of(st.none(), st.floats(0, 4)), max_size=30))
def test_everybody_is_in_one_part_of_the_bar(marks: list[float | None]) -> None:
    parts = parts_of(outcome_of(marks, 4.0))
    assert sum(part.count for part in parts) == len(marks)
    assert sum(part.width for part in parts) == pytest.approx(100.0 if marks else 0.0, abs=0.1)
