"""What the next unit of money brings, flight by flight: the curves that explain a good plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from narrowcast.campaigns import Flight, Plan, Step
from narrowcast.campaigns.numbers import MOST_MONEY, whole
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.simulate.openings import Openings
from narrowcast.simulate.search import SAMPLE
from narrowcast.simulate.trials import Trials
from narrowcast.worlds import World

__all__ = ["CURVES", "curves_of", "marginal_returns"]

CURVES = ("flight", "channel", "segment", "on", "spend", "value", "marginal")
"""Columns of the curves."""


def marginal_returns(
    world: World,
    budget: float,
    weeks: int = 4,
    seed: int = 0,
    steps: int = 8,
    *,
    plan: Plan | None = None,
    channels: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return what each flight brings as its money grows, and what one more unit of money adds.

    Parameters
    ----------
    world
        The market; the curves are drawn in a part of it of some 5,000 people, and scaled up.
    budget
        The most money for a flight, in the smallest unit, a whole number, 1 or more.
    weeks
        How long the plan runs, 1 to 52.
    seed
        Luck that all runs share, 0 or more.
    steps
        How many amounts of money, evenly spaced up to the budget, 1 to 100.
    plan
        A plan: each flight is also drawn on top of the plan's other flights, from no money of its own to the
        budget. Its own spend is one of the amounts. None draws flights alone.
    channels
        Only these channels; None is all.

    Returns
    -------
    pandas.DataFrame
        One row a flight and amount, in the order of flights and amounts: flight, channel, segment (None is
        everybody); on ("nothing" or "the plan"); spend, in the smallest unit; value, the expected margin less cost,
        beyond doing nothing (beyond the plan without this flight); marginal, what one more unit of money added
        between the amount before and this one: above 0 it more than pays for itself.

    Raises
    ------
    PlanError
        If a number is out of range, or the plan is none or does not fit the world.
    UnknownName
        If there is no such channel.
    """
    budget = whole(Step.MEASURE, "budget", budget, 1, MOST_MONEY)
    steps = whole(Step.MEASURE, "steps", steps, 1, 100)
    seed = whole(Step.MEASURE, "seed", seed, 0, 2**63)
    openings = Openings.of(world, budget, Plan(weeks=weeks).weeks, channels)
    if plan is not None:
        if not isinstance(plan, Plan):
            raise PlanError(
                _("measure"), _("{given!r} is no plan.").format(given=plan), _("Give nc.Plan(...).")
            )
        plan.fits(world)
    return curves_of(openings, Trials(world, (seed,), people=SAMPLE), steps, plan)


def curves_of(openings: Openings, trials: Trials, steps: int, plan: Plan | None = None) -> pd.DataFrame:
    """Return the curves of some openings; see `marginal_returns`."""
    openings = openings.settled(plan or Plan(weeks=openings.weeks))
    amounts = [openings.budget * step // steps for step in range(1, steps + 1)]
    alone = [flight for flight in openings.flights if flight.after is None]
    frames = [_curve(flight, "nothing", Plan(weeks=openings.weeks), amounts, trials) for flight in alone]
    if plan is not None:
        bare = replace(plan, holdout=0.0, most=None, flights=tuple(f for f in plan.flights if f.spend))
        own = {flight.name: flight for flight in bare.flights}
        others = [flight for flight in alone if flight.name not in own]
        for flight in (*bare.flights, *others):
            rest = replace(bare, flights=tuple(f for f in bare.flights if f.name != flight.name))
            points = sorted({*amounts, flight.spend} - {0}) if flight.name in own else amounts
            frames.append(_curve(flight, "the plan", rest, points, trials))
    table = pd.DataFrame([row for frame in frames for row in frame], columns=list(CURVES))
    return table.astype({"spend": "int64"})


def _curve(
    flight: Flight, on: str, rest: Plan, amounts: Sequence[int], trials: Trials
) -> list[tuple[object, ...]]:
    """Return the rows of one flight, on top of the flights of a plan that lacks it."""
    plans = [rest] + [
        replace(rest, flights=(*rest.flights, replace(flight, spend=spend))) for spend in amounts
    ]
    worths, before = trials.all(plans), 0
    rows: list[tuple[object, ...]] = []
    for place, spend in enumerate(amounts, start=1):
        marginal = (worths[place] - worths[place - 1]) / max(spend - before, 1)
        rows.append((flight.name, flight.channel, flight.to, on, spend, worths[place] - worths[0], marginal))
        before = spend
    return rows
