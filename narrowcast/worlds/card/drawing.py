"""The pictures of a card, drawn from their content alone: Okabe-Ito colours, every part labelled where it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["INK", "LINE", "PAPER", "SOFT", "WIDTH", "draw"]

WIDTH = 400
"""Width of a picture in points: letters of 12 points stay readable where a telephone shows it 350 pixels wide."""

INK, SOFT, LINE, PAPER = "#1b2233", "#525b6f", "#dcdad2", "#ffffff"
BLUE, ORANGE, GREEN, SKY = "#0072b2", "#d55e00", "#009e73", "#cfe6f5"

_TEXT, _SMALL = 12.5, 11


def draw(name: str, content: dict[str, Any]) -> Figure:
    """Return a picture drawn from its content."""
    return _DRAWN[name](content)


def _figure(height: float) -> tuple[Figure, Axes]:
    # A figure of its own, without pyplot: nothing global, so threads may draw side by side.
    from matplotlib.figure import Figure  # noqa: PLC0415 - half a second that only a plot needs

    figure = Figure(figsize=(WIDTH / 72, height / 72), facecolor=PAPER)
    axes = figure.add_axes((0, 0, 1, 1), facecolor="none")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, colors=SOFT, labelsize=_SMALL)
    return figure, axes


def _inside(axes: Axes, left: float, bottom: float, right: float, top: float) -> None:
    """Leave margins around the axes, in points."""
    width, height = (72 * side for side in axes.get_figure(root=True).get_size_inches())  # type: ignore[union-attr]
    axes.set_position(
        (left / width, bottom / height, 1 - (left + right) / width, 1 - (top + bottom) / height)
    )


def _groups(content: dict[str, Any]) -> Figure:
    """Draw two bars for each group, under its name."""
    bars = content["bars"]
    figure, axes = _figure(20 + 84 * len(bars))
    _inside(axes, 16, 8, 16, 12)
    most = max(value for _title, pair in bars for value, _label in pair)
    for row, (title, pair) in enumerate(bars):
        top = -84 * row
        axes.text(0, top - 10, title, color=INK, size=_TEXT, weight="bold", va="center")
        for line, ((value, label), colour, hatch) in enumerate(
            zip(pair, (BLUE, ORANGE), (None, "///"), strict=True)
        ):
            y = top - 33 - 25 * line
            axes.barh(y, value, height=19, color=colour, hatch=hatch, edgecolor=PAPER, linewidth=0)
            axes.annotate(
                label,
                (value, y),
                xytext=(6, 0),
                textcoords="offset points",
                color=INK,
                size=_TEXT,
                va="center",
            )
    axes.set(xlim=(0, 1.72 * most), ylim=(-84 * len(bars), 0), xticks=[], yticks=[])
    return figure


def _weeks(content: dict[str, Any]) -> Figure:
    """Draw orders a week as a line over the days, high season as bands behind it."""
    weekly, (at, peak) = content["weekly"], content["peak"]
    figure, axes = _figure(250)
    _inside(axes, 44, 28, 14, 44)
    first, last = dt.date.fromisoformat(content["first"]), 7 * len(weekly)
    bands = _bands(first, last, content["high"])
    for begin, end in bands:
        axes.axvspan(begin, end, color=SKY, linewidth=0)
    axes.plot([7 * week + 3 for week in range(len(weekly))], weekly, color=BLUE, linewidth=1.6)
    axes.plot([7 * at + 3], [weekly[at]], marker="o", color=ORANGE, markersize=6, clip_on=False)
    early = at < 0.35 * len(weekly)
    axes.annotate(
        peak, (7 * at + 3, weekly[at]), xytext=(-3 if early else 3, 12), textcoords="offset points",
        ha="left" if early else "right", va="center", color=INK, size=_SMALL,
    )  # fmt: skip
    axes.set(xlim=(0, last), ylim=(0, max(*weekly, 1) * 1.2))
    years = {(dt.date(year, 1, 1) - first).days: str(year) for year in range(first.year, first.year + 12)}
    shown = {day: year for day, year in years.items() if 0 <= day < last - 20}
    axes.set_xticks(list(shown), list(shown.values()), ha="left")
    axes.locator_params(axis="y", nbins=4, integer=True)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="y", color=LINE, linewidth=0.8)
    axes.set_axisbelow(True)
    figure.text(16 / WIDTH, 1 - 18 / 250, content["unit"], color=INK, size=_TEXT, weight="bold", va="center")
    if bands:
        _legend(figure, content["season"], 250)
    return figure


def _legend(figure: Figure, word: str, height: float) -> None:
    """Show what a band means, at the upper right."""
    from matplotlib.patches import Rectangle  # noqa: PLC0415 - see above

    text = figure.text(1 - 14 / WIDTH, 1 - 18 / height, word, color=INK, size=_SMALL, ha="right", va="center")
    wide = 6.2 * len(word) / WIDTH  # near enough: letters differ from machine to machine
    box = (1 - 14 / WIDTH - wide - 24 / WIDTH, 1 - 24 / height)
    figure.add_artist(
        Rectangle(
            box, 16 / WIDTH, 12 / height, facecolor=SKY, edgecolor=SOFT, linewidth=0.6, zorder=text.zorder
        )
    )


def _bands(first: dt.date, days: int, months: list[int]) -> list[tuple[int, int]]:
    """Return the stretches of days, counted from the first, whose month is in high season."""
    high = [(first + dt.timedelta(days=day)).month in months for day in range(days)]
    turns = [day for day in range(days) if high[day] and (day == 0 or not high[day - 1])]
    ends = [day + 1 for day in range(days) if high[day] and (day == days - 1 or not high[day + 1])]
    return list(zip(turns, ends, strict=True))


def _orders(content: dict[str, Any]) -> Figure:
    """Draw a bar for each number of orders, its share above it."""
    figure, axes = _figure(240)
    _inside(axes, 14, 46, 14, 44)
    values = [value for value, _label in content["shares"]]
    axes.bar(range(len(values)), values, width=0.78, color=BLUE)
    for place, (value, label) in enumerate(content["shares"]):
        axes.annotate(
            label, (place, value), xytext=(0, 8), textcoords="offset points", ha="center", va="center",
            color=INK, size=_SMALL,
        )  # fmt: skip
    axes.set_xticks(range(len(values)), content["names"])
    axes.set(yticks=[], xlim=(-0.6, len(values) - 0.4), ylim=(0, max(*values, 0.01) * 1.06))
    axes.axhline(0, color=SOFT, linewidth=0.8)
    figure.text(14 / WIDTH, 1 - 18 / 240, content["of"], color=INK, size=_TEXT, weight="bold", va="center")
    figure.text(0.5, 14 / 240, content["unit"], color=SOFT, size=_SMALL, ha="center", va="center")
    return figure


def _values(content: dict[str, Any]) -> Figure:
    """Draw for each group where eight in ten of its orders lie, the middle half, and the middle one."""
    rows = content["rows"]
    figure, axes = _figure(20 + 84 * max(len(rows), 1))
    _inside(axes, 44, 8, 44, 12)
    axes.set_xscale("log")
    for row, (title, (low, quarter, middle, upper, high), (least, half, most)) in enumerate(rows):
        y = -84 * row
        axes.text(
            -44 / (WIDTH - 88) + 16 / (WIDTH - 88), y - 10, title, color=INK, size=_TEXT, weight="bold",
            va="center", transform=axes.get_yaxis_transform(),
        )  # fmt: skip
        axes.plot([low, high], [y - 44, y - 44], color=BLUE, linewidth=2, solid_capstyle="butt")
        axes.plot(
            [quarter, upper], [y - 44, y - 44], color=BLUE, linewidth=11, solid_capstyle="butt", alpha=1
        )
        axes.plot(
            [middle],
            [y - 44],
            marker="o",
            markersize=10,
            color=ORANGE,
            markeredgecolor=PAPER,
            markeredgewidth=1.5,
        )
        for value, label, below in ((low, least, 62), (high, most, 62), (middle, half, 28)):
            axes.text(value, y - below, label, color=INK, size=_SMALL, ha="center", va="center")
    axes.set(ylim=(-84 * max(len(rows), 1), 0), yticks=[])
    if rows:  # a hundredth more, so that one single order has room too
        axes.set_xlim(0.99 * min(row[1][0] for row in rows), 1.01 * max(row[1][4] for row in rows))
    axes.xaxis.set_visible(False)
    return figure


_DRAWN: dict[str, Callable[[dict[str, Any]], Figure]] = {
    "groups": _groups,
    "weeks": _weeks,
    "orders": _orders,
    "values": _values,
}
