"""`narrowcast grade` on notebooks of any nbgrader course: asserts, hidden tests, partial credit, late work."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from classroom import environment
from desk_kit import PLAIN, Root, Run, new_root, plain_notebook, run
from nbgrader.api import Gradebook

import narrowcast.cli
from narrowcast.grade.desk.handing import handed_in
from narrowcast.grade.receipts import Receipt

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


BOTH = {
    "right": RIGHT,
    "wrong": {"answer": "def double(x):\n    return x ** 2"},
    "open": {"answer": "def double(x):\n    return abs(2 * x)", "essay": "No idea."},  # fails the hidden test
    "untouched": {},
    "warns": {"answer": "import warnings\ndef double(x):\n    warnings.warn('hm')\n    return 2 * x"},
    "quits": {"answer": "def double(x):\n    raise SystemExit"},
}
"""Students whom nbgrader itself grades as well."""

SPY = """\
import pathlib
print(*[path.read_text() for path in pathlib.Path('.').rglob('*') if path.is_file()])
double = lambda x: 2 * x"""
FILES = "print(open('data.csv').read(), open('mine/own.txt').read())\ndouble = lambda x: 2 * x"
QUIET = "get_ipython().showtraceback = lambda *given, **named: None\ndouble = None"


@pytest.fixture(scope="module")
def graded(bare: Root, tmp_path_factory: pytest.TempPathFactory) -> tuple[Root, Root, Run]:
    """A class graded by us, a part of it graded by nbgrader itself, and what our run said."""
    root = bare.copy(tmp_path_factory.mktemp("graded") / "assignments")
    (root.folder / "source" / A / "data.csv").write_text("a\n1\n")
    now = datetime.now(UTC).replace(tzinfo=None)
    penalise(root, now - timedelta(hours=2))
    for student, answers in BOTH.items():
        hand_in(root, student, answers)
    stock = root.copy(root.folder.parent / "stock")
    done = run(stock.folder, "nbgrader", "autograde", A)
    assert done.returncode == 0, done.stderr
    hand_in(root, "spy", {"answer": SPY})
    hand_in(root, "quiet", {"answer": QUIET})
    hand_in(root, "deleted", {"answer": RIGHT["answer"]}, without=["essay", "test"])
    for student, when in (("early", now - timedelta(hours=3)), ("late", now - timedelta(hours=1))):
        hand_in(root, student)
        (root.submitted(student, A) / "timestamp.txt").write_text(f"{when:%Y-%m-%d %H:%M:%S.%f} UTC")
    hand_in(root, "files", {"answer": FILES})
    folder = root.submitted("files", A)
    (folder / "data.csv").write_text("a\nforged\n")
    (folder / "mine").mkdir()
    (folder / "mine" / "own.txt").write_text("my own")
    (folder / "away").symlink_to("/etc/passwd")
    named = hand_in(root, "named")
    named.rename(named.with_name("one.ipynb.txt"))  # as browsers save it
    cut = hand_in(root, "cut")
    cut.with_name("one (1).ipynb").write_bytes(cut.read_bytes()[: cut.stat().st_size // 2])
    cut.unlink()
    folder = hand_in(root, "folder")
    folder.unlink()
    folder.mkdir()
    (folder / "inside.txt").write_text("what is this?")
    return root, stock, root.grade(assignment=A)


def test_marks_are_nbgraders(graded: tuple[Root, Root, Run]) -> None:
    root, stock, done = graded
    assert done.code == 0, done.complained
    for student in BOTH:
        assert by_notebook(root, student)["one"] == by_notebook(stock, student)["one"], student
    assert by_notebook(root, "open")["one"] == {"test": 0, "partial": 2, "essay": None}


def answered(root: Root, student: str) -> dict[str, object]:
    cells = root.graded(student, A, "one")["cells"]
    return next(cell for cell in cells if cell["metadata"]["nbgrader"]["grade_id"] == "answer")


def test_hidden_tests_never_enter_what_the_student_can_read(graded: tuple[Root, Root, Run]) -> None:
    assert "secret" not in json.dumps(answered(graded[0], "spy")["outputs"])


def test_who_turns_off_what_is_shown_of_an_error_gains_nothing(graded: tuple[Root, Root, Run]) -> None:
    assert by_notebook(graded[0], "quiet")["one"] == {"test": 0, "partial": 0, "essay": 0}


def test_a_missing_notebook_gets_nothing(graded: tuple[Root, Root, Run]) -> None:
    root, _stock, done = graded
    assert by_notebook(root, "right")["two"] == {"test": 0}
    [event] = [event for event in done.of("graded") if event["student"] == "right"]
    assert event["notebooks"]["two"]["repairs"][0]["kind"] == "not-handed-in"


def test_a_deleted_answer_gets_nothing_instead_of_waiting_for_ever(graded: tuple[Root, Root, Run]) -> None:
    marks = {"one": {"test": 3, "partial": 2, "essay": 0}, "two": {"test": 0}}
    assert by_notebook(graded[0], "deleted") == marks


def test_a_notebook_under_another_name_is_found(graded: tuple[Root, Root, Run]) -> None:
    root, _stock, done = graded
    assert by_notebook(root, "named")["one"] == {"test": 3, "partial": 2, "essay": None}
    [cut] = [event for event in done.of("graded") if event["student"] == "cut"]
    assert cut["notebooks"]["one"]["quarantined"]
    assert None in by_notebook(root, "cut")["one"].values(), "a person looks at what could not be read"


def test_a_folder_in_the_place_of_a_notebook_holds_nobody_up(graded: tuple[Root, Root, Run]) -> None:
    root, _stock, done = graded
    assert set(done.students) == {
        *BOTH,
        "spy",
        "quiet",
        "deleted",
        "early",
        "late",
        "files",
        "named",
        "cut",
        "folder",
    }
    assert not (root.folder / "autograded" / "folder" / A / "one.ipynb" / "inside.txt").exists()


def test_another_gradebook_gets_its_marks_too(graded: tuple[Root, Root, Run], tmp_path: Path) -> None:
    """What is finished in one gradebook is not finished in a new one."""
    root = graded[0].copy(tmp_path / "assignments")
    before = root.marks(A)
    for student in set(before) - {"right", "wrong"}:
        shutil.rmtree(root.folder / "submitted" / student)
    (root.folder / "gradebook.db").unlink()
    root.generate(A)
    assert root.grade(assignment=A).students == ["right", "wrong"]
    assert root.marks(A) == {student: before[student] for student in ("right", "wrong")}


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


def test_late_work_costs_what_the_configured_plugin_says(graded: tuple[Root, Root, Run]) -> None:
    assert late(graded[0], "early") == (0, 0)
    assert late(graded[0], "late") == (pytest.approx(3_600, abs=1), 5)


def receipt(claimed: str, received: datetime) -> Receipt:
    return Receipt(assignment=A, student="ann", hash=claimed, received=received, claimed=claimed)


def test_nobody_travels_in_time() -> None:
    """A version that came after another was seen cannot have been handed in before it, nor after it was seen."""
    first, second = datetime(2026, 3, 1), datetime(2026, 3, 5)
    earlier = receipt("2026-02-27 00:00:00.000000 UTC", first)
    assert handed_in([]) is None
    assert handed_in([earlier]) == datetime(2026, 2, 27)
    for claimed, believed in (
        ("2001-01-01 00:00:00.000000 UTC", first), ("2999-01-01 00:00:00.000000 UTC", second),
        ("2026-03-03 00:00:00.000000 UTC", datetime(2026, 3, 3)), ("", first), ("yesterday", first),
    ):  # fmt: skip
        assert handed_in([earlier, receipt(claimed, second)]) == believed, claimed


def test_files_that_come_along_are_there_and_the_instructors_win(graded: tuple[Root, Root, Run]) -> None:
    root = graded[0]
    assert answered(root, "files")["outputs"][0]["text"].split() == ["a", "1", "my", "own"]
    target = root.folder / "autograded" / "files" / A
    assert (target / "data.csv").read_text() == "a\n1\n"
    assert not (target / "away").exists()


@pytest.mark.parametrize("trouble", ["not made", "other points", "other language"])
def test_what_cannot_be_graded_is_told(root: Root, trouble: str, capfd: pytest.CaptureFixture[str]) -> None:
    hand_in(root, "ann")
    file = root.folder / "source" / A / "one.ipynb"
    if trouble == "other points":
        file.write_text(file.read_text().replace('"points": 3', '"points": 30'))
    if trouble == "other language":
        file.write_text(file.read_text().replace('"language": "python"', '"language": "R"'))
    name = "ps2" if trouble == "not made" else A
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", environment()["PATH"])
        assert narrowcast.cli.run(["grade", name, "--course", str(root.folder)]) == 2
    said = capfd.readouterr().err
    wanted = {"not made": "nbgrader generate_assignment ps2", "other points": "generate_assignment",
              "other language": "is for R"}  # fmt: skip
    assert wanted[trouble] in said
    assert "Traceback" not in said
