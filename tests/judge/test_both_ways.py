"""The demo class, judged both ways: where the code ran, and outside from plain data; and what is handed out there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import narrowcast
from narrowcast.grade.story import ASSIGNMENT, WORLD, stories
from narrowcast.judge import Reason, Verdict, check, load_key, open_assignment, worksheet
from narrowcast.judge.public import PublicKey
from narrowcast.worlds import open_world

ROOT = Path(narrowcast.__file__).parent.parent
READ = {"q1": "rules", "q2": "conversion_rate", "q3": "search_advantage", "q4": "breakeven", "q5": "my_plan"}
IDS = [f"s{number:03d}" for number in range(1, 13)]
SALT = "both ways"


@pytest.fixture(scope="module")
def assignment():
    return load_key(ROOT / "assignments" / ASSIGNMENT / "key.py")


@pytest.fixture(scope="module")
def released(assignment):
    return PublicKey(json.loads(json.dumps(assignment.public())), Path("questions.json"))


def answers(story, world):
    """Yield what a student's code comes to, question by question; code that fails or never ends gives nothing."""
    for question, name in READ.items():
        code = story.answers.get(question, "")
        made: dict[str, object] = {"world": world, "nc": narrowcast}
        if "while True" in code or f"{question}-answer" in story.without:
            continue
        try:
            exec(code, made)
        except (SyntaxError, KeyError):
            continue
        yield question, made.get(name, ...)


@pytest.mark.parametrize("place", range(12))
def test_the_demo_class_gets_the_same_both_ways(assignment, released, place):
    student, story = IDS[place], stories(ROOT / "assignments" / ASSIGNMENT, IDS, SALT)[place]
    world = open_world(WORLD, student=student, salt=SALT)
    seen = 0
    for name, answer in answers(story, world):
        question, seen = assignment.question(name), seen + 1
        inputs = json.loads(json.dumps(question.inputs(world)))
        data = json.loads(json.dumps(released.questions[name].plain(answer, world, inputs), allow_nan=False))
        if name == "q5":
            assert question.form_plain(data, world) == question.form(answer, world)
            continue
        verdict = question.judge_plain(data, world)
        assert verdict == question.judge(answer, world)
        assert Verdict.from_json(json.loads(json.dumps(verdict.to_json()))) == verdict
        assert verdict.score == pytest.approx(story.points[name]), f"{story.title}: {name}"
    assert seen >= 3


def test_a_plan_gets_the_same_both_ways(key, world):
    from narrowcast.campaigns import Flight, Plan

    question = key.question("spend")
    for plan in (question.truth(world), Plan("mine", [Flight("search", 600_000, to="loyal")])):
        data = json.loads(json.dumps(question.plain(plan, world)))
        assert question.judge_plain(data, world) == question.judge(plan, world)


class TestHandingOut:
    @pytest.fixture
    def handed(self, course, small_markets, monkeypatch):
        """Stand in a sandbox: questions.json alone, and somebody who takes what is handed out."""
        home, taken = course.parent / "home" / "07-small", []
        monkeypatch.chdir(home)
        monkeypatch.setenv("NARROWCAST_STUDENT", "an")
        monkeypatch.setattr(worksheet, "hand_out", lambda name, data: taken.append((name, data)))
        monkeypatch.setattr(worksheet, "inputs_for", {"half": [[4, 2], [5, 0]]}.get)
        open_assignment("07-small")
        return taken

    def test_an_answer_is_handed_out_and_its_form_is_told(self, handed):
        assert check("rate", 0.25).reason is Reason.RECORDED
        assert check("rate", 25).reason is Reason.INVALID
        assert check("rate", ...).reason is Reason.UNANSWERED
        assert [name for name, _data in handed] == ["rate"] * 3
        assert handed[0][1] == {"answer": 0.25}

    def test_a_function_is_called_with_the_inputs_that_came_in(self, handed):
        assert check("half", lambda x, y: x / y).reason is Reason.RECORDED
        results = handed[0][1]["answer"]["results"]
        assert results[0] == 2.0
        assert (results[1]["kind"], results[1]["good"]) == ("ZeroDivisionError", True)

    def test_the_judge_outside_marks_it_in_the_students_market(self, handed, key):
        world = open_world("hcmc-fashion", student="an", salt="class of 26", customers=500)
        truth = key.question("rate").truth(world)
        check("rate", truth)
        verdict = key.question("rate").judge_plain(json.loads(json.dumps(handed[0][1])), world)
        assert (verdict.reason, verdict.score) == (Reason.RIGHT, 4)

    def test_without_anybody_to_take_it_nothing_is_handed_out(self, handed, monkeypatch):
        monkeypatch.setattr(worksheet, "hand_out", None)
        assert check("rate", 0.25).reason is Reason.RECORDED
        assert not handed


def test_truths_are_computed_once_for_each_market():
    from narrowcast.judge import Key

    made, calls = Key("93-once", world="hcmc-fashion"), []
    made.number("q", points=1)(lambda world: calls.append(world) or 5.0)
    worlds = [open_world("hcmc-fashion", student=name, customers=100) for name in ("an", "binh")]
    for _turn in range(3):
        for world in worlds:
            made.judge("q", 4.0, world, worlds)
    assert calls == worlds
