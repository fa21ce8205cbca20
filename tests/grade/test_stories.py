from __future__ import annotations

import pytest
from classroom import NAME, REPOSITORY

from narrowcast import Plan, open_world
from narrowcast.errors import CourseError
from narrowcast.grade.story import WORLD, as_code, flights_of, stories
from narrowcast.judge.loading import load_module

HOME = REPOSITORY / "assignments" / NAME
ANSWERS = load_module(HOME / "answers.py", "")
IDS = [f"s{number:03d}" for number in range(1, 13)]


@pytest.fixture(scope="module")
def told():
    return stories(HOME, IDS, "narrowcast")


def test_stories_are_the_same_each_time(told):
    assert told == stories(HOME, IDS, "narrowcast")
    assert len({story.title for story in told}) == 12


def test_another_class_word_changes_only_what_was_copied(told):
    other = stories(HOME, IDS, "another word")
    changed = [one.title for one, two in zip(told, other, strict=True) if one != two]
    assert len(changed) == 1
    assert changed[0].startswith("a classmate's numbers")


def test_after_the_twelfth_they_come_round_again(told):
    more = stories(HOME, [f"s{number:03d}" for number in range(1, 28)], "narrowcast")
    assert [story.title for story in more[12:24]] == [story.title for story in told]
    assert [story.title for story in stories(HOME, IDS[:3], "narrowcast")] == [
        story.title for story in told[:3]
    ]


def test_every_question_but_the_plan_has_its_marks(told):
    for story in told:
        assert sorted(story.points) == ["q1", "q2", "q3", "q4", "q6"]
        assert 0 <= story.between[0] <= story.between[1] <= 6


def run(code, world):
    written = {"world": world}
    exec("import narrowcast as nc\n" + code, written)
    return written


def test_array_minded_answers_are_other_types_and_the_same_values():
    world = open_world(WORLD, student="s001", salt="narrowcast")
    plain, arrays = (run("\n".join(one.values()), world) for one in (ANSWERS.RIGHT, ANSWERS.NUMPY))
    for name in ("conversion_rate", "search_advantage"):
        assert type(plain[name]) is not type(arrays[name])
        assert float(plain[name]) == pytest.approx(arrays[name].item())
    assert plain["my_plan"] == arrays["my_plan"]
    assert plain["breakeven"](2.0, 3.0, 0.4) == arrays["breakeven"](2.0, 3.0, 0.4) == pytest.approx(1.6 / 2.6)
    assert plain["breakeven"](2.0, 0.4, 3.0) is arrays["breakeven"](2.0, 0.4, 3.0) is None


@pytest.mark.parametrize("spending", [ANSWERS.GOOD, ANSWERS.EQUAL])
def test_a_plan_in_code_is_the_plan_in_data(spending):
    made = run(as_code(spending), None)["my_plan"]
    assert made == Plan("mine", flights_of(spending))
    assert made.budget == 20_000_000


def test_the_dear_plan_is_too_dear():
    assert sum(money for _channel, money, _to in ANSWERS.TOO_DEAR) > 20_000_000


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "There is no"),
        ("def stories(ids, salt): return []", "does not tell a story for each student"),
        ("def stories(ids, salt): return ['all right'] * len(ids)", "does not tell a story for each student"),
        ("stories = 12", "does not tell a story for each student"),
        ("import nothing_of_this_name", "cannot be run: ModuleNotFoundError"),
        ("def stories(", "cannot be run: SyntaxError"),
    ],
)
def test_stories_that_cannot_be_told_are_an_error_with_a_cure(tmp_path, text, told):
    if text is not None:
        (tmp_path / "stories.py").write_text(text)
    with pytest.raises(CourseError, match=told) as caught:
        stories(tmp_path, IDS, "narrowcast")
    assert str(tmp_path / "stories.py") in str(caught.value)
    assert "Restore it" in str(caught.value)
    assert not (tmp_path / "__pycache__").exists()
