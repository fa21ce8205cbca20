"""BG/NBD's closed forms, held against the published figures, integrals and a simulation."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, special, stats

from narrowcast.errors import AnswerError
from narrowcast.measure import BGNBD

PUBLISHED = BGNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)
REFITTED = BGNBD(r=0.2426, alpha=4.4135, a=0.7929, b=2.4258)
POSITIVE = st.floats(0.05, 8)


def test_cdnow():
    """Of the published parameters, to four digits; a refit of the file differs in the third."""
    assert PUBLISHED.mean(39) == pytest.approx(1.1967, abs=5e-5)
    assert PUBLISHED.chance(0, 39) == pytest.approx(0.5738, abs=5e-5)
    assert REFITTED.mean(39) == pytest.approx(1.1951, abs=5e-5)
    assert REFITTED.chance(0, 39) == pytest.approx(0.5743, abs=5e-5)


def mean_by_integral(model, weeks):
    def given_p(p):
        return (
            stats.beta.pdf(p, model.a, model.b)
            * (1 - (model.alpha / (model.alpha + p * weeks)) ** model.r)
            / p
        )

    return integrate.quad(given_p, 0, 1, limit=200, points=[0.01, 0.1])[0]


@pytest.mark.parametrize("a", [0.5, 0.793, 1, 1 + 1e-9, 1.5, 4])
@pytest.mark.parametrize("b", [0.6, 2.426, 10])
def test_the_mean_is_the_integral_over_all_customers(a, b):
    model = BGNBD(0.7, 4, a, b)
    assert model.mean(30) == pytest.approx(mean_by_integral(model, 30), rel=1e-4)


@pytest.mark.parametrize("a", [0.2, 0.5])
def test_there_is_no_gap_where_a_and_b_make_one(a):
    at, near = BGNBD(0.7, 4, a, 1 - a), BGNBD(0.7, 4, a, 1.0001 - a)
    assert at.mean(30) == pytest.approx(float(near.mean(30)), rel=1e-3)


@given(POSITIVE, st.floats(0.5, 30), st.floats(0.1, 5), POSITIVE, st.floats(0, 60))
def test_chances_add_up_and_have_the_mean(r, alpha, a, b, weeks):
    model, counts = BGNBD(r, alpha, a, b), np.arange(6_000)
    chances = model.chance(counts, weeks)
    assert (chances >= 0).all()
    missing = 1 - chances.sum()
    assert missing == pytest.approx(0, abs=1e-6)
    assert chances @ counts == pytest.approx(float(model.mean(weeks)), rel=1e-3, abs=1e-6)


@given(st.floats(0, 100), st.floats(0, 100))
def test_more_time_more_orders(one, other):
    low, high = sorted((one, other))
    assert 0 <= PUBLISHED.mean(low) <= PUBLISHED.mean(high) + 1e-12


def simulated(model, watched, ahead, n, seed=0):
    """Return repeat orders and recency in `watched` weeks, and orders in the `ahead` weeks after."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(model.r, 1 / model.alpha, n)
    leave = rng.beta(model.a, model.b, n)
    x, recency, later = np.zeros(n, int), np.zeros(n), np.zeros(n, int)
    now, there = np.zeros(n), np.ones(n, bool)
    while there.any():
        now = now + rng.exponential(size=n) / rate
        there &= now <= watched + ahead
        early = there & (now <= watched)
        x[early] += 1
        recency[early] = now[early]
        later[there & ~early] += 1
        there &= rng.random(n) >= leave
    return x, recency, later


def test_the_forecast_is_what_people_do():
    model, n = BGNBD(1.2, 4, 1.3, 4), 400_000
    x, recency, later = simulated(model, 20, 30, n)
    expected = model.forecast(30, x, recency, np.full(n, 20.0))
    for low, high in itertools.pairwise([0, 1, 2, 4, 8, 200]):
        group = (x >= low) & (x < high)
        error = 4.5 * later[group].std() / math.sqrt(group.sum())
        assert later[group].mean() == pytest.approx(expected[group].mean(), abs=error)
    late = (x >= 3) & (recency > 15)
    early = (x >= 3) & (recency < 5)
    assert later[late].mean() > 3 * later[early].mean()
    assert expected[late].mean() > 3 * expected[early].mean()


def test_it_is_the_published_form_where_that_can_be_reckoned():
    """Fader, Hardie and Lee 2005, equation 10, term by term."""
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    x, last, seen, t = 2, 30.43, 38.86, 39
    z = t / (alpha + seen + t)
    top = (a + b + x - 1) / (a - 1)
    top *= 1 - ((alpha + seen) / (alpha + seen + t)) ** (r + x) * special.hyp2f1(
        r + x, b + x, a + b + x - 1, z
    )
    below = 1 + a / (b + x - 1) * ((alpha + seen) / (alpha + last)) ** (r + x)
    assert PUBLISHED.forecast(t, x, last, seen) == pytest.approx(top / below)
    assert PUBLISHED.forecast(t, x, last, seen) == pytest.approx(1.226, abs=1e-3)  # the paper's example


@pytest.mark.parametrize("count", [0, 1, 50, 1_000, 100_000])
def test_many_orders_do_not_overflow(count):
    found = PUBLISHED.forecast(52, count, 100 if count else 0, 100)
    assert 0 < found < 53 * max(count, 1) / 50
    assert 0 < PUBLISHED.alive(count, 100 if count else 0, 100) <= 1
    assert PUBLISHED.forecast(52, max(count, 2_000), 1, 100) == pytest.approx(0, abs=1e-9)


def test_who_has_never_come_again_may_still_be_there():
    assert PUBLISHED.alive(0, 0, 500) == 1
    assert PUBLISHED.forecast(39, 0, 0, 0) == pytest.approx(float(PUBLISHED.mean(39)))


class TestResidualMargin:
    def test_without_discount_it_is_margin_times_orders(self):
        x, recency, watched = np.array([0, 2, 9]), np.array([0, 20, 38]), 39.0
        found = PUBLISHED.residual_margin(104, 50_000, 0, x, recency, watched)
        assert found == pytest.approx(50_000 * PUBLISHED.forecast(104, x, recency, watched))

    @given(st.floats(0, 2), st.floats(0, 520))
    def test_it_is_the_sum_over_short_steps(self, discount, horizon):
        steps = np.linspace(0, horizon, 2_001)
        more = np.diff(PUBLISHED.forecast(steps, 3, 20, 39))
        middle = (steps[1:] + steps[:-1]) / 2
        slow = (more * (1 + discount) ** (-middle / 52)).sum()
        assert PUBLISHED.residual_margin(horizon, 1, discount, 3, 20, 39) == pytest.approx(
            slow, rel=1e-4, abs=1e-9
        )

    def test_later_money_is_worth_less(self):
        worth = [float(PUBLISHED.residual_margin(104, 1, d)) for d in (0, 0.1, 0.5, 3)]
        assert worth == sorted(worth, reverse=True)
        assert worth[-1] > 0

    def test_a_loss_on_each_order_is_a_loss(self):
        assert PUBLISHED.residual_margin(52, -10, 0.1) < 0

    def test_no_time_no_margin(self):
        assert PUBLISHED.residual_margin(0, 1_000, 0.1) == 0


@pytest.mark.parametrize("name", ["r", "alpha", "a", "b"])
@pytest.mark.parametrize("wrong", [0, -1, math.nan, math.inf, "1", None, True])
def test_parameters_lie_above_0(name, wrong):
    with pytest.raises(AnswerError, match=name):
        BGNBD(**{"r": 1, "alpha": 1, "a": 1, "b": 1, name: wrong})


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: PUBLISHED.mean(-1), "weeks"),
        (lambda: PUBLISHED.mean([1, math.nan]), "weeks"),
        (lambda: PUBLISHED.mean("x"), "weeks"),
        (lambda: PUBLISHED.chance(-1, 5), "count"),
        (lambda: PUBLISHED.chance(1.5, 5), "whole"),
        (lambda: PUBLISHED.alive(1, 10, 5), "recency"),
        (lambda: PUBLISHED.alive(0, 3, 5), "recency"),
        (lambda: PUBLISHED.forecast(-1, 0, 0, 0), "ahead"),
        (lambda: PUBLISHED.residual_margin(52, None, 0.1), "margin"),
        (lambda: PUBLISHED.residual_margin(-1, 1, 0.1), "horizon"),
        (lambda: PUBLISHED.residual_margin(52, 1, -0.1), "discount"),
    ],
)
def test_what_cannot_be_is_told(ask, said):
    with pytest.raises(AnswerError, match=said):
        ask()
