"""What the attribution models need of all journeys: sums, so that a market is added up part by part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure.given import Floats, number
from narrowcast.measure.journeys import Journeys, journeys
from narrowcast.measure.touchlog import touch_types

__all__ = ["TIMED", "Paths"]

TIMED = ("first", "last", "linear", "time_decay", "position")
"""Models whose credit is dealt out journey by journey, and simply adds up."""


@dataclass(frozen=True, eq=False)
class Paths:
    """Journeys of a market, or of a part of one; parts are added with `+`.

    Its size hangs on the number of channels alone, however many customers went in.

    Attributes
    ----------
    channels
        Names of the channels, c of them.
    settings
        Types that counted as a touch, window in weeks, half-life in weeks.
    credits
        Shape (5, c, 2): conversions and value that each model of `TIMED` gives each channel.
    untouched
        Shape (2,): conversions and value of the orders without a touch.
    flows
        Shape (c + 1, c + 2): journeys that went from a channel (last row: from the start) to a channel
        (last two columns: to an order, to nothing), repeats of one channel in a row counted once.
    worth
        Shape (c,): value of the orders that each channel was the last touch of.
    sets
        Index mask (the channels' bits); conversions and value of journeys through exactly that set.
    """

    channels: tuple[str, ...]
    settings: tuple[tuple[str, ...], float, float]
    credits: Floats
    untouched: Floats
    flows: Floats
    worth: Floats
    sets: pd.DataFrame

    @classmethod
    def of(
        cls,
        touches: pd.DataFrame,
        kinds: Sequence[str] = ("open", "click"),
        window: float = 4,
        half_life: float = 1,
        channels: Sequence[str] | None = None,
    ) -> Paths:
        """Return what a log of touches amounts to.

        Parameters
        ----------
        touches
            One row an event: customer_id, week, day, type, channel and, where there are, count and
            value. All rows of a customer must be in one part.
        kinds
            Types that count as a touch; "order" is the conversion.
        window
            Weeks before an order in which touches count, above 0.
        half_life
            Weeks in which the weight of a touch halves under time decay, above 0.
        channels
            All channels, in order; give them where parts are to be added.

        Raises
        ------
        AnswerError
            If the table or a setting is not as described.
        UnknownName
            If a channel is not among `channels`.
        """
        half = number("half_life", half_life, low=1e-3)
        cut = journeys(touches, kinds, window, channels)
        without = cut.length == 0
        return cls(
            cut.channels,
            (touch_types(kinds), float(window), half),
            _dealt(cut, half),
            np.array([cut.orders[without].sum(), cut.value[without].sum()]),
            *_walked(cut),
            _sets(cut),
        )

    @property
    def conversions(self) -> float:
        """All orders, those without a touch too."""
        return float(self.credits[0, :, 0].sum() + self.untouched[0])

    @property
    def value(self) -> float:
        """Money of all orders."""
        return float(self.credits[0, :, 1].sum() + self.untouched[1])

    def __repr__(self) -> str:
        return f"<Paths of {self.conversions:,.0f} orders over {len(self.channels)} channels>"

    def __add__(self, other: Paths) -> Paths:
        if not isinstance(other, Paths):
            return NotImplemented
        if (self.channels, self.settings) != (other.channels, other.settings):
            raise AnswerError(
                _("These paths were not counted alike: {one} and {other}.").format(
                    one=(self.channels, *self.settings), other=(other.channels, *other.settings)
                ),
                _("Count each part with the same channels=, kinds=, window= and half_life=."),
            )
        return Paths(
            self.channels,
            self.settings,
            self.credits + other.credits,
            self.untouched + other.untouched,
            self.flows + other.flows,
            self.worth + other.worth,
            pd.concat([self.sets, other.sets]).groupby(level="mask").sum(),
        )


def _dealt(cut: Journeys, half_life: float) -> Floats:
    """Return the credits of the five models that deal out an order among its own touches."""
    of_step, size = cut.of_step, cut.length[cut.of_step]
    first, last = cut.place == 0, cut.place == size - 1
    newest = cut.age[cut.start[of_step] + size - 1]
    decay = np.exp2((newest - cut.age) / half_life)
    decay /= np.bincount(of_step, weights=decay, minlength=cut.length.size)[of_step]
    middle = np.where(first | last, 0.4, 0.2 / np.maximum(size - 2, 1))
    position = np.where(size < 3, 1 / size, middle)  # two share alike, one takes all
    weights = (first.astype(float), last.astype(float), 1 / size, decay, position)
    c = len(cut.channels)
    return np.array(
        [
            [np.bincount(cut.channel, weights=w * of[of_step], minlength=c) for of in (cut.orders, cut.value)]
            for w in weights
        ]
    ).transpose(0, 2, 1)


def _walked(cut: Journeys) -> tuple[Floats, Floats]:
    """Return the flows from channel to channel, and the value of the orders by their last channel."""
    c = len(cut.channels)
    kept, of_step = cut.channel[cut.merged], cut.of_step[cut.merged]
    weight = np.where(cut.orders > 0, cut.orders, 1.0)[of_step]
    same = of_step[1:] == of_step[:-1]
    head = np.concatenate([[True], ~same])[: kept.size]
    tail = np.concatenate([~same, [True]])[-kept.size :] if kept.size else head
    end = np.where(cut.orders[of_step[tail]] > 0, c, c + 1)
    source = np.concatenate([np.full(int(head.sum()), c), kept[:-1][same], kept[tail]])
    target = np.concatenate([kept[head], kept[1:][same], end])
    going = np.concatenate([weight[head], weight[1:][same], weight[tail]])
    flows = np.bincount(source * (c + 2) + target, weights=going, minlength=(c + 1) * (c + 2)).astype(
        np.float64
    )
    worth = np.bincount(kept[tail], weights=cut.value[of_step[tail]], minlength=c).astype(np.float64)
    return flows.reshape(c + 1, c + 2), worth


def _sets(cut: Journeys) -> pd.DataFrame:
    """Return conversions and value by the set of channels that came before."""
    led = (cut.length > 0) & (cut.orders > 0)
    met = cut.length > 0
    bits = np.left_shift(np.int64(1), cut.channel)
    mask = np.zeros(met.size, dtype=np.int64)
    if met.any():
        mask[met] = np.bitwise_or.reduceat(bits, cut.start[met])
    frame = pd.DataFrame(
        {"conversions": cut.orders[led], "value": cut.value[led]}, index=pd.Index(mask[led], name="mask")
    )
    return frame.groupby(level="mask").sum()
