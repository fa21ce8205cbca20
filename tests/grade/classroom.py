"""What the tests of a class share."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat

REPOSITORY = Path(__file__).resolve().parents[2]
NAME = "01-rules-flipped"


def environment(**more: str) -> dict[str, str]:
    """Return our environment, with our own programs first and nobody's personal settings."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    beside = str(Path(sys.executable).parent)  # nbgrader calls alembic by name
    return {**kept, "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}", **more}


@dataclass(frozen=True)
class DemoClass:
    """A class that the command has made, and what it said."""

    root: Path
    code: int
    said: str
    complained: str
    seconds: float

    @property
    def assignments(self) -> Path:
        return self.root / "assignments"

    def graded(self, student: str) -> nbformat.NotebookNode:
        return nbformat.read(
            self.assignments / "autograded" / student / NAME / "assignment.ipynb", as_version=4
        )
