"""An outcome in pictures: Okabe-Ito colours, labelled where the eye is, nothing told by colour alone."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from narrowcast.language import gettext as _
from narrowcast.simulate.draw import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
    canvas,
    captioned,
    label_ends,
    numbered,
    readable,
    told,
)  # fmt: skip
from narrowcast.simulate.plot_channels import SHOWN, draw_attribution, draw_channels, draw_returns
from narrowcast.simulate.seasons import first_days, season_of, tet_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from narrowcast.simulate.outcome import Outcome

__all__ = ["Plots"]


class Plots:
    """Pictures of an outcome. Called, it draws the weeks.

    Every picture takes `axes`, where to draw (None makes a new figure 7 inches wide; below 5 it suits a
    telephone; anything but axes is an `AnswerError`), and returns them. Its description in words is the axes'
    label: ``axes.get_label()``.

    Parameters
    ----------
    outcome
        What was run.
    """

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def __call__(self, axes: Axes | None = None) -> Axes:
        """Draw orders a week, with the campaign and without it."""
        return self.weekly(axes)

    def weekly(self, axes: Axes | None = None) -> Axes:
        """Draw orders a week, with the campaign and without it; both rise and fall with the season, told beneath."""
        from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

        axes, narrow = canvas(axes)
        weekly, plan = self._outcome.weekly(), self._outcome.plan
        lines = (
            ("orders", _("with the campaign"), BLUE, "o", "-"),
            ("orders_without", _("without it"), ORANGE, "s", "--"),
        )
        for column, _label, colour, marker, style in lines:
            axes.plot(
                weekly.index, weekly[column], color=colour, marker=marker, linestyle=style, markersize=5
            )
        axes.fill_between(
            weekly.index, weekly["orders"], weekly["orders_without"], color=BLUE, alpha=0.12, lw=0
        )
        axes.set_ylim(0, 1.08 * max(float(weekly[["orders", "orders_without"]].to_numpy().max()), 1.0))
        captioned(axes, self._when(), _("orders a week"))
        self._mark_tet(axes)
        axes.xaxis.set_major_locator(MaxNLocator(6 if narrow else 12, integer=True))
        numbered(axes.yaxis)
        ends = [float(weekly[column].iloc[-1]) for column, *_rest in lines]
        labels = [textwrap.fill(label, 12 if narrow else 40) for _column, label, *_rest in lines]
        label_ends(axes, plan.weeks, ends, labels, [BLUE, ORANGE])
        did, would = (int(weekly[column].sum()) for column, *_rest in lines)
        title = _("{plan}: {more:+,} orders in {weeks} weeks").format(
            plan=plan.name, more=did - would, weeks=plan.weeks
        )
        words = _(
            "Lines of orders a week over {weeks} weeks: with the campaign {did:,} in all, without it {would:,}."
        )
        told(axes, title, words.format(weeks=plan.weeks, did=did, would=would))
        return axes

    def _when(self) -> str:
        """Say when the weeks are, and what the season does in them."""
        outcome = self._outcome
        season = season_of(outcome.world, outcome.plan)
        begins = first_days(outcome.plan)[0]
        if f"{season.min():.2f}" == f"{season.max():.2f}":
            words = _("week (1 begins on {day}; the season multiplies visits by {low:.2f})")
        else:
            words = _("week (1 begins on {day}; the season multiplies visits by {low:.2f} to {high:.2f})")
        return words.format(day=f"{begins:%Y-%m-%d}", low=season.min(), high=season.max())

    def _mark_tet(self, axes: Axes) -> None:
        """Shade the week of Tet, where it falls among the plan's."""
        outcome = self._outcome
        tet = tet_of(outcome.world, outcome.plan)
        if tet is None:
            return
        begin = tet - 0.5  # a week's numbers stand in its middle
        end = min(begin + 1, outcome.plan.weeks + 0.5)
        axes.axvspan(begin, end, color=GREY, alpha=0.18, lw=0)
        axes.text((begin + end) / 2, 0.02, _("Tet"), transform=axes.get_xaxis_transform(), ha="center", va="bottom",
                  fontsize=9, color=INK)  # fmt: skip

    def funnel(self, axes: Axes | None = None) -> Axes:
        """Draw how many people came to each stage: full, who came through all before it; hatched, who did not.

        The share is of those at the stage before who went on.
        """
        axes, narrow = canvas(axes)
        frame = self._outcome.funnel()
        names = {
            "reached": _("reached"), "noticed": _("noticed"), "visited": _("visited"), "bought": _("bought"),
            "bought_again": _("bought again"), "advocate": _("advocates"),
        }  # fmt: skip
        labels = [names[stage] for stage in frame.index]
        axes.barh(
            labels, frame["people"], facecolor="white", edgecolor=GREY, hatch="////", lw=0.8, height=0.72
        )
        axes.invert_yaxis()
        most = max(float(frame["people"].max()), 1.0)
        columns = (frame[name] for name in ("people", "through", "otherwise", "from_previous"))
        for place, (people, through, otherwise, share) in enumerate(zip(*columns, strict=True)):
            axes.broken_barh([(0, through)], (place - 0.36, 0.72), color=BLUE)
            text = f" {readable(through)}"
            text += "" if np.isnan(share) else _(" · {share:.0%}").format(share=share)
            text += f" + {readable(otherwise)}" if otherwise else ""
            axes.text(people, place, text, va="center", color=INK, fontsize=9)
        axes.set_xlim(0, most * (1.7 if narrow else 1.25))
        axes.set_xticks([])
        captioned(axes, _("people; hatched: those who came without one of the stages before"))
        axes.spines[["bottom", "left"]].set_visible(False)
        axes.tick_params(left=False)
        worst = frame["from_previous"].idxmin() if frame["from_previous"].notna().any() else None
        title = (
            _("People by stage, and their share of the stage before") if worst is None
            else _("Fewest go on to “{stage}”: {share:.0%} of the stage before").format(
                stage=names[str(worst)], share=frame["from_previous"].min())
        )  # fmt: skip
        words = _("{stage} {people:,.0f}, {through:,.0f} of them through all stages before")
        stages = "; ".join(
            words.format(stage=label, people=people, through=through)
            for label, people, through in zip(labels, frame["people"], frame["through"], strict=True)
        )
        told(axes, title, _("Bars of people by stage: {stages}.").format(stages=stages))
        return axes

    def channels(self, axes: Axes | None = None) -> Axes:
        """Draw what each channel brought against what it cost.

        A bar is margin: the orders that the channel caused (`narrowcast.simulate.credit.truth`, Shapley's share)
        times the mean margin of an order. Where it passes the black line, the cost, the channel paid.

        Raises
        ------
        PlanError
            If the plan spends nothing.
        """
        return draw_channels(self._outcome, axes)

    def attribution(self, axes: Axes | None = None) -> Axes:
        """Draw what seven models credit each channel with, beside what it caused (Shapley's share of the truth).

        Raises
        ------
        PlanError
            If the plan spends nothing.
        """
        return draw_attribution(self._outcome, axes)

    def lift(self, axes: Axes | None = None, confidence: float = 0.95) -> Axes:
        """Draw what the holdout says the campaign brought, with and without CUPED, beside the truth.

        Raises
        ------
        PlanError
            If the plan held nobody out.
        """
        plain = self._outcome.lift("orders", confidence)
        sharper = self._outcome.lift("orders", confidence, cuped=True)
        axes, narrow = canvas(axes, 2.6)
        rows = ((_("difference"), plain, BLUE, "o"), (_("with CUPED"), sharper, ORANGE, "s"))
        for row, (_label, lift, colour, marker) in enumerate(rows):
            low, middle, high = (1_000 * end for end in (lift.low, lift.estimate, lift.high))
            axes.plot([low, high], [row, row], color=colour, lw=3, solid_capstyle="butt")
            axes.plot(middle, row, color=colour, marker=marker, markersize=9)
            text = _("{middle:+.1f}  ({low:+.1f} to {high:+.1f})").format(middle=middle, low=low, high=high)
            axes.text(middle, row - 0.2, text, ha="center", va="bottom", fontsize=9, color=INK, bbox=PAPER)
        axes.axvline(0, color=GREY, lw=1)
        real = self._caused()
        if real is not None:
            axes.axvline(1_000 * real, color=INK, lw=1.5, linestyle="--")
            axes.annotate(
                _("truth {real:+.1f}").format(real=1_000 * real), (1_000 * real, 1.55), fontsize=9, color=INK,
                ha="center", va="center", bbox=PAPER,
            )  # fmt: skip
        axes.set_yticks(range(2), [label for label, *_rest in rows])
        axes.set_ylim(1.8, -0.6)
        axes.margins(x=0.12)
        captioned(axes, _("orders more a thousand customers"))
        numbered(axes.xaxis, 5 if narrow else 8)
        sure = plain.low > 0 or plain.high < 0
        title = (
            _("The holdout shows that the campaign changed orders") if sure
            else _("The holdout cannot tell whether the campaign changed orders")
        )  # fmt: skip
        words = _("Intervals at {level:.0%}. {plain}. With CUPED: {sharper}.")
        told(axes, title, words.format(level=confidence, plain=plain, sharper=sharper))
        return axes

    def _caused(self) -> float | None:
        """Return the orders more that each treated customer made, where the run kept customers."""
        if self._outcome.part.customers is None:
            return None
        arms = self._outcome.by("arm")
        each = arms["incremental_orders"] / arms["customers"]
        return float(each["treated"])

    def returns(
        self, curves: pd.DataFrame, axes: Axes | None = None, *, show: int | Sequence[str] = SHOWN
    ) -> Axes:
        """Draw what spending brings, a line a channel (or flight): those that bring most.

        Parameters
        ----------
        curves
            As `narrowcast.simulate.returns.marginal_returns` gives them; needed are channel (or flight, which goes
            before it), spend and value (margin less cost), money in the smallest unit, rows in any order.
        axes
            Where to draw.
        show
            How many lines, the best first; or a list of their names, as the picture has them.

        Raises
        ------
        AnswerError
            If it is no such table, has no rows, or `show` is neither a number from 1 on nor a list.
        UnknownName
            If there is no such line.
        """
        return draw_returns(curves, self._outcome.world.currency, axes, show)

    def segments(self, axes: Axes | None = None) -> Axes:
        """Draw orders a thousand customers by segment: those that would have come anyway, and those caused."""
        frame = self._outcome.by("segment")
        thousand = frame["customers"] / 1_000
        more, total = frame["incremental_orders"] / thousand, frame["orders"] / thousand
        before, rows = total - more, np.arange(len(frame))
        axes, narrow = canvas(axes, 1.7 + 0.55 * len(frame))
        axes.barh(rows, before, color="#D0D0D0", hatch="....", edgecolor="white", height=0.62)
        axes.barh(rows, more, left=before, color=np.where(more >= 0, BLUE, ORANGE), height=0.4)
        high = max(float(np.maximum(before, total).max()), 1.0)
        for row, (base, grown) in enumerate(zip(before, more, strict=True)):
            text = _("{before:.0f} {more:+.1f}").format(before=base, more=grown)
            where = max(base, base + grown) + 0.015 * high
            axes.text(where, row, text, va="center", fontsize=9, color=INK)
        axes.set_xlim(0, high * (1.3 if narrow else 1.2))
        axes.set_yticks(rows, [str(name) for name in frame.index])
        axes.invert_yaxis()
        numbered(axes.xaxis, 4 if narrow else 7)
        captioned(axes, _("orders a thousand customers: without the campaign (dotted) + caused"))
        title = _("The campaign moved “{segment}” most: {more:+.0f} orders a thousand customers").format(
            segment=more.idxmax(), more=more.max()
        )
        said = ", ".join(
            f"{name} {b:.0f} {m:+.1f}" for name, b, m in zip(frame.index, before, more, strict=True)
        )
        words = _(
            "Bars of orders a thousand customers without the campaign, and those it caused: {segments}."
        )
        told(axes, title, words.format(segments=said))
        return axes
