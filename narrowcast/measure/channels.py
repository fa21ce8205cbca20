"""A channel's own indicators, and how they stand beside other firms'.

What a channel is judged by (opens, clicks, cost per click) is not what the business is judged by:
see `narrowcast.measure.business` for that.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from narrowcast.errors import AnswerError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.measure.given import number

__all__ = [
    "CHANNEL_SUMS",
    "INDICATORS",
    "SENT",
    "against_benchmarks",
    "channel_indicators",
    "channel_meanings",
    "indicator_meanings",
]

CHANNEL_SUMS = (
    "contacts", "bounced", "delivered", "opened", "machine_opens", "clicked", "leads", "unsubscribed",
    "complaints", "visits", "tracked_orders", "tracked_revenue", "cost", "shares", "told",
)  # fmt: skip
"""Sums that are counted of each channel; "contacts" are sends where a medium is sent, "opened" is noticed."""

SENT = frozenset({"email", "post", "phone", "sms"})
"""Media that go to an address; the indicators of delivery are theirs alone."""


class Indicator(NamedTuple):
    """How an indicator is reckoned: `times` * part / whole."""

    part: tuple[str, ...]
    whole: str
    times: float = 1
    sent: bool | None = None  # True: of sent media alone; False: of the others; None: of all
    dear: bool = False  # True: the lower the better


_RULES = {
    "delivery_rate": Indicator(("delivered",), "contacts", sent=True),
    "bounce_rate": Indicator(("bounced",), "contacts", sent=True, dear=True),
    "open_rate": Indicator(("opened",), "delivered", sent=True),
    "reported_open_rate": Indicator(("opened", "machine_opens"), "delivered", sent=True),
    "click_to_open": Indicator(("clicked",), "opened", sent=True),
    "click_rate": Indicator(("clicked",), "delivered", sent=True),
    "unsubscribe_rate": Indicator(("unsubscribed",), "delivered", sent=True, dear=True),
    "complaint_rate": Indicator(("complaints",), "delivered", sent=True, dear=True),
    "ctr": Indicator(("clicked",), "contacts", sent=False),
    "cpc": Indicator(("cost",), "clicked", dear=True),
    "cpm": Indicator(("cost",), "contacts", times=1_000, dear=True),
    "cost_per_lead": Indicator(("cost",), "leads", dear=True),
    "cost_per_order": Indicator(("cost",), "tracked_orders", dear=True),
    "roas": Indicator(("tracked_revenue",), "cost"),
}
INDICATORS = (*_RULES, "tracked_orders")
"""Names and order of a channel's indicators."""


def indicator_meanings() -> pd.Series[str]:
    """Return in words what each of `INDICATORS` is, with its unit; rates are shares from 0 to 1."""
    meanings = {
        "delivery_rate": _("delivered over sent"),
        "bounce_rate": _("came back undelivered, over sent"),
        "open_rate": _("opened, read or answered by people, over delivered (not over sent)"),
        "reported_open_rate": _("what a mail tool shows: opens by machines too, over delivered"),
        "click_to_open": _("clicked or answered, over opened by people"),
        "click_rate": _("clicked or answered, over delivered"),
        "unsubscribe_rate": _("unsubscribed, over delivered"),
        "complaint_rate": _("complained, over delivered"),
        "ctr": _("click-through rate: clicks over contacts (impressions)"),
        "cpc": _("cost per click, money"),
        "cpm": _("cost of a thousand contacts, money"),
        "cost_per_lead": _("cost per lead, money"),
        "cost_per_order": _("cost per tracked order (last click), money"),
        "roas": _("return on advertising spend: tracked revenue over cost"),
        "tracked_orders": _("orders that the last click gives to the channel; not those it caused"),
    }
    return pd.Series(meanings, name="meaning").rename_axis("indicator")


def channel_meanings() -> pd.Series[str]:
    """Return in words what each column of `Outcome.channels` is: counts first, then the indicators.

    Four figures say how many orders are a channel's, and no two are alike: orders, tracked_orders, what
    `Outcome.attribution` credits ("last" is not the last click), and what `Outcome.truth` says it caused.
    """
    meanings = {
        "contacts": _("contacts, or sends where the medium is sent"),
        "bounced": _("sends that came back undelivered"),
        "delivered": _("contacts that arrived"),
        "opened": _("contacts that people noticed; of a medium that is sent: opened, read or answered"),
        "machine_opens": _("opens by machines, which nobody read"),
        "clicked": _("clicks or answers"),
        "leads": _("telephone numbers left on a landing page"),
        "unsubscribed": _("people who left the list"),
        "complaints": _("complaints: of unlawful deliveries, and by some who leave a list"),
        "visits": _("visits that a click began, in the same week"),
        "orders": _("orders of those visits: the click led to them at once"),
        "tracked_orders": _(
            "orders of whoever held the channel's cookie (of their last click, if it was young enough and not "
            "deleted) or code, however they came to the shop; in the log, the channel of an order"
        ),
        "tracked_revenue": _("money of the tracked orders"),
        "shares": _("times that people passed it on"),
        "told": _("friends whom that reached"),
        "self_referred": _("tracked orders with the buyer's own household's code"),
        "paid": _("commissions and rewards, money"),
        "lawless": _("deliveries against the law: without consent, at night, too many in a week"),
        "acquired": _("tracked first orders of people from purchased files"),
        "beside": _(
            "money beside what its flights spent: purchased addresses, special editions, fees; what channels share is "
            "divided by the money they were given"
        ),
        "cost": _("all that it really cost, beside included; the channels' costs add up to the campaign's"),
    }
    indicators = indicator_meanings().drop("tracked_orders")
    return pd.concat([pd.Series(meanings), indicators]).rename("meaning").rename_axis("column")


def channel_indicators(sums: pd.DataFrame, media: Mapping[str, str] | pd.Series[str]) -> pd.DataFrame:
    """Return each channel's indicators, from what was counted of it.

    Parameters
    ----------
    sums
        Index channel; the columns `CHANNEL_SUMS`, each 0 or more. One that is left out counts 0.
    media
        Medium of each channel, such as "email".

    Returns
    -------
    pandas.DataFrame
        Index channel, columns `INDICATORS`, as `indicator_meanings` tells them: part over whole. NaN
        where the whole is 0 or the indicator is not one of that medium's: bounces are of sent media
        (`SENT`), the click-through rate is of the others.

    Raises
    ------
    UnknownName
        If there is a column that is no sum.
    AnswerError
        If a sum is no number from 0 on, or a channel has no medium.
    """
    counted = _counted(sums)
    if not isinstance(media, Mapping | pd.Series):
        raise AnswerError(_("media must be a dict or a Series: the medium of each channel."))
    lacking = [str(name) for name in counted.index if name not in media]
    if lacking:
        raise AnswerError(_("These channels have no medium: {names}.").format(names=", ".join(lacking)))
    sent = np.array([media[name] in SENT for name in counted.index], dtype=bool)
    columns = {}
    for name, rule in _RULES.items():
        whole = counted[rule.whole].where(counted[rule.whole] > 0)
        rate = rule.times * counted[list(rule.part)].sum(axis=1) / whole
        columns[name] = rate if rule.sent is None else rate.where(sent == rule.sent)
    columns["tracked_orders"] = counted["tracked_orders"]
    return pd.DataFrame(columns, index=counted.index)


def _counted(sums: pd.DataFrame) -> pd.DataFrame:
    if not isinstance(sums, pd.DataFrame):
        problem = _("The sums are of the type {kind!r}.").format(kind=type(sums).__name__)
        raise AnswerError(problem, _("Give a DataFrame with one row a channel."))
    for name in sums.columns:
        if name not in CHANNEL_SUMS:
            raise UnknownName(kind=_("sum of a channel"), given=name, allowed=CHANNEL_SUMS)
    try:
        counted = sums.astype(float).reindex(columns=list(CHANNEL_SUMS), fill_value=0.0)
    except (TypeError, ValueError):
        raise AnswerError(_("The sums of a channel must be numbers.")) from None
    if not counted.index.is_unique:
        raise AnswerError(_("A channel has two rows of sums."), _("Add them up: one row a channel."))
    wrong = [str(name) for name in counted if not (np.isfinite(counted[name]) & (counted[name] >= 0)).all()]
    if wrong:
        raise AnswerError(
            _("These sums must be finite and 0 or more: {names}.").format(names=", ".join(wrong))
        )
    return counted.rename_axis("channel")


def against_benchmarks(
    indicators: pd.DataFrame, benchmarks: pd.DataFrame | Mapping[str, float] | pd.Series[float]
) -> pd.DataFrame:
    """Put channels' indicators beside benchmarks.

    Parameters
    ----------
    indicators
        What `channel_indicators` returns.
    benchmarks
        Index channel, columns indicators: NaN where there is none. Or one number an indicator, for
        all channels.

    Returns
    -------
    pandas.DataFrame
        One row for each channel and indicator that can be compared: channel, indicator, value,
        benchmark, ratio (value over benchmark; NaN over a benchmark of 0) and better (True where it is
        above its benchmark, or below it for costs, bounces, unsubscribes and complaints).

    Raises
    ------
    UnknownName
        If a benchmark is for an indicator or a channel that is not there.
    AnswerError
        If the tables are none, or a benchmark is no number.
    """
    if not isinstance(indicators, pd.DataFrame) or not isinstance(
        benchmarks, pd.DataFrame | Mapping | pd.Series
    ):
        raise AnswerError(
            _("Indicators and benchmarks cannot be compared as they are."),
            _("Give what channel_indicators returns, and a table or a dict of benchmarks."),
        )
    columns = list(benchmarks.columns) if isinstance(benchmarks, pd.DataFrame) else list(benchmarks.keys())
    for name in columns:
        if name not in _RULES:
            raise UnknownName(kind=_("indicator with a benchmark"), given=name, allowed=_RULES)
    if isinstance(benchmarks, pd.DataFrame):
        for name in benchmarks.index[~benchmarks.index.isin(indicators.index)]:
            raise UnknownName(kind=_("channel"), given=name, allowed=map(str, indicators.index))
    rows = []
    for channel in indicators.index:
        for name in columns:
            bar = (
                benchmarks[name].get(channel, math.nan)
                if isinstance(benchmarks, pd.DataFrame)
                else benchmarks[name]
            )
            value = float(indicators.at[channel, name]) if name in indicators else math.nan  # type: ignore[arg-type]
            if math.isnan(value) or pd.isna(bar):
                continue
            mark = number(name, bar, low=0)
            better = value < mark if _RULES[name].dear else value > mark
            rows.append((channel, name, value, mark, value / mark if mark else math.nan, better))
    return pd.DataFrame(rows, columns=["channel", "indicator", "value", "benchmark", "ratio", "better"])
