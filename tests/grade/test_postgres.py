"""A gradebook on PostgreSQL: nbgrader's own, our writer, and a class graded into it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import postgres
import pytest
from classroom import environment
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook

from narrowcast.errors import CourseError
from narrowcast.grade.book import Book, Entry

DUE = datetime(2026, 3, 1, 12)


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Server]:
    with postgres.server() as running:
        yield running


@pytest.fixture(scope="module")
def model(server: postgres.Server) -> str:
    """The name of a gradebook with an assignment of one notebook: a check cell, and a text for a person to mark."""
    name = server.new_database()
    with pytest.MonkeyPatch.context() as patch:  # nbgrader calls alembic by name
        patch.setenv("PATH", sysconfig.get_path("scripts") + os.pathsep + os.environ["PATH"])
        with Gradebook(server.address(name), "course") as book:
            book.add_assignment("a", duedate=DUE)
            book.add_notebook("one", "a")
            book.add_grade_cell("q1", "one", "a", max_score=2, cell_type="code")
            book.add_grade_cell("q2", "one", "a", max_score=3, cell_type="markdown")
            book.add_solution_cell("q2", "one", "a")
    return name


@pytest.fixture
def filled(server: postgres.Server, model: str) -> str:
    return server.address(server.new_database(like=model))


def entry(student: str, mark: float | None) -> Entry:
    return Entry("a", student, DUE + timedelta(hours=1), {"one": {"q1": mark, "q2": None}})


def test_nbgraders_own_gradebook(filled: str) -> None:
    with Gradebook(filled, "course") as book:
        book.add_student("nguyễn", first_name="Thị Ánh", last_name="Nguyễn")
        book.add_submission("a", "nguyễn", timestamp=DUE)
        grade = book.find_grade("q1", "one", "a", "nguyễn")
        grade.auto_score = 1.5
        book.db.commit()
    with Gradebook(filled, "course") as again:
        assert again.find_student("nguyễn").first_name == "Thị Ánh"
        submission = again.find_submission("a", "nguyễn")
        assert (submission.score, submission.max_score, submission.timestamp) == (1.5, 5.0, DUE)
        assert again.average_assignment_score("a") == 1.5


def test_our_writer(filled: str) -> None:
    with Book(filled, "course", lambda _student, score, _late: score / 2) as book:
        assert book.sheets("a")["one"].points == {"q1": 2.0, "q2": 3.0}
        book.write(entry("s001", 1.5))
        assert book.marks("a") == {"s001": {"one": {"q1": 1.5, "q2": None}}}
    with Gradebook(filled, "course") as gradebook:
        assert gradebook.find_submission("a", "s001").late_submission_penalty == 0.75
        grade = gradebook.find_grade("q2", "one", "a", "s001")
        grade.manual_score, grade.needs_manual_grade = 2.5, False
        gradebook.db.commit()
    with Book(filled, "course") as book:
        book.write(entry("s001", 0.5))
    with Gradebook(filled, "course") as gradebook:
        assert gradebook.find_submission("a", "s001").score == 3.0  # a person's 2.5 stayed


def test_a_writing_that_fails_leaves_nothing_behind(filled: str) -> None:
    def broken(_student: str, _score: float, _seconds: float) -> float:
        raise ZeroDivisionError

    with Book(filled, "course") as book:
        book.write(entry("s001", 1.0))
    with Book(filled, "course", broken) as book:
        with pytest.raises(ZeroDivisionError):
            book.write(entry("s001", 2.0))
        assert book.marks("a") == {"s001": {"one": {"q1": 1.0, "q2": None}}}


def test_several_write_at_once(filled: str) -> None:
    students = [f"s{number:03d}" for number in range(24)]
    failed: list[BaseException] = []

    def write(some: list[str]) -> None:
        try:
            with Book(filled, "course") as book:
                for student in some:
                    book.write(entry(student, 1.0))
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=write, args=(students[first::4],)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    with Book(filled, "course") as book:
        assert {student: one["one"]["q1"] for student, one in book.marks("a").items()} == dict.fromkeys(
            students, 1.0
        )


def test_a_server_that_is_gone_is_told(server: postgres.Server) -> None:
    with pytest.raises(CourseError, match="cannot be used"):
        Book(server.address("gone"), "course")


def notebook(answer: str) -> str:
    """Return an assert-style notebook as nbgrader has it."""
    about = {
        "schema_version": 3,
        "points": 0,
        "grade": False,
        "solution": True,
        "locked": False,
        "task": False,
    }
    check = about | {"grade": True, "solution": False, "locked": True, "points": 2, "grade_id": "q1"}
    cells = [
        new_code_cell(answer, metadata={"nbgrader": about | {"grade_id": "q1-answer"}}),
        new_code_cell("assert double(4) == 8", metadata={"nbgrader": check}),
    ]
    for cell in cells:
        if not cell.metadata.nbgrader.grade:
            del cell.metadata.nbgrader["points"]
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(new_notebook(cells=cells, metadata={"kernelspec": kernel}))


@pytest.mark.nbgrader
def test_a_class_is_graded_into_it(server: postgres.Server, tmp_path: Path) -> None:
    url = server.address(server.new_database())
    course = tmp_path / "course"
    (course / "source" / "a").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'course'\n")
    solution = "### BEGIN SOLUTION\ndef double(x):\n    return 2 * x\n### END SOLUTION"
    (course / "source" / "a" / "one.ipynb").write_text(notebook(solution))
    command(course, "nbgrader", "generate_assignment", "a", "--db", url)
    for student, factor in (("right", 2), ("wrong", 3)):
        folder = course / "submitted" / student / "a"
        folder.mkdir(parents=True)
        (folder / "one.ipynb").write_text(notebook(f"def double(x):\n    return {factor} * x"))
    command(course, "narrowcast", "grade", "a", "--course", str(course), "--workers", "1", "--db", url)
    assert not (course / "gradebook.db").exists()
    with Book(url, "course") as book:
        marks = {student: one["one"]["q1"] for student, one in book.marks("a").items()}
    assert marks == {"right": 2.0, "wrong": 0.0}


def command(folder: Path, module: str, *arguments: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", module, *arguments], cwd=folder, capture_output=True, text=True, timeout=200,
        env=environment(JUPYTER_CONFIG_DIR=str(folder / ".jupyter")), check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr
