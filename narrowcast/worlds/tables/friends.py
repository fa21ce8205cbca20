"""Who knows whom."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import customer_ids, take
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.people.friends import friend_ties
from narrowcast.worlds.people.traits import arrivals
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLE"]


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column(
            "customer_id", "text", _("One of the two; each pair stands once."), key="customers.customer_id"
        ),
        Column("friend_id", "text", _("The other, who came later."), key="customers.customer_id"),
        Column("closeness", "number", _("From 0, hardly, to 1, closest."), _("share")),
    )


def draw(block: Block) -> pa.Table:
    """Draw the friendships of a block: those of the circles, and those between referrer and referred."""
    ties, ids = friend_ties(block), block.once(customer_ids)
    brought_by = block.once(arrivals).sponsor
    referred = np.flatnonzero(brought_by >= 0)
    sponsor = brought_by[referred] - block.start
    keys = np.concatenate([ties.first * block.size + ties.second, sponsor * block.size + referred])
    closeness = np.concatenate([ties.closeness, np.full(referred.size, 0.5)])
    keys, at = np.unique(keys, return_index=True)  # a referrer who was a friend anyway stays as close
    first, second = np.divmod(keys, block.size)
    return pa.Table.from_arrays(
        [take(ids, first), take(ids, second), pa.array(np.round(closeness[at], 2))], schema=TABLE.schema()
    )


TABLE = Table(
    "friends",
    lambda: _("Friendships"),
    columns,
    draw,
    unique=("customer_id", "friend_id"),
    order=("customer_id", "friend_id"),
)
