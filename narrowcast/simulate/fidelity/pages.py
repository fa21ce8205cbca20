"""Tables as text: what each figure, verdict and remark looks like, as JSON and as a page of Markdown."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence

from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Cell, Table, Verdict, how_word, verdict_word
from narrowcast.simulate.fidelity.published import published

__all__ = [
    "as_json",
    "as_markdown",
    "counts",
    "headings",
    "intro",
    "named",
    "remarks",
    "row",
    "sourced",
    "tally",
]


def tally(done: Sequence[Table]) -> dict[Verdict, int]:
    """Return how many cells came to each verdict."""
    every = [cell.verdict for table in done for cell in table.cells]
    order: tuple[Verdict, ...] = ("fits", "in range", "outside", "known misfit", "scaled", "not modelled")
    return {verdict: every.count(verdict) for verdict in order if verdict in every}


def figure(value: float) -> str:
    """Return a number as a table shows it: four digits that count; a dash for none."""
    if math.isnan(value):
        return "-"
    return f"{value:.0f}" if abs(value) >= 1_000 else f"{value:.4g}"


def status_word(name: str) -> str:
    """Return how sure a published table is, in the reader's language."""
    return {
        "verified": _("verified: computed from the file or read in the primary source"),
        "secondary": _("secondary: read in an article about it"),
        "memory": _("from memory: no target of anything"),
    }[published()[name]["status"]]  # fmt: skip


def span(cell: Cell) -> str:
    """Return a cell's interval, or the bound that the simulated figure is to keep."""
    if cell.bound != "is":
        return (_("at least {value}") if cell.bound == "above" else _("at most {value}")).format(
            value=figure(cell.published)
        )
    return "-" if math.isnan(cell.low) else f"{figure(cell.low)} … {figure(cell.high)}"


def as_json(done: Sequence[Table]) -> str:
    """Return tables as JSON, one object a table with its cells."""
    every = [
        {
            "table": table.name, "title": table.title, "source": published()[table.name]["source"],
            "status": published()[table.name]["status"], "interval": table.interval, "note": table.note,
            "cells": table.rows(),
        }
        for table in done
    ]  # fmt: skip
    return json.dumps({"tables": every, "tally": tally(done)}, ensure_ascii=False, indent=2)


def as_markdown(done: Sequence[Table]) -> str:
    """Return tables as a page of Markdown."""
    lines = [
        "# " + _("Fidelity: the simulator beside what was published"),
        "",
        intro(),
        "",
        _("This page is what `narrowcast fidelity --markdown` prints; a test holds it to what is simulated."),
        "",
        counts(done),
        "",
        _("What does not fit:"),
        "",
        *(f"- {line}" for line in named(done, "outside", "known misfit")),
        "",
    ]
    if loose := named(done, "in range"):
        lines += [_("What is in range, and no more:"), "", *(f"- {line}" for line in loose), ""]
    for table in done:
        lines += [
            f"## {table.title} (`{table.name}`)", "",
            *(line for text in sourced(table) for line in (text, "")),
            "| " + " | ".join(headings()) + " |", "|---|--:|--:|---|---|---|",
        ]  # fmt: skip
        told = remarks(table)
        lines += ["| " + " | ".join(row(cell, told)) + " |" for cell in table.cells]
        lines += ["", *(f"{sign} {text}.  " for text, sign in told.items()), ""] if told else [""]
    return "\n".join(lines)


def headings() -> tuple[str, ...]:
    """Return the headings of a table's columns."""
    return (
        _("figure"), _("published"), _("simulated"), _("interval (95%)"), _("how"), _("verdict"),
    )  # fmt: skip


def remarks(table: Table) -> dict[str, str]:
    """Return the remarks on a table's cells, each once, with the sign that stands in the rows."""
    texts = dict.fromkeys(cell.note for cell in table.cells if cell.note)
    return {text: f"({number})" for number, text in enumerate(texts, start=1)}


def row(cell: Cell, told: Mapping[str, str]) -> tuple[str, ...]:
    """Return a cell as a row of text, with the signs of its remarks."""
    verdict = f"{verdict_word(cell.verdict)} {told.get(cell.note, '')}".strip()
    return cell.name, figure(cell.published), figure(cell.simulated), span(cell), how_word(cell.how), verdict


def counts(done: Sequence[Table]) -> str:
    """Return how many cells fit, fall outside, are known not to fit."""
    told = ", ".join(f"{verdict_word(verdict)}: {count}" for verdict, count in tally(done).items())
    return _("Cells: {told}.").format(told=told)


def sourced(table: Table) -> tuple[str, str]:
    """Return where a table comes from and how sure it is; and what was done, and what its intervals are."""
    told = published()[table.name]
    source = _("Source: {source}. Status: {status}.").format(
        source=told["source"], status=status_word(table.name)
    )
    return source, f"{table.note} {_('Intervals: {what}.').format(what=table.interval)}"


def named(done: Sequence[Table], *verdicts: Verdict) -> list[str]:
    """Return the figures that came to some verdicts, one line a table that has any."""
    lines = []
    for table in done:
        names = [cell.name for cell in table.cells if cell.verdict in verdicts]
        if names:
            lines.append(f"{table.title}: {'; '.join(names)}.")
    return lines


def intro() -> str:
    """Return what the words in the tables mean."""
    return _(
        "A figure fits when the published one lies in the simulated interval (95%). Where that interval is wide "
        "because markets differ, and not because a sample is small, the simulated mean must also lie within a quarter "
        "of the published figure; where it does not, the figure is in range: our markets differ so much that nothing "
        "speaks against the published one, and nothing for it. Figures are fitted (a recipe was calibrated on this "
        "very number), set (they follow straight from a figure of a recipe or of the catalogue), or not fitted (they "
        "arise). A known misfit is not claimed to fit, and a remark says why; what was claimed and lies outside makes "
        "the command end with exit code 1."
    )
