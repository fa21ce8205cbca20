"""A market that is simple enough to be written three times: ours, NumPy's and Mesa's.

The model, week by week, for customer h and each of four bought channels c (television, radio, display, social media):

- contacts  K ~ Poisson(m_c e_h a_hc / sum of e a over the market), where m_c contacts a week are bought, e_h is the
  customer's media use and a_hc says whether the channel reaches them at all;
- noticed   N ~ Binomial(K, p), logit p = intercept + attention_c + match * g_h, with g_h = exp(-|z_h| / breadth) how
  well a message for everybody, at the origin, speaks to interests z_h;
- stock     S <- retention_c S + g_h N;
- visits    V ~ Poisson(log(1 + (exp(rate_h) - 1) exp(pull))), pull = sum over c of persuasion_c S^s / (S^s + half_c^s);
- orders    O ~ Binomial(V, conversion_h).

It is the full model with neutral figures: no other brands' messages, no season, nobody drops out, nobody has friends,
nothing is clicked, sent, searched or passed on. Our engine runs it from a recipe with these figures; it does all its
other work all the same (it also draws what each order brings), the peers leave that out. All three meet the
same customers, whose traits are drawn beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import narrowcast as nc
from narrowcast.simulate.ground import ground_of
from narrowcast.worlds import World
from narrowcast.worlds.blueprint import Blueprint

__all__ = ["CHANNELS", "COUNTS", "Counts", "Market", "market_of", "simple_plan", "simple_world"]

Floats = npt.NDArray[np.float64]
Counts = dict[str, npt.NDArray[np.int64]]
"""Contacts, noticed, visits and orders of each customer over all weeks, each of shape (n,)."""

COUNTS = ("contacts", "noticed", "visits", "orders")
CHANNELS = ("television", "radio", "display", "social")
WEEKS = 12
CONTACTS = 0.25
"""Contacts a customer a week that each channel brings."""

_NOTICE = -2.0
"""Logit of noticing at no match."""


@dataclass(frozen=True)
class Market:
    """What the peers are given.

    Attributes
    ----------
    weeks
        How long it runs.
    interests
        Shape (n, 2).
    rate, conversion
        Shape (n,): visits a week at rest; orders a visit.
    mean
        Shape (channels, n): mean contacts a week.
    breadth, match
        Distance at which a match falls to 1/e; logit of noticing per unit of match.
    intercept, persuasion, retention, half, exponent
        Shape (channels,).
    """

    weeks: int
    interests: Floats
    rate: Floats
    conversion: Floats
    mean: Floats
    breadth: float
    match: float
    intercept: Floats
    persuasion: Floats
    retention: Floats
    half: Floats
    exponent: Floats

    @property
    def size(self) -> int:
        """Number of customers."""
        return self.rate.size


def _set(part: Any, **values: float) -> Any:  # noqa: ANN401 - any part of a recipe
    """Return a part of a recipe with other values."""
    figures = {name: getattr(part, name).model_copy(update={"value": v}) for name, v in values.items()}
    return part.model_copy(update=figures)


def simple_world(customers: int, seed: int = 1) -> World:
    """Return the fashion shop's customers in a market with neutral figures."""
    recipe = nc.open_world("hcmc-fashion").with_media("radio").recipe
    neutral = {"click": 0.0, "warm": 1.0, "leads": 0.0}
    seasons = recipe.history.seasonality
    flat = seasons.model_copy(update={"values": (1.0,) * 12})
    history = recipe.history.model_copy(update={"seasonality": flat, "before_tet": None, "in_tet": None})
    segments = {
        name: _set(segment, mobile_conversion=1.0).model_copy(update={"repeat": _set(segment.repeat, a=1e-9)})
        for name, segment in recipe.segments.items()
    }
    parts = {
        "attention": _set(recipe.attention, intercept=_NOTICE, clutter=0.0),
        "advocacy": _set(recipe.advocacy, intercept=-50.0, match=0.0, friends=0.0, persuasion=0.0, bond=1.0),
        "history": history,
        "segments": segments,
        "channels": {name: _set(recipe.channels[name], **neutral) for name in CHANNELS},
        "competitors": {},
    }
    neutral_recipe = recipe.model_copy(update=parts)
    return World(neutral_recipe, None, seed, past=Blueprint(neutral_recipe, customers, seed))


def simple_plan(world: World, weeks: int = WEEKS) -> nc.Plan:
    """Return a plan that buys each channel's contacts for everybody."""
    price = world.channels["price_per_thousand"]
    bought = CONTACTS * weeks * world.size / 1_000
    return nc.Plan(
        "four channels", [nc.Flight(name, round(bought * price[name])) for name in CHANNELS], weeks
    )


def market_of(world: World, plan: nc.Plan) -> Market:
    """Return the same market as plain arrays."""
    recipe = world.recipe
    channels = [recipe.channels[name] for name in CHANNELS]
    price = np.array([channel.price_per_thousand.value for channel in channels])
    spend = np.array([flight.spend for flight in plan.flights], dtype=np.float64)
    use = (world.population.exposure[:, None] * world.population.reachable).T
    people = np.concatenate([ground_of(world, region).people for region in world.regions])

    def each(name: str) -> Floats:
        return np.array([getattr(channel, name).value for channel in channels], dtype=np.float64)

    return Market(
        plan.weeks, world.interests, people["rate"].astype(np.float64), people["conversion"].astype(np.float64),
        (spend / price * 1_000 / plan.weeks / use.sum(axis=1))[:, None] * use, recipe.market.breadth.value,
        recipe.attention.match.value, recipe.attention.intercept.value + each("attention"), each("persuasion"),
        each("retention"), each("half_saturation"), each("exponent"),
    )  # fmt: skip
