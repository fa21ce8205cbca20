"""The course's markets as a sample: a catalogue's figure meets seven kinds of people."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from narrowcast.campaigns import Flight, Message, Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Cell, How, between
from narrowcast.simulate.run import simulate
from narrowcast.worlds import World, open_world, world_names

__all__ = ["DOLLAR", "across", "conversions", "market", "markets", "over_markets", "ran", "ratio", "scaled"]

DOLLAR = 25_000
"""Dong a US dollar, as the catalogue reckons."""

_WEEKS = 4


@cache
def markets() -> tuple[str, ...]:
    """Return the names of the course's markets."""
    return tuple(world_names())


@cache
def market(name: str, medium: str) -> World:
    """Return a market with a channel named after a medium: its own, or the catalogue's where it has none."""
    world = open_world(name)
    return world if medium in world.recipe.channels else world.with_media(medium)


@cache
def ran(
    name: str, medium: str, file: str = "", *, personal: bool = False, spend: float = 0.0, seed: int = 0
) -> dict[str, float]:
    """Return what a channel counts in a market when everybody gets one message for four weeks, as most senders do it.

    Parameters
    ----------
    name
        The market.
    medium
        The medium.
    file
        A contact file other than the firm's own; its people need not have agreed.
    personal
        Whether the message bears the reader's name.
    spend
        Money; 0 pays for one contact a person and week.
    seed
        Luck.
    """
    world = market(name, medium)
    money = spend or world.size * _WEEKS * world.recipe.channels[medium].price_per_thousand.value / 1_000
    told = Message(personal=personal)
    flight = Flight(medium, money, message=told, files=(file,) if file else (), consented=not file)
    done = simulate(world, Plan(flights=[flight], weeks=_WEEKS, lawful=not file), seed)
    row = done.channels().loc[medium]
    return {str(column): float(row[column]) for column in row.index}


def ratio(rows: Sequence[Mapping[str, float]], above: str, below: str) -> list[float]:
    """Return one count over another in each market."""
    return [row[above] / row[below] for row in rows]


def across(name: str, published: float, values: Sequence[float], how: How = "free", misfit: str = "") -> Cell:
    """Return a cell whose interval is where the mean of further markets would lie; it fits if the mean is near, too.

    Parameters
    ----------
    name
        What the figure is.
    published
        The published one.
    values
        The simulated ones, a market each; NaN where a market has none.
    how
        Where the simulated figure comes from.
    misfit
        Why it is known not to fit; empty where we claim that it does.
    """
    seen = [value for value in values if not math.isnan(value)]
    low, high = between(seen, mean=True)
    return Cell(name, published, float(np.mean(seen)), low, high, how, not misfit, misfit, spread=True)


def scaled(name: str, published: float, ours: float) -> Cell:
    """Return a cell of a teaching price, which is on another scale by intention."""
    note = _("{ratio:.3f} of the published price").format(ratio=ours / published)
    return Cell(name, published, ours, how="scaled", claimed=False, note=note)


def over_markets() -> str:
    """Return what the intervals of `across` are, in the reader's language."""
    return _("of the mean over markets (95%), from the course's seven")


def conversions() -> str:
    """Return why no conversion fits, in the reader's language."""
    return _(
        "the course's markets sell to more of their visitors than real shops, so that a class sees orders"
    )
