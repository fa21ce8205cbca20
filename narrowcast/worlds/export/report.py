"""What a check found: a mark for each table and aspect, and every problem with its cure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from narrowcast.language import gettext as _
from narrowcast.worlds.export.manifest import Manifest

__all__ = ["ASPECTS", "Problem", "Report", "aspect_titles"]

ASPECTS = ("file", "columns", "rows", "missing", "unique", "joins")
"""What is looked at of each table."""


def aspect_titles() -> dict[str, str]:
    """Return the aspects as a reader sees them, in the language in force."""
    titles = (_("File"), _("Columns"), _("Rows"), _("Missing values"), _("Keys occur once"), _("Joins"))
    return dict(zip(ASPECTS, titles, strict=True))


@dataclass(frozen=True)
class Problem:
    """Something that is not as the manifest says, and what to do."""

    where: str
    what: str
    cure: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what} {self.cure}"


@dataclass
class Report:
    """What was found in a folder.

    Parameters
    ----------
    manifest
        What the folder says of itself.
    cure
        What to do about anything that is wrong.
    """

    manifest: Manifest
    cure: str
    marks: dict[str, dict[str, bool]] = field(default_factory=dict)
    """By table and aspect: whether all was well; an aspect that was not looked at is left out."""
    problems: list[Problem] = field(default_factory=list)
    """All that was wrong."""

    def __post_init__(self) -> None:
        self.marks = {name: {} for name in self.manifest.tables}

    @property
    def whole(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems

    def wrong(self, where: str, aspect: str, what: str, tables: Iterable[str]) -> None:
        """Note a problem, and mark the tables that have it."""
        for name in tables:
            self.marks[name][aspect] = False
        self.problems.append(Problem(where, what, self.cure))

    def right(self, name: str, aspect: str) -> None:
        """Note that an aspect was looked at; what was wrong with it stays wrong."""
        self.marks[name].setdefault(aspect, True)
