"""When people bought and what they paid: BG/NBD counts and gamma-gamma spend, customer by customer.

The models are those of Fader, Hardie and Lee: "Counting your customers the easy way" (Marketing Science 24,
2005) for the counts and "RFM and CLV" (Journal of Marketing Research 42, 2005) for the spend. A customer's
first order is the day of acquisition. Until they drop out they come to the shop at a steady rate in seasonal
time; each visit becomes an order with their segment's conversion, which leaves the orders a Poisson process
as BG/NBD has it, and after each further order they drop out with a chance of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from narrowcast.worlds.blueprint import BLOCK_SIZE, Block
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.draws import Floats, Purpose, poisson
from narrowcast.worlds.ingredients import Segment
from narrowcast.worlds.inverse import beta_quantile, gamma_quantile
from narrowcast.worlds.people.contactable import on_phone
from narrowcast.worlds.people.traits import acquired_days

__all__ = [
    "PRICE_STEPS",
    "Purchases",
    "Tempers",
    "conversion",
    "paid",
    "purchases",
    "ranks_within",
    "tempers",
    "thrift",
]

Whole = npt.NDArray[np.int64]

_RATE, _DROPOUT, _COUNT, _LAST, _SPEND = range(5)
"""Slots of the draws of a customer's temper."""

PRICE_STEPS = {"VND": 1_000, "KRW": 100}
"""Prices are rounded to this many of a currency's smallest unit; others to one."""


@dataclass(frozen=True)
class Tempers:
    """What a customer is like, each of shape (n,). Latent: no firm sees it.

    Attributes
    ----------
    rate
        Orders a week of seasonal time while the customer is there (BG/NBD's lambda).
    rank
        Where the rate stands among the segment's, 0 to 1.
    dropout
        Chance to drop out after an order (BG/NBD's p).
    """

    rate: Floats
    rank: Floats
    dropout: Floats


@dataclass(frozen=True)
class Purchases:
    """Orders of a block without any campaign's help, by customer and time.

    Attributes
    ----------
    customer
        Shape (orders,): number of the customer within the block.
    day
        Shape (orders,): day of the history, from 0.
    repeats
        Shape (n,): orders after the first.
    until
        Shape (n,): seasonal day up to which the customer was there; the end of the history for most.
    """

    customer: Whole
    day: Whole
    repeats: Whole
    until: Floats


def tempers(block: Block) -> Tempers:
    """Draw what each customer is like.

    A market of one block is drawn whole for its tables and region by region for its weeks: it keeps what it draws.
    """
    if block.blueprint.customers > BLOCK_SIZE:
        return _drawn(block)
    kept, parts = block.blueprint.kept, []
    for region in block.regions:
        name = ("tempers", region.start, region.stop)
        if name not in kept:
            kept[name] = _drawn(Block(block.blueprint, region.number, region.start, region.stop))
        parts.append(kept[name])
    return Tempers(
        *(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Tempers))
    )


def _drawn(block: Block) -> Tempers:
    rank = block.draw(Purpose.REPEAT, _RATE)
    rate = _quantiles(block, gamma_quantile, lambda s: (s.repeat.r.value,), rank)
    chance = block.draw(Purpose.REPEAT, _DROPOUT)
    dropout = _quantiles(block, beta_quantile, lambda s: (s.repeat.a.value, s.repeat.b.value), chance)
    return Tempers(rate / block.each(lambda s: s.repeat.alpha.value), rank, dropout)


def thrift(block: Block) -> Floats:
    """Draw the scale of each customer's spend (gamma-gamma's nu), shape (n,): an order is Gamma(p, nu).

    Latent as the tempers are, and apart from them: who only counts orders has no need of it.
    """
    q = block.each(lambda s: s.spend.q.value)
    value = np.array(
        [s.order_value.value / block.recipe.rate_of(name) for name, s in block.recipe.segments.items()]
    )
    scale = value[block.segment] * (q - 1) / block.each(lambda s: s.spend.p.value)
    return (
        _quantiles(block, gamma_quantile, lambda s: (s.spend.q.value,), block.draw(Purpose.REPEAT, _SPEND))
        / scale
    )


def _quantiles(
    block: Block,
    quantile: Callable[..., Floats],
    parameters: Callable[[Segment], tuple[float, ...]],
    u: Floats,
    segment: npt.NDArray[np.uint8] | None = None,
) -> Floats:
    """Return quantiles with each segment's parameters, shape (n,); `segment` is each draw's, or the customers'."""
    segment = block.segment if segment is None else segment
    alike: dict[tuple[float, ...], list[int]] = {}
    for number, one in enumerate(block.recipe.segments.values()):
        alike.setdefault(parameters(one), []).append(number)
    if len(alike) == 1:
        return quantile(*alike.popitem()[0], u)
    result = np.empty(u.size)
    for values, numbers in alike.items():
        chosen = np.isin(segment, numbers)
        result[chosen] = quantile(*values, u[chosen])
    return result


def ranks_within(counts: Whole) -> Whole:
    """Return 0, 1, 2 ... within each customer, for things listed customer by customer."""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def purchases(block: Block) -> Purchases:
    """Draw the orders of a block's customers over the whole history."""
    calendar, temper = calendar_of(block.recipe), block.once(tempers)
    came = calendar.days - block.once(acquired_days)
    begin, end = calendar.seasonal(came), calendar.passed[-1]
    chances = poisson(block.draw(Purpose.REPEAT, _COUNT), temper.rate * (end - begin) / 7)
    log_stay = np.log1p(-np.minimum(temper.dropout, 1 - 1e-12))
    stay = np.floor(np.log(block.draw(Purpose.REPEAT, _LAST)) / np.minimum(log_stay, -1e-300))
    repeats = np.minimum(chances, np.minimum(stay, 2**40).astype(np.int64) + 1)
    who = np.repeat(np.arange(block.size), chances)
    # In seasonal time the moments are uniform: sorted by customer and moment, the first are kept.
    sorted_ = np.sort(who + block.stream(Purpose.ORDERS, chances)) - who
    kept = ranks_within(chances) < np.repeat(repeats, chances)
    seasonal = begin[who] + sorted_ * (end - begin)[who]
    until = np.full(block.size, end)
    gone = np.flatnonzero(stay < chances)  # dropped out at their last order
    last = np.cumsum(chances)[gone] - chances[gone] + repeats[gone] - 1
    until[gone] = seasonal[last]
    customer = np.concatenate([np.arange(block.size), who[kept]])
    day = np.concatenate([came, calendar.day_of(seasonal[kept])])
    order = np.lexsort((day, customer))
    return Purchases(customer[order], day[order], repeats, until)


def conversion(block: Block) -> Floats:
    """Return each customer's orders over visits, shape (n,): by device, with the segment's as their mean.

    With a share m of mobile customers and a ratio rho of mobile conversion, c_desktop = c (m / rho + 1 - m) and
    c_mobile = rho c_desktop give orders over visits = c in all, for the devices order alike.
    """
    ratio, mobile = block.each(lambda s: s.mobile_conversion.value), block.each(lambda s: s.mobile.value)
    desktop = block.each(lambda s: s.conversion.value) * (mobile / ratio + 1 - mobile)
    return np.clip(np.where(block.once(on_phone), ratio * desktop, desktop), 1e-4, 1.0)


def paid(block: Block, customer: Whole, u: Floats) -> Whole:
    """Return what orders brought, in the smallest unit of each customer's currency.

    Parameters
    ----------
    block
        Whose customers they are.
    customer
        Shape (orders,): number of the customer within the block.
    u
        Shape (orders,): uniforms.
    """
    segment = block.segment[customer]
    step = np.array([PRICE_STEPS.get(block.recipe.currency_of(name), 1) for name in block.recipe.segments])[
        segment
    ]
    amount = (
        _quantiles(block, gamma_quantile, lambda s: (s.spend.p.value,), u, segment)
        / block.once(thrift)[customer]
    )
    whole: Whole = np.maximum(np.rint(amount / step), 1).astype(np.int64) * step
    return whole
