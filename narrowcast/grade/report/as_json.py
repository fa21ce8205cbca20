"""The findings as plain data, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from narrowcast.grade.report.findings import Findings

__all__ = ["as_plain"]


def as_plain(findings: Findings) -> dict[str, Any]:
    """Return the findings as JSON holds them: finite numbers, texts, lists and dicts; times as ISO 8601 in UTC."""
    standing, numbers = findings.standing, findings.numbers
    return {
        "assignment": findings.assignment,
        "course": findings.course,
        "made": findings.made.isoformat(timespec="seconds"),
        "points": findings.points,
        "graded": {one.student: {"total": one.total, "marks": one.marks} for one in standing.graded},
        "ungraded": [one.student for one in standing.ungraded],
        "missing": [one.student for one in standing.missing],
        "spread": asdict(numbers.spread) if numbers.spread else None,
        "items": {
            name: {
                **asdict(item),
                **asdict(findings.outcomes[name]),
                "reasons": dict(findings.reasons.get(name, {})),
            }
            for name, item in numbers.items.items()
        },
        "alpha": asdict(numbers.alpha),
        "by_hand": findings.by_hand,
        "mistakes": [asdict(one) for one in findings.mistakes],
        "times": [asdict(one) for one in findings.times],
        "flags": [asdict(one) for one in findings.flags],
        "quarantined": findings.quarantined,
        "receipts": {
            student: [f"{one.received.isoformat(timespec='seconds')}Z" for one in mine]
            for student, mine in findings.receipts.items()
        },
    }
