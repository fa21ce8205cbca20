"""Trouble of the machine is told apart from trouble of a student: it costs no mark, and the next run tries again."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from desk_kit import PLAIN, Root, new_root, plain_notebook

from narrowcast.errors import CourseError
from narrowcast.grade.book import Book
from narrowcast.grade.box import CellResult, Job, Result
from narrowcast.grade.desk import desk as desk_module
from narrowcast.grade.desk.assignment import Assignment
from narrowcast.grade.desk.course import Course
from narrowcast.grade.desk.desk import Desk, Graded, Left, Told
from narrowcast.grade.desk.handing import waiting_list
from narrowcast.grade.ledger import Ledger, ledger_path

pytestmark = [pytest.mark.nbgrader]

A = "ps1"
CLASS = [f"s{number:02d}" for number in range(8)]


class Obedient:
    """A runner that runs nothing: every cell ends well, but for those of students who have their own result."""

    def __init__(self, **problems: str) -> None:
        self.problems = problems

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        for job in jobs:
            problem = self.problems.get(job.student, "")
            if problem == "explodes":
                raise OSError(errno.ENOSPC, "No space left on device")
            cells = tuple(CellResult(cell.index, [], 0.01, "") for cell in job.cells)
            yield Result(job, () if problem else cells, (), problem, "no memory" if problem else "", 0.1)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Root:
    root = new_root(tmp_path_factory.mktemp("trouble") / "assignments", {"one": plain_notebook(PLAIN)}, A)
    for student in CLASS:
        root.hand_in(student, {"answer": "double = None"}, assignment=A, notebook="one")
    return root


@pytest.fixture
def root(bare: Root, tmp_path: Path) -> Root:
    return bare.copy(tmp_path / "assignments")


def over_the_desk(root: Root, runner: Obedient) -> list[Told]:
    course, told = Course.at(root.folder), list[Told]()
    with (
        Book(course.url, course.course_id, course.penalty()) as book,
        Ledger(ledger_path(course.root)) as ledger,
    ):
        assignment = Assignment.read(course, book, A)
        waiting = waiting_list(course, assignment, ledger.finished(A), "limits")
        desk = Desk(course, assignment, book, ledger, runner=runner, judges=None, places=4, tell=told.append)
        desk.grade(waiting)
    return told


def test_a_submission_that_the_machine_could_not_run_is_left_and_tried_again(root: Root) -> None:
    told = over_the_desk(root, Obedient(s03="machine", s05="sandbox"))
    assert {one.student for one in told if isinstance(one, Left)} == {"s03", "s05"}
    assert set(root.marks(A)) == set(CLASS) - {"s03", "s05"}
    again = over_the_desk(root, Obedient())
    assert [one.student for one in again] == ["s03", "s05"]
    assert all(isinstance(one, Graded) for one in again)
    assert set(root.marks(A)) == set(CLASS)


def test_a_full_disk_ends_the_run_and_keeps_what_is_finished(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, times = desk_module.put_in_place, iter(range(100))

    def full(target: Path) -> None:
        if next(times) == 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        put(target)

    monkeypatch.setattr(desk_module, "put_in_place", full)
    with pytest.raises(CourseError, match="what is finished stays"):
        over_the_desk(root, Obedient())
    monkeypatch.undo()
    with Ledger(ledger_path(root.folder)) as ledger:
        finished = {student for student, _notebook in ledger.finished(A)}
    assert len(finished) == 4
    again = {one.student for one in over_the_desk(root, Obedient())}
    assert again == set(CLASS) - finished
    assert len(set(map(str, root.marks(A).values()))) == 1, "all handed in the same"


def test_boxes_that_cannot_go_on_end_the_run_with_words(root: Root) -> None:
    with pytest.raises(CourseError, match="This machine cannot go on"):
        over_the_desk(root, Obedient(s02="explodes"))


def test_a_gradebook_that_breaks_midway_leaves_no_row_without_marks(
    root: Root, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, times = Book.write, iter(range(100))

    def breaks(self: Book, entry: object) -> None:
        if next(times) == 2:
            raise CourseError("The gradebook cannot be used.", "Wait.")
        write(self, entry)

    monkeypatch.setattr(Book, "write", breaks)
    with pytest.raises(CourseError):
        over_the_desk(root, Obedient())
    monkeypatch.undo()
    with Ledger(ledger_path(root.folder)) as ledger:
        assert {student for student, _notebook in ledger.finished(A)} == set(root.marks(A))


KEY = """
import os
from narrowcast.judge import Key

key = Key("ps1", world="hcmc-fashion")

@key.number("test", points=3)
def answer(world):
    "Four."
    if world.student == {student!r}:
        {trouble}
    return 4.0
"""


@pytest.mark.parametrize(
    ("trouble", "told"), [("os.kill(os.getpid(), 9)", "judge was ended"), ("1 / 0", "ZeroDivisionError")]
)
def test_a_judge_that_dies_or_a_key_that_fails_costs_one_student_only(
    tmp_path: Path, trouble: str, told: str
) -> None:
    cells = {
        "open": ("code", {}, "import narrowcast as nc\nnc.open_assignment('ps1')"),
        "test-answer": ("code", {"solution": True}, "### BEGIN SOLUTION\nx = 4\n### END SOLUTION"),
        "test": ("code", {"grade": True, "points": 3}, 'nc.check("test", x).mark()'),
    }
    folder = tmp_path / "assignments"
    root = new_root(folder, {"one": plain_notebook(cells)}, A)
    (folder / A).mkdir()
    (folder / A / "key.py").write_text(KEY.format(student="s03", trouble=trouble))
    question = {"kind": "number", "points": 3, "unit": "", "bet": False, "hints": []}
    public = json.dumps({"name": A, "worlds": ["hcmc-fashion"], "points": 3, "questions": {"test": question}})
    (folder / "source" / A / "questions.json").write_text(public)
    for student in CLASS[:5]:
        root.hand_in(student, {"test": "x = 4"}, assignment=A, notebook="one")
    run = root.grade("--workers", "1", assignment=A)
    assert run.code == 1
    [left] = run.of("left")
    assert left["student"] == "s03"
    assert told in left["why"]
    assert {student: marks["test"] for student, marks in root.marks(A).items()} == dict.fromkeys(
        ["s00", "s01", "s02", "s04"], 3.0
    )
