"""The formulas of a week: whom a message reaches, who notices, who comes, who buys.

Every function works on arrays over customers and draws nothing.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

__all__ = ["Floats", "hill", "logit", "match", "notice", "sigmoid"]

Floats = npt.NDArray[np.float64]


def logit(share: float) -> float:
    """Return log(share / (1 - share)); `share` lies between 0 and 1 and is kept off both ends."""
    kept = min(max(share, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))


def sigmoid(x: Floats) -> Floats:
    """Return 1 / (1 + exp(-x)), the share that a logit stands for."""
    share: Floats = 1.0 / (1.0 + np.exp(-x))
    return share


def match(interests: Floats, aim: Floats, breadth: float) -> Floats:
    """Return how well something made for `aim` speaks to each customer.

    Parameters
    ----------
    interests
        Shape (n, 2).
    aim
        Shape (2,): the interests it is made for.
    breadth
        Distance at which the match has fallen to 1/e = 0.37.

    Returns
    -------
    numpy.ndarray
        Shape (n,), above 0, at most 1: exp(-|z - m| / breadth).
    """
    offset = interests - aim
    near: Floats = np.exp(-np.hypot(offset[:, 0], offset[:, 1]) / breadth)
    return near


def notice(matched: Floats, intercept: float, rho: float, kappa: float, clutter: float) -> Floats:
    """Return the chance that one contact is noticed: the course's first lesson in one line.

    logit P(notice) = intercept + rho * match - kappa * log(1 + clutter), with `clutter` the messages
    of all brands that a person meets in a week.
    """
    return sigmoid(intercept + rho * matched - kappa * math.log1p(clutter))


def hill(stock: Floats, half: float, exponent: float) -> Floats:
    """Return the saturated effect of an advertising stock: S(half) = 1/2, S -> 1."""
    raised = stock**exponent if exponent != 1 else stock
    saturated: Floats = raised / (raised + half**exponent)
    return saturated
