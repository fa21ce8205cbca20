"""Whom attribution models credit, and what each channel really caused: plans run again without some of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from narrowcast.errors import PlanError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure import MODELS, NONE, Paths, attribution, attribution_table, shapley_values
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.engine.arrays import COUNTED
from narrowcast.simulate.region import run_region
from narrowcast.simulate.run import flights_of, in_threads, lay_out

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["EXACT", "PAIRS", "attributed", "truth"]

EXACT = 6
"""Up to so many channels every set of them is run."""

PAIRS = 8
"""Orders of joining that are drawn where there are more channels, each with its reverse."""

Channels = frozenset[str]
"""A set of channels by name."""


@dataclass
class _Kept:
    """What was found out about an outcome: orders by the channels a plan is left, and its paths."""

    orders: dict[Channels, int] = field(default_factory=dict)
    paths: Paths | None = None


_kept: WeakKeyDictionary[Outcome, _Kept] = WeakKeyDictionary()


def attributed(outcome: Outcome, model: str = "last") -> pd.DataFrame:
    """Return what an attribution model credits each channel with, beside what the channel caused.

    A touch is what was noticed or clicked in the four weeks before an order, as `narrowcast.measure.Paths` has it.

    Parameters
    ----------
    outcome
        What was run.
    model
        One of `narrowcast.measure.MODELS`, or "all".

    Returns
    -------
    pandas.DataFrame
        Of one model: index channel, with "(none)" last; conversions (they add up to all orders), value (money),
        share (of conversions), and of `truth`: truth (its column shapley), removal and alone. In the row "(none)",
        truth is the orders that would have come without the campaign.

        Of "all": `narrowcast.measure.attribution_table`, rows "truth" and the seven models.

    Raises
    ------
    UnknownName
        If there is no such model.
    PlanError
        If the plan spends nothing, or has more than ten channels and the model is "shapley".
    """
    if model not in (*MODELS, "all"):
        raise UnknownName(kind=_("attribution model"), given=model, allowed=(*MODELS, "all"))
    caused, paths = truth(outcome), _paths(outcome)
    if model == "all":
        return attribution_table(paths, caused["shapley"])
    before = _orders_without(outcome)
    beside = caused.rename(columns={"shapley": "truth"})[["truth", "removal", "alone"]]
    beside.loc[NONE] = [before, np.nan, np.nan]
    return attribution(paths, model).join(beside)


def truth(outcome: Outcome) -> pd.DataFrame:
    """Return the orders that each channel caused: the plan run again without it, on the same people with the same luck.

    These are orders counted, not expected, as the models credit orders that were counted; with common random numbers
    a channel that changes nothing has exactly 0. What channels do together belongs to no one of them, so there are
    three answers:

    ==============  ==========================================================================================
    removal         orders of the plan, less those of the plan without the channel
    alone           orders of the plan left with this channel only, less those without any campaign
    shapley         what it adds on average over all orders in which the channels could have joined (Shapley
                    1953): the one answer that adds up to the plan's incremental orders
    standard_error  of shapley: 0 where every set of channels was run (up to six channels); with more, eight
                    orders of joining and their reverses are drawn (Castro, Gómez and Tejada 2009)
    ==============  ==========================================================================================

    Parameters
    ----------
    outcome
        What was run. A run of the plan with other channels is made once and remembered.

    Returns
    -------
    pandas.DataFrame
        Index channel, columns as above. The index's channels are those that have money.

    Raises
    ------
    PlanError
        If the plan spends nothing.
    """
    names = _names(outcome)
    worth = _worth_of(outcome, _wanted(names, outcome.seed))
    everybody, nobody = frozenset(names), frozenset[str]()
    if len(names) <= EXACT:
        sets = [frozenset(n for i, n in enumerate(names) if s >> i & 1) for s in range(1 << len(names))]
        values, error = shapley_values([float(worth(some)) for some in sets]), np.zeros(len(names))
    else:
        values, error = _sampled(names, outcome.seed, worth)
    return pd.DataFrame(
        {
            "removal": [float(worth(everybody) - worth(everybody - {name})) for name in names],
            "alone": [float(worth(frozenset({name})) - worth(nobody)) for name in names],
            "shapley": values,
            "standard_error": error,
        },
        index=pd.Index(names, name="channel"),
    )


def _names(outcome: Outcome) -> list[str]:
    """Return the channels that have money, in the recipe's order."""
    names = list(dict.fromkeys(flight.channel for flight in flights_of(outcome)))
    if not names:
        raise PlanError(
            _("measure"),
            _("the plan spends nothing, so no channel can be credited."),
            _("Give a flight money."),
        )
    return names


def _joinings(names: Sequence[str], seed: int) -> list[list[str]]:
    """Return orders of joining, each followed by its reverse."""
    luck = np.random.default_rng([seed, len(names)])
    drawn = [[names[i] for i in luck.permutation(len(names))] for _pair in range(PAIRS)]
    return [order for one in drawn for order in (one, one[::-1])]


def _wanted(names: Sequence[str], seed: int) -> list[Channels]:
    """Return the sets of channels whose orders are needed."""
    whole = frozenset(names)
    wanted = [whole, frozenset(), *(whole - {n} for n in names), *(frozenset({n}) for n in names)]
    if len(names) <= EXACT:
        wanted += [frozenset(n for i, n in enumerate(names) if s >> i & 1) for s in range(1 << len(names))]
    else:
        wanted += [frozenset(order[:size]) for order in _joinings(names, seed) for size in range(len(names))]
    return list(dict.fromkeys(wanted))


def _sampled(
    names: Sequence[str], seed: int, worth: Callable[[Channels], int]
) -> tuple[np.ndarray, np.ndarray]:
    """Return Shapley values from a sample of orders of joining, and their standard errors."""
    added = np.array(
        [
            [
                worth(frozenset(order[: order.index(n) + 1])) - worth(frozenset(order[: order.index(n)]))
                for n in names
            ]
            for order in _joinings(names, seed)
        ],
        dtype=np.float64,
    )
    pairs = added.reshape(PAIRS, 2, len(names)).mean(axis=1)  # an order and its reverse are one draw
    return pairs.mean(axis=0), pairs.std(axis=0, ddof=1) / np.sqrt(PAIRS)


def _worth_of(outcome: Outcome, wanted: Iterable[Channels]) -> Callable[[Channels], int]:
    """Return how many orders come with the plan left with some channels, after running what is wanted."""
    known = _kept.setdefault(outcome, _Kept()).orders
    known[frozenset(_names(outcome))] = _ordered(outcome)
    missing = [some for some in wanted if some not in known]
    with Bar(_("running the plan without some of it"), len(missing) * len(outcome.part.regions)) as bar:
        for some in missing:
            known[some] = _orders(outcome, some, bar)
    return known.__getitem__


def _ordered(outcome: Outcome) -> int:
    return int(outcome.part.weekly[:, COUNTED.index("orders")].sum())


def _orders_without(outcome: Outcome) -> float:
    return float(_kept[outcome].orders[frozenset()])


def _orders(outcome: Outcome, channels: Channels, bar: Bar) -> int:
    """Return the orders of a plan left with some of its channels, sums alone being kept."""
    plan = replace(outcome.plan, flights=[f for f in outcome.plan.flights if f.channel in channels])
    layout = lay_out(outcome.world, plan, outcome.seed, os.cpu_count() or 1)
    done = set(outcome.part.regions)
    regions = [region for region in outcome.world.regions if region.number in done]
    orders = 0
    for part in in_threads(
        lambda region: run_region(layout, region, keep=False), regions, os.cpu_count() or 1
    ):
        orders += int(part.weekly[:, COUNTED.index("orders")].sum())
        bar.step()
    return orders


def _paths(outcome: Outcome) -> Paths:
    """Return the journeys of an outcome, added up region by region."""
    from narrowcast.simulate.log import tables  # noqa: PLC0415 - Arrow only where there is a log

    kept = _kept.setdefault(outcome, _Kept())
    if kept.paths is None:
        names = _names(outcome)
        with Bar(_("reading the log"), len(outcome.part.regions)) as bar:
            for table in tables(outcome):
                part = Paths.of(table.to_pandas(), channels=names)
                kept.paths = part if kept.paths is None else kept.paths + part
                bar.step()
    if kept.paths is None:
        raise PlanError(_("measure"), _("no region was run."), _("Run the plan again."))
    return kept.paths
