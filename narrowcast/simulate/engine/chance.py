"""Chance in compiled code: Philox words, and counts made from them.

The generator is Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): four
words of 32 bits from a counter (customer, purpose and slot, week, index) under a key (the run's seed). Any word
can be had alone, so no draw depends on what was drawn before, on the thread or on the machine.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit
from scipy.special import ndtri

from narrowcast.simulate.engine.compiled import compiled

__all__ = ["NORMAL", "binomial", "fill", "fill_each", "philox", "poisson", "sends", "share", "walk_poisson"]

Words = npt.NDArray[np.uint32]

U = np.uint64
_M0, _M1 = U(0xD2511F53), U(0xCD9E8D57)
_W0, _W1 = U(0x9E3779B9), U(0xBB67AE85)
_LOW, _BITS = U(0xFFFFFFFF), U(32)
_UNIT = 2.0**-32

_FEW = 50
"""Up to this mean a count is found by walking up its distribution; beyond, by the normal one."""

_GRID = 4_096
NORMAL = ndtri((np.arange(_GRID) + 0.5) / _GRID)
"""Quantiles of the normal distribution on a grid: large counts need no more."""


@njit(inline="always")
def philox(c0: Any, c1: Any, c2: Any, c3: Any, k0: Any, k1: Any) -> Any:
    """Return four words; counters and keys are uint64 below 2**32."""
    for _round in range(10):
        p0 = _M0 * c0
        p1 = _M1 * c2
        c0, c1, c2, c3 = (p1 >> _BITS) ^ c1 ^ k0, p1 & _LOW, (p0 >> _BITS) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _W0) & _LOW
        k1 = (k1 + _W1) & _LOW
    return c0, c1, c2, c3


@compiled
def fill(out: Any, numbers: Any, slot: Any, week: Any, k0: Any, k1: Any) -> None:
    """Fill `out`, shape (4, n), with the words of some customers for one slot and week."""
    for i in range(numbers.size):
        a, b, c, d = philox(U(numbers[i]), slot, week, U(0), k0, k1)
        out[0, i] = np.uint32(a)
        out[1, i] = np.uint32(b)
        out[2, i] = np.uint32(c)
        out[3, i] = np.uint32(d)


@compiled
def fill_each(
    out: Any, numbers: Any, indices: Any, many: Any, slot: Any, week: Any, k0: Any, k1: Any
) -> None:
    """Fill `out`, shape (4, n), with the words of the first `many` of some customers, each for an index of its own."""
    for i in range(many):
        a, b, c, d = philox(U(numbers[i]), slot, week, U(indices[i]), k0, k1)
        out[0, i] = np.uint32(a)
        out[1, i] = np.uint32(b)
        out[2, i] = np.uint32(c)
        out[3, i] = np.uint32(d)


@njit(inline="always")
def share(word: Any) -> Any:
    """Return a word as a uniform, strictly between 0 and 1."""
    return (np.float64(word) + 0.5) * _UNIT


@njit(inline="always")
def _normal(u: Any) -> Any:
    return NORMAL[min(int(u * _GRID), _GRID - 1)]


@njit(inline="always")
def walk_poisson(u: Any, mean: Any, none: Any) -> Any:
    """Return the smallest k with P(K <= k) >= u, given `none`, the chance of no event."""
    probability, below = none, none
    k = 0
    while u > below and k < 4 * _FEW:
        k += 1
        probability *= mean / k
        below += probability
    return k


@njit(inline="always")
def poisson(u: Any, mean: Any) -> Any:
    """Return the smallest k with P(K <= k) >= u; means above 50 by the Cornish-Fisher expansion."""
    if u <= 1.0 - mean:  # below exp(-mean): most people, most weeks
        return 0
    if mean <= _FEW:
        return walk_poisson(u, mean, np.exp(-mean))
    z = _normal(u)
    return max(0, int(np.rint(mean + np.sqrt(mean) * z + (z * z - 1.0) / 6.0)))


@compiled
def _walk_binomial(u: Any, trials: Any, chance: Any) -> Any:
    probability = (1.0 - chance) ** trials
    odds = chance / max(1.0 - chance, 1e-300)
    below = probability
    k = 0
    while u > below and k < trials:
        k += 1
        probability *= odds * (trials - k + 1) / k
        below += probability
    return k


@njit(inline="always")
def binomial(u: Any, trials: Any, chance: Any) -> Any:
    """Return the smallest k with P(K <= k) >= u; means above 50, from either end, by the normal distribution."""
    if trials == 1:
        return 1 if u > 1.0 - chance else 0
    if trials == 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return trials
    if trials * min(chance, 1.0 - chance) <= _FEW:
        # Turned round where it is likely, so that the walk starts where there is weight.
        if chance > 0.5:
            return trials - _walk_binomial(1.0 - u, trials, 1.0 - chance)
        return _walk_binomial(u, trials, chance)
    mean = trials * chance
    drawn = np.rint(mean + np.sqrt(mean * (1.0 - chance)) * _normal(u))
    return min(max(int(drawn), 0), trials)


@njit(inline="always")
def sends(u: Any, mean: Any) -> Any:
    """Return `mean` scheduled sends as a whole number: the rest falls to one or none by chance."""
    whole = int(mean)
    return whole + (1 if u < mean - whole else 0)
