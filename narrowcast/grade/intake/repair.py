"""What was mended in a submission, told in plain words."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Log", "Quarantine", "Repair"]


@dataclass(frozen=True)
class Repair:
    """One thing that was mended.

    Attributes
    ----------
    kind
        A word for programs: "encoding", "missing", "duplicate", "changed", "moved", "turned", "renamed" ...
    cell
        nbgrader's id of the cell; empty where the whole file is meant.
    told
        What was done, in the language in force.
    for_student
        Whether the student should know; otherwise only the instructor is told.
    """

    kind: str
    cell: str
    told: str
    for_student: bool


class Log:
    """What was mended so far, in order; what was told once is not told again."""

    def __init__(self) -> None:
        self._told: dict[Repair, None] = {}

    def add(self, kind: str, cell: str, told: str, *, for_student: bool = False) -> None:
        """Note one thing."""
        self._told.setdefault(Repair(kind, cell, told, for_student))

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """All that was noted."""
        return tuple(self._told)


class Quarantine(Exception):  # noqa: N818 - it is a place, and never leaves this package
    """A file that cannot be read, or not whole; its text says why, for a person."""
