"""Touches cut into journeys: what came before each order, and what led to none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.measure.given import Floats, Ints, number
from narrowcast.measure.touchlog import TouchLog, touch_types

__all__ = ["Journeys", "journeys", "path_table"]


@dataclass(frozen=True, eq=False)
class Journeys:
    """Journeys of one part of a market, their steps laid end to end.

    Attributes
    ----------
    channels
        Names of the channels.
    channel
        Number of the channel of each step, shape (m,).
    age
        Weeks from the step to the end of its journey, shape (m,).
    start, length
        First step of each journey and how many it has, shape (j,). An order without a touch has none.
    orders, value
        Orders that a journey ended in (0: in nothing) and their money, shape (j,).
    """

    channels: tuple[str, ...]
    channel: Ints
    age: Floats
    start: Ints
    length: Ints
    orders: Floats
    value: Floats

    @cached_property
    def of_step(self) -> Ints:
        """Number of the journey that each step belongs to, shape (m,)."""
        return np.repeat(np.arange(self.length.size), self.length)

    @cached_property
    def place(self) -> Ints:
        """Place of each step in its journey, from 0, shape (m,)."""
        return np.arange(self.channel.size) - self.start[self.of_step]

    @cached_property
    def merged(self) -> npt.NDArray[np.bool_]:
        """True for the steps that remain when repeats of one channel in a row count once, shape (m,)."""
        before = np.roll(self.channel, 1)
        return np.asarray((self.place == 0) | (self.channel != before))


def journeys(
    touches: pd.DataFrame,
    kinds: Sequence[str] = ("open", "click"),
    window: float = 4,
    channels: Sequence[str] | None = None,
) -> Journeys:
    """Cut a log of touches into journeys.

    Each order ends one, and its steps are the touches of the same customer in the `window` before it:
    an earlier order does not take them away. Touches that no order follows within the window end in
    nothing; a pause longer than the window, or an order between, parts them into two journeys.
    Rows of one day keep the order of the log, and come before an order of that day.

    Parameters
    ----------
    touches
        One row an event: customer_id, week (from 1), day (0 to 6), type, channel; count (events that a
        row stands for) and value (money of an order) where they are there.
    kinds
        Types that count as a touch; "open" stands for noticed in every medium.
    window
        Weeks, above 0, at most 520.
    channels
        All channels, in order; None: the categories of the column, else the names found.

    Raises
    ------
    AnswerError
        If the frame lacks a column, or holds what cannot be.
    UnknownName
        If a touch has a channel that is not among `channels`.
    """
    span = int(number("window", window, low=1 / 7, high=520) * 7 + 1e-9)
    log = TouchLog.of(touches, touch_types(kinds), channels)
    key = log.customer * (int(log.day.max(initial=0)) + span + 1) + log.day  # no window meets another's
    touch = np.flatnonzero(log.touch)
    touch = np.repeat(touch, log.count[touch])
    touch = touch[np.argsort(key[touch], kind="stable")]
    order = np.flatnonzero(log.order)
    order = order[np.argsort(key[order], kind="stable")]
    orders = log.count[order].astype(np.float64)
    return _cut(log.channels, log.channel[touch], key[touch], key[order], orders, log.value[order], span)


def _cut(
    names: tuple[str, ...], code: Ints, touched: Ints, ordered: Ints, orders: Floats, value: Floats, span: int
) -> Journeys:
    """Cut sorted touches at sorted orders; `touched` and `ordered` are days of the long calendar."""
    low = np.searchsorted(touched, ordered - span, side="left")
    high = np.searchsorted(touched, ordered, side="right")
    length = high - low
    start = np.cumsum(length) - length
    step = np.arange(length.sum()) + np.repeat(low - start, length)
    age = (np.repeat(ordered, length) - touched[step]) / 7
    opened = np.bincount(low, minlength=touched.size + 1) - np.bincount(high, minlength=touched.size + 1)
    free = np.flatnonzero(np.cumsum(opened)[:-1] == 0)
    seen = np.searchsorted(
        ordered, touched[free], side="left"
    )  # orders before it: another one parts two journeys
    first = np.ones(free.size, dtype=bool)
    first[1:] = (np.diff(touched[free]) > span) | (np.diff(seen) > 0)
    begin = np.flatnonzero(first)
    lost = np.diff(begin, append=free.size)
    last = touched[free[begin + lost - 1]] if free.size else touched[:0]
    nothing = np.zeros(lost.size)
    return Journeys(
        names,
        code[np.concatenate([step, free])],
        np.concatenate([age, (np.repeat(last, lost) - touched[free]) / 7]),
        np.concatenate([start, step.size + begin]),
        np.concatenate([length, lost]),
        np.concatenate([orders, nothing]),
        np.concatenate([value, nothing]),
    )


def path_table(
    touches: pd.DataFrame,
    kinds: Sequence[str] = ("open", "click"),
    window: float = 4,
    channels: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Count journeys by the channels they led through, repeats in a row counted once.

    Parameters
    ----------
    touches, kinds, window, channels
        As for `journeys`.

    Returns
    -------
    pandas.DataFrame
        Index path, such as "social > email", most conversions first; people (journeys, orders counted
        as one each), conversions, value. Tables of several parts of a market are added by
        ``pd.concat(tables).groupby("path").sum()``. An order without a touch is in none.

    Raises
    ------
    AnswerError, UnknownName
        As for `journeys`.
    """
    cut = journeys(touches, kinds, window, channels)
    channel, of_step = cut.channel[cut.merged], cut.of_step[cut.merged]
    length = np.bincount(of_step, minlength=cut.length.size)
    start = np.cumsum(length) - length
    # A tree of paths: one level a step, so the loop runs along the longest path, not over customers.
    text, node, level = np.array([""], dtype=object), np.zeros(length.size, dtype=np.int64), 0
    names, base = np.array(cut.channels, dtype=object), max(len(cut.channels), 1)
    going = np.flatnonzero(length > level)
    while going.size:
        branch, back = np.unique(node[going] * base + channel[start[going] + level], return_inverse=True)
        parent, taken = text[branch // base], names[branch % base]
        node[going] = text.size + back
        text = np.concatenate([text, parent + " > " + taken if level else taken])
        level += 1
        going = going[length[going] > level]
    met = length > 0
    table = pd.DataFrame(
        {
            "people": np.where(cut.orders > 0, cut.orders, 1.0)[met],
            "conversions": cut.orders[met],
            "value": cut.value[met],
        },
        index=pd.Index(text[node[met]], name="path", dtype="str"),
    )
    counted = table.groupby("path").sum()
    return counted.sort_values(["conversions", "people"], ascending=False, kind="stable")
