"""The weeks of a plan on the calendar: when each begins, how busy the season is, whether Tet falls into it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.campaigns import Plan
from narrowcast.worlds import World
from narrowcast.worlds.calendar import TET, TODAY, calendar_of

__all__ = ["first_days", "season_of", "tet_of"]


def first_days(plan: Plan) -> pd.DatetimeIndex:
    """Return the first day of each of a plan's weeks, shape (weeks,)."""
    today = pd.Timestamp(TODAY.astype("datetime64[D]"))
    return pd.date_range(today + pd.Timedelta(weeks=plan.start), periods=plan.weeks, freq="7D")


def season_of(world: World, plan: Plan) -> npt.NDArray[np.float64]:
    """Return by how much the season multiplies the visits of each week at rest; the mean over a year is about 1."""
    ahead: npt.NDArray[np.float64] = calendar_of(world.recipe).ahead[plan.start : plan.start + plan.weeks]
    return ahead.copy()


def tet_of(world: World, plan: Plan) -> float | None:
    """Return where Tet's first day falls among a plan's weeks, 1 being the first; None where it does not.

    A market whose recipe says nothing of Tet does not know it.
    """
    if world.recipe.history.in_tet is None and world.recipe.history.before_tet is None:
        return None
    begin, end = first_days(plan)[0], first_days(plan)[-1] + pd.Timedelta(weeks=1)
    for day in map(pd.Timestamp, TET):
        if begin <= day < end:
            return 1 + float((day - begin) / pd.Timedelta(weeks=1))
    return None
