"""Pictures of channels: what they brought against what they cost, what models credit, what more money brings."""

from __future__ import annotations

import reprlib
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from narrowcast.errors import AnswerError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure import NONE
from narrowcast.simulate.draw import (
    BLUE,
    COLOURS,
    GREY,
    INK,
    LEADING,
    LEAST,
    MARKERS,
    ORANGE,
    canvas,
    captioned,
    label_ends,
    numbered,
    readable,
    told,
)  # fmt: skip

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from narrowcast.simulate.outcome import Outcome

__all__ = ["SHOWN", "draw_attribution", "draw_channels", "draw_returns"]

SHOWN = 6
"""Lines of returns that are drawn where nobody chose: more could not be told apart."""


def draw_channels(outcome: Outcome, axes: Axes | None) -> Axes:
    """Draw margin caused against cost; see `Plots.channels`."""
    from narrowcast.simulate.credit import truth  # noqa: PLC0415

    kpis = outcome.kpis()
    each = kpis["margin"] / kpis["orders"] if kpis["orders"] else 0.0
    orders = truth(outcome)["shapley"]
    frame = pd.DataFrame({"orders": orders, "margin": orders * each, "cost": outcome.channels()["cost"]})
    frame = frame.assign(profit=frame["margin"] - frame["cost"]).sort_values("profit", ascending=False)
    axes, narrow = canvas(axes, 1.7 + 0.5 * len(frame))
    pays = frame["profit"] > 0
    for paid, colour, hatch in ((True, BLUE, None), (False, ORANGE, "////")):
        some = np.flatnonzero(pays == paid)
        axes.barh(some, frame["margin"].iloc[some], color=colour, hatch=hatch, edgecolor="white", height=0.62)
    rows = np.arange(len(frame))
    axes.vlines(frame["cost"], rows - 0.4, rows + 0.4, color=INK, lw=2.5)
    low, high = (
        min(float(frame["margin"].min()), 0.0),
        max(float(frame[["margin", "cost"]].to_numpy().max()), 1.0),
    )
    axes.set_xlim(low * 1.05, high * (2.1 if narrow else 1.42))
    for row, (_name, line) in enumerate(frame.iterrows()):
        roi = f"{line['profit'] / line['cost']:+,.0%}" if line["cost"] > 0 else "-"
        text = _("{orders} orders, ROI {roi}").format(
            orders=readable(round(float(line["orders"]), 1)), roi=roi
        )
        where = max(float(line["margin"]), float(line["cost"]), 0.0) + 0.015 * high
        axes.text(where, row, text, va="center", fontsize=9, color=INK)
    axes.set_yticks(rows, [str(name) for name in frame.index])
    axes.invert_yaxis()
    numbered(axes.xaxis, 4 if narrow else 6)
    words = _("margin caused (bar) and cost (black line), {currency}")
    captioned(axes, words.format(currency=outcome.world.currency))
    axes.axvline(0, color=GREY, lw=0.8)
    title = _("{count} of {all} channels brought more than they cost").format(
        count=int(pays.sum()), all=len(frame)
    )
    said = ", ".join(
        _("{channel}: cost {cost}, {orders:.0f} orders").format(
            channel=name, cost=readable(line["cost"]), orders=line["orders"])
        for name, line in frame.iterrows()
    )  # fmt: skip
    told(
        axes,
        title,
        _("Bars of margin by channel, with a line at its cost. {channels}.").format(channels=said),
    )
    return axes


def draw_attribution(outcome: Outcome, axes: Axes | None) -> Axes:
    """Draw seven models beside the truth; see `Plots.attribution`. A model that was not reckoned is told beneath."""
    whole = outcome.attribution("all")
    table = whole.drop(columns=[NONE, "error", "note"], errors="ignore").dropna()
    axes, narrow = canvas(axes, 4.4)
    names = {
        "truth": _("truth"), "first": _("first"), "last": _("last"), "linear": _("linear"),
        "time_decay": _("time decay"), "position": _("position"), "markov": "Markov", "shapley": "Shapley",
    }  # fmt: skip
    x = np.arange(len(table), dtype=float)
    x[0] -= 0.35
    colours = [COLOURS[i % len(COLOURS)] for i in range(table.shape[1])]
    axes.axvspan(x[0] - 0.45, x[0] + 0.45, color=GREY, alpha=0.18, lw=0)
    for place, channel in enumerate(table):
        values, colour = table[channel].to_numpy(float), colours[place]
        marker = MARKERS[place % len(MARKERS)]
        axes.plot(x[:2], values[:2], color=colour, linestyle=":", lw=1)
        axes.plot(x[1:], values[1:], color=colour, marker=marker, markersize=5, lw=1.2)
        axes.plot(x[:1], values[:1], color=colour, marker=marker, markersize=9, markeredgecolor=INK)
    axes.set_xlim(x[0] - 0.5, x[-1] + 0.2)
    low, high = min(0.0, float(table.to_numpy().min())), max(float(table.to_numpy().max()), 1.0)
    axes.set_ylim(low * 1.1, high * 1.08)
    axes.set_xticks(x, [names[str(model)] for model in table.index], rotation=60 if narrow else 30,
                    ha="right", rotation_mode="anchor")  # fmt: skip
    axes.get_xticklabels()[0].set_fontweight("bold")
    note = whole.attrs.get("note", "")
    captioned(axes, f"Shapley: {note}" if note else "", _("orders credited"))
    numbered(axes.yaxis)
    label_ends(axes, x[-1], table.iloc[-1].to_numpy(float), [str(c) for c in table], colours)
    truth, last = table.T["truth"], table.T["last"]
    caused, credited = float(truth.sum()), float(last.sum())
    title = _("Models credit {credited} orders; the channels caused {caused}").format(
        credited=readable(round(credited)), caused=readable(round(caused))
    )
    said = ", ".join(
        _("{channel}: caused {caused:.0f}, last click {last:.0f}").format(
            channel=c, caused=truth[c], last=last[c])
        for c in map(str, table)
    )  # fmt: skip
    words = _("Lines of orders by attribution model, one a channel, beside the truth. {channels}.")
    told(axes, title, words.format(channels=said))
    return axes


def draw_returns(
    curves: pd.DataFrame, currency: str, axes: Axes | None, show: int | Sequence[str] = SHOWN
) -> Axes:
    """Draw what spending brings; see `Plots.returns`."""
    every = _curves(curves)
    lines = _shown(every, show)
    axes, narrow = canvas(axes, max(3.8, 1.4 + 0.2 * len(lines)))
    ends = {
        name: (float(line["spend"].iloc[-1]), float(line["value"].iloc[-1])) for name, line in lines.items()
    }
    colours = dict(zip(lines, COLOURS * len(lines), strict=False))
    for place, (name, line) in enumerate(lines.items()):
        axes.plot(line["spend"], line["value"], color=colours[name], marker=MARKERS[place % len(MARKERS)],
                  markersize=5)  # fmt: skip
    drawn = pd.concat(list(lines.values()))
    most, high, low = (
        float(drawn["spend"].max()),
        float(drawn["value"].max()),
        float(drawn["value"].min()),
    )
    room = 0.06 * max(high - min(low, 0.0), 1.0)
    axes.set_xlim(0, most * 1.02)
    axes.set_ylim(min(low, 0.0) - room, max(high, 0.0) + room)
    axes.axhline(0, color=GREY, linestyle="--", lw=1)
    numbered(axes.xaxis, 4 if narrow else 6)
    numbered(axes.yaxis)
    across = _("spent, {currency}").format(currency=currency)
    if len(lines) < len(every):
        part = _("{count} of {all} lines; show= chooses").format(count=len(lines), all=len(every))
        across = f"{across} ({part})"
    captioned(axes, across, _("margin less cost, {currency}").format(currency=currency))
    peaks = {name: float(line["value"].max()) for name, line in lines.items()}
    best = max(peaks, key=peaks.__getitem__)
    at = float(lines[best]["spend"].to_numpy()[lines[best]["value"].to_numpy().argmax()])
    title = _("{name} brings most: {value} at a spend of {spend}").format(
        name=best, value=readable(peaks[best]), spend=readable(at)
    )
    said = ", ".join(f"{name}: {readable(x)} → {readable(y)}" for name, (x, y) in ends.items())
    told(axes, title, _("Lines of margin less cost by money spent. {lines}.").format(lines=said))
    words = {n: textwrap.fill(n.replace("/", "/ "), 15 if narrow else 26).replace("/ ", "/") for n in lines}
    inches = _height(axes)
    room = int(72 * inches / (LEADING * LEAST * max(text.count("\n") + 1 for text in words.values())))
    named = sorted(lines, key=lambda name: -peaks[name])[
        : max(room, 1)
    ]  # the best, where not all can be read
    label_ends(
        axes, [ends[n][0] for n in named], [ends[n][1] for n in named], [words[n] for n in named],
        [colours[n] for n in named], size=8 if narrow else 9, inches=inches,
    )  # fmt: skip
    return axes


def _height(axes: Axes) -> float:
    """Return how high axes are on paper, inches, once their title and caption have taken their room."""
    figure = axes.get_figure(root=True)
    if figure is None:
        return 3.0
    figure.draw_without_rendering()
    return float(axes.get_window_extent().height / figure.dpi)


def _shown(lines: dict[str, pd.DataFrame], show: object) -> dict[str, pd.DataFrame]:
    """Return the lines to be drawn: so many that bring most, or those named."""
    cure = _("Give how many of the best to draw, or a list of names, such as {example}.").format(
        example=f"show=[{next(iter(lines))!r}]"
    )
    if isinstance(show, bool) or not isinstance(show, int | Sequence) or isinstance(show, str | bytes):
        raise AnswerError(_("show is {value}.").format(value=reprlib.repr(show)), cure)
    if isinstance(show, int):
        if show < 1:
            raise AnswerError(_("show is {value}.").format(value=show), cure)
        best = sorted(lines, key=lambda name: -float(lines[name]["value"].max()))[:show]
        return {name: line for name, line in lines.items() if name in best}
    if not show:
        raise AnswerError(_("show is {value}.").format(value=reprlib.repr(show)), cure)
    for name in show:
        if name not in lines:
            raise UnknownName(kind=_("line of the picture"), given=name, allowed=lines)
    return {name: line for name, line in lines.items() if name in show}


def _curves(curves: object) -> dict[str, pd.DataFrame]:
    """Return the curves by what they are called, each by rising spend."""
    cure = _("Give columns channel, spend and value, such as marginal_returns(...) has.")
    if not isinstance(curves, pd.DataFrame) or curves.empty:
        raise AnswerError(_("The curves must be a table with rows."), cure)
    by = "flight" if "flight" in curves else "channel"
    for name in (by, "spend", "value"):
        if name not in curves:
            raise AnswerError(_("The curves lack the column {name}.").format(name=name), cure)
    if not all(pd.api.types.is_numeric_dtype(curves[name]) for name in ("spend", "value")):
        raise AnswerError(_("Spend and value of the curves must be numbers."), cure)
    names = curves[by].astype(str)
    if "on" in curves and curves["on"].nunique() > 1:
        names = names + ", " + curves["on"].astype(str)
    named = curves.assign(_name=names.to_numpy()).reset_index(drop=True)
    return {
        str(name): line.sort_values("spend", kind="stable")
        for name, line in named.groupby("_name", sort=False)
    }
