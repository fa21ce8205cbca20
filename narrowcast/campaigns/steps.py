"""The eight steps of a direct-marketing plan, by name."""

from __future__ import annotations

from enum import StrEnum

from narrowcast.language import gettext as _

__all__ = ["Step"]


class Step(StrEnum):
    """A step of a plan; as text, its name in the language in force.

    A member equals its English name (``Step.FILE == "file"``), so it can be looked up and stored.
    """

    OBJECTIVES = "objectives"
    TARGET = "target"
    CHANNELS = "channels"
    FILE = "file"
    MESSAGE = "message"
    ORGANISATION = "organisation"
    LAUNCH = "launch"
    MEASURE = "measure"

    def __str__(self) -> str:
        titles = {
            "objectives": _("objectives"),
            "target": _("target"),
            "channels": _("channels"),
            "file": _("file"),
            "message": _("message"),
            "organisation": _("organisation"),
            "launch": _("launch"),
            "measure": _("measure"),
        }
        return titles[self.value]

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    @property
    def number(self) -> int:
        """Which step it is, 1 to 8."""
        return list(Step).index(self) + 1
