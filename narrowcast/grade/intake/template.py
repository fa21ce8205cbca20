"""The notebook that was handed out: its cells in order, what each is for, and what has to stand in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from narrowcast.errors import CourseError
from narrowcast.grade.intake.cells import CELL_ID, KINDS, Cell
from narrowcast.grade.intake.clearing import cleared, handed_out
from narrowcast.language import gettext as _

__all__ = ["Slot", "Template"]


@dataclass(frozen=True, eq=False)
class Slot:
    """One cell of the notebook that was handed out.

    Attributes
    ----------
    name
        nbgrader's id; empty where the cell is prose or an example, which students may change and delete.
    kind
        "code", "markdown" or "raw".
    role
        "check" (its outputs are marked), "answer", "written" (an answer that a person marks), "task", "given"
        (locked), or "" for a cell without a name.
    points
        The most that can be had; 0 where it is not marked.
    source
        What is to stand in it when it is run: of answers, the stub.
    handed_out
        What the student received: `source` without hidden tests.
    id
        nbformat's id.
    place
        Position in the notebook, from 0.
    metadata
        The cell's metadata, as they are restored.
    attachments
        Pictures that its text shows.
    """

    name: str
    kind: str
    role: str
    points: float
    source: str
    handed_out: str
    id: str
    place: int
    metadata: Mapping[str, Any]
    attachments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def locked(self) -> bool:
        """Whether a student must not change it."""
        return self.role in {"check", "given", "task"}

    def as_cell(self) -> Cell:
        """Return the cell as it was handed out."""
        return Cell(self.kind, self.source, self.id, self.name, dict(self.attachments))


@dataclass(frozen=True, eq=False)
class Template:
    """One notebook of an assignment, as it was handed out.

    Attributes
    ----------
    cells
        All its cells, in order.
    metadata
        The notebook's metadata: kernel and language.
    """

    cells: tuple[Slot, ...]
    metadata: Mapping[str, Any]

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """The cells that have a name, by it, in order."""
        return {cell.name: cell for cell in self.cells if cell.name}

    @classmethod
    def of(cls, notebook: Mapping[str, Any], *, texts: Mapping[str, str] | None = None) -> Template:
        """Make a template of a notebook without solutions.

        Parameters
        ----------
        notebook
            In nbformat 4: the release version, or a source version whose solutions were cleared.
        texts
            Text of locked cells by nbgrader's id, instead of the notebook's, such as the gradebook keeps it: hidden
            tests, and tests that nbgrader has filled in.

        Raises
        ------
        CourseError
            If two cells have the same name, or it has no cells.
        """
        found = notebook.get("cells")
        if not isinstance(found, list) or not all(isinstance(cell, Mapping) for cell in found):
            raise _unusable(_("it has no list of cells"))
        cells = tuple(_slot(cell, place, texts or {}) for place, cell in enumerate(found))
        names = [cell.name for cell in cells if cell.name]
        for name in names:
            if names.count(name) > 1:
                raise _unusable(_("two cells have the name {name!r}").format(name=name))
        return cls(_with_ids(cells), dict(notebook.get("metadata", {})))

    @classmethod
    def read(
        cls,
        path: Path,
        *,
        code_stub: str | None = None,
        text_stub: str | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> Template:
        """Read a template from a file.

        Parameters
        ----------
        path
            The instructor's version with its solutions, if stubs are given; else the release version.
        code_stub, text_stub
            What stands where a solution stood (`ClearSolutions` of nbgrader's configuration); both or none.
        texts
            As in `of`.

        Raises
        ------
        CourseError
            If it cannot be read, or its solutions cannot be taken out.
        """
        try:
            notebook = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            problem = _("{path} cannot be read: {why}").format(path=path, why=error)
            raise CourseError(problem, _("Run `narrowcast build` first.")) from error
        if not isinstance(notebook, dict):
            raise _unusable(_("it is no notebook"))
        if code_stub is not None and text_stub is not None:
            notebook = cleared(notebook, code_stub, text_stub)
        return cls.of(notebook, texts=texts)


def _unusable(why: str) -> CourseError:
    problem = _("The notebook that was handed out cannot be used: {why}.").format(why=why)
    return CourseError(problem, _("Mend the source version of the assignment."))


def _slot(cell: Mapping[str, Any], place: int, texts: Mapping[str, str]) -> Slot:
    about = cell.get("metadata", {}).get("nbgrader", {})
    role = _role(about)
    name = str(about.get("grade_id", "")) if role else ""
    kind = cell.get("cell_type")
    if kind not in KINDS:
        raise _unusable(_("a cell is of the unknown kind {kind!r}").format(kind=kind))
    given = cell.get("source", "")
    source = given if isinstance(given, str) else "".join(given)
    locked = role in {"check", "given", "task"}
    points = float(about.get("points") or 0) if role in {"check", "written", "task"} else 0.0
    text = texts.get(name, source) if locked else source
    metadata = _metadata(cell.get("metadata", {}), role, name, kind, points)
    shown = handed_out(source) if locked else source
    own = cell.get("id")
    identity = own if isinstance(own, str) and CELL_ID.match(own) else ""
    pictures = dict(cell.get("attachments", {})) if kind != "code" else {}
    return Slot(name, kind, role, points, text, shown, identity, place, metadata, pictures)


def _role(about: Mapping[str, Any]) -> str:
    """Return what a cell is for, by nbgrader's rules (`nbgrader.utils`)."""
    if not about.get("grade_id"):
        return ""
    if about.get("task"):
        return "task"
    if about.get("solution"):
        return "written" if about.get("grade") else "answer"
    return "check" if about.get("grade") else "given" if about.get("locked") else ""


def _metadata(found: Mapping[str, Any], role: str, name: str, kind: str, points: float) -> dict[str, Any]:
    if not role:
        return {key: value for key, value in found.items() if key != "nbgrader"}
    old = found["nbgrader"]
    about = {
        "cell_type": kind,
        "grade": role in {"check", "written"},
        "grade_id": name,
        "locked": bool(old.get("locked")),
        "schema_version": 3,
        "solution": role in {"answer", "written"},
        "task": role == "task",
    }
    if role in {"check", "written", "task"}:
        about["points"] = points
    if isinstance(old.get("checksum"), str) and len(old["checksum"]) == 32:
        about["checksum"] = old["checksum"]
    return {**found, "nbgrader": about}


def _with_ids(cells: Sequence[Slot]) -> tuple[Slot, ...]:
    """Give each cell an id of its own, the same whenever the notebook is read."""
    taken: set[str] = set()
    done = []
    for cell in cells:
        fresh = hashlib.sha256(f"{cell.place} {cell.name} {cell.handed_out}".encode()).hexdigest()[:12]
        identity = cell.id if cell.id and cell.id not in taken else fresh
        taken.add(identity)
        done.append(Slot(**{**cell.__dict__, "id": identity}))
    return tuple(done)
