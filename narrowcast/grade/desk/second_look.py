"""A second look at wrong answers that bear no known mistake's name, for some were right for a classmate.

That can only be said when the whole class has been judged, and it changes no mark: so it comes last, and holds what
was handed in against what would have been right elsewhere, as the ledger keeps both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from narrowcast.grade.desk.assembling import with_verdicts
from narrowcast.grade.desk.assignment import Assignment
from narrowcast.grade.desk.course import Course
from narrowcast.grade.desk.judging import Case, Judges
from narrowcast.grade.ledger import Finished, Ledger
from narrowcast.judge import Reason, Verdict

__all__ = ["second_look", "suspected"]


def second_look(course: Course, assignment: Assignment, ledger: Ledger, judges: Judges) -> int:
    """Name the answers that were right for a classmate, in ledger and notebooks; return how many.

    Parameters
    ----------
    course, assignment, ledger
        What was graded.
    judges
        Those who judged it.
    """
    asked = [
        (row, judges.judge(Case(row.student, {name: row.answers[name] for name in alike}, alike)))
        for row, alike in suspected(assignment, ledger)
    ]
    named = 0
    for row, future in asked:
        if future.exception() is not None:  # no mark hangs on it, and the class is graded
            continue
        told = {
            name: verdict
            for name, verdict in future.result().verdicts.items()
            if verdict["reason"] == Reason.OTHER_WORLD.value
        }
        if told:
            verdicts = {name: Verdict.from_json(verdict) for name, verdict in told.items()}
            try:
                _show(course, assignment, row, verdicts)
            except OSError:  # a full disk: the next run looks again
                continue
            ledger.keep([replace(row, verdicts={**row.verdicts, **told})])
        named += len(told)
    return named


def suspected(assignment: Assignment, ledger: Ledger) -> Iterator[tuple[Finished, dict[str, list[Any]]]]:
    """Yield who gave a wrong answer that looks like a classmate's: by question, those classmates' truths."""
    finished = list(ledger.finished(assignment.name).values())
    class_ = [*finished, *ledger.beside(assignment.name)]
    for row in finished:
        alike = {
            name: truths
            for name, verdict in row.verdicts.items()
            if verdict.get("reason") == Reason.WRONG.value
            and (truths := _right_for_others(assignment, row, name, class_))
        }
        if alike:
            yield row, alike


def _right_for_others(
    assignment: Assignment, row: Finished, name: str, class_: Iterable[Finished]
) -> list[Any]:
    question = assignment.key.questions.get(name) if assignment.key else None
    if question is None or name not in row.answers:
        return []
    others = (other.truths[name] for other in class_ if other.student != row.student and name in other.truths)
    return [truth for truth in others if question.is_truth_of(row.answers[name], truth)]


def _show(course: Course, assignment: Assignment, row: Finished, verdicts: Mapping[str, Verdict]) -> None:
    """Put verdicts into the notebook that the student will get."""
    file = course.folder(course.autograded, row.student, assignment.name) / f"{row.notebook}.ipynb"
    try:
        notebook = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # somebody took it away: the ledger has the verdict all the same
        return
    shown = with_verdicts(notebook, verdicts)
    _replace(file, json.dumps(shown, ensure_ascii=False, sort_keys=True) + "\n")


def _replace(file: Path, text: str) -> None:
    mode = file.stat().st_mode
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(mode)
    fresh.replace(file)
