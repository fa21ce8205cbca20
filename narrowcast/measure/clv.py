"""What a customer will still buy and bring: the BG/NBD model's closed forms."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betainc, betaln, gammaln, hyp2f1

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure.given import Floats, number

__all__ = ["BGNBD"]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class BGNBD:
    """Repeat buying (Fader, Hardie and Lee, Marketing Science 24, 2005): rates Gamma, drop-out Beta.

    While a customer is there, orders come at random at a rate of their own, which is
    Gamma(r, alpha)-spread over customers; after each order they leave for good with a chance of
    their own, which is Beta(a, b)-spread. Every method works on arrays that NumPy can broadcast.

    Attributes
    ----------
    r, alpha
        Shape and rate of the spread of orders a week, above 0; the mean is r / alpha.
    a, b
        The spread of the chance to leave after an order, above 0; the mean is a / (a + b).

    Raises
    ------
    AnswerError
        If one is not above 0.

    Examples
    --------
    >>> cdnow = BGNBD(r=0.243, alpha=4.414, a=0.793, b=2.426)  # as published
    >>> round(float(cdnow.mean(39)), 4), round(float(cdnow.chance(0, 39)), 4)
    (1.1967, 0.5738)
    """

    r: float
    alpha: float
    a: float
    b: float

    def __post_init__(self) -> None:
        for name in ("r", "alpha", "a", "b"):
            if number(name, getattr(self, name)) <= 0:
                raise AnswerError(_("{name} is {value}; it lies above 0.").format(
                    name=name, value=getattr(self, name)))  # fmt: skip

    def mean(self, weeks: npt.ArrayLike) -> Floats:
        """Return the repeat orders expected in the first `weeks` (0 or more) after the first order."""
        t = _numbers("weeks", weeks)
        return self._growth(t, np.zeros_like(t), np.zeros_like(t))

    def chance(self, count: npt.ArrayLike, weeks: npt.ArrayLike) -> Floats:
        """Return the chance of exactly `count` repeat orders in the first `weeks`, both 0 or more."""
        x, t = np.broadcast_arrays(_counts(count), _numbers("weeks", weeks))
        past = t / (self.alpha + t)
        with np.errstate(divide="ignore", invalid="ignore"):
            power = np.where(x > 0, x * np.log(past), 0.0)
            some = betainc(np.maximum(x, 1), self.r, past)  # chance of `count` or more without drop-out
        log_stayed = (
            betaln(self.a, self.b + x) - betaln(self.a, self.b)
            + gammaln(self.r + x) - gammaln(self.r) - gammaln(x + 1)
            + self.r * np.log1p(-past) + power
        )  # fmt: skip
        log_left = betaln(self.a + 1, self.b + np.maximum(x, 1) - 1) - betaln(self.a, self.b)
        return np.asarray(np.exp(log_stayed) + np.where(x > 0, np.exp(log_left) * some, 0.0))

    def alive(self, count: npt.ArrayLike, recency: npt.ArrayLike, watched: npt.ArrayLike) -> Floats:
        """Return the chance that a customer is still there.

        Parameters
        ----------
        count
            Repeat orders seen, 0 or more.
        recency
            Weeks from the first order to the last one, 0 to `watched`; 0 where `count` is 0.
        watched
            Weeks from the first order to today, 0 or more.
        """
        x, last, seen = self._history(count, recency, watched)
        with np.errstate(over="ignore"):
            gone = np.exp((self.r + x) * (np.log(self.alpha + seen) - np.log(self.alpha + last)))
        return np.asarray(1 / (1 + np.where(x > 0, self.a / np.maximum(self.b + x - 1, 1e-12) * gone, 0.0)))

    def forecast(
        self, ahead: npt.ArrayLike, count: npt.ArrayLike, recency: npt.ArrayLike, watched: npt.ArrayLike
    ) -> Floats:
        """Return the orders expected in the next `ahead` weeks (0 or more), given what was seen.

        `count`, `recency` and `watched` are those of `alive`.
        """
        x, last, seen = self._history(count, recency, watched)
        return np.asarray(self._growth(_numbers("ahead", ahead), x, seen) * self.alive(x, last, seen))

    def residual_margin(
        self,
        horizon: float,
        margin: npt.ArrayLike,
        discount: float,
        count: npt.ArrayLike = 0,
        recency: npt.ArrayLike = 0,
        watched: npt.ArrayLike = 0,
    ) -> Floats:
        """Return what future orders will bring, in money of today.

        The integral over the next `horizon` weeks of margin * (1 + discount)^(-t/52) dE(t), with E
        the `forecast`: by parts, so that only E itself is needed, at 16 Gauss-Legendre points.

        Parameters
        ----------
        horizon
            Weeks that are counted, 0 or more.
        margin
            Contribution margin of an order, in money.
        discount
            Share a year by which later money is worth less, 0 or more.
        count, recency, watched
            Those of `alive`; left out: a customer who has just ordered for the first time.
        """
        span = number("horizon", horizon, low=0)
        force = math.log1p(number("discount", discount, low=0)) / 52
        money = _numbers("margin", margin, low=-math.inf)
        x, last, seen = self._history(count, recency, watched)
        total = math.exp(-force * span) * self._growth(np.asarray(span), x, seen)
        for node, weight in zip(_NODES, _WEIGHTS, strict=True):
            t = span * (node + 1) / 2
            share = weight * span / 2 * force * math.exp(-force * t)
            total = total + share * self._growth(np.asarray(t), x, seen)
        return np.asarray(money * total * self.alive(x, last, seen))

    def _growth(self, ahead: Floats, x: Floats, seen: Floats) -> Floats:
        """Return orders expected `ahead` of somebody who is still there after x orders in `seen` weeks.

        (a+b+x-1)/(a-1) * (1 - (1-z)^(r+x) 2F1(r+x, b+x; a+b+x-1; z)), z = ahead / (alpha+seen+ahead),
        after Euler's transformation of 2F1, which keeps it from overflowing where x is large. The
        formula has a gap at a = 1 and at a + b + x = 1, which a step of a millionth goes round.
        """
        a = self.a + 1e-6 if abs(self.a - 1) < 1e-6 else self.a
        c = a + self.b + x - 1
        c = np.where(np.abs(c) < 1e-6, 1e-6, c)
        z = ahead / (self.alpha + seen + ahead)
        inside = (1 - z) ** (a - 1) * hyp2f1(c - self.r - x, a - 1, c, z)
        return np.asarray(np.maximum(c / (a - 1) * (1 - inside), 0.0))

    def _history(
        self, count: npt.ArrayLike, recency: npt.ArrayLike, watched: npt.ArrayLike
    ) -> tuple[Floats, Floats, Floats]:
        x, last, seen = np.broadcast_arrays(
            _counts(count), _numbers("recency", recency), _numbers("watched", watched)
        )
        if (last > seen).any() or (last[x == 0] > 0).any():
            raise AnswerError(
                _("recency lies from 0 to watched, and is 0 where there was no repeat order."),
                _("Count both in weeks from the first order: to the last order, and to today."),
            )
        return x, last, seen


def _numbers(name: str, values: npt.ArrayLike, low: float = 0.0) -> Floats:
    """Return finite numbers of any shape, none below `low`."""
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        found = np.array(math.nan)
    if not np.isfinite(found).all() or (found < low).any():
        bound = _("finite numbers") if low == -math.inf else _("finite numbers, 0 or more")
        raise AnswerError(_("{name} must be {bound}.").format(name=name, bound=bound))
    return found


def _counts(values: npt.ArrayLike) -> Floats:
    found = _numbers("count", values)
    if (found != np.floor(found)).any():
        raise AnswerError(_("count must be whole numbers: orders are not halved."))
    return found
