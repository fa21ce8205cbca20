"""Parts of a run on their way between machines."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.campaigns import Flight, Plan
from narrowcast.simulate import simulate
from narrowcast.simulate.parts import _packed, _unpacked


@given(st.lists(st.one_of(st.just(0), st.integers(-(2**62), 2**62)), min_size=1, max_size=60))
def test_a_column_comes_back_as_it_was(values):
    column = np.array(values, np.int64)
    again = _unpacked(*_packed(column))
    assert again.dtype == column.dtype
    assert np.array_equal(again, column)


@pytest.mark.parametrize("kind", [np.uint16, np.uint32])
def test_the_largest_number_of_a_type_comes_back(kind):
    column = np.full(9, np.iinfo(kind).max, kind)
    again = _unpacked(*_packed(column))
    assert again.dtype == kind
    assert np.array_equal(again, column)


def test_a_part_travels_whole_and_light(fashion):
    part = simulate(fashion, Plan(flights=[Flight("social", 2_000_000)], holdout=0.1), 3).part
    sent = pickle.dumps(part)
    again = pickle.loads(sent)
    assert all(np.array_equal(a, b) for a, b in zip(part.first, again.first, strict=True))
    for name, columns in part.customers.items():
        for one, other in zip(columns, again.customers[name], strict=True):
            assert one.dtype == other.dtype
            assert np.array_equal(one, other)
    assert len(sent) < sum(c.nbytes for columns in part.customers.values() for c in columns)
