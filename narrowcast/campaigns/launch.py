"""Step 7, launch: at which hours, and what has been looked at before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from narrowcast.campaigns.flight import clock
from narrowcast.campaigns.numbers import flag, many, shown, text
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _

__all__ = ["Launch"]


@dataclass(frozen=True)
class Launch:
    """How the plan is started; its week is `Plan.start`.

    Parameters
    ----------
    hours
        Local hours (from, to) of sends and calls, for flights that say none; None is within the law's.
    checklist
        What is looked at before, with whether it was: ``{"links work": True}``, or a list of what is open.
    """

    hours: tuple[int, int] | None = None
    checklist: tuple[tuple[str, bool], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "hours", clock(self.hours))
        given: object = self.checklist
        if isinstance(given, Mapping):
            given = tuple(given.items())
        points = many(Step.LAUNCH, "checklist", given, _point)
        object.__setattr__(self, "checklist", points)

    @property
    def open(self) -> tuple[str, ...]:
        """What has not been looked at yet."""
        return tuple(point for point, done in self.checklist if not done)


def _point(given: object) -> tuple[str, bool]:
    if isinstance(given, str):
        return text(Step.LAUNCH, "checklist", given), False
    if isinstance(given, tuple | list) and len(given) == 2 and isinstance(given[0], str):
        return text(Step.LAUNCH, "checklist", given[0]), flag(Step.LAUNCH, "checklist", given[1])
    problem = _("{given} is no point of a checklist.").format(given=shown(given))
    raise PlanError(Step.LAUNCH, problem, _('Write checklist={"links work": True}.'))
