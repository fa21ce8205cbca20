"""Who went through the funnel stage by stage, and who came in from the side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from narrowcast.language import gettext as _
from narrowcast.measure import FUNNEL
from narrowcast.simulate.bar import Bar
from narrowcast.simulate.engine.arrays import NEVER

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["stages_of"]

Counts = dict[str, float]


def stages_of(outcome: Outcome) -> tuple[Counts, Counts]:
    """Return how many customers came to each stage of the funnel, and how many by way of all stages before.

    Which stages somebody was at is known of single people alone: where a run kept only sums, its regions run
    again, one after the other, and each is counted and forgotten.

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
        return _named(_counted(outcome))
    from narrowcast.simulate.outcome import Outcome  # noqa: PLC0415 - it asks for this module
    from narrowcast.simulate.run import again  # noqa: PLC0415 - outcomes are made there

    whole = np.zeros((2, len(FUNNEL)))
    with Bar(_("counting people by stage"), len(outcome.part.regions)) as bar:
        for part in again(outcome):
            whole += _counted(Outcome(outcome.world, outcome.plan, outcome.seed, part, outcome.census))
            bar.step()
    return _named(whole)


def _counted(outcome: Outcome) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return people by stage, and those of them who were at every stage before, shape (2, stages)."""
    first, totals = outcome.first, outcome.totals
    at = np.array(
        [
            first["contacts"] != NEVER,
            first["noticed"] != NEVER,
            first["visits"] != NEVER,
            totals["orders"] > 0,
            totals["orders"] > 1,
            totals["advocated"] > 0,
        ]
    )
    return np.array([at.sum(axis=1), np.logical_and.accumulate(at).sum(axis=1)], dtype=np.float64)


def _named(counted: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> tuple[Counts, Counts]:
    people, through = (dict(zip(FUNNEL, map(float, row), strict=True)) for row in counted)
    return people, through
