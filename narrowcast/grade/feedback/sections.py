"""A notebook cut into its questions: what is asked, what was answered, what is marked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from narrowcast.grade.feedback.outputs import text_of

__all__ = ["LONGEST_TITLE", "Section", "name_of", "sections_of", "title_of"]

Cell = Mapping[str, Any]

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(\S[^\n]*)$", re.MULTILINE)
"""A heading; its closing signs are taken off apart, for a pattern that does it takes cubic time over many spaces."""
_POINTS = re.compile(r"\s*\(\d+(?:[.,]\d+)? (?:points?|điểm)\)$")
LONGEST_TITLE = 160


@dataclass
class Section:
    """One question with all that belongs to it; each list holds (place in the notebook, cell).

    Attributes
    ----------
    prose
        Texts that ask.
    answers
        Cells in which a student answers.
    checks
        Cells with a mark that a student does not write in.
    others
        Further code, run on the way.
    """

    prose: list[tuple[int, Cell]] = field(default_factory=list)
    answers: list[tuple[int, Cell]] = field(default_factory=list)
    checks: list[tuple[int, Cell]] = field(default_factory=list)
    others: list[tuple[int, Cell]] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The last heading among its texts; empty where there is none."""
        return title_of((cell for _place, cell in self.prose), last=True)

    def marked(self, graded: Collection[str]) -> list[tuple[int, Cell]]:
        """Return its cells with a mark, in order."""
        both = sorted([*self.answers, *self.checks], key=lambda one: one[0])
        return [one for one in both if name_of(one[1]) in graded and _is(one[1], "grade", "task")]


def name_of(cell: Cell) -> str:
    """Return nbgrader's id of a cell; empty where it has none."""
    return str(_about(cell).get("grade_id", ""))


def _about(cell: Cell) -> Mapping[str, Any]:
    about = cell.get("metadata", {}).get("nbgrader", {})
    return about if isinstance(about, Mapping) else {}


def _is(cell: Cell, *kinds: str) -> bool:
    return any(_about(cell).get(kind) for kind in kinds)


def title_of(cells: Iterable[Cell], *, last: bool = False) -> str:
    """Return the first or the last heading of some texts, without Markdown's signs."""
    texts = (text_of(cell.get("source")) for cell in cells if cell.get("cell_type") == "markdown")
    found = [_bare(heading) for text in texts for heading in _HEADING.findall(text)]
    title = re.sub(r"[*`]", "", found[-1 if last else 0]) if found else ""
    return _POINTS.sub("", title)[:LONGEST_TITLE]  # the points stand beside the mark


def _bare(heading: str) -> str:
    """Return a heading without the signs that may close it."""
    heading = heading[:1_000].rstrip()
    cut = heading.rstrip("#")
    return cut.rstrip() if cut != heading and cut.endswith((" ", "\t")) else heading


def sections_of(cells: Iterable[Cell], graded: Collection[str]) -> list[Section]:
    """Cut a notebook after each group of marked cells; what follows the last one makes a section without a mark.

    Parameters
    ----------
    cells
        Of a notebook of format 4.
    graded
        Names of the cells that the gradebook marks.
    """
    sections = [Section()]
    for place, cell in enumerate(cells):
        marked = name_of(cell) in graded and _is(cell, "grade", "task")
        if _closed(sections[-1], cell, graded=graded, marked=marked):
            sections.append(Section())
        _sort(sections[-1], place, cell, marked=marked)
    return [
        section
        for section in sections
        if any((section.prose, section.answers, section.checks, section.others))
    ]


def _closed(section: Section, cell: Cell, *, graded: Collection[str], marked: bool) -> bool:
    """Return whether a cell begins the next question."""
    if not section.marked(graded):
        return False
    return not marked or _is(cell, "solution")


def _sort(section: Section, place: int, cell: Cell, *, marked: bool) -> None:
    one = (place, cell)
    if _is(cell, "solution"):
        section.answers.append(one)
    elif _is(cell, "task"):
        section.prose.append(one)
        section.checks.append(one)
    elif marked:
        section.checks.append(one)
    elif cell.get("cell_type") == "markdown":
        section.prose.append(one)
    elif cell.get("cell_type") == "code":
        section.others.append(one)
