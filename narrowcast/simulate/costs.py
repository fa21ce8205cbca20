"""What flights really cost: contacts, sends, clicks, content, commissions, rewards; and addresses, editions, fees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.simulate.engine.arrays import FLIGHT_SUMS
from narrowcast.simulate.layout import Layout

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["beside", "bill", "spent"]


def spent(outcome: Outcome) -> pd.Series[float]:
    """Return what each flight of an outcome cost, by name, in the smallest unit of money.

    That is never more than its spend: sends are rounded person by person, and where they come to more, the firm that
    sends them bears it.

    Bought contacts and content cost what was set aside, less what the holdout saved; sends cost by the send, clicks
    by the click; affiliates, referral and cards cost commissions, rewards and what is handed out.
    """
    layout = Layout(outcome.world, outcome.plan, outcome.census, outcome.seed)
    people = outcome.part.totals[..., 0].sum(axis=(0, 2))
    treated = float(people[0] / max(people.sum(), 1))
    finished = float(people.sum()) / outcome.world.size
    costs = bill(layout, outcome.part.flights.sum(axis=0), treated, finished)
    return pd.Series(costs, dtype=np.float64, name="cost").rename_axis("flight")


def bill(layout: Layout, counted: npt.NDArray[Any], treated: float, finished: float) -> dict[str, float]:
    """Return what each flight cost, by name, in the smallest unit of money.

    Parameters
    ----------
    layout
        The plan, laid out.
    counted
        Shape (flights, len(FLIGHT_SUMS)): what was counted of each flight.
    treated, finished
        Share of people who were not held out, and of the market that has run: 0 to 1.
    """
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
        # Nobody charges more than the budget they were given.
        costs[flight.name] = min(cost, float(flight.spend))
    return costs


def beside(outcome: Outcome) -> pd.Series[float]:
    """Return what each flight of an outcome cost beside its own money, by name, in the smallest unit.

    That is the addresses of purchased files that it writes to, the special editions that it offers, and the fees of
    suppliers. What several flights share is divided among them by the money they were given; what belongs to none
    (a supplier of the whole plan, a file that nobody used) among all. So with `spent` it adds up to `Outcome.cost`,
    where any flight has money.
    """
    layout = Layout(outcome.world, outcome.plan, outcome.census, outcome.seed)
    money = pd.Series({flight.name: float(flight.spend) for flight in layout.flights}, dtype=np.float64)
    whole = pd.Series(0.0, index=money.index, name="beside").rename_axis("flight")
    for amount, names in _bills(outcome, layout):
        among = money[names] if names else money
        if len(among):
            whole[among.index] += amount * among / among.sum()
    return whole


def _bills(outcome: Outcome, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Yield what is paid once for the plan, and the flights that it is paid for: none are all of them."""
    world, plan, flights = outcome.world, outcome.plan, layout.flights
    files = {name for flight in plan.flights for name in flight.files} | set(plan.file.purchased)
    for name in sorted(files & world.recipe.files.keys()):
        file = world.recipe.files[name]
        rows = round(file.size.value * world.size)  # bought whole, as Plan.cost has it
        yield round(file.price.value * rows), [flight.name for flight in flights if name in flight.files]
    for segment in plan.editions:
        yield world.edition_cost, [flight.name for flight in flights if flight.offer.to == segment]
    for supplier in plan.organisation.suppliers:
        yield supplier.fee, [flight.name for flight in flights if flight.channel in supplier.channels]
