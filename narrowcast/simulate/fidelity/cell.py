"""One figure beside its simulated twin, and a table of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.special import stdtrit

from narrowcast.language import gettext as _

__all__ = ["Cell", "How", "Table", "Verdict", "between", "how_word", "share_between", "verdict_word"]

How = Literal["fitted", "set", "free", "scaled", "absent"]
"""Where the simulated figure comes from.

fitted: a recipe was calibrated on this very number; set: a figure that stands in a recipe or in the catalogue leads
straight to it; free: nothing was chosen for it, it arises; scaled: a teaching price, on another scale by intention;
absent: not modelled.
"""

Verdict = Literal["fits", "in range", "outside", "known misfit", "scaled", "not modelled"]

_NEAR = 0.25
"""Of a published figure, how far off the mean of markets may lie that differ, and still be said to fit (teaching)."""

_WIDE = 1.959964
"""Normal quantile of a 95 % interval."""

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Cell:
    """A published figure and the simulated one.

    Parameters
    ----------
    name
        What it is, in the reader's language.
    published, simulated
        The two figures, in one unit.
    low, high
        Where 95 % of studies like the published one would lie if the simulator were the world; NaN for none.
    how
        Where the simulated figure comes from.
    claimed
        Whether we claim that it fits. A cell that is known not to fit is not claimed, and `note` says why.
    note
        What a reader should know.
    bound
        "above": the published figure is a least; "below": a most; "is": it is the figure itself.
    spread
        Whether the interval is as wide as the markets differ. The more they differ, the more it holds; so there the
        figure itself must lie near, too, and is "in range" where it does not.
    """

    name: str
    published: float
    simulated: float
    low: float = math.nan
    high: float = math.nan
    how: How = "free"
    claimed: bool = True
    note: str = ""
    bound: Literal["is", "above", "below"] = "is"
    spread: bool = False

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against the published figure: it lies in the simulated interval, or beyond the bound.

        Where markets differ this is no agreement yet; see `verdict`.
        """
        if self.bound == "above":
            return self.simulated >= self.published
        if self.bound == "below":
            return self.simulated <= self.published
        return self.low - _ROUNDING <= self.published <= self.high + _ROUNDING

    @property
    def verdict(self) -> Verdict:
        """The cell in a word."""
        if self.how == "absent":
            return "not modelled"
        if self.how == "scaled":
            return "scaled"
        if self.fits:
            far = self.spread and abs(self.simulated - self.published) > _NEAR * abs(self.published)
            return "in range" if far else "fits"
        return "outside" if self.claimed else "known misfit"

    @property
    def fails(self) -> bool:
        """Whether it was claimed to fit and does not."""
        return self.verdict == "outside"


@dataclass(frozen=True)
class Table:
    """A published table beside the simulated one.

    Parameters
    ----------
    name
        Its key among the published ones.
    title
        What it is about, in the reader's language.
    cells
        Its figures.
    interval
        What the intervals are: over which sample or which markets.
    note
        What was done, and what is not modelled.
    """

    name: str
    title: str
    cells: tuple[Cell, ...]
    interval: str
    note: str = ""

    @property
    def failing(self) -> list[Cell]:
        """Cells that were claimed to fit and do not."""
        return [cell for cell in self.cells if cell.fails]

    def rows(self) -> list[dict[str, Any]]:
        """Return one dictionary a cell, for JSON."""
        return [
            {
                "table": self.name, "cell": cell.name, "published": cell.published,
                "simulated": _number(cell.simulated), "low": _number(cell.low), "high": _number(cell.high),
                "how": cell.how, "claimed": cell.claimed, "verdict": cell.verdict, "note": cell.note,
            }
            for cell in self.cells
        ]  # fmt: skip


def _number(value: float) -> float | None:
    """Return a number as JSON has it: NaN is null there."""
    return None if math.isnan(value) else value


def share_between(share: float, published: float, simulated: float) -> tuple[float, float]:
    """Return where a share would be seen in a sample of `published`, given one estimated from `simulated` people."""
    some = max(share * (1 - share), 1e-12)
    error = _WIDE * math.sqrt(some * (1 / max(published, 1) + 1 / max(simulated, 1)))
    return max(share - error, 0.0), min(share + error, 1.0)


def between(values: Sequence[float], *, mean: bool = False) -> tuple[float, float]:
    """Return where 95 % of further values like these would lie: Student's prediction interval.

    Parameters
    ----------
    values
        Two or more: repeated studies, or several markets.
    mean
        Whether to return the interval of their mean instead: a benchmark is a mean over very many firms.
    """
    given = np.asarray(values, dtype=np.float64)
    k = given.size
    reach = float(stdtrit(k - 1, 0.975)) * float(given.std(ddof=1)) * math.sqrt((0 if mean else 1) + 1 / k)
    middle = float(given.mean())
    return middle - reach, middle + reach


def verdict_word(verdict: Verdict) -> str:
    """Return a verdict in the reader's language."""
    return {
        "fits": _("fits"), "in range": _("in range"), "outside": _("outside"), "known misfit": _("known misfit"),
        "scaled": _("scaled"), "not modelled": _("not modelled"),
    }[verdict]  # fmt: skip


def how_word(how: How) -> str:
    """Return where a figure comes from, in the reader's language."""
    return {
        "fitted": _("fitted"), "set": _("set"), "free": _("not fitted"), "scaled": _("scaled"), "absent": "-",
    }[how]  # fmt: skip
