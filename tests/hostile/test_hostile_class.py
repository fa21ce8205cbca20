"""A class of honest and hostile submissions, graded by the command on a real course root.

The promise: nobody gains a point by a trick, nobody loses one by another's, and no submission is lost.
"""

from __future__ import annotations

import os
import shutil

import pytest
from corpus import CORPUS
from harness import HONEST, Course, complaints

WHOLE = os.environ.get("NARROWCAST_HOSTILE") == "all"
CLASS = CORPUS if WHOLE else CORPUS[::8]
"""Every eighth one; with NARROWCAST_HOSTILE=all all of them, which takes about three minutes."""

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.nbgrader,
    pytest.mark.skipif(
        shutil.which("bwrap") is None, reason="no sandbox here: sudo apt-get install bubblewrap"
    ),
]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    course = Course(tmp_path_factory.mktemp("hostile") / "class")
    try:
        for student in HONEST:
            course.hand_in_honestly(student)
        for trick in CLASS:
            course.hand_in(trick)
        before = course.whole()
        found = course.run()
        yield course, found, before
    finally:
        course.outside.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The honest students' marks in a class without anybody else."""
    course = Course(tmp_path_factory.mktemp("honest") / "class")
    try:
        course.grade([])
        yield course.marks()
    finally:
        course.outside.close()


def test_the_command_comes_to_its_end(graded):
    course, _found, _before = graded
    assert course.code == 0, course.complained[-3000:]
    assert course.events[-1]["event"] == "ends"


def test_nobody_gains_and_nobody_is_lost(graded):
    course, found, _before = graded
    canaries = list(course.outside.canaries.values())
    wrong = {trick.name: complaints(trick, found.get(trick.owner), canaries) for trick in CLASS}
    assert {name: why for name, why in wrong.items() if why} == {}


def test_honest_students_get_what_they_get_without_the_others(graded, undisturbed):
    course, found, _before = graded
    marks = course.marks()
    for student in HONEST:
        assert marks[student] == undisturbed[student]
        assert {name: marks[student][name] for name in ("q1", "q2", "q3", "q4", "q6")} == {
            "q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0, "q6": None,
        }  # fmt: skip
        assert marks[student]["q5"] > 5
        assert found[student].told == set()


def test_the_points_to_be_had_are_the_instructors(graded):
    from nbgrader.api import Gradebook

    course, _found, _before = graded
    with Gradebook(f"sqlite:///{course.root}/gradebook.db", "narrowcast") as book:
        assert book.find_assignment("01-rules-flipped").max_score == 20
        for one in book.assignment_submissions("01-rules-flipped"):
            assert one.max_score == 20
            assert 0 <= one.score <= 20


def test_what_nobody_may_change_is_as_it_was(graded):
    course, _found, before = graded
    assert course.whole() == before


def test_nothing_is_left_outside(graded):
    course, _found, _before = graded
    assert course.outside.touched() == []
