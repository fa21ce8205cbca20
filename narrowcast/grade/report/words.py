"""What stands in every report, in the language in force."""

from __future__ import annotations

from narrowcast.language import gettext as _

__all__ = ["why_told", "words"]


def words() -> dict[str, str]:
    """Return the fixed words of a report, by their name in the template."""
    return {**_heads(), **_columns(), **_signs(), **_explained()}


def _heads() -> dict[str, str]:
    return {
        "report": _("Report"),
        "next": _("What to do next"),
        "totals": _("Totals"),
        "questions": _("Questions"),
        "mistakes": _("Recognised mistakes"),
        "flags": _("Hints"),
        "time": _("Time by cell"),
        "class": _("The class"),
        "how": _("How the numbers are made"),
    }


def _columns() -> dict[str, str]:
    return {
        "question": _("Question"),
        "points": _("Points"),
        "came_out": _("How it came out"),
        "mean_share": _("Mean share"),
        "discrimination": _("Discrimination"),
        "upper_lower": _("Upper less lower 27 %"),
        "cost": _("Points lost"),
        "who": _("Who"),
        "student": _("Student"),
        "total": _("Total"),
        "handed_in": _("Handed in (UTC)"),
        "hints": _("Hints"),
        "cell": _("Cell"),
        "runs": _("Runs"),
        "middle": _("Median"),
        "longest": _("Slowest"),
        "timeouts": _("Out of time"),
        "stopped": _("Stopped otherwise"),
        "errors": _("Errors"),
        "no_name": _("no name"),
    }


def _signs() -> dict[str, str]:
    return {
        "full": _("all points"),
        "part": _("some"),
        "none": _("none"),
        "waiting": _("to be marked"),
        "mean": _("Mean"),
        "median": _("Median"),
        "quartiles": _("Quartiles"),
        "deviation": _("Standard deviation"),
        "range": _("Lowest and highest"),
        "missing": _("nothing handed in"),
        "ungraded": _("handed in, not graded yet"),
        "late": _("late"),
        "of": _("of"),
        "box": _("The box holds the middle half of the class; the line in it is the median, the diamond the mean."),
        "no_ledger": _("This class was not graded by `narrowcast grade`: mistakes, times and hints are not known."),
        "no_mistakes": _("No known mistake was recognised."),
        "no_flags": _("None."),
        "no_totals": _("Nobody has marks yet."),
        "hint": _("These are hints, not verdicts, and no mark depends on them. "
                  "Students who learn together may write alike. Talk with them before you conclude anything."),
    }  # fmt: skip


def _explained() -> dict[str, str]:
    return {
        "how_share": _("Mean share: the mean of points over the most that can be had, of all marks that are given. "
                       "Test theory calls it difficulty: the higher, the easier."),
        "how_discrimination": _("Discrimination: the correlation of a question's points with the sum of all other "
                                "questions (item-rest correlation, Guilford 1953), with its 95 % interval (Fisher's z, "
                                "1921). As a rule of thumb, 0.4 and more tells strong from weak very well, below 0.2 "
                                "badly (Ebel 1965 gave these limits for upper less lower, which runs much alike); "
                                "below 0 the weak did better than the strong."),
        "how_contrast": _("Upper less lower 27 %: the mean share among the best 27 % by total, less that among the "
                          "lowest 27 % (Kelley 1939); for classes of 100 and more."),
        "how_alpha": _("Cronbach's alpha (1951) says how far the questions measure the same thing: near 1 they agree. "
                       "It grows with the number of questions, and an assignment that asks for different things "
                       "has good reason to be low."),
        "how_quartiles": _("Quartiles interpolate between neighbours (type 7 of Hyndman and Fan 1996)."),
        "how_complete": _("Correlations and alpha use the students who have all marks; a question that most have no "
                          "mark in yet is left out."),
        "how_total": _("Totals are the points so far, less what lateness cost; who handed in nothing is not in them."),
        "how_code": _("Nearly the same code: fingerprints of the code that survive other names, comments and order "
                      "(winnowing: Schleimer, Wilkerson and Aiken 2003), without what much of the class shares."),
    }  # fmt: skip


def why_told(why: str) -> str:
    """Return why a statistic is missing, by the code that `numbers` gives."""
    return {
        "unmarked": _("most have no mark yet"),
        "few": _("too few students with all marks"),
        "alike": _("all alike: nothing to compare"),
        "alone": _("needs two questions or more"),
    }.get(why, "")
