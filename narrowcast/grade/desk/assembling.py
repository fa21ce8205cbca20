"""A graded notebook: the student's cells with what they gave out, and in each check cell what the judge says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from narrowcast.grade.box import CellResult, Result
from narrowcast.grade.box.outputs import error_output
from narrowcast.grade.stops import stopped
from narrowcast.judge import Reason, Verdict
from narrowcast.language import gettext as _

__all__ = ["grade_id", "name_of", "silent", "with_outputs", "with_verdicts"]

Json = dict[str, Any]


def name_of(cell: Mapping[str, Any], index: int) -> str:
    """Return nbgrader's id of a cell, or "#" and its place where it has none."""
    return grade_id(cell) or f"#{index}"


def grade_id(cell: Mapping[str, Any]) -> str:
    """Return nbgrader's id of a cell; empty where it has none."""
    about = cell.get("metadata", {}).get("nbgrader")
    return str(about.get("grade_id", "")) if isinstance(about, Mapping) else ""


def with_outputs(notebook: Mapping[str, Any], result: Result) -> Json:
    """Return a notebook with what its cells gave out when they ran."""
    ran = {one.index: one for one in result.cells}
    cells, count = [], 0
    for index, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] != "code":
            cells.append(dict(cell))
            continue
        one = ran.get(index)
        count += one is not None and one.problem != "skipped"
        cells.append({**cell, "outputs": _given_out(one), "execution_count": count if one else None})
    return {**notebook, "cells": cells}


def _given_out(one: CellResult | None) -> list[Json]:
    """Return a cell's outputs; a cell that failed or did not run never looks as if it had passed.

    A student can turn off what IPython shows of an error.
    """
    outputs = [dict(output) for output in one.outputs] if one else []
    failed = one is None or one.problem not in {"", "output"}
    if failed and not any(output.get("output_type") == "error" for output in outputs):
        outputs.append(error_output("CellFailed", _("This cell failed, and showed no error.")))
    return outputs


def silent(
    question: str, points: float, outputs: Iterable[Mapping[str, Any]], problem: str, before: str
) -> Verdict:
    """Return the verdict where a check cell handed nothing out.

    Parameters
    ----------
    question
        Its name.
    points
        The most that can be had.
    outputs
        What the check cell gave out.
    problem
        Why it was stopped; empty where it was not.
    before
        The same for the cell where the student answers.
    """
    error = next((one for one in outputs if one.get("output_type") == "error"), None)
    stop = stopped(before) or stopped(problem)
    if stop and not (error is not None and before == "output"):  # cut off, it may have run to its end
        told = stop
    elif error is not None:
        what = f"{str(error.get('ename', ''))[:80]}: {str(error.get('evalue', ''))[:200]}".strip(": ")
        told = _("The check found no answer: {error}").format(error=what)
    else:
        told = _("The check found no answer.")
    cure = _(
        "Run all cells from the first to the last before you hand in, and look for the first one that fails."
    )
    return Verdict(question, 0.0, points, Reason.UNANSWERED, f"{told}\n{cure}")


def with_verdicts(notebook: Mapping[str, Any], verdicts: Mapping[str, Verdict]) -> Json:
    """Return a notebook whose check cells show the judge's word alone, as they would with a key in reach."""
    cells = []
    for cell in notebook["cells"]:
        verdict = verdicts.get(grade_id(cell)) if cell["cell_type"] == "code" else None
        cells.append({**cell, "outputs": _shown(verdict, cell)} if verdict else dict(cell))
    return {**notebook, "cells": cells}


def _shown(verdict: Verdict, cell: Mapping[str, Any]) -> list[Json]:
    card = {"text/plain": str(verdict), "text/html": verdict._repr_html_()}
    outputs: list[Json] = [{"output_type": "display_data", "data": card, "metadata": {}}]
    if verdict.score is not None:
        value = {"text/plain": repr(float(verdict.score))}
        outputs.append(
            {
                "output_type": "execute_result",
                "data": value,
                "metadata": {},
                "execution_count": cell.get("execution_count"),
            }
        )
    return outputs
