"""The small market (bench/peers/market.py) with Mesa: a customer is an agent, a week is a step.

It is written as Mesa's users write: chance from the model's own `rng`, NumPy's generator, for Python's has no Poisson.
A call of it for one number takes long, so there is a version tuned by hand, too, which draws from Python's generator.
"""

from __future__ import annotations

import math
from random import Random

import mesa
import numpy as np

from bench.peers.market import COUNTS, Counts, Market

__all__ = ["Shop", "TunedShop", "run_agents"]


class Customer(mesa.Agent):  # type: ignore[misc] # Mesa has no types
    """A customer: meets channels, notices, comes and orders."""

    def __init__(self, model: Shop, number: int) -> None:
        super().__init__(model)
        market = model.market
        near = math.exp(-math.hypot(*market.interests[number]) / market.breadth)
        self.near, self.rate, self.conversion = (
            near, float(market.rate[number]), float(market.conversion[number])
        )  # fmt: skip
        self.mean = market.mean[:, number].tolist()
        self.chance = [1 / (1 + math.exp(-(logit + market.match * near))) for logit in market.intercept]
        self.stock = [0.0] * len(self.chance)
        self.contacts = self.noticed = self.visits = self.orders = 0

    def step(self) -> None:
        """Live a week."""
        model, stock, pull = self.model, self.stock, 0.0
        for c, (persuasion, kept, half, exponent) in enumerate(model.channels):
            met = model.poisson(self.mean[c])
            seen = model.binomial(met, self.chance[c]) if met else 0
            self.contacts += met
            self.noticed += seen
            now = stock[c] = stock[c] * kept + seen * self.near
            if now:
                raised = now**exponent
                pull += persuasion * raised / (raised + half**exponent)
        came = model.poisson(math.log1p(math.expm1(self.rate) * math.exp(pull)))
        self.visits += came
        self.orders += model.binomial(came, self.conversion) if came else 0


class Shop(mesa.Model):  # type: ignore[misc] # Mesa has no types
    """All customers."""

    def __init__(self, market: Market, seed: int) -> None:
        super().__init__(seed=seed)
        self.market = market
        figures = (market.persuasion, market.retention, market.half, market.exponent)
        self.channels = [tuple(map(float, row)) for row in zip(*figures, strict=True)]
        self.poisson, self.binomial = self.rng.poisson, self.rng.binomial
        Customer.create_agents(self, market.size, list(range(market.size)))

    def step(self) -> None:
        """Let a week pass; customers do not meet, so their order does not matter."""
        self.agents.do("step")

    def counts(self) -> Counts:
        """Return what happened to each customer."""
        return {name: np.array(self.agents.get(name), dtype=np.int64) for name in COUNTS}


class TunedShop(Shop):
    """All customers, with counts from Python's generator: quicker for single numbers with small means."""

    def __init__(self, market: Market, seed: int) -> None:
        super().__init__(market, seed)
        draws: Random = self.random
        uniform = draws.random

        def poisson(mean: float) -> int:
            """Return a count by Knuth's method."""
            none, product, count = math.exp(-mean), uniform(), 0
            while product > none:
                product *= uniform()
                count += 1
            return count

        def binomial(trials: int, chance: float) -> int:
            return sum(uniform() < chance for _trial in range(trials))

        self.poisson, self.binomial = poisson, binomial


def run_agents(shop: Shop) -> Counts:
    """Run all weeks."""
    for _week in range(shop.market.weeks):
        shop.step()
    return shop.counts()
