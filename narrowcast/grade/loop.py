"""nbgrader's loop, from release to feedback, as a term goes; the class is graded by `narrowcast grade`.

It runs in a process of its own: nbgrader changes directory and logs globally. The script comes in on standard input
as JSON, what happens goes out on standard output, one JSON object a line; what nbgrader says goes to standard error.
What is started from here inherits standard output, so it is put out of reach before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TextIO

from narrowcast.grade.submission import fill
from narrowcast.language import gettext as _

__all__ = ["STEPS", "Loop", "main"]

STEPS = ("generate", "release", "submit", "collect", "autograde", "feedback", "return", "export")
"""In this order; "submit", "autograde" and "feedback" once for each student."""

PATIENCE = 60
"""Seconds for which one process waits while another one writes to the gradebook."""

CELL_SECONDS = 10
"""Time of a cell: one of the twelve students wrote an endless loop, and everybody waits for it."""

Json = dict[str, Any]


@dataclass
class Loop:
    """One run of nbgrader over a class.

    Parameters
    ----------
    script
        "assignment", "students_folder", "export", "workers" and "students": for each id, first_name,
        last_name, email, answers, without.
    tell
        Called with each event: {"begins": step}, {"step", "student", "problem", "seconds"} when it is done,
        and at the end {"marks": by student and question}.
    """

    script: Json
    tell: Callable[[Json], None]

    def __post_init__(self) -> None:
        self.api = _nbgrader()
        self.name: str = self.script["assignment"]
        self.students: list[Json] = self.script["students"]

    def run(self) -> None:
        """Go through all steps; a step that fails for one student does not hold up the others."""
        ids = [student["id"] for student in self.students]
        with ProcessPoolExecutor(self.script["workers"], mp_context=get_context("spawn")) as pool:
            self._enrol()
            self._step("generate", lambda: self.api.generate_assignment(self.name))
            self._step("release", lambda: self.api.release_assignment(self.name))
            for student in self.students:
                self._step("submit", partial(self._submit, student), student["id"])
            self._step("collect", self._collect)
            self._autograde(ids)
            self._feedback(pool, ids)
        self._step("return", lambda: self._return_feedback(ids))
        self._step("export", self._export)
        self.tell({"marks": self._marks()})

    def _step(self, step: str, work: Callable[[], Mapping[str, Any] | None], student: str = "") -> None:
        self._begins(step)
        began = time.monotonic()
        try:
            why = _told_by(work() or {"success": True})
        except Exception as error:  # noqa: BLE001 - whatever it was, it is told and the class goes on
            why = f"{type(error).__name__}: {error}"
        self._told(step, student, why, began)

    def _autograde(self, ids: Sequence[str]) -> None:
        """Grade the class as an instructor does: in the sandbox, by a judge outside."""
        self._begins("autograde")
        began, waiting = time.monotonic(), set(ids)
        limit = f"--timeout={CELL_SECONDS}"
        command = [sys.executable, "-m", "narrowcast", "grade", self.name, "--json", limit]
        with subprocess.Popen(  # noqa: S603 - our own program
            command, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as grading:
            for line in grading.stdout or ():
                event = json.loads(line)
                if event["event"] in {"graded", "left"}:
                    waiting.discard(event["student"])
                    self._told("autograde", event["student"], event.get("why", ""), began)
                elif event["event"] == "warning":
                    sys.stderr.write(event["text"] + "\n")
        for student in sorted(waiting):
            why = _("narrowcast grade ended with code {code}.").format(code=grading.returncode)
            self._told("autograde", student, why, began)

    def _feedback(self, pool: ProcessPoolExecutor, ids: Sequence[str]) -> None:
        """Write everybody's feedback, on all workers."""
        self._begins("feedback")
        began = time.monotonic()
        running = {pool.submit(_one, self.name, student): student for student in ids}
        for done in as_completed(running):
            error = done.exception()
            self._told("feedback", running[done], f"{error}" if error else done.result(), began)

    def _begins(self, step: str) -> None:
        self.tell({"begins": step})

    def _told(self, step: str, student: str, why: str, began: float) -> None:
        seconds = round(time.monotonic() - began, 2)
        self.tell({"step": step, "student": student, "problem": why, "seconds": seconds})

    def _enrol(self) -> None:
        with self.api.gradebook as gradebook:
            for student in self.students:
                known = {name: student[name] for name in ("first_name", "last_name", "email")}
                gradebook.update_or_create_student(student["id"], **known)

    def _exchange(self, kind: str, student: str) -> Json:
        """Run a step of the exchange as a student, in the folder that would be their own machine.

        All students share our account, so nbgrader is told the student's id; on accounts of their own
        it would take the name of the account.
        """
        from nbgrader.utils import capture_log, temp_attrs  # noqa: PLC0415 - a second of import

        home = Path(self.script["students_folder"]) / student
        home.mkdir(parents=True, exist_ok=True)
        with temp_attrs(self.api.coursedir, assignment_id=self.name, student_id=student):
            app = getattr(self.api.exchange, kind)(
                coursedir=self.api.coursedir, authenticator=self.api.authenticator, parent=self.api
            )
            app.assignment_dir, app.cache = str(home), str(home / ".cache")
            outcome: Json = capture_log(app)
        return outcome

    def _submit(self, student: Json) -> Json:
        """Fetch as a student, type the answers in, hand in."""
        fetched = self._exchange("FetchAssignment", student["id"])
        if not fetched["success"]:
            return fetched
        for file in sorted(
            (Path(self.script["students_folder"]) / student["id"] / self.name).glob("*.ipynb")
        ):
            released = json.loads(file.read_text(encoding="utf-8"))
            filled = fill(released, student["id"], student["answers"], student["without"])
            file.write_text(json.dumps(filled, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return self._exchange("Submit", student["id"])

    def _collect(self) -> Json:
        from nbgrader.utils import capture_log, temp_attrs  # noqa: PLC0415

        with temp_attrs(self.api.coursedir, assignment_id=self.name):
            app = self.api.exchange.Collect(
                coursedir=self.api.coursedir, authenticator=self.api.authenticator, parent=self.api
            )
            app.check_owner = False  # every folder is owned by the one account that plays all students
            outcome: Json = capture_log(app)
        return outcome

    def _return_feedback(self, ids: Iterable[str]) -> Json:
        released: Json = self.api.release_feedback(self.name)
        fetched = [self._exchange("FetchFeedback", student) for student in ids]
        return next((one for one in [released, *fetched] if not one["success"]), released)

    def _export(self) -> None:
        from nbgrader.plugins.export import CsvExportPlugin  # noqa: PLC0415

        with self.api.gradebook as gradebook:
            CsvExportPlugin(to=self.script["export"], parent=self.api).export(gradebook)

    def _marks(self) -> dict[str, dict[str, float | None]]:
        """Return the marks by student and question; None where a person has to give them."""
        with self.api.gradebook as gradebook:
            return {sub.student_id: dict(_grades(sub)) for sub in gradebook.assignment_submissions(self.name)}


def _grades(submission: Any) -> Iterator[tuple[str, float | None]]:  # noqa: ANN401 - nbgrader has no types
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            yield grade.name, None if grade.needs_manual_grade else grade.score


def _nbgrader() -> Any:  # noqa: ANN401 - nbgrader has no types
    """Return nbgrader's API on the course in the working directory, configured as its own commands are."""
    from nbgrader.apps import NbGrader  # noqa: PLC0415
    from nbgrader.apps.api import NbGraderAPI  # noqa: PLC0415

    app = NbGrader()
    app.initialize([])
    # Two processes write to one SQLite file: the later one waits instead of giving up after five seconds.
    if app.coursedir.db_url.startswith("sqlite:///") and "?" not in app.coursedir.db_url:
        app.coursedir.db_url += f"?timeout={PATIENCE}"
    return NbGraderAPI(app.coursedir, parent=app)


_api: list[Any] = []


def _one(assignment: str, student: str) -> str:
    """Write the feedback of one student, in a worker; return what went wrong."""
    if not _api:
        _api.append(_nbgrader())
    return _told_by(_api[0].generate_feedback(assignment, student))


def _told_by(outcome: Mapping[str, Any]) -> str:
    """Put what nbgrader said into the log and return what went wrong."""
    sys.stderr.write(f"{outcome.get('log', '').rstrip()}\n{outcome.get('error', '')}".lstrip("\n"))
    sys.stderr.flush()
    return "" if outcome["success"] else str(outcome.get("error") or outcome.get("log"))


def _private_output() -> TextIO:
    """Return our standard output for ourselves alone: what else is written there goes to standard error."""
    kept = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(kept, "w", encoding="utf-8", buffering=1)


def main() -> None:
    """Read the script from standard input and run it in the working directory."""
    script = json.load(sys.stdin)
    with _private_output() as out:
        Loop(script, lambda event: print(json.dumps(event), file=out, flush=True)).run()


if __name__ == "__main__":
    main()
