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

__all__ = ["DAY", "TET", "TODAY", "WEEKS_AHEAD", "Calendar", "calendar_of", "clock"]

Whole = npt.NDArray[np.int64]

TODAY = np.datetime64("2026-01-01", "s")
"""The day on which every market begins."""

DAY = 86_400
"""Seconds of a day."""

WEEKS_AHEAD = 52
"""Weeks ahead in which campaigns may run."""

TET = (
    "2016-02-08", "2017-01-28", "2018-02-16", "2019-02-05", "2020-01-25", "2021-02-12", "2022-02-01", "2023-01-22",
    "2024-02-10", "2025-01-29", "2026-02-17",
)  # fmt: skip
"""First days of the lunar year in Vietnam."""

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
    before_tet, in_tet
        Further factors on the three weeks before Tet, and on its week.
    """

    def __init__(
        self, months: tuple[float, ...], days: int, before_tet: float = 1.0, in_tet: float = 1.0
    ) -> None:
        self.days = days

        def busy_on(dates: npt.NDArray[np.datetime64]) -> Floats:
            busy = _month_factors(months, dates)
            for tet in TET:
                since = (dates - np.datetime64(tet, "D")).astype(np.int64)
                busy[(since >= -21) & (since < 0)] *= before_tet
                busy[(since >= 0) & (since < 7)] *= in_tet
            return busy

        today = TODAY.astype("datetime64[D]")
        busy = busy_on(today - np.arange(days, 0, -1))
        ahead = busy_on(today + np.arange(WEEKS_AHEAD * 7)).reshape(WEEKS_AHEAD, 7)
        self.ahead = ahead.mean(axis=1) / busy.mean()
        """Shape (52,): factor of each week of the year that begins today, on the mean week of the history."""
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

    def in_office(self, day: Whole, u: Floats) -> npt.NDArray[np.datetime64]:
        """Return a time on each day from nine to six, when a firm writes and calls."""
        seconds = (day - self.days) * DAY + ((9 + 9 * u) * 3_600).astype(np.int64)
        return TODAY + seconds.astype("timedelta64[s]")

    def moment(self, day: Whole, u: Floats) -> npt.NDArray[np.datetime64]:
        """Return a time on each day at an hour when people are awake, to the second."""
        seconds = (day - self.days) * DAY + clock(u)
        return TODAY + seconds.astype("timedelta64[s]")


def _month_factors(months: tuple[float, ...], dates: npt.NDArray[np.datetime64]) -> Floats:
    """Return the factor of each day: a month's own in its middle, and in between on a straight line."""
    month = dates.astype("datetime64[M]")
    length = ((month + 1).astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.float64)
    place = (dates - month.astype("datetime64[D]")).astype(np.float64) + 0.5
    at = month.astype(np.int64) % 12 + place / length
    around: Floats = np.interp(at, np.arange(-1, 13) + 0.5, (months[-1], *months, months[0]))
    return around


@lru_cache(maxsize=32)
def _calendar(months: tuple[float, ...], weeks: int, before_tet: float, in_tet: float) -> Calendar:
    return Calendar(months, weeks * 7, before_tet, in_tet)


def calendar_of(recipe: Recipe) -> Calendar:
    """Return the calendar of a market's history."""
    history = recipe.history
    before, within = (
        1.0 if figure is None else figure.value for figure in (history.before_tet, history.in_tet)
    )
    return _calendar(history.seasonality.values, round(history.weeks.value), before, within)


def clock(u: Floats) -> Whole:
    """Return the second of a day for uniforms: more in the evening, few at night."""
    share = np.concatenate([[0.0], np.cumsum(_HOURS)]) / sum(_HOURS)
    second: Whole = np.interp(u, share, np.arange(25) * 3600.0).astype(np.int64)
    return second
