"""The order of a mended notebook: the student's, except where a check would come before what it checks."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence

from narrowcast.grade.intake.cells import Cell
from narrowcast.grade.intake.repair import Log
from narrowcast.grade.intake.template import Slot, Template
from narrowcast.language import gettext as _

__all__ = ["Row", "arrange", "rising"]


class Row:
    """Cells in order, some of which stand for cells of the template.

    Parameters
    ----------
    template
        What was handed out.
    cells
        The student's cells, in the student's order.
    found
        By position in the template, the cell that stands for it.
    """

    def __init__(self, template: Template, cells: Sequence[Cell], found: Mapping[int, Cell]) -> None:
        self.template, self.cells, self.found = template, list(cells), dict(found)

    def index(self, slot: Slot) -> int | None:
        """Return where a cell of the template stands; None where it does not."""
        cell = self.found.get(slot.place)
        return None if cell is None else self.cells.index(cell)

    def take_out(self, slot: Slot) -> Cell:
        """Take a cell of the template out."""
        cell = self.found.pop(slot.place)
        self.cells.remove(cell)
        return cell

    def put(self, slot: Slot, cell: Cell, index: int) -> None:
        """Put a cell of the template before the one at an index."""
        self.cells.insert(index, cell)
        self.found[slot.place] = cell

    def put_back(self, slot: Slot, cell: Cell) -> None:
        """Put a cell of the template where it belongs: before what follows it, as far as the locked ones let it."""
        first, last = self._bounds(slot)
        following = (self.index(other) for other in self.template.cells[slot.place + 1 :])
        index = next((at for at in following if at is not None and first <= at <= last), last)
        self.put(slot, cell, index)

    def _bounds(self, slot: Slot) -> tuple[int, int]:
        """Return between which indices it comes neither before a locked cell above it nor behind one below."""
        first, last = 0, len(self.cells)
        for other in self.template.cells[slot.place + 1 :]:
            at = self.index(other) if other.locked else None
            last = last if at is None else min(last, at)
        for other in self.template.cells[: slot.place]:
            at = self.index(other)
            if at is not None and at < last and (other.locked or (slot.locked and other.role == "answer")):
                first = max(first, at + 1)
        return first, last


def rising(numbers: Sequence[int]) -> set[int]:
    """Return a longest selection of different numbers that rises as it is."""
    tails: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tails, number)
        before[number] = tails[at - 1] if at else None
        tails[at : at + 1] = [number]
    chosen: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        chosen.add(last)
        last = before[last]
    return chosen


def arrange(row: Row, log: Log, *, whole: bool) -> None:
    """Put a student's cells in an order in which they can be marked.

    Locked cells come in the template's order, each check behind the answers that it checks, and what is missing
    comes back: answers empty, so that nothing a student wrote elsewhere is undone. All else stays where it was.

    Parameters
    ----------
    row
        The cells; changed in place.
    log
        Where it is told.
    whole
        Whether prose and examples that are missing come back too.
    """
    _order_locked(row, log)
    for slot in row.template.cells:
        if slot.place not in row.found and (slot.name or whole):
            row.put_back(slot, _restored(slot, log, tell=not whole))
    _answers_first(row, log)


def _restored(slot: Slot, log: Log, *, tell: bool) -> Cell:
    cell = slot.as_cell()
    if slot.role in {"answer", "written"}:
        cell.source = ""
    if tell:
        told = _("The cell {cell} was missing; it was put back.").format(cell=slot.name)
        log.add("missing", slot.name, told, for_student=True)
    return cell


def _moved(slot: Slot, log: Log) -> None:
    told = _("The cell {cell} stood in another place; it was put back.").format(cell=slot.name)
    log.add("moved", slot.name, told, for_student=True)


def _order_locked(row: Row, log: Log) -> None:
    locked = [
        (row.index(slot), slot) for slot in row.template.cells if slot.locked and slot.place in row.found
    ]
    in_order = rising([slot.place for _at, slot in sorted(locked, key=lambda pair: pair[0] or 0)])
    out = [slot for _at, slot in locked if slot.place not in in_order]
    cells = [(slot, row.take_out(slot)) for slot in out]
    for slot, cell in cells:
        row.put_back(slot, cell)
        _moved(slot, log)


def _answers_first(row: Row, log: Log) -> None:
    cells = row.template.cells
    for answer in cells:
        check = next((cell for cell in cells[answer.place :] if cell.role == "check"), None)
        if answer.role != "answer" or check is None:
            continue
        at, checked = row.index(answer), row.index(check)
        if at is None or checked is None or at < checked:
            continue
        later = [row.index(cell) for cell in cells[check.place + 1 :] if cell.locked]
        if all(at < index for index in later if index is not None):
            # The student's own order is kept where it can be: the check comes to the answer.
            cell = row.take_out(check)
            row.put(check, cell, at)
        else:
            row.put_back(answer, row.take_out(answer))
        _moved(answer, log)
