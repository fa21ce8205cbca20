"""Tables of quantiles: SciPy's values, for every market's parameters and far into both ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaincinv, gammaincinv

from narrowcast.worlds import open_world
from narrowcast.worlds.draws import Purpose, uniforms
from narrowcast.worlds.inverse import beta_quantile, gamma_quantile
from narrowcast.worlds.places import world_names

ENDS = np.array([2.0**-53, 1e-12, 1e-6, 1 - 1e-6, 1 - 1e-12, 1 - 2.0**-53])
U = np.concatenate([ENDS, np.random.default_rng(7).random(2_000)])


def exact(a: float, b: float, u: np.ndarray) -> np.ndarray:
    """Return SciPy's quantiles, of the smaller of u and 1 - u: near 1 it cannot tell draws apart."""
    return np.where(u <= 0.5, betaincinv(a, b, u), 1 - betaincinv(b, a, 1 - u))


@pytest.mark.parametrize("name", world_names())
def test_every_market(name: str) -> None:
    for segment in open_world(name, customers=10).recipe.segments.values():
        repeat, spend = segment.repeat, segment.spend
        for shape in (repeat.r.value, spend.p.value, spend.q.value):
            np.testing.assert_allclose(gamma_quantile(shape, U), gammaincinv(shape, U), rtol=1e-10)
        a, b = repeat.a.value, repeat.b.value
        np.testing.assert_allclose(beta_quantile(a, b, U), exact(a, b, U), rtol=1e-10)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.2, 60), st.floats(0.2, 60))
def test_any_shape(a: float, b: float) -> None:
    inner = U[6:]
    np.testing.assert_allclose(gamma_quantile(a, inner), gammaincinv(a, inner), rtol=1e-8)
    np.testing.assert_allclose(beta_quantile(a, b, inner), exact(a, b, inner), rtol=1e-8)


def test_steep_ones_are_left_to_scipy() -> None:
    assert np.array_equal(gamma_quantile(0.1, U), gammaincinv(0.1, U))
    assert np.array_equal(beta_quantile(2, 0.1, U), betaincinv(2, 0.1, U))


def test_draws_of_a_market_are_within_the_table() -> None:
    u = uniforms(5, Purpose.REPEAT, 0, 50_000)
    quantiles = gamma_quantile(0.25, u)
    assert np.isfinite(quantiles).all()
    assert (np.argsort(quantiles) == np.argsort(u)).all()
