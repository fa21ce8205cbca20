"""How a person, or a program, sees a class being graded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Self, TextIO

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from narrowcast.grade.desk.desk import Graded, Left, Told
from narrowcast.grade.desk.handing import Waiting
from narrowcast.grade.desk.run import Summary
from narrowcast.grade.ledger import Finished
from narrowcast.language import gettext as _
from narrowcast.language import ngettext

__all__ = ["ForPeople", "ForPrograms", "as_json"]

MOST_SHOWN = 30
"""Lines of a table; the rest is in the report."""


class ForPeople(AbstractContextManager["ForPeople"]):
    """A bar with the time left, and a table at the end of what a person should look at.

    Parameters
    ----------
    console
        Where to show it.
    """

    def __init__(self, console: Console) -> None:
        self._console = console
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                   TimeElapsedColumn())  # fmt: skip
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def warns(self, text: str) -> None:
        """Say what a person should know before."""
        self._console.print(escape(text), style="bold yellow", soft_wrap=True)

    def begins(self, waiting: Sequence[Waiting], finished: int) -> None:
        """Say how much there is to do."""
        if finished:
            told = ngettext(
                "{count} submission is finished and unchanged.",
                "{count} submissions are finished and unchanged.",
                finished,
            )
            self._console.print(told.format(count=finished))
        self._task = self._bar.add_task(_("Grading …"), total=len(waiting))

    def happened(self, told: Told) -> None:
        """Move the bar on; a submission that is left is told at once."""
        self._bar.advance(self._task)
        if isinstance(told, Left):
            text = _("{student} is not graded: {why}").format(student=told.student, why=told.why)
            self._bar.console.print(_shown(text), style="bold red", soft_wrap=True)

    def plans(self, summary: Summary) -> None:
        """Show what would be done."""
        table = Table(_("Student"), _("Why"))
        why = {"new": _("new"), "changed": _("changed since it was graded"), "again": _("asked for again")}
        for one in summary.waiting:
            table.add_row(_shown(one.student), why[one.why])
        if summary.waiting:
            self._console.print(table)
        self._console.print(_("{count} to be graded; nothing was graded.").format(count=len(summary.waiting)))

    def ends(self, summary: Summary) -> None:
        """Show what there is to look at, and what to do next."""
        table = Table(_("Student"), _("Look at"))
        lines = [(graded.student, note) for graded in summary.graded for note in notes(graded)]
        for student, note in lines[:MOST_SHOWN]:
            table.add_row(_shown(student), _shown(note))
        if lines:
            self._console.print(table)
        if len(lines) > MOST_SHOWN:
            self._console.print(_("… and {count} more.").format(count=len(lines) - MOST_SHOWN))
        told = _("{graded} graded, {left} could not be graded.").format(
            graded=len(summary.graded), left=len(summary.left)
        )
        self._console.print(told, style="bold red" if summary.left else "bold green")
        by_hand = sum(
            any(mark is None for row in one.rows for mark in row.marks.values()) for one in summary.graded
        )
        if by_hand:
            told = ngettext(
                "{count} submission waits for a person's marks: open the formgrader.",
                "{count} submissions wait for a person's marks: open the formgrader.",
                by_hand,
            )
            self._console.print(told.format(count=by_hand))
        if summary.graded:
            told = _("More: narrowcast report {name}; feedback: nbgrader generate_feedback {name}")
            self._console.print(told.format(name=summary.assignment), soft_wrap=True)


class ForPrograms(AbstractContextManager["ForPrograms"]):
    """One JSON object a line: each submission as it is finished, and a summary.

    Parameters
    ----------
    out
        Where the lines go.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._out.flush()

    def _say(self, what: dict[str, Any]) -> None:
        self._out.write(json.dumps(what, ensure_ascii=True, allow_nan=False) + "\n")
        self._out.flush()

    def warns(self, text: str) -> None:
        """Say what a person should know before."""
        self._say({"event": "warning", "text": text})

    def begins(self, waiting: Sequence[Waiting], finished: int) -> None:
        """Say how much there is to do."""
        todo = [{"student": one.student, "why": one.why} for one in waiting]
        self._say({"event": "begins", "finished": finished, "waiting": todo})

    def happened(self, told: Told) -> None:
        """Say what became of one submission."""
        self._say(as_json(told))

    def plans(self, summary: Summary) -> None:
        """Say that nothing was done; what would be was said at the beginning."""
        self.ends(summary)

    def ends(self, summary: Summary) -> None:
        """Say what it came to."""
        counts = {"graded": len(summary.graded), "left": len(summary.left), "finished": summary.finished}
        self._say(
            {"event": "ends", "assignment": summary.assignment, **counts, "of_classmates": summary.named}
        )


def as_json(told: Told) -> dict[str, Any]:
    """Return what became of a submission, as plain data."""
    if isinstance(told, Left):
        return {"event": "left", "student": told.student, "why": told.why}
    notebooks = {row.notebook: _row(row) for row in told.rows}
    score = sum(mark or 0.0 for row in told.rows for mark in row.marks.values())
    return {"event": "graded", "student": told.student, "score": score, "notebooks": notebooks}


def _row(row: Finished) -> dict[str, Any]:
    return {
        "marks": row.marks,
        "points": row.points,
        "verdicts": row.verdicts,
        "seconds": row.seconds,
        "problems": row.problems,
        "repairs": row.repairs,
        "quarantined": row.quarantined,
    }


def _shown(text: str) -> str:
    """Return text as the console takes it: half a letter, which a name of a file may hold, is written out."""
    return escape(text.encode("utf-8", "backslashreplace").decode())


def notes(graded: Graded) -> list[str]:
    """Return what an instructor should look at in a submission."""
    found = []
    for row in graded.rows:
        if row.quarantined:
            found.append(_("could not be read whole: {why}").format(why=row.quarantined))
        found += [one["told"] for one in row.repairs]
        for problem, told in (
            ("timeout", _("ran too long: {cells}")),
            ("memory", _("took too much memory: {cells}")),
            ("died", _("ended its own program: {cells}")),
            ("output", _("gave out too much: {cells}")),
            ("skipped", _("not run: {cells}")),
        ):
            cells = [cell for cell, what in row.problems.items() if what == problem]
            if cells:
                found.append(told.format(cells=", ".join(cells)))
    return found
