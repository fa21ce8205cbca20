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
from classroom import NAME, REPOSITORY, environment
from desk_kit import ALL_RIGHT, Root, leftovers, new_root
from nbgrader.api import Gradebook

import narrowcast.cli
from narrowcast.grade.ledger import Ledger, ledger_path
from narrowcast.grade.story import stories

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(600)]

IDS = [f"s{number:03d}" for number in range(1, 13)]
QUICK = ("--timeout", "3")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Root:
    return new_root(tmp_path_factory.mktemp("bare") / "assignments")


@pytest.fixture(scope="module")
def graded(bare: Root, tmp_path_factory: pytest.TempPathFactory):
    """The class of twelve stories, graded."""
    root = bare.copy(tmp_path_factory.mktemp("class") / "assignments")
    for student, story in zip(
        IDS, stories(REPOSITORY / "assignments" / NAME, IDS, "narrowcast"), strict=True
    ):
        root.hand_in(student, story.answers, story.without)
    return root, root.grade(*QUICK)


def test_each_story_gets_its_marks(graded) -> None:
    root, run = graded
    assert run.code == 0, run.complained
    assert run.students == IDS
    for student, story in zip(
        IDS, stories(REPOSITORY / "assignments" / NAME, IDS, "narrowcast"), strict=True
    ):
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


def said(root: Root, capfd: pytest.CaptureFixture[str], *options: str) -> tuple[int, str, str]:
    """Run the command in this process, where it has nothing to run in a box; return code, output and complaints."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", environment()["PATH"])
        code = narrowcast.cli.run(["grade", NAME, "--course", str(root.folder), *QUICK, *options])
    told = capfd.readouterr()
    return code, told.out, told.err


def test_a_second_run_has_nothing_to_do(graded, capfd) -> None:
    code, out, _err = said(graded[0], capfd, "--json")
    events = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert [event["event"] for event in events] == ["begins", "ends"]
    assert events[-1]["finished"] == 12


def test_a_student_who_did_not_hand_in_is_told(graded, capfd) -> None:
    code, _out, err = said(graded[0], capfd, "--only", "s01")
    assert code == 2
    assert "s001" in err
    assert "Traceback" not in err


@pytest.fixture(scope="module")
def small(bare: Root, tmp_path_factory: pytest.TempPathFactory):
    """A class with odd submissions, graded, and what is graded again when something changes: root and three runs."""
    root = bare.copy(tmp_path_factory.mktemp("small") / "assignments")
    for student in ("ann", "bob"):
        root.hand_in(student)
    per_customer = "conversion_rate = world.segments.orders.sum() / world.segments.customers.sum()"
    root.hand_in("per", {**ALL_RIGHT, "q2": per_customer})
    root.hand_in("bin").write_bytes(b"\x00\x01 no notebook at all")
    whole = root.hand_in("cut").read_text(encoding="utf-8")
    root.hand_in("cut").write_text(whole[: whole.index("q3-answer") - 200], encoding="utf-8")
    (root.submitted("doc") / "essay.docx").write_bytes(b"...")
    first = root.grade(*QUICK), root.marks()
    with Gradebook(root.url, "narrowcast") as book:
        for student in ("ann", "bob"):
            grade = book.find_grade("q6", "assignment", NAME, student)
            grade.manual_score, grade.needs_manual_grade = 3.5, False
        book.db.commit()
    root.hand_in("bob", {**ALL_RIGHT, "q2": "conversion_rate = 0.5"})
    second = root.grade(*QUICK), root.marks()
    key = root.folder / NAME / "key.py"
    key.write_text(
        key.read_text(encoding="utf-8").replace('mistake("L3", credit=0.25)', 'mistake("L3", credit=0.75)')
    )
    third = root.grade(*QUICK, "--only", "per,ann"), root.marks()
    return root, first, second, third


def test_a_broken_notebook_waits_for_a_person_and_holds_nobody_up(small) -> None:
    run, marks = small[1]
    assert run.students == ["ann", "bin", "bob", "cut", "doc", "per"]
    assert marks["ann"]["q2"] == 2
    assert set(marks["bin"].values()) == {None}
    assert marks["cut"]["q2"] == 2, "what can be read is marked"
    assert marks["cut"]["q4"] is None
    broken = [event for event in run.of("graded") if event["student"] in {"bin", "cut"}]
    assert all(event["notebooks"]["assignment"]["quarantined"] for event in broken)


def test_a_folder_without_a_notebook_gets_nothing_and_is_finished(small) -> None:
    assert set(small[1][1]["doc"].values()) == {0.0}
    assert "doc" not in small[2][0].students


def test_only_what_changed_is_graded_again_and_manual_marks_stay(small) -> None:
    root, _first, (run, marks), _third = small
    assert run.students == ["bob"]
    assert run.of("begins")[0]["waiting"] == [{"student": "bob", "why": "changed"}]
    assert marks["ann"]["q2"] == 2
    with Gradebook(root.url, "narrowcast") as book:
        assert book.find_grade("q2", "assignment", NAME, "bob").score == 0
        assert book.find_grade("q6", "assignment", NAME, "bob").manual_score == 3.5


def test_another_key_grades_again_and_a_dry_run_changes_nothing(small, capfd) -> None:
    root, first, _second, (run, marks) = small
    assert first[1]["per"]["q2"] == 0.5
    assert run.students == ["ann", "per"]
    assert marks["per"]["q2"] == 1.5
    with Gradebook(root.url, "narrowcast") as book:
        assert book.find_grade("q6", "assignment", NAME, "ann").score == 3.5
    code, out, _err = said(root, capfd, "--json", "--dry-run")
    waiting = json.loads(out.splitlines()[0])["waiting"]
    assert code == 0
    assert waiting == [{"student": student, "why": "changed"} for student in ("bin", "bob", "cut", "doc")]
    code, out, _err = said(root, capfd, "--json", "--dry-run", "--force", "--only", "ann")
    assert json.loads(out.splitlines()[0])["waiting"] == [{"student": "ann", "why": "again"}]
    assert root.marks() == marks


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
