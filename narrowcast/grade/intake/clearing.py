"""What a student received: the instructor's cells without solutions, hidden tests and mark schemes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["cleared", "handed_out"]

_HIDDEN = (("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"), ("BEGIN MARK SCHEME", "END MARK SCHEME"))


def cleared(notebook: Mapping[str, Any], code_stub: str, text_stub: str) -> dict[str, Any]:
    """Return a notebook in which nbgrader's own `ClearSolutions` has put stubs for the solutions.

    Raises
    ------
    CourseError
        If a solution has a beginning and no end, or stands in a cell where no answer is expected.
    """
    # Importing these takes a second, which a release version does without.
    import nbformat  # noqa: PLC0415
    from nbgrader.preprocessors import ClearSolutions  # noqa: PLC0415

    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))  # type: ignore[no-untyped-call]
    for cell in copy.get("cells", []):
        cell.source = "".join(cell.get("source", ""))
    language = copy.get("metadata", {}).get("kernelspec", {}).get("language", "python")
    clear = ClearSolutions(code_stub={language: code_stub}, text_stub=text_stub)
    try:
        done, _resources = clear.preprocess(copy, {})
    except RuntimeError as error:
        problem = _("The solutions cannot be taken out of the notebook: {why}.").format(why=error)
        raise CourseError(problem, _("Mend the source version of the assignment.")) from error
    found: dict[str, Any] = json.loads(json.dumps(done))
    return found


def handed_out(source: str) -> str:
    """Return a check cell's text as students received it: hidden tests and mark schemes cut out."""
    lines, inside = [], ""
    for line in source.split("\n"):
        if inside:
            inside = "" if inside in line else inside
            continue
        inside = next((end for begin, end in _HIDDEN if begin in line), "")
        if not inside:
            lines.append(line)
    return "\n".join(lines)
