"""`narrowcast grade` on notebooks of any nbgrader course: asserts, hidden tests, partial credit, late work."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from desk_kit import PLAIN, Root, new_root, plain_notebook, run
from nbgrader.api import Gradebook

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(300)]

A = "ps1"
RIGHT = {"answer": "def double(x):\n    return x + x", "essay": "Because."}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Root:
    notebooks = {
        "one": plain_notebook(),
        "two": plain_notebook({"test": PLAIN["test"], "answer": PLAIN["answer"]}),
    }
    return new_root(tmp_path_factory.mktemp("plain") / "assignments", notebooks, A)


@pytest.fixture
def root(bare: Root, tmp_path: Path) -> Root:
    return bare.copy(tmp_path / "assignments")


def hand_in(root: Root, student: str, answers: dict[str, str] = RIGHT, notebook: str = "one", **more) -> Path:
    return root.hand_in(student, answers, assignment=A, notebook=notebook, **more)


def by_notebook(root: Root, student: str) -> dict[str, dict[str, float | None]]:
    with Gradebook(root.url, "narrowcast") as book:
        submission = book.find_submission(A, student)
        return {
            notebook.name: {g.name: None if g.needs_manual_grade else g.score for g in notebook.grades}
            for notebook in submission.notebooks
        }


def test_marks_are_nbgraders(root: Root) -> None:
    """Graded by nbgrader itself and by us, in two copies of one course."""
    submissions = {
        "right": RIGHT,
        "wrong": {"answer": "def double(x):\n    return x ** 2"},
        "open": {
            "answer": "def double(x):\n    return abs(2 * x)",
            "essay": "No idea.",
        },  # fails the hidden test
        "untouched": {},
        "warns": {"answer": "import warnings\ndef double(x):\n    warnings.warn('hm')\n    return 2 * x"},
        "quits": {"answer": "def double(x):\n    raise SystemExit"},
    }
    for student, answers in submissions.items():
        hand_in(root, student, answers)
        hand_in(root, student, {"answer": RIGHT["answer"]}, "two")
    stock = root.copy(root.folder.parent / "stock")
    done = run(stock.folder, "nbgrader", "autograde", A)
    assert done.returncode == 0, done.stderr
    assert root.grade(assignment=A).code == 0
    for student in submissions:
        assert by_notebook(root, student) == by_notebook(stock, student), student
    assert by_notebook(root, "open")["one"] == {"test": 0, "partial": 2, "essay": None}


def test_hidden_tests_never_enter_what_the_student_can_read(root: Root) -> None:
    spy = """\
import pathlib
print(*[path.read_text() for path in pathlib.Path('.').rglob('*') if path.is_file()])
double = lambda x: 2 * x"""
    hand_in(root, "ann", {"answer": spy})
    root.grade(assignment=A)
    answer = next(
        c for c in root.graded("ann", A, "one")["cells"] if c["metadata"]["nbgrader"]["grade_id"] == "answer"
    )
    assert "secret" not in json.dumps(answer["outputs"])


def test_a_missing_notebook_gets_nothing(root: Root) -> None:
    hand_in(root, "ann")
    [event] = root.grade(assignment=A).of("graded")
    assert by_notebook(root, "ann") == {"one": {"test": 3, "partial": 2, "essay": None}, "two": {"test": 0}}
    assert event["notebooks"]["two"]["repairs"][0]["kind"] == "not-handed-in"


def test_a_deleted_answer_gets_nothing_instead_of_waiting_for_ever(root: Root) -> None:
    hand_in(root, "ann", {"answer": RIGHT["answer"]}, without=["essay", "test"])
    root.grade(assignment=A)
    assert by_notebook(root, "ann")["one"] == {"test": 3, "partial": 2, "essay": 0}


def penalise(root: Root, due: datetime) -> None:
    config = root.folder / "nbgrader_config.py"
    config.write_text(
        config.read_text(encoding="utf-8") + "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    )
    with Gradebook(root.url, "narrowcast") as book:
        book.update_or_create_assignment(A, duedate=due)


def late(root: Root, student: str) -> tuple[float, float]:
    with Gradebook(root.url, "narrowcast") as book:
        found = book.find_submission(A, student)
        return found.total_seconds_late, found.late_submission_penalty or 0


def test_late_work_costs_what_the_configured_plugin_says(root: Root) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    penalise(root, now - timedelta(hours=2))
    for student, handed_in in (("early", now - timedelta(hours=3)), ("late", now - timedelta(hours=1))):
        hand_in(root, student)
        (root.submitted(student, A) / "timestamp.txt").write_text(f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC")
    root.grade(assignment=A)
    assert late(root, "early") == (0, 0)
    assert late(root, "late") == (pytest.approx(3_600, abs=1), 5)


def test_nobody_travels_in_time(root: Root) -> None:
    """A version that came after another was seen cannot have been handed in before it."""
    now = datetime.now(UTC).replace(tzinfo=None)
    penalise(root, now - timedelta(days=1))
    hand_in(root, "ann", {"answer": "double = None"})
    root.grade(assignment=A)
    hand_in(root, "ann")
    stamp = root.submitted("ann", A) / "timestamp.txt"
    stamp.write_text("2001-01-01 00:00:00.000000 UTC")
    root.grade(assignment=A)
    assert late(root, "ann")[0] > 86_000
    stamp.write_text("2999-01-01 00:00:00.000000 UTC")
    root.grade(assignment=A)
    assert late(root, "ann")[0] < 100_000, "nor after it was seen"


def test_files_that_come_along_are_there_and_the_instructors_win(root: Root) -> None:
    (root.folder / "source" / A / "data.csv").write_text("a\n1\n")
    hand_in(
        root,
        "ann",
        {"answer": "print(open('data.csv').read(), open('mine/own.txt').read())\ndouble = lambda x: 2 * x"},
    )
    folder = root.submitted("ann", A)
    (folder / "data.csv").write_text("a\nforged\n")
    (folder / "mine").mkdir()
    (folder / "mine" / "own.txt").write_text("my own")
    (folder / "away").symlink_to("/etc/passwd")
    root.grade(assignment=A)
    answer = next(
        c for c in root.graded("ann", A, "one")["cells"] if c["metadata"]["nbgrader"]["grade_id"] == "answer"
    )
    assert answer["outputs"][0]["text"].split() == ["a", "1", "my", "own"]
    target = root.folder / "autograded" / "ann" / A
    assert (target / "data.csv").read_text() == "a\n1\n"
    assert not (target / "away").exists()


def test_an_assignment_that_was_not_made_is_told(root: Root) -> None:
    done = root.grade(assignment="ps2")
    assert done.code == 2
    assert "nbgrader generate_assignment ps2" in done.complained
    assert "Traceback" not in done.complained


def test_a_source_that_is_not_what_was_handed_out_is_told(root: Root) -> None:
    hand_in(root, "ann")
    file = root.folder / "source" / A / "one.ipynb"
    file.write_text(file.read_text().replace('"points": 3', '"points": 30'))
    done = root.grade(assignment=A)
    assert done.code == 2
    assert "generate_assignment" in done.complained
