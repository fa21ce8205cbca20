"""Repeat buying of a music shop: a cohort of the tables' past, counted and refitted as the paper did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import gammaln

from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Cell, Table, between, share_between
from narrowcast.simulate.fidelity.published import published, recipe_here, with_value
from narrowcast.worlds import uniforms
from narrowcast.worlds.blueprint import BLOCK_SIZE, Blueprint
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.past.purchases import paid, purchases
from narrowcast.worlds.recipe import Recipe

__all__ = ["Cohort", "cohort", "refitted", "repeat_table"]

NAME = "cdnow_bgnbd"
_CAME, _CALIBRATION, _ALL = 12, 39, 78
"""Weeks in which the customers came, weeks up to the end of the calibration period, and weeks in all."""

_SAMPLES = 24
_LEAST = 7

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cohort:
    """Customers who came within twelve weeks, each array of shape (n,).

    Attributes
    ----------
    repeats, last, age
        Repeat orders up to week 39, weeks from the first order to the last of them, and to week 39.
    orders, revenue
        Orders and money of all 78 weeks.
    """

    repeats: npt.NDArray[np.int64]
    last: Floats
    age: Floats
    orders: npt.NDArray[np.int64]
    revenue: Floats


def _recipe() -> Recipe:
    """Return the retailer's recipe with the published repeat buying in every segment, and a history of 78 weeks."""
    base, target = recipe_here("retail-trial"), published()[NAME]
    figures, segments = {name: target[name] for name in ("r", "alpha", "a", "b")}, {}
    for name, segment in base.segments.items():
        repeat = with_value(segment.repeat, **figures)
        segments[name] = with_value(segment, order_value=3_500.0).model_copy(update={"repeat": repeat})
    history = with_value(base.history, weeks=float(_ALL))
    return base.model_copy(update={"segments": segments, "history": history})


@cache
def cohort() -> Cohort:
    """Draw the cohort: the first block of a market as large as makes its customers come within twelve weeks."""
    blueprint = Blueprint(_recipe(), BLOCK_SIZE * _ALL // _CAME, 0)
    block = blueprint.block(0)
    bought, n = block.once(purchases), block.size
    who, week = bought.customer, bought.day / 7
    first = np.full(n, np.inf)
    np.minimum.at(first, who, week)
    early = week < _CALIBRATION
    last = np.zeros(n)
    np.maximum.at(last, who[early], week[early])
    orders = np.bincount(who, minlength=n).astype(np.int64)
    u = uniforms(0, Purpose.ORDERS, 0, who.size, channel=1, remember=False)
    revenue = np.bincount(who, paid(block, who, u), minlength=n).astype(np.float64)
    repeats = np.bincount(who[early], minlength=n) - 1
    return Cohort(repeats, last - first, _CALIBRATION - first, orders, revenue)


def _likelihood(logs: Floats, x: Floats, last: Floats, age: Floats) -> float:
    """Return the negative mean log-likelihood of the BG/NBD (Fader, Hardie and Lee 2005, equation 6)."""
    r, alpha, a, b = np.exp(logs)
    common = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    there = -(r + x) * np.log(alpha + age)
    gone = np.log(a) - np.log(np.maximum(b + x - 1, 1e-9)) - (r + x) * np.log(alpha + last)
    either = np.where(x > 0, np.logaddexp(there, gone), there)
    return -float((common + stays + either).mean())


def refitted(some: Cohort, rows: slice) -> Floats:
    """Return r, alpha, a and b as maximum likelihood finds them in some of the customers."""
    data = some.repeats[rows].astype(np.float64), some.last[rows], some.age[rows]
    found = minimize(
        _likelihood, np.log([0.3, 5.0, 1.0, 2.0]), args=data, method="L-BFGS-B", bounds=[(-6, 6)] * 4
    )
    figures: Floats = np.exp(found.x)
    return figures


def repeat_table() -> Table:
    """Hold the cohort against the published one."""
    target, some = published()[NAME], cohort()
    n = target["n"]
    order = np.argsort(
        uniforms(0, Purpose.SEGMENT, 0, some.repeats.size, channel=1)
    )  # they came in order: shuffle
    mixed = Cohort(*(getattr(some, name)[order] for name in ("repeats", "last", "age", "orders", "revenue")))
    fits = np.array([refitted(mixed, slice(i * n, (i + 1) * n)) for i in range(_SAMPLES)])
    cells = []
    for place, name in enumerate(("r", "alpha", "a", "b")):
        low, high = np.exp(between(np.log(fits[:, place])))
        cells.append(
            Cell(name, target[name], float(np.median(fits[:, place])), float(low), float(high), "set")
        )
    counts = target["repeat_counts_0_to_6_then_7plus"]
    for repeats, number in enumerate(counts):
        share = float((np.minimum(some.repeats, _LEAST) == repeats).mean())
        low, high = share_between(share, n, some.repeats.size)
        label = _("repeat orders: {count} or more") if repeats == _LEAST else _("repeat orders: {count}")
        cells.append(Cell(label.format(count=repeats), number, share * n, low * n, high * n))
    once = float((some.orders == 1).mean())
    cells.append(Cell(_("share of one-time buyers in 78 weeks"), target["share_one_time_buyers"], once,
                      *share_between(once, target["n_master"], some.orders.size)))  # fmt: skip
    cells.append(_top(target, mixed))
    return Table(
        NAME, _("Repeat buying of a music shop"), tuple(cells),
        _("where 95 in 100 samples of the published size lie"),
        _("The four figures of the BG/NBD are those of the table; simulated customers are counted, and the figures "
          "refitted from them. One-time buyers and the best fifth are of all 78 weeks, on which nothing was fitted."),
    )  # fmt: skip


def _top(target: dict[str, float], mixed: Cohort) -> Cell:
    """Return the cell of the best fifth's part of the revenue."""
    n = int(target["n_master"])
    parts = [mixed.revenue[i : i + n] for i in range(0, mixed.revenue.size - n + 1, n)]
    seen = [float(np.sort(part)[-n // 5 :].sum() / part.sum()) for part in parts]
    name = _("revenue share of the best fifth in 78 weeks")
    why = _("the gamma-gamma takes what somebody spends on an order as independent of how often they order; why the "
            "file is more uneven was not looked into")  # fmt: skip
    return Cell(name, target["revenue_share_top_20_percent"], float(np.mean(seen)), *between(seen),
                claimed=False, note=why)  # fmt: skip
