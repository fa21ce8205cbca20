"""What is built goes through stock nbgrader unchanged."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from narrowcast.author.build import build

pytestmark = pytest.mark.nbgrader


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    beside = Path(sys.executable).parent  # alembic has to be found there
    environment = os.environ | {"PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", "HOME": str(course)}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command, cwd=course, env=environment, capture_output=True, text=True, timeout=200, check=False
    )


@pytest.fixture
def course(bilingual: Path) -> Path:
    build(bilingual)
    folder = bilingual / "assignments"
    (folder / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'small'\n")
    return folder


@pytest.mark.parametrize("name", ["01-small", "01-small-vi"])
def test_the_released_notebook_is_made_without_complaint(course: Path, name: str) -> None:
    ran = nbgrader(course, "generate_assignment", name)
    assert ran.returncode == 0, ran.stderr
    assert not [line for line in ran.stderr.split("\n") if "WARNING" in line or "ERROR" in line], ran.stderr
    released = nbformat.read(course / "release" / name / "assignment.ipynb", as_version=4)
    nbformat.validate(released)
    text = "\n".join(cell.source for cell in released.cells)
    assert "0.5" not in text
    assert "It depends" not in text
    assert 'nc.check("q1", rate).mark()' in text
    assert {file.name for file in (course / "release" / name).iterdir()} == {
        "assignment.ipynb",
        "questions.json",
    }
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        cells = gradebook.find_assignment(name).notebooks[0].grade_cells
        assert {cell.name: (cell.max_score, cell.cell_type) for cell in cells} == {
            "q1": (2, "code"), "q2": (4, "markdown")}  # fmt: skip
