"""nbgrader's own tests of its grader, with ours in its place."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
OURS = "narrowcast.grade.converter:SandboxAutograde"
EVERY = os.environ.get("NARROWCAST_CONFORMANCE") == "all"
"""All of the modules, some minutes; otherwise the tests that tell graders apart."""

CHOSEN = {
    "test_nbgrader_autograde": (
        "side_effects or infinite_loop or autograde_timeout or kernelspec or penalty_plugin or hidden_tests_single "
        "or no_execute"
    ),
    "test_nbgrader_generate_feedback": "single_file or autotests",
}
"""By module, what pytest's -k takes: outputs, ends, time, kernels, files, penalties, and one of each kind."""


def recorded(module: str) -> dict[str, int]:
    """Return what docs/conformance.md says of a module."""
    text = (REPOSITORY / "docs" / "conformance.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| `{module}` \|(.*)\|$", text, re.MULTILINE)
    assert row, f"docs/conformance.md has no row of {module}"
    names = ("tests", "stock passed", "stock skipped", "passed", "skipped", "different")
    return dict(zip(names, (int(cell) for cell in row[1].split("|")), strict=True))


def judged(module: str, folder: Path, *more: str) -> tuple[dict[str, int], dict[str, int]]:
    """Run a module of nbgrader's tests; return how it went and what was counted."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    path = sysconfig.get_path("scripts") + os.pathsep + kept["PATH"]  # nbgrader calls alembic by name
    paths = os.pathsep.join((str(Path(__file__).parent), kept.get("PYTHONPATH", "")))
    command = [
        sys.executable, "-m", "pytest", "-p", "plugin", "-c", os.devnull, "-p", "no:cacheprovider", "-p", "no:xdist",
        "-q", "--tb=short", *more, "--pyargs", f"nbgrader.tests.apps.{module}",
    ]  # fmt: skip
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=1_200, check=False,
        env={**kept, "PATH": path, "PYTHONPATH": paths, "NARROWCAST_AUTOGRADE": OURS},
    )  # fmt: skip
    said = ran.stdout + ran.stderr
    print("\n".join(ran.stdout.splitlines()[-12:]))
    assert ran.returncode == 0, said
    counted = re.search(rf"graded by {re.escape(OURS)}: (.*)", said)
    assert counted, said
    last = ran.stdout.rstrip().splitlines()[-1]
    return pairs(last), pairs(counted[1])


def pairs(text: str) -> dict[str, int]:
    return {name: int(count) for count, name in re.findall(r"(\d+) ([a-z][a-z ]*[a-z])", text)}


@pytest.mark.nbgrader
@pytest.mark.timeout(1_300)
@pytest.mark.parametrize("module", CHOSEN)
def test_nbgraders_tests_pass_with_our_grader(module: str, tmp_path: Path) -> None:
    if not shutil.which("bwrap"):
        pytest.skip("no bubblewrap here: sudo apt-get install bubblewrap")
    numbers = recorded(module)
    assert numbers["passed"] + numbers["different"] == numbers["stock passed"]
    assert numbers["stock passed"] + numbers["stock skipped"] == numbers["tests"]
    went, counted = judged(module, tmp_path, *([] if EVERY else ["-k", CHOSEN[module]]))
    assert not went.get("failed")
    assert not went.get("error")
    assert counted["in the box"] > 0, "our grader did not run"
    assert counted["notebooks"] >= counted["in the box"]
    if EVERY:
        assert went["passed"] == numbers["passed"]
        assert went.get("xfailed", 0) == numbers["different"]
        assert went.get("skipped", 0) == numbers["skipped"]
    else:
        together = went["passed"] + went.get("xfailed", 0) + went.get("skipped", 0)
        assert together + went["deselected"] == numbers["tests"], (
            "nbgrader has other tests than were recorded"
        )
        assert went.get("xfailed", 0) == numbers["different"], "all that is different is among the chosen"
