"""The best plan known for a budget: greedy, searched, improved, and the teacher's; the best of all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.campaigns import Flight, Plan, Step
from narrowcast.campaigns.numbers import MOST_MONEY, many, whole
from narrowcast.campaigns.plan import Objective
from narrowcast.errors import PlanError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.openings import Diary, Floats, Openings
from narrowcast.simulate.returns import curves_of
from narrowcast.simulate.search import SAMPLE, polish, spread_out
from narrowcast.simulate.trials import VALIDATION, Trials
from narrowcast.worlds import World

__all__ = ["BestKnown", "best_known"]

MOST_SEARCHED = 12
"""Flights among which the search moves money: those the greedy plan uses, then those that gain most alone."""
SPREAD = 0.08
"""How far the search steps at first, as a share of the budget."""
CRUMB = 0.01
"""Shares of the budget below this are swept up: a flight of a hundredth of the money is hardly a decision."""
MOST_SEEDS = 10_000
STEPS = 6
"""Amounts of money on each curve."""


@dataclass(frozen=True)
class BestKnown:
    """The best plan known, and how it was found.

    Attributes
    ----------
    plan
        The plan.
    worth
        What it adds over doing nothing in the whole market, mean over `seeds`: expected profit in the smallest unit
        of money, or orders, advocates, people.
    naive
        The same of the naive plan: equal parts for every channel, to everybody.
    curves
        What money brings, flight by flight; see `narrowcast.simulate.returns.marginal_returns`.
    trace
        One row a step: way ("greedy", "edition", "search", "message", "crumbs", then "known", "naive" and the
        finalists under their names), what, spend, worth. Steps are worth what they are on the search's luck in a part
        of the market, finalists on `seeds` in all of it.
    seeds
        Luck that the finalists met.
    """

    plan: Plan
    worth: float
    naive: float
    curves: pd.DataFrame = field(repr=False, compare=False)
    trace: pd.DataFrame = field(repr=False, compare=False)
    seeds: tuple[int, ...] = VALIDATION[1:]


def best_known(
    world: World,
    budget: float,
    *,
    weeks: int = 4,
    seeds: Sequence[int] = VALIDATION[1:],
    objective: str = "profit",
    channels: Sequence[str] | None = None,
    known: Sequence[Plan] = (),
    evaluations: int = 300,
) -> BestKnown:
    """Search the best way to spend a budget.

    Five ways are tried, and the best plan of all is kept: money goes part by part where it gains most; a search
    (CMA-ES: Hansen and Ostermeier 2001) moves it between flights from there; special editions; other messages,
    bids, rewards and schedules; and the plans that are known already. Money that brings less than it costs is not
    spent. Purchased contact files are not tried; a plan in `known` may use them. Nobody is held out.

    Parameters
    ----------
    world
        The market. Plans are tried on some 5,000 of its people; the finalists meet all of them.
    budget
        Money to spend at most, editions included, in the smallest unit, a whole number, 1 or more.
    weeks
        How long, 1 to 52.
    seeds
        Luck that decides between the finalists; the search has its own.
    objective
        "profit", or "orders", "advocates" or "recognition": then as much of it as the budget buys.
    channels
        Only these channels; None is all.
    known
        Plans that are good already: of `weeks` weeks and within the budget.
    evaluations
        Plans that the search may try, 0 to 100,000; 0 leaves it out.

    Returns
    -------
    BestKnown
        The same for the same arguments, on any machine. Plans of equal worth: the first by name.

    Raises
    ------
    PlanError
        If a number is out of range, or a known plan does not fit.
    UnknownName
        If there is no such channel or objective.
    """
    budget, evaluations, seeds = _checked(world, budget, seeds, objective, evaluations)
    openings = Openings.of(world, budget, Plan(weeks=weeks).weeks, channels, objective, follow=True)
    given = [_fitting(plan, openings) for plan in known]
    if not openings.flights:
        problem = _("no channel of this market can be used lawfully.")
        raise PlanError(_("channels"), problem, _("Give others in channels=."))
    diary, count = Diary(), len(openings.flights)
    with Bar(_("searching the best plan"), evaluations + (2 + 2 * STEPS) * count + 120) as bar:
        trials = Trials(world, VALIDATION[:1], people=SAMPLE, objective=objective, done=bar.step)
        found = _found(openings, trials, evaluations, diary)
        judge = Trials(world, seeds, objective=objective, done=bar.step)
        finalists = [*found, *given, Plan("nothing", weeks=openings.weeks)]
        naive, *worths = judge.all([_naive(openings), *finalists])
        best = min(range(len(finalists)), key=lambda i: (-worths[i], finalists[i].name))
        for plan, value in zip(finalists, worths, strict=True):
            diary.note("finalist", plan.name, plan.cost(world), value)
        diary.note("naive", "equal parts", budget, naive)
        curves = curves_of(openings, trials, STEPS, finalists[best])
    return BestKnown(finalists[best], worths[best], naive, curves, pd.DataFrame(diary.rows), tuple(seeds))


def _checked(
    world: object, budget: object, seeds: object, objective: object, evaluations: object
) -> tuple[int, int, tuple[int, ...]]:
    """Return budget, evaluations and seeds as whole numbers; refuse what no search can begin with."""
    if not isinstance(world, World):
        raise PlanError(_("launch"), _("{given!r} is no world.").format(given=world))
    money = whole(Step.MEASURE, "budget", budget, 1, MOST_MONEY)
    tried = whole(Step.MEASURE, "evaluations", evaluations, 0, 100_000)
    luck = many(
        Step.MEASURE, "seeds", seeds, lambda seed: whole(Step.MEASURE, "seeds", seed, 0, 2**63), MOST_SEEDS
    )
    if not luck:
        raise PlanError(_("measure"), _("seeds is empty."), _("Give one or more whole numbers."))
    if objective not in get_args(Objective):
        raise UnknownName(kind=_("objective"), given=objective, allowed=get_args(Objective))
    return money, tried, luck


def _fitting(plan: object, openings: Openings) -> Plan:
    """Return a known plan as it competes: nobody held out; refuse one that is longer, dearer or unlawful."""
    if not isinstance(plan, Plan):
        raise PlanError(_("measure"), _("{given!r} is no plan.").format(given=plan))
    plan.fits(openings.world)
    cost = plan.cost(openings.world)
    if plan.weeks != openings.weeks or cost > openings.budget or not plan.lawful:
        problem = _("the plan {name!r} costs {cost:,} and runs {weeks} weeks.")
        cure = _("A known plan is lawful, costs {budget:,} at most and runs {weeks} weeks.")
        raise PlanError(
            _("measure"),
            problem.format(name=plan.name, cost=cost, weeks=plan.weeks),
            cure.format(budget=openings.budget, weeks=openings.weeks),
        )
    return replace(plan, holdout=0.0)


def _naive(openings: Openings) -> Plan:
    """Return the naive plan: equal parts for every channel, to everybody."""
    names = list(dict.fromkeys(flight.channel for flight in openings.flights))
    part = openings.budget // len(names)
    return Plan("equal parts", tuple(Flight(name, part) for name in names), openings.weeks)


def _found(openings: Openings, trials: Trials, evaluations: int, diary: Diary) -> list[Plan]:
    """Return the plans that were found, each better than the one before on the search's luck."""
    greedy = replace(spread_out(openings, trials, diary), name="greedy")
    plans = [greedy]
    plans += _with_edition(openings, greedy, trials, diary)
    polished = replace(polish(plans[-1], trials, diary), name="polished")
    plans.append(polished)
    if evaluations and polished.flights:
        settled = replace(openings, editions=polished.editions).settled(polished)
        moved = _searched(settled, polished, trials, evaluations, diary)
        plans.append(replace(moved, name="searched"))
        plans.append(replace(polish(moved, trials, diary), name="searched and polished"))
    return plans


def _with_edition(openings: Openings, greedy: Plan, trials: Trials, diary: Diary) -> list[Plan]:
    """Return the greedy plan with a special edition for one segment, where that is worth its cost."""
    best, now = None, trials.worth(greedy)
    for segment in dict.fromkeys(f.message.to for f in greedy.flights if f.message.to is not None):
        special = replace(openings, editions=(segment,)).settled(greedy)
        if openings.world.edition_cost >= openings.budget:
            continue
        plan = special.plan(
            special.shares(greedy) * (1 - openings.world.edition_cost / openings.budget), "edition"
        )
        if trials.worth(plan) > now:
            plan = replace(spread_out(special, trials, Diary()), name="edition")
            if trials.worth(plan) > now:
                best, now = plan, trials.worth(plan)
                diary.note("edition", segment, plan.cost(openings.world), now)
    return [best] if best is not None else []


def _searched(openings: Openings, begun: Plan, trials: Trials, evaluations: int, diary: Diary) -> Plan:
    """Move money between flights with CMA-ES, from a plan on; return the best plan met."""
    import cma  # noqa: PLC0415 - slow to import

    start = openings.shares(begun)
    chosen = _chosen(openings, start, trials)
    luck = np.random.default_rng(trials.seeds[0])
    options = {
        "bounds": [0, 1], "maxfevals": evaluations, "verbose": -9, "seed": np.nan, "tolfun": 0.0,
        "randn": lambda *shape: luck.standard_normal(shape),
    }  # fmt: skip
    best, now = begun, trials.worth(begun)

    def spread(point: Floats) -> Plan:
        shares = np.zeros(start.size)
        shares[chosen] = np.where(point < CRUMB, 0.0, point) / max(1.0, float(point.sum()))
        return openings.plan(shares, "searched")

    # A search in one dimension is none for CMA-ES: an idle second one keeps it going.
    begin = np.append(start[chosen], 0.0) if chosen.size == 1 else start[chosen]
    strategy = cma.CMAEvolutionStrategy(begin, SPREAD, options)
    while not strategy.stop():
        points = strategy.ask()
        plans = [spread(np.asarray(point)[: chosen.size]) for point in points]
        worths = trials.all(plans)
        strategy.tell(points, [-value for value in worths])
        top = int(np.argmax(worths))
        if worths[top] > now:
            best, now = plans[top], worths[top]
            diary.note("search", _("generation {number}").format(number=strategy.countiter), best.budget, now)
    return best


def _chosen(openings: Openings, start: Floats, trials: Trials) -> npt.NDArray[np.int64]:
    """Return the numbers of the flights that the search moves money between."""
    count = len(openings.flights)
    tenth = np.eye(count) * 0.1
    if count <= MOST_SEARCHED:
        return np.arange(count)
    spare = max(float(start.sum()) - 0.9, 0.0)
    gains = trials.all(openings.plan(start * (1 - spare) + row) for row in tenth)
    ranked = sorted(range(count), key=lambda i: (start[i] <= 0, -gains[i]))
    return np.array(sorted(ranked[:MOST_SEARCHED]))
