"""Before an experiment: how small an effect it can see, how many it needs; and whether chance chose well."""

from __future__ import annotations

import math
from dataclasses import dataclass

from scipy.special import chdtrc, ndtri

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure.given import level, number

__all__ = ["ArmBalance", "arm_balance", "minimum_detectable_effect", "sample_size"]


def _reach(power: float, confidence: float) -> float:
    """Return how many standard errors away an effect is found with this power."""
    found = float(ndtri(0.5 + level("confidence", confidence) / 2) + ndtri(level("power", power)))
    if found <= 0:
        raise AnswerError(
            _("A power of {power} is no more than chance at this confidence.").format(power=power),
            _("Ask for more, such as power=0.8."),
        )
    return found


def _spread(sd: float) -> float:
    found = number("sd", sd, low=0)
    if found == 0:
        raise AnswerError(
            _("sd is 0: customers who are all alike need no experiment."),
            _("Give the standard deviation of the outcome from customer to customer."),
        )
    return found


def minimum_detectable_effect(
    sd: float, treated: float, held: float, power: float = 0.8, confidence: float = 0.95
) -> float:
    """Return the smallest true difference of means that an experiment finds with the given power.

    (z_(1 - alpha/2) + z_power) * sd * sqrt(1/treated + 1/held), the normal approximation of the
    two-sided test (Cohen 1988).

    Parameters
    ----------
    sd
        Standard deviation of the outcome from customer to customer, above 0. With CUPED, times the
        root of what is left of the variance; by cluster, times the root of the design effect.
    treated, held
        Customers in either arm, 1 or more.
    power
        Chance to find an effect of that size, between 0 and 1.
    confidence
        Level of the interval that must leave out 0, between 0 and 1.

    Returns
    -------
    float
        In the units of the outcome.

    Raises
    ------
    AnswerError
        If an input lies outside its range.

    Examples
    --------
    >>> round(minimum_detectable_effect(sd=1, treated=8_000, held=2_000), 3)
    0.07
    """
    n, m = number("treated", treated, low=1), number("held", held, low=1)
    return _reach(power, confidence) * _spread(sd) * math.sqrt(1 / n + 1 / m)


def sample_size(
    effect: float, sd: float, power: float = 0.8, confidence: float = 0.95, holdout: float = 0.5
) -> int:
    """Return how many customers both arms need together, so that an effect is found with the given power.

    ((z_(1 - alpha/2) + z_power) * sd / effect)^2 / (holdout * (1 - holdout)), rounded up. At
    holdout=0.5 half of them go to either arm: the textbooks' 2 * (z * sd / effect)^2 an arm.

    Parameters
    ----------
    effect
        True difference of means to be found, not 0; its sign does not matter.
    sd
        Standard deviation of the outcome from customer to customer, above 0.
    power, confidence
        As for `minimum_detectable_effect`.
    holdout
        Share held out, between 0 and 1.

    Raises
    ------
    AnswerError
        If an input lies outside its range.

    Examples
    --------
    >>> sample_size(effect=0.5, sd=1)
    126
    """
    size = abs(number("effect", effect))
    share = level("holdout", holdout)
    if size == 0:
        raise AnswerError(
            _("effect is 0: no number of customers finds what is not there."),
            _("Give the smallest effect that would be worth knowing."),
        )
    ratio = _reach(power, confidence) * _spread(sd) / size
    needed = ratio * ratio / (share * (1 - share))
    if not math.isfinite(needed):
        raise AnswerError(_("effect is {effect:,g}: too small to be found at all.").format(effect=size))
    return math.ceil(needed)


@dataclass(frozen=True)
class ArmBalance:
    """Whether the arms are as large as they were meant to be: the test for a sample ratio mismatch.

    Attributes
    ----------
    treated, held_out
        Customers found in either arm.
    holdout
        Share that was to be held out.
    p_value
        Chance of arms at least this far off, had the draw been right.
    """

    treated: int
    held_out: int
    holdout: float
    p_value: float

    @property
    def trusted(self) -> bool:
        """Whether the experiment may be read: p is 0.001 or more, the customary bound for a mismatch."""
        return self.p_value >= 0.001

    def __str__(self) -> str:
        text = (
            _("{held:,} of {all:,} held out, {share:.1%} meant (p = {p:.3g}): as chance has it.")
            if self.trusted
            else _(
                "{held:,} of {all:,} held out, {share:.1%} meant (p = {p:.3g}): do not read this experiment."
            )
        )
        return text.format(
            held=self.held_out, all=self.treated + self.held_out, share=self.holdout, p=self.p_value
        )


def arm_balance(treated: int, held_out: int, holdout: float) -> ArmBalance:
    """Test by chi-square whether two arms have the sizes that were meant (Fabijan et al. 2019).

    A mismatch says that something other than chance chose: rows lost, a filter after the draw.

    Parameters
    ----------
    treated, held_out
        Customers found in either arm, 0 or more and not both 0.
    holdout
        Share that was to be held out, between 0 and 1.

    Raises
    ------
    AnswerError
        If an input lies outside its range.
    """
    n, m = number("treated", treated, low=0), number("held_out", held_out, low=0)
    share = level("holdout", holdout)
    if n + m == 0:
        raise AnswerError(_("Both arms are empty."), _("Count the customers of either."))
    meant = (n + m) * share
    chi_square = (m - meant) ** 2 / meant + (m - meant) ** 2 / (n + m - meant)
    return ArmBalance(int(n), int(m), share, float(chdtrc(1, chi_square)))
