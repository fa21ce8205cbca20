"""One graded cell: its mark, in a sign and in words, and what is said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from narrowcast.grade.feedback import safe
from narrowcast.grade.feedback.hidden import Secrets, parts
from narrowcast.grade.feedback.outputs import STOPS, error_text, line_of, text_of
from narrowcast.grade.feedback.reading import Passage, Reading
from narrowcast.grade.feedback.standing import Mark
from narrowcast.grade.feedback.verdicts import Told, told_in
from narrowcast.grade.stops import stopped
from narrowcast.judge import Reason, Verdict
from narrowcast.language import gettext as _

__all__ = ["Check", "check_of", "missing"]

Cell = Mapping[str, Any]

_TONES = {
    Reason.RIGHT: "full", Reason.PARTLY: "part", Reason.BET: "bet", Reason.RECORDED: "wait", Reason.BY_HAND: "wait",
}  # fmt: skip
_BY_TONE = {"full": Reason.RIGHT, "part": Reason.PARTLY, "none": Reason.WRONG, "wait": Reason.BY_HAND}


@dataclass(frozen=True)
class Check:
    """What a page says about one mark.

    Attributes
    ----------
    name
        nbgrader's id of the cell.
    mark
        Its mark.
    tone
        "full", "part", "none", "wait" or "bet": chooses a colour, which only helps the sign and the words.
    sign, heading
        How it went, in one letter and in a few words.
    lines
        What to know or to do.
    mistake
        Code of the named mistake; empty where there is none.
    passage
        Where to read again.
    source
        What was checked, as far as the student received it; empty where the judge has spoken.
    note
        A last word, such as that a person set the mark.
    """

    name: str
    mark: Mark
    tone: str
    sign: str
    heading: str
    lines: tuple[str, ...] = ()
    mistake: str = ""
    passage: Passage | None = None
    source: Markup | None = None
    note: str = ""

    @property
    def lost(self) -> float:
        """Points that were to be had and were not; what waits is not lost."""
        return 0.0 if self.mark.waits else max(self.mark.points - self.mark.score, 0.0)

    @property
    def points_told(self) -> str:
        """The mark in words, and the mistake's code."""
        if self.mark.waits:
            return f"… / {self.mark.points:g}"
        told = _("{score:g} of {points:g} points").format(
            score=round(self.mark.score, 2), points=self.mark.points
        )
        return " · ".join(filter(None, (told, self.mistake)))

    @property
    def advice(self) -> str:
        """The line that helps most: a named mistake's stands last, a hint's or a form's first."""
        return self.lines[-1 if self.mistake else 0] if self.lines else ""


def check_of(
    cell: Cell, mark: Mark, reading: Reading, secrets: Secrets, *, before: str = "", untouched: bool = False,
    config: Any = None,  # noqa: ANN401 - traitlets'
) -> Check:  # fmt: skip
    """Return what to say about a graded cell.

    Parameters
    ----------
    cell
        Of the autograded notebook.
    mark
        Its mark in the gradebook.
    reading
        Where to read again.
    secrets
        What may not be told.
    before
        Why it could not go well: it, or the answer before it, was stopped or failed; empty where neither was.
    untouched
        Whether the answer stands as it was handed out.
    config
        nbgrader's configuration.
    """
    name = str(cell["metadata"]["nbgrader"]["grade_id"])
    told = (
        told_in(cell.get("outputs", ()), name, mark.auto, mark.points)
        if cell["cell_type"] == "code"
        else None
    )
    is_check = cell["cell_type"] == "code" and not cell["metadata"]["nbgrader"].get("solution")
    tone, sign, heading = _how(name, mark, told)
    source: Markup | None = None
    lines = told.lines if told else ()
    if is_check and told is None:
        lines, source = _without_verdict(cell, mark, secrets, before, config)
    if untouched and tone == "none":
        sign, heading = _words(name, Reason.UNANSWERED)
        lines = (_("You have not changed this part."),)
    mistake = told.mistake if told else ""
    again = reading.passage(name, mistake) if tone in {"part", "none"} else None
    shown = tuple(safe.plain(line, 2_000) for line in lines)
    return Check(name, mark, tone, sign, heading, shown, mistake, again, source, _note(mark))


def missing(name: str, mark: Mark) -> Check:
    """Return what to say about a graded cell that the notebook lacks."""
    tone, sign, heading = _how(name, mark, None)
    return Check(name, mark, tone, sign, heading, (_("This part is missing in what you handed in."),))


def _how(name: str, mark: Mark, told: Told | None) -> tuple[str, str, str]:
    """Return tone, sign and heading: the judge's, unless a person gave the mark or has to."""
    if told and mark.manual is None and not mark.waits:
        return (_TONES.get(told.reason, "none"), *_words(name, told.reason))
    if mark.waits:
        return "wait", _words(name, Reason.BY_HAND)[0], _("Your teacher still has to mark this")
    tone = "full" if mark.score >= mark.points else "part" if mark.score > 0 else "none"
    sign, heading = _words(name, _BY_TONE[tone])
    return tone, sign, heading


def _words(name: str, reason: Reason) -> tuple[str, str]:
    """Return a verdict's sign and heading, in the language in force."""
    sign, _space, rest = str(Verdict(name, None, 0.0, reason, "")).partition(" ")
    return sign, rest.removeprefix(f"{name}: ")


def _note(mark: Mark) -> str:
    extra = _("Extra credit in it: {points:g}.").format(points=mark.extra) if mark.extra else ""
    by_hand = _("Marked by your teacher.") if mark.manual is not None and not mark.waits else ""
    return " ".join(filter(None, (by_hand, extra)))


def _without_verdict(
    cell: Cell, mark: Mark, secrets: Secrets, before: str, config: Any  # noqa: ANN401
) -> tuple[tuple[str, ...], Markup | None]:  # fmt: skip
    """Return what to say about a check that no verdict tells of, and what of it the student received."""
    hidden, visible = parts(text_of(cell.get("source")), config)
    source = "\n".join(line for _number, line in visible).strip("\n")
    lines = [] if mark.score >= mark.points else _why(cell, hidden, visible, secrets, before)
    if hidden:
        lines.append(_("More is checked here than your notebook shows."))
    if "\n" not in source and ".check(" in source:
        source = ""  # the judge was asked and nothing more: there is nothing to see
    return tuple(lines), Markup(safe.code(source))  # noqa: S704 - made harmless


def _why(
    cell: Cell, hidden: Sequence[str], visible: Sequence[tuple[int, str]], secrets: Secrets, before: str
) -> list[str]:
    """Return why a check did not pass, without a word of what is hidden."""
    outputs: list[Mapping[str, Any]] = list(cell.get("outputs", ()))
    error = next((one for one in outputs if one.get("output_type") == "error"), None)
    stop = before or stopped(STOPS.get(text_of((error or {}).get("ename")), ""))
    if stop:
        return [stop]
    if error is None:
        warned = any(one.get("name") == "stderr" for one in outputs)
        return [_("A check that gives out a warning does not count as passed.")] if warned else []
    line = dict(visible).get(line_of(error) or 0, "").strip()
    told = error_text(error, numbered=False)
    if hidden and (not line or secrets.tells(text_of(error.get("evalue")))):
        return [_("A check that your notebook does not show has not passed.")]
    if secrets.in_text(told):
        return [_("The check has not passed.")]
    where = _("This line of the check has not passed: {line}").format(line=line)
    return [where, told] if line and len(visible) > 1 else [told]
