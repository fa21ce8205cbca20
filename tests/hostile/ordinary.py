"""Run by an ordinary user: a few tricks in the boxes of a level, on a terminal of one's own; told in JSON."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import tricks_forms
import tricks_kernel
from trick import Facts

from narrowcast.errors import NarrowcastError
from narrowcast.grade.box import Boxes, Cell, Job, Limits, Result, Warmth

__all__ = ["FILES", "HONEST", "TRICKS"]

_NONE: Mapping[str, bytes] = {}

HONEST = ("honest-first", "honest-last")
TRICKS = (
    "asks-stop-of-its-group", "asks-terminals", "asks-terminals-of-others", "asks-end-of-its-group", "asks-typing",
    "asks-controls", "forms-endless-answers",
)  # fmt: skip
"""In this order: the one that stops waits for its time in one worker while the other goes on."""

FILES = "files-in-the-way"
"""One whose files stand where the grader's own belong, or have names that cannot be written."""


def jobs(files: Path) -> Iterator[Job]:
    """Yield the submissions: tricks between honest ones."""
    words = {"PIDNS": os.readlink("/proc/self/ns/pid")}  # noqa: PTH115
    facts = Facts(Path("/nothing"), Path("/nothing"), words)
    known = {trick.name: trick for trick in (*tricks_forms.TRICKS, *tricks_kernel.TRICKS)}
    yield _job(HONEST[0], "print('begins')")
    for name in TRICKS:
        yield _job(name, facts.fill(known[name].code))
    look = "import os\nprint('begins' if os.path.isfile('questions.json') else 'LEAK' + ':folder')"
    yield _job(FILES, look, files, {"questions.json": b"{}"})
    yield _job(HONEST[1], "print('begins')")


def _in_the_way(folder: Path) -> Path:
    (folder / "questions.json").mkdir()
    (folder / "questions.json" / "x").write_text("x")
    Path(os.fsdecode(os.fsencode(folder) + b"/" + b"\xff" * 200)).write_text("x")
    return folder


def _job(student: str, code: str, folder: Path | None = None, extra: Mapping[str, bytes] = _NONE) -> Job:
    sources = (code, "print('goes on')", "print('goes on')")
    cells = [Cell(place, "", source) for place, source in enumerate(sources)]
    return Job("terminal", student, "assignment", folder, cells, {}, extra=extra)


def _own_terminal() -> tuple[int, int]:
    """Open a terminal and become its session's leader, as a shell is; return both its ends."""
    with suppress(PermissionError):  # it leads its session already
        os.setsid()
    master, slave = os.openpty()
    os.close(os.open(os.ttyname(slave), os.O_RDWR))
    os.close(os.open("/dev/tty", os.O_RDWR))  # there is one now, or this fails
    os.set_blocking(master, False)
    os.set_blocking(slave, False)
    return master, slave


def _come(descriptor: int) -> str:
    with suppress(BlockingIOError):
        return os.read(descriptor, 10_000).decode("utf-8", "replace")
    return ""


def _told(result: Result) -> dict[str, Any]:
    return {
        "student": result.job.student,
        "problem": result.problem,
        "told": result.told,
        "cells": [cell.problem for cell in result.cells],
        "said": json.dumps([cell.outputs for cell in result.cells]),
        "room": sum(len(json.dumps(answer.data, separators=(",", ":"))) for answer in result.answers),
    }


def main(level: str) -> dict[str, Any]:
    """Run them; return what is to be told."""
    ends = _own_terminal()
    limits = Limits(cell_seconds=2, seconds=12, memory=1 << 30)
    try:
        with (
            tempfile.TemporaryDirectory() as files,
            Boxes(2, limits, level, warmth=Warmth(modules=(), markets=(), figures=False)) as boxes,
        ):
            results = [_told(result) for result in boxes.run(jobs(_in_the_way(Path(files))))]
    except NarrowcastError as error:
        return {"lacks": str(error)}
    return {"results": results, "answer": limits.answer, "typed": [_come(end) for end in ends]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
