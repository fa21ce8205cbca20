"""Who was met by which past campaign, and who was kept from it by chance."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category, customer_ids, row_ids, take, texts
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.past.campaigns import PAID_BY_CLICK, TREATED, meetings
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["ASSIGNMENTS", "TOUCHES"]


def _touch_columns() -> tuple[Column, ...]:
    return (
        Column("touch_id", "whole", _("Number of the contact; unique.")),
        Column("campaign_id", "category", _("Campaign that made it."), key="campaigns.campaign_id"),
        Column("customer_id", "text", _("Whom it was made with."), key="customers.customer_id"),
        Column("ts", "time", _("When.")),
        Column("cost", "whole", _("What it cost; 0 where only clicks are paid for."), _("smallest unit of money")),
        Column("delivered", "flag", _("Whether it arrived.")),
    )  # fmt: skip


def _draw_touches(block: Block) -> pa.Table:
    recipe, met = block.recipe, list(block.once(meetings).values())
    touched = [np.flatnonzero(meeting.arm == TREATED) for meeting in met]
    number = np.repeat(np.arange(len(met)), [who.size for who in touched])
    customer = np.concatenate(touched)
    moment = np.concatenate([m.moment[who] for m, who in zip(met, touched, strict=True)])
    arrived = np.concatenate([m.delivered[who] for m, who in zip(met, touched, strict=True)])
    cost = np.array(
        [0 if c.medium in PAID_BY_CLICK else round(c.cost.value) for c in recipe.campaigns.values()]
    )
    order, numbers = row_ids(block, customer, moment)
    return pa.Table.from_arrays(
        [
            pa.array(numbers),
            category(number[order], list(recipe.campaigns)),
            take(block.once(customer_ids), customer[order]),
            pa.array(moment[order]),
            pa.array(cost[number[order]]),
            pa.array(arrived[order]),
        ],
        schema=TOUCHES.schema(),
    )


def _assignment_columns() -> tuple[Column, ...]:
    return (
        Column("campaign_id", "text", _("Campaign with a holdout."), key="campaigns.campaign_id"),
        Column("customer_id", "text", _("Who was chosen for it."), key="customers.customer_id"),
        Column("arm", "category", _("treated, or kept from it by chance: holdout.")),
    )


def _draw_assignments(block: Block) -> pa.Table:
    campaigns, met = block.recipe.campaigns, list(block.once(meetings).values())
    trials = [number for number, c in enumerate(campaigns.values()) if c.holdout.value > 0]
    arms = np.column_stack([met[number].arm for number in trials])
    customer, trial = np.nonzero(arms)  # customer by customer
    return pa.Table.from_arrays(
        [
            take(texts(list(campaigns)), np.array(trials)[trial]),
            take(block.once(customer_ids), customer),
            category(arms[customer, trial] - 1, ["treated", "holdout"]),
        ],
        schema=ASSIGNMENTS.schema(),
    )


def _with_holdout(recipe: Recipe) -> bool:
    return any(campaign.holdout.value > 0 for campaign in recipe.campaigns.values())


TOUCHES = Table(
    "touches",
    lambda: _("Contacts of past campaigns"),
    _touch_columns,
    _draw_touches,
    unique=("touch_id",),
    present=lambda recipe: bool(recipe.campaigns),
    order=("ts", "touch_id"),
)

ASSIGNMENTS = Table(
    "assignments",
    lambda: _("Arms of past experiments"),
    _assignment_columns,
    _draw_assignments,
    unique=("campaign_id", "customer_id"),
    present=_with_holdout,
)
