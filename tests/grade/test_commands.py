"""The same loop with nbgrader's own commands, on the account of whoever runs the tests."""

from __future__ import annotations

import getpass
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import NAME, REPOSITORY, environment

from narrowcast.grade.folder import make_folder
from narrowcast.grade.submission import fill
from narrowcast.judge.loading import load_module

ANSWERS = load_module(REPOSITORY / "assignments" / NAME / "answers.py", "")
ALL_RIGHT = {**ANSWERS.RIGHT, "q6": ANSWERS.ESSAY}

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(600)]


def nbgrader(folder: Path, *arguments: str) -> str:
    """Run a command of nbgrader as a person does, and return what it said."""
    settings = environment(JUPYTER_CONFIG_DIR=str(folder / ".jupyter"))
    command = [sys.executable, "-m", "nbgrader", *arguments]
    ran = subprocess.run(
        command, cwd=folder, env=settings, capture_output=True, text=True, timeout=200, check=False
    )
    said = ran.stdout + ran.stderr
    assert ran.returncode == 0, f"nbgrader {' '.join(arguments)}\n{said}"
    return said


def type_in(file: Path, answers: dict[str, str]) -> None:
    filled = fill(json.loads(file.read_text(encoding="utf-8")), "s001", answers)
    file.write_text(json.dumps(filled), encoding="utf-8")


def check_validate(folder: Path) -> None:
    """Validate the released notebook where no key is in reach, untouched and solved."""
    notebook = str(folder / "assignment.ipynb")
    assert "VALIDATION FAILED ON 5 CELL(S)!" in nbgrader(folder, "validate", notebook)
    type_in(folder / "assignment.ipynb", ALL_RIGHT)
    assert "Success! Your notebook passes all the tests." in nbgrader(folder, "validate", notebook)


def test_from_release_to_export(tmp_path):
    made = make_folder(REPOSITORY, tmp_path / "class", NAME)
    course, me = made.assignments, getpass.getuser()
    nbgrader(course, "generate_assignment", NAME)
    nbgrader(course, "release_assignment", NAME)

    nbgrader(course, "fetch_assignment", NAME)
    mine = made.root / "my-work" / NAME / "assignment.ipynb"
    check_validate(shutil.copytree(mine.parent, tmp_path / "a machine of one's own"))
    type_in(mine, ALL_RIGHT)
    nbgrader(course, "submit", NAME)

    assert f"Collecting submission: {me} {NAME}" in nbgrader(course, "collect", NAME)
    nbgrader(course, "autograde", NAME)
    nbgrader(course, "generate_feedback", NAME)
    nbgrader(course, "release_feedback", NAME)
    nbgrader(course, "fetch_feedback", NAME)
    (page,) = mine.parent.glob("feedback/*/assignment.html")
    assert "q4: Right" in page.read_text(encoding="utf-8")
    nbgrader(course, "export", "--to", str(tmp_path / "marks.csv"))
    (_head, row) = (tmp_path / "marks.csv").read_text(encoding="utf-8").splitlines()
    assert row.split(",")[3] == me
    assert 15.4 <= float(row.split(",")[-2]) <= 16  # q6 waits for a person
    assert row.endswith(",20.0")
