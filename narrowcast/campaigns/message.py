"""What is said and what is offered, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from narrowcast.campaigns.numbers import plain_number
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _

__all__ = ["Message", "Offer"]


def _name(to: object, step: str) -> None:
    if to is not None and not isinstance(to, str):
        problem = _("{to!r} is no segment.").format(to=to)
        raise PlanError(step, problem, _("Give the name of a segment, or None for everybody."))


@dataclass(frozen=True)
class Message:
    """What a campaign says.

    Parameters
    ----------
    to
        The segment it speaks to; None is one message for everybody, matched to the market's mean.
    fit
        How well it is made for them, 0 to 1: 0 says what one would say to everybody, 1 speaks to the
        segment's own interests.
    """

    to: str | None = None
    fit: float = 1.0

    def __post_init__(self) -> None:
        _name(self.to, _("message"))
        fit = plain_number(self.fit)
        if fit is None or not 0 <= fit <= 1:
            problem = _("fit is {fit!r}; it must be a number from 0 to 1.").format(fit=self.fit)
            raise PlanError(_("message"), problem)
        object.__setattr__(self, "fit", fit)


@dataclass(frozen=True)
class Offer:
    """What a campaign sells.

    Parameters
    ----------
    to
        The segment that a special edition is made for, at a cost of its own (`World.edition_cost`);
        None is the product for everybody.
    """

    to: str | None = None

    def __post_init__(self) -> None:
        _name(self.to, _("offer"))
