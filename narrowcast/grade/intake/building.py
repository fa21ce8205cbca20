"""The mended cells as a notebook, and the code in them that is the student's."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from typing import Any

from narrowcast.grade.intake.arranging import Row
from narrowcast.grade.intake.cells import Cell
from narrowcast.grade.intake.template import Slot

__all__ = ["build", "written_code"]


def build(row: Row, metadata: Mapping[str, Any]) -> dict[str, Any]:
    """Return a valid notebook of nbformat 4.5 without outputs."""
    slots = _slots(row)
    taken = {slot.id for slot in slots.values() if slot.name}
    cells = []
    for index, cell in enumerate(row.cells):
        slot = slots.get(id(cell))
        if slot is not None and slot.name:
            cells.append(_cell(cell, slot.id, slot.metadata))
            continue
        cells.append(_cell(cell, _fresh(cell.id, index, cell.source, taken), {}))
        taken.add(cells[-1]["id"])
    return {"cells": cells, "metadata": dict(metadata), "nbformat": 4, "nbformat_minor": 5}


def _slots(row: Row) -> dict[int, Slot]:
    return {id(cell): row.template.cells[place] for place, cell in row.found.items()}


def _fresh(wanted: str, index: int, source: str, taken: Collection[str]) -> str:
    """Return a valid id that no other cell has: the cell's own, or one that is the same each time."""
    tries = 0
    while not wanted or wanted in taken:
        wanted = hashlib.sha256(f"{tries} {index} {source}".encode()).hexdigest()[:12]
        tries += 1
    return wanted


def _cell(cell: Cell, identity: str, metadata: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": identity,
        "metadata": {**metadata},
        "source": cell.source,
    }
    if cell.kind == "code":
        made.update(execution_count=None, outputs=[])
    elif cell.attachments:
        made["attachments"] = cell.attachments
    return made


def written_code(row: Row, untouched: Collection[str]) -> tuple[str, ...]:
    """Return the code that a student wrote, cell by cell, without the lines that were handed out."""
    slots = _slots(row)
    found = []
    for cell in row.cells:
        slot = slots.get(id(cell))
        if cell.kind != "code" or (slot is not None and (slot.locked or slot.name in untouched)):
            continue
        given = {line.strip() for line in slot.handed_out.splitlines()} if slot is not None else set()
        lines = [line for line in cell.source.splitlines() if line.strip() not in given]
        if any(line.strip() for line in lines):
            found.append("\n".join(lines))
    return tuple(found)
