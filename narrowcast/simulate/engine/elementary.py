"""Exponential and logarithm that a compiler can work out for many people at once.

A call into the machine's mathematical library stops a loop from being done eight people at a time; these are plain
arithmetic in single precision, five to fifteen times as quick. Nothing depends on the library that is installed, and a
compiler may fuse nothing, so interpreted and compiled they give the same bits. Errors are below 4e-7 of the value: see
tests/simulate/test_elementary.py.

Ranges are reduced as in Muller, "Elementary Functions" (3rd ed., 2016, chapter 11): e**x = 2**k e**r with |r| at most
half of log 2, and log x = k log 2 + log m with m around 1.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

__all__ = ["exp", "expm1", "log", "log1p"]

F, I = np.float32, np.int32  # noqa: E741 - short, for they stand before every number

_LOG2_HIGH = F(0.693145751953125)  # few bits: its multiples are exact
_LOG2_LOW = F(1.42860677e-06)
_PER_LOG2 = F(1.44269504)
_LEAST, _MOST = F(-87.0), F(88.0)
_SQRT_HALF_BITS = I(0x3F3504F3)
_MANTISSA = I(0x007FFFFF)
_ONE_BITS = I(0x3F800000)


@njit(inline="always")
def _power_of_two(k: Any) -> Any:
    """Return 2**k for an int32 from -126 to 127."""
    return I((k + I(127)) << I(23)).view(F)


@njit(inline="always")
def _split(x: Any) -> Any:
    """Return k and e**r - 1, so that e**x = 2**k e**r."""
    # np.rint would be a call; adding and taking away 1.5 * 2**23 rounds to the nearest whole number.
    x = min(max(x, _LEAST), _MOST)
    whole = (x * _PER_LOG2 + F(12582912.0)) - F(12582912.0)
    r = (x - whole * _LOG2_HIGH) - whole * _LOG2_LOW
    p = F(1.9875691e-4) * r + F(1.3981999e-3)
    p = p * r + F(8.3334519e-3)
    p = p * r + F(4.1665796e-2)
    p = p * r + F(1.6666665e-1)
    p = p * r + F(5.0e-1)
    return I(whole), p * (r * r) + r


@njit(inline="always")
def exp(x: Any) -> Any:
    """Return e**x of a float32; from -87 to 88, beyond which it stays where it is."""
    k, less = _split(x)
    return (less + F(1.0)) * _power_of_two(k)


@njit(inline="always")
def expm1(x: Any) -> Any:
    """Return e**x - 1 of a float32, exact to the last bits for small ones too."""
    k, less = _split(x)
    scale = _power_of_two(k)
    return less * scale + (scale - F(1.0))


@njit(inline="always")
def log(x: Any) -> Any:
    """Return the natural logarithm of a positive, normal float32."""
    bits = F(x).view(I)
    # From sqrt(1/2) up: m lies around 1, where the series is short.
    bits = bits + (_ONE_BITS - _SQRT_HALF_BITS)
    k = F((bits >> I(23)) - I(127))
    m = I((bits & _MANTISSA) + _SQRT_HALF_BITS).view(F) - F(1.0)
    p = F(7.0376836292e-2) * m - F(1.1514610310e-1)
    p = p * m + F(1.1676998740e-1)
    p = p * m - F(1.2420140846e-1)
    p = p * m + F(1.4249322787e-1)
    p = p * m - F(1.6668057665e-1)
    p = p * m + F(2.0000714765e-1)
    p = p * m - F(2.4999993993e-1)
    p = p * m + F(3.3333331174e-1)
    square = m * m
    return (p * (m * square) + (k * _LOG2_LOW - F(0.5) * square) + m) + k * _LOG2_HIGH


@njit(inline="always")
def log1p(x: Any) -> Any:
    """Return log(1 + x) of a float32 above -1, exact to the last bits for small ones too."""
    whole = F(1.0) + x
    lost = whole - F(1.0)  # what of x the sum has kept; the logarithm is stretched by what it has lost
    return log(whole) * (x / lost) if lost != F(0.0) else x
