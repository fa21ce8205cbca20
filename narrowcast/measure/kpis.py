"""A campaign's figures, from sums."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from narrowcast.measure.given import number, sums_of

__all__ = ["KPIS", "kpis"]

KPIS = (
    "contacts", "reached", "recognition", "noticed", "visits", "orders", "revenue", "margin", "cost", "profit",
    "incremental_orders", "incremental_margin", "incremental_profit", "lift_per_thousand", "advocates", "told",
    "customer_voice", "new_customers", "complaints", "consents_lost", "future_margin", "value",
)  # fmt: skip
"""Names and order of the figures."""


def _over(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def kpis(
    sums: Mapping[str, float],
    baseline: Mapping[str, float],
    customers: int,
    cost: float,
    consent_worth: float = 0,
) -> pd.Series[float]:
    """Compute a campaign's figures.

    Parameters
    ----------
    sums
        What happened with the campaign: contacts, reached (people), recognised (people who noticed at
        least once), noticed, visits, orders, revenue, margin, advocates, told; and, 0 where they are
        left out, new_customers, complaints, consents_lost and future_margin (what the orders after the
        campaign will bring, discounted).
    baseline
        The same for the same people had nothing been done.
    customers
        Size of the market.
    cost
        Money spent, in the smallest unit.
    consent_worth
        Money that one lost consent is worth, in the smallest unit, 0 or more.

    Returns
    -------
    pandas.Series
        Indexed by `KPIS`. recognition and customer_voice are shares; lift_per_thousand is the orders
        that the campaign caused per 1,000 contacts; money is in the smallest unit. The last two are
        what the campaign caused: future_margin beyond what would have come anyway, and value =
        incremental_profit + future_margin - consent_worth * (consents lost beyond what would have been).

    Raises
    ------
    AnswerError
        If a sum is missing or no finite number, or `consent_worth` is no number from 0 on.
    """
    plain = ("contacts", "reached", "noticed", "visits", "orders", "revenue", "margin", "advocates", "told")
    later = ("new_customers", "complaints", "consents_lost", "future_margin")
    sums = dict.fromkeys(later, 0.0) | sums_of(sums, (*plain, "recognised", *(k for k in later if k in sums)))
    before = ("orders", "margin", *(name for name in later if name in baseline))
    baseline = dict.fromkeys(later, 0.0) | sums_of(baseline, before)
    caused = {
        name: sums[name] - baseline[name] for name in ("orders", "margin", "future_margin", "consents_lost")
    }
    profit = caused["margin"] - cost
    penalty = number("consent_worth", consent_worth, low=0) * caused["consents_lost"]
    values = {name: sums[name] for name in (*plain, *later)}
    values |= {
        "recognition": _over(sums["recognised"], customers),
        "cost": float(cost),
        "profit": float(sums["margin"] - cost),
        "incremental_orders": float(caused["orders"]),
        "incremental_margin": float(caused["margin"]),
        "incremental_profit": float(profit),
        "lift_per_thousand": 1_000 * _over(caused["orders"], sums["contacts"]),
        "customer_voice": _over(sums["told"], sums["told"] + sums["noticed"]),
        "future_margin": float(caused["future_margin"]),
        "value": float(profit + caused["future_margin"] - penalty),
    }
    return pd.Series({name: values[name] for name in KPIS}, name="value")
