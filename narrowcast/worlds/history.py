"""What happened last year: each visit to the shop, and each order, before any campaign of yours."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import ndtri

from narrowcast.worlds.draws import Floats, Purpose, poisson, uniforms
from narrowcast.worlds.people import TODAY
from narrowcast.worlds.population import Population
from narrowcast.worlds.recipe import Recipe

__all__ = ["draw_history"]

_MINUTES = 365 * 24 * 60


def _each(recipe: Recipe, population: Population, field: str) -> Floats:
    values = [getattr(segment, field).value for segment in recipe.segments.values()]
    return np.array(values, dtype=np.float64)[population.segment]


def spread(u: Floats, sigma: float) -> Floats:
    """Return log-normal factors with mean 1 from uniforms: how order values differ."""
    factors: Floats = np.exp(sigma * ndtri(u) - sigma**2 / 2)
    return factors


def draw_history(recipe: Recipe, population: Population, seed: int) -> pd.DataFrame:
    """Draw last year's visits and orders.

    Returns
    -------
    pandas.DataFrame
        Sorted by time: event_id, customer_id, ts, type ("visit" or "order"), campaign_id
        ("organic": no campaign ran), cost and revenue in the currency's smallest unit. An order
        follows its visit by a few minutes.
    """
    n = population.size
    visits = poisson(uniforms(seed, Purpose.VISITS, 0, n), _each(recipe, population, "visits_per_year"))
    conversion, value = _each(recipe, population, "conversion"), _each(recipe, population, "order_value")
    sigma = recipe.response.order_spread.value
    who, when, bought, paid = [], [], [], []
    for turn in range(max(1, int(visits.max(initial=0)))):  # one turn, be it empty: there is a table then
        come = np.flatnonzero(visits > turn)
        time, buy, worth = (
            uniforms(seed, Purpose.HISTORY, 0, n, week=turn, channel=slot)[come] for slot in range(3)
        )
        who.append(come)
        when.append((time * _MINUTES).astype(np.int64))
        bought.append(buy < conversion[come])
        paid.append(np.round(value[come] * spread(worth, sigma), -3).astype(np.int64))
    customer, minute = np.concatenate(who), np.concatenate(when)
    order, revenue = np.concatenate(bought), np.concatenate(paid)
    lag = 2 + customer[order] % 28  # minutes from the visit to the order
    frame = pd.DataFrame(
        {
            "customer": np.concatenate([customer, customer[order]]),
            "minute": np.concatenate([minute, minute[order] + lag]),
            "type": np.repeat(["visit", "order"], [customer.size, int(order.sum())]),
            "revenue": np.concatenate([np.zeros(customer.size, np.int64), revenue[order]]),
        }
    ).sort_values(["minute", "customer", "type"], ignore_index=True, kind="stable")
    begin = TODAY - pd.Timedelta(days=365)
    ids = np.array([f"C{i:07d}" for i in range(n)], dtype=object)
    return pd.DataFrame(
        {
            "event_id": np.arange(len(frame)),
            "customer_id": ids[frame["customer"]],
            "ts": begin + pd.to_timedelta(frame["minute"], unit="min"),
            "type": pd.Categorical(frame["type"], categories=["visit", "order"]),
            "campaign_id": "organic",
            "cost": np.int64(0),
            "revenue": frame["revenue"],
        }
    )
