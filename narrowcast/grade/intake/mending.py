"""The cells of the template as they have to be, whatever the student made of them."""

from __future__ import annotations

from narrowcast.grade.intake.cells import Cell
from narrowcast.grade.intake.matching import unchanged
from narrowcast.grade.intake.repair import Log
from narrowcast.grade.intake.template import Slot
from narrowcast.language import gettext as _

__all__ = ["mend"]


def mend(slot: Slot, cell: Cell, log: Log) -> None:
    """Give a student's cell the kind, the name and, where it is locked, the text that it was handed out with."""
    if not slot.name:
        return
    cell.name = slot.name
    if cell.kind != slot.kind:
        told = _("The cell {cell} had been turned into another kind of cell; it was turned back.")
        log.add("turned", slot.name, told.format(cell=slot.name), for_student=True)
        cell.kind = slot.kind
    if _points_edited(slot, cell):
        told = _("The points or the role of the cell {cell} had been changed; they were put back.")
        log.add("metadata", slot.name, told.format(cell=slot.name))
    if slot.locked:
        if not unchanged(cell, slot) or not cell.source.strip():
            told = _("The cell {cell} must not be changed; its text was put back.")
            log.add("changed", slot.name, told.format(cell=slot.name), for_student=True)
        cell.source, cell.attachments = slot.source, dict(slot.attachments)
    if cell.kind == "code":
        cell.attachments = {}


def _points_edited(slot: Slot, cell: Cell) -> bool:
    about = slot.metadata["nbgrader"]
    return any(
        key in cell.about and cell.about[key] != about.get(key) for key in ("grade", "solution", "points")
    )
