"""A campaign beside its trade: the benchmarks of the market's recipe that a campaign can be held against."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from narrowcast.language import in_course

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["beside_the_trade"]

_RATES = {
    "open": ("email", "open_rate"), "click": ("email", "click_rate"), "search-click": ("search", "ctr"),
    "display-click": ("display", "ctr"), "email-house": ("email", "open_rate"), "phone-house": ("phone", "click_rate"),
    "letter-house": ("post", "click_rate"),
}  # fmt: skip
"""Benchmarks of channels: medium and indicator, by the recipe's name."""


def _conversion(outcome: Outcome) -> float:
    visits, orders = (float(outcome.weekly()[name].sum()) for name in ("visits", "orders"))
    return orders / visits if visits else np.nan


_BUSINESS: dict[str, Callable[[Outcome], float]] = {"conversion": _conversion}
"""Benchmarks of the business."""


def beside_the_trade(outcome: Outcome) -> pd.DataFrame:
    """Return the market's benchmarks beside what a campaign reached.

    Parameters
    ----------
    outcome
        The campaign.

    Returns
    -------
    pandas.DataFrame
        One row a benchmark of the recipe that a campaign can be held against: title, benchmark, here, ratio (here over
        benchmark) and source; `here` is missing where the plan used no such channel.
    """
    recipe = outcome.world.recipe
    indicators = outcome.channels()
    medium = pd.Series({name: recipe.channels[name].medium for name in indicators.index}, dtype=object)
    rows = {}
    for name, benchmark in recipe.benchmarks.items():
        if name in _BUSINESS:
            here = _BUSINESS[name](outcome)
        elif name in _RATES:
            of_medium = indicators[medium.reindex(indicators.index) == _RATES[name][0]]
            here = float(of_medium[_RATES[name][1]].mean()) if len(of_medium) else np.nan
        else:
            continue
        value = benchmark.figure.value
        rows[name] = (
            in_course(benchmark.title),
            value,
            here,
            here / value if value else np.nan,
            benchmark.figure.source,
        )
    columns = ["title", "benchmark", "here", "ratio", "source"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("name")
