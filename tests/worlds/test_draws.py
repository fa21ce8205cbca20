"""A draw is a function: of seed, customer, week, channel and purpose, and of nothing else."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import stats

from narrowcast.worlds import Purpose, binomial, poisson, seed_from, uniforms

SEEDS = st.integers(0, 2**130)

GOLDEN_FIRST = [0.6073659924129827, 0.5037305356300302, 0.429156247209297]
GOLDEN_BLOCK = "1ed5c03be6b7cf1e"
GOLDEN_WIDE_SEED = "9d083cd42bcf9441"
GOLDEN_SEED = 657922822357349508


def fingerprint(values: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(values).astype("<f8").tobytes()).hexdigest()[:16]


@given(SEEDS, st.sampled_from(Purpose), st.integers(0, 10**9), st.integers(0, 60), st.integers(0, 99))
def test_uniforms_lie_strictly_between_0_and_1(seed, purpose, start, week, channel):
    drawn = uniforms(seed, purpose, start, 64, week=week, channel=channel)
    assert drawn.shape == (64,)
    assert 0 < drawn.min() <= drawn.max() < 1


@given(SEEDS, st.integers(0, 300), st.integers(0, 300))
def test_any_block_is_a_slice_of_the_whole(seed, start, count):
    whole = uniforms(seed, Purpose.VISIT, 0, 600, week=3)
    assert np.array_equal(uniforms(seed, Purpose.VISIT, start, count, week=3), whole[start : start + count])


def test_draws_are_remembered_and_cannot_be_spoilt():
    first = uniforms(1, Purpose.VISIT, 0, 100)
    with pytest.raises(ValueError, match=r"read-only"):
        first[0] = 0.5
    assert np.array_equal(uniforms(1, Purpose.VISIT, 0, 60_000)[:100], first)  # too long to be remembered


def test_a_far_block_is_drawn_alone():
    near = uniforms(1, Purpose.VISIT, 4_999_990, 20)
    assert np.array_equal(near[10:], uniforms(1, Purpose.VISIT, 5_000_000, 10))


BASE = {"seed": 7, "purpose": Purpose.CONTACTS, "week": 2, "channel": 3}


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 8},
        {"seed": 7 + 2**64},
        {"seed": 7 << 32},
        {"purpose": Purpose.NOTICE},
        {"week": 3},
        {"channel": 4},
        {"week": 3, "channel": 2},
    ],
    ids=str,
)
def test_another_coordinate_draws_independently(change):
    def drawn(seed, purpose, week, channel):
        return uniforms(seed, purpose, 0, 20_000, week=week, channel=channel)

    one, other = drawn(**BASE), drawn(**(BASE | change))
    assert not np.intersect1d(one, other).size
    assert abs(np.corrcoef(one, other)[0, 1]) < 4 / np.sqrt(20_000)


def test_neighbours_are_independent():
    drawn = uniforms(3, Purpose.VISIT, 0, 20_000)
    for lag in (1, 2, 4):
        assert abs(np.corrcoef(drawn[lag:], drawn[:-lag])[0, 1]) < 4 / np.sqrt(20_000)


def test_uniforms_are_uniform():
    assert stats.kstest(uniforms(11, Purpose.BUY, 0, 50_000), "uniform").pvalue > 1e-4


def test_the_function_is_pinned():
    """The same seed gives the same market on any machine: these may never change."""
    assert uniforms(0, Purpose.SEGMENT, 0, 3).tolist() == GOLDEN_FIRST
    assert fingerprint(uniforms(42, Purpose.CONTACTS, 1_234, 5_000, week=3, channel=17)) == GOLDEN_BLOCK
    assert fingerprint(uniforms(5 + (9 << 64), Purpose.FRIEND, 40_000, 1_000)) == GOLDEN_WIDE_SEED


def test_purposes_are_pinned():
    """A number stands for good: another purpose under the same number would move every market."""
    assert {purpose.name: purpose.value for purpose in Purpose} == {
        "SEGMENT": 1,
        "INTEREST": 2,
        "EXPOSURE": 3,
        "REACH": 4,
        "IDENTITY": 5,
        "VISITS": 6,
        "HISTORY": 7,
        "REPEAT": 8,
        "ORDERS": 9,
        "BASKET": 10,
        "BROWSING": 11,
        "TIES": 12,
        "HOUSEHOLD": 13,
        "CAMPAIGN": 14,
        "FILES": 15,
        "LEADS": 16,
        "FIRMS": 17,
        "REFERRAL": 18,
        "DIRT": 19,
        "CONTACTS": 20,
        "NOTICE": 21,
        "VISIT": 22,
        "BUY": 23,
        "SPEND": 24,
        "ADVOCATE": 25,
        "FRIEND": 26,
        "HOLDOUT": 27,
        "STUDENT": 40,
    }


def test_seed_from_is_pinned():
    assert seed_from("world", "hcmc-fashion", None, None, 0) == GOLDEN_SEED
    assert seed_from("Đặng", 1) != seed_from("Đặng", "1 ")


@given(st.lists(st.text(alphabet=st.characters(codec="utf-8")), max_size=4))
def test_seed_from_is_a_seed(parts):
    seed = seed_from(*parts)
    assert 0 <= seed < 2**63
    assert seed == seed_from(*parts)


def test_seed_from_keeps_parts_apart():
    assert seed_from("ab", "c") != seed_from("a", "bc")


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.floats(0, 40))
def test_poisson_is_the_inverse_of_its_distribution_function(seed, mean):
    u = uniforms(seed, Purpose.CONTACTS, 0, 300)
    assert np.array_equal(poisson(u, np.full(300, mean)), stats.poisson.ppf(u, mean))


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.floats(50, 9_999))
@example(0, 50.0)
@example(0, 745.2)  # exp(-745.2) is 0 as a float
def test_poisson_holds_for_many_contacts(seed, mean):
    u = uniforms(seed, Purpose.CONTACTS, 0, 100)
    assert np.array_equal(poisson(u, np.full(100, mean)), stats.poisson.ppf(u, mean))


@pytest.mark.parametrize("mean", [1e4, 1e6, 1e9, 1e14])
def test_poisson_holds_for_absurdly_many(mean):
    counts = poisson(uniforms(1, Purpose.CONTACTS, 0, 4_000), np.full(4_000, mean))
    assert counts.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / 4_000))
    assert counts.std() == pytest.approx(np.sqrt(mean), rel=0.06)


def test_poisson_takes_each_customers_own_mean():
    mean = np.array([0.0, 0.5, 20.0, 300.0, 20_000.0])
    u = np.full(5, 0.5)
    assert poisson(u, mean).tolist() == [0, 0, 20, 300, 20_000]
    assert poisson(np.array([1 - 2**-53]), np.array([0.0])).tolist() == [0]


@settings(max_examples=60)
@given(st.integers(0, 2**32), st.integers(0, 50), st.floats(1e-9, 1 - 1e-9))
def test_binomial_is_the_inverse_of_its_distribution_function(seed, trials, chance):
    u = uniforms(seed, Purpose.NOTICE, 0, 200)
    got = binomial(u, np.full(200, trials), np.full(200, chance))
    # At the very edge of a step the two ways of summing may fall on either side of it.
    below, at = stats.binom.cdf(got - 1, trials, chance), stats.binom.cdf(got, trials, chance)
    assert ((below - 1e-12 <= u) & (u <= at + 1e-12)).all()
    assert got.min() >= 0
    assert got.max() <= trials


@settings(max_examples=40)
@given(st.integers(0, 2**32), st.integers(51, 9_999), st.floats(1e-6, 1 - 1e-6))
@example(0, 400, 0.95)  # 0.05 ** 400 is 0 as a float
@example(0, 60, 1 - 1e-6)
def test_binomial_holds_for_many_contacts(seed, trials, chance):
    u = uniforms(seed, Purpose.NOTICE, 0, 60)
    got = binomial(u, np.full(60, trials), np.full(60, chance))
    below, at = stats.binom.cdf(got - 1, trials, chance), stats.binom.cdf(got, trials, chance)
    assert ((below - 1e-9 <= u) & (u <= at + 1e-9)).all()
    assert got.max() <= trials


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("trials", [0, 1, 7, 300, 20_000])
def test_binomial_at_both_ends(trials):
    u = uniforms(1, Purpose.NOTICE, 0, 50)
    for chance in (0.0, 1.0):
        assert (binomial(u, np.full(50, trials), np.full(50, chance)) == trials * chance).all()


@pytest.mark.parametrize("chance", [0.02, 0.5, 0.98])
def test_binomial_holds_for_absurdly_many(chance):
    trials = np.full(4_000, 10**9)
    counts = binomial(uniforms(1, Purpose.NOTICE, 0, 4_000), trials, np.full(4_000, chance))
    assert counts.mean() == pytest.approx(1e9 * chance, rel=1e-5)
    assert counts.max() <= 10**9


@given(st.integers(0, 2**32), st.floats(0, 30), st.floats(0, 30))
def test_more_money_never_means_fewer_contacts_with_the_same_luck(seed, one, other):
    u = uniforms(seed, Purpose.CONTACTS, 0, 100)
    low, high = sorted((one, other))
    assert (poisson(u, np.full(100, low)) <= poisson(u, np.full(100, high))).all()
