"""What stands in every page, in the language in force."""

from __future__ import annotations

from narrowcast.language import gettext as _

__all__ = ["late_told", "lateness", "waiting_told", "words"]


def words() -> dict[str, str]:
    """Return the fixed words of a page, by their name in the template."""
    return {
        "feedback": _("Feedback"),
        "of": _("of"),
        "points": _("points"),
        "so_far": _("so far"),
        "next": _("What to do next"),
        "overview": _("Your marks"),
        "question": _("Question"),
        "result": _("Result"),
        "mark": _("Mark"),
        "total": _("Total"),
        "late": _("Handed in late"),
        "read_again": _("Read again:"),
        "in_lesson": _("in"),
        "comment": _("Your teacher writes"),
        "your_answer": _("Your answer"),
        "output": _("Output of your code"),
        "asked": _("What was asked"),
        "others": _("Other cells, as they ran"),
        "checked": _("What was checked"),
        "empty": _("(empty)"),
        "notices": _("Notes on your submission"),
    }


def lateness(seconds: float) -> str:
    """Return how late something was, in the largest unit that fits."""
    minutes = max(round(seconds / 60), 1)
    if minutes < 120:
        return _("{count} min late").format(count=minutes)
    if minutes < 48 * 60:
        return _("{count} hours late").format(count=round(minutes / 60))
    return _("{count} days late").format(count=round(minutes / 1440))


def waiting_told(points: float, most: float) -> str:
    """Return the sentence that says how much a person has yet to mark."""
    return _("Still to be marked by a person: {points:g} of {all:g} points.").format(
        points=round(points, 2), all=round(most, 2)
    )


def late_told(seconds: float, penalty: float) -> str:
    """Return the sentence that says what being late cost."""
    return _("Handed in {how}: −{points:g}.").format(how=lateness(seconds), points=round(penalty, 2))
