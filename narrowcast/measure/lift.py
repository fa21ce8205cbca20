"""What a campaign caused, told from a holdout chosen by chance."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from narrowcast.errors import AnswerError, PlanError
from narrowcast.language import gettext as _
from narrowcast.measure.arms import ArmSums, Moments
from narrowcast.measure.given import flag, floats, is_finite

__all__ = ["Lift", "flags", "holdout_lift", "lift_from_sums", "sure", "too_few"]


@dataclass(frozen=True, repr=False)
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
    relative, relative_low, relative_high
        The same as a share of the holdout's mean: 0.2 is 20 % more. NaN where that mean is 0.
    variance_reduction
        Share of the estimate's variance that CUPED took away: 0 without a covariate.
    """

    estimate: float
    low: float
    high: float
    confidence: float
    treated: int
    held_out: int
    relative: float = math.nan
    relative_low: float = math.nan
    relative_high: float = math.nan
    variance_reduction: float = 0.0

    def __str__(self) -> str:
        return _(
            "lift {estimate:.4f} a customer, {level:.0%} interval {low:.4f} to {high:.4f}"
            " ({treated:,} against {held_out:,} held out)"
        ).format(
            estimate=self.estimate, level=self.confidence, low=self.low, high=self.high,
            treated=self.treated, held_out=self.held_out,
        )  # fmt: skip

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self}>"

    def _repr_html_(self) -> str:
        """Return a small table for a notebook."""
        body = "".join(
            f"<tr><td>{html.escape(name)}</td><td style='text-align:right'>{html.escape(value)}</td></tr>"
            for name, value in self._rows()
        )
        return f"<table>{body}</table><p style='max-width:46em'>{html.escape(self._verdict())}</p>"

    def _rows(self) -> list[tuple[str, str]]:
        """Return what a notebook shows: names and values."""
        between = _("{low} to {high}")
        rows = [
            (_("lift a customer"), f"{self.estimate:+.4f}"),
            (
                _("{level:.0%} interval").format(level=self.confidence),
                between.format(low=f"{self.low:+.4f}", high=f"{self.high:+.4f}"),
            ),
            (_("treated"), f"{self.treated:,}"),
            (_("held out"), f"{self.held_out:,}"),
        ]
        if math.isfinite(self.relative):
            ends = between.format(low=f"{self.relative_low:+.1%}", high=f"{self.relative_high:+.1%}")
            rows.insert(2, (_("over the holdout's mean"), f"{self.relative:+.1%} ({ends})"))
        if self.variance_reduction:
            rows.append((_("variance that CUPED took away"), f"{self.variance_reduction:.1%}"))
        return rows

    def _verdict(self) -> str:
        """Say whether the interval leaves out 0."""
        if self.low > 0 or self.high < 0:
            return _("The interval leaves out 0: chance alone would hardly do that.")
        return _("The interval holds 0: the experiment cannot tell whether the campaign did anything.")


def holdout_lift(
    values: npt.ArrayLike,
    held_out: npt.ArrayLike,
    confidence: float = 0.95,
    covariate: npt.ArrayLike | None = None,
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
    covariate
        Shape (n,): something known of each customer before the campaign, such as orders of the year
        before. Then CUPED (Deng, Xu, Kohavi and Walker 2013) takes out what it foretells. It must
        not be something that the campaign can have changed.

    Returns
    -------
    Lift
        With the normal interval for a difference of two means of unequal variance.

    Raises
    ------
    PlanError
        If either arm has fewer than two customers, or `confidence` is no level.
    AnswerError
        If the arrays are not of one length, or not of finite numbers and of True and False.
    """
    sure(confidence)
    y = floats("values", values)
    held = flags(held_out, y.size)
    too_few(int((~held).sum()), int(held.sum()))
    x = np.zeros(y.size) if covariate is None else floats("covariate", covariate, y.size)
    treated, control = Moments.of_values(y[~held], x[~held]), Moments.of_values(y[held], x[held])
    return _lift(treated, control, confidence, cuped=covariate is not None)


def lift_from_sums(treated: ArmSums, held: ArmSums, confidence: float = 0.95, *, cuped: bool = True) -> Lift:
    """Estimate the same lift from sums, for a market too large to lie in one array.

    Parameters
    ----------
    treated, held
        Sums over either arm, added up over the regions.
    confidence
        Level of the interval, above 0 and below 1.
    cuped
        Whether to use the covariate; without one in the sums it makes no difference.

    Returns
    -------
    Lift
        As `holdout_lift` gives, to rounding.

    Raises
    ------
    PlanError
        If either arm has fewer than two customers, or `confidence` is no level.
    AnswerError
        If the sums are not those of any numbers, or `cuped` is neither True nor False.
    """
    sure(confidence)
    cuped = flag("cuped", cuped)
    arms = Moments.of_sums("treated", treated), Moments.of_sums("held", held)
    too_few(int(arms[0].n), int(arms[1].n))
    return _lift(*arms, confidence, cuped=cuped)


def _lift(treated: Moments, control: Moments, confidence: float, *, cuped: bool) -> Lift:
    """Return the lift of two arms; theta is pooled within them, so that the lift itself cannot bend it."""
    spread = treated.sxx + control.sxx
    theta = (treated.sxy + control.sxy) / spread if cuped and spread > 0 else 0.0
    size = treated.n + control.n
    middle = (treated.n * treated.x + control.n * control.x) / size
    mean_t = treated.y - theta * (treated.x - middle)
    mean_c = control.y - theta * (control.x - middle)
    plain = _variance(treated, 0.0), _variance(control, 0.0)
    var_t, var_c = _variance(treated, theta), _variance(control, theta)
    reach = float(ndtri(0.5 + confidence / 2))
    estimate, error = mean_t - mean_c, math.sqrt(var_t + var_c)
    relative = relative_error = math.nan
    if mean_c:
        # The delta method for a ratio of means; both hang on the covariate's mean, which is uncertain too.
        ratio = mean_t / mean_c
        shared = theta**2 * spread / (size - 2) / size
        relative = ratio - 1
        relative_error = math.sqrt(var_t + ratio**2 * var_c + relative**2 * shared) / abs(mean_c)
    return Lift(
        estimate, estimate - reach * error, estimate + reach * error, confidence,
        int(treated.n), int(control.n),
        relative, relative - reach * relative_error, relative + reach * relative_error,
        1 - (var_t + var_c) / sum(plain) if theta else 0.0,
    )  # fmt: skip


def _variance(arm: Moments, theta: float) -> float:
    """Return the variance of an arm's mean once theta times the covariate is taken out."""
    left = arm.syy - 2 * theta * arm.sxy + theta**2 * arm.sxx
    return max(left, 0.0) / (arm.n - 1) / arm.n


def flags(held_out: npt.ArrayLike, size: int) -> npt.NDArray[np.bool_]:
    """Return who was held out, shape (size,); an AnswerError unless they are `size` times True or False."""
    held = np.asarray(held_out)
    if held.dtype != np.bool_ or held.shape != (size,):
        problem = _("held_out is of the type {kind} and the shape {shape}.")
        cure = _("Give {size:,} times True or False: True for each customer of the holdout.")
        raise AnswerError(problem.format(kind=held.dtype, shape=held.shape), cure.format(size=size))
    return held


def sure(confidence: object) -> None:
    """Raise a PlanError unless `confidence` is a level between 0 and 1."""
    if not is_finite(confidence) or not 0 < float(confidence) < 1:  # type: ignore[arg-type] # just looked
        raise PlanError(
            _("measure"), _("confidence is {level}; it lies between 0 and 1.").format(level=confidence)
        )


def too_few(treated: int, held: int) -> None:
    """Raise a PlanError if either arm has fewer than two members."""
    if min(treated, held) < 2:
        raise PlanError(
            _("measure"),
            _("there are {treated:,} treated and {held:,} in the holdout: nobody to compare with.").format(
                treated=treated, held=held
            ),
            _("Give the plan a holdout, such as holdout=0.2, before it runs."),
        )
