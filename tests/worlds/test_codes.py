"""Texts of digits: the same as if each had been written by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.worlds.codes import codes, digits, fixed

NUMBERS = st.lists(st.integers(0, 10**12), max_size=30)


@given(NUMBERS, st.integers(1, 12))
def test_digits_are_the_last_ones(numbers, width):
    rows = digits(np.array(numbers, dtype=np.int64), width)
    assert rows.shape == (len(numbers), width)
    assert [bytes(row).decode() for row in rows] == [f"{number:0{width}d}"[-width:] for number in numbers]


@given(NUMBERS, st.integers(1, 12), st.data())
def test_codes_are_what_format_writes(numbers, width, data):
    present = data.draw(st.lists(st.booleans(), min_size=len(numbers), max_size=len(numbers)))
    array = np.array(numbers, dtype=np.int64)
    written = [f"C{number:0{width}d}" for number in numbers]
    plain, some = (
        codes("C", array, width),
        codes("C", array, width, present=np.array(present, dtype=np.bool_)),
    )
    some.validate(full=True)
    assert plain.to_pylist() == written
    assert some.to_pylist() == [code if here else None for code, here in zip(written, present, strict=True)]


@pytest.mark.parametrize("number", [0, 42, 9_999_999, 10_000_000, 123_456_789])
def test_a_code_has_seven_digits_or_more(number):
    assert codes("C", np.array([number])).to_pylist() == [f"C{number:07d}"]


def test_codes_of_several_lengths_stand_in_one_column():
    assert codes("C", np.array([9_999_999, 10_000_000])).to_pylist() == ["C9999999", "C10000000"]


def test_a_number_below_zero_may_stand_where_the_code_is_missing():
    assert codes("C", np.array([-1, 5]), present=np.array([False, True])).to_pylist() == [None, "C0000005"]


def test_fixed_texts_of_no_rows():
    assert len(fixed(np.zeros((0, 4), np.uint8))) == 0
