"""Lots: one of several things drawn by weight, for as many people as wanted.

A uniform's first sixteen bits pick a place in a table of 65,536 lots. That is ten times as quick as searching
for it among the bounds, and holds every share to within 1/65,536.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.draws import Floats

__all__ = ["LOTS", "LOT_BITS", "Lots", "places"]

LOT_BITS = 16
LOTS = 2**LOT_BITS
"""Lots in an urn."""

Codes = npt.NDArray[np.unsignedinteger[Any]]


def places(u: Floats, count: int) -> npt.NDArray[np.int64]:
    """Return evenly drawn places from 0 to `count` - 1 for uniforms, shape (n,)."""
    return (u * count).astype(np.int64)


class Lots:
    """An urn for each kind of people, with the same things in different shares.

    Parameters
    ----------
    urns
        For each urn the weights of the things, 0 or more each and not all 0; every urn knows as many.

    Examples
    --------
    >>> Lots([[1, 3]]).draw(np.array([0.1, 0.3, 0.9])).tolist()
    [0, 1, 1]
    """

    def __init__(self, urns: Iterable[Sequence[float]]) -> None:
        weights = [np.asarray(urn, dtype=np.float64) for urn in urns]
        kind = np.min_scalar_type(max(urn.size for urn in weights) - 1)
        self._table: Codes = np.concatenate([_filled(urn, kind) for urn in weights])

    def draw(self, u: Floats, urn: npt.NDArray[Any] | None = None) -> Codes:
        """Draw for each person.

        Parameters
        ----------
        u
            Uniforms, shape (n,), from 0 on and below 1.
        urn
            Shape (n,): which urn each draws from; left out, everybody from the first.

        Returns
        -------
        numpy.ndarray
            Shape (n,), unsigned: number of the thing drawn.
        """
        return self.at(places(u, LOTS), urn)

    def at(self, lot: npt.NDArray[np.int64], urn: npt.NDArray[Any] | None = None) -> Codes:
        """Return what is on lots, shape (n,), numbered from 0 to `LOTS` - 1 in each urn."""
        if urn is not None:
            lot = lot + urn.astype(np.int64) * LOTS
        return self._table.take(lot)


def _filled(weights: Floats, kind: np.dtype[Any]) -> Codes:
    ends = np.rint(np.cumsum(weights) / weights.sum() * LOTS).astype(np.int64)
    return np.repeat(np.arange(weights.size, dtype=kind), np.diff(ends, prepend=0))
