"""`make bench`: speeds as ratios against a named peer, on the same work in the same run.

Usage: python -m bench [PART ...]     parts: worlds, simulate, apps; none means all
Each part writes bench/results/PART.json with medians, versions and the machine's cores.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from bench.timing import median_seconds, versions

RESULTS = Path(__file__).parent / "results"


def bench_worlds() -> dict[str, Any]:
    """Draw a million customers, against Faker and mimesis row by row and a floor of NumPy and Arrow."""
    from bench.worlds import bench_worlds as measure  # noqa: PLC0415

    return measure(RESULTS)


def bench_simulate() -> dict[str, Any]:
    """Run a plan on 20,000 customers, against drawing the same random numbers and nothing else."""
    import narrowcast as nc  # noqa: PLC0415
    from narrowcast.worlds import Purpose, uniforms  # noqa: PLC0415

    world = nc.open_world("hcmc-fashion")
    flights = [nc.Flight("social", 2_000_000, to=segment) for segment in world.segments.index]
    plan = nc.Plan("three", flights)
    rows, draws = world.population.size, plan.weeks * (2 * len(flights) + 4)

    seeds = itertools.count(1)  # a new seed each time: draws that were made before are remembered

    def floor() -> object:
        seed = next(seeds)
        return [uniforms(seed, Purpose.VISIT, 0, rows, week=i) for i in range(draws)]

    ours, drawing = median_seconds(lambda: nc.simulate(world, plan, next(seeds))), median_seconds(floor)
    again = median_seconds(lambda: nc.simulate(world, plan, 1))
    steps = rows * plan.weeks * len(flights)
    return {
        "work": "20,000 customers, 4 weeks, 3 flights; the floor draws its uniforms in whole columns",
        "milliseconds": {
            "narrowcast, a new seed": ours * 1e3,
            "narrowcast, a seed that was used": again * 1e3,
            "drawing alone (NumPy Philox)": drawing * 1e3,
        },
        "times_the_floor": ours / drawing,
        "million_customer_week_flights_a_second": steps / ours / 1e6,
        "versions": versions("numpy", "scipy"),
    }


def bench_apps() -> dict[str, Any]:
    """Open the FlipLab page in Chromium: our gallery against stock Voila serving the same notebook."""
    from bench.apps import compare_voila  # noqa: PLC0415

    return compare_voila() | {"versions": versions("voila", "anywidget", "playwright")}


PARTS = {"worlds": bench_worlds, "simulate": bench_simulate, "apps": bench_apps}


def main(names: list[str]) -> int:
    """Run the parts named, or all."""
    unknown = [name for name in names if name not in PARTS]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    RESULTS.mkdir(exist_ok=True)
    for name in names or list(PARTS):
        result = PARTS[name]() | {"cores": os.cpu_count(), "machine": platform.machine()}
        text = json.dumps(result, indent=2, default=float)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}\n{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
