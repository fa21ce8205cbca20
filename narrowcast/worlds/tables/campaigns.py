"""Past campaigns: one row each."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import texts
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import DAY, TODAY, calendar_of
from narrowcast.worlds.past.campaigns import first_day
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLE"]


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column("campaign_id", "text", _("Name of the campaign; unique.")),
        Column("title", "text", _("What the firm called it.")),
        Column("medium", "text", _("How it met people.")),
        Column("segment", "text", _("Whom it was for; missing for everybody."), nullable=True),
        Column("started_at", "date", _("Its first day.")),
        Column("ended_at", "date", _("Its last day.")),
        Column("cost", "whole", _("Cost of a contact, or of a click where clicks are paid for."),
               _("smallest unit of money")),
        Column("planned_holdout", "number", _("Share of those chosen that chance kept from it."), _("share")),
    )  # fmt: skip


def draw(block: Block) -> pa.Table:
    """Return the campaigns of a market."""
    recipe = block.recipe
    days, campaigns = calendar_of(recipe).days, recipe.campaigns.values()
    start = np.array([first_day(recipe, campaign) for campaign in campaigns], dtype=np.int64)
    long = np.array([round(campaign.days.value) for campaign in campaigns], dtype=np.int64)
    begin, end = ((day - days) * DAY for day in (start, np.minimum(start + long, days) - 1))
    return pa.Table.from_arrays(
        [
            texts(list(recipe.campaigns)),
            texts([campaign.title for campaign in campaigns]),
            texts([campaign.medium for campaign in campaigns]),
            texts([campaign.segment for campaign in campaigns]),
            pa.array(TODAY + begin.astype("timedelta64[s]")),
            pa.array(TODAY + end.astype("timedelta64[s]")),
            pa.array(np.array([round(campaign.cost.value) for campaign in campaigns], dtype=np.int64)),
            pa.array(np.array([campaign.holdout.value for campaign in campaigns], dtype=np.float64)),
        ],
        schema=TABLE.schema(),
    )


TABLE = Table(
    "campaigns",
    lambda: _("Past campaigns"),
    columns,
    draw,
    unique=("campaign_id",),
    present=lambda recipe: bool(recipe.campaigns),
    whole=True,
)
