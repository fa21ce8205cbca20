"""The engine's own exponential and logarithm, against NumPy's in double precision."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from narrowcast.simulate.engine import elementary

CLOSE = 4e-7
"""Largest error of a value; a float32 has 24 bits, steps of 1.2e-7."""


def _compiled(function):
    @njit
    def over(x, out):
        for i in range(x.size):
            out[i] = function(x[i])

    def run(x):
        x = np.asarray(x, np.float32)
        out = np.empty_like(x)
        over(x, out)
        return x.astype(np.float64), out

    return run


exp, expm1, log, log1p = (
    _compiled(f) for f in (elementary.exp, elementary.expm1, elementary.log, elementary.log1p)
)

_RNG = np.random.default_rng(4)
_SMALL = _RNG.normal(size=20_000) * 10.0 ** _RNG.uniform(-18, 0, 20_000)
_WIDE = _RNG.uniform(-86, 87, 20_000)
_LARGE = 10.0 ** _RNG.uniform(-30, 30, 20_000)


def _error(found, exact):
    return np.max(np.abs(found - exact) / np.maximum(np.abs(exact), 1e-37))


@pytest.mark.parametrize("x", [_SMALL, _WIDE, [0.0, -0.0, 1.0, -1.0]])
def test_exp(x):
    x, found = exp(x)
    assert _error(found, np.exp(x)) < CLOSE


@pytest.mark.parametrize("x", [_SMALL, _WIDE, [0.0, 1.0, -1.0]])
def test_expm1(x):
    x, found = expm1(x)
    assert _error(found, np.expm1(x)) < CLOSE


@pytest.mark.parametrize("x", [_LARGE, 1 + _RNG.uniform(-0.5, 0.5, 20_000), [0.5, 2.0]])
def test_log(x):
    x, found = log(x)
    exact = np.log(x)
    away = np.abs(exact) > 1e-3  # nearer to 1 the argument itself is too coarse to say more than its last bit
    assert _error(found[away], exact[away]) < CLOSE
    assert np.max(np.abs(found - exact)[~away], initial=0) < 1e-9


@pytest.mark.parametrize("x", [np.abs(_SMALL), -np.abs(_SMALL[np.abs(_SMALL) < 0.9]), _LARGE, [0.0]])
def test_log1p(x):
    x, found = log1p(x)
    assert _error(found, np.log1p(x)) < CLOSE


def test_nothing_is_nothing_exactly():
    assert expm1([0.0])[1][0] == 0 == log1p([0.0])[1][0] == log([1.0])[1][0]
    assert exp([0.0])[1][0] == 1


@pytest.mark.parametrize(("x", "end"), [(-1e9, -87.0), (-np.inf, -87.0), (1e9, 88.0), (np.inf, 88.0)])
def test_beyond_its_range_the_exponential_stays_where_it_is(x, end):
    assert exp([x])[1][0] == exp([end])[1][0]
    assert np.isfinite(exp([x])[1][0])


@given(st.lists(st.floats(-80, 80, width=32), min_size=2, max_size=20))
def test_more_is_never_less(values):
    x = np.sort(np.array(values, np.float32))
    for function in (exp, expm1):
        assert (np.diff(function(x)[1]) >= -CLOSE * np.abs(function(x)[1][1:])).all()


def test_interpreted_it_has_the_same_bits():
    """A compiler that fused, or went through a library, would differ in the last bits somewhere."""
    script = (
        "import sys, numpy as np\n"
        "from narrowcast.simulate.engine import elementary\n"
        "x = np.frombuffer(sys.stdin.buffer.read(), np.float32)\n"
        "with np.errstate(all='ignore'):\n"
        "    for f, of in (('exp', x), ('expm1', x), ('log', np.abs(x)), ('log1p', np.abs(x))):\n"
        "        out = np.array([getattr(elementary, f)(v) for v in of], np.float32)\n"
        "        sys.stdout.buffer.write(out.tobytes())\n"
    )
    x = np.concatenate([_SMALL[:300], _WIDE[:300]]).astype(np.float32)
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(
        [sys.executable, "-c", script], input=x.tobytes(), env=environment, capture_output=True, check=True
    )
    pure = np.frombuffer(done.stdout, np.float32).reshape(4, -1)
    found = [exp(x)[1], expm1(x)[1], log(np.abs(x))[1], log1p(np.abs(x))[1]]
    assert np.array_equal(pure, np.array(found))
