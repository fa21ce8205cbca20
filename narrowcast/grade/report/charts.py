"""The geometry of the report's charts: across in percent, down in pixels, so that letters keep their size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from narrowcast.grade.report.harmless import number
from narrowcast.grade.report.mistakes import Outcome
from narrowcast.grade.report.numbers import Spread, bins_of

__all__ = ["Bar", "Histogram", "Tick", "histogram_of", "parts_of"]

HEIGHT, TOP = 132.0, 20.0
"""Pixels: of the highest bar, and above it for its count."""
EDGE = 4.0
"""Percent that is left free at either end, for the outer labels."""


@dataclass(frozen=True)
class Bar:
    """A bar; `kind` is its class in the style sheet."""

    x: float
    width: float
    y: float
    height: float
    count: int
    kind: str = ""

    @property
    def middle(self) -> float:
        """Where its label stands."""
        return round(self.x + self.width / 2, 3)


@dataclass(frozen=True)
class Tick:
    """A mark on the axis."""

    x: float
    label: str


@dataclass(frozen=True)
class Histogram:
    """A histogram with a box plot below: places of all of it, across in percent."""

    bars: list[Bar]
    ticks: list[Tick]
    least: float
    lower: float
    median: float
    mean: float
    upper: float
    most: float
    floor: float = TOP + HEIGHT

    @property
    def box(self) -> float:
        """How wide the box is."""
        return round(max(self.upper - self.lower, 0.4), 3)


def histogram_of(totals: Sequence[float], spread: Spread, most: float) -> Histogram:
    """Return the chart of the totals.

    Parameters
    ----------
    totals
        One or more.
    spread
        Of these totals.
    most
        The most that can be had, above 0; extra credit may lie beyond.
    """
    end = max(most, spread.most)
    bins = bins_of(totals, end)
    highest = max(count for _low, _high, count in bins)

    def across(points: float) -> float:
        return round(EDGE + (100 - 2 * EDGE) * points / end, 3)

    bars = []
    for low, high, count in bins:
        height = round(HEIGHT * count / highest, 1)
        left, right = across(low), across(high)
        bars.append(Bar(left + 0.4, round(right - left - 0.8, 3), TOP + HEIGHT - height, height, count))
    ticks = [Tick(across(low), number(low, 1)) for low, _high, _count in bins] + [
        Tick(across(end), number(end, 1))
    ]
    return Histogram(
        bars, ticks, across(spread.least), across(spread.lower), across(spread.median), across(spread.mean),
        across(spread.upper), across(spread.most),
    )  # fmt: skip


def parts_of(came: Outcome) -> list[Bar]:
    """Return how an item came out as one bar of up to four parts: full, part, none, waiting."""
    counts = {"full": came.full, "part": came.part, "none": came.none, "waiting": came.waiting}
    whole = sum(counts.values())
    bars, at = [], 0.0
    for kind, count in counts.items():
        if count:
            width = 100 * count / whole
            bars.append(Bar(round(at, 3), round(width, 3), 0, 18, count, kind))
            at += width
    return bars
