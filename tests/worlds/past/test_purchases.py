"""Orders follow BG/NBD and gamma-gamma: their parameters are found again, and CDNOW's figures come out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.past.purchases import conversion, paid, purchases, ranks_within, tempers
from narrowcast.worlds.people.traits import acquired_days

CDNOW = {"r": 0.2426, "alpha": 4.4135, "a": 0.7929, "b": 2.4258}
REPEATS = [
    1411,
    439,
    214,
    100,
    62,
    38,
    29,
    64,
]  # customers with 0 to 6 and 7 or more repeat orders in 39 weeks


def with_(recipe, **changes):
    """Return a recipe whose segments all have these parts; `months` levels the seasons."""
    figures = {
        name: {
            field: getattr(part, field).model_copy(update={"value": value}) for field, value in values.items()
        }
        for name, values in changes.items()
        for part in [getattr(next(iter(recipe.segments.values())), name)]
    }
    segments = {
        key: segment.model_copy(
            update={name: getattr(segment, name).model_copy(update=new) for name, new in figures.items()}
        )
        for key, segment in recipe.segments.items()
    }
    level = recipe.history.seasonality.model_copy(update={"values": (1.0,) * 12})
    history = recipe.history.model_copy(update={"seasonality": level, "before_tet": None, "in_tet": None})
    return recipe.model_copy(update={"segments": segments, "history": history})


def block(name="hanoi-coffee", customers=100_000, seed=3, **changes):
    recipe = load_recipe(world_folder(name) / "recipe.toml")
    return Blueprint(with_(recipe, **changes) if changes else recipe, customers, seed).block(0)


@pytest.fixture(scope="module")
def cdnow():
    return block(repeat=CDNOW)


def summaries(drawn):
    """Return repeat orders, week of the last one and weeks watched, for each customer."""
    bought, days = drawn.once(purchases), calendar_of(drawn.recipe).days
    came = days - drawn.once(acquired_days)
    last = np.zeros(drawn.size, dtype=np.int64)
    np.maximum.at(last, bought.customer, bought.day)
    half = np.where(bought.repeats > 0, 0.5, 0)  # a day's orders are made in its middle
    return bought.repeats, (last - came + half) / 7, (days - came) / 7


def log_likelihood(log_parameters, x, recency, watched):
    """Fader, Hardie and Lee 2005, equation 6."""
    r, alpha, a, b = np.exp(log_parameters)
    start = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) - (r + x) * np.log(alpha + watched)
    gone = betaln(a + 1, b + np.maximum(x, 1) - 1) - betaln(a, b) - (r + x) * np.log(alpha + recency)
    return (start + np.where(x > 0, np.logaddexp(alive, gone), alive)).sum()


def test_the_parameters_are_found_again(cdnow):
    x, recency, watched = summaries(cdnow)
    found = minimize(
        lambda p: -log_likelihood(p, x, recency, watched),
        np.log([0.5, 8.0, 1.0, 2.0]),
        method="L-BFGS-B",
        bounds=[(-5, 5)] * 4,
    )
    for (name, true), value in zip(CDNOW.items(), np.exp(found.x), strict=True):
        assert value == pytest.approx(true, rel=0.06), name


def test_the_counts_are_those_of_the_closed_form(cdnow):
    """P(0) and E[X] of BG/NBD, over customers watched for different times."""
    r, alpha, a, b = CDNOW.values()
    x, _recency, weeks = summaries(cdnow)
    nothing = (alpha / (alpha + weeks)) ** r
    assert (x == 0).mean() == pytest.approx(nothing.mean(), abs=4 * 0.5 / np.sqrt(x.size))
    mean = (
        (a + b - 1)
        / (a - 1)
        * (1 - (alpha / (alpha + weeks)) ** r * hyp2f1(r, b, a + b - 1, weeks / (alpha + weeks)))
    )
    assert x.mean() == pytest.approx(mean.mean(), abs=4 * x.std() / np.sqrt(x.size))


def watched_for(drawn, low, high):
    weeks = drawn.once(acquired_days) / 7
    return (weeks >= low) & (weeks < high)


def test_cdnow_comes_out():
    """Repeat orders after 39 weeks (27 to 39 in the file), and half of the customers buy once in 78."""
    drawn = block(customers=100_000, repeat=CDNOW)
    bought, days = drawn.once(purchases), calendar_of(drawn.recipe).days
    came = days - drawn.once(acquired_days)
    age = bought.day - came[bought.customer]
    old = drawn.once(acquired_days) >= 39 * 7
    within = np.bincount(bought.customer[age < 39 * 7], minlength=drawn.size)[old] - 1
    shares = np.bincount(np.minimum(within, 7), minlength=8) / within.size
    # The file's customers came over its first 12 weeks and were watched 33 weeks on average.
    assert shares == pytest.approx(np.array(REPEATS) / sum(REPEATS), abs=0.03)


def test_the_world_that_says_cdnow_has_its_concentration():
    """One in two buys once (0.505 in the file), and the top fifth brings two thirds (0.678)."""
    drawn = block(customers=100_000)
    assert {s.repeat.r.value for s in drawn.recipe.segments.values()} == {CDNOW["r"]}
    bought = drawn.once(purchases)
    old = watched_for(drawn, 65, 90)
    counts = np.bincount(bought.customer, minlength=drawn.size)
    assert (counts[old] == 1).mean() == pytest.approx(0.505, abs=0.03)
    counts_ = np.bincount(bought.customer, minlength=drawn.size)
    money = paid(drawn, bought.customer, drawn.stream(10, counts_, 1))
    total = np.sort(np.bincount(bought.customer, weights=money, minlength=drawn.size)[old])[::-1]
    assert total[: total.size // 5].sum() / total.sum() == pytest.approx(0.678, abs=0.06)


@pytest.mark.parametrize("name", world_names())
def test_every_world_has_the_mean_orders_of_its_recipe(name):
    """E[X] of each segment, in seasonal time."""
    drawn = block(name, customers=100_000)
    calendar, x = calendar_of(drawn.recipe), drawn.once(purchases).repeats
    weeks = (calendar.passed[-1] - calendar.seasonal(calendar.days - drawn.once(acquired_days))) / 7
    for number, segment in enumerate(drawn.recipe.segments.values()):
        r, alpha, a, b = (getattr(segment.repeat, k).value for k in ("r", "alpha", "a", "b"))
        mine = drawn.segment == number
        z = weeks[mine] / (alpha + weeks[mine])
        mean = (a + b - 1) / (a - 1) * (1 - (alpha / (alpha + weeks[mine])) ** r * hyp2f1(r, b, a + b - 1, z))
        assert x[mine].mean() == pytest.approx(mean.mean(), abs=4.5 * x[mine].std() / np.sqrt(mine.sum()))


def test_spend_is_gamma_gamma():
    """The mean is the order value; orders of one customer are alike, of two they are not."""
    p, q = 6.25, 6.0
    drawn = block(spend={"p": p, "q": q}, repeat=CDNOW)
    customers = np.repeat(np.arange(drawn.size), 2)
    money = paid(drawn, customers, np.random.default_rng(0).random(customers.size)).reshape(-1, 2)
    for number, segment in enumerate(drawn.recipe.segments.values()):
        mine, value = money[drawn.segment == number].astype(float), segment.order_value.value
        assert mine.mean() == pytest.approx(value, abs=5 * mine.mean(axis=1).std() / np.sqrt(len(mine)))
        # Var(z) = E[Var] + Var[E]: p g^2 / ((q-1)(q-2)) + p^2 g^2 / ((q-1)^2 (q-2)), with g = value (q-1)/p.
        g = value * (q - 1) / p
        between = p**2 * g**2 / ((q - 1) ** 2 * (q - 2))
        inside = p * g**2 / ((q - 1) * (q - 2))
        got = np.cov(mine.T)
        assert got[0, 1] / got[0, 0] == pytest.approx(between / (between + inside), abs=0.05)


def test_nobody_buys_before_they_came_or_after_today(cdnow):
    bought, calendar = cdnow.once(purchases), calendar_of(cdnow.recipe)
    came = calendar.days - cdnow.once(acquired_days)
    assert (bought.day >= came[bought.customer]).all()
    assert (bought.day < calendar.days).all()
    assert np.array_equal(np.bincount(bought.customer), bought.repeats + 1)
    first = np.full(cdnow.size, calendar.days)
    np.minimum.at(first, bought.customer, bought.day)
    assert np.array_equal(first, came)  # the first order is the day of acquisition


def test_dropout_chances_are_beta_and_rates_gamma(cdnow):
    temper = cdnow.once(tempers)
    assert stats.kstest(temper.dropout, stats.beta(CDNOW["a"], CDNOW["b"]).cdf).pvalue > 1e-4
    assert stats.kstest(temper.rate, stats.gamma(CDNOW["r"], scale=1 / CDNOW["alpha"]).cdf).pvalue > 1e-4


@pytest.mark.parametrize("name", world_names())
def test_conversion_by_device_has_the_segments_mean(name):
    """Weighted as visits are: the harmonic mean over customers is the recipe's conversion."""
    drawn = block(name, customers=100_000)
    c = drawn.once(conversion)
    for number, segment in enumerate(drawn.recipe.segments.values()):
        mine = c[drawn.segment == number]
        assert 1 / (1 / mine).mean() == pytest.approx(segment.conversion.value, rel=0.02)


def test_ranks_within():
    assert ranks_within(np.array([2, 0, 3])).tolist() == [0, 1, 0, 1, 2]
    assert ranks_within(np.zeros(3, dtype=np.int64)).size == 0
