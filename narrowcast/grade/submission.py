"""Answers put into a released notebook, as a student would type them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _

__all__ = ["fill"]

OWN_ID = re.compile(r'^student = ""', re.MULTILINE)


def fill(
    notebook: Mapping[str, Any], student: str, answers: Mapping[str, str], without: Iterable[str] = ()
) -> dict[str, Any]:
    """Return a released notebook with a student's answers in it.

    Parameters
    ----------
    notebook
        The released notebook, as its JSON holds it (format 4); it is not changed.
    student
        Their id, typed in where the notebook asks for it.
    answers
        By question, what stands in its answer cell.
    without
        Cells that were deleted, by nbgrader's id.

    Raises
    ------
    UnknownName
        If the notebook has no such cell.
    """
    written = {_cell_of(question, notebook): text for question, text in answers.items()}
    gone = {_known(name, notebook) for name in without}
    cells = []
    for cell in notebook["cells"]:
        name = _grade_id(cell)
        if name in gone:
            continue
        text = OWN_ID.sub(f'student = "{student}"', "".join(cell["source"]))
        cells.append({**cell, "source": written.get(name, text)})
    return {**notebook, "cells": cells}


def _grade_id(cell: Mapping[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def _cell_of(question: str, notebook: Mapping[str, Any]) -> str:
    """Return the id of a question's answer cell: code has a check beside it, a text is its own."""
    code = f"{question}-answer"
    names = {_grade_id(cell) for cell in notebook["cells"]}
    return code if code in names else _known(question, notebook)


def _known(name: str, notebook: Mapping[str, Any]) -> str:
    names = [name for name in map(_grade_id, notebook["cells"]) if name]
    if name not in names:
        raise UnknownName(kind=_("cell"), given=name, allowed=names)
    return name
