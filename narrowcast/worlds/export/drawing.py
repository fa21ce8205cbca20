"""A market's tables drawn piece by piece, side by side, and handed on in order."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice

import pyarrow as pa

from narrowcast.worlds.blueprint import Block, Blueprint
from narrowcast.worlds.population import REGION_SIZE
from narrowcast.worlds.tables import tables_of

__all__ = ["MOST_WORKERS", "PIECE", "drawn", "processors"]

PIECE = 5 * REGION_SIZE
"""Customers drawn at once: few, for with each worker such a piece more is held in memory."""

MOST_WORKERS = 32


def processors() -> int:
    """Return how many pieces can well be drawn side by side here: one a processor of ours, 8 at most."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(ours, 8)


def drawn(
    blueprint: Blueprint, names: Sequence[str], workers: int | None = None
) -> Iterator[tuple[int, dict[str, pa.Table]]]:
    """Yield how many customers are in a piece of a market, and their tables; one piece after the other.

    Parameters
    ----------
    blueprint
        The market.
    names
        Tables of it. One that belongs to the market as a whole comes with the first piece alone.
    workers
        How many pieces are drawn side by side, 1 to 32; None for as many as there are processors. What
        is drawn does not depend on it; memory does: one piece more than there are workers is held.
    """
    many = max(1, min(workers or processors(), MOST_WORKERS))
    pieces = -(-blueprint.customers // PIECE)
    numbers = iter(range(pieces))
    if min(many, pieces) == 1:
        yield from (_piece(blueprint, number, names) for number in numbers)
        return
    with ThreadPoolExecutor(many) as pool:
        waiting: deque[Future[tuple[int, dict[str, pa.Table]]]] = deque()
        try:
            waiting.extend(pool.submit(_piece, blueprint, number, names) for number in islice(numbers, many))
            while waiting:
                piece = waiting.popleft().result()
                waiting.extend(pool.submit(_piece, blueprint, n, names) for n in islice(numbers, 1))
                yield piece
        finally:
            for one in waiting:
                one.cancel()


def _piece(blueprint: Blueprint, number: int, names: Sequence[str]) -> tuple[int, dict[str, pa.Table]]:
    """Draw one piece; what its tables had in common is forgotten with it."""
    start, tables = number * PIECE, tables_of(blueprint.recipe)
    block = Block(blueprint, number, start, min(start + PIECE, blueprint.customers))
    ours = [name for name in names if number == 0 or not tables[name].whole]
    return block.size, {name: tables[name].of(block) for name in ours}
