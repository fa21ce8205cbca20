"""A log of touches, looked at before anything is reckoned from it."""

from __future__ import annotations

import reprlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.errors import AnswerError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure.given import Floats, Ints

__all__ = ["CHANNELS_MOST", "NONE", "TYPES", "TouchLog", "touch_types"]

COLUMNS = ("customer_id", "week", "day", "type", "channel")
"""Columns that a log must have; count and value may be there."""
TYPES = (
    "contact", "bounce", "open", "machine_open", "click", "lead", "unsubscribe", "complaint", "visit", "share",
    "told",
)  # fmt: skip
"""Types of event that can be taken for a touch; "order" is the conversion."""
CHANNELS_MOST = 62
"""A set of channels is kept as the bits of one whole number."""
EVENTS_MOST = 10_000
"""Most events that one row may stand for."""
NONE = "(none)"
"""Where orders without a touch are credited."""


@dataclass(frozen=True, eq=False)
class TouchLog:
    """The columns of a log, checked, one value a row, n rows.

    Attributes
    ----------
    channels
        Names of the channels.
    channel
        Number of each row's channel, -1 where it has none.
    customer
        Number of each row's customer.
    day
        Days from the start of week 0.
    count
        Events that a row stands for.
    value
        Money that a row brought.
    touch, order
        True for the rows that count as a touch, and for orders.
    """

    channels: tuple[str, ...]
    channel: Ints
    customer: Ints
    day: Ints
    count: Ints
    value: Floats
    touch: npt.NDArray[np.bool_]
    order: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, touches: object, kinds: tuple[str, ...], channels: Sequence[str] | None) -> TouchLog:
        """Read a log; the errors are those of `journeys`."""
        frame = _looked_at(touches)
        names, code = _numbered(frame["channel"], channels)
        order = frame["type"].isin(["order"]).to_numpy(dtype=bool)
        return cls(
            names,
            code,
            _customers(frame["customer_id"]),
            _whole(frame, "week", 1, 5_200) * 7 + _whole(frame, "day", 0, 6),
            _whole(frame, "count", 1, EVENTS_MOST)
            if "count" in frame
            else np.ones(code.size, dtype=np.int64),
            _money(frame, order),
            frame["type"].isin(kinds).to_numpy(dtype=bool) & (code >= 0),
            order,
        )


def touch_types(kinds: object) -> tuple[str, ...]:
    """Return the types that count as a touch, given as one name or several.

    Raises
    ------
    UnknownName
        If one of them is no type of touch.
    """
    found = (kinds,) if isinstance(kinds, str) or not isinstance(kinds, Sequence) else tuple(kinds)
    for name in found:
        if not isinstance(name, str) or name not in TYPES:
            raise UnknownName(kind=_("type of touch"), given=name, allowed=TYPES)
    return tuple(map(str, found))


def _looked_at(touches: object) -> pd.DataFrame:
    if not isinstance(touches, pd.DataFrame):
        problem = _("The touches are {value}; they must be a table.").format(value=reprlib.repr(touches))
        raise AnswerError(problem, _("Give a DataFrame with {names}.").format(names=", ".join(COLUMNS)))
    missing = [name for name in COLUMNS if name not in touches]
    if missing:
        raise AnswerError(
            _("The table of touches lacks {missing}.").format(missing=", ".join(missing)),
            _("Needed are {names}.").format(names=", ".join(COLUMNS)),
        )
    return touches


def _whole(frame: pd.DataFrame, column: str, low: int, high: int) -> Ints:
    """Return a column of whole numbers within bounds."""
    try:
        found = frame[column].to_numpy(dtype=np.float64)
    except (TypeError, ValueError):
        found = np.full(1, np.nan)
    if not np.isfinite(found).all() or (found != np.floor(found)).any() or (
        found.size and not (low <= found.min() and found.max() <= high)
    ):  # fmt: skip
        problem = _("The column {column} of the touches must hold whole numbers from {low:,} to {high:,}.")
        raise AnswerError(problem.format(column=column, low=low, high=high))
    return found.astype(np.int64)


def _customers(column: pd.Series[str]) -> Ints:
    """Return the number of each row's customer."""
    try:
        found = pd.factorize(column)[0].astype(np.int64)
    except TypeError:
        found = np.full(1, -1)
    if (found < 0).any():
        problem = _("Some rows have no customer_id, or one that is no name.")
        raise AnswerError(problem, _("Leave them out, or find out whose they are."))
    return found


def _money(frame: pd.DataFrame, order: npt.NDArray[np.bool_]) -> Floats:
    """Return the money of orders, 0 where the table does not say and for all other rows."""
    found = np.zeros(len(frame))
    if "value" not in frame:
        return found
    try:
        found[order] = frame.loc[order, "value"].to_numpy(dtype=np.float64, na_value=0.0)
    except (TypeError, ValueError):
        found[:] = np.nan
    if not np.isfinite(found).all() or (found < 0).any():
        raise AnswerError(_("The column value of the touches must hold an order's money: 0 or more."))
    return found


def _numbered(column: pd.Series[str], channels: Sequence[str] | None) -> tuple[tuple[str, ...], Ints]:
    """Return the channels' names, and the number of each row's channel: -1 where it has none."""
    try:
        coded = column.astype("category")
    except TypeError:
        raise AnswerError(_("The column channel of the touches must hold names.")) from None
    known = [str(name) for name in coded.cat.categories]
    names = _names([name for name in known if name] if channels is None else channels)
    place = {name: number for number, name in enumerate(names)}
    used = coded.cat.codes.to_numpy().astype(np.int64)
    present = np.unique(used[used >= 0])
    for stranger in (known[i] for i in present if known[i] and known[i] not in place):
        raise UnknownName(kind=_("channel"), given=stranger, allowed=names)
    renumber = np.array([*(place.get(name, -1) for name in known), -1], dtype=np.int64)
    return names, renumber[used]


def _names(channels: Sequence[str]) -> tuple[str, ...]:
    """Return the channels' names: each once, none of them the row of orders without a touch."""
    if isinstance(channels, str) or not isinstance(channels, Sequence | pd.Index | np.ndarray):
        problem = _("channels is {value}; it must be a list of names.")
        raise AnswerError(problem.format(value=reprlib.repr(channels)))
    names = tuple(map(str, channels))
    if len(set(names)) != len(names) or len(names) > CHANNELS_MOST or NONE in names:
        problem = _("There are {count} channels, {different} of them different.")
        cure = _("Give each once, at most {most}, and none called {none}.")
        raise AnswerError(
            problem.format(count=len(names), different=len(set(names))),
            cure.format(most=CHANNELS_MOST, none=NONE),
        )
    return names
