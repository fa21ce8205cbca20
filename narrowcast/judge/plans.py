"""Questions whose answer is a campaign plan: the judge runs it on seeds that no student has seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from narrowcast.campaigns import Flight, Message, Offer, Plan
from narrowcast.errors import AnswerError, NarrowcastError
from narrowcast.judge.questions import Question
from narrowcast.judge.verdict import Reason, Verdict
from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.simulate.search import best_found, worth
from narrowcast.worlds import World, draw_population

__all__ = ["PlanQuestion"]

FULL = 0.98
"""Who comes this close to the best known plan has found it, and gets all points."""
SAMPLE = 1_000
"""Customers of the sample market in which the search tries plans."""


@dataclass
class PlanQuestion(Question):
    """A plan, scored between the naive plan and the best known one.

    score = points x clip((V - V_naive) / (V_best - V_naive) / 0.98, 0, 1), where V is the expected profit
    over doing nothing, mean over the hidden seeds, all plans under the same luck.

    Attributes
    ----------
    budget
        Money that flights and special editions may cost together.
    weeks
        How long the plan must run.
    seeds
        Hidden luck; disjoint from what students practise with.
    """

    budget: int = 0
    weeks: int = 4
    seeds: Sequence[int] = (9_001, 9_002)

    def __post_init__(self) -> None:
        self.kind = "plan"

    def public(self) -> dict[str, Any]:
        """Return what a student may see: budget and weeks."""
        return super().public() | {"budget": self.budget, "weeks": self.weeks}

    def read(self, answer: object, world: World | None = None) -> Plan:
        """Return the answer as a plan that fits the world and the budget."""
        if isinstance(answer, Flight):
            answer = Plan(flights=(answer,), weeks=self.weeks)
        if not isinstance(answer, Plan):
            problem = _("Your answer is of type {kind}.").format(kind=type(answer).__name__)
            raise AnswerError(problem, _("A plan is asked for: nc.Plan(...)."))
        try:
            flights = tuple(_afresh(flight) for flight in answer.flights)
            plan = Plan(answer.name, flights, answer.weeks, 0.0, "profit")
            if world is not None:
                plan.fits(world)
        except NarrowcastError as error:
            raise AnswerError(str(error)) from error
        if plan.weeks != self.weeks:
            problem = _("Your plan runs {given} weeks.").format(given=plan.weeks)
            raise AnswerError(problem, _("It must run {weeks}.").format(weeks=self.weeks))
        cost = plan.budget + (world.edition_cost * len(plan.editions) if world is not None else 0)
        if cost > self.budget:
            problem = _("Your plan costs {cost:,}; the budget is {budget:,}.").format(
                cost=cost, budget=self.budget
            )
            raise AnswerError(problem, _("Spend less, or leave out a special edition."))
        return plan

    def same(self, value: Any, truth: Any) -> bool:  # noqa: ANN401
        """Return whether two plans put the same money into the same flights."""
        return {(f.name, f.spend, f.message, f.offer) for f in value.flights} == {
            (f.name, f.spend, f.message, f.offer) for f in truth.flights
        }

    def compare(self, value: object, world: World, others: Sequence[World]) -> Verdict:  # noqa: ARG002
        """Run the plan on the hidden seeds and score it between naive and best known."""
        plan, seeds = self.read(value, world), tuple(self.seeds)
        mine = worth(world, plan, seeds)
        naive = _naive_worth(world, self.read(self.compute(world), world), seeds)
        _plan, best = best_found(world, _sample(world), self.budget, self.weeks, seeds)
        best = max(best, mine)  # a student may beat the best known plan
        share = 1.0 if best <= naive else min(max((mine - naive) / (best - naive) / FULL, 0.0), 1.0)
        score = round(self.points * share, 2)
        told = _(
            "On markets you have not seen your plan earns {mine:,.0f} more than doing nothing;"
            " the naive plan earns {naive:,.0f}, the best one known {best:,.0f}."
        ).format(mine=mine, naive=naive, best=best)
        losers = self._losers(world, plan)
        lines = [told, *losers, in_course(self.message) if share == 1 else self.hint()]
        reason = Reason.RIGHT if share == 1 else Reason.PARTLY if share > 0 else Reason.WRONG
        mistake = next((m for m in self.mistakes if self.same(plan, m.compute(world))), None)
        if mistake is not None:
            lines[-1] = in_course(mistake.message)
        evidence = {"plan": mine, "naive": naive, "best": best, "share": share}
        code = mistake.code if mistake is not None else ""
        return Verdict(self.name, score, self.points, reason, "\n".join(lines), code, evidence)

    def _losers(self, world: World, plan: Plan) -> list[str]:
        """Name the flights that cost more than they bring: the plan earns more without them."""
        sample = _sample(world)
        scale = sample.population.size / world.population.size
        lines: list[str] = []
        flights = [_scaled(flight, scale) for flight in plan.flights]
        whole = worth(sample, replace(plan, flights=tuple(flights)), self.seeds[:1])
        for flight in flights:
            rest = replace(plan, flights=tuple(other for other in flights if other is not flight))
            loss = (worth(sample, rest, self.seeds[:1]) - whole) / scale
            if loss > 0.05 * self.budget:
                text = _(
                    "{flight} costs more than it brings: without it the plan earns about {loss:,.0f} more."
                )
                lines.append(text.format(flight=flight.name, loss=loss))
        return lines


def _afresh(flight: Flight) -> Flight:
    """Return a flight made anew, so that every number of it has been checked."""
    message = Message(flight.message.to, flight.message.fit)
    return Flight(flight.channel, flight.spend, flight.to, message, Offer(flight.offer.to))


def _scaled(flight: Flight, scale: float) -> Flight:
    """Return a flight for a market of another size: the same money a head, no special edition."""
    return Flight(flight.channel, flight.spend * scale, flight.to, flight.message)


@lru_cache(maxsize=64)
def _sample(world: World) -> World:
    """Return a small market by the same recipe, for the search."""
    people = draw_population(world.recipe, min(SAMPLE, world.population.size), world.seed)
    return World(world.recipe, people, world.seed, world.student)


@lru_cache(maxsize=64)
def _naive_worth(world: World, plan: Plan, seeds: tuple[int, ...]) -> float:
    return worth(world, plan, seeds)
