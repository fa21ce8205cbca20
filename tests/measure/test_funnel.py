"""The funnel and its narrowest place."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import AnswerError, UnknownName
from narrowcast.measure import FUNNEL, bottleneck, funnel

COUNTS = {
    "reached": 10_000,
    "noticed": 4_000,
    "visited": 400,
    "bought": 60,
    "bought_again": 30,
    "advocate": 6,
}


def test_rates():
    stages = funnel(COUNTS)
    assert tuple(stages.index) == FUNNEL
    assert stages["people"].tolist() == list(COUNTS.values())
    assert stages["from_previous"].tolist()[1:] == pytest.approx([0.4, 0.1, 0.15, 0.5, 0.2])
    assert math.isnan(stages["from_previous"].iloc[0])
    assert stages["from_first"].tolist() == pytest.approx([1, 0.4, 0.04, 0.006, 0.003, 0.0006])


def test_a_series_in_any_order_and_with_gaps():
    stages = funnel(pd.Series({"bought": 5, "reached": 100, "visited": 50}))
    assert stages.index.tolist() == ["reached", "visited", "bought"]
    assert stages.loc["bought", "from_previous"] == pytest.approx(0.1)


@given(st.lists(st.integers(1, 10**9), min_size=6, max_size=6))
def test_rates_multiply_along_the_funnel(people):
    stages = funnel(dict(zip(FUNNEL, people, strict=True)))
    product = stages["from_previous"].iloc[1:].cumprod()
    assert product.tolist() == pytest.approx(stages["from_first"].iloc[1:].tolist())


THROUGH = {
    "reached": 10_000,
    "noticed": 4_000,
    "visited": 300,
    "bought": 40,
    "bought_again": 10,
    "advocate": 2,
}


def test_who_came_through_is_told_from_who_came_in_from_the_side():
    counts = COUNTS | {"visited": 5_000, "advocate": 45}
    stages = funnel(counts, THROUGH)
    assert stages["people"].tolist() == list(counts.values())
    assert stages["through"].tolist() == list(THROUGH.values())
    assert stages["otherwise"].tolist() == [0, 0, 4_700, 20, 20, 43]
    assert stages["from_previous"].tolist()[1:] == pytest.approx([0.4, 0.075, 40 / 300, 0.25, 0.2])
    assert stages.loc["advocate", "from_first"] == pytest.approx(0.0002)
    assert bottleneck(stages) == "visited"


@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6), st.data())
def test_nested_shares_lie_from_0_to_1(people, data):
    through, most = [], people[0]
    for count in people:
        most = data.draw(st.integers(0, min(most, count)))
        through.append(most)
    stages = funnel(*(dict(zip(FUNNEL, row, strict=True)) for row in (people, through)))
    for column in ("from_previous", "from_first"):
        assert stages[column].dropna().between(0, 1).all()


@pytest.mark.parametrize(
    ("through", "said"),
    [
        (THROUGH | {"visited": 401}, "401 people came through to visited"),
        (THROUGH | {"bought": 10, "bought_again": 20}, "20 people came through to bought_again"),
        ({"reached": 5, "noticed": 3}, "Give the same stages"),
        (THROUGH | {"bought": -1}, "bought"),
        (5, "two stages"),
    ],
)
def test_what_is_no_part_of_the_people_is_told(through, said):
    with pytest.raises(AnswerError, match=said):
        funnel(COUNTS, through)


def test_nobody_there_is_no_rate():
    stages = funnel(dict.fromkeys(FUNNEL, 0))
    assert stages[["from_previous", "from_first"]].isna().all(axis=None)
    with pytest.raises(AnswerError, match="nobody came"):
        bottleneck(stages)


def test_the_bottleneck_is_the_lowest_rate():
    assert bottleneck(funnel(COUNTS)) == "visited"


def test_beside_a_benchmark_it_is_what_lies_furthest_below():
    """One in ten comes to the shop everywhere; that one in five speaks for it is the weak place here."""
    benchmark = {"visited": 0.08, "bought": 0.15, "advocate": 0.5}
    assert bottleneck(funnel(COUNTS), benchmark) == "advocate"
    assert bottleneck(funnel(COUNTS), pd.Series({"noticed": 0.9})) == "noticed"


@pytest.mark.parametrize(
    ("counts", "error", "said"),
    [
        ({"reached": 5, "seen": 3}, UnknownName, "stage of the funnel 'seen'"),
        ({"reached": 5, "noticed": -1}, AnswerError, "noticed"),
        ({"reached": 5, "noticed": np.nan}, AnswerError, "noticed"),
        ({"reached": 5, "noticed": "3"}, AnswerError, "noticed"),
        ({"reached": 5}, AnswerError, "two stages"),
        ({}, AnswerError, "two stages"),
        ([5, 3], AnswerError, "two stages"),
        (None, AnswerError, "two stages"),
    ],
)
def test_what_is_no_funnel_is_told(counts, error, said):
    with pytest.raises(error, match=said):
        funnel(counts)


@pytest.mark.parametrize(
    ("benchmark", "error", "said"),
    [
        ({"sold": 0.1}, UnknownName, "sold"),
        ({"bought": 0}, AnswerError, "bought"),
        ({"bought": "a tenth"}, AnswerError, "bought"),
        ({"reached": 0.5}, AnswerError, "compared"),
        (0.1, AnswerError, "dict or a Series"),
    ],
)
def test_a_benchmark_that_does_not_fit_is_told(benchmark, error, said):
    with pytest.raises(error, match=said):
        bottleneck(funnel(COUNTS), benchmark)


def test_a_bottleneck_is_looked_for_in_a_funnel():
    with pytest.raises(AnswerError, match="funnel"):
        bottleneck(COUNTS)
