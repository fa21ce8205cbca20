"""What the judge says of an answer."""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["Reason", "Verdict"]


MOST_MESSAGE = 8_000
"""Characters of a message that are kept."""


class Reason(StrEnum):
    """Why a score is what it is."""

    RIGHT = "right"
    PARTLY = "partly"
    MISTAKE = "mistake"
    """A wrong answer with a name."""
    WRONG = "wrong"
    OTHER_WORLD = "other_world"
    """Right in somebody else's market."""
    INVALID = "invalid"
    """Wrong type, shape or unit; can be tried again at no cost."""
    UNANSWERED = "unanswered"
    RECORDED = "recorded"
    """Well formed; no key is in reach, so it is judged later."""
    BET = "bet"
    BY_HAND = "by_hand"


_SIGNS = {
    Reason.RIGHT: "✓", Reason.PARTLY: "◐", Reason.MISTAKE: "✗", Reason.WRONG: "✗", Reason.OTHER_WORLD: "✗",
    Reason.INVALID: "?", Reason.UNANSWERED: "…", Reason.RECORDED: "•", Reason.BET: "◇", Reason.BY_HAND: "✎",
}  # fmt: skip


def _heading(reason: Reason) -> str:
    return {
        Reason.RIGHT: _("Right"), Reason.PARTLY: _("Partly right"), Reason.MISTAKE: _("Not quite"),
        Reason.WRONG: _("Not yet"), Reason.OTHER_WORLD: _("Right, but in another market"),
        Reason.INVALID: _("Cannot be judged like this"), Reason.UNANSWERED: _("No answer yet"),
        Reason.RECORDED: _("Well formed"), Reason.BET: _("Your bet"), Reason.BY_HAND: _("Marked by hand"),
    }[reason]  # fmt: skip


@dataclass(frozen=True)
class Verdict:
    """What the judge says of one answer.

    Attributes
    ----------
    question
        Name of the question.
    score
        Points given, from 0 to `points`; None where nothing was judged.
    points
        Points to be had.
    reason
        Why.
    message
        What to know or to do, in the language in force.
    mistake
        Code of the named mistake, such as "M1"; empty where none was recognised.
    evidence
        Figures behind the message.
    """

    question: str
    score: float | None
    points: float
    reason: Reason
    message: str
    mistake: str = ""
    evidence: Mapping[str, float] = field(default_factory=dict)

    def mark(self) -> float | None:
        """Show the verdict and return the score, as a plain float: how a check cell of nbgrader ends."""
        self._ipython_display_()
        return None if self.score is None else float(self.score)

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON holds it, in the words it was given, 8,000 characters of them at most."""
        return {
            "question": self.question,
            "score": None if self.score is None else float(self.score),
            "points": float(self.points),
            "reason": self.reason.value,
            "message": self.message[:MOST_MESSAGE],
            "mistake": self.mistake,
            "evidence": {name: float(value) for name, value in self.evidence.items() if math.isfinite(value)},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Verdict:
        """Return the verdict that `to_json` wrote.

        Raises
        ------
        CourseError
            If it is none: a field is missing, of another type or out of range.
        """
        try:
            score, points = data["score"], float(data["points"])
            made = cls(
                _text(data["question"]), None if score is None else float(score), points, Reason(data["reason"]),
                _text(data["message"])[:MOST_MESSAGE], _text(data.get("mistake", "")),
                {_text(name): float(value) for name, value in data.get("evidence", {}).items()},
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise _no_verdict(f"{type(error).__name__}: {error}") from error
        if not (math.isfinite(points) and (made.score is None or 0 <= made.score <= points)):
            raise _no_verdict(f"{made.score} / {points}")
        return made

    @property
    def _points(self) -> str:
        if self.score is None or not self.points:
            return ""
        return _("{score:g} of {points:g} points").format(score=round(self.score, 2), points=self.points)

    def __str__(self) -> str:
        parts = [f"{_SIGNS[self.reason]} {self.question}: {_heading(self.reason)}"]
        if self._points:
            parts[0] += f" ({self._points})"
        if self.mistake:
            parts[0] += f" [{self.mistake}]"
        return "\n".join([*parts, self.message]).strip()

    def _repr_html_(self) -> str:
        """Return a small card; the sign and the words say it, the colour only helps."""
        edge = {Reason.RIGHT: "#009E73", Reason.PARTLY: "#E69F00", Reason.BET: "#56B4E9"}.get(
            self.reason, "#999999"
        )
        if self.reason in {Reason.MISTAKE, Reason.WRONG, Reason.OTHER_WORLD, Reason.INVALID}:
            edge = "#D55E00"
        aside = " · ".join(html.escape(part) for part in (self._points, self.mistake) if part)
        body = "".join(
            f"<p style='margin:.35em 0 0'>{html.escape(line)}</p>" for line in self.message.splitlines()
        )
        return (
            f"<div role='status' style='border-left:5px solid {edge};padding:.5em .9em;margin:.4em 0;max-width:46em;"
            "line-height:1.45;background:rgba(128,128,128,.08);border-radius:4px'>"
            f"<strong>{_SIGNS[self.reason]} {html.escape(self.question)}: {html.escape(_heading(self.reason))}</strong>"
            f"{' <span>(' + aside + ')</span>' if aside else ''}{body}</div>"
        )

    def _ipython_display_(self) -> None:
        """Show the verdict in a notebook; outside one, print it."""
        try:
            from IPython import get_ipython  # noqa: PLC0415 - the judge also runs where there is no notebook
            from IPython.display import publish_display_data  # noqa: PLC0415
        except ImportError:
            get_ipython = None
        if get_ipython is None or get_ipython() is None:
            print(self)  # noqa: T201 - the only way to speak outside a notebook
            return
        publish_display_data({"text/plain": str(self), "text/html": self._repr_html_()})  # type: ignore[no-untyped-call]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value


def _no_verdict(why: str) -> CourseError:
    return CourseError(
        _("This is no verdict: {why}.").format(why=why[:200]), _("Grade the submission again.")
    )
