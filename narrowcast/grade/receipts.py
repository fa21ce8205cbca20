"""Receipts: what was handed in, and when this machine first saw it.

A submission's timestamp is a file that its student can edit. So every version of every submission is noted by the hash
of its files and by our own clock, in a file where nothing is ever changed or taken out.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from narrowcast.errors import CourseError
from narrowcast.grade.intake.hashing import hash_of, note_of
from narrowcast.language import gettext as _

__all__ = ["Receipt", "receipts_path", "receive"]

PATIENCE = 30.0
"""Seconds for which one program waits while another one writes."""

_SCHEMA = """
create table if not exists receipts (
    id integer primary key autoincrement,
    student text not null, assignment text not null, hash text not null, received text not null,
    claimed text not null, problem text not null
);
create index if not exists receipts_by_assignment on receipts (assignment, student, id);
create trigger if not exists receipts_stay before delete on receipts
    begin select raise(abort, 'receipts are never taken out'); end;
create trigger if not exists receipts_hold before update on receipts
    begin select raise(abort, 'receipts are never changed'); end;
create trigger if not exists receipts_are_new before insert on receipts
    when exists (select 1 from receipts where id = new.id)
    begin select raise(abort, 'receipts are never replaced'); end;
"""


@dataclass(frozen=True)
class Receipt:
    """One version of a submission.

    Attributes
    ----------
    student, assignment
        Whose it is.
    hash
        SHA-256 over the names and the bytes of its files, as hexadecimal digits.
    received
        When this machine first saw it, naive UTC.
    claimed
        What the student's own timestamp.txt says; "" where there is none.
    problem
        What of it could not be read; "" where all could.
    """

    student: str
    assignment: str
    hash: str
    received: datetime
    claimed: str = ""
    problem: str = ""


def receipts_path(root: Path) -> Path:
    """Return where the receipts of a course lie, beside its gradebook."""
    return root / "receipts.db"


def receive(root: Path, assignment: str, folders: Mapping[str, Path] | None = None) -> list[Receipt]:
    """Note what was handed in of an assignment, and return all its receipts.

    A submission that is as it was noted last gets no further receipt. One that is changed back gets one: the last
    receipt of a student is always that of what lies there now.

    Parameters
    ----------
    root
        The course root.
    assignment
        Name of the assignment.
    folders
        By student, the folder that was handed in; as a rule `root`/submitted/STUDENT/`assignment`.

    Returns
    -------
    list of Receipt
        By student; of each the oldest first.

    Raises
    ------
    CourseError
        If the receipts cannot be written. A submission that cannot be read raises nothing: its receipt says so.
    """
    if folders is None:
        folders = dict(_submitted(root / "submitted", assignment))
    seen = {
        _text(student): (hash_of(folder), note_of(folder / "timestamp.txt"))
        for student, folder in folders.items()
    }
    path = receipts_path(root)
    try:
        with contextlib.closing(sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)) as db:
            db.executescript(_SCHEMA)
            db.execute("begin immediate")
            last = {receipt.student: receipt for receipt in _all(db, assignment)}
            for student, ((digest, problem), claimed) in sorted(seen.items()):
                before = last.get(student)
                if before is None or before.hash != digest:
                    received = _now(before)
                    _note(db, Receipt(student, _text(assignment), digest, received, claimed, problem))
            db.execute("commit")
            return _all(db, assignment)
    except (sqlite3.Error, ValueError) as error:
        problem = _("The receipts {path} cannot be used: {why}.").format(path=path, why=error)
        raise CourseError(problem, _("Free some space, or restore the file from a backup.")) from error


def _submitted(folder: Path, assignment: str) -> Iterator[tuple[str, Path]]:
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        for student in sorted(os.listdir(folder)):  # noqa: PTH208 - names may be no letters
            there = folder / student / assignment
            if not student.startswith(".") and os.path.lexists(there):
                yield student, there


def _text(name: str) -> str:
    """Return a name as text that a database can hold."""
    return name.encode("utf-8", "backslashreplace").decode()


def _now(before: Receipt | None) -> datetime:
    """Return the time, naive UTC, later than the receipt before even if the clock was put back."""
    now = datetime.now(UTC).replace(tzinfo=None)
    return now if before is None else max(now, before.received + timedelta(microseconds=1))


def _note(db: sqlite3.Connection, receipt: Receipt) -> None:
    student, assignment, digest, received, claimed, problem = astuple(receipt)
    columns = "(student, assignment, hash, received, claimed, problem)"
    db.execute(
        f"insert into receipts {columns} values (?, ?, ?, ?, ?, ?)",  # noqa: S608 - our own names of columns
        [student, assignment, digest, received.isoformat(timespec="microseconds"), claimed, problem],
    )


def _all(db: sqlite3.Connection, assignment: str) -> list[Receipt]:
    rows = db.execute(
        "select student, assignment, hash, received, claimed, problem from receipts"
        " where assignment = ? order by student, id",
        [_text(assignment)],
    ).fetchall()
    return [
        Receipt(student, name, digest, datetime.fromisoformat(received), claimed, problem)
        for student, name, digest, received, claimed, problem in rows
    ]
