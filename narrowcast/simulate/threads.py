"""How many threads work on a market."""

from __future__ import annotations

import os

__all__ = ["usual_threads"]


def usual_threads() -> int:
    """Return how many threads a process takes: NARROWCAST_THREADS, or else one for each processor.

    Where each processor has a market of its own to work on, 1 is best.
    """
    said = os.environ.get("NARROWCAST_THREADS", "")
    return max(int(said), 1) if said.isdecimal() else os.cpu_count() or 1
