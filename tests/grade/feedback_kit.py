"""Notebooks and marks as a class leaves them, for the tests of the feedback page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from narrowcast.grade.feedback.exporter import render
from narrowcast.grade.feedback.page import page_of
from narrowcast.grade.feedback.standing import Mark, Standing
from narrowcast.judge import Reason, Verdict
from narrowcast.language import speaking

Cell = dict[str, Any]


def about(name: str, **more: Any) -> dict[str, Any]:
    known = {"grade": False, "solution": False, "task": False, "locked": False, "schema_version": 3}
    return {"nbgrader": {"grade_id": name, **known, **more}}


def prose(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": text, "id": f"p{abs(hash(text)) % 10**8}"}


def code(
    source: str, outputs: list[Cell] = (), metadata: Mapping[str, Any] | None = None, name: str = "x"
) -> Cell:
    return {
        "cell_type": "code", "metadata": dict(metadata or {}), "source": source, "outputs": list(outputs),
        "execution_count": 1, "id": f"c-{name}",
    }  # fmt: skip


def answer(name: str, source: str, *outputs: Cell) -> Cell:
    return code(source, list(outputs), about(f"{name}-answer", solution=True), f"{name}-answer")


def check(name: str, source: str, *outputs: Cell, points: float = 2) -> Cell:
    return code(source, list(outputs), about(name, grade=True, locked=True, points=points), name)


def written(name: str, text: str, points: float = 4) -> Cell:
    metadata = about(name, grade=True, solution=True, points=points)
    return {"cell_type": "markdown", "metadata": metadata, "source": text, "id": f"w-{name}"}


def displayed(text: str, html: str = "") -> Cell:
    data = {"text/plain": text, **({"text/html": html} if html else {})}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def verdict(
    question: str, score: float, reason: Reason, message: str, *, points: float = 2, mistake: str = ""
) -> Cell:
    told = Verdict(question, score, points, reason, message, mistake)
    return displayed(str(told), told._repr_html_())


def stream(text: str, name: str = "stdout") -> Cell:
    return {"output_type": "stream", "name": name, "text": text}


def error(kind: str, why: str, line: int = 1) -> Cell:
    trace = ["-----", f"Cell In[7], line {line}", f"----> {line} ...", f"{kind}: {why}"]
    return {"output_type": "error", "ename": kind, "evalue": why, "traceback": trace}


def notebook(*cells: Cell) -> dict[str, Any]:
    return {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def page(root: Path, *cells: Cell, assignment: str = "small", **standing: Any) -> str:
    """Return the page of a notebook; standing gives marks, comments, penalty."""
    language = "vi" if assignment.endswith("-vi") else "en"
    names = {"student": "s001", "assignment": assignment, "notebook": "assignment"}
    with speaking(language):
        made = page_of(notebook(*cells), names, root, Standing(**standing), language)
        return render(made, language)


def mark(score: float, points: float = 2, **more: Any) -> Mark:
    return Mark(score, points, **{"auto": score, **more})
