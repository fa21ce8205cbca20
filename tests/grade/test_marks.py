from __future__ import annotations

import io

import pytest
from rich.console import Console

from narrowcast.grade.marks import Line, Mark, marks_table
from narrowcast.grade.roster import roster
from narrowcast.grade.story import Story

STORY = Story("all right", {}, {"q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0, "q6": None}, (5.4, 6.0), ())
FULL = {"q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0, "q5": 5.9, "q6": None}


def line(given, plan=5.9):
    return Line.of(roster(1)[0], STORY, given, plan)


def test_marks_as_they_should_be():
    assert line(FULL).right
    assert [one.expected for one in line(FULL).marks.values()] == [2.0, 2.0, 2.0, 4.0, 5.9, None]


@pytest.mark.parametrize(
    "change",
    [{"q1": 1.9}, {"q5": 5.8}, {"q6": 0.0}, {"q6": 4.0}, {"q1": None}],
    ids=str,
)
def test_one_wrong_mark_is_enough(change):
    assert not line({**FULL, **change}).right


def test_a_mark_that_is_missing_is_wrong():
    assert not line({}).right
    assert not line({name: points for name, points in FULL.items() if name != "q4"}).right


def test_judge_and_gradebook_may_not_agree_on_too_little():
    assert not line({**FULL, "q5": 3.0}, plan=3.0).right, "a good plan should get at least 5.4"


def test_nothing_is_not_zero():
    assert not Mark(None, 0.0).right
    assert not Mark(0.0, None).right
    assert Mark(None, None).right
    assert Mark(3.1, 3.1 + 1e-9).right


def test_the_table_shows_both_and_a_sign():
    out = io.StringIO()
    console = Console(file=out, width=110)
    console.print(marks_table([line(FULL), line({**FULL, "q2": 0.5})]))
    said = out.getvalue()
    assert said.count("✓") == said.count("✗") == 1
    assert "15.9" in said
    assert "14.4" in said
    assert "0.5" in said
    assert "✎" in said
