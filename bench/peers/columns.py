"""The small market (bench/peers/market.py) with NumPy: a week and a channel at a time, over a column of customers."""

from __future__ import annotations

import numpy as np

from bench.peers.market import Counts, Market

__all__ = ["run_columns"]

BLOCK = 4_096
"""Customers in a column: their arrays stay in the cache, which is quicker than all customers at once."""


def run_columns(market: Market, seed: int, block: int = BLOCK) -> Counts:
    """Run all weeks, block by block of customers."""
    rng = np.random.default_rng(seed)
    parts = [_run_block(market, slice(start, start + block), rng) for start in range(0, market.size, block)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _run_block(market: Market, rows: slice, rng: np.random.Generator) -> Counts:
    near = np.exp(-np.hypot(*market.interests[rows].T) / market.breadth)
    chance = 1 / (1 + np.exp(-(market.intercept[:, None] + market.match * near)))
    mean, rate, conversion = market.mean[:, rows], market.rate[rows], market.conversion[rows]
    contacts, noticed, visits, orders = np.zeros((4, rate.size), np.int64)
    stock = np.zeros(mean.shape)
    for _week in range(market.weeks):
        pull = np.zeros(rate.size)
        for c, (kept, half, exponent) in enumerate(
            zip(market.retention, market.half, market.exponent, strict=True)
        ):
            met = rng.poisson(mean[c])
            contacts += met
            stock[c] *= kept
            who = np.flatnonzero(met)  # few are met: the others need no draw
            seen = rng.binomial(met[who], chance[c, who])
            noticed[who] += seen
            stock[c, who] += near[who] * seen
            raised = stock[c] if exponent == 1 else stock[c] ** exponent
            pull += market.persuasion[c] * raised / (raised + half**exponent)
        came = rng.poisson(np.log1p(np.expm1(rate) * np.exp(pull)))
        visits += came
        who = np.flatnonzero(came)
        orders[who] += rng.binomial(came[who], conversion[who])
    return {"contacts": contacts, "noticed": noticed, "visits": visits, "orders": orders}
