"""What a cell gave out, fit for a page: cut to size, harmless, and without what no student may read."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from narrowcast.grade.feedback import safe
from narrowcast.grade.feedback.hidden import Secrets
from narrowcast.grade.stops import stopped
from narrowcast.language import gettext as _

__all__ = ["Shown", "error_text", "line_of", "shown", "text_of"]

MOST_OUTPUTS, LONGEST_HTML = 20, 120_000
STOPS = {
    "KeyboardInterrupt": "timeout",
    "CellTimeoutError": "timeout",
    "MemoryError": "memory",
    "DeadKernelError": "died",
}
"""Errors by which a cell tells that it was stopped."""

_LINE = re.compile(r"(?:Cell In\s?\[\d+\]|<ipython-input-[^>]+>|<cell[^>]*>)\D{0,12}?line (\d+)")

_FILE = re.compile(r"\s*\([\w<>-]+(?:\.py)?, line \d+\)$")
"""Where a syntax error lies: in a cell, under a name that says nothing."""
_TAG = re.compile(r"<[^<>]*>|\x1b\[[0-9;]*m")

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Shown:
    """One thing that a cell gave out.

    Attributes
    ----------
    kind
        "text", "rich", "error" or "note".
    body
        A text; `Markup` where it is "rich".
    """

    kind: str
    body: str | Markup


def text_of(value: object) -> str:
    """Return a text that nbformat keeps as one string or as a list of lines."""
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")


def line_of(output: Json) -> int | None:
    """Return the line of the cell in which an error rose, as far as its traceback tells."""
    found = _LINE.search(safe.plain(text_of(output.get("traceback")), 50_000))
    return int(found[1]) if found else None


def error_text(output: Json, *, numbered: bool = True) -> str:
    """Return an error in one line, with its line's number where wanted.

    Its traceback is left out: that tells of other people's code and of the machine.
    """
    name = safe.plain(text_of(output.get("ename")), 80)
    if name in {"KeyboardInterrupt", "CellTimeoutError", "Stopped"}:
        return stopped(STOPS.get(name, "")) or safe.plain(text_of(output.get("evalue")), 400)
    why = _FILE.sub("", safe.plain(text_of(output.get("evalue")), 800))
    told = f"{name}: {why}".strip(": \n")
    line = line_of(output) if numbered else None
    return _("Line {number}: {error}").format(number=line, error=told) if line else told


def shown(outputs: Iterable[Json], secrets: Secrets) -> list[Shown]:
    """Return what a student's cell gave out, as it may be shown."""
    found: list[Shown] = []
    for output in outputs:
        one = _one(output, secrets)
        if (
            one.kind == "text"
            and found
            and found[-1].kind == "text"
            and output.get("output_type") == "stream"
        ):
            found[-1] = Shown("text", safe.plain(found[-1].body + one.body))
        elif one.body and one not in found[-1:]:  # a cell that was stopped says so twice
            found.append(one)
    if len(found) > MOST_OUTPUTS:
        left = _("{count} more outputs are left out.").format(count=len(found) - MOST_OUTPUTS)
        return [*found[:MOST_OUTPUTS], Shown("note", left)]
    return found


def _one(output: Json, secrets: Secrets) -> Shown:
    data = output.get("data")
    texts = [text_of(output.get(name)) for name in ("text", "evalue", "ename")]
    if isinstance(data, Mapping):
        texts += [text_of(value) for kind, value in data.items() if kind not in {"image/png", "image/jpeg"}]
    # Both as it stands and as it reads: tags may stand between the letters.
    if any(secrets.in_text(text) or secrets.in_text(html.unescape(_TAG.sub("", text))) for text in texts):
        return Shown("note", _("This output is not shown: it repeats what belongs to the grading."))
    if output.get("output_type") == "error":
        return Shown("error", error_text(output))
    if output.get("output_type") == "stream":
        return Shown("text", safe.plain(texts[0]))
    return _rich(data) if isinstance(data, Mapping) else Shown("text", "")


def _rich(data: Json) -> Shown:
    """Return the richest form that is harmless."""
    for kind in ("image/png", "image/jpeg", "image/svg+xml"):
        picture = (
            safe.image(kind, text_of(data[kind]), _("Picture that your code made")) if kind in data else ""
        )
        if picture:
            return Shown("rich", Markup(picture))  # noqa: S704 - made harmless
    for kind, make in (("text/html", safe.clean), ("text/markdown", safe.markdown)):
        text = text_of(data.get(kind))
        if text and len(text) <= LONGEST_HTML:
            return Shown("rich", Markup(make(text)))  # noqa: S704 - made harmless
    return Shown("text", safe.plain(text_of(data.get("text/plain"))))
