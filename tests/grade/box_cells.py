"""Notebooks for the box, as lists of cells."""

from __future__ import annotations

import atexit
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from narrowcast.errors import CourseError
from narrowcast.grade.box import Boxes, Cell, CellResult, Job, Limits, Result

QUICK = Limits(cell_seconds=2, seconds=60, memory=400 << 20, disk=8 << 20, output=100_000, answer=50_000)


@cache
def opened(level: str) -> Boxes:
    """Return the boxes of a level, which all tests share; without bubblewrap, skip what asks for it."""
    try:
        boxes = Boxes(1, QUICK, level)
    except CourseError:
        pytest.skip("bubblewrap cannot shut anything in here: sudo apt-get install bubblewrap")
    atexit.register(boxes.close)
    return boxes


def job(*sources: str, student: str = "s1", folder: Path | None = None, **more: Any) -> Job:
    """Return a job of these cells; every second place of the notebook is a text."""
    cells = [Cell(2 * n + 1, "", source) for n, source in enumerate(sources)]
    return Job("01-rules", student, "assignment", folder, cells, more.pop("inputs", {}), **more)


def run(boxes: Boxes, *sources: str, **more: Any) -> Result:
    """Run one notebook."""
    (result,) = boxes.run([job(*sources, **more)])
    return result


def text(cell: CellResult) -> str:
    """Return all that a cell printed and returned."""
    parts = []
    for output in cell.outputs:
        parts += [
            output.get("text", ""),
            output.get("evalue", ""),
            output.get("data", {}).get("text/plain", ""),
        ]
    return "".join(parts)


def problems(result: Result) -> list[str]:
    """Return the cells' problems."""
    return [cell.problem for cell in result.cells]
