"""Pictures of channels: what they brought against what they cost, what models credit, what more money brings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _
from narrowcast.measure import NONE
from narrowcast.simulate.draw import (
    BLUE,
    COLOURS,
    GREY,
    INK,
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

__all__ = ["draw_attribution", "draw_channels", "draw_returns"]


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
    """Draw seven models beside the truth; see `Plots.attribution`."""
    table = outcome.attribution("all").drop(columns=[NONE, "error"]).dropna()
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
    captioned(axes, "", _("orders credited"))
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


def draw_returns(curves: pd.DataFrame, currency: str, axes: Axes | None) -> Axes:
    """Draw what spending brings; see `Plots.returns`."""
    lines = _curves(curves)
    axes, narrow = canvas(axes)
    ends = {
        name: (float(line["spend"].iloc[-1]), float(line["value"].iloc[-1])) for name, line in lines.items()
    }
    colours = dict(zip(lines, COLOURS * len(lines), strict=False))
    for place, (name, line) in enumerate(lines.items()):
        axes.plot(line["spend"], line["value"], color=colours[name], marker=MARKERS[place % len(MARKERS)],
                  markersize=5)  # fmt: skip
    most, high, low = (
        float(curves["spend"].max()),
        float(curves["value"].max()),
        float(curves["value"].min()),
    )
    room = 0.06 * max(high - min(low, 0.0), 1.0)
    axes.set_xlim(0, most * 1.02)
    axes.set_ylim(min(low, 0.0) - room, max(high, 0.0) + room)
    axes.axhline(0, color=GREY, linestyle="--", lw=1)
    numbered(axes.xaxis, 4 if narrow else 6)
    numbered(axes.yaxis)
    captioned(axes, _("spent, {currency}").format(currency=currency),
              _("margin less cost, {currency}").format(currency=currency))  # fmt: skip
    late = [name for name, (at, _value) in ends.items() if at >= 0.9 * most]
    label_ends(axes, most, [ends[n][1] for n in late], late, [colours[n] for n in late])
    for name in ends.keys() - set(late):  # a line that ends early is labelled where it ends
        axes.annotate(
            name, ends[name], xytext=(6, 0), textcoords="offset points", color=colours[name], fontsize=9
        )
    peaks = {name: float(line["value"].max()) for name, line in lines.items()}
    best = max(peaks, key=peaks.__getitem__)
    at = float(lines[best]["spend"].to_numpy()[lines[best]["value"].to_numpy().argmax()])
    title = _("{name} brings most: {value} at a spend of {spend}").format(
        name=best, value=readable(peaks[best]), spend=readable(at)
    )
    said = ", ".join(f"{name}: {readable(x)} → {readable(y)}" for name, (x, y) in ends.items())
    told(axes, title, _("Lines of margin less cost by money spent. {lines}.").format(lines=said))
    return axes


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
