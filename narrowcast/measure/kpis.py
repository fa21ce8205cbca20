"""A campaign's figures, from sums."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from narrowcast.language import gettext as _
from narrowcast.measure.given import number, sums_of

__all__ = ["KPIS", "kpi_meanings", "kpis"]

KPIS = (
    "contacts", "reached", "recognition", "noticed", "visits", "orders", "revenue", "margin", "cost", "profit",
    "incremental_orders", "incremental_margin", "incremental_profit", "lift_per_thousand", "advocates", "told",
    "customer_voice", "new_customers", "complaints", "consents_lost", "future_margin", "value",
)  # fmt: skip
"""Names and order of the figures."""


def kpi_meanings() -> pd.Series[str]:
    """Return in words what each of `KPIS` is.

    People are the market's customers and those of purchased files that a plan wrote to: whoever is counted as
    reached is also counted in recognition, in the funnel and among the advocates.
    """
    meanings = {
        "contacts": _("times that somebody was met"),
        "reached": _("people met at least once, those of purchased files among them"),
        "recognition": _("share of all people who noticed at least one contact; purchased files count as people, too"),
        "noticed": _("contacts that were noticed; of those who noticed any, the funnel tells"),
        "visits": _("visits, whatever brought them"),
        "orders": _("orders, whatever brought them"),
        "revenue": _("money of all orders"),
        "margin": _("what remains of it after the cost of goods"),
        "cost": _("all that the campaign cost: flights, purchased addresses, special editions, fees"),
        "profit": _("margin less cost; most of it would have come anyway"),
        "incremental_orders": _("orders less those that would have come without the campaign"),
        "incremental_margin": _("margin less what would have come without it"),
        "incremental_profit": _("incremental_margin less cost: what the campaign earned while it ran"),
        "lift_per_thousand": _("incremental_orders per 1,000 contacts"),
        "advocates": _("people who spoke for the brand"),
        "told": _("times that a friend heard of the brand from a friend"),
        "customer_voice": _("told over told and noticed: how much of what is heard comes from friends"),
        "new_customers": _(
            "people of purchased files who ordered; 0 without such a file: no other medium brings people who never "
            "bought"
        ),
        "complaints": _("complaints: of unlawful deliveries, and by some who leave a list"),
        "consents_lost": _("people who left a list"),
        "future_margin": _(
            "margin that customers bring after the campaign, beyond what would have come, discounted; each order also "
            "carries a chance to drop out, so in a small market it is mostly luck"
        ),
        "value": _(
            "incremental_profit and future_margin less the worth of consents lost; luck in a small market, as "
            "future_margin is: try several seeds, or see expected_profit"
        ),
    }  # fmt: skip
    return pd.Series(meanings, name="meaning").rename_axis("figure")


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
        People whom the campaign could meet: the market's customers, and those of purchased files.
    cost
        Money spent, in the smallest unit.
    consent_worth
        Money that one lost consent is worth, in the smallest unit, 0 or more.

    Returns
    -------
    pandas.Series
        Indexed by `KPIS`, as `kpi_meanings` tells them. recognition and customer_voice are shares;
        lift_per_thousand is the orders that the campaign caused per 1,000 contacts; money is in the
        smallest unit. The last two are what the campaign caused: future_margin beyond what would have
        come anyway, and value = incremental_profit + future_margin - consent_worth * (consents lost
        beyond what would have been).
        Each order carries a chance to drop out, so in a small market both hang on luck.

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
