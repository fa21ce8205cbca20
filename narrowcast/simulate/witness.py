"""One person watched while the weeks pass again: what was computed of them, and what happened to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.campaigns import Plan
from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.simulate.engine.arrays import COUNTED, TYPES
from narrowcast.simulate.ground import ground_of
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.region import live_region
from narrowcast.simulate.run import lay_out
from narrowcast.worlds import Region

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["Witness", "numbers", "watch", "watch_without"]

Records = npt.NDArray[Any]


@dataclass(frozen=True)
class Witness:
    """A person and their weeks.

    Attributes
    ----------
    layout
        The plan, laid out.
    person
        Their `PERSON` record.
    exposure
        Their media use, relative to the mean.
    held
        Whether they were held out.
    weeks
        `TRACE_WEEK`, shape (weeks,).
    flights
        `TRACE_FLIGHT`, shape (weeks, flights).
    events
        `EVENT`: what happened to them, in the engine's order: an order follows its visit.
    final
        Their `STATE` at the end.
    counted
        What was counted of them, by name.
    table
        `FLIGHT`, shape (flights,): what each flight is to the engine.
    """

    layout: Layout
    person: Any
    exposure: float
    held: bool
    weeks: Records
    flights: Records
    events: Records
    final: Any
    counted: dict[str, int]
    table: Records

    def of_week(self, week: int) -> Records:
        """Return the events of a week, numbered from 0."""
        chosen: Records = self.events[self.events["week"] == week]
        return chosen

    @property
    def alive(self) -> npt.NDArray[np.bool_]:
        """Whether they came of their own accord at each week's beginning and at the end, shape (weeks + 1,)."""
        return np.append(self.weeks["alive"], self.final["alive"]).astype(np.bool_)

    @property
    def at_rest(self) -> npt.NDArray[np.float64]:
        """Mean visits of each week had no marketing ever worked on them, shape (weeks,)."""
        rate: npt.NDArray[np.float64] = self.person["rate"] * self.layout.season * self.weeks["alive"]
        return rate

    def total(self, name: str) -> int:
        """Return one of `COUNTED` over all weeks."""
        return self.counted[name]


def number_of(outcome: Outcome, customer_id: object) -> tuple[int, Region]:
    """Return a customer's number and region.

    Raises
    ------
    UnknownName
        If there is no such customer, or their region was not run.
    """
    regions = outcome.regions
    size, text = regions[-1].stop, str(customer_id)
    number = int(text[1:]) if text[:1] == "C" and text[1:].isdecimal() and len(text) < 20 else -1
    if not 0 <= number < size or text != f"C{number:07d}":
        raise UnknownName(kind=_("customer"), given=customer_id, between=("C0000000", f"C{size - 1:07d}"))
    return number, next(region for region in regions if region.start <= number < region.stop)


def watch(outcome: Outcome, customer_id: object) -> Witness:
    """Let the weeks of a customer's region pass again and watch the customer.

    Raises
    ------
    UnknownName
        If there is no such customer.
    """
    return _watched(outcome, outcome.plan, customer_id)


def watch_without(outcome: Outcome, customer_id: object) -> Witness:
    """Watch the same customer with the same luck, had nothing been done."""
    return _watched(outcome, Plan(weeks=outcome.plan.weeks, start=outcome.plan.start), customer_id)


def _watched(outcome: Outcome, plan: Plan, customer_id: object) -> Witness:
    number, region = number_of(outcome, customer_id)
    layout, place = lay_out(outcome.world, plan, outcome.seed), number - region.start
    lived = live_region(layout, region, events=True, watch=place)
    events = lived.results.events[: int(lived.results.seen[0])]
    weeks, flights = lived.trace
    exposure = float(ground_of(outcome.world, region).exposure[place])
    return Witness(
        layout, lived.people[place], exposure, bool(lived.held[place]), weeks, flights[:, : len(layout.flights)],
        events[events["person"] == place], lived.results.state[place],
        {name: int(lived.results.of(name)[place]) for name in COUNTED},
        layout.table(region.size / outcome.world.size),
    )  # fmt: skip


def numbers(seen: Witness) -> pd.DataFrame:
    """Return a witness's numbers; see `narrowcast.simulate.explain.why`."""
    rows = []
    for week, line in enumerate(seen.weeks):
        rows.append(_own(seen, week, line))
        rows += [
            _of_flight(seen, week, f)
            for f, met in enumerate(seen.flights[week])
            if met["contacts"] or met["stock"] > 0
        ]
    return pd.DataFrame(rows).astype({"week": "int64"})


def _own(seen: Witness, week: int, line: Any) -> dict[str, object]:  # noqa: ANN401 - a NumPy record
    return {
        "week": week + 1, "flight": "(all)", "channel": None,
        "contacts": float(seen.flights[week]["contacts"].sum()),
        "delivered": float(seen.flights[week]["delivered"].sum()),
        "noticed": float(seen.flights[week]["noticed"].sum()), "match": np.nan, "p_notice": np.nan,
        "clicked": line["clicks"], "p_click": np.nan, "stock": float(seen.flights[week]["stock"].sum()),
        "told": line["told"], "pull": line["pull"], "word_of_mouth": line["word"],
        "p_visit_at_rest": -np.expm1(-seen.at_rest[week]), "p_visit": -np.expm1(-line["hazard"]),
        "p_order": line["chance"], "visits": line["visits"], "orders": line["orders"], "revenue": line["revenue"],
    }  # fmt: skip


def _of_flight(seen: Witness, week: int, f: int) -> dict[str, object]:
    met, flight = seen.flights[week, f], seen.layout.flights[f]
    happened = seen.of_week(week)
    happened = happened[happened["flight"] == f]
    noticed = met["noticed"] > 0
    reached = met["delivered"] > 0
    credited = happened["type"] == TYPES.index("order")
    return {
        "week": week + 1, "flight": flight.name, "channel": flight.channel, "contacts": met["contacts"],
        "delivered": met["delivered"], "noticed": met["noticed"], "match": met["match"] if reached else np.nan,
        "p_notice": met["p_notice"] if reached else np.nan, "clicked": met["clicked"],
        "p_click": met["p_click"] if noticed else np.nan, "stock": met["stock"],
        "visits": float((happened["type"] == TYPES.index("visit")).sum()),
        "orders": float(credited.sum()), "revenue": float(happened["value"][credited].sum()),
    }  # fmt: skip
