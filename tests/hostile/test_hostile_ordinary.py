"""Tricks in the boxes of an ordinary user: what shares the user with the grader, and a terminal, is kept apart too."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from ordinary import FILES, HONEST, TRICKS

pytestmark = pytest.mark.timeout(120)

HERE = Path(__file__).resolve().parent
USER = 12_345
"""Nobody's number: what matters is that it is not root's."""

LEVELS = ("bubblewrap", "namespaces")
READS = """
import importlib.util, sys
assert sys.version_info[:2] == tuple(map(int, sys.argv[1:3])), "another Python"
for name in sys.argv[3:]: open(importlib.util.find_spec(name).origin, "rb").close()
"""


def _begun(command: list[str]) -> subprocess.Popen[str]:
    """Start a command as an ordinary user: as oneself, unless that is root."""
    paths = (HERE, HERE.parents[1], sysconfig.get_path("purelib"), sysconfig.get_path("platlib"))
    settings = {
        "PATH": os.environ["PATH"], "HOME": "/", "PYTHONPATH": os.pathsep.join(map(str, paths)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }  # fmt: skip
    somebody: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if os.geteuid() == 0 else {}
    return subprocess.Popen(
        command, cwd="/", env=settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True, **somebody,
    )  # fmt: skip


def _python() -> str:
    """Return a Python of this version that an ordinary user can run, with our packages; without one, give up."""
    version = [str(part) for part in sys.version_info[:2]]
    needed = ["narrowcast.grade.box", "IPython", "numpy", "pandas", "ordinary"]
    for program in (sys.executable, "/usr/bin/python" + ".".join(version)):
        with suppress(OSError):
            asked = _begun([program, "-c", READS, *version, *needed])
            asked.communicate(timeout=100)
            if asked.returncode == 0:
                return program
    # Nothing that could be installed is missing: where Python lies for root alone, no ordinary user grades.
    pytest.xfail(f"an ordinary user cannot read Python or its packages here: {sys.executable}")


@pytest.fixture(scope="module")
def begun():
    """Both levels at the same time, each with a grader of its own."""
    program = _python()
    graders = {level: _begun([program, str(HERE / "ordinary.py"), level]) for level in LEVELS}
    yield graders
    for grader in graders.values():
        grader.kill()
        grader.communicate()


@pytest.fixture(scope="module", params=LEVELS)
def ran(request, begun):
    if request.param == "bubblewrap" and shutil.which("bwrap") is None:
        pytest.skip("no sandbox here: sudo apt-get install bubblewrap")
    grader = begun[request.param]
    said, complained = grader.communicate(timeout=100)
    assert grader.returncode == 0, f"the grader ended by {grader.returncode}: {complained[-2000:]}"
    told = json.loads(said.splitlines()[-1])
    if "lacks" in told:
        pytest.skip(f"an ordinary user cannot shut anything in here: {told['lacks']}")
    return told


def test_no_submission_is_lost_and_honest_ones_notice_nothing(ran):
    by_student = {result["student"]: result for result in ran["results"]}
    assert sorted(by_student) == sorted((*HONEST, *TRICKS, FILES))
    lost = {name: one["told"] for name, one in by_student.items() if one["problem"] in {"machine", "sandbox"}}
    assert lost == {}
    for name in (*HONEST, FILES):
        assert (by_student[name]["problem"], by_student[name]["cells"]) == ("", ["", "", ""])
        assert by_student[name]["said"].count("goes on") == 2
        assert "begins" in by_student[name]["said"]


def test_nothing_is_reached(ran):
    assert {one["student"]: one["said"] for one in ran["results"] if "LEAK:" in one["said"]} == {}
    assert ran["typed"] == ["", ""]


def test_answers_without_end_find_little_room(ran):
    (endless,) = [one for one in ran["results"] if one["student"] == "forms-endless-answers"]
    assert 0 < endless["room"] <= 2 * ran["answer"]
