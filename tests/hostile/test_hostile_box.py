"""The corpus against the box: what a sandbox meets by itself."""

from __future__ import annotations

import shutil

import pytest
from corpus import IN_CODE
from harness import HONEST, BoxGrader, complaints
from outside import Outside

pytestmark = [
    pytest.mark.nbgrader,
    pytest.mark.skipif(
        shutil.which("bwrap") is None, reason="no sandbox here: sudo apt-get install bubblewrap"
    ),
]

OPEN = ("reads-", "reaches-", "sends-", "ends-", "stays-")
IN_BOX = [trick for trick in IN_CODE if trick.name.startswith(OPEN) and not trick.burns][::4]
IN_BOX += [
    trick for trick in IN_CODE if trick.name in {"forms-data-json", "forms-type-list", "asks-semaphores"}
]
"""What is about the sandbox itself, every fourth one, and some of what it is told: the class meets them all."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile-box")
    outside = Outside(folder / "outside", folder / "assignments")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("SECRET_OF_THE_GRADER", outside.canaries["environment"])
            yield BoxGrader(outside.facts).grade(IN_BOX), outside
    finally:
        outside.close()


def test_no_trick_gains_or_is_lost(ran):
    found, outside = ran
    wrong = {
        trick.name: complaints(trick, found.get(trick.owner), list(outside.canaries.values()))
        for trick in IN_BOX
    }
    assert {name: why for name, why in wrong.items() if why} == {}


def test_honest_students_notice_nothing(ran):
    found, _outside = ran
    for student in HONEST:
        marks = {name: found[student].marks[name] for name in ("q1", "q2", "q3", "q4")}
        assert marks == {"q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0}
        assert found[student].told == set()


def test_nothing_is_left_outside(ran):
    _found, outside = ran
    assert outside.touched() == []
