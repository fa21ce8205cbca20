"""From those who were reached to those who speak for the brand: where most get lost."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd

from narrowcast.errors import AnswerError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure.given import number

__all__ = ["FUNNEL", "bottleneck", "funnel"]

FUNNEL = ("reached", "noticed", "visited", "bought", "bought_again", "advocate")
"""Stages of the funnel, from its mouth on."""


def _known(names: list[object]) -> None:
    for name in names:
        if name not in FUNNEL:
            raise UnknownName(kind=_("stage of the funnel"), given=name, allowed=FUNNEL)


def funnel(counts: Mapping[str, float] | pd.Series[float]) -> pd.DataFrame:
    """Return how many people come to each stage, and which share goes on.

    Parameters
    ----------
    counts
        People (not events) at the stages of `FUNNEL`, 0 or more; two stages at least. A stage that
        was not counted may be left out.

    Returns
    -------
    pandas.DataFrame
        Index stage, in the funnel's order; people, from_previous and from_first (shares; NaN for the
        first stage's from_previous, and where nobody came before). A share above 1 says that people
        came in from the side.

    Raises
    ------
    UnknownName
        If there is no such stage.
    AnswerError
        If a count is no number of people, or fewer than two stages are given.
    """
    if not isinstance(counts, Mapping | pd.Series) or len(counts) < 2:
        raise AnswerError(
            _("A funnel needs people at two stages at least."),
            _("Give a dict or a Series with some of {names}.").format(names=", ".join(FUNNEL)),
        )
    _known(list(counts.keys()))
    people = pd.Series({s: number(s, counts[s], low=0) for s in FUNNEL if s in counts}, dtype=float)
    before = people.shift().where(people.shift() > 0)
    first = people.iloc[0] or math.nan
    frame = pd.DataFrame({"people": people, "from_previous": people / before, "from_first": people / first})
    return frame.rename_axis("stage")


def bottleneck(stages: pd.DataFrame, benchmark: Mapping[str, float] | pd.Series[float] | None = None) -> str:
    """Return the stage before which most get lost.

    Parameters
    ----------
    stages
        What `funnel` returns.
    benchmark
        from_previous of other firms at some stages, above 0. Then it is the stage that lies furthest
        below its benchmark, as a ratio: losing nine in ten may be what everybody does there.
        None: the stage with the lowest from_previous.

    Raises
    ------
    UnknownName
        If the benchmark has a stage that does not exist.
    AnswerError
        If no stage can be compared.
    """
    if not isinstance(stages, pd.DataFrame) or "from_previous" not in stages:
        raise AnswerError(
            _("A bottleneck is looked for in a funnel."), _("Give what funnel(counts) returns.")
        )
    rates = stages["from_previous"].astype(float)
    if benchmark is not None:
        if not isinstance(benchmark, Mapping | pd.Series):
            raise AnswerError(_("The benchmark must be a dict or a Series of shares, by stage."))
        _known(list(benchmark.keys()))
        bar = pd.Series({s: number(s, benchmark[s], low=1e-12) for s in benchmark.keys()}, dtype=float)  # noqa: SIM118
        rates = rates / bar.reindex(rates.index)
    rates = rates.dropna()
    if rates.empty:
        raise AnswerError(
            _("No stage can be compared: nobody came before, or the benchmark is about other stages.")
        )
    return str(rates.idxmin())
