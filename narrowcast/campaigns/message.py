"""What is said and what is offered, and for whom."""

from __future__ import annotations

from dataclasses import dataclass

from narrowcast.campaigns.numbers import flag, number, shown, text
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _

__all__ = ["Message", "Offer"]

MOST_INCENTIVE = 0.9


def _name(to: object) -> str | None:
    if to is None:
        return None
    if not isinstance(to, str):
        problem = _("{to} is no segment.").format(to=shown(to))
        raise PlanError(Step.MESSAGE, problem, _("Give the name of a segment, or None for everybody."))
    return text(Step.MESSAGE, "to", to)


@dataclass(frozen=True)
class Message:
    """What a campaign says: form (how it looks) and substance (whom it speaks to, what it offers).

    Parameters
    ----------
    to
        The segment it speaks to; None is one message for everybody, matched to the market's mean.
    fit
        How well it is made for them, 0 to 1: 0 says what one would say to everybody, 1 speaks to the
        segment's own interests.
    form
        Quality of layout and pictures, 0 to 1; in social and viral media, of the imagination.
    incentive
        Share off the price for whoever answers, 0 to 0.9.
    personal
        Whether it bears the reader's name.
    prewritten
        Whether a text to pass on stands ready, which makes sharing easy.
    """

    to: str | None = None
    fit: float = 1.0
    form: float = 0.5
    incentive: float = 0.0
    personal: bool = False
    prewritten: bool = False

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "to", _name(self.to))
        put(self, "fit", number(Step.MESSAGE, "fit", self.fit, 0, 1))
        put(self, "form", number(Step.MESSAGE, "form", self.form, 0, 1))
        put(self, "incentive", number(Step.MESSAGE, "incentive", self.incentive, 0, MOST_INCENTIVE))
        put(self, "personal", flag(Step.MESSAGE, "personal", self.personal))
        put(self, "prewritten", flag(Step.MESSAGE, "prewritten", self.prewritten))


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
        object.__setattr__(self, "to", _name(self.to))
