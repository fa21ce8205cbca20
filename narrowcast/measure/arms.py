"""The two arms of an experiment as sums that can be added up, part by part of a market."""

from __future__ import annotations

from dataclasses import dataclass

import numpy.typing as npt

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure.given import Floats, floats, number

__all__ = ["ArmSums", "Moments"]


@dataclass(frozen=True)
class ArmSums:
    """What must be known of one arm: sums over its customers. Arms of several regions are added with `+`.

    Attributes
    ----------
    n
        Customers.
    y, yy
        Sum of the outcome, and of its square.
    x, xx, xy
        The same of a covariate known before the campaign, and of its product with the outcome;
        0 where there is none.
    """

    n: float = 0
    y: float = 0
    yy: float = 0
    x: float = 0
    xx: float = 0
    xy: float = 0

    @classmethod
    def of(cls, values: npt.ArrayLike, covariate: npt.ArrayLike | None = None) -> ArmSums:
        """Return the sums over an arm's customers.

        Parameters
        ----------
        values
            Outcome of each customer, shape (n,).
        covariate
            Shape (n,), or None.

        Raises
        ------
        AnswerError
            If either is no row of finite numbers, or they differ in length.
        """
        y = floats("values", values)
        if covariate is None:
            return cls(y.size, float(y.sum()), float(y @ y))
        x = floats("covariate", covariate, y.size)
        return cls(y.size, float(y.sum()), float(y @ y), float(x.sum()), float(x @ x), float(x @ y))

    def __add__(self, other: ArmSums) -> ArmSums:
        if not isinstance(other, ArmSums):
            return NotImplemented
        return ArmSums(
            self.n + other.n, self.y + other.y, self.yy + other.yy,
            self.x + other.x, self.xx + other.xx, self.xy + other.xy,
        )  # fmt: skip


@dataclass(frozen=True)
class Moments:
    """One arm's means, and its sums of squares and products about them."""

    n: float
    y: float
    x: float
    syy: float
    sxx: float
    sxy: float

    @classmethod
    def of_values(cls, y: Floats, x: Floats) -> Moments:
        """Return the moments of an arm's customers; about the means, so that nothing cancels."""
        mean_y, mean_x = float(y.mean()), float(x.mean())
        dy, dx = y - mean_y, x - mean_x
        return cls(y.size, mean_y, mean_x, float(dy @ dy), float(dx @ dx), float(dx @ dy))

    @classmethod
    def of_sums(cls, name: str, sums: ArmSums) -> Moments:
        """Return the moments that an arm's sums stand for.

        Raises
        ------
        AnswerError
            If they are no `ArmSums`, or not the sums of any numbers.
        """
        if not isinstance(sums, ArmSums):
            problem = _("{name} is {kind!r}.").format(name=name, kind=type(sums).__name__)
            raise AnswerError(problem, _("Give the sums of an arm, such as ArmSums.of(values)."))
        n = number(f"{name}.n", sums.n, low=0)
        y, yy, x, xx, xy = (
            number(f"{name}.{part}", getattr(sums, part)) for part in ("y", "yy", "x", "xx", "xy")
        )
        some = max(n, 1.0)
        syy, sxx = yy - y * y / some, xx - x * x / some
        if syy < -1e-9 * abs(yy) or sxx < -1e-9 * abs(xx):
            raise AnswerError(
                _("{name}: a sum of squares is too small for the sum it goes with.").format(name=name)
            )
        return cls(n, y / some, x / some, max(syy, 0.0), max(sxx, 0.0), xy - x * y / some)
