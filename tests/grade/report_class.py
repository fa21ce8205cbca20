"""An invented class of forty that has handed in an assignment: drawn from code, the same for the same seed."""

from __future__ import annotations

import os
import sysconfig
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from nbgrader.api import Gradebook
from sqlalchemy import text

from narrowcast.grade.fingerprint import of_cells
from narrowcast.grade.ledger import Finished, Ledger, ledger_path
from narrowcast.grade.roster import roster

NAME = "01-rules-flipped"
POINTS = {"q1": 2.0, "q2": 2.0, "q3": 2.0, "q4": 4.0, "q5": 6.0, "q6": 4.0}
EASE = {"q1": 1.6, "q2": 0.5, "q3": -0.6, "q4": 0.1, "q5": 0.4, "q6": 0.3}
MISTAKES = {
    "q1": [("L1", 0.0, "Every rule is on the wrong side: the old rules broadcast to everybody.")],
    "q2": [("M1", 0.5, "You averaged the rates of the segments: weight each by its visits."),
           ("L3", 0.25, "You divided by customers: a conversion rate is orders per visit.")],
    "q3": [("M10", 0.25, "You counted revenue: what an order is worth to the shop is its margin."),
           ("M2", 0.5, "You gave search as many contacts as television.")],
    "q4": [("L8", 0.75, "Your formula is right; where a match does not lift more than a mismatch, return None.")],
}  # fmt: skip
DUE = datetime(2026, 3, 1, 17)
CODE = (
    "total = {name}.orders.sum()\nvisits = {name}.visits.sum()\nfor row in range({k}):\n"
    "    total = total + row * {k} - visits // 3\n    print('row', row, total, visits, [total] * 2)\n"
    "rate = total / visits\n"
)


def environment() -> None:
    """Let nbgrader find alembic, which it calls by name."""
    os.environ["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])


def make_course(
    root: Path, count: int = 40, seed: int = 7, *, ledger: bool = True, marked: bool = False
) -> Path:
    """Make a course root with a gradebook, submissions and a ledger; the last two students hand in nothing."""
    environment()
    root.mkdir(parents=True, exist_ok=True)
    config = f"c = get_config()\nc.CourseDirectory.course_id = 'marketing'\nc.CourseDirectory.root = {str(root)!r}\n"
    (root / "nbgrader_config.py").write_text(config)
    random = np.random.default_rng(seed)
    rows = []
    with Gradebook(f"sqlite:///{root}/gradebook.db", "marketing") as book:
        add_assignment(book)
        for number, student in enumerate(roster(count, seed=seed)):
            book.add_student(
                student.id, first_name=student.first_name, last_name=student.last_name, email=student.email
            )
            if number >= count - 2:
                continue
            row = drawn(student.id, number, random, marked=marked)
            rows.append(row)
            late = 86_400 if number == 11 else 0
            submit(
                book, row, DUE + timedelta(seconds=late - 3_600 * int(random.integers(1, 90)) * (not late))
            )
            (root / "submitted" / student.id / NAME).mkdir(parents=True)
    if ledger:
        with Ledger(ledger_path(root)) as kept:
            kept.keep(rows)
    return root


def add_assignment(book: Gradebook, name: str = NAME) -> None:
    """Add the assignment to a gradebook."""
    book.db.execute(
        text("pragma synchronous = off")
    )  # thousands of small writings, of which none has to last
    book.add_assignment(name, duedate=DUE)
    book.add_notebook("assignment", name)
    for item, points in POINTS.items():
        kind = "markdown" if item == "q6" else "code"
        book.add_grade_cell(item, "assignment", name, max_score=points, cell_type=kind)


def submit(book: Gradebook, row: Finished, when: datetime) -> None:
    """Write a row's marks into a gradebook."""
    submission = book.add_submission(row.assignment, row.student, timestamp=when)
    for grade in submission.notebooks[0].grades:
        mark = row.marks.get(grade.name, 0.0)
        grade.auto_score, grade.needs_manual_grade = mark, mark is None
        if grade.name == "q6" and mark is not None:
            grade.auto_score, grade.manual_score = None, mark
    book.db.commit()


def drawn(student: str, number: int, random: np.random.Generator, *, marked: bool) -> Finished:
    """Draw one submission: a student has an ability, a question an ease."""
    ability = float(random.normal())
    verdicts: dict[str, dict[str, Any]] = {}
    marks: dict[str, float | None] = {}
    for item, points in POINTS.items():
        chance = 1 / (1 + np.exp(-(ability + EASE[item]) * 1.4))
        if item == "q6":
            marks[item] = (
                float(round(points * min(max(chance + random.normal(0, 0.2), 0), 1) * 2) / 2)
                if marked
                else None
            )
            continue
        verdicts[item] = verdict(item, points, float(chance), random)
        marks[item] = verdicts[item]["score"]
    answers, truths = {"q2": {"answer": 0.1 + number / 1_000}}, {"q2": 0.1 + number / 1_000}
    if number == 5:
        verdicts["q2"] = told("q2", 0.0, 2.0, "other_world", "Right, but in another market.")
        marks["q2"], answers["q2"] = 0.0, {"answer": 0.1 + 17 / 1_000}
    return Finished(
        NAME, student, "assignment", "hash", verdicts, marks, dict(POINTS),
        {"q4": float(random.gamma(2, 0.02)), "q5": float(random.gamma(4, 0.4)), "#0": float(random.gamma(3, 0.1))},
        {"q5": "timeout"} if number in {8, 30} else {"#0": "error"} if number == 9 else {},
        [{"kind": "moved", "cell": "q3", "told": "The cell q3 stood elsewhere; it was put back.", "for_student": True}]
        if number in {3, 14} else [],
        "the file is broken or cut off: what was readable was kept." if number == 20 else "",
        list(of_cells([CODE.format(name="world" if number < 22 else "w", k=k) for k in prints_of(number)])),
        answers, truths, "2026-03-02T08:00:00+00:00",
    )  # fmt: skip


def prints_of(number: int) -> list[int]:
    """Numbers that make a student's code; students 21 and 22 have the same."""
    own = 21 if number == 22 else number
    return [1_000 * own + k for k in range(3)]


def verdict(item: str, points: float, chance: float, random: np.random.Generator) -> dict[str, Any]:
    """Draw a verdict."""
    if item == "q5":
        score = round(points * min(max(chance + random.normal(0, 0.15), 0), 1), 2)
        return told(item, score, points, "right" if score >= points else "partly", "Few plans do better.")
    if random.random() < chance:
        return told(item, points, points, "right", "Right.")
    known = MISTAKES[item]
    if random.random() < 0.75:
        code, credit, message = known[int(random.integers(len(known)))]
        return {**told(item, points * credit, points, "mistake", message), "mistake": code}
    return told(item, 0.0, points, "wrong", "Not yet.")


def told(item: str, score: float, points: float, reason: str, message: str) -> dict[str, Any]:
    """Return a verdict as the ledger keeps it."""
    return {"question": item, "score": score, "points": points, "reason": reason, "message": message, "mistake": "",
            "evidence": {}}  # fmt: skip
