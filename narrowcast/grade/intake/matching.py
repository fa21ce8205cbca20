"""Which of a student's cells is which of the template's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from narrowcast.grade.intake.cells import Cell, same_text
from narrowcast.grade.intake.repair import Log
from narrowcast.grade.intake.template import Slot, Template
from narrowcast.language import gettext as _

__all__ = ["Match", "match", "unchanged"]


@dataclass
class Match:
    """A student's cells, and what they were found to be.

    Attributes
    ----------
    cells
        In the student's order; copies in which nothing was written are left out.
    found
        By position in the template, the cell that stands for it.
    doubtful
        Names of answers that are missing while something of the student's own stands in their place.
    """

    cells: list[Cell]
    found: dict[int, Cell] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)

    def free(self) -> list[Cell]:
        """Return the cells that stand for nothing so far, in order."""
        taken = {id(cell) for cell in self.found.values()}
        return [cell for cell in self.cells if id(cell) not in taken]


def unchanged(cell: Cell, slot: Slot) -> bool:
    """Return whether a cell holds what was handed out, or nothing."""
    return not cell.source.strip() or any(
        same_text(cell.source, text) for text in {slot.source, slot.handed_out}
    )


def match(template: Template, cells: Sequence[Cell], log: Log) -> Match:
    """Find the template's cells: by name, then by nbformat's id, then by their text, then by their place."""
    done = Match(list(cells))
    _by_name(template, done, log)
    _by_id(template, done, log)
    _by_text(template, done)
    _by_place(template, done, log)
    return done


def _by_name(template: Template, done: Match, log: Log) -> None:
    named: dict[str, list[Cell]] = {}
    for cell in done.cells:
        if cell.name in template.slots:
            named.setdefault(cell.name, []).append(cell)
        elif cell.name and not any(cell.name == other.name for other in template.cells):
            told = _("The assignment has no cell {name!r}: the cell was kept as one of the student's own.")
            log.add("unknown", "", told.format(name=cell.name[:80]))
    for name, copies in named.items():
        slot = template.slots[name]
        done.found[slot.place] = copies[0] if len(copies) == 1 else _chosen(slot, copies, done, log)
    chosen = {id(cell) for cell in done.found.values()}
    for cell in done.cells:
        if id(cell) not in chosen:
            cell.name = ""


def _chosen(slot: Slot, copies: list[Cell], done: Match, log: Log) -> Cell:
    """Return which of several cells of one name counts: the last in which something was written, else the last."""
    filled = copies if slot.locked else [cell for cell in copies if not unchanged(cell, slot)]
    chosen = (filled or copies)[-1]
    # A copy left empty below the answer would undo it when it runs; a copy of a check has nothing to give.
    empty = (
        []
        if slot.role == "given"
        else [cell for cell in copies if cell is not chosen and unchanged(cell, slot)]
    )
    done.cells = [cell for cell in done.cells if not any(cell is one for one in empty)]
    if slot.locked or len(filled) < 2:
        told = _("The cell {cell} was there {count} times; one of them counts.")
    else:
        told = _("The cell {cell} was filled in {count} times; the last one counts.")
    count = len(copies) if slot.locked or len(filled) < 2 else len(filled)
    log.add("duplicate", slot.name, told.format(cell=slot.name, count=count), for_student=not slot.locked)
    return chosen


def _missing(template: Template, done: Match) -> Iterator[Slot]:
    return (slot for slot in template.cells if slot.place not in done.found)


def _by_id(template: Template, done: Match, log: Log) -> None:
    free: dict[str, Cell] = {}
    for cell in done.free():
        if cell.id:
            free.setdefault(cell.id, cell)
    for slot in list(_missing(template, done)):
        known = free.get(slot.id)
        if known is not None:
            done.found[slot.place] = known
            if slot.name:
                told = _("The cell {cell} had lost its name; it was known by its id.")
                log.add("name", slot.name, told.format(cell=slot.name))


def _by_text(template: Template, done: Match) -> None:
    """Find cells that nobody changes: what is locked, and prose."""
    free = [cell for cell in done.free() if cell.source.strip()]
    for slot in list(_missing(template, done)):
        if slot.role in {"answer", "written"} or not slot.handed_out.strip():
            continue
        same = next((cell for cell in free if cell.kind == slot.kind and unchanged(cell, slot)), None)
        if same is not None:
            done.found[slot.place] = same
            free.remove(same)


def _by_place(template: Template, done: Match, log: Log) -> None:
    """Take what stands alone in the place of a missing text for it: a person marks that."""
    missing = [slot for slot in _missing(template, done) if slot.role == "written"]
    if not missing:
        return
    places = {id(cell): index for index, cell in enumerate(done.cells)}
    free = [cell for cell in done.free() if cell.source.strip()]
    for slot in missing:
        before = [places[id(cell)] for place, cell in done.found.items() if place < slot.place]
        after = [places[id(cell)] for place, cell in done.found.items() if place > slot.place]
        first, last = max(before, default=-1), min(after, default=len(done.cells))
        between = [cell for cell in free if first < places[id(cell)] < last and cell.kind == slot.kind]
        if len(between) == 1:
            done.found[slot.place] = between[0]
            free.remove(between[0])
            told = _("The cell {cell} was missing; what was written in its place was taken for it.")
            log.add("place", slot.name, told.format(cell=slot.name), for_student=True)
        elif between:
            done.doubtful.add(slot.name)
