"""Why a cell was stopped, in words for its student."""

from __future__ import annotations

from narrowcast.language import gettext as _

__all__ = ["stopped"]


def stopped(problem: str) -> str:
    """Return why a cell was stopped; empty where it was not.

    Parameters
    ----------
    problem
        What a box says of a cell: "timeout", "memory", "died", "output", "skipped", "error" or "".
    """
    told = {
        "timeout": _("The cell ran too long and was stopped."),
        "memory": _("The cell took more memory than there is for a submission."),
        "died": _("The cell ended the program that ran it."),
        "output": _("The cell gave out more than a page can hold."),
        "skipped": _("The cell was not run: too many cells before it had ended the program."),
    }
    return told.get(problem, "")
