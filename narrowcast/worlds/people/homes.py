"""Who lives with whom: households of customers, within a region and a province."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.people.residences import residences

__all__ = ["Homes", "homes"]

Whole = npt.NDArray[np.int64]

_SEAT, _SIZE = range(2)


@dataclass(frozen=True)
class Homes:
    """The households of a block.

    Attributes
    ----------
    home
        Shape (n,): number of each customer's household within the block.
    head
        Shape (households,): number within the block of the member who has been a customer longest.
    """

    home: Whole
    head: Whole


def homes(block: Block) -> Homes:
    """Draw the households of a block."""
    n, shares = block.size, np.cumsum(block.recipe.households.values)
    place = block.region * 1_000 + block.once(residences)[1]
    # Neighbours are seated side by side; a household is a run of them, cut where a region or province ends.
    order = np.argsort(place + block.draw(Purpose.HOUSEHOLD, _SEAT), kind="stable")
    sizes = 1 + np.searchsorted(shares[:-1], block.draw(Purpose.HOUSEHOLD, _SIZE)[order], side="right")
    seated = place[order]
    begins = np.flatnonzero(np.diff(seated, prepend=-1))
    opens = np.zeros(n, dtype=np.bool_)
    for begin, end in zip(begins, [*begins[1:], n], strict=True):
        starts = np.concatenate([[0], np.cumsum(sizes[begin:end])])
        opens[begin + starts[starts < end - begin]] = True
    home = np.empty(n, dtype=np.int64)
    home[order] = np.cumsum(opens) - 1
    head = np.full(int(opens.sum()), n)
    np.minimum.at(head, home, np.arange(n))
    return Homes(home, head)
