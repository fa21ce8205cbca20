"""What the findings ask of the teacher, most pressing first."""

from __future__ import annotations

from narrowcast.grade.report.findings import Findings
from narrowcast.grade.report.numbers import MANY, Item
from narrowcast.grade.report.timing import CellTime
from narrowcast.language import gettext as _
from narrowcast.language import ngettext

__all__ = ["alpha_told", "item_told", "steps_of"]

HARD, EASY, WEAK = 0.4, 0.95, 0.2
"""Mean shares of a question that is hard or easy, and the discrimination below which it is weak (after Ebel 1965)."""


def steps_of(findings: Findings) -> list[str]:
    """Return what to do next, a sentence each, in the language in force."""
    return [*_to_mark(findings), *_to_look_at(findings), *_to_teach(findings)]


def _to_mark(findings: Findings) -> list[str]:
    steps = []
    ungraded = len(findings.standing.ungraded)
    if ungraded:
        steps.append(ngettext(
            "Grade {count} submission that has no marks yet: `narrowcast grade {name}`.",
            "Grade {count} submissions that have no marks yet: `narrowcast grade {name}`.", ungraded,
        ).format(count=ungraded, name=findings.assignment))  # fmt: skip
    for item, students in findings.by_hand.items():
        steps.append(ngettext(
            "Mark {item} by hand for {count} student.", "Mark {item} by hand for {count} students.", len(students),
        ).format(item=item, count=len(students)))  # fmt: skip
    return steps


def _to_look_at(findings: Findings) -> list[str]:
    steps = []
    if findings.quarantined:
        labels = findings.labels
        names = "; ".join(labels.get(student, student) for student in sorted(findings.quarantined))
        steps.append(_("Ask for a whole file again: {names}.").format(names=names))
    steps += [_timeouts_told(cell) for cell in findings.times if cell.timeouts]
    for name, item in findings.numbers.items.items():
        if item.interval and item.interval[1] < WEAK:
            steps.append(_("Look at the wording and the key of {item}: who is strong elsewhere does not do better "
                           "there.").format(item=name))  # fmt: skip
    hints = sum(flag.kind in {"other_world", "similar"} for flag in findings.flags)
    if hints:
        steps.append(ngettext("Look into {count} hint on copied work.", "Look into {count} hints on copied work.",
                              hints).format(count=hints))  # fmt: skip
    return steps


def _timeouts_told(cell: CellTime) -> str:
    words = ngettext(
        "Look at the cell {cell}: {count} student ran out of time.",
        "Look at the cell {cell}: {count} students ran out of time.",
        len(cell.timeouts),
    )
    return words.format(cell=cell.cell, count=len(cell.timeouts))


def _to_teach(findings: Findings) -> list[str]:
    steps = []
    graded = len(findings.standing.graded)
    for one in findings.mistakes[:1]:
        if len(one.students) >= max(2, 0.15 * graded):
            words = _("Take up {code} in {item} with the class: {count} of {whole} made this mistake.")
            steps.append(
                words.format(code=one.code, item=one.question, count=len(one.students), whole=graded)
            )
    return steps


def item_told(item: Item | None) -> str:
    """Return what an item's numbers say, in a few words; empty where they say nothing unusual."""
    if item is None or item.difficulty is None:
        return ""
    told = []
    # Whoever left it empty has a mark first: these few say nothing of the question.
    if item.why == "unmarked":
        return ""
    if item.difficulty < HARD:
        told.append(_("hard"))
    elif item.difficulty > EASY:
        told.append(_("nearly everybody can do it"))
    if item.discrimination is not None and item.discrimination < 0:
        told.append(_("the weak did better"))
    elif item.discrimination is not None and item.discrimination < WEAK:
        told.append(_("hardly tells strong from weak"))
    return ", ".join(told)


def alpha_told(findings: Findings) -> str:
    """Return Cronbach's alpha as a sentence, or why there is none."""
    alpha = findings.numbers.alpha
    if alpha.value is None:
        return {
            "few": _("No Cronbach's alpha: fewer than ten students have all marks."),
            "alike": _("No Cronbach's alpha: all totals are the same."),
            "alone": _("No Cronbach's alpha: it needs two questions or more."),
        }[alpha.why]
    words = _("Cronbach's alpha is {value:.2f}, of {items} questions and {count} students.")
    told = words.format(value=alpha.value, items=alpha.items, count=alpha.count)
    rough = _("In a class of this size, take it and the discriminations as rough.")
    return f"{told} {rough}" if alpha.count < MANY else told
