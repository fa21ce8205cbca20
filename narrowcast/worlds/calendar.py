"""Time in a market: days before today, seasons, and hours at which people are awake.

Purchases are drawn in seasonal time, in which every week is as busy as any other, and then put on the
calendar: so the counts follow the BG/NBD model exactly, and the shop is still full before Tet.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.draws import Floats
from narrowcast.worlds.recipe import Recipe

__all__ = ["DAY", "TODAY", "Calendar", "calendar_of", "clock"]

Whole = npt.NDArray[np.int64]

TODAY = np.datetime64("2026-01-01", "s")
"""The day on which every market begins."""

DAY = 86_400
"""Seconds of a day."""

_HOURS = (1, 0.5, 0.3, 0.2, 0.3, 0.8, 2, 3, 4, 5, 6, 7, 7, 5, 5, 5, 5, 6, 7, 9, 11, 11, 7, 3)
"""How busy each hour of a day is, from midnight on."""


class Calendar:
    """The days of a market's history, from its first (0) to the day before today.

    Parameters
    ----------
    months
        Twelve factors on the mean day, January first.
    days
        Length of the history in days.
    """

    def __init__(self, months: tuple[float, ...], days: int) -> None:
        self.days = days
        first = TODAY.astype("datetime64[D]") - np.timedelta64(days, "D")
        dates = first + np.arange(days)
        month = dates.astype("datetime64[M]").astype(np.int64) % 12
        busy = np.array(months, dtype=np.float64)[month]
        self.busy = busy / busy.mean()
        """Shape (days,): factor of each day; their mean is 1."""
        self.passed = np.concatenate([[0.0], np.cumsum(self.busy)])
        """Shape (days + 1,): seasonal days that have passed when a day begins."""

    def seasonal(self, day: Whole) -> Floats:
        """Return the seasonal days that have passed when a day begins."""
        gone: Floats = self.passed[day]
        return gone

    def day_of(self, seasonal: Floats) -> Whole:
        """Return the day on which so many seasonal days have passed, from 0 to `days` - 1."""
        day = np.searchsorted(self.passed, seasonal, side="right") - 1
        inside: Whole = np.clip(day, 0, self.days - 1)
        return inside

    def moment(self, day: Whole, u: Floats) -> npt.NDArray[np.datetime64]:
        """Return a time on each day at an hour when people are awake, to the second."""
        seconds = (day - self.days) * DAY + clock(u)
        return TODAY + seconds.astype("timedelta64[s]")


@lru_cache(maxsize=32)
def _calendar(months: tuple[float, ...], weeks: int) -> Calendar:
    return Calendar(months, weeks * 7)


def calendar_of(recipe: Recipe) -> Calendar:
    """Return the calendar of a market's history."""
    return _calendar(recipe.history.seasonality.values, round(recipe.history.weeks.value))


def clock(u: Floats) -> Whole:
    """Return the second of a day for uniforms: more in the evening, few at night."""
    share = np.concatenate([[0.0], np.cumsum(_HOURS)]) / sum(_HOURS)
    second: Whole = np.interp(u, share, np.arange(25) * 3600.0).astype(np.int64)
    return second
