"""A trick: what one student does to be given points, to cost others some, or to break the grading of a class.

A trick stands in an otherwise honest notebook, as the code of the answer to q2, in a cell before all others or after
them, in the notebook's file, or in the files beside it. Whatever it does, it may get what the honest part earns.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from narrowcast.grade.submission import fill
from narrowcast.judge.loading import load_module

__all__ = [
    "ANSWERS",
    "APART",
    "FULL",
    "WRONG",
    "Facts",
    "Trick",
    "cell_of",
    "code_cell",
    "notebook_of",
    "written",
]

ANSWERS = load_module(Path(__file__).parents[2] / "assignments" / "01-rules-flipped" / "answers.py", "")
"""What is right, as students write it."""

Json = dict[str, Any]
Change = Callable[[Json], Json | bytes]
Files = Callable[[Path, "Facts"], None]

FULL: Mapping[str, float] = {"q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0, "q5": 6.0, "q6": 4.0}
"""The most that can be had in Assignment 1."""
WRONG = "conversion_rate = 0.987654"
"""An answer of the right form that no market and no known mistake leads to."""
HONEST = ("q1", "q3", "q4")
"""What is answered, and answered well, in a notebook with a trick: q2 is what the trick is after."""
APART = """
import os
assert os.readlink('/proc/self/ns/pid') != '@PIDNS@', 'only where processes are shut in'
"""
"""What would harm this machine without a sandbox begins with this: elsewhere the trick gives up by itself."""
DEAR = "trial ="
"""The cell that tries a campaign out: left out, since nobody marks it and it takes its time."""


@dataclass(frozen=True)
class Facts:
    """What a trick may know of the machine and the course that it is up against: more than a student would.

    Parameters
    ----------
    root
        The course root.
    outside
        A folder that anybody may write into; whatever lies there afterwards got out of the sandbox.
    words
        Further facts by name: ports, process ids, a name for processes that stay behind.
    """

    root: Path
    outside: Path
    words: Mapping[str, str] = field(default_factory=dict)

    def fill(self, code: str) -> str:
        """Return code with @NAME@ replaced by what it stands for."""
        words = {"ROOT": str(self.root), "OUTSIDE": str(self.outside), **self.words}
        for name, value in words.items():
            code = code.replace(f"@{name}@", value)
        return code


@dataclass(frozen=True)
class Trick:
    """One trick.

    Parameters
    ----------
    name, why
        What it is called, and in a line what it would do.
    code
        Stands in the answer cell of q2, before `answer`.
    answer
        What the answer cell of q2 ends in; empty where the code gives the answer itself.
    first, last
        Cells before and after all others.
    answers
        What stands in the answer cells of other questions, instead of what is right.
    change
        What is done to the notebook; bytes are written as they are.
    files
        What is done to the folder that is handed in, with the notebook in it.
    most
        The most that each question may get, where that is not what an honest notebook gets.
    keep
        Questions that must get full marks all the same.
    told
        What the instructor must be told, any one of these: "timeout", "memory", "died", "output", "skipped",
        "error" of a cell; "repair", "quarantine" of the notebook. Empty: nothing need be told.
    known
        Why no sandbox can prevent it; empty where it must be prevented.
    burns
        Whether it runs into a limit of time or room, and so takes seconds.
    student
        The folder's name; empty is one made of the trick's name.
    """

    name: str
    why: str
    code: str = ""
    answer: str = WRONG
    first: str = ""
    last: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    change: Change | None = None
    files: Files | None = None
    most: Mapping[str, float] = field(default_factory=dict)
    keep: Sequence[str] = HONEST
    told: Sequence[str] = ()
    known: str = ""
    burns: bool = False
    student: str = ""

    @property
    def owner(self) -> str:
        """The student who hands it in."""
        return self.student or self.name

    @property
    def in_file(self) -> bool:
        """Whether the trick is in the files, so that only a whole grader meets it."""
        return self.change is not None or self.files is not None

    def at_most(self, question: str) -> float:
        """Return the most that a question may get."""
        honest = FULL[question] if question in HONEST else 0.0
        return self.most.get(question, honest)


def code_cell(source: str, **metadata: Any) -> Json:
    """Return a code cell without an id, as many programs write it."""
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "outputs": [],
        "execution_count": None,
    }


def cell_of(notebook: Json, name: str) -> Json:
    """Return the cell of a grade_id."""
    return next(one for one in notebook["cells"] if _grade_id(one) == name)


def _grade_id(cell: Json) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def notebook_of(trick: Trick, released: Json, facts: Facts) -> Json:
    """Return the notebook that a trick stands in, before `change`."""
    code = facts.fill("\n".join(part for part in (trick.code, trick.answer) if part))
    right = {name: ANSWERS.RIGHT[name] for name in HONEST}
    answers = {**right, "q2": code, **{name: facts.fill(text) for name, text in trick.answers.items()}}
    notebook = fill(copy.deepcopy(released), trick.owner.replace("\n", " ").replace('"', ""), answers)
    cells = [one for one in notebook["cells"] if not _source(one).startswith(DEAR)]
    if trick.first:
        cells.insert(0, _numbered(code_cell(facts.fill(trick.first)), "first"))
    if trick.last:
        cells.append(_numbered(code_cell(facts.fill(trick.last)), "last"))
    return {**notebook, "cells": cells}


def _source(cell: Json) -> str:
    return "".join(cell["source"])


def _numbered(cell: Json, name: str) -> Json:
    return {**cell, "id": f"tricks-{name}"}


def written(trick: Trick, released: Json, facts: Facts, folder: Path, stem: str = "assignment") -> None:
    """Write what is handed in into a folder that is there."""
    notebook = notebook_of(trick, released, facts)
    changed = trick.change(notebook) if trick.change else notebook
    data = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
    (folder / f"{stem}.ipynb").write_bytes(data)
    if trick.files is not None:
        trick.files(folder, facts)
