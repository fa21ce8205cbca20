"""How high to aim: a goal from the trade's benchmark, one's own rate and the budget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scipy.special import ndtr

from narrowcast.campaigns.numbers import number, plain_number, shown
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _

__all__ = ["ELASTICITY", "Goal", "ambition", "goal"]

ELASTICITY = 0.12
"""Per cent more of the result for one per cent more money: mean short-term advertising elasticity
(Sethuraman, Tellis and Briesch 2011, Journal of Marketing Research 48(3))."""

Branch = Literal["new", "below", "above", "hold"]


@dataclass(frozen=True)
class Goal:
    """A rate to reach, and why.

    Parameters
    ----------
    value
        The rate, a share from 0 to 1.
    branch
        Which rule gave it: "new" (no rate of one's own yet), "below" the benchmark, "above" (at it or
        higher, with more money) or "hold" (at it or higher, without).
    explanation
        The rule in a sentence, in the language in force.
    """

    value: float
    branch: Branch
    explanation: str


def _rate(field: str, value: object) -> float:
    rate = plain_number(value)
    if rate is not None and 1 < rate <= 100:
        problem = _("{field} is {value}; a rate is a share from 0 to 1.").format(
            field=field, value=shown(value)
        )
        raise PlanError(Step.OBJECTIVES, problem, _("Write 1.2% as 0.012."))
    return float(number(Step.OBJECTIVES, field, value, 0, 1))


def goal(benchmark: float, current: float | None = None, budget_factor: float = 1.0) -> Goal:
    """Set a goal for a conversion rate.

    A new shop aims at the benchmark. A shop below it aims half-way: the mean of its own rate and the
    benchmark. A shop at the benchmark or above it aims higher by as much as more money can lift:
    current x budget_factor ** `ELASTICITY`, at most 1; with no more money than before it holds its rate.
    The last rule is for teaching: "higher, depending on the budget" could be drawn in other ways.

    Parameters
    ----------
    benchmark
        Rate of the trade, a share from 0 to 1.
    current
        Rate of the shop, a share from 0 to 1; None is a new shop.
    budget_factor
        Money to be spent, as a multiple of the money spent so far: 0 to 1,000; 1 is as much as before.

    Returns
    -------
    Goal
        Its value never falls when the current rate or the budget rises.

    Raises
    ------
    PlanError
        If a rate or the factor is no number or out of range.

    Examples
    --------
    >>> goal(0.020, 0.012).value
    0.016
    """
    benchmark = _rate("benchmark", benchmark)
    factor = number(Step.OBJECTIVES, "budget_factor", budget_factor, 0, 1_000)
    if current is None:
        why = _("A new shop has no rate of its own yet: it aims at the benchmark, {benchmark:.2%}.")
        return Goal(benchmark, "new", why.format(benchmark=benchmark))
    current = _rate("current", current)
    if current < benchmark:
        value = (current + benchmark) / 2
        why = _("{current:.2%} is below the benchmark, {benchmark:.2%}: the goal is their mean, {value:.2%}.")
        return Goal(value, "below", why.format(current=current, benchmark=benchmark, value=value))
    if factor <= 1:
        why = _(
            "{current:.2%} is not below the benchmark, {benchmark:.2%}, and there is no more money: hold it."
        )
        return Goal(current, "hold", why.format(current=current, benchmark=benchmark))
    value = min(current * factor**ELASTICITY, 1.0)
    why = _(
        "{current:.2%} is not below the benchmark, {benchmark:.2%}: with {factor:g} times the money"
        " the goal is {value:.2%}."
    )
    return Goal(value, "above", why.format(current=current, benchmark=benchmark, factor=factor, value=value))


def ambition(goal: float | Goal, current: float, spread: float) -> float:
    """Return the probability of reaching a goal.

    The result is taken as normal around `current`: P = 1 - Phi((goal - current) / spread).

    Parameters
    ----------
    goal
        What to reach: a number, or a `Goal`.
    current
        What is expected if all goes as before, in the goal's unit.
    spread
        Standard deviation of the result, in the same unit, 0 or more; 0 is certainty.

    Returns
    -------
    float
        A share from 0 to 1; the bolder the goal, the smaller.

    Raises
    ------
    PlanError
        If a value is no number or out of range.
    """
    aim = number(Step.OBJECTIVES, "goal", goal.value if isinstance(goal, Goal) else goal, -1e15, 1e15)
    now = number(Step.OBJECTIVES, "current", current, -1e15, 1e15)
    width = number(Step.OBJECTIVES, "spread", spread, 0, 1e15)
    if aim == now and width > 0:
        return 0.5
    if width == 0:
        return float(aim <= now)
    return float(ndtr((now - aim) / width))
