"""Statistics of a test and its items: pure functions of marks.

Shares are points over the most that can be had; nan stands for a mark that nobody has given yet.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEW", "MANY", "Alpha", "Item", "Numbers", "Spread", "alpha_of", "bins_of", "items_of", "numbers_of",
           "spread_of"]  # fmt: skip

FEW = 10
"""Students below which a correlation says nothing and is not given."""

MANY = 100
"""Students from which the upper and the lower 27 % are compared too: 27 in each group."""

GROUP = 0.27
"""Share of a class in each group: Kelley (1939), The selection of upper and lower groups for the validation of test
items, Journal of Educational Psychology 30, 17-24."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Spread:
    """How totals are spread, in points.

    Attributes
    ----------
    count
        How many totals.
    mean, median, lower, upper, least, most
        `lower` and `upper` are the quartiles.
    deviation
        Standard deviation of a sample (over count - 1); 0 for a single total.
    """

    count: int
    mean: float
    median: float
    lower: float
    upper: float
    least: float
    most: float
    deviation: float


@dataclass(frozen=True)
class Item:
    """One graded cell, as the class did it.

    Attributes
    ----------
    count
        How many marks are given.
    difficulty
        Mean share of the points, 0 (nobody had any) to 1; None without marks.
    discrimination
        Correlation of the item with the rest of the test, -1 to 1; None where `why` says so.
    interval
        95 % interval of it; None where there is none.
    contrast
        Mean share in the upper 27 % less that in the lower 27 %, -1 to 1; None in a class below `MANY`.
    why
        "unmarked" (most have no mark yet), "few" (fewer than `FEW` students with all marks), "alike" (item or rest
        do not vary) or "alone" (no other item); empty where there is a discrimination.
    """

    count: int
    difficulty: float | None
    discrimination: float | None = None
    interval: tuple[float, float] | None = None
    contrast: float | None = None
    why: str = ""


@dataclass(frozen=True)
class Alpha:
    """Cronbach's alpha, or why there is none: "few", "alike" or "alone", as in `Item`."""

    value: float | None
    count: int
    items: int
    why: str = ""


@dataclass(frozen=True)
class Numbers:
    """All statistics of an assignment; `items` by name of the item."""

    spread: Spread | None
    items: dict[str, Item]
    alpha: Alpha


def spread_of(totals: Sequence[float]) -> Spread | None:
    """Return how totals are spread, or None where there are none.

    Quartiles interpolate between neighbours: type 7 of Hyndman & Fan (1996), Sample quantiles in statistical
    packages, The American Statistician 50, 361-365.
    """
    if not totals:
        return None
    values = np.asarray(totals, dtype=float)
    lower, median, upper = (float(one) for one in np.quantile(values, (0.25, 0.5, 0.75)))
    deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    mean = float(values.mean())
    return Spread(
        len(values), mean, median, lower, upper, float(values.min()), float(values.max()), deviation
    )


def bins_of(totals: Sequence[float], most: float, count: int = 10) -> list[tuple[float, float, int]]:
    """Return a histogram: (from, to, how many), bins of one width from 0 to `most`, the last with its end.

    Parameters
    ----------
    totals
        Points; what is below 0 or above `most` counts in the first or last bin.
    most
        The most that can be had, above 0.
    count
        How many bins, 1 or more.
    """
    edges = np.linspace(0.0, most, count + 1)
    found, _edges = np.histogram(np.clip(np.asarray(totals, dtype=float), 0.0, most), bins=edges)
    return [(float(edges[i]), float(edges[i + 1]), int(found[i])) for i in range(count)]


def alpha_of(marks: Floats) -> Alpha:
    """Return Cronbach's alpha of points, students in rows and items in columns, without nan.

    alpha = k / (k - 1) * (1 - sum of the items' variances / variance of the totals). Cronbach (1951), Coefficient
    alpha and the internal structure of tests, Psychometrika 16, 297-334. It can be negative.
    """
    rows, columns = marks.shape
    if columns < 2:
        return Alpha(None, rows, columns, "alone")
    if rows < FEW:
        return Alpha(None, rows, columns, "few")
    whole = float(marks.sum(axis=1).var(ddof=1))
    if whole < 1e-12:
        return Alpha(None, rows, columns, "alike")
    parts = float(marks.var(axis=0, ddof=1).sum())
    return Alpha(columns / (columns - 1) * (1 - parts / whole), rows, columns)


def correlation(one: Floats, other: Floats) -> float | None:
    """Return Pearson's correlation, or None where one of the two does not vary."""
    a, b = one - one.mean(), other - other.mean()
    size = math.sqrt(float(a @ a) * float(b @ b))
    if size < 1e-12 * max(1.0, float(np.abs(one).max()) * float(np.abs(other).max())) * len(one):
        return None
    return min(max(float(a @ b) / size, -1.0), 1.0)


def interval_of(r: float, count: int) -> tuple[float, float] | None:
    """Return the 95 % interval of a correlation by Fisher's z; None below four students.

    Fisher (1921), On the "probable error" of a coefficient of correlation deduced from a small sample, Metron 1, 3-32.
    """
    if count < 4:
        return None
    if abs(r) >= 1:
        return r, r
    z, half = math.atanh(r), 1.959964 / math.sqrt(count - 3)
    return math.tanh(z - half), math.tanh(z + half)


def contrast_of(item: Floats, totals: Floats) -> float | None:
    """Return the upper-lower index of shares: the best 27 % by total against the lowest 27 %; None below `MANY`.

    Students with the same total share the places that are left to them, so that the order of rows says nothing.
    Between -1 and 1: extra credit counts as all points.
    """
    if len(totals) < MANY:
        return None
    size, item = round(GROUP * len(totals)), np.clip(item, 0.0, 1.0)
    alike = (totals[:, None] == totals).sum(axis=1)

    def mean_of_first(worse: Floats) -> float:
        before = (worse[:, None] > worse).sum(axis=1)  # how many come before each
        weight = np.clip((size - before) / alike, 0.0, 1.0)
        return float((weight * item).sum() / weight.sum())

    return mean_of_first(-totals) - mean_of_first(totals)


def complete_rows(marks: Floats) -> tuple[Floats, list[int]]:
    """Return the rows without nan in the columns that count, and which those are.

    A column counts if more than half of the students have a mark in it: a text that nobody has read yet shall not
    take everything else with it.
    """
    given = ~np.isnan(marks)
    counted = [i for i in range(marks.shape[1]) if not len(marks) or given[:, i].mean() > 0.5]
    chosen = marks[:, counted]
    return chosen[~np.isnan(chosen).any(axis=1)], counted


def items_of(marks: Floats, points: Sequence[float]) -> list[Item]:
    """Return the statistics of each item.

    Discrimination is the corrected item-rest correlation: the item's points against the sum of all others, so that
    an item is not compared with itself. Henrysson (1963), Correction of item-total correlations in item analysis,
    Psychometrika 28, 211-218.

    Parameters
    ----------
    marks
        Points, students in rows and items in columns; nan where there is no mark yet.
    points
        The most that can be had in each item, above 0.
    """
    rows, counted = complete_rows(marks)
    totals = rows.sum(axis=1)
    found = []
    for place, most in enumerate(points):
        given = marks[:, place][~np.isnan(marks[:, place])]
        mean = float(np.clip(given.mean() / most, 0, 1)) if len(given) else None
        item = rows[:, counted.index(place)] if place in counted else None
        if item is None:
            found.append(Item(len(given), mean, why="unmarked"))
        elif len(counted) < 2:
            found.append(Item(len(given), mean, why="alone"))
        elif len(rows) < FEW:
            found.append(Item(len(given), mean, why="few"))
        else:
            r = correlation(item, totals - item)
            interval = None if r is None else interval_of(r, len(rows))
            contrast = contrast_of(item / most, totals)
            found.append(Item(len(given), mean, r, interval, contrast, "alike" if r is None else ""))
    return found


def numbers_of(
    marks: Sequence[Mapping[str, float | None]], points: Mapping[str, float], totals: Sequence[float]
) -> Numbers:
    """Return all statistics.

    Parameters
    ----------
    marks
        For each student who handed in, points by item; None where there is no mark yet.
    points
        By item, the most that can be had; items without points are no part of the statistics.
    totals
        Points of each student, as far as they are known.
    """
    names = [name for name, most in points.items() if most > 0]
    table = np.full((len(marks), len(names)), np.nan)
    for row, mine in enumerate(marks):
        for column, name in enumerate(names):
            value = mine.get(name)
            table[row, column] = np.nan if value is None else value
    items = items_of(table, [points[name] for name in names])
    return Numbers(spread_of(totals), dict(zip(names, items, strict=True)), alpha_of(complete_rows(table)[0]))
