"""Who the customers are: gender, age and work, and when and how they came, a block at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from narrowcast.errors import RecipeError
from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import calendar_of
from narrowcast.worlds.draws import Floats, Purpose
from narrowcast.worlds.ingredients import LOCALES, Segment
from narrowcast.worlds.people.friends import sponsors
from narrowcast.worlds.people.lots import Lots
from narrowcast.worlds.people.nations import Work, nation

__all__ = [
    "Arrival",
    "acquired_days",
    "ages",
    "arrivals",
    "female",
    "locales",
    "occupations",
]

Codes = npt.NDArray[np.unsignedinteger[Any]]
Flags = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

YOUNGEST, OLDEST = 16, 85
"""Nobody is younger, and nobody as old as the latter plus a day."""

_FEMALE, _AGE, _JOB, _CHANNEL, _CAME = 0, 2, 12, 15, 20
"""Slots of the identity's draws; `contactable`, `residences` and the customers table have others."""


def female(block: Block) -> Flags:
    """Draw who is a woman, shape (n,)."""
    flags: Flags = block.draw(Purpose.IDENTITY, _FEMALE) < block.each(lambda segment: segment.female.value)
    return flags


def ages(block: Block) -> Floats:
    """Draw ages in years, shape (n,): normal by segment, between `YOUNGEST` and `OLDEST`.

    Raises
    ------
    RecipeError
        If the mean age of a segment lies outside.
    """
    for name, segment in block.recipe.segments.items():
        if not YOUNGEST <= segment.age.value <= OLDEST:
            problem = _("{value} is outside {low} to {high}.").format(
                value=segment.age.value, low=YOUNGEST, high=OLDEST
            )
            raise RecipeError(block.recipe.name, f"segments.{name}.age", problem)
    mean, spread = block.each(lambda s: s.age.value), block.each(lambda s: s.age_spread.value)
    # The part of the normal distribution between the bounds: nobody is moved onto a bound.
    below = block.each(lambda s: float(ndtr((YOUNGEST - s.age.value) / s.age_spread.value)))
    within = block.each(_between)
    drawn = mean + spread * ndtri(below + within * block.draw(Purpose.IDENTITY, _AGE))
    return np.clip(drawn, YOUNGEST, OLDEST)


def _between(segment: Segment) -> float:
    low, high = ((age - segment.age.value) / segment.age_spread.value for age in (YOUNGEST, OLDEST))
    return float(ndtr(high) - ndtr(low))


def locales(block: Block) -> npt.NDArray[np.uint8]:
    """Return where each customer's place is in `narrowcast.worlds.ingredients.LOCALES`, shape (n,)."""
    of = [LOCALES.index(segment.locale) for segment in block.recipe.segments.values()]
    return np.array(of, dtype=np.uint8)[block.segment]


_PUPIL, _STUDENT, _RETIRED = range(3)

_STAGES = (
    (16, _PUPIL, 0.96), (18, _STUDENT, 0.75), (22, _STUDENT, 0.5), (23, _STUDENT, 0.25), (24, _STUDENT, 0.1),
    (26, _STUDENT, 0.03), (30, _STUDENT, 0.0), (55, _RETIRED, 0.12), (58, _RETIRED, 0.35), (62, _RETIRED, 0.75),
    (65, _RETIRED, 0.88), (70, _RETIRED, 0.96),
)  # fmt: skip
"""Stages of life: from an age on, how many do what instead of working."""

_TRAINED = 22
"""From this age on people have a trade."""


def _urn(work: Work, age: int, idle: int, share: float) -> list[float]:
    """Return how often each occupation of a country occurs in a stage of life."""
    urn = [0.0] * 3
    urn[idle] = share
    for jobs, open_ in ((work.first, age < _TRAINED), (work.later, age >= _TRAINED)):
        urn += [open_ * (1 - share) / len(jobs)] * len(jobs)
    return urn


@lru_cache(maxsize=64)
def _work(countries: tuple[str, ...]) -> tuple[tuple[str, ...], Lots]:
    """Return the occupations of some countries, and an urn of them for each country and stage of life."""
    works = [nation(country).work for country in countries]
    own = [[work.pupil, work.student, work.retired, *work.first, *work.later] for work in works]
    urns = []
    for place, work in enumerate(works):
        before, after = (sum(map(len, part)) for part in (own[:place], own[place + 1 :]))
        urns += [[0.0] * before + _urn(work, *stage) + [0.0] * after for stage in _STAGES]
    return tuple(job for jobs in own for job in jobs), Lots(urns)


def occupations(block: Block) -> tuple[tuple[str, ...], Codes]:
    """Draw what customers do: most under 22 learn, most above 62 are retired.

    Returns
    -------
    names
        Every occupation.
    codes
        Shape (n,): number of each customer's.
    """
    countries = tuple(dict.fromkeys(segment.locale for segment in block.recipe.segments.values()))
    names, lots = _work(countries)
    first = [countries.index(segment.locale) * len(_STAGES) for segment in block.recipe.segments.values()]
    begins = [age for age, _idle, _share in _STAGES]
    stage = np.searchsorted(begins, np.arange(OLDEST + 1), side="right") - 1
    urn = np.array(first)[block.segment] + stage[block.once(ages).astype(np.int64)]
    return names, lots.draw(block.draw(Purpose.IDENTITY, _JOB), urn)


def acquired_days(block: Block) -> Whole:
    """Return how many days before today each customer came, shape (n,), 1 or more.

    Numbers are given in the order in which customers came: customer i of n at the share (i + u) / n of all
    who came, along a calendar in which more come in a busy season.
    """
    calendar, n = calendar_of(block.recipe), block.blueprint.customers
    came = (np.arange(block.start, block.stop) + block.draw(Purpose.IDENTITY, _CAME)) * (
        calendar.passed[-1] / n
    )
    # They come in order: it is enough to find, for each day, the first who came later.
    until = np.searchsorted(came, calendar.passed[1:-1])
    return np.repeat(np.arange(calendar.days, 0, -1), np.diff(until, prepend=0, append=block.size))


@dataclass(frozen=True)
class Arrival:
    """How the customers of a block came.

    Attributes
    ----------
    ways
        Names of the ways.
    way
        Shape (n,): number of each customer's.
    sponsor
        Shape (n,): number in the market of the customer who brought them; -1 where nobody did.
    """

    ways: tuple[str, ...]
    way: Codes
    sponsor: Whole


@lru_cache(maxsize=64)
def _ways(shares: tuple[tuple[str, float], ...]) -> tuple[tuple[str, ...], Lots]:
    ways = dict(shares) | {"direct": dict(shares).get("direct", 0.0)}
    return tuple(ways), Lots([list(ways.values())])


def arrivals(block: Block) -> Arrival:
    """Draw how customers came: who is brought by a friend and has none who was there before came directly."""
    shares = {name: share.value for name, share in block.recipe.history.acquisition.items()}
    ways, lots = _ways(tuple(shares.items()))
    way = lots.draw(block.draw(Purpose.IDENTITY, _CHANNEL))
    sponsor = np.full(block.size, -1)
    if shares.get("referral"):
        brought = np.flatnonzero(way == ways.index("referral"))
        sponsor[brought] = sponsors(block, brought)
        way[brought[sponsor[brought] < 0]] = ways.index("direct")
    return Arrival(ways, way, sponsor)
