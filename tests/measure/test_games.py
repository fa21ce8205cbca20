"""Removal effects and Shapley values, held against brute force."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from narrowcast.errors import AnswerError, PlanError
from narrowcast.measure import removal_effects, shapley_values


def by_joining(worth, n):
    """Average over all n! orders of joining."""
    value = np.zeros(n)
    for order in itertools.permutations(range(n)):
        there = 0
        for player in order:
            value[player] += worth[there | (1 << player)] - worth[there]
            there |= 1 << player
    return value / math.factorial(n)


WORTH = st.integers(0, 5).flatmap(lambda n: st.lists(st.floats(-100, 100), min_size=2**n, max_size=2**n))


@given(WORTH)
def test_shapley_is_the_mean_over_all_orders_of_joining(worth):
    n = len(worth).bit_length() - 1
    assert shapley_values(worth) == pytest.approx(by_joining(worth, n), abs=1e-9)


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=10))
def test_ten_players_who_do_not_work_together_get_their_own(alone):
    sets = np.arange(2 ** len(alone))
    worth = sum(share * ((sets >> i) & 1) for i, share in enumerate(alone))
    assert shapley_values(worth) == pytest.approx(alone, abs=1e-9)


def test_gloves():
    """One left and two right gloves: a pair is worth 1, and the left one 2/3."""
    worth = [1.0 if s & 1 and s & 6 else 0 for s in range(8)]
    assert shapley_values(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])


@pytest.mark.parametrize("worth", [[], [1, 2, 3], ["a", "b"], [0, math.nan], [[0, 1], [2, 3]], None, 5])
def test_a_game_has_a_worth_for_each_set(worth):
    with pytest.raises(AnswerError, match="worth"):
        shapley_values(worth)


def test_eleven_players_are_too_many():
    with pytest.raises(PlanError, match=r"step measure.*11 channels.*2,048 sets.*10 at most"):
        shapley_values(np.zeros(2**11))


def success(flows, worth):
    """Expected success of a journey, by walking until nobody is left."""
    c = worth.size
    out = np.maximum(flows[:c].sum(axis=1), 1e-300)
    here, total = flows[c, :c] / flows[c].sum(), 0.0
    while here.sum() > 1e-13:
        total += here @ (worth / out)
        here = here @ (flows[:c, :c] / out[:, None])
    return total


@given(st.integers(1, 5), st.integers(0, 10_000))
def test_what_is_lost_is_what_a_graph_without_the_channel_lacks(c, seed):
    rng = np.random.default_rng(seed)
    flows = rng.integers(0, 9, (c + 1, c + 2)).astype(float)
    np.fill_diagonal(flows[:, :c], 0)
    flows[:c, c:] += 1  # every channel has an end
    flows[c] = [*rng.integers(1, 9, c), 0, 0]
    worth = flows[:c, c]
    effects = removal_effects(flows, worth)
    whole = success(flows, worth)
    for gone in range(c):
        without, left = flows.copy(), worth.copy()
        without[:, c + 1] += without[:, gone]  # who would have come here ends in nothing
        without[:, gone] = 0
        left[gone] = 0
        assert effects[gone] == pytest.approx(1 - success(without, left) / whole, abs=1e-9)


def test_without_journeys_nothing_is_lost():
    assert removal_effects(np.zeros((4, 5)), np.zeros(3)).tolist() == [0, 0, 0]
