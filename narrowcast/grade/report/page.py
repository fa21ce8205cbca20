"""The report as a page: one file, no script, nothing loaded from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from narrowcast.grade.report.advice import alpha_told, item_told, steps_of
from narrowcast.grade.report.charts import Bar, histogram_of, parts_of
from narrowcast.grade.report.findings import Findings
from narrowcast.grade.report.flags import kind_told
from narrowcast.grade.report.gradebook import Member
from narrowcast.grade.report.harmless import number
from narrowcast.grade.report.numbers import Item
from narrowcast.grade.report.words import why_told, words
from narrowcast.language import current_language, ngettext
from narrowcast.language import gettext as _

__all__ = ["page"]

HERE = Path(__file__).parent / "templates"
SHOWN = 15
"""Cells whose times are shown; cells.csv has all."""


@dataclass(frozen=True)
class Question:
    """A row of the table of questions."""

    name: str
    points: float
    parts: list[Bar]
    item: Item | None
    told: str
    why: str


@dataclass(frozen=True)
class Row:
    """A row of the table of students."""

    member: Member
    state: str
    hints: list[str]


def page(findings: Findings) -> str:
    """Return the report as HTML, in the language in force.

    Parameters
    ----------
    findings
        All that was found out.
    """
    style = (HERE / "report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    spread = findings.numbers.spread
    most = findings.most
    html: str = _template().render(
        f=findings,
        w=words(),
        language=current_language(),
        style=style,
        policy=policy,
        summary=_summary(findings),
        steps=steps_of(findings),
        spread=spread,
        histogram=histogram_of(findings.totals, spread, most) if spread and (most or spread.most) else None,
        histogram_told=_histogram_told(findings),
        questions=_questions(findings),
        contrasts=any(item.contrast is not None for item in findings.numbers.items.values()),
        alpha=alpha_told(findings),
        flags=[(kind, list(group)) for kind, group in groupby(findings.flags, key=lambda one: one.kind)],
        kind_told=kind_told,
        labels=findings.labels,
        rows=_rows(findings),
        times=findings.times[:SHOWN],
    )
    return html


def _summary(findings: Findings) -> str:
    graded, ungraded = len(findings.standing.graded), len(findings.standing.ungraded)
    whole = graded + ungraded + len(findings.standing.missing)
    told = ngettext("{count} of {whole} student handed in.", "{count} of {whole} students handed in.", whole)
    said = [told.format(count=graded + ungraded, whole=whole)]
    missing = findings.standing.missing
    if missing and len(missing) <= 6:
        said.append(_("Missing: {names}.").format(names="; ".join(one.label for one in missing)))
    if findings.by_hand:
        said.append(_("Some marks are still to be given: the totals are points so far."))
    return " ".join(said)


def _histogram_told(findings: Findings) -> str:
    spread = findings.numbers.spread
    if spread is None:
        return ""
    words = _(
        "Histogram of {count} totals out of {most}: mean {mean}, median {median}, quartiles {lower} and {upper}."
    )
    return words.format(
        count=spread.count, most=number(findings.most), mean=number(spread.mean), median=number(spread.median),
        lower=number(spread.lower), upper=number(spread.upper),
    )  # fmt: skip


def _questions(findings: Findings) -> list[Question]:
    items = findings.numbers.items
    return [
        Question(
            name, points, parts_of(findings.outcomes[name]), items.get(name), item_told(items.get(name)),
            why_told(items[name].why) if name in items else "",
        )
        for name, points in findings.points.items()
    ]  # fmt: skip


def _rows(findings: Findings) -> list[Row]:
    hints: dict[str, list[str]] = {}
    for flag in findings.flags:
        for student in flag.about:
            if kind_told(flag.kind) not in hints.setdefault(student, []):
                hints[student].append(kind_told(flag.kind))
    state = {one.student: "ungraded" for one in findings.standing.ungraded}
    state |= {one.student: "missing" for one in findings.standing.missing}
    return [
        Row(one, state.get(one.student, ""), hints.get(one.student, []))
        for one in findings.standing.everybody
    ]


def _moment(when: datetime | None) -> str:
    return "" if when is None else f"{when:%Y-%m-%d %H:%M}"


def _seconds(took: float) -> str:
    return _("{seconds} s").format(seconds=number(took, 2 if took < 1 else 1))


def _tint(mark: float | None, points: float) -> str:
    """Return a mark's class: five tints of its share of the points, or none."""
    if mark is None or points <= 0:
        return "wait" if mark is None else ""
    return f"t{min(max(round(4 * mark / points), 0), 4)}"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _signed(value: float | None) -> str:
    return "–" if value is None else f"{value:z.2f}".replace("-", "\u2212")


@lru_cache(maxsize=1)
def _template() -> Any:  # noqa: ANN401 - jinja2's
    environment = Environment(
        loader=FileSystemLoader(HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: Mapping[str, Any] = {
        "number": number, "moment": _moment, "seconds": _seconds, "percent": _percent, "signed": _signed, "tint": _tint,
    }  # fmt: skip
    environment.filters.update(filters)
    return environment.get_template("report.html.j2")
