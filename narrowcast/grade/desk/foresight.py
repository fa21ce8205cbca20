"""What a class's notebooks will need: known before the first one runs, so that it is loaded once and for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from narrowcast.grade.box import Warmth
from narrowcast.grade.desk.assignment import Assignment

__all__ = ["foresee"]

MOST_FILES, MOST_BYTES = 200, 400_000
"""Notebooks that are looked into, and how far; what is missed only costs its submission half a second."""

HEAVY = ("scipy.stats", "scipy.optimize", "pyarrow")
DRAWN = (b"plot", b"figure")


def foresee(assignment: Assignment, folders: Iterable[Path]) -> Warmth:
    """Return what boxes should have ready: what the assignment, and somebody's submission, speaks of.

    Parameters
    ----------
    assignment
        What is graded.
    folders
        What was handed in.
    """
    texts = [slot.source.encode() for one in assignment.templates.values() for slot in one.cells]
    texts += islice(_beginnings(folders), MOST_FILES)
    whole = b"\n".join(texts)
    markets = assignment.key.worlds if assignment.key else ()
    return Warmth(
        modules=("numpy", "pandas", *(name for name in HEAVY if name.partition(".")[0].encode() in whole)),
        markets=markets,
        figures=any(word in whole for word in DRAWN),
    )


def _beginnings(folders: Iterable[Path]) -> Iterator[bytes]:
    for folder in folders:
        for file in folder.glob("*.ipynb"):
            try:
                if file.is_file() and not file.is_symlink():
                    with file.open("rb") as opened:
                        yield opened.read(MOST_BYTES)
            except OSError:  # the intake will say so
                continue
