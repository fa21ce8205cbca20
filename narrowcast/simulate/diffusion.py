"""Diffusion where everybody meets everybody: the Bass model, in steps and in closed form.

The simulator's own word of mouth runs along circles of friends. This is the special case with complete mixing,
whose answer is known (Bass, "A new product growth for model consumer durables", Management Science 15, 1969): it
shows how far weekly steps are from continuous time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure.given import floats, number

__all__ = ["bass", "bass_peak", "bass_share"]

_MOST_STEPS = 10_000_000


def _coefficients(p: float, q: float) -> tuple[float, float]:
    p, q = number("p", p, low=0, high=1), number("q", q, low=0)
    if p == 0:
        raise AnswerError(_("p is 0: nobody begins."), _("Give a number above 0, up to 1."))
    return p, q


def bass_share(p: float, q: float, time: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Return the share who have adopted by a time, in closed form.

    F(t) = (1 - exp(-(p + q) t)) / (1 + q / p exp(-(p + q) t))

    Parameters
    ----------
    p
        Coefficient of innovation, above 0, at most 1: the hazard of the first.
    q
        Coefficient of imitation, 0 or more: what the hazard gains when everybody has adopted.
    time
        Shape (k,): periods since the beginning, each 0 or more.

    Returns
    -------
    numpy.ndarray
        Shape (k,), 0 to 1.

    Raises
    ------
    AnswerError
        If a coefficient or a time is out of range.
    """
    p, q = _coefficients(p, q)
    gone = np.exp(-(p + q) * floats("time", time, low=0))
    share: npt.NDArray[np.float64] = (1 - gone) / (1 + q / p * gone)
    return share


def bass_peak(p: float, q: float) -> float:
    """Return when most people adopt: ln(q / p) / (p + q), or 0 where q is no more than p.

    Raises
    ------
    AnswerError
        If a coefficient is out of range.
    """
    p, q = _coefficients(p, q)
    return float(np.log(q / p) / (p + q)) if q > p else 0.0


def bass(p: float, q: float, periods: float, step: float = 1.0) -> pd.DataFrame:
    """Let an innovation spread in steps, the way the simulator's weeks pass.

    In each step somebody who has not adopted does with chance 1 - exp(-(p + q F) step), F being the share at the
    step's beginning: those who adopt within a step persuade nobody before the next.

    Parameters
    ----------
    p, q
        Coefficients of innovation and imitation, as in `bass_share`.
    periods
        How long, above 0.
    step
        Length of a step, above 0, at most `periods`.

    Returns
    -------
    pandas.DataFrame
        Indexed by time, from 0: share (F in steps), exact (F in closed form), new (adopters a period, as a share,
        in the step that ends then).

    Raises
    ------
    AnswerError
        If a value is out of range, or the steps are more than ten million.

    Examples
    --------
    >>> bass(0.03, 0.38, periods=20).loc[20.0].round(3).to_dict()
    {'share': 0.994, 'exact': 0.996, 'new': 0.003}
    """
    p, q = _coefficients(p, q)
    periods, step = number("periods", periods, low=0), number("step", step, low=0)
    if not 0 < step <= periods or periods / step > _MOST_STEPS:
        problem = _("step is {step} and periods is {periods}.").format(step=step, periods=periods)
        raise AnswerError(problem, _("Take a step above 0 that goes into the periods."))
    steps = round(periods / step)
    share = np.zeros(steps + 1)
    for at in range(steps):
        share[at + 1] = share[at] + (1 - share[at]) * -np.expm1(-(p + q * share[at]) * step)
    time = pd.Index(np.arange(steps + 1) * step, name="time")
    new = np.diff(share, prepend=0.0) / step
    return pd.DataFrame({"share": share, "exact": bass_share(p, q, time), "new": new}, index=time)
