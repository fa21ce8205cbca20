"""Grading a class: `narrowcast grade` against stock `nbgrader autograde`, on the same submissions with the same limits.

The class is the demo class's: twelve stories, which come round again under new ids. Both are run as commands, from
compiled bytecode, on a folder and a gradebook that know nothing yet, on the whole class.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from bench.lines import Line, as_rows, at_least, at_most, noted, show
from bench.timing import versions
from narrowcast.grade.book import Book
from narrowcast.grade.folder import ClassFolder, make_folder
from narrowcast.grade.roster import roster
from narrowcast.grade.story import ASSIGNMENT, Story, stories
from narrowcast.grade.submission import fill
from narrowcast.judge.places import class_salt

__all__ = ["bench_grade"]

COURSE = Path(__file__).resolve().parent.parent
ROUND = 12
"""Stories, of which one ends in an endless loop: `LOOP` seconds of waiting for either program."""
RUNS = 3
SIZES = (60, 250)
LARGEST = (60, 250, 1_000)
TARGET, FLAT = 20, 1.15

Marks = dict[str, dict[str, float | None]]


@dataclass(frozen=True)
class Run:
    """One run of a command: its seconds, those of the processors, and the marks by student and cell."""

    seconds: float
    processor: float
    marks: Marks = field(repr=False)


def bench_grade(sizes: Sequence[int] = SIZES) -> dict[str, Any]:
    """Grade classes both ways; return times, their ratios, and whether the marks agree."""
    with tempfile.TemporaryDirectory(prefix="narrowcast-bench-") as place, _bar(sizes) as advance:
        bench = _Bench(Path(place), advance)
        bench.ours(ROUND, ends=True)  # compiles what is compiled once, and does not count
        # A machine is now faster, now slower, for minutes: ours stands before, between and after theirs.
        ours, stock = {True: [bench.ours(sizes[0], ends=True)]}, {}
        for ends, size in ((True, sizes[0]), (False, ROUND)):
            stock[ends] = bench.stock(size, ends=ends)
            ours[True] += [bench.ours(sizes[0], ends=True) for _run in range((RUNS - 1) // 2)]
        ours[False] = [bench.ours(sizes[0], ends=False)]
        larger = {size: [bench.ours(size, ends=True)] for size in sizes[1:]}
    by_size = {sizes[0]: ours[True], **larger}
    lines = [
        *_ratios(sizes[0], stock, ours),
        *_agreement(stock[True].marks, ours[True][0].marks),
        *_slope({size: _each(runs) for size, runs in by_size.items()}),
    ]
    show("a class graded", lines)
    with_versions = versions(
        "narrowcast", "nbgrader", "nbconvert", "ipykernel", "numpy", "numba", "sqlalchemy"
    )
    return {
        "work": f"{ASSIGNMENT}, {sizes[0]} submissions: the demo class's {ROUND} stories under new ids; {ROUND - 1} of"
        " them end, one loops for ever in one cell, and the limit is the same for both; commands from start to end,"
        " bytecode compiled, an empty gradebook; stories that end: the whole class by both, ours the median of"
        f" {RUNS} runs before, between and after, nbgrader once; all stories: nbgrader on {ROUND} of them, ours on"
        " the class; larger classes once",
        "lines": as_rows(lines, with_versions),
        "missed": [line.name for line in lines if line.reached is False],
        "versions": with_versions,
    }


def bench_grade_long() -> dict[str, Any]:
    """Grade a class of a thousand, too."""
    return bench_grade(LARGEST)


def _each(runs: Sequence[Run]) -> float:
    """Return the median seconds of a submission."""
    return statistics.median(run.seconds / len(run.marks) for run in runs)


def _ratios(size: int, stock: dict[bool, Run], ours: dict[bool, list[Run]]) -> list[Line]:
    lines = []
    for ends, what in ((True, "stories that end"), (False, "all stories")):
        named = len(stock[ends].marks)
        alone = stock[ends].seconds / named
        busy = statistics.median(run.processor / len(run.marks) for run in ours[ends])
        mine = _each(ours[ends])
        lines += [
            noted(f"{what}: nbgrader autograde, each", alone, "s"),
            noted(f"{what}: narrowcast grade, each, of {size}", mine, "s"),
            noted(f"{what}: nbgrader autograde, processors, each", stock[ends].processor / named, "s"),
            noted(f"{what}: narrowcast grade, processors, each", busy, "s"),
        ]
        name = f"{what}: faster than nbgrader autograde"
        lines.append(
            at_least(name, alone / mine, "times", TARGET) if ends else noted(name, alone / mine, "times")
        )
    return lines


def _agreement(stock: Marks, ours: Marks) -> list[Line]:
    """Compare the marks of the students whom both have graded; raise where there is nothing to compare."""
    pairs = [
        (mark, ours[student].get(cell, "none"))
        for student, cells in stock.items()
        for cell, mark in cells.items()
    ]
    if len(pairs) < ROUND:
        raise RuntimeError(f"only {len(pairs)} marks to compare")
    same = sum(one == other for one, other in pairs)
    return [
        noted("marks compared", len(pairs), "marks"),
        at_least("honest marks that are the same", same / len(pairs), "share", 1),
    ]


def _slope(each: dict[int, float]) -> list[Line]:
    lines = [
        noted(f"stories that end: {size:,} submissions, each", seconds, "s") for size, seconds in each.items()
    ]
    first, *others = each
    for size in others:
        name = f"cost of a submission among {size:,} over that among {first}"
        lines.append(at_most(name, each[size] / each[first], "times", FLAT))
    return lines


@contextmanager
def _bar(sizes: Sequence[int]) -> Iterator[Any]:
    """Show how far it is, by what each run costs: about 4 s a submission for stock, a fifth for ours, 30 a loop."""
    rounds = sizes[0] // ROUND
    stock = (sizes[0] + ROUND) * 5 + 30
    total = stock + ROUND / 4 + (RUNS + 1) * sizes[0] / 4 + rounds * 15 + sum(sizes[1:]) / 4
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("grading", total=total)
        yield lambda cost: progress.advance(task, cost)


class _Bench:
    """Makes classes in a folder, and grades each in a fresh copy."""

    def __init__(self, place: Path, advance: Any) -> None:  # noqa: ANN401 - a bar's
        self._place, self._advance, self._made = place, advance, 0

    def stock(self, size: int, *, ends: bool) -> Run:
        """Grade a class with stock nbgrader."""
        folder = self._class(size, ends=ends)
        run = self._timed(folder, [_program("nbgrader"), "autograde", ASSIGNMENT])
        self._advance(size * 5 + (0 if ends else 30))
        return run

    def ours(self, size: int, *, ends: bool) -> Run:
        """Grade a class with `narrowcast grade`."""
        folder = self._class(size, ends=ends)
        run = self._timed(folder, [sys.executable, "-m", "narrowcast", "grade", ASSIGNMENT])
        self._advance(size / 4 + (0 if ends else size // ROUND * 15))
        return run

    def _class(self, size: int, *, ends: bool) -> ClassFolder:
        """Make a class that has handed in; without the stories that never end it is smaller."""
        self._made += 1
        folder = make_folder(COURSE, self._place / str(self._made), ASSIGNMENT)
        ids = [student.id for student in roster(size)]
        told = stories(COURSE / "assignments" / ASSIGNMENT, ids[:ROUND], class_salt(folder.assignments))
        _command(folder, [_program("nbgrader"), "generate_assignment", ASSIGNMENT])
        enrolled = []
        for name, story in zip(ids, cycle(told), strict=False):
            if not (ends and _loops(story)):
                _hand_in(folder, name, story)
                enrolled.append(name)
        listed = folder.root / "students.csv"
        listed.write_text("\n".join(["id", *enrolled]) + "\n", encoding="utf-8")
        _command(folder, [_program("nbgrader"), "db", "student", "import", str(listed)])
        return folder

    def _timed(self, folder: ClassFolder, command: list[str]) -> Run:
        begin, worked = time.perf_counter(), _worked()
        _command(folder, command)
        seconds, processor = time.perf_counter() - begin, _worked() - worked
        with Book(f"sqlite:///{folder.assignments / 'gradebook.db'}", "narrowcast") as book:
            marks = {
                student: {cell: mark for cells in notebooks.values() for cell, mark in cells.items()}
                for student, notebooks in book.marks(ASSIGNMENT).items()
            }
        shutil.rmtree(folder.root)
        return Run(seconds, processor, marks)


def _worked() -> float:
    """Return the seconds that processors have worked for our commands so far."""
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


def _loops(story: Story) -> bool:
    return any("while True" in text for text in story.answers.values())


def _hand_in(folder: ClassFolder, student: str, story: Story) -> None:
    """Put a student's submission where nbgrader collects it to."""
    released = folder.assignments / "release" / ASSIGNMENT
    place = folder.assignments / "submitted" / student / ASSIGNMENT
    shutil.copytree(released, place)
    for file in place.glob("*.ipynb"):
        filled = fill(json.loads(file.read_text(encoding="utf-8")), student, story.answers, story.without)
        file.write_text(json.dumps(filled, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _program(name: str) -> str:
    return str(Path(sysconfig.get_path("scripts")) / name)


def _command(folder: ClassFolder, command: list[str]) -> None:
    """Run a command in the course root; what a person set for themselves, or keeps on disk, has no say."""
    programs = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment = kept | {
        "PATH": programs, "PYTHONUTF8": "1", "NARROWCAST_CACHE": "off",
        "JUPYTER_CONFIG_DIR": str(folder.state / "jupyter"), "IPYTHONDIR": str(folder.state / "ipython"),
    }  # fmt: skip
    done = subprocess.run(
        command, cwd=folder.assignments, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"[-3_000:]
        )
