"""One demo class for all tests, made by the command as a person would give it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from classroom import REPOSITORY, DemoClass, environment


@contextmanager
def alone(file: Path) -> Iterator[None]:
    """Let one process of the test run at a time do what follows."""
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> DemoClass:
    """The class, made once, whichever worker of the test run is the first to need it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    root, note = shared / "demo-class", shared / "demo-class.json"
    with alone(shared / "demo-class.lock"):
        if not note.exists():
            began = time.monotonic()
            command = [sys.executable, "-m", "narrowcast", "demo-class", "--dir", str(root)]
            ran = subprocess.run(
                command, cwd=REPOSITORY, env=environment(COLUMNS="120"), capture_output=True, text=True, check=False,
                timeout=280,
            )  # fmt: skip
            told = [ran.returncode, ran.stdout, ran.stderr, time.monotonic() - began]
            note.write_text(json.dumps(told))
        return DemoClass(root, *json.loads(note.read_text()))


@pytest.fixture
def demo_copy(demo: DemoClass, tmp_path: Path) -> DemoClass:
    """The class, for a test that changes it."""
    root = tmp_path / "demo-class"
    shutil.copytree(demo.root, root)
    return DemoClass(root, demo.code, demo.said, demo.complained, demo.seconds)
