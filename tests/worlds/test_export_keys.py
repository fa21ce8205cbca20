"""Keys that occur twice and joins that find nothing, held to what counting says."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.worlds.export import keys
from narrowcast.worlds.export.keys import (
    Orphans,
    Rising,
    collected,
    fingerprints,
    parts_for,
    suspects,
    twice,
)

texts = st.lists(st.text(max_size=3), max_size=60)
cuts = st.integers(1, 7)


def batches(values: list[str], size: int) -> list[pa.Array]:
    column = pa.array(values, pa.large_string())
    return [column.slice(at, size) for at in range(0, len(values), size)]


@given(texts | texts.map(sorted), cuts)
def test_rising_is_strictly_rising(values, size):
    rising = Rising()
    for batch in batches(values, size):
        rising.see([batch])
    assert rising.holds == all(a < b for a, b in pairwise(values))


pairs = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=9)


@given(pairs | pairs.map(sorted) | st.sets(st.tuples(*[st.sampled_from("abc")] * 2)).map(sorted), cuts)
def test_pairs_rise_as_in_a_dictionary(values, size):
    rising = Rising()
    firsts, seconds = (batches([pair[i] for pair in values], size) for i in (0, 1))
    for first, second in zip(firsts, seconds, strict=True):
        rising.see([first, second])
    assert rising.holds == all(a < b for a, b in pairwise(values))


@given(texts, cuts, st.integers(1, 9))
def test_what_occurs_twice_is_what_is_counted_twice(values, size, at_once):
    rows = [pa.record_batch([batch, batch], ["a", "b"]) for batch in batches(values, size)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "KEYS_AT_ONCE", at_once)
        parts = parts_for(len(values))
    found = []
    for part in parts:
        like = suspects(collected((fingerprints(row.columns) for row in rows), part))
        found += twice(iter(rows), like)
    assert sorted(found) == sorted((v, v) for v, count in Counter(values).items() if count > 1)


@given(texts, texts, cuts, st.integers(1, 9))
def test_orphans_are_what_has_no_parent(children, parents, size, at_once):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "KEYS_AT_ONCE", at_once)
        parts = parts_for(len(parents))
    orphans = Orphans()
    for part in parts:
        known = collected((fingerprints([batch]) for batch in batches(parents, size)), part)
        for batch in batches(children, size):
            orphans.look(batch, known, part)
    lost = [child for child in children if child not in set(parents)]
    assert orphans.count == len(lost)
    assert set(orphans.examples) <= set(lost)
    assert bool(orphans.examples) == bool(lost)


def test_a_missing_value_points_to_nothing_and_is_no_orphan():
    orphans = Orphans()
    orphans.look(pa.array([None, "a", None]), fingerprints([pa.array(["a"])]), parts_for(1)[0])
    assert orphans.count == 0
