"""What the business is judged by, whatever the channels say of themselves."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from narrowcast.measure.given import number, sums_of

__all__ = ["BUSINESS", "business_indicators"]

BUSINESS = ("orders", "revenue", "margin", "cost", "profit", "roi", "roas", "cac", "aov", "clv")
"""Names and order of the business figures."""


def business_indicators(
    sums: Mapping[str, float] | pd.Series[float], overhead: float = 0, clv: float = math.nan
) -> pd.Series[float]:
    """Return the figures that a firm sets its goals in; no channel has a say in them.

    Parameters
    ----------
    sums
        orders, revenue (after returns), margin (contribution margin before marketing), cost (of media)
        and new_customers. Give what the campaign caused, and ROI and CAC are what it caused; give all
        there was, and they are what a firm without a holdout would report.
    overhead
        Salaries and tools of marketing, money, 0 or more. Leaving them out makes CAC look good.
    clv
        Lifetime value of a customer, money, as reckoned with `BGNBD.residual_margin` over all new
        customers, those who will not come again too.

    Returns
    -------
    pandas.Series
        Indexed by `BUSINESS`; NaN for a ratio to 0. cost = media + overhead, profit = margin - cost,
        roi = profit / cost, roas = revenue / media cost, cac = cost / new customers, aov = revenue /
        orders. Money is in the unit of the sums.

    Raises
    ------
    AnswerError
        If a sum is missing or a number is none.
    """
    given = sums_of(sums, ("orders", "revenue", "margin", "cost", "new_customers"))
    media = number("cost", given["cost"], low=0)
    cost = media + number("overhead", overhead, low=0)
    profit = given["margin"] - cost
    worth = clv if isinstance(clv, float) and math.isnan(clv) else number("clv", clv)
    values = {
        "orders": given["orders"],
        "revenue": given["revenue"],
        "margin": given["margin"],
        "cost": cost,
        "profit": profit,
        "roi": _over(profit, cost),
        "roas": _over(given["revenue"], media),
        "cac": _over(cost, given["new_customers"]),
        "aov": _over(given["revenue"], given["orders"]),
        "clv": worth,
    }
    return pd.Series({name: values[name] for name in BUSINESS}, name="value")


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
