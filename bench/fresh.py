"""What can only be measured in a fresh process: first calls, compiling, memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.timing import RUNS

__all__ = ["compiling", "first_call", "of_size"]

ROOT = Path(__file__).parent.parent

_FIRST = """
import time
begin = time.perf_counter()
import narrowcast as nc
imported = time.perf_counter()
world = nc.open_world("hcmc-fashion")
opened = time.perf_counter()
from bench.plans import student_plan
plan = student_plan()
written = time.perf_counter()
nc.simulate(world, plan).kpis()
end = time.perf_counter()
times = {"import": imported - begin, "open_world": opened - imported, "simulate": end - written}
print(__import__("json").dumps(times))
"""
_WARMER = """
import narrowcast as nc
from bench.plans import student_plan
nc.simulate(nc.open_world("hcmc-fashion"), student_plan())
"""
_SIZE = """
import json, re, sys, time
from pathlib import Path
import narrowcast as nc
from bench.plans import media_plan, ten_channels

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()).group(1)) * 1024

customers, keep = int(sys.argv[1]), sys.argv[2] == "kept"
small = ten_channels(10_000, student="warm")
nc.simulate(small, media_plan(small), threads=2)  # what is compiled is loaded before the clock starts
Path("/proc/self/clear_refs").write_text("5")  # and before memory's high-water mark is read
before, begin = peak(), time.perf_counter()
world = ten_channels(customers)
outcome = nc.simulate(world, media_plan(world), 1, threads=2, people=keep)
first, used = time.perf_counter(), peak() - before
outcome = nc.simulate(world, media_plan(world), 2, threads=2, people=keep) if keep else outcome
again = time.perf_counter() - first
result = {"first": first - begin, "again": again if keep else None, "bytes": used}
print(json.dumps(result))
"""


def _run(script: str, *arguments: str, **environment: str) -> dict[str, Any]:
    """Run a script in a process of its own, and return what it printed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=kept | environment, cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    result: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return result


def first_call(runs: int = RUNS) -> dict[str, float]:
    """Return seconds until a fresh process has its first outcome, in all and split up; what is compiled is there."""
    _run(_WARMER)
    times = [_run(_FIRST) for _run_ in range(runs)]
    split = {stage: statistics.median(run[stage] for run in times) for stage in times[0]}
    return split | {"all": statistics.median(sum(run.values()) for run in times)}


def compiling(runs: int = 2) -> float:
    """Return seconds of the first simulation on a machine that has compiled nothing yet."""
    times = []
    for _time in range(runs):
        with tempfile.TemporaryDirectory() as empty:
            times.append(float(_run(_FIRST, NUMBA_CACHE_DIR=empty)["simulate"]))
    return statistics.median(times)


def of_size(customers: int, *, keep: bool) -> dict[str, float | None]:
    """Return a market's seconds (people drawn, counted and simulated; simulated again) and bytes of memory.

    Linux alone: the high-water mark of a process's memory is read from /proc.

    Parameters
    ----------
    customers
        Size of the market.
    keep
        Whether people and what each did are kept in memory.
    """
    return _run(_SIZE, str(customers), "kept" if keep else "dropped")
