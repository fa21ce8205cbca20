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


def funnel(
    counts: Mapping[str, float] | pd.Series[float], through: Mapping[str, float] | pd.Series[float] | None = None
) -> pd.DataFrame:  # fmt: skip
    """Return how many people come to each stage, and which share goes on.

    People come in from the side: to the shop without having noticed anything, to speak for the brand after
    a single order. Divided by the stage before, they make shares above 1 that say nothing of those who were
    there. So whoever knows people one by one gives `through`, too, and the shares are of nested groups: each
    is of those who did all before.

    Parameters
    ----------
    counts
        People (not events) at the stages of `FUNNEL`, 0 or more; two stages at least. A stage that
        was not counted may be left out.
    through
        Of these people, those who came through every stage before, too; the same stages. None: not known,
        and the shares are of `counts` alone.

    Returns
    -------
    pandas.DataFrame
        Index stage, in the funnel's order; people, from_previous and from_first (shares; NaN for the
        first stage's from_previous, and where nobody came before).

        With `through`, also through and otherwise, which add up to people: those who came by way of all
        stages before, and those who came without one of them. The shares are of `through`, from 0 to 1.
        Without it, a share above 1 says that people came in from the side.

    Raises
    ------
    UnknownName
        If there is no such stage.
    AnswerError
        If a count is no number of people, fewer than two stages are given, or `through` is no part of
        `counts` that narrows from stage to stage.
    """
    people = _people(counts)
    if through is None:
        return pd.DataFrame({"people": people, **_shares(people)}).rename_axis("stage")
    nested = _people(through)
    _fits(people, nested)
    frame = pd.DataFrame(
        {"people": people, "through": nested, "otherwise": people - nested, **_shares(nested)}
    )
    return frame.rename_axis("stage")


def _people(counts: Mapping[str, float] | pd.Series[float]) -> pd.Series[float]:
    """Return people by stage, in the funnel's order."""
    if not isinstance(counts, Mapping | pd.Series) or len(counts) < 2:
        raise AnswerError(
            _("A funnel needs people at two stages at least."),
            _("Give a dict or a Series with some of {names}.").format(names=", ".join(FUNNEL)),
        )
    _known(list(counts.keys()))
    return pd.Series({s: number(s, counts[s], low=0) for s in FUNNEL if s in counts}, dtype=float)


def _shares(people: pd.Series[float]) -> dict[str, pd.Series[float]]:
    """Return the shares of the stage before and of the first."""
    before = people.shift().where(people.shift() > 0)
    return {"from_previous": people / before, "from_first": people / (people.iloc[0] or math.nan)}


def _fits(people: pd.Series[float], nested: pd.Series[float]) -> None:
    """Complain unless `nested` are some of the people of the same stages, fewer from stage to stage."""
    if list(people.index) != list(nested.index):
        raise AnswerError(
            _("counts has the stages {one}, through has {other}.").format(
                one=", ".join(people.index), other=", ".join(nested.index)
            ),
            _("Give the same stages to both."),
        )
    before = nested.shift().fillna(math.inf)
    for stage in nested.index[(nested > people) | (nested > before)]:
        problem = _(
            "{count:,g} people came through to {stage}: more than were there, or than at the stage before."
        )
        raise AnswerError(
            problem.format(count=nested[stage], stage=stage),
            _("Count for each stage those who also did every stage before it."),
        )


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
