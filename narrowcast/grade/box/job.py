"""What goes into a box, what comes out of it, and how much of everything there may be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Cell", "CellResult", "Handed", "Job", "Limits", "Result", "Warmth"]


@dataclass(frozen=True)
class Cell:
    """A code cell.

    Attributes
    ----------
    index
        Its place among all cells of the notebook; whatever the caller counts by.
    name
        Its grade_id; "" where it has none.
    source
        The code.
    """

    index: int
    name: str
    source: str


@dataclass(frozen=True)
class Job:
    """A notebook to be run.

    Attributes
    ----------
    assignment, student, notebook
        Whose it is. The student's id decides the market.
    folder
        Files that go with it; regular files are copied, links are not followed, notebooks are left out.
    cells
        The code cells, in order.
    inputs
        By question, what a function is called with.
    language
        What the student is spoken to in.
    extra
        Further files by their path within the folder; they win over the folder's, and none is left out.
    drawn
        What was drawn of the student's markets before, so that it is not drawn again: see `narrowcast.worlds.drawn`.
        It tells nothing that code in the box could not draw for itself.
    """

    assignment: str
    student: str
    notebook: str
    folder: Path | None
    cells: Sequence[Cell]
    inputs: Mapping[str, Any]
    language: str = "en"
    extra: Mapping[str, bytes] = field(default_factory=dict)
    drawn: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Limits:
    """How much a submission may use.

    Attributes
    ----------
    cell_seconds, seconds
        Time for a cell and for all of them, in seconds by the clock.
    memory
        Bytes, all processes of a submission together, beyond what the warm process holds.
    processes
        Processes and threads at a time.
    disk
        Bytes of files it may write, besides those handed in with it (which may be as many again); where only limits
        protect this machine, bytes of each file.
    output
        Bytes of outputs a cell.
    answer
        Bytes of an answer as JSON.
    """

    cell_seconds: float = 30
    seconds: float = 120
    memory: int = 2 << 30
    processes: int = 32
    disk: int = 64 << 20
    output: int = 1 << 20
    answer: int = 2 << 20


@dataclass(frozen=True)
class Warmth:
    """What a warm process has ready before the first submission comes; what it has not, a cell loads for itself.

    Attributes
    ----------
    modules
        Libraries to import.
    markets
        Markets to look into; None is every one there is.
    figures
        Whether a figure is drawn.
    """

    modules: tuple[str, ...] = ("numpy", "pandas", "scipy.stats", "scipy.optimize", "pyarrow")
    markets: tuple[str, ...] | None = None
    figures: bool = True


@dataclass(frozen=True)
class CellResult:
    """What a cell did.

    Attributes
    ----------
    index
        The cell's.
    outputs
        As nbformat 4 has them. A cell that did not run to its end has an error among them.
    seconds
        By our clock.
    problem
        "", "error", "timeout", "memory", "died", "output" (cut or ended for its size) or "skipped".
    """

    index: int
    outputs: list[dict[str, Any]]
    seconds: float
    problem: str


@dataclass(frozen=True)
class Handed:
    """An answer that was handed out while a cell ran; nothing in it is to be trusted.

    Attributes
    ----------
    cell
        The cell's index.
    question
        What it says it answers.
    data
        Plain data.
    """

    cell: int
    question: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What a submission did.

    Attributes
    ----------
    job
        What was run.
    cells
        One for each cell, in order.
    answers
        In the order they came.
    problem
        "", "timeout" (of the submission as a whole), "sandbox" or "machine" (ours: may be tried again).
    told
        The problem, for a person; also which files were left out.
    seconds
        By our clock.
    """

    job: Job
    cells: tuple[CellResult, ...]
    answers: tuple[Handed, ...]
    problem: str
    told: str
    seconds: float
