"""Every order since the first customer came."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category, customer_ids, row_ids, take, texts
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.past.sales import ORGANIC, sales, takings
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLE"]


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    coin = _("smallest unit of the order's currency")
    return (
        Column("order_id", "whole", _("Number of the order; unique.")),
        Column("customer_id", "text", _("Who ordered."), key="customers.customer_id"),
        Column("ts", "time", _("When the order was placed.")),
        Column("revenue", "whole", _("What was paid, before anything came back."), coin),
        Column("discount", "whole", _("What a coupon took off."), coin),
        Column("coupon", "text", _("Word on the coupon; missing without one."), nullable=True),
        Column("returned", "flag", _("Whether the goods came back; the money went back then.")),
        Column("currency", "category", _("Currency of the order (ISO 4217).")),
        Column(
            "campaign_id",
            "category",
            _("Campaign whose click came last, at most seven days before; organic where there was none."),
        ),
        Column(
            "caused_by",
            "category",
            _("Campaign without which this order would not exist; missing for nearly all."),
            nullable=True,
            hidden=True,
        ),
    )


def draw(block: Block) -> pa.Table:
    """Draw the orders of a block."""
    recipe, sold, brought = block.recipe, block.once(sales), block.once(takings)
    order, numbers = row_ids(block, sold.customer, sold.moment)
    customer, names = sold.customer[order], list(recipe.campaigns)
    currencies = sorted({recipe.currency_of(name) for name in recipe.segments})
    pays = np.array([currencies.index(recipe.currency_of(name)) for name in recipe.segments])
    discount = brought.discount[order]
    coupons = take(texts([recipe.history.coupon]), np.zeros(order.size, np.int64), missing=discount == 0)
    return pa.Table.from_arrays(
        [
            pa.array(numbers),
            take(block.once(customer_ids), customer),
            pa.array(sold.moment[order]),
            pa.array(brought.revenue[order]),
            pa.array(discount),
            coupons,
            pa.array(brought.returned[order]),
            category(pays[block.segment[customer]], currencies),
            category(sold.credited[order] - ORGANIC, ["organic", *names]),
            category(sold.cause[order], names),
        ],
        schema=TABLE.schema(),
    )


TABLE = Table("orders", lambda: _("Orders"), columns, draw, unique=("order_id",), order=("ts", "order_id"))
