"""An outcome as a picture: Okabe-Ito colours, and nothing told by colour alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from narrowcast.language import gettext as _

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["BLUE", "ORANGE", "plot_weekly"]

BLUE, ORANGE = "#0072B2", "#D55E00"


def plot_weekly(weekly: pd.DataFrame, title: str, axes: Axes | None = None) -> Axes:
    """Draw orders a week with the campaign and without it.

    Parameters
    ----------
    weekly
        As `Outcome.weekly` returns it.
    title
        Name of the plan.
    axes
        Where to draw; None makes a new figure.
    """
    import matplotlib.pyplot as plt  # noqa: PLC0415 - half a second that only a plot needs

    if axes is None:
        _figure, axes = plt.subplots(figsize=(7, 3.6), layout="constrained")
    lines = (
        ("orders", _("with the campaign"), BLUE, "o", "-"),
        ("orders_without", _("without it"), ORANGE, "s", "--"),
    )
    for column, label, colour, marker, style in lines:
        axes.plot(weekly.index, weekly[column], color=colour, marker=marker, linestyle=style)
        axes.annotate(
            label, (weekly.index[-1], weekly[column].iloc[-1]), xytext=(8, 0), textcoords="offset points",
            color=colour, va="center",
        )  # fmt: skip
    axes.fill_between(weekly.index, weekly["orders"], weekly["orders_without"], color=BLUE, alpha=0.12)
    axes.set(title=title, xlabel=_("week"), ylabel=_("orders a week"), xticks=list(weekly.index))
    axes.set_ylim(bottom=0)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.02)
    return axes
