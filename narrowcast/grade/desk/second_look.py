"""A second look at wrong answers that bear no known mistake's name, for some were right for a classmate.

That can only be said when the whole class has been judged, and it changes no mark: so it comes last, and holds what
was handed in against what would have been right elsewhere, as the ledger keeps both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from narrowcast.grade.desk.assembling import with_verdicts
from narrowcast.grade.desk.assignment import Assignment
from narrowcast.grade.desk.course import Course
from narrowcast.grade.desk.judging import Case, Judges
from narrowcast.grade.ledger import Finished, Ledger
from narrowcast.judge import Reason, Verdict

__all__ = ["second_look"]


def second_look(course: Course, assignment: Assignment, ledger: Ledger, judges: Judges) -> int:
    """Name the answers that were right for a classmate, in ledger and notebooks; return how many.

    Parameters
    ----------
    course, assignment, ledger
        What was graded.
    judges
        Those who judged it.
    """
    finished = ledger.finished(assignment.name)
    named = 0
    for row, question, truths in _suspected(assignment, finished):
        case = Case(row.student, {question: row.answers[question]}, {question: truths})
        told = judges.judge(case).result().verdicts[question]
        if told["reason"] != Reason.OTHER_WORLD.value:
            continue
        # Its neighbours in this row may have been named a moment ago.
        now = ledger.finished(assignment.name)[row.student, row.notebook]
        _show(course, assignment, now, question, Verdict.from_json(told))
        ledger.keep([replace(now, verdicts={**now.verdicts, question: told})])
        named += 1
    return named


def _suspected(
    assignment: Assignment, finished: Mapping[tuple[str, str], Finished]
) -> Iterator[tuple[Finished, str, list[Any]]]:
    """Yield the wrong answers that look like a classmate's, with those classmates' truths."""
    if assignment.key is None:
        return
    for row in finished.values():
        for name, verdict in row.verdicts.items():
            question = assignment.key.questions.get(name)
            if question is None or verdict.get("reason") != Reason.WRONG.value or name not in row.answers:
                continue
            truths = [
                other.truths[name]
                for other in finished.values()
                if other.student != row.student and name in other.truths
            ]
            alike = [truth for truth in truths if question.is_truth_of(row.answers[name], truth)]
            if alike:
                yield row, name, alike


def _show(course: Course, assignment: Assignment, row: Finished, question: str, verdict: Verdict) -> None:
    """Put a verdict into the notebook that the student will get."""
    file = course.folder(course.autograded, row.student, assignment.name) / f"{row.notebook}.ipynb"
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # somebody took it away: the ledger has the verdict all the same
        return
    shown = with_verdicts(notebook, {question: verdict})
    _replace(file, json.dumps(shown, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _replace(file: Path, text: str) -> None:
    mode = file.stat().st_mode
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(mode)
    fresh.replace(file)
