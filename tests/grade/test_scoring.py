"""The mark of a check cell: nbgrader's, but where that gives full marks for what is no pass."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_output
from nbgrader.utils import determine_grade

from narrowcast.grade.scoring import mark_of


def result(text: str) -> dict:
    return new_output("execute_result", data={"text/plain": text}, execution_count=1)


ERROR = new_output("error", ename="AssertionError", evalue="no", traceback=[])
WARNING = new_output("stream", name="stderr", text="a warning")
PRINTED = new_output("stream", name="stdout", text="0.5")


def stock(outputs: list[dict], points: float) -> float:
    about = {"grade": True, "solution": False, "points": points, "grade_id": "q"}
    cell = new_code_cell("assert True", outputs=outputs, metadata={"nbgrader": about})
    return determine_grade(cell, logging.getLogger("quiet"))[0]


@pytest.mark.parametrize(
    "outputs",
    [[], [PRINTED], [ERROR], [WARNING], [PRINTED, ERROR], [result("2.5")], [result("0")], [result("'well done'")],
     [PRINTED, result("1")], [result("True")], [result("[1, 2]")], [result("<Figure size 640x480>")]],
)  # fmt: skip
def test_it_is_nbgraders_mark(outputs: list[dict]) -> None:
    assert mark_of(outputs, 4) == stock(outputs, 4)


@given(st.floats(0, 4))
def test_a_number_within_bounds_is_the_mark(value: float) -> None:
    assert mark_of([result(repr(value))], 4) == stock([result(repr(value))], 4) == value


@pytest.mark.parametrize(
    ("shown", "mark"),
    [
        (repr(np.float64(2.5)), 2.5),
        (repr(np.float32(2.5)), 2.5),
        (repr(np.int64(3)), 3),
        ("Decimal('2.5')", 2.5),
        ("-1", 0),
        ("-inf", 0),
        ("nan", 0),
        (repr(np.float64("nan")), 0),
        ("inf", 4),
        ("17", 4),
        ("1e400", 4),
        ("False", 0),
        (repr(np.False_), 0),
        ("9" * 100_000, 4),
    ],
)
def test_it_is_not_where_nbgraders_mark_is_wrong(shown: str, mark: float) -> None:
    assert mark_of([result(shown)], 4) == mark


@given(st.text(max_size=30), st.floats(0, 100))
def test_a_mark_lies_within_bounds(shown: str, points: float) -> None:
    assert 0 <= mark_of([result(shown)], points) <= points


def test_an_error_after_a_value_gets_nothing() -> None:
    assert mark_of([result("4"), ERROR], 4) == 0
