"""What people did: last year's visits and orders, and every answer to a campaign."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category, customer_ids, row_ids, take
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.past.happenings import TYPES, happenings
from narrowcast.worlds.past.sales import ORGANIC
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLE"]


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column("event_id", "whole", _("Number of the event; unique.")),
        Column("customer_id", "text", _("Who did it."), key="customers.customer_id"),
        Column("ts", "time", _("When; visits and orders of the last year alone.")),
        Column(
            "type",
            "category",
            _(
                "visit, order; bounce, open, click, unsubscribe of a message; answer, interest on the telephone; "
                "view of an advertisement. Some opens are a machine's."
            ),
        ),
        Column("campaign_id", "category", _("Campaign that it is credited to; organic where there is none.")),
        Column(
            "cost", "whole", _("What a click cost, where clicks are paid for."), _("smallest unit of money")
        ),
        Column("revenue", "whole", _("What an order brought."), _("smallest unit of the order's currency")),
    )


def draw(block: Block) -> pa.Table:
    """Draw the events of a block."""
    recipe, parts = block.recipe, list(happenings(block))
    sizes = [part.customer.size for part in parts]
    customer = np.concatenate([part.customer for part in parts])
    moment = np.concatenate([part.moment for part in parts])
    kind = np.repeat([TYPES.index(part.type) for part in parts], sizes)
    campaign, cost, revenue = (
        np.concatenate([np.broadcast_to(getattr(part, name), part.customer.size) for part in parts])
        for name in ("campaign", "cost", "revenue")
    )
    order, numbers = row_ids(block, customer, moment)
    return pa.Table.from_arrays(
        [
            pa.array(numbers),
            take(block.once(customer_ids), customer[order]),
            pa.array(moment[order]),
            category(kind[order], TYPES),
            category(campaign[order] - ORGANIC, ["organic", *recipe.campaigns]),
            pa.array(cost[order]),
            pa.array(revenue[order]),
        ],
        schema=TABLE.schema(),
    )


TABLE = Table("events", lambda: _("Events"), columns, draw, unique=("event_id",), order=("ts", "event_id"))
