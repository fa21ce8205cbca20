"""`narrowcast grade` on Assignment 1: honest students' marks, reasons, and what a second run does."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from classroom import NAME, environment
from desk_kit import ALL_RIGHT, Root, leftovers, new_root
from nbgrader.api import Gradebook

from narrowcast.grade.ledger import Ledger, ledger_path
from narrowcast.grade.stories import stories

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(600)]

IDS = [f"s{number:03d}" for number in range(1, 13)]
QUICK = ("--timeout", "3")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Root:
    return new_root(tmp_path_factory.mktemp("bare") / "assignments")


@pytest.fixture
def root(bare: Root, tmp_path: Path) -> Root:
    return bare.copy(tmp_path / "assignments")


@pytest.fixture(scope="module")
def graded(bare: Root, tmp_path_factory: pytest.TempPathFactory):
    """The class of twelve stories, graded."""
    root = bare.copy(tmp_path_factory.mktemp("class") / "assignments")
    for student, story in zip(IDS, stories(IDS, "narrowcast"), strict=True):
        root.hand_in(student, story.answers, story.without)
    return root, root.grade(*QUICK)


def test_each_story_gets_its_marks(graded) -> None:
    root, run = graded
    assert run.code == 0, run.complained
    assert run.students == IDS
    for student, story in zip(IDS, stories(IDS, "narrowcast"), strict=True):
        marks = root.marks()[student]
        assert {name: marks[name] for name in story.points} == story.points, student
        low, high = story.between
        assert low <= marks["q5"] <= high, student


def test_a_named_mistake_is_named_in_the_notebook(graded) -> None:
    root, _run = graded
    assert "[M1]" in root.shown("s003", "q2")
    assert "weight each by its visits" in root.shown("s003", "q2")
    assert root.shown("s001", "q2").startswith("✓")


def test_a_classmates_answer_is_named(graded) -> None:
    root, run = graded
    assert run.ends["of_classmates"] == 2
    assert "another market" in root.shown("s007", "q2")
    with Ledger(ledger_path(root.folder)) as ledger:
        row = ledger.finished(NAME)["s007", "assignment"]
    assert row.verdicts["q2"]["reason"] == row.verdicts["q3"]["reason"] == "other_world"
    assert root.marks()["s007"]["q2"] == 0


def test_what_stopped_is_said(graded) -> None:
    root, run = graded
    assert "ran too long" in root.shown("s011", "q3")
    [event] = [event for event in run.of("graded") if event["student"] == "s011"]
    assert event["notebooks"]["assignment"]["problems"]["q3-answer"] == "timeout"
    assert "SyntaxError" in json.dumps(root.graded("s010"))
    assert "NameError" in root.shown("s010", "q4")


def test_nothing_is_left_lying_about_and_files_are_as_nbgrader_leaves_them(graded) -> None:
    root, _run = graded
    assert not leftovers(root)
    folder = root.folder / "autograded" / "s001" / NAME
    assert sorted(path.name for path in folder.iterdir()) == ["assignment.ipynb", "questions.json"]
    assert (folder / "assignment.ipynb").stat().st_mode & 0o777 == 0o444


def test_a_second_run_has_nothing_to_do(graded) -> None:
    root, _run = graded
    again = root.grade(*QUICK)
    assert again.code == 0
    assert again.students == []
    assert again.ends["finished"] == 12


def test_only_what_changed_is_graded_again_and_manual_marks_stay(root: Root) -> None:
    for student in ("ann", "bob"):
        root.hand_in(student)
    assert root.grade(*QUICK).students == ["ann", "bob"]
    with Gradebook(root.url, "narrowcast") as book:
        for student in ("ann", "bob"):
            grade = book.find_grade("q6", "assignment", NAME, student)
            grade.manual_score, grade.needs_manual_grade = 3.5, False
        book.db.commit()
    root.hand_in("bob", {**ALL_RIGHT, "q2": "conversion_rate = 0.5"})
    run = root.grade(*QUICK)
    assert run.students == ["bob"]
    assert run.of("begins")[0]["waiting"] == [{"student": "bob", "why": "changed"}]
    assert root.marks()["ann"]["q2"] == 2
    with Gradebook(root.url, "narrowcast") as book:
        assert book.find_grade("q2", "assignment", NAME, "bob").score == 0
        assert book.find_grade("q6", "assignment", NAME, "bob").manual_score == 3.5
    assert root.grade(*QUICK, "--force", "--only", "ann").students == ["ann"]
    with Gradebook(root.url, "narrowcast") as book:
        assert book.find_grade("q6", "assignment", NAME, "ann").score == 3.5


def test_another_key_grades_everybody_again(root: Root) -> None:
    root.hand_in(
        "ann",
        {**ALL_RIGHT, "q2": "conversion_rate = world.segments.orders.sum() / world.segments.customers.sum()"},
    )
    root.grade(*QUICK)
    assert root.marks()["ann"]["q2"] == 0.5
    key = root.folder / NAME / "key.py"
    key.write_text(
        key.read_text(encoding="utf-8").replace('mistake("L3", credit=0.25)', 'mistake("L3", credit=0.75)')
    )
    assert root.grade(*QUICK, "--dry-run").of("begins")[0]["waiting"] == [
        {"student": "ann", "why": "changed"}
    ]
    assert root.marks()["ann"]["q2"] == 0.5, "a dry run changes nothing"
    assert root.grade(*QUICK).students == ["ann"]
    assert root.marks()["ann"]["q2"] == 1.5


def test_a_student_who_did_not_hand_in_is_told(root: Root) -> None:
    root.hand_in("ann")
    run = root.grade("--only", "anne")
    assert run.code == 2
    assert "ann" in run.complained
    assert "Traceback" not in run.complained


def test_a_broken_notebook_waits_for_a_person_and_holds_nobody_up(root: Root) -> None:
    root.hand_in("ann")
    root.hand_in("bob").write_bytes(b"\x00\x01 no notebook at all")
    whole = root.hand_in("cat").read_text(encoding="utf-8")
    root.hand_in("cat").write_text(whole[: whole.index("q3-answer") - 200], encoding="utf-8")  # cut off
    run = root.grade(*QUICK)
    assert run.students == ["ann", "bob", "cat"]
    marks = root.marks()
    assert marks["ann"]["q2"] == 2
    assert set(marks["bob"].values()) == {None}
    assert marks["cat"]["q2"] == 2, "what can be read is marked"
    assert marks["cat"]["q4"] is None
    assert all(
        event["notebooks"]["assignment"]["quarantined"]
        for event in run.of("graded")
        if event["student"] != "ann"
    )


def test_a_folder_without_a_notebook_gets_nothing_and_is_finished(root: Root) -> None:
    (root.submitted("ann") / "essay.docx").write_bytes(b"...")
    assert root.grade(*QUICK).students == ["ann"]
    assert set(root.marks()["ann"].values()) == {0.0}
    assert root.grade(*QUICK).students == []


def test_a_class_that_was_killed_goes_on_to_the_same_marks(graded, bare: Root, tmp_path: Path) -> None:
    """Killed with all its processes, again and again, at other moments."""
    undisturbed, _run = graded
    root = bare.copy(tmp_path / "killed")
    shutil.copytree(undisturbed.folder / "submitted", root.folder / "submitted", dirs_exist_ok=True)
    finished: set[str] = set()
    for wait in (0.3, 0.05):
        command = [sys.executable, "-m", "narrowcast", "grade", NAME, "--json", *QUICK]
        process = subprocess.Popen(
            command,
            cwd=root.folder,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        for line in process.stdout:
            if json.loads(line)["event"] in {"graded", "ends"}:
                break
        time.sleep(wait)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with Ledger(ledger_path(root.folder)) as ledger:
            now = {student for student, _notebook in ledger.finished(NAME)}
        assert finished <= now, "what was finished stays"
        finished = now
    last = root.grade(*QUICK)
    assert last.code == 0
    assert set(last.students) == set(IDS) - finished
    assert root.marks() == undisturbed.marks()
    for student in IDS:
        for question in ("q2", "q3"):
            assert root.shown(student, question) == undisturbed.shown(student, question)
    assert not leftovers(root)


def test_the_vietnamese_assignment_is_judged_by_the_same_key_in_vietnamese(tmp_path: Path) -> None:
    root = new_root(tmp_path / "assignments", assignment=f"{NAME}-vi")
    root.hand_in("ann", {**ALL_RIGHT, "q2": "conversion_rate = (world.segments.orders / world.segments.visits).mean()"},
                 assignment=f"{NAME}-vi")  # fmt: skip
    assert root.grade(*QUICK, assignment=f"{NAME}-vi").code == 0
    assert root.marks(f"{NAME}-vi")["ann"]["q2"] == 1
    shown = root.shown("ann", "q2", f"{NAME}-vi")
    assert "[M1]" in shown
    assert "weight each" not in shown
