"""What a world's pictures show: their numbers, their words, and what they say to those who cannot see them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from narrowcast.language import gettext as _
from narrowcast.language import in_course
from narrowcast.worlds.card.seen import MOST_ORDERS, Seen
from narrowcast.worlds.card.words import day, money, percent
from narrowcast.worlds.recipe import Recipe

__all__ = ["LOOK", "PLOTS", "Plot", "plots"]

LOOK = 1
"""Raised whenever the same numbers and words are drawn in another way."""

PLOTS = ("groups", "weeks", "orders", "values")
"""Names of a world's pictures, in the order of its card."""

HIGH_SEASON = 1.15
"""From this multiple of a mean month on, a month is called high season."""

_SHOWN = 6
"""Groups that have room in a picture."""


@dataclass(frozen=True)
class Plot:
    """One picture, before it is drawn.

    Attributes
    ----------
    name
        One of `PLOTS`.
    caption
        What it shows, for everybody.
    alt
        What is to be seen in it, for those who cannot see it.
    content
        All that is drawn: rounded numbers and words, as JSON would hold them.
    """

    name: str
    caption: str
    alt: str
    content: dict[str, Any]

    @property
    def digest(self) -> str:
        """Fingerprint (16 hexadecimal digits) of everything that is drawn."""
        told = json.dumps([LOOK, self.name, self.alt, self.content], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def plots(recipe: Recipe, seen: Seen) -> tuple[Plot, ...]:
    """Return the pictures of a market, worded in the language in force."""
    return (_groups(recipe, seen), _weeks(recipe, seen), _orders(seen), _values(recipe, seen))


def _titles(recipe: Recipe) -> list[str]:
    return [in_course(segment.title) for segment in recipe.segments.values()]


def _groups(recipe: Recipe, seen: Seen) -> Plot:
    rows = list(zip(_titles(recipe), seen.shares, seen.margins, strict=True))
    if len(rows) > _SHOWN:
        _names, *sums = zip(*rows[_SHOWN - 1 :], strict=True)
        rest = _("{count} other groups").format(count=len(rows) - _SHOWN + 1)
        rows = [*rows[: _SHOWN - 1], (rest, sum(sums[0]), sum(sums[1]))]
    bars, told = [], []
    for title, *parts in rows:
        share, margin = (round(part, 3) for part in parts)
        labels = (
            _("{share} of customers").format(share=percent(share)),
            _("{share} of the margin").format(share=percent(margin)),
        )
        bars.append([title, [[share, labels[0]], [margin, labels[1]]]])
        told.append(f"{title}: {', '.join(labels)}")
    return Plot(
        "groups",
        _("Customers, and the margin that they bring, group by group."),
        _("Two bars for each group. {groups}.").format(groups="; ".join(told)),
        {"bars": bars},
    )


def _weeks(recipe: Recipe, seen: Seen) -> Plot:
    weeks = len(seen.weekly)
    first = dt.date.fromisoformat(day(weeks))
    busiest = max(range(weeks), key=seen.weekly.__getitem__)
    peak_day = (first + dt.timedelta(weeks=busiest)).isoformat()
    peak = _("{count:,} orders in the week of {day}").format(count=seen.weekly[busiest], day=peak_day)
    high = [n for n, factor in enumerate(recipe.history.seasonality.values, 1) if factor >= HIGH_SEASON]
    alt = _(
        "A line of orders a week over {weeks} weeks. It begins at {begin:,} and ends at {end:,}; the most are {peak}."
    ).format(weeks=weeks, begin=seen.weekly[0], end=seen.weekly[-1], peak=peak)
    content = {
        "first": first.isoformat(),
        "weekly": list(seen.weekly),
        "peak": [busiest, peak],
        "high": high,
        "season": _("high season"),
        "unit": _("orders a week"),
    }
    if high:
        alt += " " + _("High season is shaded.")
    return Plot("weeks", _("Orders a week since the first customer came."), alt, content)


def _orders(seen: Seen) -> Plot:
    total = max(sum(seen.times), 1)
    shares = [round(count / total, 3) for count in seen.times]
    told = [
        _("{share} ordered once").format(share=percent(shares[0])),
        _("{share} twice").format(share=percent(shares[1])),
        _("{share} three times").format(share=percent(shares[2])),
        _("{share} more often").format(share=percent(round(sum(shares[3:]), 3))),
    ]
    return Plot(
        "orders",
        _("How often customers have ordered so far."),
        _("A bar for each number of orders. Of all customers {shares}.").format(shares=", ".join(told)),
        {
            "shares": [[share, percent(round(share, 2)) if share >= 0.005 else "<1%"] for share in shares],
            "names": [*(str(n) for n in range(1, MOST_ORDERS)), f"{MOST_ORDERS}+"],
            "unit": _("orders of one customer"),
            "of": _("share of customers"),
        },
    )


def _values(recipe: Recipe, seen: Seen) -> Plot:
    rows, told = [], []
    for title, quantiles in list(zip(_titles(recipe), seen.values, strict=True))[:_SHOWN]:
        if not quantiles:
            continue
        rounded = [float(f"{value:.3g}") for value in quantiles]
        low, middle, high = (money(rounded[place], recipe.currency) for place in (0, 2, 4))
        ends = [amount.rpartition(" ")[0] for amount in (low, high)]
        rows.append([title, rounded, [ends[0], middle, ends[1]]])
        told.append(
            _("{group}: half are below {middle}, one in ten below {low}, one in ten above {high}").format(
                group=title, middle=middle, low=low, high=high
            )
        )
    return Plot(
        "values",
        _(
            "What an order brings ({currency}): the dot is the middle one, the thick bar the middle half, "
            "the thin line eight in ten."
        ).format(currency=recipe.currency),
        _("A line for each group's orders. {groups}.").format(groups="; ".join(told)),
        {"rows": rows},
    )
