"""Whether two simulations of the same customers agree in distribution."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2_contingency, norm

from bench.peers.market import COUNTS, Counts

__all__ = ["LEAST", "Agreement", "agreement", "demand"]

LEAST = 1e-4
"""Chance below which a difference is no luck; eight tests a pair."""

_EXPECTED = 10
"""Customers that each class of counts must have on average for the chi-squared test."""


class Agreement(NamedTuple):
    """How two simulations agree on one count.

    Attributes
    ----------
    what
        Which count.
    ours, peers
        Means a customer.
    z, p_mean
        The customers' differences against zero; the two drew the same customers, so the test is paired.
    p_distribution
        Chi-squared test of the two tables of how many customers have how many. Customers that are the same on
        both sides make it careful: a true difference of the same size would be found a little later.
    """

    what: str
    ours: float
    peers: float
    z: float
    p_mean: float
    p_distribution: float


def _same_distribution(one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> float:
    """Return the p-value of a chi-squared test; neighbouring counts are taken together until they are many."""
    most = int(max(one.max(), other.max())) + 1
    table = np.stack([np.bincount(one, minlength=most), np.bincount(other, minlength=most)])
    group = np.floor(np.cumsum(table.sum(axis=0)) / (2 * _EXPECTED + 1)).astype(np.int64)
    classes = np.unique(group, return_inverse=True)[1]
    merged = np.stack([np.bincount(classes, row) for row in table])
    merged = merged[:, merged.sum(axis=0) > 0]
    if merged.shape[1] < 2:
        return 1.0
    return float(chi2_contingency(merged, correction=False).pvalue)


def agreement(ours: Counts, peers: Counts) -> list[Agreement]:
    """Compare two simulations of the same customers, count by count."""
    found = []
    for name in COUNTS:
        a, b = ours[name].astype(np.int64), peers[name].astype(np.int64)
        difference = (a - b).astype(np.float64)
        error = difference.std() / np.sqrt(difference.size)
        z = float(difference.mean() / error) if error > 0 else 0.0
        found.append(
            Agreement(name, a.mean(), b.mean(), z, float(2 * norm.sf(abs(z))), _same_distribution(a, b))
        )
    return found


def demand(name: str, found: list[Agreement]) -> None:
    """Raise unless two simulations agree.

    Raises
    ------
    RuntimeError
        If a mean or a distribution differs by more than luck.
    """
    for row in found:
        if min(row.p_mean, row.p_distribution) < LEAST:
            raise RuntimeError(f"{name} disagrees with ours on {row.what}: {row}")
