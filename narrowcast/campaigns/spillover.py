"""Whether word of mouth carries a campaign into its holdout, so that the lift is told too small.

Friends are friends across the arms of an experiment. An order that the campaign brings makes K further orders among
the buyer's friends, and these are held out as often as anybody: both arms have them, and they drop out of the
difference. So a holdout drawn person by person tells d of a campaign that brings d / (1 - K) with its echoes: a share
K is missing, whatever part is held out. What buyers hand on (referral, QR codes) reaches friends alone, and all of it
is missing. Circles of friends drawn as wholes lose less, for most of what is said stays within them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns.problems import Problem
from narrowcast.campaigns.steps import Step
from narrowcast.language import gettext as _
from narrowcast.worlds import World
from narrowcast.worlds.people.friends import CLOSER, FURTHER, INNERMOST
from narrowcast.worlds.whom import handed_on

if TYPE_CHECKING:
    from narrowcast.campaigns.plan import Plan

__all__ = ["echo", "spillover"]

MUCH = 0.05
"""Of a lift, the share that may be missing before it is worth a word: a twentieth (teaching)."""

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS /= _WEIGHTS.sum()

Floats = npt.NDArray[np.float64]


def spillover(plan: Plan, world: World) -> Iterator[Problem]:
    """Yield a warning where people are held out one by one, and friends would carry the campaign to them."""
    if not plan.holdout or plan.measurement.unit != "person":
        return
    cure = _(
        'Hold out whole circles of friends: measurement=Measurement(unit="circle"), and read the lift as a least.'
    )
    channels = world.recipe.channels
    spent = [flight for flight in plan.flights if flight.spend and flight.channel in channels]
    handed = [flight.name for flight in spent if handed_on(channels[flight.channel])]
    if handed:
        problem = _(
            "{flights}: buyers pass it on to friends, who are held out as often as anybody, so the lift shows nothing "
            "of it."
        )
        yield Problem(Step.MEASURE, problem.format(flights=", ".join(handed)), cure, "warning")
    missing = echo(world, plan.weeks)
    if missing >= MUCH and len(spent) > len(handed):
        problem = _(
            "friends tell those who are held out: the lift misses about {share:.0%} of what the campaign brings."
        )
        yield Problem(Step.MEASURE, problem.format(share=missing), cure, "warning")


def echo(world: World, weeks: int) -> float:
    """Return K: how many orders among friends one more order leads to, on average, before the plan ends.

    A buyer speaks with the chance that the recipe gives those whom the product suits; each friend hears of it with
    the closeness of the two, and comes more often for some weeks. That is reckoned where the market is: people have
    heard of the brand already, from orders that come anyway, and what is said once more adds less. Nobody is taken to
    have dropped out, so K is rather too large.

    Parameters
    ----------
    world
        The market.
    weeks
        How long the plan runs; orders come evenly, and the later they come, the less of their echo is seen.
    """
    recipe = world.recipe
    advocacy, layers = recipe.advocacy, max(1, round(recipe.circles.layers.value))
    closeness = (INNERMOST + (layers - 1) * FURTHER) / layers + CLOSER / 2
    told = advocacy.friends.value * closeness
    share = np.array([segment.share.value for segment in recipe.segments.values()])
    rate = np.array(
        [s.repeat.r.value / s.repeat.alpha.value for s in recipe.segments.values()]
    )  # orders a week
    sells = np.array([segment.conversion.value for segment in recipe.segments.values()])
    suits = np.array([_suits(world, centre) for centre in world.centres])
    mass = np.outer(_WEIGHTS, _WEIGHTS).ravel()
    speaks = 1 / (1 + np.exp(-(advocacy.intercept.value + advocacy.match.value * suits))) @ mass
    spoken = float(share * rate @ speaks)
    kept = advocacy.retention.value
    before = spoken * told / max(1 - kept, 1e-9)  # word that is about anyway, in tellings

    def orders(word: float) -> float:
        """Return the orders a week of everybody who has heard so much, as the engine pulls them."""
        pull = np.exp(advocacy.persuasion.value * suits * word / (word + 1))
        visits = np.log1p(np.expm1(rate / sells)[:, None] * pull) @ mass
        return float(share * sells @ visits)

    rest, follows, seen = orders(before), 0.0, 0.0
    for gone in range(weeks - 1):  # an order of the week before the last echoes in the last
        follows += orders(before + kept**gone) - rest
        seen += follows
    return spoken / max(float(share @ rate), 1e-12) * told * seen / weeks


def _suits(world: World, centre: Floats) -> Floats:
    """Return how well the product for everybody suits a segment's people, at the nodes of their interests."""
    market = world.recipe.market
    x, y = np.meshgrid(centre[0] + market.noise.value * _NODES, centre[1] + market.noise.value * _NODES)
    near: Floats = np.exp(-np.hypot(x, y) / market.breadth.value).ravel()
    return near
