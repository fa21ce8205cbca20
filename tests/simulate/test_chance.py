"""The generator and the counts made from it: published answers, SciPy's, and common random numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from narrowcast.simulate.engine.chance import binomial, fill, philox, poisson, sends, share, walk_poisson
from narrowcast.simulate.engine.keys import key_of

U = np.uint64
UNIFORMS = st.integers(0, 2**32 - 1).map(lambda word: (word + 0.5) * 2.0**-32)
ONES = 0xFFFFFFFF

# Random123, kat_vectors, philox4x32-10: counter, key, words.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES, ONES, ONES, ONES), (ONES, ONES), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


class TestPhilox:
    @pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
    def test_published_answers(self, counter, key, words):
        assert tuple(int(word) for word in philox(*map(U, counter), *map(U, key))) == words

    def test_words_of_many_people_at_once(self):
        numbers = np.array([7, 0, 4_000_000_000], np.uint32)
        out = np.zeros((4, 3), np.uint32)
        fill(out, numbers, U(6 | 99 << 8), U(3), U(11), U(12))
        for at, number in enumerate(numbers):
            one = philox(U(number), U(6 | 99 << 8), U(3), U(0), U(11), U(12))
            assert [int(word) for word in one] == out[:, at].tolist()

    def test_seeds_make_keys(self):
        keys = {key_of(seed, market) for seed in range(50) for market in range(50)}
        assert len(keys) == 2_500
        assert all(key < 2**32 for pair in keys for key in pair)

    def test_a_share_is_strictly_between_0_and_1(self):
        assert 0 < share(U(0)) < 1e-9
        assert 1 - 1e-9 < share(U(ONES)) < 1

    def test_shares_are_even_and_neighbours_are_strangers(self):
        out = np.zeros((4, 20_000), np.uint32)
        fill(out, np.arange(20_000, dtype=np.uint32), U(1), U(0), U(1), U(2))
        shares = (out + 0.5) * 2.0**-32
        assert shares.mean(axis=1) == pytest.approx(0.5, abs=4 / math.sqrt(12 * 20_000))
        assert stats.kstest(shares[0], "uniform").pvalue > 1e-3
        assert np.abs(np.corrcoef([*shares, np.roll(shares[0], 1)])[np.triu_indices(5, 1)]).max() < 0.03


class TestPoisson:
    @pytest.mark.parametrize("mean", [1e-9, 0.003, 0.4, 1.0, 2.5, 17.0, 49.9])
    def test_small_means_are_scipys(self, mean):
        shares = np.random.default_rng(1).random(2_000)
        assert [poisson(u, mean) for u in shares] == stats.poisson.ppf(shares, mean).tolist()

    @pytest.mark.parametrize("mean", [50.5, 80.0, 1_000.0, 2.5e6])
    def test_large_means_have_the_moments(self, mean):
        drawn = np.array([poisson((i + 0.5) / 20_000, mean) for i in range(20_000)], float)
        assert drawn.mean() == pytest.approx(mean, rel=2e-3)
        assert drawn.std() == pytest.approx(math.sqrt(mean), rel=0.01)
        assert stats.skew(drawn) == pytest.approx(mean**-0.5, abs=0.02)

    def test_no_mean_no_events(self):
        assert poisson(1 - 2.0**-33, 0.0) == 0

    @given(UNIFORMS, st.floats(1e-6, 50), st.floats(1e-6, 50))
    def test_it_grows_with_the_mean(self, u, one, other):
        low, high = sorted((one, other))
        assert poisson(u, low) <= poisson(u, high)

    @given(UNIFORMS, st.floats(50.001, 1e6), st.floats(1, 1.5))
    def test_it_grows_with_a_large_mean(self, u, mean, more):
        assert poisson(u, mean) <= poisson(u, mean * more)

    @given(UNIFORMS, st.floats(0.05, 20))
    def test_the_walk_begins_at_the_chance_of_none(self, u, mean):
        assert walk_poisson(u, mean, math.exp(-mean)) == poisson(u, mean)

    def test_it_always_ends(self):
        assert poisson(1 - 2.0**-33, 50.0) < 200


class TestBinomial:
    @pytest.mark.parametrize(
        ("trials", "chance"),
        [
            *((n, p) for n in (1, 2, 9, 50) for p in (1e-7, 0.02, 0.3, 0.5, 0.77, 0.999)),
            (400, 0.1), (400, 0.9), (1_000_000, 1e-6),
        ],
    )  # fmt: skip
    def test_small_means_are_scipys(self, trials, chance):
        shares = np.random.default_rng(2).random(500)
        assert [binomial(u, trials, chance) for u in shares] == stats.binom.ppf(
            shares, trials, chance
        ).tolist()

    @pytest.mark.parametrize(
        ("trials", "chance"), [(120, 0.5), (2_000, 0.05), (2_000, 0.95), (1_000_000, 0.3)]
    )
    def test_large_means_have_the_moments(self, trials, chance):
        drawn = np.array([binomial((i + 0.5) / 20_000, trials, chance) for i in range(20_000)], float)
        assert drawn.mean() == pytest.approx(trials * chance, rel=0.01)
        assert drawn.std() == pytest.approx(math.sqrt(trials * chance * (1 - chance)), rel=0.03)
        assert 0 <= drawn.min() <= drawn.max() <= trials

    @given(UNIFORMS, st.integers(0, 300))
    def test_sure_and_impossible(self, u, trials):
        assert binomial(u, trials, 0.0) == 0
        assert binomial(u, trials, 1.0) == trials

    @given(UNIFORMS, st.integers(0, 300), st.floats(0, 1), st.floats(0, 1))
    def test_it_grows_with_the_chance_and_stays_among_the_trials(self, u, trials, one, other):
        low, high = sorted((one, other))
        assert 0 <= binomial(u, trials, low) <= binomial(u, trials, high) <= trials


class TestSends:
    @given(UNIFORMS, st.floats(0, 1_000))
    def test_the_rest_falls_to_one_or_none(self, u, mean):
        assert sends(u, mean) in (math.floor(mean), math.floor(mean) + 1)

    @pytest.mark.parametrize("mean", [0.0, 0.25, 1.0, 3.8])
    def test_the_mean_is_kept(self, mean):
        drawn = [sends((i + 0.5) / 1_000, mean) for i in range(1_000)]
        assert np.mean(drawn) == pytest.approx(mean)

    @given(UNIFORMS, st.floats(0, 100), st.floats(0, 100))
    def test_it_grows_with_the_mean(self, u, one, other):
        low, high = sorted((one, other))
        assert sends(u, low) <= sends(u, high)
