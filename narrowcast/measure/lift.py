"""What a campaign caused, told from a holdout chosen by chance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from narrowcast.errors import PlanError
from narrowcast.language import gettext as _

__all__ = ["Lift", "holdout_lift"]


@dataclass(frozen=True)
class Lift:
    """The difference between those who could be contacted and those held out, per customer.

    Attributes
    ----------
    estimate
        Mean of the treated less mean of the holdout.
    low, high
        Ends of the confidence interval.
    confidence
        Its level, such as 0.95.
    treated, held_out
        Customers in either arm.
    """

    estimate: float
    low: float
    high: float
    confidence: float
    treated: int
    held_out: int

    def __str__(self) -> str:
        return _(
            "lift {estimate:.4f} orders a customer, {level:.0%} interval {low:.4f} to {high:.4f}"
            " ({treated:,} against {held_out:,} held out)"
        ).format(
            estimate=self.estimate, level=self.confidence, low=self.low, high=self.high,
            treated=self.treated, held_out=self.held_out,
        )  # fmt: skip


def holdout_lift(
    values: npt.NDArray[np.float64], held_out: npt.NDArray[np.bool_], confidence: float = 0.95
) -> Lift:
    """Estimate the lift by intention to treat: everybody counts in the arm that chance gave them.

    Parameters
    ----------
    values
        Outcome of each customer, shape (n,), such as orders.
    held_out
        Shape (n,): True for the holdout.
    confidence
        Level of the interval, above 0 and below 1.

    Returns
    -------
    Lift
        With the normal interval for a difference of two means of unequal variance.

    Raises
    ------
    PlanError
        If either arm has fewer than two customers.
    """
    if not 0 < confidence < 1:
        raise PlanError(
            _("measure"), _("confidence is {level}; it lies between 0 and 1.").format(level=confidence)
        )
    treated, control = values[~held_out], values[held_out]
    if min(treated.size, control.size) < 2:
        raise PlanError(
            _("measure"),
            _("there are {count} customers in the holdout: nobody to compare with.").format(
                count=control.size
            ),
            _("Give the plan a holdout, such as holdout=0.2, before it runs."),
        )
    estimate = float(treated.mean() - control.mean())
    error = math.sqrt(treated.var(ddof=1) / treated.size + control.var(ddof=1) / control.size)
    reach = float(ndtri(0.5 + confidence / 2)) * error
    return Lift(
        estimate, estimate - reach, estimate + reach, confidence, int(treated.size), int(control.size)
    )
