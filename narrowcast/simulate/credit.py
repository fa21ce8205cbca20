"""Whom attribution models credit, and what each channel really caused: plans run again without some of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.errors import PlanError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure import MODELS, NONE, Paths, attribution, attribution_table, shapley_values
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.engine.arrays import COUNTED
from narrowcast.simulate.region import run_region
from narrowcast.simulate.run import flights_of, in_threads, lay_out
from narrowcast.simulate.threads import usual_threads
from narrowcast.worlds.draws import seed_from

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["EXACT", "PAIRS", "attributed", "truth"]

EXACT = 6
"""Up to so many channels every set of them is run."""

PAIRS = 8
"""Orders of joining that are drawn where there are more channels, each with its reverse."""

LUCKS = 16
"""From so many further draws, or more, an error over luck is told: a region under another seed is one."""

Channels = frozenset[str]
"""A set of channels by name."""

Floats = npt.NDArray[np.float64]


@dataclass
class _Kept:
    """What was found out about an outcome: orders by luck and by the channels a plan is left, and its paths."""

    orders: dict[tuple[int, Channels], Floats] = field(default_factory=dict)  # each of shape (regions,)
    paths: Paths | None = None


_kept: WeakKeyDictionary[Outcome, _Kept] = WeakKeyDictionary()


def attributed(outcome: Outcome, model: str = "last") -> pd.DataFrame:
    """Return what an attribution model credits each channel with, beside what the channel caused.

    A touch is what was noticed or clicked in the four weeks before an order, as `narrowcast.measure.Paths` has it; no
    click is needed. So "last" credits more than `Outcome.channels` does, whose tracked_orders go by the cookie of the
    last click or by a code, and whose orders are those that a click led to at once. None of the three is what the
    channel caused.

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

        Of "all": `narrowcast.measure.attribution_table`, rows "truth" and the seven models. With more than ten
        channels the row "shapley" is empty, and a column "note" says why.

    Raises
    ------
    UnknownName
        If there is no such model.
    PlanError
        If the plan spends nothing, or has more than ten channels and the model is "shapley".
    """
    if model not in (*MODELS, "all"):
        raise UnknownName(kind=_("attribution model"), given=model, allowed=(*MODELS, "all"))
    caused, paths = _caused(outcome), _paths(outcome)
    if model == "all":
        table = attribution_table(paths, caused["shapley"])
        if "note" in table.attrs:  # a row without numbers says for itself why
            table["note"] = np.where(table.index == "shapley", table.attrs["note"], "")
        return table
    before = float(_worth(outcome, [frozenset()], [outcome.seed]).sum())
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
    sampling_error  standard error of shapley as a figure of this run: 0 where every set of channels was run (up
                    to six channels); with more, eight orders of joining and their reverses are drawn (Castro,
                    Gómez and Tejada 2009)
    standard_error  standard error of shapley as a figure of what the channel brings on average, which another run
                    would tell otherwise: by luck, and by the orders of joining that were drawn
    ==============  ==========================================================================================

    So `shapley` plus and minus twice its `standard_error` covers the mean over seeds, in some 95 runs of 100. Luck is
    told by other luck: the plan, with and without its channels, is run with further seeds, one in a market of sixteen
    regions or more and more in a smaller one, and how far a region's figures lie apart is added up over the regions,
    as no tie leads out of one. How far people or regions of one run lie apart would not do: friends carry an order
    on to friends through all of a region, and one region's customers have been there longer than another's.

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
    caused, names = _caused(outcome), _names(outcome)
    further = -(-LUCKS // len(outcome.part.regions))
    lucks = [outcome.seed, *(seed_from(outcome.seed, "luck", number) for number in range(further))]
    worth = _worth(outcome, _sets(names, outcome.seed), lucks)
    each = np.array([_shapley(names, outcome.seed, of_one) for of_one in worth])  # (lucks, channels, regions)
    luck = np.sqrt(each.var(axis=0, ddof=1).sum(axis=1))
    return caused.assign(standard_error=np.hypot(caused["sampling_error"], luck))


def _caused(outcome: Outcome) -> pd.DataFrame:
    """Return what `truth` does but for the error over luck, which takes further runs."""
    names = _names(outcome)
    everybody, nobody = frozenset(names), frozenset[str]()
    ends = [
        everybody,
        nobody,
        *(everybody - {name} for name in names),
        *(frozenset({name}) for name in names),
    ]
    sets = _sets(names, outcome.seed)
    counted = _worth(outcome, [*ends, *sets], [outcome.seed])[0].sum(axis=1, keepdims=True)
    orders, worth = dict(zip(ends, counted[:, 0], strict=False)), counted[len(ends) :]
    return pd.DataFrame(
        {
            "removal": [orders[everybody] - orders[everybody - {name}] for name in names],
            "alone": [orders[frozenset({name})] - orders[nobody] for name in names],
            "shapley": _shapley(names, outcome.seed, worth)[:, 0],
            "sampling_error": _sampling_error(names, outcome.seed, worth),
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


def _sets(names: Sequence[str], seed: int) -> list[Channels]:
    """Return the sets of channels whose orders Shapley values are reckoned from."""
    if len(names) <= EXACT:
        return [frozenset(n for i, n in enumerate(names) if s >> i & 1) for s in range(1 << len(names))]
    orders = _joinings(names, seed)
    return list(dict.fromkeys(frozenset(order[:size]) for order in orders for size in range(len(names) + 1)))


def _shapley(names: Sequence[str], seed: int, worth: Floats) -> Floats:
    """Return Shapley values from what each of `_sets` is worth, shape (sets, k); they are of shape (channels, k)."""
    if len(names) <= EXACT:
        exact: Floats = np.apply_along_axis(shapley_values, 0, worth)
        return exact
    sampled: Floats = _added(names, seed, worth).mean(axis=0)
    return sampled


def _added(names: Sequence[str], seed: int, worth: Floats) -> Floats:
    """Return what each channel adds in each order of joining, shape (orders, channels, k)."""
    place = {some: number for number, some in enumerate(_sets(names, seed))}
    joined = [
        [place[frozenset(order[:size])] for size in range(len(names) + 1)] for order in _joinings(names, seed)
    ]
    steps = [np.diff(worth[rows], axis=0) for rows in joined]
    by_name = [[order.index(name) for name in names] for order in _joinings(names, seed)]
    return np.array([step[rows] for step, rows in zip(steps, by_name, strict=True)])


def _sampling_error(names: Sequence[str], seed: int, worth: Floats) -> Floats:
    """Return by how much Shapley values err for being of a sample of orders of joining, shape (channels,)."""
    if len(names) <= EXACT:
        return np.zeros(len(names))
    added = _added(names, seed, worth)[:, :, 0]
    pairs = added.reshape(PAIRS, 2, len(names)).mean(axis=1)  # an order and its reverse are one draw
    error: Floats = pairs.std(axis=0, ddof=1) / np.sqrt(PAIRS)
    return error


def _worth(outcome: Outcome, sets: Sequence[Channels], lucks: Sequence[int]) -> Floats:
    """Return the orders in each region with the plan left with some channels, shape (lucks, sets, regions).

    What is not known yet is run.
    """
    known = _kept.setdefault(outcome, _Kept()).orders
    wanted = dict.fromkeys((luck, some) for luck in lucks for some in sets)
    missing = [one for one in wanted if one not in known]
    with Bar(_("running the plan without some of it"), len(missing) * len(outcome.part.regions)) as bar:
        for luck, some in missing:
            known[luck, some] = _orders(outcome, some, luck, bar)
    return np.array([[known[luck, some] for some in sets] for luck in lucks])


def _orders(outcome: Outcome, channels: Channels, luck: int, bar: Bar) -> Floats:
    """Return the orders, by region, of a plan left with some of its channels, sums alone being kept."""
    plan = replace(outcome.plan, flights=[f for f in outcome.plan.flights if f.channel in channels])
    workers = usual_threads()
    layout = lay_out(outcome.world, plan, luck, workers)
    orders = []
    for part in in_threads(lambda region: run_region(layout, region, keep=False), outcome.regions, workers):
        orders.append(float(part.weekly[:, COUNTED.index("orders")].sum()))
        bar.step()
    return np.array(orders)


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
