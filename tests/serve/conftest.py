"""A course of its own for each module, and `narrowcast start` run in it as a person would."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

REPOSITORY = Path(__file__).resolve().parents[2]
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
ADDRESS = re.compile(r"http://\S+")


def _graded(**more: object) -> dict[str, object]:
    return {"nbgrader": {"schema_version": 3, "task": False, **more}}


def make_course(root: Path) -> Path:
    """Write a small course that has what a start needs at least: a lesson and an app."""
    for folder in ("course/01-rules-flipped", "assignments", "widgets/en", "widgets/vi"):
        (root / folder).mkdir(parents=True)
    shutil.copy(REPOSITORY / "assignments" / "nbgrader_config.py", root / "assignments")
    settings = REPOSITORY / "widgets" / "voila.json"
    if settings.exists():
        shutil.copy(settings, root / "widgets")
    lesson = new_notebook(cells=[new_markdown_cell("# The rules flipped")], metadata=KERNEL)
    nbformat.write(lesson, root / "course/01-rules-flipped/lesson.ipynb")
    app = new_notebook(cells=[new_markdown_cell("# An app"), new_code_cell("print(6 * 7)")], metadata=KERNEL)
    for language in ("en", "vi"):
        nbformat.write(app, root / "widgets" / language / "fliplab.ipynb")
    return root


def add_assignment(root: Path) -> Path:
    """Add an assignment with an answer, its check and a written question."""
    assignment = new_notebook(
        metadata=KERNEL,
        cells=[
            new_code_cell(
                "x = ...\n### BEGIN SOLUTION\nx = 2\n### END SOLUTION",
                metadata=_graded(grade=False, grade_id="answer-q1", locked=False, solution=True),
            ),
            new_code_cell(
                "float(x == 2)",
                metadata=_graded(grade=True, grade_id="q1", locked=True, solution=False, points=1),
            ),
            new_markdown_cell(
                "The answer of the one who wrote the question.",
                metadata=_graded(grade=True, grade_id="q2", locked=False, solution=True, points=4),
            ),
        ],
    )
    source = root / "assignments" / "source" / "01-rules-flipped"
    source.mkdir(parents=True)
    nbformat.write(assignment, source / "assignment.ipynb")
    return root


@dataclass
class Started:
    """A `narrowcast start` that runs."""

    root: Path
    process: subprocess.Popen[str]
    text: str

    @property
    def doors(self) -> list[str]:
        return ADDRESS.findall(self.text)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def end(self, how: int = signal.SIGINT) -> str:
        """Ask it to end and return the rest of what it said."""
        self.process.send_signal(how)
        rest, _nothing = self.process.communicate(timeout=40)
        return rest


def start(root: Path, *options: str) -> Started:
    """Run `narrowcast start --no-browser` in `root` and return once it says that it is open."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = subprocess.Popen(
        [sys.executable, "-m", "narrowcast", "start", "--no-browser", *options],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said, began = "", time.monotonic()
    assert process.stdout is not None
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, f"it ended before it was open:\n{said}"
        assert time.monotonic() - began < 150, said
        said += line
    return Started(root, process, said)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return add_assignment(make_course(tmp_path_factory.mktemp("course")))


@pytest.fixture(scope="module")
def opened(course: Path) -> Iterator[Started]:
    """One running course that the tests of a module look at."""
    running = start(course)
    yield running
    if running.process.poll() is None:
        running.end()


@pytest.fixture
def opening(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Start a course for one test, which may end it as it likes."""
    begun: list[Started] = []

    def open_one(*options: str) -> Started:
        begun.append(start(make_course(tmp_path / "course"), *options))
        return begun[-1]

    yield open_one
    for running in begun:
        if running.process.poll() is None:
            running.end(signal.SIGTERM)
