"""Plots of what was measured, in the colours of Okabe and Ito, which everybody can tell apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["draw_peers", "draw_sizes", "draw_stages"]

BLUE, ORANGE, GREEN, VERMILION, PURPLE, SKY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9"


@contextmanager
def _plot(file: Path, height: float = 4.0) -> Iterator[Axes]:
    """Give axes to draw on, and save them."""
    with mpl.rc_context({"svg.hashsalt": "narrowcast", "svg.fonttype": "none", "font.size": 11}):
        figure = Figure(figsize=(7, height), layout="constrained")
        axes = figure.subplots()
        yield axes
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(file, metadata={"Date": None})


def draw_sizes(measured: dict[int, dict[str, float | None]], file: Path) -> None:
    """Draw microseconds a customer against customers: a market's first plan, and a further one."""
    with _plot(file) as axes:
        kinds = (
            ("first", BLUE, "o-", "first plan: people drawn too"),
            ("again", ORANGE, "s--", "a further plan"),
        )
        for kind, colour, style, label in kinds:
            seconds = {size: row[kind] for size, row in measured.items()}
            each = {size: value / size * 1e6 for size, value in seconds.items() if value is not None}
            axes.semilogx(list(each), list(each.values()), style, color=colour, label=label)
        axes.set(xlabel="Customers in the market", ylabel="Microseconds a customer, two threads")
        axes.set_title("Twelve weeks, ten channels: time of a customer")
        axes.set_ylim(bottom=0)
        axes.xaxis.set_major_formatter(mpl.ticker.StrMethodFormatter("{x:,.0f}"))
        axes.grid(visible=True, alpha=0.3)
        axes.legend()


def draw_peers(seconds: dict[str, float], customers: int, file: Path) -> None:
    """Draw the time of the small market by who ran it: points, for a logarithmic bar has no beginning."""
    with _plot(file, 3.0) as axes:
        colours = [BLUE, SKY, ORANGE, PURPLE, VERMILION][: len(seconds)]
        axes.scatter(list(seconds.values()), list(seconds), s=70, color=colours)
        for name, value in seconds.items():
            axes.annotate(f"{value:,.3g} s", (value, name), (9, 0), textcoords="offset points", va="center")
        axes.set(xscale="log", xlabel=f"Seconds for {customers:,} customers, 12 weeks, 4 channels")
        axes.set_title("The same small market")
        axes.set_xlim(min(seconds.values()) / 2, max(seconds.values()) * 4)
        axes.grid(visible=True, axis="x", alpha=0.3)
        axes.invert_yaxis()


def draw_stages(shares: dict[str, float], whole: float, customers: int, file: Path) -> None:
    """Draw where the time of a first run goes."""
    with _plot(file, 3.0) as axes:
        bars = axes.barh(list(shares), [100 * share for share in shares.values()], color=GREEN)
        axes.bar_label(bars, [f"{share:.0%}" for share in shares.values()], padding=4)
        axes.set(xlabel=f"Per cent of {whole:.2f} s: {customers:,} customers, ten channels, one thread")
        axes.set_title("Where a first run's time goes")
        axes.set_xlim(right=100 * max(shares.values()) * 1.15)
        axes.invert_yaxis()
