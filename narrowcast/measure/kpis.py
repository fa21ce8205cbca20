"""A campaign's figures, from sums."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

__all__ = ["KPIS", "kpis"]

KPIS = (
    "contacts", "reached", "recognition", "noticed", "visits", "orders", "revenue", "margin", "cost", "profit",
    "incremental_orders", "incremental_margin", "incremental_profit", "lift_per_thousand", "advocates", "told",
    "customer_voice",
)  # fmt: skip
"""Names and order of the figures."""


def _over(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def kpis(
    sums: Mapping[str, float], baseline: Mapping[str, float], customers: int, cost: int
) -> pd.Series[float]:
    """Compute a campaign's figures.

    Parameters
    ----------
    sums
        What happened with the campaign: contacts, reached (people), recognised (people who noticed at
        least once), noticed, visits, orders, revenue, margin, advocates, told.
    baseline
        The same for the same people had nothing been done.
    customers
        Size of the market.
    cost
        Money spent, in the smallest unit.

    Returns
    -------
    pandas.Series
        Indexed by `KPIS`. recognition and customer_voice are shares; lift_per_thousand is the orders
        that the campaign caused per 1,000 contacts; money is in the smallest unit.
    """
    caused_orders = sums["orders"] - baseline["orders"]
    caused_margin = sums["margin"] - baseline["margin"]
    values = {
        name: float(sums[name]) for name in ("contacts", "reached", "noticed", "visits", "orders", "revenue")
    }
    values |= {
        "recognition": _over(sums["recognised"], customers),
        "margin": float(sums["margin"]),
        "cost": float(cost),
        "profit": float(sums["margin"] - cost),
        "incremental_orders": float(caused_orders),
        "incremental_margin": float(caused_margin),
        "incremental_profit": float(caused_margin - cost),
        "lift_per_thousand": 1_000 * _over(caused_orders, sums["contacts"]),
        "advocates": float(sums["advocates"]),
        "told": float(sums["told"]),
        "customer_voice": _over(sums["told"], sums["told"] + sums["noticed"]),
    }
    return pd.Series({name: values[name] for name in KPIS}, name="value")
