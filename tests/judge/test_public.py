"""What travels with a released notebook: enough to check a form, and not a trace of a truth."""

from __future__ import annotations

import json

import pytest

from narrowcast.campaigns import Flight, Plan
from narrowcast.errors import CourseError
from narrowcast.judge import Reason
from narrowcast.judge.public import PublicKey, load_public
from narrowcast.worlds import open_world


@pytest.fixture
def public(key, tmp_path) -> PublicKey:
    return PublicKey(json.loads(json.dumps(key.public())), tmp_path / "questions.json")


def test_it_is_plain_json_with_all_that_a_student_may_see(key):
    data = json.loads(json.dumps(key.public()))
    assert data["worlds"] == ["hcmc-fashion", "soft-drink"]
    assert data["points"] == 23
    assert data["questions"]["rate"] == {
        "kind": "number",
        "points": 4,
        "hints": ["Orders over visits."],
        "world": None,
        "unit": "share",
        "between": [0, 1],
        "bet": False,
    }
    assert data["questions"]["half"]["takes"] == ["x", "y"]
    assert data["questions"]["spend"]["budget"] == 2_000_000
    assert data["questions"]["why"]["rubric"] == ["Evidence: two numbers.", "Limitation: one thing left out."]


def secrets(key, world):
    """Yield every text and number that would give an answer away."""
    drink = open_world("soft-drink", customers=2_000)
    for name, question in key.questions.items():
        market = drink if question.world == "soft-drink" else world
        if question.message:
            yield name, question.message
        for mistake in question.mistakes:
            yield name, mistake.message
            yield name, mistake.code
        if question.kind == "number":
            for value in (question.compute(market), *(m.compute(market) for m in question.mistakes)):
                yield name, f"{float(value):.4g}"
        if question.kind == "plan":
            yield from ((name, str(seed)) for seed in question.seeds)


def test_no_truth_is_in_it(key, world):
    text = json.dumps(key.public(), ensure_ascii=False)
    found = [(name, secret) for name, secret in secrets(key, world) if secret in text]
    assert not found
    assert '"a": "old"' not in text  # the truth of "sort": each item, and its option
    assert "examples" not in text
    assert "credit" not in text
    assert "seeds" not in text


RIGHT_FORM = {
    "rate": 0.2,
    "bet": 0.5,
    "when": "always",
    "sort": {"a": "old"},
    "half": lambda x, y: x,
    "why": "Because.",
    "drink": 5,
    "spend": Plan(flights=[Flight("social", 5, to="trend")]),
}


@pytest.mark.parametrize("name", RIGHT_FORM)
def test_a_right_form_is_recorded_and_not_judged(public, world, name):
    verdict = public.questions[name].form(RIGHT_FORM[name], world)
    assert (verdict.reason, verdict.score) == (Reason.RECORDED, None)
    assert "right form" in verdict.message


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("rate", 62, "divide it by 100"),
        ("when", "alwys", "'always'"),
        ("half", 5, "without calling it"),
        ("sort", {"e": "old"}, "a, b, c, d"),
        ("spend", Plan(weeks=2), "It must run 4"),
        ("half", lambda x: x, "x, y"),
        ("spend", Plan(flights=[Flight("social", 2_000_001)]), "the budget is 2,000,000"),
    ],
)
def test_a_wrong_form_is_told(public, world, name, answer, said):
    verdict = public.questions[name].form(answer, world)
    assert (verdict.reason, verdict.score) == (Reason.INVALID, 0)
    assert said in verdict.message


@pytest.mark.parametrize("answer", [None, ...])
def test_an_untouched_cell_is_told(public, answer):
    assert all(q.form(answer).reason is Reason.UNANSWERED for q in public.questions.values())


def test_asked_for_a_truth_it_has_none(public, world):
    with pytest.raises(CourseError, match=r"not in reach"):
        public.questions["rate"].judge(0.2, world)


GOOD = {"name": "x", "worlds": ["hcmc-fashion"], "questions": {"q": {"kind": "number", "points": 1}}}


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        5,
        "text",
        None,
        GOOD | {"questions": []},
        GOOD | {"questions": {"q": 5}},
        GOOD | {"worlds": 5},
        GOOD | {"questions": {"q": {"kind": "riddle", "points": 1}}},
        GOOD | {"questions": {"q": {"kind": "number"}}},
        GOOD | {"questions": {"q": {"kind": "number", "points": 1, "between": 5}}},
        GOOD | {"questions": {"q": {"kind": "number", "points": 1, "colour": "red"}}},
    ],
    ids=str,
)
def test_broken_questions_name_their_file(tmp_path, data):
    file = tmp_path / "questions.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(CourseError, match=r"questions\.json.*Fetch the assignment again"):
        load_public(file)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[" * 10_000 + b"]" * 10_000])
def test_what_is_no_json_names_its_file(tmp_path, content):
    file = tmp_path / "questions.json"
    file.write_bytes(content)
    with pytest.raises(CourseError, match=r"questions\.json"):
        load_public(file)
    with pytest.raises(CourseError, match=r"missing\.json cannot be read"):
        load_public(tmp_path / "missing.json")


def test_good_ones_are_read(tmp_path):
    file = tmp_path / "questions.json"
    file.write_text(json.dumps(GOOD), encoding="utf-8")
    assert load_public(file).questions["q"].points == 1
