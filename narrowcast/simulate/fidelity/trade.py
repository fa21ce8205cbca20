"""Prices, conversion, memory and noise: what the recipes say, beside what was published."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from narrowcast.campaigns import Flight, Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Cell, Table, share_between
from narrowcast.simulate.fidelity.markets import (
    DOLLAR,
    across,
    conversions,
    market,
    markets,
    over_markets,
    scaled,
)
from narrowcast.simulate.fidelity.published import published
from narrowcast.simulate.run import nothing_done, simulate
from narrowcast.worlds import open_world
from narrowcast.worlds.media import catalogue

__all__ = ["adstock_table", "conversion_table", "noise_table", "price_table"]

_WEEKS = 2
_SHARE = 0.05
"""Of what a market sells anyway, the share spent on an advertisement whose worth is to be measured (teaching)."""


def price_table() -> Table:
    """Hold the catalogue's prices of 1,000 contacts against the published ones."""
    target, prices = published()["cpm_2022_usd"], catalogue()
    pairs = (
        (_("radio"), "radio", "radio"), (_("television"), "tv", "television"),
        (_("television, best hours"), "tv_prime", "television"), (_("newspapers"), "newspaper", "press"),
        (_("display"), "display", "display"),
    )  # fmt: skip
    cells = tuple(
        scaled(title, target[key], prices[medium].price_per_thousand.value / DOLLAR)
        for title, key, medium in pairs
    )
    return Table(
        "cpm_2022_usd", _("Price of 1,000 contacts in USD"), cells, _("none, prices are figures of the catalogue"),
        _("Teaching prices: broadcast media cost an eighth of the American ones, so that the price ratios of the first "
          "lesson come out; display costs what it costs. 25,000 VND a USD."),
    )  # fmt: skip


def conversion_table() -> Table:
    """Hold orders a visit in the course's markets against the published ones."""
    target = published()["conversion_ecommerce"]
    counted = {name: nothing_done(open_world(name), _WEEKS, 0).kpis() for name in markets()}
    seen = {name: float(row["orders"] / row["visits"]) for name, row in counted.items()}
    cells = [across(_("all markets"), target["all"], list(seen.values()), misfit=conversions())]
    for key, name, title in (
        ("pure_play", "hcmc-fashion", _("shop without stores: {market}")),
        ("multichannel", "hanoi-coffee", _("shop with stores: {market}")),
        ("travel", "danang-tourism", _("travel: {market}")),
    ):
        share, visits = seen[name], float(counted[name]["visits"])
        cells.append(
            Cell(title.format(market=name), target[key], share, *share_between(share, visits, visits),
                 claimed=False, note=conversions())
        )  # fmt: skip
    return Table(
        "conversion_ecommerce", _("Orders a visit"), tuple(cells), over_markets(),
        _("Weeks in which nothing is done. Intervals of a single market are those of its visits."),
    )  # fmt: skip


_GROUPS = {
    "tv": ("television",), "print_and_radio": ("press", "radio"),
    "digital": ("display", "search", "social", "affiliate", "email"),
}  # fmt: skip


def _kept() -> Iterator[tuple[str, str, float]]:
    """Yield where a channel stands, its medium, and what is kept of its stock a week."""
    for medium, channel in catalogue().items():
        yield _("catalogue"), medium, channel.retention.value
    for name in markets():
        for channel in open_world(name).recipe.channels.values():
            yield name, channel.medium, channel.retention.value


def adstock_table() -> Table:
    """Hold what channels keep of their stock against the published ranges."""
    target = published()["adstock_theta_weekly"]
    names = {"tv": _("television"), "print_and_radio": _("print and radio"), "digital": _("digital")}
    cells = []
    for key, title in names.items():
        low, high = target[key]
        mine = [(place, medium, kept) for place, medium, kept in _kept() if medium in _GROUPS[key]]
        values = [kept for _place, _medium, kept in mine]
        out = [f"{place}: {medium} {kept:g}" for place, medium, kept in mine if not low <= kept <= high]
        note = "; ".join(out)
        cells.append(
            Cell(_("{media}, least").format(media=title), low, min(values), how="set", bound="above")
        )
        cells.append(
            Cell(_("{media}, most").format(media=title), high, max(values), how="set", bound="below",
                 claimed=not out, note=note)
        )  # fmt: skip
    return Table(
        "adstock_theta_weekly", _("How much of an advertisement is kept a week"), tuple(cells),
        _("a range: the recipes' least is to be at or above its lower end, their most at or below its upper end"),
        _("Of the catalogue and of every channel of the course's markets."),
    )  # fmt: skip


def noise_table() -> Table:
    """Hold the spread of sales, and the interval of a return measured with half held out, against 25 experiments."""
    target = published()["ad_measurement_noise"]
    spreads, widths = [], []
    for name in markets():
        revenue = nothing_done(open_world(name), _WEEKS, 0).totals["revenue"]
        spreads.append(float(revenue.std() / revenue.mean()))
        world = market(name, "display")
        plan = Plan(flights=[Flight("display", _SHARE * float(revenue.sum()))], weeks=_WEEKS, holdout=0.5)
        done = simulate(world, plan, 0)
        lift = done.lift("margin")
        widths.append((lift.high - lift.low) * lift.treated / done.cost)
    cells = (
        across(_("spread of sales a person (standard deviations over mean)"), target["sales_cv"], spreads),
        Cell(_("width of the return's interval, median"), target["median_roi_ci_width_over"], float(np.median(widths)),
             bound="above"),
    )  # fmt: skip
    return Table(
        "ad_measurement_noise", _("How much noise hides an advertisement"), cells, over_markets(),
        _("Sales of two weeks; a display campaign for a twentieth of them, half the people held out."),
    )  # fmt: skip
