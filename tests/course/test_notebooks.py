"""Lessons and solved assignments run from start to end, in both languages."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "course").glob("*/lesson*.ipynb"))
ASSIGNMENTS = sorted((ROOT / "assignments" / "source").glob("*/assignment.ipynb"))


def run(path: Path) -> nbformat.NotebookNode:
    notebook = nbformat.read(path, as_version=4)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    return [output for cell in notebook.cells for output in cell.get("outputs", [])]


def shown(notebook: nbformat.NotebookNode) -> str:
    texts = [output.get("text", "") for output in outputs(notebook)]
    texts += [output.get("data", {}).get("text/plain", "") for output in outputs(notebook)]
    return "\n".join(texts)


def test_there_are_notebooks_in_both_languages():
    assert {path.name for path in LESSONS} == {"lesson.ipynb", "lesson.vi.ipynb"}
    assert {path.parent.name for path in ASSIGNMENTS} == {"01-rules-flipped", "01-rules-flipped-vi"}


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.name)
def test_a_lesson_runs_and_says_what_is_not_answered_yet(path):
    notebook = run(path)
    assert not [output for output in outputs(notebook) if output.output_type == "error"]
    assert not [output for output in outputs(notebook) if output.get("name") == "stderr"]
    waiting = "Chưa có câu trả lời" if path.name.endswith(".vi.ipynb") else "No answer yet"
    assert waiting in shown(notebook)


@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda path: path.parent.name)
def test_a_solved_assignment_gets_every_automatic_point(path):
    notebook = run(path)
    assert not [output for output in outputs(notebook) if output.get("name") == "stderr"]
    marks = {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and about.get("grade"):
            results = [output for output in cell.outputs if output.output_type == "execute_result"]
            marks[about["grade_id"]] = (float(results[-1]["data"]["text/plain"]), about["points"])
    assert set(marks) == {"q1", "q2", "q3", "q4", "q5"}
    for question, (mark, points) in marks.items():
        assert mark >= 0.95 * points if question == "q5" else mark == points, (question, mark)
    assert sum(points for _mark, points in marks.values()) == 16
