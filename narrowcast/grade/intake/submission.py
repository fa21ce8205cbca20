"""A notebook that was handed in, read: what can be run and marked, and what had to be mended for that."""

from __future__ import annotations

import copy
import errno
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowcast.grade.intake.arranging import Row, arrange
from narrowcast.grade.intake.building import build, written_code
from narrowcast.grade.intake.cells import plain_cells
from narrowcast.grade.intake.decoding import cells_of, text_of
from narrowcast.grade.intake.matching import match, unchanged
from narrowcast.grade.intake.mending import mend
from narrowcast.grade.intake.reading import read_bytes
from narrowcast.grade.intake.repair import Log, Quarantine, Repair
from narrowcast.grade.intake.template import Template
from narrowcast.grade.intake.twins import Candidate, choose
from narrowcast.language import gettext as _

__all__ = ["Intake", "read_submission"]


@dataclass(frozen=True)
class Intake:
    """One notebook of a submission, ready to be run.

    Attributes
    ----------
    notebook
        Valid in nbformat 4.5, without outputs: every named cell of the template once, with its kind; locked ones
        with the instructor's text; the student's own cells where they were.
    repairs
        What was mended, in order.
    quarantined
        Why the file could not be read whole; empty where it could. What was readable is in the notebook.
    file
        The file that was read.
    template
        What was handed out.
    untouched
        Names of the answers in which nothing was written.
    written
        The code that the student wrote, cell by cell, without the lines that were handed out.
    """

    notebook: dict[str, Any]
    repairs: tuple[Repair, ...]
    quarantined: str
    file: Path
    template: Template
    untouched: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def for_student(self) -> list[str]:
        """What the student is told."""
        return [repair.told for repair in self.repairs if repair.for_student]


def read_submission(path: Path, template: Template, twins: Sequence[Path] = ()) -> Intake:
    """Read a notebook, whatever a student made of it.

    Parameters
    ----------
    path
        Where it should be.
    template
        What was handed out.
    twins
        Other notebooks in the same folder: copies and renamed ones. One of them is taken where the file is missing,
        broken or empty and the other is not.

    Raises
    ------
    OSError
        If the machine is in trouble: no memory, a broken disk. Nothing that a student can do raises.
    """
    candidates = [_candidate(path, template, required=True)]
    candidates += [_candidate(twin, template, required=False) for twin in twins[:MOST_TWINS] if twin != path]
    chosen, log = choose(candidates, template)
    return _taken(chosen, template, log)


MOST_TWINS = 20
"""Other notebooks of one folder that are looked into."""


def _candidate(path: Path, template: Template, *, required: bool) -> Candidate:
    log, cells, why = Log(), [], ""
    try:
        found, why = cells_of(text_of(read_bytes(path, log), log), log)
        cells = plain_cells(found, log)
    except Quarantine as reason:
        why = str(reason)
    except MemoryError as error:
        raise OSError(errno.ENOMEM, "no memory to read the file", str(path)) from error
    known = {cell.name for cell in cells} & set(template.slots)
    if not known:
        known = {slot.name for slot in template.slots.values() if slot.id in {cell.id for cell in cells}}
    if required and not known and template.slots and not why:
        why = _("it holds no cell of this assignment.")
    return Candidate(path, cells, why, log, frozenset(known))


def _taken(chosen: Candidate, template: Template, log: Log) -> Intake:
    found = match(template, chosen.cells, log)
    row = Row(template, found.cells, found.found)
    arrange(row, log, whole=bool(chosen.why))
    for slot in template.cells:
        if slot.place in row.found:
            mend(slot, row.found[slot.place], log)
    answers = [slot for slot in template.slots.values() if slot.role in {"answer", "written"}]
    untouched = tuple(
        slot.name
        for slot in answers
        if unchanged(row.found[slot.place], slot) and not row.found[slot.place].attachments
        if slot.name not in found.doubtful
    )
    notebook = build(row, copy.deepcopy(dict(template.metadata)))
    written = written_code(row, untouched)
    return Intake(notebook, log.repairs, chosen.why, chosen.path, template, untouched, written)
