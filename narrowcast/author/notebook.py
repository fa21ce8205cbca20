"""Cells into a notebook: stable ids, nbgrader's metadata, the check cells, bytes that do not vary."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from narrowcast.author.course import Text
from narrowcast.author.questions import is_answer
from narrowcast.author.text import Cell

__all__ = ["OPENING", "cell_ids", "notebook_bytes"]

# The literal in the opening cell that decides what the notebook speaks.
OPENING = re.compile(r"""(nc\.set_language\(\s*)(["'])en\2(\s*\))""")
_OURS = {"answer", "question", "role"}
# A language is named in itself, so these are no messages.
_NAMES = {"en": "English", "vi": "Tiếng Việt"}
_LANGUAGE = {"en": "*Language: English*", "vi": "*Ngôn ngữ: Tiếng Việt*"}


def cell_ids(cells: Sequence[Cell]) -> list[str]:
    """Return an id for each cell, made of the English text: moving a cell or translating it keeps its id."""
    seen: Counter[str] = Counter()
    ids = []
    for cell in cells:
        content = hashlib.sha256(f"{cell.kind}\n{cell.source}".encode()).hexdigest()[:8]
        seen[content] += 1
        ids.append(content if seen[content] == 1 else f"{content}-{seen[content]}")
    return ids


def notebook_bytes(text: Text, cells: Sequence[Cell], title: str, language: str) -> bytes:
    """Return a notebook as nbformat writes it: keys sorted, no outputs, newline at the end.

    Parameters
    ----------
    text
        The English text; its cells decide the ids.
    cells
        The same cells in the language of the notebook.
    title
        Title in that language.
    language
        "en" or "vi".
    """
    import nbformat  # noqa: PLC0415 - slow to import

    opening = _language_line(text, language)
    given = count(1)
    built: list[dict[str, Any]] = []
    for cell, name in zip(cells, cell_ids(text.source.cells), strict=True):
        source = cell.source if cell.kind == "markdown" else OPENING.sub(rf"\1\2{language}\2\3", cell.source)
        if not built:
            source = _under_title(source, opening)
        built.append(_cell(cell, name, source, _grading(text, cell, given)))
        built += _check_cell(text, cell)
    content: dict[str, Any] = {
        "cells": built,
        "metadata": {
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language": language,
            "language_info": {"name": "python"},
            "title": title,
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    notebook = nbformat.from_dict(content)  # type: ignore[no-untyped-call]
    nbformat.validate(notebook)
    written: str = nbformat.writes(notebook, version=4)  # type: ignore[no-untyped-call]
    return f"{written.rstrip()}\n".encode()


def _language_line(text: Text, language: str) -> str:
    """Say which language the notebook speaks; a lesson leads to its neighbour in the other."""
    if text.kind == "assignment":
        return _LANGUAGE[language]
    files = {"en": "lesson.ipynb", "vi": "lesson.vi.ipynb"}
    return " · ".join(
        f"**{name}**" if other == language else f"[{name}]({files[other]})" for other, name in _NAMES.items()
    )


def _under_title(source: str, line: str) -> str:
    heading, _newline, rest = source.partition("\n")
    return f"{heading}\n\n{line}\n{rest}".rstrip("\n")


def _cell(cell: Cell, name: str, source: str, grading: dict[str, Any] | None) -> dict[str, Any]:
    metadata = {key: value for key, value in cell.options.items() if key not in _OURS}
    if grading:
        metadata["nbgrader"] = grading
    made: dict[str, Any] = {"cell_type": cell.kind, "id": name, "metadata": metadata, "source": source}
    return {**made, "execution_count": None, "outputs": []} if cell.kind == "code" else made


def _grading(text: Text, cell: Cell, given: Iterator[int]) -> dict[str, Any] | None:
    """Return what nbgrader has to know of a cell of the text (its schema 3)."""
    if text.kind == "lesson" or text.key is None or "role" not in cell.options:
        return None
    question = str(cell.options.get("question"))
    if not is_answer(cell):
        return _schema(cell.kind, f"given-{next(given)}", locked=True)
    if cell.kind == "markdown":
        return _schema("markdown", question, solution=True, points=text.key.points(question))
    return _schema("code", f"{question}-answer", solution=True)


def _check_cell(text: Text, cell: Cell) -> Iterator[dict[str, Any]]:
    """Yield the cell that checks an answer.

    Its value is a plain float, the mark, which is what nbgrader reads; it is locked, so it is restored
    before grading. A question without points is checked, not graded.
    """
    if text.key is None or not is_answer(cell) or cell.kind != "code":
        return
    question, target = str(cell.options["question"]), cell.options["answer"]
    points = text.key.points(question)
    grading = _schema("code", question, locked=True, points=points or None)
    made = Cell("code", "", (), 0)
    yield _cell(made, f"check-{question}", f'nc.check("{question}", {target}).mark()', grading)


def _schema(
    kind: str, grade_id: str, *, locked: bool = False, solution: bool = False, points: float | None = None
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "cell_type": kind,
        "grade": points is not None,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return made if points is None else {**made, "points": points}
