"""A bank's calls: who is called once more has refused, so many calls go with few who say yes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.engine.arrays import TYPES
from narrowcast.simulate.fidelity.cell import Cell, Table, share_between
from narrowcast.simulate.fidelity.published import published, recipe_here, settled, with_value
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.region import logged
from narrowcast.simulate.run import lay_out
from narrowcast.worlds import Region, World
from narrowcast.worlds.recipe import Recipe

__all__ = ["Called", "bank_table", "calibrate_bank", "called"]

NAME = "uci_bank_phone"
_BEFORE, _WEEKS = 2, 26
"""Weeks of an earlier campaign, and weeks in all: one call a week."""

_EARLIER = 0.2
"""Calls of the earlier campaign, over the clients (teaching)."""

_SEEDS = 8
_CONTACT, _YES = TYPES.index("contact"), TYPES.index("click")
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Called:
    """Clients whom the campaign called, each array of shape (n,).

    Attributes
    ----------
    calls
        How often, up to the yes.
    yes
        Whether they said yes.
    before
        Whether the earlier campaign had called them.
    """

    calls: npt.NDArray[np.int64]
    yes: npt.NDArray[np.bool_]
    before: npt.NDArray[np.bool_]


def _plan(world: World) -> Plan:
    """Return an earlier campaign aimed at savers, and one that calls everybody week by week."""
    price = world.recipe.channels["phone"].price_per_thousand.value / 1_000
    said, later = Message(to="savers"), _WEEKS - _BEFORE
    earlier = Flight(
        "phone", _EARLIER * world.size * price, to="savers", message=said,
        schedule=(1.0,) * _BEFORE + (0.0,) * later,
    )  # fmt: skip
    everybody = Flight(
        "phone", 1.05 * world.size * price * later, message=said, cap=1,
        schedule=(0.0,) * _BEFORE + (1.0,) * later,
    )  # fmt: skip
    return Plan(name=NAME, flights=[earlier, everybody], weeks=_WEEKS)


def _of_region(layout: Layout, region: Region) -> Called:
    """Strike everybody who says yes off the list: what is called afterwards does not count."""
    lived = logged(layout, region)
    events = lived.results.events[: int(lived.results.seen[0])]
    main = [flight.name for flight in layout.flights].index("phone")
    now, size = events["flight"] == main, region.size
    made, said = (events[now & (events["type"] == kind)] for kind in (_CONTACT, _YES))
    first = np.full(size, _NEVER)
    np.minimum.at(first, said["person"], said["week"].astype(np.int64))
    made = made[made["week"] <= first[made["person"]]]
    calls = np.bincount(made["person"], minlength=size)
    before = np.zeros(size, np.bool_)
    before[events["person"][~now & (events["type"] == _CONTACT)]] = True
    met = calls > 0
    return Called(calls[met], (first < _NEVER)[met], before[met])


def called(recipe: Recipe, customers: int, seed: int) -> Called:
    """Let a bank call its clients; return those it called."""
    world = settled(recipe, customers, seed)
    plan = _plan(world)
    plan.fits(world)
    layout = lay_out(world, plan, seed)
    parts = [_of_region(layout, region) for region in world.regions]
    return Called(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("calls", "yes", "before"))
    )


def calibrate_bank() -> float:
    """Return the share of calls answered that end with a yes, fitted to the yes of all clients and to nothing else."""
    recipe, target = recipe_here("bank-calls"), float(published()[NAME]["yes_overall"])
    size = round(recipe.market.customers.value)

    def missed(click: float) -> float:
        phone = with_value(recipe.channels["phone"], click=click)
        some = recipe.model_copy(update={"channels": {"phone": phone}})
        return float(np.mean([called(some, size, seed).yes.mean() for seed in range(2)])) - target

    return float(brentq(missed, 0.05, 0.5, xtol=1e-4))


def bank_table() -> Table:
    """Hold the simulated calls against the published ones."""
    target, recipe = published()[NAME], recipe_here("bank-calls")
    runs = [called(recipe, round(recipe.market.customers.value), seed) for seed in range(_SEEDS)]
    calls, yes, before = (
        np.concatenate([getattr(run, name) for run in runs]) for name in ("calls", "yes", "before")
    )
    clients = sum(target["n_by_calls"])
    cells = [_cell(_("yes, all clients"), target["yes_overall"], yes, clients, fitted=True)]
    most = target["calls"][-1]
    fall = _("it falls, as published, but less steeply; the steepness was not fitted")
    for count, share, n in zip(target["calls"], target["yes_by_calls"], target["n_by_calls"], strict=True):
        label = _("yes, calls: {count} or more") if count == most else _("yes, calls: {count}")
        mine = yes[np.minimum(calls, most) == count]
        cells.append(
            _cell(label.format(count=count), share, mine, n, misfit=fall if count in _MISFITS else "")
        )
    known = before.mean() * clients
    for name, share, mine, n in (
        (_("yes, called by an earlier campaign"), target["yes_contacted_before"], yes[before], known),
        (_("yes, never called before"), target["yes_never_contacted"], yes[~before], clients - known),
    ):
        cells.append(
            _cell(name, share, mine, n, misfit=_("whom the earlier campaign chose is a guess of ours"))
        )
    return Table(
        NAME, _("Calls of a bank"), tuple(cells),
        _("where 95 in 100 samples of the published size lie"),
        _("The chance of a yes was fitted to all clients together. That it falls with the number of calls arises "
          "by selection: who says yes is not called again. How much more the deposit suits savers than borrowers "
          "was chosen by hand with the table in view, and one client in three is given up after each call; "
          "nothing was fitted to the fall. How many clients had how many calls is from memory, for the intervals "
          "alone."),
    )  # fmt: skip


_MISFITS = frozenset({1, 2, 5, 11})
"""Numbers of calls at which the simulated share is known to lie off the published one."""


def _cell(
    name: str, share: float, yes: npt.NDArray[np.bool_], n: float, *, fitted: bool = False, misfit: str = ""
) -> Cell:
    """Return a cell of the yes of some clients, for a sample of n."""
    mine = float(yes.mean())
    low, high = share_between(mine, n, yes.size)
    return Cell(name, share, mine, low, high, "fitted" if fitted else "free", not misfit, misfit)
