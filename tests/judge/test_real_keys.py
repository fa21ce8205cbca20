"""The keys of the course itself: the truth is worth all points, and every mistake is told from it."""

from __future__ import annotations

from pathlib import Path

import pytest

import narrowcast
from narrowcast.judge import Key, Reason, load_key
from narrowcast.worlds import open_world

ROOT = Path(narrowcast.__file__).parent.parent
KEYS = {
    f"{path.parent.parent.name}/{path.parent.name}": path
    for kind in ("course", "assignments")
    for path in sorted((ROOT / kind).glob("*/key.py"))
}
STUDENTS = [None, *(f"s{number:03d}" for number in range(1, 21))]
SALT = "narrowcast"


def markets(key: Key, student: str | None):
    return {name: open_world(name, student=student, salt=SALT, customers=4_000) for name in key.worlds}


@pytest.fixture(scope="module", params=KEYS)
def real(request) -> tuple[str, Key]:
    return request.param, load_key(KEYS[request.param])


def quick(key: Key):
    return [
        question for question in key.questions.values() if question.kind in {"number", "choice", "function"}
    ]


def test_there_are_keys():
    assert {"course/01-rules-flipped", "assignments/01-rules-flipped"} <= set(KEYS)


def test_the_assignment_is_worth_20():
    assert load_key(KEYS["assignments/01-rules-flipped"]).points == 20


@pytest.mark.parametrize("student", STUDENTS)
def test_the_truth_gets_all_points_and_a_mistake_its_own_credit(real, student):
    name, key = real
    worlds = markets(key, student)
    for question in quick(key):
        world = worlds[question.world or key.worlds[0]]
        verdict = key.judge(question.name, question.compute(world), world)
        assert verdict.score == question.points, question.name
        assert verdict.reason in {Reason.RIGHT, Reason.BET}, question.name
        for mistake in question.mistakes:
            got = key.judge(question.name, mistake.compute(world), world)
            label = f"{name} {question.name} {mistake.compute.__name__}"
            assert got.reason is Reason.MISTAKE, f"{label}: {got}"
            assert got.message == mistake.message, label
            assert got.score == question.points * mistake.credit, label


def test_naive_plans_can_run_and_leave_room(real):
    _name, key = real
    for question in key.questions.values():
        if question.kind != "plan":
            continue
        world = open_world(key.worlds[0], student="s001", salt=SALT, customers=20_000)
        naive = key.judge(question.name, question.compute(world), world)
        assert naive.score == 0
        assert naive.evidence["best"] > naive.evidence["naive"]
        for mistake in question.mistakes:
            got = key.judge(question.name, mistake.compute(world), world)
            assert got.mistake == mistake.code
            assert got.score < question.points / 2


def test_every_text_of_a_key_says_something(real):
    _name, key = real
    for question in key.questions.values():
        assert question.message, question.name
        assert all(mistake.message for mistake in question.mistakes), question.name
        assert question.kind == "written" or question.points == 0 or question.hints, question.name


def test_bounds_hold_the_truth(real):
    _name, key = real
    for question in key.questions.values():
        if question.kind == "number" and question.between:
            low, high = question.between
            for student in STUDENTS[:6]:
                worlds = markets(key, student)
                assert low <= question.compute(worlds[question.world or key.worlds[0]]) <= high
