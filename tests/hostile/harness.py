"""Graders that the corpus is held against: the box with a judge behind it, and the whole command on a course."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import nbformat
from outside import Outside
from trick import ANSWERS, FULL, Facts, Trick, cell_of, notebook_of, written

from narrowcast.grade.submission import fill

__all__ = ["HONEST", "NAME", "REPOSITORY", "BoxGrader", "Course", "Found", "Grader", "complaints", "released"]

REPOSITORY = Path(__file__).resolve().parents[2]
NAME, WORLD, SALT = "01-rules-flipped", "hcmc-fashion", "narrowcast"
HONEST = ("honest-a", "honest-b", "honest-c")
"""First, in the middle and last among the submissions; they must notice nothing of the others."""
Json = dict[str, Any]


@dataclass
class Found:
    """What came of one submission.

    Parameters
    ----------
    marks
        By question; None where a person has to give it, or nobody did.
    told
        Problems of cells, "repair" and "quarantine".
    said
        All outputs and messages, as JSON text.
    why
        Why it was not graded; empty where it was.
    """

    marks: Mapping[str, float | None]
    told: set[str] = field(default_factory=set)
    said: str = ""
    why: str = ""


class Grader(Protocol):
    """Whatever grades."""

    def grade(self, tricks: Sequence[Trick]) -> dict[str, Found]:
        """Grade honest students with tricks among them; by owner, what came of it."""


def complaints(trick: Trick, found: Found | None, canaries: Sequence[str]) -> list[str]:
    """Return what a grader did wrong with a trick; nothing where it did all right."""
    if found is None or found.why:
        return [f"it was lost: {found.why if found else 'no trace of it'}"]
    wrong = [
        f"{name} got {mark}, at most {trick.at_most(name)} is right"
        for name, mark in found.marks.items()
        if mark is not None and not 0 <= mark <= trick.at_most(name) + 1e-9
    ]
    wrong += [
        f"{name} lost its marks: {found.marks.get(name)}"
        for name in trick.keep
        if found.marks.get(name) != FULL[name]
    ]
    if not trick.known:
        wrong += [f"it saw {one}" for one in canaries if one in found.said]
        wrong += ["it saw " + found.said[found.said.index("LEAK:") :][:80]] if "LEAK:" in found.said else []
    if trick.told and "" not in trick.told and not found.told & set(trick.told):
        wrong.append(
            f"none of {', '.join(trick.told)} was told; told was: {', '.join(sorted(found.told)) or 'nothing'}"
        )
    return wrong


def released(source: Path) -> Json:
    """Return a notebook as students get it: the instructor's, without what stands between the marks of a solution."""
    notebook: Json = json.loads(source.read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        kept, inside = [], False
        for line in "".join(cell["source"]).splitlines():
            inside = inside or "BEGIN SOLUTION" in line
            if not inside:
                kept.append(line)
            inside = inside and "END SOLUTION" not in line
        cell["source"] = "\n".join(kept)
    return notebook


class BoxGrader:
    """The box, with a judge outside: only tricks in code.

    Parameters
    ----------
    facts
        What tricks may know.
    level
        Of the sandbox; "" is the strongest.
    """

    def __init__(self, facts: Facts, *, level: str = "", workers: int = 2) -> None:
        self.facts, self.level, self.workers = facts, level, workers
        self.released = released(REPOSITORY / "assignments" / "source" / NAME / "assignment.ipynb")

    def grade(self, tricks: Sequence[Trick]) -> dict[str, Found]:
        """Grade honest students with tricks among them; by owner, what came of it."""
        from narrowcast.grade.box import Boxes, Limits

        limits = Limits(cell_seconds=3, seconds=15, memory=1 << 30)
        with Boxes(self.workers, limits, self.level, require_sandbox=True) as boxes:
            self.level = boxes.level
            return {result.job.student: self._judged(result) for result in boxes.run(self._jobs(tricks))}

    def _jobs(self, tricks: Sequence[Trick]) -> Iterator[Any]:
        from narrowcast.judge import load_key

        self.key = load_key(REPOSITORY / "assignments" / NAME / "key.py")
        middle = len(tricks) // 2
        yield self._job(HONEST[0], self._honest(HONEST[0]))
        for trick in tricks[:middle]:
            yield self._job(trick.owner, notebook_of(trick, self.released, self.facts))
        yield self._job(HONEST[1], self._honest(HONEST[1]))
        for trick in tricks[middle:]:
            yield self._job(trick.owner, notebook_of(trick, self.released, self.facts))
        yield self._job(HONEST[2], self._honest(HONEST[2]))

    def _honest(self, student: str) -> Json:
        notebook = fill(
            self.released, student, {name: ANSWERS.RIGHT[name] for name in ("q1", "q2", "q3", "q4")}
        )
        return {
            **notebook,
            "cells": [cell for cell in notebook["cells"] if not cell["source"].startswith("trial =")],
        }

    def _job(self, student: str, notebook: Json) -> Any:
        from narrowcast.grade.box import Cell, Job

        cells = [
            Cell(index, cell["metadata"].get("nbgrader", {}).get("grade_id", ""), "".join(cell["source"]))
            for index, cell in enumerate(notebook["cells"])
            if cell["cell_type"] == "code"
        ]
        questions = (REPOSITORY / "assignments" / "source" / NAME / "questions.json").read_bytes()
        question = self.key.questions["q4"]
        inputs = {"q4": question.inputs(self._world(student))}
        return Job(NAME, student, "assignment", None, cells, inputs, extra={"questions.json": questions})

    def _world(self, student: str) -> Any:
        from narrowcast.worlds import open_world

        return open_world(WORLD, student=student, salt=SALT)

    def _judged(self, result: Any) -> Found:
        places = {cell.name: cell.index for cell in result.job.cells}
        answers = {one.question: one.data for one in result.answers if one.cell == places.get(one.question)}
        marks: dict[str, float | None] = dict.fromkeys(("q1", "q2", "q3", "q4", "q5"), 0.0)
        for name, data in answers.items():
            if name in marks:
                verdict = self.key.questions[name].judge_plain(data, self._world(result.job.student))
                marks[name] = verdict.score
        said = json.dumps([[cell.outputs for cell in result.cells], answers, result.told])
        told = {cell.problem for cell in result.cells if cell.problem} | ({result.problem} - {""})
        why = result.told if result.problem in {"machine", "sandbox"} else _unreadable(result)
        return Found(marks, told, said, why)


class Course:
    """A course root with a class, graded by the command.

    Parameters
    ----------
    folder
        Where to make it; it must not be there.
    """

    def __init__(self, folder: Path) -> None:
        self.root = folder / "assignments"
        self.outside = Outside(folder / "outside", self.root)
        canaries = self.outside.canaries
        for name in (
            "nbgrader_config.py",
            "course.toml",
            f"{NAME}/key.py",
            f"{NAME}/plans.json",
            f"{NAME}/answers.py",
            f"{NAME}/stories.py",
        ):
            (self.root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / "assignments" / name, self.root / name)
        with (self.root / NAME / "key.py").open("a") as key:
            key.write(f"\nCANARY = {canaries['key']!r}\n")
        plans = self.root / NAME / "plans.json"
        plans.write_text(
            plans.read_text(encoding="utf-8").replace("best found", canaries["key"]), encoding="utf-8"
        )
        source = self.root / "source" / NAME
        shutil.copytree(REPOSITORY / "assignments" / "source" / NAME, source)
        self._mark(source / "assignment.ipynb", canaries["source"])
        self._nbgrader("generate_assignment", NAME)
        self.released: Json = json.loads((self.root / "release" / NAME / "assignment.ipynb").read_text())
        self.events: list[Json] = []
        self.seconds = 0.0

    def _mark(self, file: Path, canary: str) -> None:
        """Put a word into the instructor's version that the students' does not have."""
        notebook = json.loads(file.read_text(encoding="utf-8"))
        cell = cell_of(notebook, "q2-answer")
        text = "".join(cell["source"])
        cell["source"] = text.replace("### END SOLUTION", f"# {canary}\n### END SOLUTION")
        file.write_text(json.dumps(notebook), encoding="utf-8")

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {**kept, "PATH": programs, "SECRET_OF_THE_GRADER": self.outside.canaries["environment"]}

    def _nbgrader(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "nbgrader", *arguments]
        ran = subprocess.run(
            command, cwd=self.root, env=self._environment(), capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr[-2000:]

    def hand_in(self, trick: Trick) -> None:
        """Put a trick into the folder of what was handed in."""
        written(trick, self.released, self.outside.facts, self._folder(trick.owner))

    def hand_in_honestly(self, student: str) -> None:
        """Put an honest notebook there, all right."""
        notebook = fill(self.released, student, {**ANSWERS.RIGHT, "q6": ANSWERS.ESSAY})
        cells = [cell for cell in notebook["cells"] if not "".join(cell["source"]).startswith("trial =")]
        cells[0] = {
            **cells[0],
            "source": f"{''.join(cells[0]['source'])}\n\n{self.outside.canaries['classmate']}",
        }
        text = json.dumps({**notebook, "cells": cells})
        (self._folder(student) / "assignment.ipynb").write_text(text)

    def _folder(self, student: str) -> Path:
        folder = self.root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        return folder

    def grade(self, tricks: Sequence[Trick]) -> dict[str, Found]:
        """Grade honest students with tricks among them; by owner, what came of it."""
        for student in HONEST:
            self.hand_in_honestly(student)
        for trick in tricks:
            self.hand_in(trick)
        return self.run()

    def run(self, timeout: float = 500) -> dict[str, Found]:
        """Run `narrowcast grade` on what is there."""
        command = [
            sys.executable,
            "-m",
            "narrowcast",
            "grade",
            NAME,
            "--json",
            "--timeout",
            "3",
            "--timeout-all",
            "15",
            "--require-sandbox",
        ]
        ran = subprocess.run(
            command, cwd=self.root, env=self._environment(), capture_output=True, check=False, timeout=timeout,
        )  # fmt: skip
        self.code, self.complained = ran.returncode, ran.stderr.decode("utf-8", "replace")
        self.events = [json.loads(line) for line in ran.stdout.decode().splitlines() if line.startswith("{")]
        return self._found()

    def _found(self) -> dict[str, Found]:
        marks = self.marks()
        found = {}
        for event in self.events:
            if event["event"] not in {"graded", "left"}:
                continue
            student = event["student"]
            why = event.get("why", "") if event["event"] == "left" else ""
            found[student] = Found(
                marks.get(student, {}), _told(event), json.dumps(event) + self._notebooks(student), why
            )
        return found

    def _notebooks(self, student: str) -> str:
        """Return the outputs of what the student gets back: what the student wrote may hold anything."""
        said = []
        for file in sorted((self.root / "autograded" / student / NAME).glob("*.ipynb")):
            cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
            said += [cell.get("outputs", []) for cell in cells]
        return json.dumps(said)

    def marks(self) -> dict[str, dict[str, float | None]]:
        """Return the marks in the gradebook, by student and question, read by nbgrader; None waits for a person."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root}/gradebook.db", "narrowcast") as book:
            return {one.student.id: dict(_grades(one)) for one in book.assignment_submissions(NAME)}

    def whole(self) -> dict[str, str]:
        """Return the hashes of what no submission may change."""
        kept = [self.root / NAME, self.root / "source", self.root / "release"]
        kept += [self.root / "submitted" / student for student in HONEST]
        files = sorted(
            file
            for place in kept
            for file in place.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        )
        return {
            str(file.relative_to(self.root)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files
        }


def _unreadable(result: Any) -> str:
    """Return why no notebook can hold what the cells showed; empty where one can."""
    cells = [nbformat.v4.new_code_cell("", outputs=nbformat.from_dict(cell.outputs)) for cell in result.cells]
    try:
        nbformat.validate(nbformat.v4.new_notebook(cells=cells))
    except nbformat.ValidationError as error:
        return f"no notebook can hold this: {error.message}"
    return ""


def _grades(submission: Any) -> Iterator[tuple[str, float | None]]:
    for notebook in submission.notebooks:
        for grade in notebook.grades:
            yield grade.name, None if grade.needs_manual_grade else grade.score


def _told(event: Json) -> set[str]:
    told = set()
    for one in event.get("notebooks", {}).values():
        told |= set(one["problems"].values())
        told |= {"repair"} if one["repairs"] else set()
        told |= {"quarantine"} if one["quarantined"] else set()
    return told
