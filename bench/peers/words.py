"""The floor: a compiled loop that draws the random words of a run, and does nothing with them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numba import njit

from narrowcast.simulate.engine.arrays import SLOTS
from narrowcast.simulate.engine.chance import fill
from narrowcast.simulate.engine.keys import key_of
from narrowcast.simulate.engine.small import CHUNK
from narrowcast.worlds import Region

__all__ = ["draw_words"]

_SLOT = np.uint64(SLOTS["contact"])


def _region(numbers: Any, flights: Any, weeks: Any, k0: Any, k1: Any, words: Any) -> None:  # noqa: ANN401
    for w in range(weeks):
        for begin in range(0, numbers.size, CHUNK):
            some = numbers[begin : begin + CHUNK]
            for f in range(flights + 1):  # four words for each flight, four for the week itself
                fill(words[f], some, _SLOT | (np.uint64(f) << np.uint64(8)), np.uint64(w), k0, k1)


_draw = njit(nogil=True, cache=True)(_region)


def draw_words(regions: list[Region], flights: int, weeks: int, threads: int, seed: int = 0) -> None:
    """Draw the words of each person, flight and week, as the engine does: regions in threads, people in chunks.

    What the engine draws beside them, visit by visit and send by send, is left out: the floor is low.
    """
    k0, k1 = key_of(seed, 1)

    def work(region: Region) -> None:
        numbers = np.arange(region.start, region.stop, dtype=np.uint32)
        _draw(numbers, flights, weeks, k0, k1, np.empty((flights + 1, 4, CHUNK), np.uint32))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, regions))
