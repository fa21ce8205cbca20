"""The gradebook's writer, on nbgrader's own gradebook."""

from __future__ import annotations

import os
import shutil
import sysconfig
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from narrowcast.errors import CourseError
from narrowcast.grade.book import Book, Entry, timestamp_of

DUE = datetime(2026, 3, 1, 12)


@pytest.fixture
def url(gradebook: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(gradebook, tmp_path)}"


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A gradebook, made once: making one takes nbgrader a second and more."""
    file = tmp_path_factory.mktemp("book") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", sysconfig.get_path("scripts"), prepend=os.pathsep)
        _fill(f"sqlite:///{file}")
        yield file


def _fill(address: str) -> None:
    with Gradebook(address, "course") as book:
        book.add_assignment("a", duedate=DUE)
        for notebook in ("one", "two"):
            book.add_notebook(notebook, "a")
            book.add_grade_cell("q1", notebook, "a", max_score=2, cell_type="code")
            book.add_grade_cell("q2", notebook, "a", max_score=3, cell_type="markdown")
            book.add_solution_cell("q2", notebook, "a")
            book.add_source_cell("q1", notebook, "a", source="assert hidden", cell_type="code")


def entry(**changed: object) -> Entry:
    fields = {
        "assignment": "a",
        "student": "s001",
        "timestamp": None,
        "marks": {"one": {"q1": 1.5, "q2": None}},
    }
    return Entry(**{**fields, **changed})


def test_sheets_are_the_gradebooks(url: str) -> None:
    with Book(url, "course") as book:
        sheet = book.sheets("a")["one"]
    assert sheet.points == {"q1": 2.0, "q2": 3.0}
    assert sheet.texts == {"q1": "assert hidden"}


def test_an_unknown_assignment_is_told(url: str) -> None:
    with Book(url, "course") as book, pytest.raises(CourseError, match="nbgrader generate_assignment b"):
        book.sheets("b")


def test_marks_go_in_and_a_missing_notebook_gets_nothing(url: str) -> None:
    with Book(url, "course") as book:
        book.write(entry())
        assert book.marks("a")["s001"] == {"one": {"q1": 1.5, "q2": None}, "two": {"q1": 0.0, "q2": 0.0}}
        book.write(entry(marks={"one": {"q1": 2.0, "q2": 0.0}, "two": {"q1": 1.0, "q2": None}}))
        assert book.marks("a")["s001"] == {"one": {"q1": 2.0, "q2": 0.0}, "two": {"q1": 1.0, "q2": None}}


def test_manual_marks_and_comments_survive(url: str) -> None:
    with Book(url, "course") as book:
        book.write(entry(untouched={"one": ("q2",)}))
    with Gradebook(url, "course") as gradebook:
        grade = gradebook.find_grade("q2", "one", "a", "s001")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.5, 0.5, False
        comment = gradebook.find_comment("q2", "one", "a", "s001")
        assert comment.auto_comment == "No response."
        comment.manual_comment = "well said"
        gradebook.db.commit()
    with Book(url, "course") as book:
        book.write(entry(marks={"one": {"q1": 0.0, "q2": None}}))
    with Gradebook(url, "course") as gradebook:
        grade = gradebook.find_grade("q2", "one", "a", "s001")
        assert (grade.manual_score, grade.score, grade.needs_manual_grade) == (
            2.5,
            3.0,
            True,
        )  # to be confirmed
        comment = gradebook.find_comment("q2", "one", "a", "s001")
        assert (comment.auto_comment, comment.comment) == (None, "well said")


@pytest.mark.parametrize(("asked", "cost"), [(0.5, 0.5), (99.0, 1.5), (-1.0, 0.0), (None, 0.0)])
def test_late_work_costs_what_the_plugin_says_within_bounds(
    url: str, asked: float | None, cost: float
) -> None:
    seen = []

    def penalty(student: str, score: float, seconds: float) -> float | None:
        seen.append((student, score, seconds))
        return asked if score else 0.0

    with Book(url, "course", penalty) as book:
        book.write(entry(timestamp=DUE + timedelta(hours=1)))
        assert ("s001", 1.5, 3600.0) in seen
    with Gradebook(url, "course") as gradebook:
        submission = gradebook.find_submission("a", "s001")
        assert (submission.score, submission.late_submission_penalty) == (1.5, cost)
        assert submission.timestamp == DUE + timedelta(hours=1)
    with Book(url, "course", penalty) as book:
        book.write(entry(timestamp=DUE))
    with Gradebook(url, "course") as gradebook:
        assert not gradebook.find_submission("a", "s001").late_submission_penalty


def test_a_writing_that_fails_leaves_nothing_behind(url: str) -> None:
    def broken(_student: str, _score: float, _seconds: float) -> float:
        raise ZeroDivisionError

    with Book(url, "course") as book:
        book.write(entry(marks={"one": {"q1": 1.0, "q2": None}}))
    with Book(url, "course", broken) as book, pytest.raises(ZeroDivisionError):
        book.write(entry(marks={"one": {"q1": 2.0, "q2": 0.0}}, timestamp=DUE + timedelta(days=1)))
    with Book(url, "course") as book:
        assert book.marks("a")["s001"]["one"] == {"q1": 1.0, "q2": None}
    with Book(url, "course", broken) as book:
        with pytest.raises(ZeroDivisionError):
            book.write(entry(student="s099", timestamp=DUE + timedelta(days=1)))
        assert "s099" not in book.graded("a")
        book.write(entry(student="s098"))  # the next one is written all the same
    with Gradebook(url, "course") as gradebook:
        assert "s099" not in {student.id for student in gradebook.students}
    with Book(url, "course") as book:
        assert book.graded("a") == {"s001", "s098"}


def test_a_gradebook_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match="cannot be used"):
        Book(f"sqlite:///{tmp_path}/no/such/folder/gradebook.db")


@pytest.mark.parametrize("text", ["", " ", "yesterday-ish?", "\x00", "9" * 400, "2026-13-45"])
def test_a_time_that_is_none(text: str) -> None:
    assert timestamp_of(text) is None


def test_a_time() -> None:
    assert timestamp_of("2026-03-01 12:00:00.000000 UTC\n") == DUE
    assert timestamp_of("2026-03-01T19:00:00+07:00") == DUE
