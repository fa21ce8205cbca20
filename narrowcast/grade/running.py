"""The loop's process, watched from ours: a bar with the time left, and the marks at the end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from narrowcast.errors import CourseError
from narrowcast.grade.folder import ClassFolder
from narrowcast.language import gettext as _

__all__ = ["Given", "run_loop"]

COST = {"enrol": 4.0, "generate": 1.0, "release": 0.1, "submit": 0.1, "collect": 0.1, "autograde": 0.8,
        "feedback": 0.6, "return": 0.5, "export": 0.1}  # fmt: skip
"""Seconds that a step takes, roughly: what the bar is made of."""
EACH = {"submit", "autograde", "feedback"}


@dataclass
class Given:
    """What came out of the loop.

    Parameters
    ----------
    marks
        By student and question; None where a person has to give them.
    problems
        What could not be done, for a person to read.
    """

    marks: dict[str, dict[str, float | None]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def run_loop(folder: ClassFolder, script: Mapping[str, Any], console: Console) -> Given:
    """Run nbgrader's loop to its end, showing how far it is.

    Parameters
    ----------
    folder
        The course.
    script
        See `narrowcast.grade.loop.Loop`.
    console
        Where to show it.

    Raises
    ------
    CourseError
        If a step failed for the whole class.
    """
    given = Given()
    with folder.log.open("ab") as log, _bar(console, len(script["students"])) as advance:
        process = subprocess.Popen(
            [sys.executable, "-m", "narrowcast.grade.loop"],
            cwd=folder.assignments,
            env=_environment(folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C reaches us alone, and we end it with its workers
        )
        try:
            for event in _events(process, script):
                if "marks" in event:
                    given.marks = event["marks"]
                elif "begins" in event:
                    advance.to(event["begins"])
                else:
                    advance.by(event["step"])
                    _note(event, given, folder)
            process.wait()
        finally:
            if process.poll() is None:  # we were interrupted; kernels end when their parents have
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
    if process.returncode or not given.marks:
        raise CourseError(
            _("nbgrader ended before it had graded the class."),
            _("The end of {file}:\n{words}").format(file=folder.log, words=_last_words(folder)),
        )
    return given


def _environment(folder: ClassFolder) -> dict[str, str]:
    """Return the environment of the loop: a person's own settings, and what they keep on disk, change no mark."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    # nbgrader calls `alembic` by name to make a gradebook: the folder of our own programs comes first.
    programs = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    return environment | {
        "PATH": programs,
        "PYTHONUTF8": "1",
        "NARROWCAST_CACHE": "off",  # tables that anybody may have written are no truth to judge by
        "JUPYTER_CONFIG_DIR": str(folder.state / "jupyter"),
        "IPYTHONDIR": str(folder.state / "ipython"),
    }


def _events(process: subprocess.Popen[str], script: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    if process.stdin is None or process.stdout is None:  # both were asked for
        return
    with process.stdin as out:
        json.dump(script, out)
    for line in process.stdout:
        yield json.loads(line)


def _note(event: Mapping[str, Any], given: Given, folder: ClassFolder) -> None:
    """Keep what went wrong; without a class-wide step there is nothing to go on with."""
    if not event["problem"]:
        return
    last = event["problem"].strip().splitlines()[-1]
    if not event["student"]:
        problem = _("nbgrader could not do the step {step!r}: {why}").format(step=event["step"], why=last)
        raise CourseError(problem, _("All it said is in {file}.").format(file=folder.log))
    told = _("{student}: nbgrader could not do the step {step!r}: {why}")
    given.problems.append(told.format(student=event["student"], step=event["step"], why=last))


def _last_words(folder: ClassFolder) -> str:
    return "\n".join(folder.log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()[-12:])


class _Advance:
    """Moves the bar on: by what a step costs; elsewhere than on a terminal, a line for each kind of step."""

    def __init__(self, console: Console, progress: Progress, students: int) -> None:
        self._console, self._progress, self._last = console, progress, ""
        total = sum(cost * (students if step in EACH else 1) for step, cost in COST.items())
        self._task = progress.add_task("", total=total)
        self.to("enrol")

    def to(self, step: str) -> None:
        """Say which step begins."""
        if step == self._last:
            return
        if self._last == "enrol":  # begun here, and done once the next step begins
            self.by("enrol")
        self._last = step
        self._progress.update(self._task, description=_title(step))
        if not self._console.is_terminal:
            self._console.print(_title(step))

    def by(self, step: str) -> None:
        """Say which step is done, for one student or for all."""
        self._progress.update(self._task, advance=COST[step])


@contextmanager
def _bar(console: Console, students: int) -> Iterator[_Advance]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Advance(console, progress, students)


def _title(step: str) -> str:
    return {
        "enrol": _("Enrolling the students …"),
        "generate": _("Making the students' version …"),
        "release": _("Releasing it …"),
        "submit": _("Handing in …"),
        "collect": _("Collecting …"),
        "autograde": _("Grading …"),
        "feedback": _("Writing the feedback …"),
        "return": _("Returning the feedback …"),
        "export": _("Exporting the marks …"),
    }[step]
