"""Everything that Narrowcast can complain about, on one page.

::

    NarrowcastError
    ├── UnknownName      a world, channel, segment, question, language ... that does not exist
    ├── RecipeError      a market's recipe has a wrong file, field or value
    ├── PlanError        a campaign plan cannot be run, or its file not read; names the step
    ├── AnswerError      an answer has the wrong type, shape or unit; costs nothing
    ├── CourseError      a notebook, key or folder is not where the course needs it
    ├── BuildError       source text and what is built from it do not agree; lists every place
    ├── DataError        a market's data cannot be written, or what lies on the disk is not whole
    └── ServeError       a door (JupyterLab, gallery) could not be opened

Each says what was given, what is allowed and what to do.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from narrowcast.language import gettext as _

__all__ = [
    "AnswerError",
    "BuildError",
    "CourseError",
    "DataError",
    "NarrowcastError",
    "PlanError",
    "RecipeError",
    "ServeError",
    "UnknownName",
    "nearest",
]


class NarrowcastError(Exception):
    """Base of the family: catching this catches every complaint of ours.

    In a notebook it is drawn as its message alone: the person who made the mistake is shown what to
    do, not the inside of our package.
    """

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception how it wants to be drawn.
        return [f"{type(self).__name__}: {self}"]


def nearest(given: object, allowed: Iterable[str], count: int = 3) -> list[str]:
    """Return the allowed names that look most like `given`, best first."""
    return difflib.get_close_matches(str(given).lower(), [str(name) for name in allowed], n=count, cutoff=0.4)


class UnknownName(NarrowcastError, ValueError):  # noqa: N818 - reads as what happened
    """A name that does not exist, with the nearest ones that do.

    Parameters
    ----------
    kind
        What was looked for, as a word for people: "world", "channel", "question".
    given
        What was asked for.
    allowed
        Every name that would have worked.
    between
        The first and the last of them instead, where they are numbered and too many to list.
    """

    def __init__(
        self, kind: str, given: object, allowed: Iterable[str] = (), between: tuple[str, str] | None = None
    ) -> None:
        self.kind, self.given, self.allowed = kind, given, list(allowed)
        message = _("There is no {kind} {given!r}.").format(kind=kind, given=given)
        close = nearest(given, self.allowed)
        if close:
            message += " " + _("Did you mean {names}?").format(names=", ".join(repr(n) for n in close))
        if self.allowed:
            message += " " + _("Allowed: {names}.").format(names=", ".join(self.allowed))
        if between is not None:
            message += " " + _("Allowed: from {first} to {last}.").format(first=between[0], last=between[1])
        super().__init__(message)


class RecipeError(NarrowcastError, ValueError):
    """A market's recipe cannot be used: names the file, the field and the cure."""

    def __init__(self, file: object, field: str, problem: str, cure: str = "") -> None:
        self.file, self.field, self.problem, self.cure = file, field, problem, cure
        message = _("{file}: field {field}: {problem}").format(file=file, field=field, problem=problem)
        super().__init__(f"{message} {cure}".strip())


class PlanError(NarrowcastError, ValueError):
    """A campaign plan cannot be run: names the step of the plan (None: its file) and the cure."""

    def __init__(self, step: str | None, problem: str, cure: str = "") -> None:
        self.step, self.problem, self.cure = step, problem, cure
        words = _("The plan's file: {problem}") if step is None else _("Your plan, step {step}: {problem}")
        message = words.format(step=step, problem=problem)
        super().__init__(f"{message} {cure}".strip())


class AnswerError(NarrowcastError, ValueError):
    """An answer cannot be judged as it is; saying so costs nothing."""

    def __init__(self, problem: str, cure: str = "") -> None:
        self.problem, self.cure = problem, cure
        super().__init__(f"{problem} {cure}".strip())


class CourseError(NarrowcastError):
    """A notebook, key or folder is not where the course needs it."""

    def __init__(self, problem: str, cure: str = "") -> None:
        self.problem, self.cure = problem, cure
        super().__init__(f"{problem} {cure}".strip())


class BuildError(NarrowcastError):
    """What is built does not agree with its text: all problems with their places, told once."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class DataError(NarrowcastError):
    """A market's data cannot be written or read: says what, why, and what to do."""

    def __init__(self, problem: str, cure: str = "") -> None:
        self.problem, self.cure = problem, cure
        super().__init__(f"{problem} {cure}".strip())


class ServeError(NarrowcastError):
    """A door could not be opened: says which, why, and what to do."""

    def __init__(self, problem: str, cure: str = "") -> None:
        self.problem, self.cure = problem, cure
        super().__init__(f"{problem} {cure}".strip())
