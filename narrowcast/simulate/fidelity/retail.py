"""A retailer's e-mail trial: three arms by chance, two weeks, visits, buyers and spend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Cell, Table, between, share_between
from narrowcast.simulate.fidelity.published import published, recipe_here, settled
from narrowcast.simulate.run import simulate
from narrowcast.worlds import World, uniforms
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.recipe import Recipe

__all__ = ["ARMS", "CENTS", "Trial", "plan_of", "retail_table", "trial"]

NAME = "hillstrom_2008"
ARMS = ("mens", "womens", "none")
CENTS = 100
_SEEDS = 16
_WEEKS = 2

Floats = npt.NDArray[np.float64]


def plan_of(world: World, arm: str) -> Plan:
    """Return what is done to an arm: one e-mail to everybody in the first week, or none at all."""
    if arm == "none":
        return Plan(name=arm, weeks=_WEEKS)
    channel = f"{arm}-email"
    spend = 1.05 * world.size * world.recipe.channels[channel].price_per_thousand.value / 1_000
    mail = Flight(channel, spend, message=Message(to=arm), schedule=(1.0,) + (0.0,) * (_WEEKS - 1), cap=1)
    return Plan(name=arm, flights=[mail], weeks=_WEEKS)


@dataclass(frozen=True)
class Trial:
    """What one trial saw: rows are the arms, in the order of `ARMS`.

    Attributes
    ----------
    n, visit, conversion, spend, variance
        Shape (3,): people, share who visited, share who bought, mean spend and its variance in dollars.
    """

    n: Floats
    visit: Floats
    conversion: Floats
    spend: Floats
    variance: Floats

    @property
    def lift(self) -> Floats:
        """Mean spend of either e-mail less that of none, shape (2,)."""
        gained: Floats = self.spend[:2] - self.spend[2]
        return gained

    @property
    def error(self) -> Floats:
        """Standard error of `lift`, shape (2,)."""
        each = self.variance / self.n
        errors: Floats = np.sqrt(each[:2] + each[2])
        return errors

    @property
    def spread(self) -> float:
        """Coefficient of variation of the spend of all three arms together."""
        share = self.n / self.n.sum()
        mean = float(share @ self.spend)
        square = float(share @ (self.variance + self.spend**2))
        return float(np.sqrt(square - mean**2)) / mean


def trial(recipe: Recipe, customers: int, seed: int) -> Trial:
    """Run a trial on other people with other luck: chance deals them into three arms."""
    world = settled(recipe, customers, seed)
    arm = (3 * uniforms(seed, Purpose.HOLDOUT, 0, customers)).astype(np.int64)
    rows = []
    for number, name in enumerate(ARMS):
        seen = simulate(world, plan_of(world, name), seed).totals
        mine = arm == number
        spend = seen["revenue"][mine] / CENTS
        rows.append(
            [
                mine.sum(),
                (seen["visits"][mine] > 0).mean(),
                (seen["orders"][mine] > 0).mean(),
                spend.mean(),
                spend.var(),
            ]
        )
    return Trial(*np.array(rows, dtype=np.float64).T)


@cache
def _trials() -> tuple[Trial, ...]:
    recipe = recipe_here("retail-trial")
    size = round(recipe.market.customers.value)
    return tuple(trial(recipe, size, seed) for seed in range(_SEEDS))


def retail_table() -> Table:
    """Hold the simulated trial against the published one."""
    target, runs = published()[NAME], _trials()
    titles = (_("men's e-mail"), _("women's e-mail"), _("no e-mail"))
    cells = []
    for measure, label in (("visit", _("visited, {arm}")), ("conversion", _("bought, {arm}"))):
        for arm, title in enumerate(titles):
            mean = float(np.mean([getattr(run, measure)[arm] for run in runs]))
            low, high = share_between(mean, target["n"][arm], sum(run.n[arm] for run in runs))
            cells.append(Cell(label.format(arm=title), target[measure][arm], mean, low, high, "fitted"))
    for arm, title in enumerate(titles):
        seen = [float(run.spend[arm]) for run in runs]
        cells.append(_over(_("spend in USD, {arm}").format(arm=title), target["spend_usd"][arm], seen))
    share = np.array(target["n"]) / sum(target["n"])
    together = [float(run.n @ run.spend / run.n.sum()) for run in runs]
    cells.append(
        _over(_("spend in USD, all arms"), float(share @ target["spend_usd"]), together, fitted=True)
    )
    for arm, title in enumerate(titles[:2]):
        gains = [float(run.lift[arm]) for run in runs]
        errors = [float(run.error[arm]) for run in runs]
        cells.append(_over(_("lift in USD, {arm}").format(arm=title), target["spend_lift_usd"][arm], gains))
        cells.append(
            _over(_("its standard error, {arm}").format(arm=title), target["spend_lift_se"][arm], errors)
        )
    cells.append(
        _over(_("spend's coefficient of variation"), target["spend_cv"], [run.spread for run in runs])
    )
    return Table(
        NAME, _("E-mail trial of a retailer"), tuple(cells),
        _("where 95 in 100 trials of the published size lie"),
        _("Five figures of a recipe were calibrated on the three arms' visits and buyers and on the spend of all "
          "arms together. The spend by arm, the lifts, their errors and the spread arise; the spread comes from the "
          "gamma-gamma shapes of a music shop (CDNOW), unchanged."),
    )  # fmt: skip


def _over(name: str, value: float, seen: list[float], *, fitted: bool = False) -> Cell:
    """Return a cell whose interval is that of repeated trials."""
    return Cell(name, value, float(np.mean(seen)), *between(seen), "fitted" if fitted else "free")
