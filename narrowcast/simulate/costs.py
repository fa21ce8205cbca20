"""What flights really cost: contacts that were bought, sends, clicks, content, commissions and rewards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from narrowcast.simulate.engine.arrays import FLIGHT_SUMS
from narrowcast.simulate.layout import Layout

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["spent"]


def spent(outcome: Outcome) -> pd.Series[float]:
    """Return what each flight of an outcome cost, by name, in the smallest unit of money.

    That is never more than its spend, but for sends, which are rounded person by person.

    Bought contacts and content cost what was set aside, less what the holdout saved; sends cost by the send, clicks
    by the click; affiliates, referral and cards cost commissions, rewards and what is handed out.
    """
    layout = Layout(outcome.world, outcome.plan, outcome.census, outcome.seed)
    counted = outcome.part.flights.sum(axis=0)
    people = outcome.part.totals[..., 0].sum(axis=(0, 2))
    treated = float(people[0] / max(people.sum(), 1))
    finished = float(people.sum()) / outcome.world.size
    costs = {}
    for flight, sums in zip(layout.flights, counted, strict=True):
        channel, row = layout.channel(flight), dict(zip(FLIGHT_SUMS, sums.tolist(), strict=True))
        each = channel.price_per_thousand.value / 1_000
        cost = {
            "contacts": flight.spend * treated * finished if flight.after is None else row["contacts"] * each,
            "content": flight.spend * finished,
            "sends": row["contacts"] * each,
            "clicks": row["clicked"] * getattr(layout.auctions.get(flight.name), "price", 0.0),
            "sales": row["paid"] + row["told"] * each,
        }[channel.pays_for]
        # A platform charges no more than the budget it was given.
        costs[flight.name] = cost if channel.pays_for == "sends" else min(cost, float(flight.spend))
    return pd.Series(costs, dtype=np.float64, name="cost").rename_axis("flight")
