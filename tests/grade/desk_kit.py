"""A course root with an assignment handed out, submissions put into it, and `narrowcast grade` run on it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from classroom import NAME, REPOSITORY, environment
from nbgrader.api import Gradebook
from nbgrader.apps import NbGrader, NbGraderAPI

from narrowcast.grade.submission import fill
from narrowcast.judge.loading import load_module

ANSWERS = load_module(REPOSITORY / "assignments" / NAME / "answers.py", "")
ALL_RIGHT = {**ANSWERS.RIGHT, "q6": ANSWERS.ESSAY}

PLAIN = {  # an assert-style assignment as any nbgrader course has it
    "answer": ("code", {"solution": True}, "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION"),
    "test": ("code", {"grade": True, "points": 3},
             "assert double(2) == 4\n### BEGIN HIDDEN TESTS\nassert double(-7) == -14, 'secret'\n### END HIDDEN TESTS"),
    "partial": ("code", {"grade": True, "points": 2}, "sum(double(x) == 2 * x for x in (1, 5)) / 2 * 2"),
    "essay": ("markdown", {"grade": True, "solution": True, "points": 4}, "Why?"),
}  # fmt: skip


def run(root: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours in a folder."""
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(
        command, cwd=root, env=environment(**more), capture_output=True, text=True, check=False, timeout=280
    )


def plain_notebook(cells: Mapping[str, tuple[str, Mapping[str, Any], str]] = PLAIN) -> dict[str, Any]:
    """Return an instructor's notebook."""
    made = []
    for name, (kind, about, source) in cells.items():
        nbgrader = {"grade_id": name, "schema_version": 3, "grade": False, "solution": False, "task": False,
                    "locked": not about.get("solution", False), **about}  # fmt: skip
        cell = {"cell_type": kind, "id": name, "metadata": {"nbgrader": nbgrader}, "source": source}
        made.append({**cell, "outputs": [], "execution_count": None} if kind == "code" else cell)
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


@dataclass(frozen=True)
class Root:
    """A course root of nbgrader."""

    folder: Path

    def copy(self, to: Path) -> Root:
        shutil.copytree(self.folder, to, symlinks=True)
        return Root(to)

    def generate(self, assignment: str) -> None:
        """Hand an assignment out, by nbgrader's own code, in this process: its import is most of its command."""
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(self.folder)
            patch.setenv("PATH", environment()["PATH"])
            app = NbGrader()
            app.initialize([])
            done = NbGraderAPI(app.coursedir, parent=app).generate_assignment(assignment, force=True)
        assert done["success"], done

    def released(self, assignment: str = NAME, notebook: str = "assignment") -> dict[str, Any]:
        return json.loads(
            (self.folder / "release" / assignment / f"{notebook}.ipynb").read_text(encoding="utf-8")
        )

    def submitted(self, student: str, assignment: str = NAME) -> Path:
        folder = self.folder / "submitted" / student / assignment
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def hand_in(
        self,
        student: str,
        answers: Mapping[str, str] = ALL_RIGHT,
        without: Iterable[str] = (),
        assignment: str = NAME,
        notebook: str = "assignment",
    ) -> Path:
        """Type answers into the released notebook and put it where nbgrader collects it."""
        filled = fill(self.released(assignment, notebook), student, answers, without)
        file = self.submitted(student, assignment) / f"{notebook}.ipynb"
        file.write_text(json.dumps(filled, ensure_ascii=False), encoding="utf-8")
        return file

    def grade(self, *options: str, assignment: str = NAME) -> Run:
        done = run(self.folder, "narrowcast", "grade", assignment, "--json", *options)
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return Run(done.returncode, events, done.stderr)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/gradebook.db"

    def marks(self, assignment: str = NAME, url: str = "") -> dict[str, dict[str, float | None]]:
        """Return the marks as nbgrader has them; None waits for a person."""
        with Gradebook(url or self.url, "narrowcast") as book:
            return {
                submission.student_id: {
                    grade.name: None if grade.needs_manual_grade else grade.score
                    for notebook in submission.notebooks
                    for grade in notebook.grades
                }
                for submission in book.assignment_submissions(assignment)
            }

    def graded(self, student: str, assignment: str = NAME, notebook: str = "assignment") -> dict[str, Any]:
        file = self.folder / "autograded" / student / assignment / f"{notebook}.ipynb"
        return json.loads(file.read_text(encoding="utf-8"))

    def shown(self, student: str, question: str, assignment: str = NAME) -> str:
        """Return what the check of a question shows."""
        [cell] = [
            cell
            for cell in self.graded(student, assignment)["cells"]
            if cell["metadata"].get("nbgrader", {}).get("grade_id") == question
        ]
        return "\n".join(
            "".join(output["data"]["text/plain"]) for output in cell["outputs"] if "data" in output
        )


@dataclass(frozen=True)
class Run:
    """What a run of `narrowcast grade --json` said."""

    code: int
    events: list[dict[str, Any]]
    complained: str

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["event"] == kind]

    @property
    def ends(self) -> dict[str, Any]:
        [end] = self.of("ends")
        return end

    @property
    def students(self) -> list[str]:
        return sorted(event["student"] for event in self.of("graded"))


def new_root(
    folder: Path, notebooks: Mapping[str, dict[str, Any]] | None = None, assignment: str = NAME
) -> Root:
    """Make a course root; with Assignment 1 as it stands, or with notebooks of its own."""
    folder.mkdir(parents=True)
    for name in ("nbgrader_config.py", "course.toml"):
        shutil.copy(REPOSITORY / "assignments" / name, folder / name)
    source = folder / "source" / assignment
    if notebooks is None:
        shutil.copytree(REPOSITORY / "assignments" / "source" / assignment, source)
        key = folder / NAME
        key.mkdir()
        for name in ("key.py", "plans.json"):
            shutil.copy(REPOSITORY / "assignments" / NAME / name, key / name)
    else:
        source.mkdir(parents=True)
        for name, notebook in notebooks.items():
            (source / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    root = Root(folder)
    root.generate(assignment)
    return root


def leftovers(root: Root) -> list[str]:
    """Return what a run has left lying about."""
    return [os.fspath(path) for path in (root.folder / "autograded").rglob(".*") if path.exists()]
