"""Keys of the engine's generator; apart from the compiled code, so that a plan can be laid out without it."""

from __future__ import annotations

import numpy as np

__all__ = ["key_of"]


def key_of(*seeds: int) -> tuple[np.uint64, np.uint64]:
    """Return the generator's key for some seeds, each a whole number, 0 or more: two words of 32 bits."""
    low, high = np.random.SeedSequence(list(seeds)).generate_state(2, np.uint32)
    return np.uint64(low), np.uint64(high)
