"""The simulator: against drawing its random numbers alone, against NumPy and Mesa, by size, on a cluster, by stage.

People are drawn once a market and kept; a run meets them again. So the speed of a run is that with the people drawn
beforehand, and drawing them has a line of its own. A step is one customer in one week in one channel.
"""

from __future__ import annotations

import importlib
import itertools
import os
import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

import narrowcast as nc
from bench.fresh import compiling, first_call, of_size
from bench.lines import Line, as_rows, at_least, at_most, noted, show
from bench.peers.agents import Shop, TunedShop, run_agents
from bench.peers.agreement import Agreement, agreement, demand
from bench.peers.columns import run_columns
from bench.peers.market import CHANNELS, COUNTS, Counts, Market, market_of, simple_plan, simple_world
from bench.peers.words import draw_words
from bench.pictures import draw_peers, draw_sizes, draw_stages
from bench.plans import WEEKS, media_plan, student_plan, ten_channels
from bench.timing import median_seconds, versions
from narrowcast.simulate.ground import ground_of
from narrowcast.worlds import World

__all__ = ["bench_simulate"]

CORES = 2
CUSTOMERS = 1_000_000
PEER_CUSTOMERS = 100_000
STAGE_CUSTOMERS = 200_000
KEPT = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
LARGEST = 10_000_000
LONG_RUNS = 3

_seeds = itertools.count(1)


def _clock(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _median_run(world: World, plan: nc.Plan, runs: int, **how: Any) -> float:  # noqa: ANN401 - threads=, client=
    """Return the median time of several runs, each with luck of its own, after one that does not count."""
    return median_seconds(lambda: nc.simulate(world, plan, next(_seeds), **how), runs)


def _draw_people(world: World) -> None:
    """Draw all that a run keeps of a market's people, on one thread."""
    _drawn = world.population
    for region in world.regions:
        ground_of(world, region)


def large_market(customers: int = CUSTOMERS, runs: int = LONG_RUNS) -> list[Line]:
    """Run plans with ten channels in a large market, beside the floor of drawing the words alone."""
    begin = time.perf_counter()
    world = ten_channels(customers)
    opened = time.perf_counter()
    _draw_people(world)
    drawn = time.perf_counter()
    size = f"{customers:,} customers"
    lines = [
        noted(f"{size}: market opened", opened - begin, "s"),
        noted(f"{size}: people drawn beforehand, one thread", drawn - opened, "s"),
    ]
    floor = median_seconds(lambda: draw_words(world.regions, 10, WEEKS, CORES, next(_seeds)), runs)
    lines.append(noted(f"{size}: the random words alone, two threads", floor, "s"))
    for plan, intensity in (("light", 0.1), ("realistic", 0.35), ("heavy", 1.0)):
        flights = media_plan(world, intensity)
        outcome = nc.simulate(world, flights, next(_seeds), threads=CORES)  # counts the market, too
        contacts = float(outcome.kpis()["contacts"]) / customers / WEEKS
        seconds = _median_run(world, flights, runs, threads=CORES)
        speed = customers * WEEKS * 10 / seconds / 1e6
        real = plan == "realistic"
        name, unit = f"10 channels, {plan} plan", "million steps/s"
        times = f"{name}: over the random words alone"
        lines += [
            noted(f"{name}: contacts a customer a week", contacts, "contacts"),
            noted(f"{name}: a run", seconds, "s"),
            at_least(f"{name}: speed", speed, unit, 100) if real else noted(f"{name}: speed", speed, unit),
            at_most(times, seconds / floor, "times", 12) if real else noted(times, seconds / floor, "times"),
        ]
    return lines


def ours(world: World, plan: nc.Plan, seed: int, threads: int) -> Counts:
    """Run our engine in the small market."""
    columns = nc.simulate(world, plan, seed, threads=threads, people=True).part.customers
    assert columns is not None
    return {name: np.concatenate(columns[name]).astype(np.int64) for name in COUNTS}


def _median_agents(kind: type[Shop], market: Market, runs: int) -> float:
    """Return the median time in which Mesa lets the weeks pass; making the agents does not count."""
    times = []
    for _run in range(runs):
        shop = kind(market, next(_seeds))
        times.append(_clock(lambda shop=shop: run_agents(shop)))  # type: ignore[misc]
    return statistics.median(times)


def beside_peers(
    customers: int = PEER_CUSTOMERS, runs: int = LONG_RUNS
) -> tuple[list[Line], dict[str, list[Agreement]], dict[str, float]]:
    """Run the small market three times over; raise where a peer disagrees with ours.

    Returns
    -------
    list of Line
        Speeds.
    dict
        How each peer agrees with ours.
    dict
        Seconds by who ran it.
    """
    world = simple_world(customers)
    plan = simple_plan(world)
    market = market_of(world, plan)  # draws the people
    peers = {
        "NumPy": agreement(ours(world, plan, 1, CORES), run_columns(market, 1)),
        "Mesa": agreement(ours(world, plan, 2, CORES), run_agents(Shop(market, 1))),
        "Mesa, tuned by hand": agreement(ours(world, plan, 3, CORES), run_agents(TunedShop(market, 1))),
    }
    for name, rows in peers.items():
        demand(name, rows)
    seconds = {
        "Narrowcast, two threads": median_seconds(lambda: ours(world, plan, next(_seeds), CORES)),
        "Narrowcast, one thread": median_seconds(lambda: ours(world, plan, next(_seeds), 1)),
        "NumPy": median_seconds(lambda: run_columns(market, next(_seeds)), runs),
        "Mesa, tuned by hand": _median_agents(TunedShop, market, runs),
        "Mesa": _median_agents(Shop, market, runs),
    }
    two, one, columns, tuned, agents = seconds.values()
    size = f"{customers:,} customers, {len(CHANNELS)} channels"
    lines = [noted(f"{size}: {name}", value, "s") for name, value in seconds.items()]
    return [
        *lines,
        at_least("faster than Mesa, two threads", agents / two, "times", 100),
        noted("faster than Mesa, one thread", agents / one, "times"),
        noted("faster than Mesa tuned by hand, two threads", tuned / two, "times"),
        at_least("faster than NumPy, two threads", columns / two, "times", 5),
        noted("faster than NumPy, one thread", columns / one, "times"),
    ], peers, seconds  # fmt: skip


def in_class(runs: int = 20) -> list[Line]:
    """Run a student's plan in the market as it is opened: warm, first in a process, first on a machine."""
    world, plan = nc.open_world("hcmc-fashion"), student_plan()
    warm = median_seconds(lambda: nc.simulate(world, plan, next(_seeds)).kpis(), runs)
    first = first_call()
    return [
        at_most("20,000 customers, 3 flights: warm", warm * 1e3, "ms", 50),
        at_most("fresh process to first outcome", first["all"], "s", 1.5),
        *(
            noted(f"fresh process: {stage}", first[stage], "s")
            for stage in ("import", "open_world", "simulate")
        ),
        noted("first simulate where nothing is compiled yet", compiling(), "s"),
    ]


def by_size() -> tuple[list[Line], dict[int, dict[str, float | None]]]:
    """Run the plan with ten channels in markets of many sizes, each in a process of its own."""
    measured = {customers: of_size(customers, keep=True) for customers in KEPT}
    measured[LARGEST] = of_size(LARGEST, keep=False)
    sizes = np.array(list(measured))
    first = np.array([row["first"] for row in measured.values()], dtype=np.float64)
    slope = float(np.polyfit(np.log(sizes), np.log(first), 1)[0])
    each = [
        noted(f"{customers:,} customers: drawn, counted, simulated", (row["first"] or 0) / customers * 1e6, "us each")
        for customers, row in measured.items()
    ]  # fmt: skip
    space = [
        at_most(f"{customers:,} customers: memory", (measured[customers]["bytes"] or 0) / customers, "bytes each", 200)
        for customers in (CUSTOMERS, KEPT[-1], LARGEST)
    ]  # fmt: skip
    return [
        at_most("time grows as the size to the power of", slope, "", 1.1),
        *each,
        *space,
    ], measured


def on_cluster(customers: int = CUSTOMERS, runs: int = LONG_RUNS) -> list[Line]:
    """Run the plan with ten channels on two Dask workers and on two threads; both know their people already."""
    import distributed  # noqa: PLC0415 - an extra

    library: Any = distributed  # half of it has no types

    world = ten_channels(customers)
    plan = media_plan(world)
    threads = _median_run(world, plan, runs, threads=CORES)
    with (
        library.LocalCluster(
            n_workers=CORES, threads_per_worker=1, dashboard_address=None, memory_limit=0
        ) as cluster,
        library.Client(cluster) as client,
    ):
        workers = _median_run(world, plan, runs, client=client)
    return [
        noted(f"{customers:,} customers, two threads", threads, "s"),
        noted(f"{customers:,} customers, two Dask workers", workers, "s"),
        at_least("speed of two Dask workers over two threads", threads / workers, "share", 0.8),
    ]


def _timed(seconds: dict[str, float], stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that adds its time to a stage's."""
    seconds[stage] = 0.0

    def run(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        begin = time.perf_counter()
        try:
            return work(*arguments, **named)
        finally:
            seconds[stage] += time.perf_counter() - begin

    return run


def by_stage(customers: int = STAGE_CUSTOMERS) -> dict[str, float]:
    """Return seconds of each stage of a first run with ten channels, on one thread."""
    warm = ten_channels(10_000, student="warm")
    nc.simulate(warm, media_plan(warm), threads=1)
    world = ten_channels(customers, student="stages")
    stages = {"drawing people": _clock(lambda: _draw_people(world))}
    inner: dict[str, float] = {}
    run, region = (importlib.import_module(f"narrowcast.simulate.{name}") for name in ("run", "region"))
    live = _timed(inner, "engine", region.engine())
    with (
        patch.object(run, "census", _timed(inner, "census", run.census)),
        patch.object(region, "engine", lambda: live),
        patch.object(region, "reduced", _timed(inner, "reducing", region.reduced)),
    ):
        whole = _clock(lambda: nc.simulate(world, media_plan(world), threads=1))
    rest = whole - sum(inner.values())
    return stages | inner | {"laying out, adding up": rest}


def _machine() -> str:
    """Return the processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines() if os.name == "posix" else ():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor()


def bench_simulate(results: Path) -> dict[str, Any]:
    """Measure all of it, plot into the folder of results, and print a table."""
    with_versions = versions("narrowcast", "numpy", "numba", "scipy", "pandas", "mesa", "dask", "distributed")
    groups: dict[str, list[Line]] = {"in class": in_class(), "large market": large_market()}
    groups["peers"], found, seconds = beside_peers()
    groups["cluster"] = on_cluster()
    groups["size"], measured = by_size()
    stages = by_stage()
    whole = sum(stages.values())
    groups["stages"] = [
        noted(f"{STAGE_CUSTOMERS:,} customers, one thread: {stage}", value, "s") for stage, value in stages.items()
    ]  # fmt: skip
    draw_peers(seconds, PEER_CUSTOMERS, results / "simulate-peers.svg")
    draw_sizes(measured, results / "simulate-sizes.svg")
    draw_stages(
        {stage: value / whole for stage, value in stages.items()}, whole, STAGE_CUSTOMERS,
        results / "simulate-stages.svg",
    )  # fmt: skip
    for title, lines in groups.items():
        show(title, lines)
    lines = [line for group in groups.values() for line in group]
    return {
        "work": "hcmc-fashion over 12 weeks, the full model, no log of events, people drawn beforehand unless a line"
        " says otherwise; the small market of the peers is in bench/peers/market.py; a step is a customer in a week"
        " in a channel; values are medians of several runs",
        "processor": _machine(),
        "lines": as_rows(lines, with_versions),
        "missed": [line.name for line in lines if line.reached is False],
        "agreement_with_peers": {name: [row._asdict() for row in rows] for name, rows in found.items()},
        "sizes": measured,
        "versions": with_versions,
    }
