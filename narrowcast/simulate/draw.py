"""What all pictures share: colours, readable numbers, labels that keep clear of each other."""

from __future__ import annotations

import reprlib
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "BLUE", "COLOURS", "GREY", "INK", "LEADING", "LEAST", "MARKERS", "ORANGE", "PAPER", "canvas", "captioned",
    "label_ends", "numbered", "readable", "told",
]  # fmt: skip

BLUE, ORANGE, INK, GREY = "#0072B2", "#D55E00", "#222222", "#8A8A8A"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
"""Okabe and Ito (2008), but for yellow, which is hard to see on white."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X", "<", ">", "*")

LEAST = 6.0
"""Points of the smallest letters."""

LEADING = 1.4
"""Height of a line of a label, in sizes of its letters, with the gap to the next label."""

PAPER = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
"""Behind words that a line would cross."""

_NARROW = 5.0
"""Inches below which a picture is one for a telephone."""


def readable(value: float, _place: object = None) -> str:
    """Return a number as people say it: 950, 12.3k, 1.2M, 3.4bn.

    Examples
    --------
    >>> readable(1_234_567)
    '1.23M'
    """
    size = abs(value)
    for least, unit in ((1e9, _("{number}bn")), (1e6, _("{number}M")), (1e4, _("{number}k"))):
        if size >= least * 0.9995:
            return unit.format(number=f"{value / (1e3 if least == 1e4 else least):.3g}")
    if size >= 100 or value == round(value):
        return f"{value:,.0f}"
    return f"{value:.2g}"


def canvas(axes: Axes | None, height: float = 3.8) -> tuple[Axes, bool]:
    """Return axes to draw in, in the style of all our pictures, and whether they are narrow.

    Parameters
    ----------
    axes
        Where to draw; None makes a new figure.
    height
        Of a new figure, inches.

    Raises
    ------
    AnswerError
        If `axes` are none.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - half a second that only a plot needs
    from matplotlib.axes import Axes  # noqa: PLC0415 - likewise

    if axes is not None and not isinstance(axes, Axes):
        raise AnswerError(
            _("A picture cannot be drawn in {given}.").format(given=reprlib.repr(axes)),
            _("Leave it out for a new figure, or give Matplotlib's axes: figure, axes = plt.subplots()."),
        )
    if axes is None:
        figure, axes = plt.subplots(figsize=(7, height))
        figure.set_layout_engine("constrained", w_pad=0.1, h_pad=0.1)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(GREY)
    axes.tick_params(color=GREY, labelcolor=INK)
    return axes, _width(axes) < _NARROW


def _width(axes: Axes) -> float:
    """Return the width in inches that axes have for themselves."""
    spec = axes.get_subplotspec()
    columns = spec.get_gridspec().ncols if spec is not None else 1
    return float(axes.get_figure(root=True).get_size_inches()[0]) / columns  # type: ignore[union-attr]


def told(axes: Axes, title: str, description: str) -> None:
    """Give a picture its title, which says what is to be seen, and its description for those who cannot see it."""
    axes.set_title(_folded(axes, title, 12), loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.set_label(description)
    figure = axes.get_figure(root=True)
    if figure is not None and len(figure.axes) == 1:
        figure.set_label(description)


def captioned(axes: Axes, across: str, up: str = "") -> None:
    """Say what the axes are: across, folded where it is too long, and up."""
    axes.set_xlabel(_folded(axes, across, 14), color=INK)
    axes.set_ylabel(up, color=INK)


def _folded(axes: Axes, text: str, letters: float) -> str:
    """Fold a text to the width of axes, at so many letters an inch; some is left for what stands beside them."""
    return textwrap.fill(text, max(20, int((_width(axes) - 1.25) * letters)))


def numbered(axis: Any, most: int = 6) -> None:  # noqa: ANN401 - a Matplotlib axis
    """Write the numbers of an axis as people say them."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator  # noqa: PLC0415

    axis.set_major_locator(MaxNLocator(most, steps=[1, 2, 5, 10]))
    axis.set_major_formatter(FuncFormatter(readable))


def label_ends(axes: Axes, at: npt.ArrayLike, values: npt.ArrayLike, labels: Sequence[str], colours: Sequence[str],
               size: float = 9, inches: float | None = None) -> None:  # fmt: skip
    """Write labels to the right of the ends of lines, moved apart where they would touch, none above the axes.

    Parameters
    ----------
    axes
        Their limits must be set.
    at
        Where the lines end: one number for all, or one for each.
    values
        Heights at which they end, one for each label.
    labels, colours
        What to write, and in which colour.
    size
        Of the letters, points; smaller where the labels would not fit.
    inches
        Height of the axes on paper; None guesses.
    """
    heights = np.asarray(values, dtype=float)
    low, high = axes.get_ylim()
    figure = axes.get_figure(root=True)
    if inches is None:
        inches = figure.get_size_inches()[1] * 0.7 if figure is not None else 3.0
    lines = max(label.count("\n") + 1 for label in labels)
    size = min(size, max(LEAST, 72 * inches / (LEADING * lines * len(labels))))
    gap = (high - low) * size * LEADING * lines / 72 / inches
    ends = np.broadcast_to(np.asarray(at, dtype=float), heights.shape)
    edge = axes.get_xlim()[1]
    places = _within(_apart(heights, gap), gap, low + gap / 2, high - gap / 2)
    for end, value, label, colour, place in zip(ends, heights, labels, colours, places, strict=True):
        far = abs(place - value) > gap / 4 or end < 0.9 * edge
        axes.annotate(
            label, (end, value), xytext=(1.03, place), textcoords=("axes fraction", "data"), color=colour,
            fontsize=size, va="center", arrowprops={"arrowstyle": "-", "color": colour, "lw": 0.6} if far else None,
            annotation_clip=False,
        )  # fmt: skip


def _within(places: npt.NDArray[np.float64], gap: float, low: float, high: float) -> npt.NDArray[np.float64]:
    """Return places moved to lie from low to high, still a gap apart; those that do not fit run over below."""
    order = np.argsort(places, kind="stable")
    steps = gap * np.arange(places.size)
    inside = places.copy()
    inside[order] = np.minimum(np.maximum(places[order], low + steps), high - steps[::-1])
    return inside


def _apart(heights: npt.NDArray[np.float64], gap: float) -> npt.NDArray[np.float64]:
    """Return places near some heights that are at least a gap apart, in the same order."""
    order = np.argsort(heights, kind="stable")
    offsets = gap * np.arange(heights.size)
    # With the gaps taken out, the nearest rising row is wanted: pool neighbours that fall (isotonic regression).
    pools: list[list[float]] = []
    for value in heights[order] - offsets:
        pools.append([float(value), 1.0])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (a, n), (b, m) = pools[-2], pools.pop()
            pools[-1] = [(a * n + b * m) / (n + m), n + m]
    level = np.concatenate([np.full(int(n), value) for value, n in pools]) if pools else np.zeros(0)
    places = np.empty_like(heights)
    places[order] = level + offsets
    return places
