"""A key held against many students' markets: the truth gets all points, and every mistake is one."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from narrowcast.errors import NarrowcastError
from narrowcast.judge.key import Key
from narrowcast.judge.plans import PlanQuestion
from narrowcast.judge.questions import Mistake, Question
from narrowcast.judge.verdict import Reason
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds import World

__all__ = ["RARE", "Audit", "Remark", "audit"]

RARE = 0.05
"""Share of markets up to which a mistake may lead to the truth, or to another's answer: that is told as a note."""
PLAYED = 3
"""Markets in which plans are run: that is too dear for all of them."""

Open = Callable[[str, int], World]


@dataclass(frozen=True)
class Remark:
    """Something that is wrong with a question, or worth knowing.

    Attributes
    ----------
    question
        Its name.
    told
        What it is.
    fault
        Whether the key should be corrected.
    share
        Share of the markets in which it is so, 0 to 1.
    """

    question: str
    told: str
    fault: bool
    share: float = 1.0


@dataclass(frozen=True)
class Audit:
    """What was found.

    Attributes
    ----------
    key
        Name of the key.
    markets
        In how many students' markets it was held.
    remarks
        By question, faults first.
    """

    key: str
    markets: int
    remarks: tuple[Remark, ...]

    @property
    def faults(self) -> list[Remark]:
        """What should be corrected."""
        return [remark for remark in self.remarks if remark.fault]


@dataclass
class _Counts:
    """What happened to a question, by what is told of it, in how many markets."""

    faults: Counter[str] = field(default_factory=Counter)
    meetings: Counter[str] = field(default_factory=Counter)

    def remarks(self, name: str, markets: int) -> list[Remark]:
        told = _("{what} (in {count} of {all} markets)")
        made = [
            Remark(name, told.format(what=what, count=count, all=markets), fault=True, share=count / markets)
            for what, count in self.faults.items()
        ]
        return made + [
            Remark(
                name,
                told.format(what=what, count=count, all=markets),
                count > RARE * markets,
                count / markets,
            )
            for what, count in self.meetings.items()
        ]


def audit(key: Key, markets: int, opening: Open, step: Callable[[], None] = lambda: None) -> Audit:
    """Hold a key against students' markets.

    Parameters
    ----------
    key
        The key.
    markets
        In how many markets, 1 or more.
    opening
        Opens a world by its name and the number of a student, from 0 on.
    step
        Called after each market.

    Returns
    -------
    Audit
        Faults and notes. Nothing that a key does is raised: an error in it is a fault.
    """
    counts = {name: _Counts() for name in key.questions}
    for student in range(markets):
        for name, question in key.questions.items():
            world = opening(question.world or key.worlds[0], student)
            _held(question, world, counts[name], play=student < PLAYED)
        step()
    remarks = [remark for name in key.questions for remark in counts[name].remarks(name, markets)]
    first = {name: opening(question.world or key.worlds[0], 0) for name, question in key.questions.items()}
    remarks += _silent(key.questions.values())
    remarks += _leaks(key, first)
    return Audit(key.name, markets, tuple(sorted(remarks, key=lambda remark: not remark.fault)))


def _held(question: Question, world: World, counts: _Counts, *, play: bool) -> None:
    """Hold one question against one market."""
    if question.kind == "written":
        return
    try:
        if isinstance(question, PlanQuestion):
            _held_plan(question, world, counts, play=play)
        else:
            _held_truth(question, world, counts)
            _held_mistakes(question, world, counts)
    except NarrowcastError as error:
        counts.faults[str(error)] += 1
    except Exception as error:  # noqa: BLE001 - a key is a program: whatever it raises is the author's to see
        counts.faults[
            _("the key raises {kind}: {why}").format(kind=type(error).__name__, why=str(error)[:200])
        ] += 1


def _held_truth(question: Question, world: World, counts: _Counts) -> None:
    truth = question.truth(world)
    if truth is None and question.kind == "function":  # its properties alone say what is right
        return
    verdict = question.judge(_answer(question, truth), world)
    if verdict.reason is Reason.INVALID:
        told = _("the truth has no right form: {why}").format(why=_general(verdict.message))
        counts.faults[told] += 1
    elif verdict.score != question.points:
        told = _("the truth gets {score:g} of {points:g} points: {why}")
        why = verdict.reason.value
        counts.faults[told.format(score=verdict.score or 0, points=question.points, why=why)] += 1


def _general(message: str) -> str:
    """Return a message without the numbers of one market, so that markets can be counted together."""
    return "".join("#" if sign.isdigit() else sign for sign in message)[:200]


def _answer(question: Question, value: Any) -> Any:  # noqa: ANN401
    """Return a truth as a student would hand it in: of several texts, the first."""
    if question.kind == "text" and isinstance(value, Iterable) and not isinstance(value, str):
        return next(iter(value), "")
    return getattr(value, "pattern", value) if question.kind == "text" else value


def _held_mistakes(question: Question, world: World, counts: _Counts) -> None:
    """Note where a mistake leads to the truth, or to what a mistake before it leads to, or to no answer at all."""
    if getattr(question, "bet", False):
        return
    for mistake, wrong in question.mistaken(world):
        verdict = question.judge(_answer(question, wrong), world)
        name = _named(mistake)
        if verdict.reason is Reason.RIGHT:
            counts.meetings[_("{mistake} leads to the truth").format(mistake=name)] += 1
        elif verdict.reason is not Reason.MISTAKE:
            told = _("{mistake} leads to what is no answer: {why}")
            counts.faults[told.format(mistake=name, why=_general(verdict.message))] += 1
        elif verdict.message not in _texts(mistake):
            other = next(
                (one for one, _value in question.mistaken(world) if verdict.message in _texts(one)), mistake
            )
            told = _("{mistake} cannot be told from {other}")
            counts.meetings[told.format(mistake=name, other=_named(other))] += 1


def _named(mistake: Mistake) -> str:
    return f"{mistake.code} {getattr(mistake.compute, '__name__', '')}".strip()


def _texts(mistake: Mistake) -> tuple[str, str]:
    return mistake.message, in_course(mistake.message)


def _held_plan(question: PlanQuestion, world: World, counts: _Counts, *, play: bool) -> None:
    """Note plans of the key that cannot run; in a few markets, run the naive and the best one."""
    naive = question.ours(question.truth(world), world)
    for mistake, wrong in question.mistaken(world):
        if question.same(question.ours(wrong, world), naive):
            counts.meetings[_("{mistake} leads to the naive plan").format(mistake=_named(mistake))] += 1
    if not play:
        return
    naive, best = question.bounds(world)
    for plan, wanted in ((naive, 0.0), (best, question.points)):
        verdict = question.judge(plan, world)
        if verdict.score != wanted:
            told = _("the plan {plan!r} gets {score:g} points; it should get {wanted:g}")
            counts.faults[told.format(plan=plan.name, score=verdict.score or 0, wanted=wanted)] += 1


def _silent(questions: Iterable[Question]) -> list[Remark]:
    """Return a remark for each text that is missing."""
    remarks = []
    for question in questions:
        if not question.message:
            remarks.append(
                Remark(
                    question.name, _("the truth has no docstring, which is what a student reads"), fault=True
                )
            )
        remarks += [
            Remark(question.name, _("{mistake} has no docstring").format(mistake=_named(mistake)), fault=True)
            for mistake in question.mistakes
            if not mistake.message
        ]
        if question.points and not question.hints and question.kind != "written":
            remarks.append(Remark(question.name, _("it has points and no hints"), fault=False))
        codes = Counter((mistake.code, mistake.message) for mistake in question.mistakes)
        remarks += [
            Remark(question.name, _("two mistakes {code} say the same").format(code=code), fault=True)
            for (code, _text), count in codes.items()
            if count > 1
        ]
    return remarks


def _leaks(key: Key, worlds: dict[str, World]) -> list[Remark]:
    """Return a remark for each truth or message that the public part of a key gives away."""
    remarks = []
    for name, public in key.public()["questions"].items():
        text = json.dumps(public, ensure_ascii=False, default=str)
        for secret in _secrets(key.questions[name], worlds[name]):
            if secret in text:
                told = _("the public part gives away: {secret}").format(secret=secret[:80])
                remarks.append(Remark(name, told, fault=True))
    return remarks


def _secrets(question: Question, world: World) -> Sequence[str]:
    """Return what would give a question away: what is said of its answers, and the truth where it is one of a kind."""
    found = [question.message, *(mistake.message for mistake in question.mistakes)]
    try:
        truth = question.truth(world)
    except Exception:  # noqa: BLE001 - told elsewhere
        return [text for text in found if text]
    if question.kind == "number" and abs(float(truth)) >= 0.001 and len(f"{float(truth):.6g}") > 4:
        found.append(f"{float(truth):.6g}")
    if question.kind == "choice" and isinstance(truth, dict):
        found.append(json.dumps(truth, ensure_ascii=False)[1:-1])
    if question.kind == "text":
        found.append(str(_answer(question, truth)))
    if isinstance(question, PlanQuestion):
        found += [str(seed) for seed in question.seeds]
    return [text for text in found if text]
