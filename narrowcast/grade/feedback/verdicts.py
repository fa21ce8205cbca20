"""What the judge said, read back from the output of a check cell.

Only plain text is read, never HTML, and only where it agrees with the mark: under stock nbgrader a student's code
runs beside the judge and may print what looks like a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from narrowcast.judge import Reason, Verdict
from narrowcast.language import LANGUAGES, speaking

__all__ = ["Told", "told_in"]

_REST = re.compile(r"(?: \([^()\n]{1,60}\))?(?: \[(?P<mistake>[\w.-]{1,20})\])?\s*")
LONGEST = 6_000
"""Letters of a verdict's message that a page shows."""


@dataclass(frozen=True)
class Told:
    """A verdict, as far as its text tells it.

    Attributes
    ----------
    reason
        Why the mark is what it is.
    mistake
        Code of the named mistake; empty where there is none.
    lines
        The message.
    """

    reason: Reason
    mistake: str
    lines: tuple[str, ...]


def told_in(
    outputs: Iterable[Mapping[str, Any]], question: str, auto: float | None, points: float
) -> Told | None:
    """Return the verdict in a check cell's outputs, or None where there is none that agrees with the mark.

    Parameters
    ----------
    outputs
        The check cell's outputs, as a notebook (format 4) holds them.
    question
        Name of the check cell.
    auto
        The mark that the machine gave.
    points
        The most that could be had.
    """
    found = None
    for output in outputs:
        if output.get("output_type") != "display_data":
            continue
        text = output.get("data", {}).get("text/plain", "")
        read = _read("".join(map(str, text)) if isinstance(text, list) else str(text), question)
        found = read or found  # the judge speaks last: an answer that is looked at may speak before
    return found if found and _agrees(found.reason, auto, points) else None


def _read(text: str, question: str) -> Told | None:
    head, _line, message = text[:LONGEST].partition("\n")
    for language in LANGUAGES:
        with speaking(language):
            for reason in Reason:
                start = str(Verdict(question, None, 0.0, reason, ""))
                rest = _REST.fullmatch(head[len(start) :]) if head.startswith(start) else None
                if rest is not None:
                    return Told(
                        reason,
                        rest["mistake"] or "",
                        tuple(filter(None, map(str.strip, message.splitlines()))),
                    )
    return None


def _agrees(reason: Reason, auto: float | None, points: float) -> bool:
    if reason in {Reason.RIGHT, Reason.BET}:
        return auto is not None and auto >= points
    if reason in {Reason.WRONG, Reason.OTHER_WORLD, Reason.INVALID, Reason.UNANSWERED}:
        return not auto
    if reason in {Reason.PARTLY, Reason.MISTAKE}:
        return auto is not None and (auto < points or points == 0)
    return auto is None or auto in {0.0, points}
