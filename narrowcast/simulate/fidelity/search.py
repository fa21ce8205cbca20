"""Search and display: clicks on advertisements, orders a click, clicks by place on a page."""

from __future__ import annotations

import numpy as np

from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Table
from narrowcast.simulate.fidelity.markets import (
    across,
    conversions,
    market,
    markets,
    over_markets,
    ran,
)
from narrowcast.simulate.fidelity.published import published
from narrowcast.simulate.pull import authority, click_curve

__all__ = ["organic_table", "search_table"]

_PLENTY = 1e11
"""Money enough for every click and for the first place."""


def search_table() -> Table:
    """Hold paid search at the median bid, and display, against the published rates."""
    target = published()["ppc_wordstream_2015"]
    search = [ran(name, "search", spend=_PLENTY) for name in markets()]
    display = [ran(name, "display") for name in markets()]
    clicks, banners = (
        [float(row["clicked"] / row["contacts"]) for row in rows] for rows in (search, display)
    )
    orders = [float(row["orders"] / row["clicked"]) for row in search]
    cells = (
        across(_("clicks a search advertisement"), target["search_ctr_all"], clicks, "set"),
        across(
            _("clicks a search advertisement, e-commerce"),
            target["search_ctr_ecommerce"],
            clicks,
            misfit=_("the catalogue has all trades, not shops alone"),
        ),
        across(_("clicks a display advertisement"), target["display_ctr_all"], banners, "set"),
        across(_("orders a click, search"), target["search_cvr_all"], orders, misfit=conversions()),
        across(
            _("orders a click, search, e-commerce"),
            target["search_cvr_ecommerce"],
            orders,
            misfit=conversions(),
        ),
    )
    return Table(
        "ppc_wordstream_2015", _("Clicks and orders of search and display advertisements"), cells, over_markets(),
        _("A bid at the median of the rivals', with money for every click. The catalogue is set to the clicks of all "
          "trades, at a match of one half."),
    )  # fmt: skip


def organic_table() -> Table:
    """Hold unpaid search against the published clicks by place."""
    target = published()["organic_ctr"]
    top = [_at_the_top(name) for name in markets()]
    curve = {place: float(click_curve(float(place)) / click_curve(1.0)) for place in (1, 2, 10)}
    cells = tuple(
        across(
            _("clicks a search, place {place}").format(place=place), target[f"position_{place}"],
            [share * fall for share in top], "set",
        )
        for place, fall in curve.items()
    )  # fmt: skip
    return Table(
        "organic_ctr", _("Clicks by place on a page of results"), cells, over_markets(),
        _("Content enough for the first place; the others follow by the published curve, which the engine has. What a "
          "site had before the campaign is taken out of what the campaign brings, and put back here."),
    )  # fmt: skip


def _at_the_top(name: str) -> float:
    """Return the clicks a search at the first place: the engine counts those beyond what the site had before."""
    channel = market(name, "seo").recipe.channels["seo"]
    row = ran(name, "seo", spend=_PLENTY)
    most = authority(np.array([_PLENTY]), 1.0, channel.rivals.value, channel.rival_strength.value)[0]
    return float(row["clicked"] / row["contacts"] / most)
