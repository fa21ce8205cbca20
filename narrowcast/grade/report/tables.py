"""The report as tables for a spreadsheet or a program. Their heads are the same in every language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from narrowcast.grade.report.findings import Findings
from narrowcast.grade.report.gradebook import Member
from narrowcast.grade.report.harmless import table_text
from narrowcast.judge import Reason

__all__ = ["TABLES"]


def students(findings: Findings) -> str:
    """Return a row a student: how it stands, marks, total, flags, receipts. An empty mark is yet to be given."""
    head = ["student", "name", "email", "status", *findings.points, "penalty", "total", "points", "waiting",
            "timestamp", "seconds_late", "received_first", "received_last", "versions", "flags"]  # fmt: skip
    status = {one.student: "graded" for one in findings.standing.graded}
    status |= {one.student: "ungraded" for one in findings.standing.ungraded}
    rows = []
    for one in findings.standing.everybody:
        marks = one.marks or {}
        receipts = findings.receipts.get(one.student, ())
        kinds = sorted({flag.kind for flag in findings.flags if one.student in flag.about})
        rows.append([
            one.student, one.name, one.email, status.get(one.student, "missing"),
            *(marks.get(name) for name in findings.points), *_sums(one, findings.most),
            _time(one.timestamp), one.late, _time(receipts[0].received if receipts else None),
            _time(receipts[-1].received if receipts else None), len(receipts), " ".join(kinds),
        ])  # fmt: skip
    return table_text(head, rows)


def _sums(one: Member, most: float) -> list[object]:
    waiting = sum(mark is None for mark in (one.marks or {}).values())
    return [one.penalty, one.total, most, waiting]


def _time(when: datetime | None) -> str:
    """Return a time, naive UTC, as ISO 8601."""
    return "" if when is None else f"{when.replace(tzinfo=None).isoformat(timespec='seconds')}Z"


def items(findings: Findings) -> str:
    """Return a row an item: points, how it came out, its statistics, and the judge's reasons."""
    reasons = [reason.value for reason in Reason]
    head = ["item", "points", "marks", "full", "part", "none", "waiting", "difficulty", "discrimination",
            "discrimination_low", "discrimination_high", "upper_lower", "no_discrimination_why", *reasons]  # fmt: skip
    rows = []
    for name, points in findings.points.items():
        came, item = findings.outcomes[name], findings.numbers.items.get(name)
        told: Mapping[str, int] = findings.reasons.get(name, {})
        low, high = item.interval if item and item.interval else (None, None)
        rows.append([
            name, points, item.count if item else None, came.full, came.part, came.none, came.waiting,
            item and item.difficulty, item and item.discrimination, low, high, item and item.contrast,
            item and item.why, *(told.get(reason, 0) for reason in reasons),
        ])  # fmt: skip
    return table_text(head, rows)


def mistakes(findings: Findings) -> str:
    """Return a row a named mistake, the most frequent first."""
    rows = [
        [one.question, one.code, one.message, len(one.students), one.lost, " ".join(one.students)]
        for one in findings.mistakes
    ]
    return table_text(["item", "mistake", "message", "count", "points_lost", "students"], rows)


def flags(findings: Findings) -> str:
    """Return a row a hint."""
    rows = [[one.kind, " ".join(one.students), one.item, one.told] for one in findings.flags]
    return table_text(["flag", "students", "item", "told"], rows)


def cells(findings: Findings) -> str:
    """Return a row a code cell: how long it ran, and who was stopped."""
    head = ["cell", "runs", "median_seconds", "longest_seconds", "slowest", "errors", "timeouts", "stopped"]
    rows = [
        [one.cell, one.count, one.middle, one.longest, one.slowest, one.errors, " ".join(one.timeouts),
         " ".join(one.stopped)]
        for one in findings.times
    ]  # fmt: skip
    return table_text(head, rows)


TABLES: dict[str, Callable[[Findings], str]] = {
    "students.csv": students,
    "items.csv": items,
    "mistakes.csv": mistakes,
    "flags.csv": flags,
    "cells.csv": cells,
}
"""By file name, how each table is made."""
