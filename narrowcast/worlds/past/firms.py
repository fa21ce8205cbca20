"""Customers who buy for a firm: the firms, who works where, and the deals they were offered."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.draws import Floats, Purpose, poisson
from narrowcast.worlds.people.traits import acquired_days
from narrowcast.worlds.trade import Business

__all__ = ["Deals", "Firms", "business_of", "deals", "firms"]

Whole = npt.NDArray[np.int64]

_SEAT, _OPENS, _INDUSTRY, _EMPLOYEES, _ROLE, _DEALS, _START, _AMOUNT = range(8)
_STAGES = 16
"""Slots of the draws: those of a firm are its first customer's."""

_SPREAD = 0.8
"""Standard deviation of the log of a firm's employees around its segment's median."""


@dataclass(frozen=True)
class Firms:
    """The firms of a block.

    Attributes
    ----------
    firm
        Shape (n,): number of each customer's firm within the block.
    head
        Shape (firms,): number within the block of the first customer of each.
    employees, industry
        Shape (firms,): people who work there; number of the industry in the recipe's order.
    role
        Shape (n,): number of each customer's role in the recipe's order.
    """

    firm: Whole
    head: Whole
    employees: Whole
    industry: Whole
    role: Whole


@dataclass(frozen=True)
class Deals:
    """What firms were offered, step by step; every array has shape (steps,).

    Attributes
    ----------
    deal
        Number of the deal within the block.
    firm
        Number of the firm within the block.
    stage
        Number of the stage in the recipe's order; the number of stages stands for lost.
    day
        Day of the history on which it was entered.
    amount
        Worth of the deal a year, in the smallest unit of the world's currency.
    """

    deal: Whole
    firm: Whole
    stage: Whole
    day: Whole
    amount: Whole


def business_of(block: Block) -> Business:
    """Return the recipe's part on firms; tables that need it are present only where it is."""
    business = block.recipe.business
    if business is None:
        message = "a world without [business] has no firms"
        raise TypeError(message)
    return business


def _pick(shares: dict[str, float], u: Floats) -> Whole:
    bounds = np.cumsum(list(shares.values()))[:-1]
    return np.searchsorted(bounds, u, side="right").astype(np.int64)


def firms(block: Block) -> Firms:
    """Draw the firms of a block: customers of one segment and region, side by side."""
    business, n = business_of(block), block.size

    def u(slot: int) -> Floats:
        return block.draw(Purpose.FIRMS, slot)

    place = block.region * 256 + block.segment
    order = np.argsort(place + u(_SEAT), kind="stable")
    seated = place[order]
    opens = (u(_OPENS)[order] < 1 / business.people.value) | (np.diff(seated, prepend=-1) != 0)
    firm = np.empty(n, dtype=np.int64)
    firm[order] = np.cumsum(opens) - 1
    head = np.full(int(opens.sum()), n)
    np.minimum.at(head, firm, np.arange(n))
    median = np.array([business.employees[name].value for name in block.recipe.segments])
    people = median[block.segment[head]] * np.exp(_SPREAD * ndtri(u(_EMPLOYEES)[head]))
    industries = {name: share.value for name, share in business.industries.items()}
    roles = {name: share.value for name, share in business.roles.items()}
    return Firms(
        firm,
        head,
        np.maximum(np.rint(people), np.bincount(firm)).astype(np.int64),
        _pick(industries, u(_INDUSTRY)[head]),
        _pick(roles, u(_ROLE)),
    )


def deals(block: Block) -> Deals:
    """Draw the deals of a block: each passes from stage to stage until it is won, lost or still open."""
    business, known, days = business_of(block), block.once(firms), calendar_of(block.recipe).days
    stages = list(business.stages.values())
    many = np.zeros(block.size, dtype=np.int64)
    many[known.head] = poisson(block.draw(Purpose.FIRMS, _DEALS), np.full(block.size, business.deals.value))[
        known.head
    ]
    head = np.repeat(np.arange(block.size), many)
    came = days - block.once(acquired_days)[head]
    entered = came + (block.stream(Purpose.FIRMS, many, _START) * (days - came)).astype(np.int64)
    size = known.employees[known.firm[head]]
    worth = size * business.deal_value.value * np.exp(0.3 * ndtri(block.stream(Purpose.FIRMS, many, _AMOUNT)))
    deal, rows = np.arange(head.size), []
    alive = np.ones(head.size, dtype=np.bool_)
    for number, stage in enumerate(stages):
        rows.append((deal[alive], np.full(int(alive.sum()), number), entered[alive]))
        wait = block.stream(Purpose.FIRMS, many, _STAGES + 2 * number)
        passes = block.stream(Purpose.FIRMS, many, _STAGES + 2 * number + 1) < stage.passes.value
        entered = entered + 1 + (-np.log(wait) * stage.days.value).astype(np.int64)
        over = number == len(stages) - 1  # nothing follows the last stage
        fell = alive & ~passes & (entered < days) & (not over)
        rows.append((deal[fell], np.full(int(fell.sum()), len(stages)), entered[fell]))
        alive = alive & passes & (entered < days)
    which, stage_, day = (np.concatenate([row[i] for row in rows]) for i in range(3))
    order = np.lexsort((stage_, day, which))
    which, stage_, day = which[order], stage_[order], day[order]
    amount = np.rint(worth / 1_000).astype(np.int64) * 1_000
    return Deals(which, known.firm[head][which], stage_, day, amount[which])
