"""The one line of configuration: unmodified `nbgrader autograde`, with the students' code in a box."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from narrowcast.errors import CourseError
from narrowcast.grade.box import CellResult
from narrowcast.grade.converter import SandboxExecute, _outputs

CONFIG = """
from narrowcast.grade.converter import AUTOGRADE_PREPROCESSORS

c = get_config()
c.Autograde.autograde_preprocessors = AUTOGRADE_PREPROCESSORS
"""
ANSWERS = {
    "right": "def double(x):\n    return 2 * x",
    "wrong": "def double(x):\n    return 3 * x",
    "curious": "import os\nfound = [name for name in ({paths}) if os.path.exists(name)]\nprint('found', found)",
    "silent": "get_ipython()._showtraceback = lambda *a: None\nget_ipython().showtraceback = lambda *a, **k: None",
}


def cells(answer: str) -> NotebookNode:
    about = {"schema_version": 3, "grade": False, "solution": True, "locked": False, "task": False}
    check = about | {"grade": True, "solution": False, "locked": True, "points": 2, "grade_id": "q1"}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(
        cells=[
            new_code_cell(answer, metadata={"nbgrader": about | {"grade_id": "q1-answer"}}),
            new_code_cell("assert double(4) == 8", metadata={"nbgrader": check}),
        ],
        metadata={"kernelspec": kernel},
    )


def nbgrader(course: Path, *arguments: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    path = sysconfig.get_path("scripts") + os.pathsep + kept["PATH"]
    ran = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments], cwd=course, capture_output=True, text=True, timeout=200,
        env={**kept, "PATH": path, "JUPYTER_CONFIG_DIR": str(course / ".jupyter")}, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@pytest.mark.nbgrader
def test_nbgraders_own_command_grades_in_a_box(tmp_path: Path) -> None:
    if not shutil.which("bwrap"):
        pytest.skip("no bubblewrap here: sudo apt-get install bubblewrap")
    course = tmp_path / "course"
    (course / "source" / "a").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG)
    (course / "source" / "a" / "one.ipynb").write_text(
        json.dumps(cells("### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION"))
    )
    nbgrader(course, "generate_assignment", "a")
    paths = ", ".join(repr(str(course / name)) for name in ("gradebook.db", "source", "submitted"))
    for student, answer in ANSWERS.items():
        folder = course / "submitted" / student / "a"
        folder.mkdir(parents=True)
        (folder / "one.ipynb").write_text(json.dumps(cells(answer.replace("{paths}", paths))))
    nbgrader(course, "autograde", "a")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        marks = {one.student_id: one.score for one in book.assignment_submissions("a")}
    assert marks == {"right": 2.0, "wrong": 0.0, "curious": 0.0, "silent": 0.0}
    graded = json.loads((course / "autograded" / "curious" / "a" / "one.ipynb").read_text())
    assert "".join(graded["cells"][0]["outputs"][0]["text"]) == "found []\n"


def test_another_language_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "kernels" / "letters").mkdir(parents=True)
    spec = {"argv": ["true"], "display_name": "Letters", "language": "R"}
    (tmp_path / "kernels" / "letters" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    notebook = new_notebook(metadata={"kernelspec": {"name": "letters", "display_name": "Letters"}})
    with pytest.raises(CourseError, match="for R; the sandbox runs Python"):
        SandboxExecute().preprocess(notebook, {})


@pytest.mark.parametrize("problem", ["error", "timeout", "died", "memory", "skipped"])
def test_a_cell_that_failed_always_shows_it(problem: str) -> None:
    printed = {"output_type": "stream", "name": "stdout", "text": "all is well"}
    outputs = _outputs(CellResult(0, [printed], 0.1, problem))
    assert outputs[0] == printed
    assert outputs[-1]["output_type"] == "error"
    assert _outputs(CellResult(0, outputs, 0.1, problem)) == outputs
    assert _outputs(CellResult(0, [printed], 0.1, "")) == [printed]
