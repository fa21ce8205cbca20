"""How long work takes, and what it was measured with."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from importlib.metadata import version

RUNS = 5


def median_seconds(work: Callable[[], object], runs: int = RUNS) -> float:
    """Return the median time of several runs, after one that does not count."""
    work()
    times = []
    for _run in range(runs):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def versions(*names: str) -> dict[str, str]:
    """Return the versions of Python and of the packages compared."""
    return {"python": platform.python_version(), **{name: version(name) for name in names}}
