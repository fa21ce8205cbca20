"""Questions whose answer is a campaign plan: the judge runs it on seeds that no student has seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.errors import AnswerError, CourseError, NarrowcastError
from narrowcast.judge.carry import carried, lineage
from narrowcast.judge.memory import Memory
from narrowcast.judge.questions import FEW, SHORT, Question
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.judge.wire import MOST_PLAN, Data, Item
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.simulate.search import SAMPLE, plan_found
from narrowcast.simulate.trials import FIRST_MARKING_SEED, Trials
from narrowcast.worlds import World

__all__ = ["PlanQuestion"]

Floats = npt.NDArray[np.float64]

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
    `narrowcast.simulate.search.plan_found` finds in the student's market with luck of its own, or the student's,
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

    def plain(self, answer: object, world: World | None = None, inputs: Any = None) -> Data:  # noqa: ANN401, ARG002
        """Return a plan as the text that it is written down as; one flight is a plan of that flight."""
        classes = lineage(answer)
        if Plan in classes or Flight in classes:
            return {"answer": self._written(answer, single=Flight in classes)}
        return {"answer": carried(answer, SHORT, FEW)}

    def _written(self, answer: Any, *, single: bool) -> dict[str, Any]:  # noqa: ANN401
        try:
            text = Plan.to_json(Plan(flights=(answer,), weeks=self.weeks) if single else answer)
        except KeyboardInterrupt:
            raise
        except NarrowcastError as error:
            return {"is": "plan", "why": str(error)[:300]}
        except BaseException as error:  # noqa: BLE001 - somebody wrote into it
            return {"is": "plan", "why": type(error).__name__}
        long = _("it is longer than {most:,} characters").format(most=MOST_PLAN)
        return {"is": "plan", "text": text} if len(text) <= MOST_PLAN else {"is": "plan", "why": long}

    def parse(self, item: Item, world: World | None = None) -> Plan:
        """Return the answer as a plan that fits the world and the budget: lawful, starting now, nobody held out."""
        if item.what != "plan":
            problem = _("Your answer is of type {kind}.").format(kind=item.kind)
            raise AnswerError(problem, _("A plan is asked for: nc.Plan(...)."))
        if not item.good:
            problem = _("Your plan cannot be read: {why}.").format(why=item.value)
            raise AnswerError(problem, _("Build it with nc.Plan(...)."))
        try:
            return self._fitting(Plan.from_json(item.value), world)
        except AnswerError:
            raise
        except NarrowcastError as error:
            raise AnswerError(str(error)) from error
        except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
            problem = _("Your plan cannot be read: {why}.").format(why=type(error).__name__)
            raise AnswerError(problem, _("Build it with nc.Plan(...).")) from error

    def _fitting(self, plan: Plan, world: World | None) -> Plan:
        """Return a plan as it is marked; refuse one that does not fit the world, the weeks or the budget."""
        plan = replace(plan, holdout=0.0, objective="profit", lawful=True, most=None)
        if world is not None:
            plan.fits(world)
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

    def bounds(self, world: World) -> tuple[Plan, Plan]:
        """Return the naive and the best known plan of a world, found once."""
        naive = self._memory.once(world, "naive", lambda: self.ours(self.truth(world), world))
        best = self._memory.once(world, "best", lambda: self._best(world))
        return naive, best

    def ours(self, plan: object, world: World) -> Plan:
        """Return a plan of the key as it is marked; one that cannot run is a fault of the key."""
        try:
            made: Plan = self.read(plan, world)
        except AnswerError as error:
            problem = _("{name}: a plan of the key cannot be marked: {why}").format(name=self.name, why=error)
            raise CourseError(problem, _("Correct it in key.py.")) from error
        return made

    def _best(self, world: World) -> Plan:
        return plan_found(world, self.budget, self.weeks, craft=self.craft)

    def compare(self, value: Plan, world: World, elsewhere: Iterable[Any]) -> Verdict:  # noqa: ARG002
        """Run the plan on the hidden seeds and score it between naive and best known."""
        plan, (naive, best) = value, self.bounds(world)
        evidence = _evidence(world, (plan, naive, best), self.seeds)
        share = evidence["share"]
        score = round(self.points * share, 2)
        told = _(
            "On markets you have not seen your plan earns {mine:,.0f} more than doing nothing;"
            " the naive plan earns {naive:,.0f}, the best one known {best:,.0f}."
        ).format(mine=evidence["plan"], naive=evidence["naive"], best=evidence["best"])
        losers = self._losers(world, plan) if share < 1 else []
        lines = [told, *losers, in_course(self.message) if share == 1 else self.hint()]
        reason = Reason.RIGHT if share == 1 else Reason.PARTLY if share > 0 else Reason.WRONG
        mistake = next((one for one, wrong in self.mistaken(world) if self.same(plan, wrong)), None)
        if mistake is not None:
            lines[-1] = in_course(mistake.message)
        code = mistake.code if mistake is not None else ""
        return Verdict(self.name, score, self.points, reason, "\n".join(lines), code, evidence)

    def _losers(self, world: World, plan: Plan) -> list[str]:
        """Name the flights that cost more than they bring, as far as a part of the market tells."""
        trials = _sample(world, self.seeds[0])
        flights = plan.flights
        rests = [replace(plan, flights=(*flights[:i], *flights[i + 1 :])) for i in range(len(flights))]
        whole, *without = trials.all([plan, *rests])
        text = _("{flight} costs more than it brings: without it the plan earns about {loss:,.0f} more.")
        return [
            text.format(flight=flight.name, loss=value - whole)
            for flight, value in zip(flights, without, strict=True)
            if value - whole > LOST * self.budget
        ]


def _evidence(world: World, plans: tuple[Plan, Plan, Plan], seeds: Sequence[int]) -> dict[str, float]:
    """Return what a plan, the naive and the best one are worth, and the plan's share of the way between them.

    All three meet the same luck, and each region has luck of its own. With r = (V - V_naive) - share (V_best -
    V_naive), a region's part of it on each of k seeds has variance s_i^2, and the half-width of the share is
    t_{.975, df} sqrt(sum s_i^2 / k) / mean(V_best - V_naive) (a ratio of means, by the delta method), df after
    Satterthwaite (1946): (k - 1) (sum s_i^2)^2 / sum s_i^4.
    Seeds are added while it is too wide and the share, cut to 0 to 1, could still turn out another.
    """
    seen: list[list[Floats]] = []
    for seed in chain(seeds, count(max(seeds) + 1)):
        seen.append([_kept(world, plan, seed) for plan in plans])
        if len(seen) < len(seeds):
            continue
        parts = np.array(seen)  # by seed, plan and region
        mine, naive, best = parts.sum(axis=2).mean(axis=0)
        beaten = mine > best  # a student may beat the best known plan
        if beaten:
            best = mine
        gap = best - naive
        way = float((mine - naive) / gap) if gap > 0 else 1.0
        half = np.inf
        if len(seen) > 1:
            rest = (parts[:, 0] - parts[:, 1]) - way * (parts[:, 0 if beaten else 2] - parts[:, 1])
            half = _half_width(rest) / max(gap, 1.0)
        settled = half < PRECISE * FULL or way + half < 0 or way - half > FULL or gap <= 0
        if settled or len(seen) >= max(MOST_SEEDS, len(seeds)):
            break
    share = min(max(way / FULL, 0.0), 1.0)
    return {
        "plan": float(mine), "naive": float(naive), "best": float(best), "share": share,
        "half_width": min(half / FULL, 1.0), "seeds": float(len(seen)),
    }  # fmt: skip


def _half_width(parts: Floats) -> float:
    """Return the half-width at 95% of a mean over seeds of a sum over regions; parts: shape (seeds, regions)."""
    seeds, variances = len(parts), np.var(parts, axis=0, ddof=1)
    whole = variances.sum()
    if whole <= 0:
        return 0.0
    freedom = (seeds - 1) * whole**2 / (variances**2).sum()
    return float(stdtrit(freedom, 0.975) * np.sqrt(whole / seeds))


_MEMORY = Memory()


def _trials(world: World) -> Trials:
    return _MEMORY.once(world, "whole", lambda: Trials(world, ()))


def _sample(world: World, seed: int) -> Trials:
    return _MEMORY.once(world, ("sample", seed), lambda: Trials(world, (seed,), people=SAMPLE))


def _kept(world: World, plan: Plan, seed: int) -> Floats:
    """Return what a plan is worth under one luck, by region: the naive and the best one are asked for each time."""
    return _MEMORY.once(world, (replace(plan, name=""), seed), lambda: _trials(world).by_region(plan, seed))
