"""Step 8, measure: by which indicators, credited how, read when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from narrowcast.campaigns.indicators import INDICATORS
from narrowcast.campaigns.numbers import choice, many, whole
from narrowcast.campaigns.steps import Step
from narrowcast.language import gettext as _

__all__ = ["AttributionModel", "Measurement", "Unit"]

AttributionModel = Literal["first", "last", "linear", "time_decay", "position", "markov", "shapley"]
Unit = Literal["person", "circle"]


@dataclass(frozen=True)
class Measurement:
    """How success is measured; the holdout is `Plan.holdout`.

    Parameters
    ----------
    indicators
        Names of the channels' indicators to look at, such as "click_rate"; none is each channel's usual
        ones (`indicators_of`).
    attribution
        Which model credits orders to channels: "first", "last", "linear", "time_decay", "position",
        "markov" or "shapley".
    read
        Weeks of the plan after which the result is read, each 1 to 52; none is once, at the end. To look
        again and again and stop when it pleases finds effects where there are none.
    unit
        Among whom chance draws the holdout: each "person", or each "circle" of friends, so that word of
        mouth does not carry the campaign into the holdout.
    """

    indicators: tuple[str, ...] = ()
    attribution: AttributionModel = "last"
    read: tuple[int, ...] = ()
    unit: Unit = "person"

    def __post_init__(self) -> None:
        put = object.__setattr__
        known = list(dict.fromkeys(name for names in INDICATORS.values() for name in names))
        names = many(Step.MEASURE, "indicators", self.indicators, lambda n: choice(_("indicator"), n, known))
        put(self, "indicators", tuple(dict.fromkeys(names)))
        choice(_("attribution model"), self.attribution, get_args(AttributionModel))
        choice(_("unit of the holdout"), self.unit, get_args(Unit))
        read = (self.read,) if isinstance(self.read, int) else self.read
        weeks = many(Step.MEASURE, "read", read, lambda week: whole(Step.MEASURE, "read", week, 1, 52))
        put(self, "read", tuple(sorted(set(weeks))))
