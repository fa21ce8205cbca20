from __future__ import annotations

import copy

import pytest

from narrowcast.errors import UnknownName
from narrowcast.grade.submission import fill


def cell(kind, source, name=None):
    metadata = {"nbgrader": {"grade_id": name}} if name else {}
    return {"cell_type": kind, "source": source, "metadata": metadata}


@pytest.fixture
def released():
    return {
        "nbformat": 4,
        "cells": [
            cell("code", ['student = ""  # your student id\n', "student"]),
            cell("code", "import narrowcast as nc", "given-1"),
            cell("code", "x = ...", "q1-answer"),
            cell("code", 'nc.check("q1", x).mark()', "q1"),
            cell("markdown", "Write your answer here.", "q2"),
        ],
    }


def test_answers_and_id_are_typed_in_and_the_rest_stays(released):
    before = copy.deepcopy(released)
    filled = fill(released, "s007", {"q1": "x = 2", "q2": "It depends."})
    assert released == before
    sources = [one["source"] for one in filled["cells"]]
    assert sources == [
        'student = "s007"  # your student id\nstudent',
        "import narrowcast as nc",
        "x = 2",
        'nc.check("q1", x).mark()',
        "It depends.",
    ]


def test_cells_can_be_left_out(released):
    filled = fill(released, "s007", {"q1": "x = 2"}, without=("q1", "q1-answer"))
    names = [one["metadata"].get("nbgrader", {}).get("grade_id") for one in filled["cells"]]
    assert names == [None, "given-1", "q2"]


@pytest.mark.parametrize(("answers", "without"), [({"q9": "x"}, ()), ({}, ("q9-answer",))])
def test_a_cell_that_is_not_there_is_told(released, answers, without):
    with pytest.raises(UnknownName, match="q9") as told:
        fill(released, "s007", answers, without)
    assert "q1-answer" in str(told.value)
