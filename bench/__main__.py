"""`make bench`: speeds as ratios against a named peer, on the same work in the same run.

Usage: python -m bench [PART ...]     parts: worlds, simulate, apps, grade; none means all of them
       grade-1000 also grades a class of a thousand, and runs only when it is named
Each part writes bench/results/PART.json with medians, versions and the machine's cores.
"""

from __future__ import annotations

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from bench.timing import versions

RESULTS = Path(__file__).parent / "results"


def bench_worlds() -> dict[str, Any]:
    """Draw a million customers, against Faker and mimesis row by row and a floor of NumPy and Arrow."""
    from bench.worlds import bench_worlds as measure  # noqa: PLC0415

    return measure(RESULTS)


def bench_simulate() -> dict[str, Any]:
    """Run plans: against the random numbers alone, NumPy and Mesa; by size, on a cluster, by stage."""
    from bench.simulate import bench_simulate as measure  # noqa: PLC0415

    return measure(RESULTS)


def bench_apps() -> dict[str, Any]:
    """Open the FlipLab page in Chromium: our gallery against stock Voila serving the same notebook."""
    from bench.apps import compare_voila  # noqa: PLC0415

    return compare_voila() | {"versions": versions("voila", "anywidget", "playwright")}


def bench_grade() -> dict[str, Any]:
    """Grade a class: `narrowcast grade` against stock nbgrader, and what a submission costs in larger classes."""
    from bench.grade import bench_grade as measure  # noqa: PLC0415

    return measure()


def bench_grade_long() -> dict[str, Any]:
    """Grade classes of up to a thousand, too."""
    from bench.grade import bench_grade_long as measure  # noqa: PLC0415

    return measure()


PARTS = {"worlds": bench_worlds, "simulate": bench_simulate, "apps": bench_apps, "grade": bench_grade}
LONG = {"grade-1000": bench_grade_long}


def main(names: list[str]) -> int:
    """Run the parts named, or all."""
    every = PARTS | LONG
    unknown = [name for name in names if name not in every]
    if unknown:
        print(f"no such part: {', '.join(unknown)}; there are {', '.join(every)}", file=sys.stderr)
        return 2
    RESULTS.mkdir(exist_ok=True)
    for name in names or list(PARTS):
        result = every[name]() | {"cores": os.cpu_count(), "machine": platform.machine()}
        text = json.dumps(result, indent=2, default=float)
        (RESULTS / f"{name}.json").write_text(text + "\n", encoding="utf-8")
        print(f"{name}\n{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
