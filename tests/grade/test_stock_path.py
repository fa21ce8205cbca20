"""The same notebooks under nbgrader's own autograde and under ours: an honest student gets the same marks."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from classroom import NAME, REPOSITORY, environment

from narrowcast.grade.book import Book
from narrowcast.grade.folder import make_folder
from narrowcast.grade.story import Story, stories
from narrowcast.grade.submission import fill

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(600)]

CLASS = ("s001", "s002", "s003")
"""All right; all right in NumPy's types; with mistakes that have names."""

Marks = dict[str, dict[str, float | None]]


def run(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=folder, capture_output=True, text=True, timeout=400, check=False,
        env=environment(JUPYTER_CONFIG_DIR=str(folder / ".jupyter")),
    )  # fmt: skip
    assert ran.returncode == 0, f"{' '.join(arguments)}\n{ran.stdout}{ran.stderr}"
    return ran.stdout


def marks(course: Path) -> Marks:
    with Book(f"sqlite:///{course / 'gradebook.db'}", "narrowcast") as book:
        return {student: sheets["assignment"] for student, sheets in book.marks(NAME).items()}


@pytest.fixture(scope="module")
def told() -> dict[str, Story]:
    return dict(zip(CLASS, stories(REPOSITORY / "assignments" / NAME, CLASS, "narrowcast"), strict=True))


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory, told: dict[str, Story]) -> Path:
    """A course whose three students have handed in, and nobody has graded."""
    course = make_folder(REPOSITORY, tmp_path_factory.mktemp("stock") / "class", NAME).assignments
    run(course, "nbgrader", "generate_assignment", NAME)
    released = json.loads((course / "release" / NAME / "assignment.ipynb").read_text(encoding="utf-8"))
    for student, story in told.items():
        folder = course / "submitted" / student / NAME
        shutil.copytree(course / "release" / NAME, folder)
        written = fill(released, student, story.answers, story.without)
        (folder / "assignment.ipynb").write_text(json.dumps(written), encoding="utf-8")
    return course


@pytest.fixture(scope="module")
def by_stock(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("by-nbgrader") / "class" / "assignments"
    shutil.copytree(handed_in.parent, course.parent)
    run(course, "nbgrader", "autograde", NAME)
    return course


@pytest.fixture(scope="module")
def by_us(handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("by-us") / "class" / "assignments"
    shutil.copytree(handed_in.parent, course.parent)
    run(course, "narrowcast", "grade", NAME, "--workers", "1")
    return course


def test_the_same_marks(by_stock: Path, by_us: Path, told: dict[str, Story]) -> None:
    ours, stock = marks(by_us), marks(by_stock)
    assert sorted(ours) == sorted(stock) == sorted(CLASS)
    for student, story in told.items():
        assert ours[student] == stock[student], student
        for question, points in story.points.items():
            assert ours[student][question] == points, (student, question)
        low, high = story.between
        assert low <= ours[student]["q5"] <= high, student


def test_the_same_words(by_stock: Path, by_us: Path) -> None:
    for student in CLASS:
        assert shown(by_us, student) == shown(by_stock, student), student


def shown(course: Path, student: str) -> dict[str, str]:
    """Return what the check cells of a graded notebook say."""
    file = course / "autograded" / student / NAME / "assignment.ipynb"
    notebook = json.loads(file.read_text(encoding="utf-8"))
    return {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(output["data"]["text/plain"])
        for cell in notebook["cells"]
        if cell["cell_type"] == "code" and cell["metadata"].get("nbgrader", {}).get("grade")
        for output in cell["outputs"]
        if output["output_type"] == "display_data"
    }


def copied(course: Path, folder: Path) -> Path:
    shutil.copytree(course.parent, folder)
    return folder / "assignments"


def test_nbgrader_goes_on_from_ours(by_us: Path, tmp_path: Path) -> None:
    """The commands that come after grading find what they need, and a second autograde nothing to do."""
    course = copied(by_us, tmp_path / "class")
    before = marks(course)
    run(course, "nbgrader", "autograde", NAME)
    assert marks(course) == before
    run(course, "nbgrader", "generate_feedback", NAME)
    for student in CLASS:
        assert (course / "feedback" / student / NAME / "assignment.html").stat().st_size > 1_000
    run(course, "nbgrader", "export", "--to", str(tmp_path / "marks.csv"))
    assert len((tmp_path / "marks.csv").read_text(encoding="utf-8").splitlines()) == 1 + len(CLASS)
