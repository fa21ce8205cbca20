"""Who lives in a region when a campaign begins: the people of the market's tables, at the end of their past."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from numpy.lib import recfunctions

from narrowcast.simulate.engine.arrays import CLOSEST, PERSON, TIE
from narrowcast.worlds import Region, World
from narrowcast.worlds.blueprint import Block, Blueprint
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.past.browsing import YEAR
from narrowcast.worlds.past.campaigns import left_lists
from narrowcast.worlds.past.purchases import conversion, purchases, tempers, thrift
from narrowcast.worlds.people.contactable import contactable
from narrowcast.worlds.people.friends import circles, friend_ties
from narrowcast.worlds.people.traits import arrivals
from narrowcast.worlds.population import REGION_SIZE, Population, draw_population
from narrowcast.worlds.tables.contacts import house_works, strangers

__all__ = ["Ground", "ground_of", "pasts_in", "strangers_of"]

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_STRANGER = 1 << 31
"""Strangers' numbers begin here, far above any customer's."""

_LIST = 1 << 27
"""Numbers of one purchased file."""


@dataclass(frozen=True)
class Ground:
    """The people of a region.

    Attributes
    ----------
    people
        `PERSON`, shape (n,).
    ties
        `TIE`, shape (2 ties,): each person's friends, one person after the other.
    listed
        uint8, shape (n,): bits of the addresses that the contact file holds.
    claimed
        uint8, shape (n,): bits of those at which the file says that they agreed.
    exposure
        Shape (n,): media use relative to the mean.
    reachable
        Shape (n, channels).
    circle
        Shape (n,): innermost circle of friends, numbered within the region.
    """

    people: npt.NDArray[Any]
    ties: npt.NDArray[Any]
    listed: npt.NDArray[np.uint8]
    claimed: npt.NDArray[np.uint8]
    exposure: npt.NDArray[np.float32]
    reachable: npt.NDArray[np.bool_]
    circle: npt.NDArray[np.uint16]


@dataclass(frozen=True)
class _Past:
    """What a region's past made of its people: the same for every market varied from one, but for their interests."""

    people: npt.NDArray[Any]
    ties: npt.NDArray[Any]
    listed: npt.NDArray[np.uint8]
    circle: npt.NDArray[np.uint16]


def _bits(*flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Pack flags for e-mail, phone and post into bits."""
    packed = np.zeros(flags[0].size, dtype=np.uint8)
    for place, flag in enumerate(flags):
        packed |= flag.astype(np.uint8) << np.uint8(place)
    return packed


def _temper(block: Block, people: npt.NDArray[Any]) -> None:
    """Fill in how often people come and buy, as the tables' past has it."""
    temper, rates = block.once(tempers), {n: block.recipe.rate_of(n) for n in block.recipe.segments}
    chance = block.once(conversion)
    people["segment"] = block.segment
    people["conversion"] = chance
    people["rate"] = temper.rate / chance
    people["dropout"] = temper.dropout
    people["scale"] = np.array(list(rates.values()))[block.segment] / block.once(thrift)


def pasts_in(block: Block) -> dict[Hashable, Any]:
    """Draw what their past made of the people of a block: by region, as `Blueprint.kept` may hold it for `ground_of`.

    All regions at once are quicker than one by one.
    """
    return dict(zip(map(_key, block.regions), _draw(block), strict=True))


def _key(region: Region) -> Hashable:
    return "past", region.number


def _draw(block: Block) -> Iterator[_Past]:
    """Draw what their past made of a block's people, and yield each region's part."""
    n, recipe = block.size, block.recipe
    people = np.zeros(n, dtype=PERSON)
    people["number"] = np.arange(block.start, block.stop)
    _temper(block, people)
    calendar, bought = calendar_of(recipe), block.once(purchases)
    people["alive"] = bought.until >= calendar.passed[-1]
    recent = bought.customer[bought.day >= calendar.days - YEAR]
    people["past"] = np.minimum(np.bincount(recent, minlength=n), 65_535)
    can, (no_mail, no_calls) = block.once(contactable), block.once(left_lists)
    always = np.ones(n, dtype=np.bool_)
    number, file = next((i, f) for i, f in enumerate(recipe.files.values()) if f.kind == "house")
    mail, calls = house_works(block, number, file)
    people["agreed"] = _bits(can.email_consent & ~no_mail, can.phone_consent & ~no_calls, always)
    people["valid"] = _bits(can.email & mail, can.phone & calls, always)
    people["file"] = 1 << number
    sponsor = block.once(arrivals).sponsor
    people["sponsor"] = np.where(sponsor >= 0, sponsor % REGION_SIZE, -1)  # of the same region, always
    friend, closeness = _ties(block, people)
    listed, circle = _bits(can.email, can.phone, always), circles(block)
    for region in block.regions:
        here = slice(region.start - block.start, region.stop - block.start)
        yield _part(people[here].copy(), friend - here.start, closeness, listed[here], circle[here])


def _part(
    people: npt.NDArray[Any], friend: Whole, closeness: Floats, listed: npt.NDArray[np.uint8], circle: Whole
) -> _Past:
    """Return a region's part of a block: what is numbered within the block is numbered within the region."""
    first = people["begin"][0]
    theirs = slice(first, people["begin"][-1] + people["degree"][-1])
    people["begin"] -= first
    ties = np.zeros(theirs.stop - theirs.start, dtype=TIE)
    ties["friend"], ties["closeness"] = friend[theirs], closeness[theirs]
    return _Past(people, ties, listed.copy(), (circle - circle.min() + 1).astype(np.uint16))


def _ties(block: Block, people: npt.NDArray[Any]) -> tuple[Whole, Floats]:
    """Return everybody's friends and how close they are, and fill in where each person's begin and end."""
    drawn = friend_ties(block)
    one = np.concatenate([drawn.first, drawn.second])
    # Numbers of sixteen bits are sorted by counting, several times as fast.
    order = np.argsort(one.astype(np.uint16) if block.size < 1 << 16 else one, kind="stable")
    degree = np.bincount(one, minlength=block.size)
    people["begin"] = np.cumsum(degree) - degree
    people["degree"] = degree
    friend = np.concatenate([drawn.second, drawn.first])[order]
    closeness = np.concatenate([drawn.closeness, drawn.closeness])[order]
    return friend, np.rint(closeness * CLOSEST)


def _living(world: World, region: Region) -> Population:
    """Return the population of a region: of the market in memory, or drawn by itself."""
    if world.is_drawn:
        everybody, rows = world.population, region.rows
        return Population(
            everybody.segment[rows],
            everybody.noise[rows],
            everybody.exposure[rows],
            everybody.reachable[rows],
        )
    return draw_population(world.recipe, region.size, world.past.seed, region.start)


def ground_of(world: World, region: Region) -> Ground:
    """Return who lives in a region.

    While a market is in memory its people are kept with it, for every plan meets the same ones: what the past made of
    them, and where their interests lie in the last market varied from it.
    """
    if not world.is_drawn:
        return _placed(world, region, _past(world.past, region))
    kept, where, number = (
        world.past.kept,
        (world.centres.tobytes(), world.recipe.market.noise.value),
        region.number,
    )
    same = kept.get(("ground", number))
    if same is None or same[0] is not world.population or same[1] != where:
        past = same[2] if same is not None else _past(world.past, region)
        ground = _placed(world, region, past)
        past = replace(past, people=ground.people)  # one array of people for each region, not two
        same = kept[("ground", number)] = (world.population, where, past, ground)
    found: Ground = same[3]
    return found


def _past(blueprint: Blueprint, region: Region) -> _Past:
    """Return what a region's past made of its people: it may have been drawn before, or elsewhere."""
    found: _Past | None = blueprint.kept.pop(_key(region), None)
    if found is not None:
        return found
    (drawn,) = _draw(Block(blueprint, region.number, region.start, region.stop))
    return drawn


def _placed(world: World, region: Region, past: _Past) -> Ground:
    """Return the people of a region with their interests, their use of media and what the contact file says."""
    living, people = _living(world, region), past.people.copy()
    here = world.centres[living.segment] + world.recipe.market.noise.value * living.noise
    people["x"], people["y"] = here[:, 0], here[:, 1]
    return Ground(
        people, past.ties, past.listed, past.listed & people["agreed"], living.exposure, living.reachable, past.circle
    )  # fmt: skip


def strangers_of(world: World, region: Region, name: str) -> Ground:
    """Return the people of a purchased file who live beside a region's customers.

    They have no friends among the customers, meet no bought medium, and their interests lie further off.
    """
    recipe = world.past.recipe
    number, file = list(recipe.files).index(name), recipe.files[name]
    block = Block(world.past, region.number, region.start, region.stop)
    rows = strangers(block, number, file)
    n = rows.customer.size
    people = recfunctions.repack_fields(np.zeros(n, dtype=PERSON))
    beside = ground_of(world, region).people
    for field in ("segment", "rate", "conversion", "dropout", "scale"):
        people[field] = beside[field][
            rows.customer[::-1]
        ]  # somebody like a customer, not the one they stand beside
    people["number"] = _STRANGER + number * _LIST + rows.row % _LIST
    people["sponsor"], people["stranger"], people["file"] = -1, 1, 1 << number
    always = np.ones(n, dtype=np.bool_)
    people["valid"] = _bits(rows.email_works, rows.phone_works, always)
    people["agreed"] = _bits(rows.agreed, rows.agreed, ~always)
    living = _living(world, region)
    turned = living.noise[rows.customer[::-1]][:, ::-1]
    away = file.shift.value * np.column_stack([np.cos(rows.row * 2.4), np.sin(rows.row * 2.4)])
    here = world.centres[people["segment"]] + world.recipe.market.noise.value * turned + away
    people["x"], people["y"] = here[:, 0], here[:, 1]
    listed = _bits(rows.email, rows.phone, always)
    return Ground(
        people, np.zeros(0, dtype=TIE), listed, np.where(rows.claimed, listed, 0).astype(np.uint8),
        np.zeros(n, np.float32), np.zeros((n, len(world.recipe.channels)), np.bool_), np.zeros(n, np.uint16),
    )  # fmt: skip
