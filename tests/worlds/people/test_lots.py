"""Lots: things drawn by weight, as often as their weight says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.worlds.people.lots import LOTS, Lots, places

WEIGHTS = st.lists(st.floats(0, 1e6), min_size=1, max_size=300).filter(lambda weights: sum(weights) > 1e-6)


@given(WEIGHTS)
def test_every_share_is_held_to_one_lot(weights):
    drawn = Lots([weights]).draw((np.arange(LOTS) + 0.5) / LOTS)  # every lot once
    held = np.bincount(drawn, minlength=len(weights)) / LOTS
    assert held == pytest.approx(np.array(weights) / sum(weights), abs=1.01 / LOTS)


@given(WEIGHTS, st.floats(0, 1, exclude_max=True))
def test_what_has_no_weight_is_never_drawn(weights, u):
    padded = [0.0, *weights, 0.0]
    assert 1 <= Lots([padded]).draw(np.array([u]))[0] <= len(weights)


@given(
    st.lists(WEIGHTS, min_size=2, max_size=5),
    st.lists(st.floats(0, 1, exclude_max=True), min_size=20, max_size=20),
)
def test_each_draws_from_their_own_urn(urns, u):
    u, urn = np.array(u), np.arange(20, dtype=np.uint8) % len(urns)
    together = Lots(urns).draw(u, urn)
    alone = [int(Lots([urns[n]]).draw(u[i : i + 1])[0]) for i, n in enumerate(urn)]
    assert together.tolist() == alone


def test_an_urn_is_in_order():
    u = np.sort(np.random.default_rng(1).random(1_000))
    assert (np.diff(Lots([[5, 1, 3]]).draw(u).astype(int)) >= 0).all()


@given(st.integers(1, 10**9), st.floats(0, 1, exclude_max=True))
def test_places_are_places(count, u):
    assert 0 <= places(np.array([u]), count)[0] < count
