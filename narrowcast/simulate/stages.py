"""Who went through the funnel stage by stage, and who came in from the side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from narrowcast.language import gettext as _
from narrowcast.measure import FUNNEL
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.engine.arrays import FIRSTS, NEVER
from narrowcast.simulate.parts import TOTALS

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["stages_of", "strangers_by_stage"]

Counts = dict[str, float]
Table = npt.NDArray[np.float64]
Array = npt.NDArray[Any]


def stages_of(outcome: Outcome) -> tuple[Counts, Counts]:
    """Return how many people came to each stage of the funnel, and how many by way of all stages before.

    People are the market's customers and those of the purchased files that the plan wrote to, as everywhere in
    `Outcome.kpis`. Which stages somebody was at is known of single people alone: where a run kept only sums, its
    regions run again, one after the other, and each is counted and forgotten.

    Parameters
    ----------
    outcome
        What was run.

    Returns
    -------
    tuple
        Two dicts by `narrowcast.measure.FUNNEL`, as `narrowcast.measure.funnel` takes them.
    """
    if outcome.part.customers is not None:
        return _named(_counted(outcome) + outcome._strangers)  # noqa: SLF001 - an outcome remembers them
    from narrowcast.simulate.outcome import Outcome  # noqa: PLC0415 - it asks for this module
    from narrowcast.simulate.run import again  # noqa: PLC0415 - outcomes are made there

    whole = outcome._strangers.copy()  # noqa: SLF001
    with Bar(_("counting people by stage"), len(outcome.part.regions)) as bar:
        for part in again(outcome):
            whole += _counted(Outcome(outcome.world, outcome.plan, outcome.seed, part, outcome.census))
            bar.step()
    return _named(whole)


def strangers_by_stage(outcome: Outcome) -> Table:
    """Return people of purchased files by stage, and those who were at every stage before, shape (2, stages).

    A run keeps only sums of them, so where there are any, their regions run again.
    """
    whole = np.zeros((2, len(FUNNEL)))
    if not outcome.part.strangers[TOTALS.index("customers")]:
        return whole
    from narrowcast.simulate.region import live_region  # noqa: PLC0415 - it loads a compiler
    from narrowcast.simulate.run import lay_out  # noqa: PLC0415 - outcomes are made there

    layout = lay_out(outcome.world, outcome.plan, outcome.seed)
    with Bar(_("counting people by stage"), len(outcome.regions)) as bar:
        for region in outcome.regions:
            lived = live_region(layout, region)
            strangers = slice(lived.customers, None)
            first = dict(zip(FIRSTS, lived.results.first[:, strangers], strict=True))
            orders, advocated = (lived.results.of(name)[strangers] for name in ("orders", "advocated"))
            whole += _at_stages(first, orders, advocated)
            bar.step()
    return whole


def _counted(outcome: Outcome) -> Table:
    """Return customers by stage, and those of them who were at every stage before, shape (2, stages)."""
    return _at_stages(outcome.first, outcome.totals["orders"], outcome.totals["advocated"])


def _at_stages(first: dict[str, npt.NDArray[np.int8]], orders: Array, advocated: Array) -> Table:
    at = np.array(
        [
            first["contacts"] != NEVER,
            first["noticed"] != NEVER,
            first["visits"] != NEVER,
            orders > 0,
            orders > 1,
            advocated > 0,
        ]
    )
    return np.array([at.sum(axis=1), np.logical_and.accumulate(at).sum(axis=1)], dtype=np.float64)


def _named(counted: Table) -> tuple[Counts, Counts]:
    people, through = (dict(zip(FUNNEL, map(float, row), strict=True)) for row in counted)
    return people, through
