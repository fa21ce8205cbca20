"""The ledger: which submissions are finished, and all that was found out about them.

A row is written last, after the gradebook and the notebook: what has a row needs no work again, whenever the
machine went down. Rows are plain JSON in a SQLite file beside the gradebook.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from narrowcast.errors import CourseError
from narrowcast.judge.places import VIETNAMESE
from narrowcast.language import gettext as _

__all__ = ["Finished", "Ledger", "ledger_path"]

PATIENCE = 30.0
"""Seconds for which one program waits while another one writes."""

_TABLE = """
create table if not exists finished (
    assignment text not null, student text not null, notebook text not null, row text not null,
    primary key (assignment, student, notebook)
)"""


@dataclass(frozen=True)
class Finished:
    """One notebook of one student, finished.

    Attributes
    ----------
    assignment, student, notebook
        Whose it is; `notebook` is its name without the ending.
    source
        Hash of all that decides the mark: what was handed in, the key, the assignment, the limits.
    verdicts
        By question of a key, `Verdict.to_json()`.
    marks
        By graded cell; None where a person has to give the mark.
    points
        By graded cell: the most that can be had.
    seconds
        By code cell, how long it ran; a cell without a name is "#" and its place.
    problems
        By code cell: "timeout", "memory", "died", "output", "skipped" or "error".
    repairs
        What was mended, each with kind, cell, told, for_student.
    quarantined
        Why it could not be read; empty where it could.
    prints
        The fingerprint of the student's code.
    answers
        By question, what was handed in, as plain data; only what is short.
    truths
        By question, what would have been right in this student's market, where that is short: a classmate's answer
        may be just this.
    finished
        When, as ISO 8601 in UTC.
    """

    assignment: str
    student: str
    notebook: str
    source: str = ""
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    marks: dict[str, float | None] = field(default_factory=dict)
    points: dict[str, float] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    repairs: list[dict[str, Any]] = field(default_factory=list)
    quarantined: str = ""
    prints: list[int] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    truths: dict[str, Any] = field(default_factory=dict)
    finished: str = ""


def ledger_path(root: Path) -> Path:
    """Return where the ledger of a course lies, beside its gradebook."""
    return root / "ledger.db"


class Ledger:
    """The ledger of a course; several programs may read it while one writes.

    Parameters
    ----------
    path
        Its file; made when it is missing.

    Raises
    ------
    CourseError
        If the file is no ledger or cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._db: sqlite3.Connection | None = None
        try:
            self._db = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
            self._db.execute("pragma journal_mode = wal")  # readers never hold up the writer
            self._db.execute("pragma synchronous = full")  # a row that was told is on the disk
            self._db.execute(_TABLE)
        except sqlite3.Error as error:
            self.close()
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> CourseError:
        problem = _("The ledger {path} cannot be used: {why}.").format(path=self._path, why=error)
        cure = _("Move it elsewhere and grade again: marks are in the gradebook, and manual ones are kept.")
        if isinstance(
            error, sqlite3.OperationalError
        ):  # a full disk, a lock, a folder that may not be written to
            cure = _(
                "Make room, or wait until no other program holds it; then grade again: what is finished stays."
            )
        return CourseError(problem, cure)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    def _run(self, statement: str, values: Sequence[object] = ()) -> list[tuple[str, ...]]:
        if self._db is None:
            raise ValueError("the ledger is closed")
        try:
            return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def beside(self, assignment: str) -> list[Finished]:
        """Return what is finished of an assignment's other language versions: they are judged by the same key."""
        base = assignment.removesuffix(VIETNAMESE)
        return [
            row
            for name in (base, base + VIETNAMESE)
            if name != assignment
            for row in self.finished(name).values()
        ]

    def finished(self, assignment: str) -> dict[tuple[str, str], Finished]:
        """Return what is finished of an assignment, by (student, notebook), sorted."""
        rows = self._run(
            "select row from finished where assignment = ? order by student, notebook", [assignment]
        )
        try:
            read = [Finished(**json.loads(row)) for (row,) in rows]
        except (ValueError, TypeError) as error:
            raise self._broken(error) from error
        return {(one.student, one.notebook): one for one in read}

    def keep(self, rows: Sequence[Finished]) -> None:
        """Write rows, all or none; what stood there for the same notebooks is replaced."""
        self._run("begin immediate")
        try:
            for one in rows:
                text = json.dumps(asdict(one), allow_nan=False)
                place = [one.assignment, one.student, one.notebook, text]
                self._run("insert or replace into finished values (?, ?, ?, ?)", place)
            self._run("commit")
        except BaseException:
            if self._db is not None and self._db.in_transaction:  # on a full disk SQLite has ended it itself
                self._run("rollback")
            raise

    def forget(self, assignment: str, student: str) -> None:
        """Take out a student's rows, so that the submission is graded again."""
        self._run("delete from finished where assignment = ? and student = ?", [assignment, student])
