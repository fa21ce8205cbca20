"""How often each segment came and ordered last year, without making a table of it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import Block, Blueprint
from narrowcast.worlds.past.happenings import happenings

__all__ = ["last_year"]


def _of_block(block: Block) -> npt.NDArray[np.int64]:
    kinds = len(block.recipe.segments)
    counts = np.zeros((2, kinds), dtype=np.int64)
    for happening in happenings(block, money=False):
        for row, kind in enumerate(("visit", "order")):
            if happening.type == kind:
                counts[row] += np.bincount(block.segment[happening.customer], minlength=kinds)
    return counts


def last_year(blueprint: Blueprint) -> npt.NDArray[np.int64]:
    """Return last year's visits and orders by segment, shape (2, segments)."""
    kinds = len(blueprint.recipe.segments)
    blocks = (blueprint.block(number) for number in range(blueprint.blocks))
    return sum((_of_block(block) for block in blocks), np.zeros((2, kinds), dtype=np.int64))
