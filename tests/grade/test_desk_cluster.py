"""`narrowcast grade --scheduler`: the same marks from the workers of a Dask cluster, and words where there is none."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from classroom import environment
from desk_kit import PLAIN, Root, new_root, plain_notebook

from narrowcast.grade.box import Cell, Job
from narrowcast.grade.cluster import pack

pytestmark = [pytest.mark.nbgrader, pytest.mark.timeout(300)]

A = "ps1"
ANSWERS = {
    "right": "def double(x):\n    return x + x",
    "wrong": "double = abs",
    "quits": "import os\nos._exit(3)",
    "reads": "double = lambda x: len(open('data.csv').read()) * x",
}


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Root:
    root = new_root(tmp_path_factory.mktemp("cluster") / "assignments", {"one": plain_notebook(PLAIN)}, A)
    (root.folder / "source" / A / "data.csv").write_text("ab")
    for student, answer in ANSWERS.items():
        root.hand_in(student, {"answer": answer}, assignment=A, notebook="one")
    return root


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """A scheduler and a worker, each a process of its own, as on two machines."""
    dask, env = [sys.executable, "-m", "dask"], environment(DASK_DISTRIBUTED__WORKER__DAEMON="False")
    command = [*dask, "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    scheduler = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.PIPE, text=True)
    worker = None
    try:
        address = ""
        for line in scheduler.stderr:
            if found := re.search(r"Scheduler at:\s+(tcp://\S+)", line):
                address = found[1]
                break
        command = [*dask, "worker", address, "--nthreads", "2", "--no-nanny", "--no-dashboard"]
        worker = subprocess.Popen(command, cwd=tmp_path, env=env, stderr=subprocess.DEVNULL)
        yield address
    finally:
        for process in (worker, scheduler):
            if process is not None:
                process.terminate()
                process.wait(20)
        scheduler.stderr.close()


def test_marks_do_not_depend_on_where_it_ran(bare: Root, cluster: str, tmp_path: Path) -> None:
    here, there = bare.copy(tmp_path / "here"), bare.copy(tmp_path / "there")
    assert here.grade(assignment=A).code == 0
    run = there.grade("--scheduler", cluster, assignment=A)
    assert run.code == 0, run.complained
    assert run.students == sorted(ANSWERS)
    assert there.marks(A) == here.marks(A)
    assert there.marks(A)["reads"]["test"] == 3, "files travel along"
    assert [
        event["student"] for event in run.of("graded") if event["notebooks"]["one"]["problems"].get("answer")
    ] == ["quits"]


def test_a_scheduler_that_does_not_answer_is_told(bare: Root, tmp_path: Path) -> None:
    run = bare.copy(tmp_path / "root").grade("--scheduler", "tcp://127.0.0.1:1", assignment=A)
    assert run.code == 2
    assert "does not answer" in run.complained
    assert "Traceback" not in run.complained


def test_a_parcel_holds_regular_files_alone(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "data.csv").write_bytes(b"1")
    (tmp_path / "away").symlink_to("/etc/passwd")
    parcel = pack(Job(A, "ann", "one", tmp_path, [Cell(0, "", "1")], {}))
    assert parcel.files == {"sub/data.csv": b"1"}
    assert parcel.job.folder is None
