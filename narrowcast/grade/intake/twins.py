"""Which of several files is the one to be marked: browsers and JupyterLab give copies other names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from narrowcast.grade.intake.cells import Cell
from narrowcast.grade.intake.matching import unchanged
from narrowcast.grade.intake.repair import Log
from narrowcast.grade.intake.template import Template
from narrowcast.language import gettext as _

__all__ = ["Candidate", "choose"]


@dataclass(frozen=True)
class Candidate:
    """A file that may be the notebook.

    Attributes
    ----------
    path
        Where it lies.
    cells
        What could be read of it.
    why
        Why it could not be read whole; empty where it could.
    log
        What was mended so far.
    known
        Names of the template's cells that are in it.
    """

    path: Path
    cells: Sequence[Cell]
    why: str
    log: Log
    known: frozenset[str]

    def filled(self, template: Template) -> set[str]:
        """Return the names of the answers in which something was written."""
        by_name = ((cell, template.slots.get(cell.name)) for cell in self.cells)
        return {
            slot.name
            for cell, slot in by_name
            if slot is not None and slot.role in {"answer", "written"} and not unchanged(cell, slot)
        }


def choose(candidates: Sequence[Candidate], template: Template) -> tuple[Candidate, Log]:
    """Return the file to be marked, and what is told of that.

    The first one is marked, unless it is missing, broken or empty and another that holds at least half of the
    template's cells is better.
    """
    first = candidates[0]
    # Where nothing else was handed in, the rest of a notebook is better than none.
    enough = len(template.slots) / 2 if first.cells else 1
    twins = [one for one in candidates[1:] if len(one.known) >= max(enough, 1)]

    def worth(one: Candidate) -> tuple[bool, int, int]:
        return not one.why, len(one.filled(template)), len(one.known)

    best = max(twins, key=worth, default=first)
    needed = bool(first.why) or not first.filled(template)
    chosen = best if needed and worth(best) > worth(first) else first
    for one in twins:
        if one is chosen:
            told = _("The notebook {name!r} was marked: {wanted!r} was missing, broken or empty.")
            told = told.format(name=_shown(one.path), wanted=_shown(first.path))
            chosen.log.add("renamed", "", told, for_student=True)
        elif one.filled(template):
            told = _("Another notebook was not marked: {name!r}.").format(name=_shown(one.path))
            chosen.log.add("extra", "", told, for_student=True)
    return chosen, chosen.log


def _shown(path: Path) -> str:
    """Return a file's name as text that can be written: names may hold bytes that are no letters."""
    return path.name.encode("utf-8", "replace").decode()[:120]
