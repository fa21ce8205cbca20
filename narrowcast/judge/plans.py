"""Questions whose answer is a campaign plan: the judge runs it on seeds that no student has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, count
from typing import Any

import numpy as np
from scipy import stats

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.errors import AnswerError, CourseError, NarrowcastError
from narrowcast.judge.questions import Question
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.simulate.search import SAMPLE, best_found
from narrowcast.simulate.trials import FIRST_MARKING_SEED, Trials
from narrowcast.worlds import World

__all__ = ["PlanQuestion"]

FULL = 0.98
"""Who comes this close to the best known plan has found it, and gets all points."""
PRECISE = 0.01
"""Seeds are added until the score's half-width at 95% confidence is below this share of the points ..."""
MOST_SEEDS = 8
"""... or there are so many."""
LOST = 0.05
"""A flight is named that loses more than this share of the budget."""


@dataclass
class PlanQuestion(Question):
    """A plan, scored between the naive plan and the best known one.

    score = points x clip((V - V_naive) / (V_best - V_naive) / 0.98, 0, 1), where V is the expected profit
    over doing nothing, mean over the hidden seeds, all plans under the same luck. V_best is the plan that
    `narrowcast.simulate.search.best_found` finds in the student's market with luck of its own, or the student's,
    where that is better. The hidden seeds are those given; more follow until the score is precise.

    Attributes
    ----------
    budget
        Money that flights, special editions, purchased files and fees may cost together.
    weeks
        How long the plan must run, from now on.
    seeds
        Hidden luck, 7,000 or more: disjoint from what students practise with and plans are searched with.
    craft
        Whether messages may be worked on: their form, a discount, the reader's name, a text to pass on. False where
        an assignment asks only where the money goes, and to whom: a plan that does more is refused, for such work
        costs nothing here and would outweigh the rest; the best known plan does without it as well.
    """

    budget: int = 0
    weeks: int = 4
    seeds: Sequence[int] = (9_001, 9_002)
    craft: bool = False

    def __post_init__(self) -> None:
        self.kind = "plan"
        if len(self.seeds) == 0 or min(self.seeds) < FIRST_MARKING_SEED:
            problem = _("{name}: the seeds of marking are {seeds}.").format(
                name=self.name, seeds=[*self.seeds]
            )
            cure = _("Give whole numbers from {first} on; students practise with those below.")
            raise CourseError(problem, cure.format(first=FIRST_MARKING_SEED))

    def public(self) -> dict[str, Any]:
        """Return what a student may see: budget, weeks and whether messages may be worked on."""
        return super().public() | {"budget": self.budget, "weeks": self.weeks, "craft": self.craft}

    def read(self, answer: object, world: World | None = None) -> Plan:
        """Return the answer as a plan that fits the world and the budget: lawful, starting now, nobody held out."""
        if isinstance(answer, Flight):
            answer = Plan(flights=(answer,), weeks=self.weeks)
        if not isinstance(answer, Plan):
            problem = _("Your answer is of type {kind}.").format(kind=type(answer).__name__)
            raise AnswerError(problem, _("A plan is asked for: nc.Plan(...)."))
        try:
            plan = replace(_afresh(answer), holdout=0.0, objective="profit", lawful=True, most=None)
            if world is not None:
                plan.fits(world)
        except NarrowcastError as error:
            raise AnswerError(str(error)) from error
        if plan.weeks != self.weeks:
            problem = _("Your plan runs {given} weeks.").format(given=plan.weeks)
            raise AnswerError(problem, _("It must run {weeks}.").format(weeks=self.weeks))
        if plan.start != 0:
            problem = _("Your plan starts in week {given}.").format(given=plan.start)
            raise AnswerError(problem, _("It must start now: leave out start=."))
        if not self.craft:
            self._plain(plan)
        cost = plan.budget if world is None else plan.cost(world)
        if cost > self.budget:
            problem = _("Your plan costs {cost:,}; the budget is {budget:,}.").format(
                cost=cost, budget=self.budget
            )
            raise AnswerError(problem, _("Spend less, or leave out a special edition."))
        return plan

    def _plain(self, plan: Plan) -> None:
        """Refuse a plan whose messages were worked on."""
        for flight in plan.flights:
            usual = Message(flight.message.to, flight.message.fit)
            for name in ("form", "incentive", "personal", "prewritten"):
                if getattr(flight.message, name) != getattr(usual, name):
                    problem = _(
                        "{flight} sets {field}=; this question asks where the money goes, and to whom."
                    )
                    raise AnswerError(problem.format(flight=flight.name, field=name), _("Leave it out."))

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether two plans put the same money into the same flights."""
        return set(value.flights) == set(truth.flights)

    def compare(self, value: object, world: World, others: Sequence[World]) -> Verdict:  # noqa: ARG002
        """Run the plan on the hidden seeds and score it between naive and best known."""
        plan, naive = self.read(value, world), self.read(self.compute(world), world)
        best, _worth = best_found(world, self.budget, self.weeks, tuple(self.seeds)[:1], craft=self.craft)
        evidence = _evidence(world, (plan, naive, best), self.seeds)
        share = evidence["share"]
        score = round(self.points * share, 2)
        told = _(
            "On markets you have not seen your plan earns {mine:,.0f} more than doing nothing;"
            " the naive plan earns {naive:,.0f}, the best one known {best:,.0f}."
        ).format(mine=evidence["plan"], naive=evidence["naive"], best=evidence["best"])
        losers = self._losers(world, plan)
        lines = [told, *losers, in_course(self.message) if share == 1 else self.hint()]
        reason = Reason.RIGHT if share == 1 else Reason.PARTLY if share > 0 else Reason.WRONG
        mistake = next((m for m in self.mistakes if self.same(plan, m.compute(world))), None)
        if mistake is not None:
            lines[-1] = in_course(mistake.message)
        code = mistake.code if mistake is not None else ""
        return Verdict(self.name, score, self.points, reason, "\n".join(lines), code, evidence)

    def _losers(self, world: World, plan: Plan) -> list[str]:
        """Name the flights that cost more than they bring, as far as a part of the market tells."""
        trials = Trials(world, tuple(self.seeds)[:1], people=SAMPLE)
        flights = plan.flights
        rests = [replace(plan, flights=(*flights[:i], *flights[i + 1 :])) for i in range(len(flights))]
        whole, *without = trials.all([plan, *rests])
        text = _("{flight} costs more than it brings: without it the plan earns about {loss:,.0f} more.")
        return [
            text.format(flight=flight.name, loss=value - whole)
            for flight, value in zip(flights, without, strict=True)
            if value - whole > LOST * self.budget
        ]


def _afresh(plan: Plan) -> Plan:
    """Return a plan made anew from its text, so that every field of it has been checked."""
    try:
        text = plan.to_json()
    except (TypeError, ValueError, RecursionError, AttributeError) as error:  # somebody wrote into it
        problem = _("Your plan cannot be read: {why}.").format(why=str(error)[:200])
        raise AnswerError(problem, _("Build it with nc.Plan(...).")) from error
    return Plan.from_json(text)


def _evidence(world: World, plans: tuple[Plan, Plan, Plan], seeds: Sequence[int]) -> dict[str, float]:
    """Return what a plan, the naive and the best one are worth, and the plan's share of the way between them.

    All three meet the same luck. With r = (V - V_naive) - share (V_best - V_naive) on each seed, the half-width of
    the share is t_{.975, k-1} sd(r) / sqrt(k) / mean(V_best - V_naive) (a ratio of means, by the delta method).
    Seeds are added while it is too wide and the share, cut to 0 to 1, could still turn out another.
    """
    seen: list[tuple[float, float, float]] = []
    for seed in chain(seeds, count(max(seeds) + 1)):
        seen.append(
            (_trials(world).once(plans[0], seed), _kept(world, plans[1], seed), _kept(world, plans[2], seed))
        )
        if len(seen) < len(seeds):
            continue
        mine, naive, best = np.array(seen).T
        if mine.mean() > best.mean():  # a student may beat the best known plan
            best = mine
        gap = best.mean() - naive.mean()
        way = float((mine.mean() - naive.mean()) / gap) if gap > 0 else 1.0
        half = np.inf
        if len(seen) > 1:
            spread = np.std((mine - naive) - way * (best - naive), ddof=1) / np.sqrt(len(seen))
            half = float(stats.t.ppf(0.975, len(seen) - 1) * spread / max(gap, 1.0))
        settled = half < PRECISE * FULL or way + half < 0 or way - half > FULL or gap <= 0
        if settled or len(seen) >= max(MOST_SEEDS, len(seeds)):
            break
    share = min(max(way / FULL, 0.0), 1.0)
    return {
        "plan": float(mine.mean()), "naive": float(naive.mean()), "best": float(best.mean()), "share": share,
        "half_width": min(half / FULL, 1.0), "seeds": float(len(seen)),
    }  # fmt: skip


@lru_cache(maxsize=8)
def _trials(world: World) -> Trials:
    return Trials(world, ())


@lru_cache(maxsize=1_024)
def _kept(world: World, plan: Plan, seed: int) -> float:
    """Return what a plan is worth under one luck: the naive and the best one are asked for with every answer."""
    return _trials(world).once(plan, seed)
