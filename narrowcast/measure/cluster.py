"""Lift where whole circles of friends were held out, because word of mouth would spoil it one by one."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import stdtrit

from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.measure.given import Floats, floats
from narrowcast.measure.lift import Lift, flags, sure, too_few

__all__ = ["ClusterLift", "cluster_lift"]


@dataclass(frozen=True, repr=False)
class ClusterLift(Lift):
    """A lift whose interval knows that friends are alike.

    Attributes
    ----------
    treated_clusters, held_clusters
        Circles in either arm.
    design_effect
        Variance of the estimate over what it would be had everybody been drawn alone: a design
        effect of 3 makes 3,000 customers worth 1,000 (Kish 1965).
    """

    treated_clusters: int = 0
    held_clusters: int = 0
    design_effect: float = 1.0

    def _rows(self) -> list[tuple[str, str]]:
        circles = _("{treated:,} against {held:,}").format(
            treated=self.treated_clusters, held=self.held_clusters
        )
        return [
            *super()._rows(),
            (_("circles of friends"), circles),
            (_("design effect"), f"{self.design_effect:.2f}"),
        ]


def cluster_lift(
    values: npt.ArrayLike, clusters: npt.ArrayLike, held_out: npt.ArrayLike, confidence: float = 0.95
) -> ClusterLift:
    """Estimate the lift by intention to treat when chance chose among clusters.

    Parameters
    ----------
    values
        Outcome of each customer, shape (n,).
    clusters
        Circle of each customer, shape (n,): numbers or names.
    held_out
        Shape (n,): True for the holdout, one value for all of a circle.
    confidence
        Level of the interval, above 0 and below 1.

    Returns
    -------
    ClusterLift
        The customers' means compared, with a cluster-robust interval: the variance of either mean
        is K/(K-1) times the sum over its K clusters of (sum of y - size * mean) squared, over n
        squared (Cochran 1977, ratio of cluster totals to sizes); Student's t with Welch's degrees of
        freedom counted in clusters, which widens it where they are few.

    Raises
    ------
    PlanError
        If either arm has fewer than two clusters, a cluster is in both, or `confidence` is no level.
    AnswerError
        If the arrays do not fit one another or are no numbers.
    """
    sure(confidence)
    y = floats("values", values)
    held = flags(held_out, y.size)
    code = _codes(clusters, y.size)
    size = np.bincount(code)
    held_of = np.bincount(code, weights=held)
    if ((held_of > 0) & (held_of < size)).any():
        problem = _("{count:,} circles of friends are partly treated and partly held out.")
        cure = _("Draw the holdout among circles, not among their members.")
        raise PlanError(
            _("measure"), problem.format(count=int(((held_of > 0) & (held_of < size)).sum())), cure
        )
    apart = held_of > 0
    too_few(int((~apart).sum()), int(apart.sum()))
    total: Floats = np.bincount(code, weights=y).astype(np.float64)
    arms = [
        _Arm.of(total[kept], size[kept], y[held == side]) for kept, side in ((~apart, False), (apart, True))
    ]
    return _compared(arms[0], arms[1], confidence)


@dataclass(frozen=True)
class _Arm:
    customers: int
    clusters: int
    mean: float
    variance: float
    alone: float  # what the variance would be had everybody been drawn alone

    @classmethod
    def of(cls, total: Floats, size: npt.NDArray[np.intp], values: Floats) -> _Arm:
        n, k, mean = values.size, total.size, float(values.mean())
        variance = k / (k - 1) * float(((total - size * mean) ** 2).sum()) / n**2
        return cls(n, k, mean, variance, float(values.var()) / max(n - 1, 1))


def _compared(treated: _Arm, held: _Arm, confidence: float) -> ClusterLift:
    variance = treated.variance + held.variance
    welch = treated.variance**2 / (treated.clusters - 1) + held.variance**2 / (held.clusters - 1)
    freedom = variance**2 / welch if welch else math.inf
    reach = float(stdtrit(freedom, 0.5 + confidence / 2)) if math.isfinite(freedom) else 0.0
    estimate, error = treated.mean - held.mean, math.sqrt(variance)
    relative = relative_error = math.nan
    if held.mean:
        relative = treated.mean / held.mean - 1
        relative_error = math.sqrt(treated.variance + (1 + relative) ** 2 * held.variance) / abs(held.mean)
    alone = treated.alone + held.alone
    return ClusterLift(
        estimate, estimate - reach * error, estimate + reach * error, confidence,
        treated.customers, held.customers,
        relative, relative - reach * relative_error, relative + reach * relative_error,
        treated_clusters=treated.clusters, held_clusters=held.clusters,
        design_effect=variance / alone if alone else 1.0,
    )  # fmt: skip


def _codes(clusters: npt.ArrayLike, size: int) -> npt.NDArray[np.intp]:
    """Return the clusters numbered from 0, shape (size,)."""
    given = np.asarray(clusters)
    code = pd.factorize(given)[0] if given.shape == (size,) else np.full(1, -1)
    if (code < 0).any():
        problem = _("clusters has the shape {shape}, or a customer without a circle.")
        cure = _("Give {size:,} of them, one for each customer; who has no friends is a circle alone.")
        raise PlanError(_("measure"), problem.format(shape=given.shape), cure.format(size=size))
    return code
