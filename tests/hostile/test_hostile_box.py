"""The corpus against the box: what a sandbox meets by itself."""

from __future__ import annotations

import pytest
from corpus import IN_CODE
from harness import HONEST, BoxGrader, Outside, complaints

IN_BOX = [trick for trick in IN_CODE if not trick.burns and not trick.name.startswith(("answer-", "choice-", "plan-"))][::3]
"""Every third one: the class meets them all."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile-box")
    outside = Outside(folder / "outside", folder / "assignments")
    grader = BoxGrader(outside.facts)
    try:
        yield grader.grade(IN_BOX), outside, grader
    finally:
        outside.close()


def test_no_trick_gains_or_is_lost(ran):
    found, outside, grader = ran
    if grader.level == "limits":
        pytest.skip("no sandbox here: sudo apt-get install bubblewrap")
    wrong = {trick.name: complaints(trick, found.get(trick.owner), list(outside.canaries.values())) for trick in IN_BOX}
    assert {name: why for name, why in wrong.items() if why} == {}


def test_honest_students_notice_nothing(ran):
    found, _outside, _grader = ran
    for student in HONEST:
        assert {name: found[student].marks[name] for name in ("q1", "q2", "q3", "q4")} == {
            "q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0,
        }  # fmt: skip
        assert found[student].told == set()


def test_nothing_is_left_outside(ran):
    _found, outside, grader = ran
    if grader.level == "limits":
        pytest.skip("no sandbox here: sudo apt-get install bubblewrap")
    assert outside.touched() == []
