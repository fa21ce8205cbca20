"""Step 1, objectives: what the campaign is for, in figures of the business, whatever the channels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from narrowcast.campaigns.numbers import choice, many, number, shown, text
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _

__all__ = ["BusinessMetric", "Metric", "Objectives"]

BusinessMetric = Literal[
    "orders", "revenue", "margin", "profit", "new_customers", "leads", "advocates", "roi", "cac"
]
AT_MOST = ("cac",)
"""Metrics of which less is better."""


@dataclass(frozen=True)
class Metric:
    """A figure of the business and the value to reach.

    Parameters
    ----------
    name
        "orders", "revenue", "margin", "profit", "new_customers", "leads", "advocates", "roi" or "cac" (cost
        of a new customer, which is to stay below the value).
    target
        The value: a count, money in the smallest unit, or (roi) a multiple of the cost. -1e15 to 1e15.
    """

    name: str
    target: float

    def __post_init__(self) -> None:
        if isinstance(self.name, str) and self.name.endswith(("_rate", "ctr", "cpc", "cpm")):
            problem = _("{name} belongs to a channel, not to the business.").format(name=self.name)
            raise PlanError(Step.OBJECTIVES, problem, _("Put it into measurement.indicators."))
        choice(_("business metric"), self.name, get_args(BusinessMetric))
        object.__setattr__(self, "target", number(Step.OBJECTIVES, self.name, self.target, -1e15, 1e15))

    def reached(self, value: float) -> bool:
        """Return whether `value` fulfils it."""
        return value <= self.target if self.name in AT_MOST else value >= self.target


@dataclass(frozen=True)
class Objectives:
    """Goals with their success metrics.

    Parameters
    ----------
    metrics
        A list of `Metric`, or a dict such as ``{"orders": 200, "profit": 50_000_000}``; each name once.
    why
        The reason, in a sentence.
    """

    metrics: tuple[Metric, ...] = ()
    why: str = ""

    def __post_init__(self) -> None:
        given: object = self.metrics
        if isinstance(given, Mapping):
            given = [Metric(name, target) for name, target in given.items()]
        elif isinstance(given, Metric):
            given = (given,)
        metrics = many(Step.OBJECTIVES, "metrics", given, _metric)
        names = [metric.name for metric in metrics]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            problem = _("{names} stands there twice.").format(names=", ".join(twice))
            raise PlanError(Step.OBJECTIVES, problem, _("Give each metric one value."))
        object.__setattr__(self, "metrics", metrics)
        object.__setattr__(self, "why", text(Step.OBJECTIVES, "why", self.why))


def _metric(given: object) -> Metric:
    if isinstance(given, Metric):
        return given
    problem = _("{given} is no metric with a value.").format(given=shown(given))
    raise PlanError(Step.OBJECTIVES, problem, _('Write metrics={"orders": 200}.'))
