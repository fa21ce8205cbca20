"""A market to play with: its people, its past, its channels, and other versions of it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from narrowcast.errors import RecipeError, UnknownName
from narrowcast.language import current_language, in_course
from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.draws import Floats
from narrowcast.worlds.frames import Frames
from narrowcast.worlds.given import varied, whole, within
from narrowcast.worlds.ingredients import MOST_CUSTOMERS
from narrowcast.worlds.market import market_of, recipe_of
from narrowcast.worlds.media import MEDIA, PRICED_IN, channel_for
from narrowcast.worlds.population import Population, Region, draw_population, kept, reached_by, regions_of
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.whom import precision_of, reach_of

if TYPE_CHECKING:
    from narrowcast.worlds.card import Card

__all__ = ["IN_MEMORY", "MOST_CUSTOMERS", "World", "let_go", "open_world"]

IN_MEMORY = 5_000_000
"""Markets up to this size are kept in memory; the people of larger ones are drawn region by region."""


class World(Frames):
    """A simulated market.

    Made by `open_world`. Every table it hands out is a copy and its arrays are read-only: a notebook
    cannot spoil it.

    Parameters
    ----------
    recipe
        The market's numbers.
    population
        The market's people; None draws them from `past` when they are first asked for.
    seed
        The market's seed.
    student
        Whose market it is; None for the public one.
    past
        What its tables are drawn from; None for the recipe. A market that was varied keeps its past.
    """

    def __init__(
        self,
        recipe: Recipe,
        population: Population | None,
        seed: int,
        student: str | None = None,
        past: Blueprint | None = None,
    ) -> None:
        self.recipe, self._population, self.seed, self.student = recipe, population, seed, student
        if past is None and population is None:
            raise RecipeError(recipe.name, "market.customers", _("a market is made of people or of a past."))
        self.past = past or Blueprint(recipe, 0 if population is None else population.size, seed)

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what was drawn: another process draws the same people."""
        return {
            "recipe": self.recipe, "_population": None, "seed": self.seed, "student": self.student, "past": self.past,
        }  # fmt: skip

    @property
    def population(self) -> Population:
        """The market's people; drawn when they are first asked for."""
        if self._population is None:
            self._population = draw_population(self.recipe, self.past.customers, self.past.seed)
        return self._population

    def _shared(self) -> Population | None:
        """Return the people that a varied market shares with this one; None where they do not fit into memory."""
        return self.population if self.size <= IN_MEMORY else self._population

    @property
    def is_drawn(self) -> bool:
        """Whether the market's people are in memory."""
        return self._population is not None

    @property
    def size(self) -> int:
        """Number of customers."""
        return self.past.customers

    @property
    def market_size(self) -> int:
        """People the market stands for: its recipe's number (opened smaller, it is a sample), or `size` if more."""
        return max(self.size, round(self.past.recipe.market.customers.value))

    @cached_property
    def mean_voice(self) -> float:
        """Rivals' share of voice, mean over the channels it opened with: those added change no clutter."""
        rivals, channels = self.recipe.competitors.values(), self.past.recipe.channels.values()
        voices = [rival.share_of_voice.get(channel.medium) for rival in rivals for channel in channels]
        return math.fsum(voice.value for voice in voices if voice is not None) / len(channels)

    def __repr__(self) -> str:
        owner = f", student={self.student!r}" if self.student else ""
        return f"<World {self.name!r}: {self.size:,} customers{owner}>"

    @property
    def name(self) -> str:
        """Name of the recipe."""
        return self.recipe.name

    @property
    def title(self) -> str:
        """The market's name for people."""
        return in_course(self.recipe.title)

    @property
    def currency(self) -> str:
        """ISO 4217 code; all money is in whole units of its smallest coin."""
        return self.recipe.currency

    @property
    def fragmentation(self) -> float:
        """How far apart the groups' interests lie (0 is one mass)."""
        return self.recipe.market.fragmentation.value

    @property
    def clutter(self) -> float:
        """Messages of all brands that a person meets in a week."""
        return self.recipe.market.clutter.value

    @property
    def edition_cost(self) -> int:
        """What one special edition of the product costs, once, in the smallest unit of money."""
        return round(self.recipe.response.edition_cost.value)

    @property
    def regions(self) -> list[Region]:
        """The blocks of customers the market is made of."""
        return regions_of(self.size)

    @cached_property
    def centres(self) -> Floats:
        """Where each segment's interests lie, shape (segments, 2)."""
        drawn = np.array([segment.centre for segment in self.recipe.segments.values()], dtype=np.float64)
        share = np.array([segment.share.value for segment in self.recipe.segments.values()])
        centred: Floats = (drawn - share @ drawn) * self.fragmentation  # the population's mean is the origin
        return kept(centred)

    @cached_property
    def interests(self) -> Floats:
        """Interests of every customer, shape (n, 2). Latent: a real marketer never sees them."""
        noise = self.recipe.market.noise.value
        drawn: Floats = self.centres[self.population.segment] + noise * self.population.noise
        return kept(drawn)

    @cached_property
    def _segments(self) -> pd.DataFrame:
        from narrowcast.worlds.past.activity import last_year  # noqa: PLC0415 - the simulator needs no past

        names = list(self.recipe.segments)
        size = np.bincount(self.population.segment, minlength=len(names))
        visits, orders = last_year(self.past)
        recipe = self.recipe.segments.values()
        return pd.DataFrame(
            {
                "customers": size,
                "share": size / size.sum(),
                "order_value": [round(segment.order_value.value) for segment in recipe],
                "margin_rate": [segment.margin_rate.value for segment in recipe],
                "visits": visits,
                "orders": orders,
            },
            index=pd.Index(names, name="segment"),
        )

    @property
    def segments(self) -> pd.DataFrame:
        """One row a segment: title, customers, share, order_value, margin_rate, last year's visits, orders."""
        return self._once("segments", self._with_titles).copy()

    def _with_titles(self) -> pd.DataFrame:
        frame = self._segments.copy()
        titles = [in_course(segment.title) for segment in self.recipe.segments.values()]
        frame.insert(0, "title", titles)
        return frame

    def _once(self, name: str, make: Callable[[], pd.DataFrame]) -> pd.DataFrame:
        """Return a table in the language in force, made once: keys ask for the same one over and over."""
        made = self._made.get((name, current_language()))
        if made is None:
            made = self._made[name, current_language()] = make()
        return made

    @cached_property
    def _made(self) -> dict[tuple[str, str], pd.DataFrame]:
        return {}

    @property
    def channels(self) -> pd.DataFrame:
        """One row a channel: title, kind, price_per_thousand, precision, reach, medium, push, delivery, pays_for.

        The price is that of 1,000 contacts, sends or words of content; where clicks or sales are paid for, it is
        what 1,000 contacts come to, for comparison. Reach is missing where addresses decide who is met, or friends do;
        of what buyers hand on to friends (referral, QR codes) precision is missing, too.
        """
        return self._once("channels", self._channels).copy()

    def _channels(self) -> pd.DataFrame:
        rows = self.recipe.channels
        return pd.DataFrame(
            {
                "title": [in_course(channel.title) for channel in rows.values()],
                "kind": [channel.kind for channel in rows.values()],
                "price_per_thousand": [round(channel.price_per_thousand.value) for channel in rows.values()],
                "precision": [precision_of(channel) for channel in rows.values()],
                "reach": [reach_of(channel) for channel in rows.values()],
                "medium": [channel.medium for channel in rows.values()],
                "push": [channel.push for channel in rows.values()],
                "delivery": [channel.delivery for channel in rows.values()],
                "pays_for": [channel.pays_for for channel in rows.values()],
            },
            index=pd.Index(list(rows), name="channel"),
        )

    @property
    def card(self) -> Card:
        """The market's description in Markdown, in the language in force; a notebook shows it as a page."""
        from narrowcast.worlds.card import card  # noqa: PLC0415 - a card describes a world

        return card(self)

    def vary(
        self,
        *,
        fragmentation: float | None = None,
        clutter: float | None = None,
        price_ratio: float | None = None,
        precision: float | None = None,
    ) -> World:
        """Return the same people in another market.

        Parameters
        ----------
        fragmentation
            How far apart the groups' interests lie: 0 (one mass) to 3.
        clutter
            Brand messages a person meets in a week: 0 to 10,000.
        price_ratio
            Price a thousand of every narrowcast channel, as a multiple of the broadcast channel's: 0.01 to 100.
        precision
            Share of narrowcast contacts that meet the segment they were bought for: 0 to 1.

        Raises
        ------
        RecipeError
            If a value is outside its range, or the market has no broadcast channel to compare a price with.
        """
        market, channels = self.recipe.market, dict(self.recipe.channels)
        if fragmentation is not None:
            figure = varied(market.fragmentation, "fragmentation", fragmentation, 0, 3)
            market = market.model_copy(update={"fragmentation": figure})
        if clutter is not None:
            market = market.model_copy(
                update={"clutter": varied(market.clutter, "clutter", clutter, 0, 10_000)}
            )
        for name, channel in channels.items():
            if channel.kind != "narrowcast":
                continue
            update = {}
            if price_ratio is not None:
                ratio = within("price_ratio", price_ratio, 0.01, 100)
                price = ratio * self.broadcast_price
                update["price_per_thousand"] = channel.price_per_thousand.model_copy(update={"value": price})
            if precision is not None:
                update["precision"] = varied(channel.precision, "precision", precision, 0, 1)
            channels[name] = channel.model_copy(update=update)
        recipe = self.recipe.model_copy(update={"market": market, "channels": channels})
        return World(recipe, self._shared(), self.seed, self.student, self.past)

    def with_media(self, *media: str) -> World:
        """Return the same people with further channels, straight from the catalogue of media.

        Parameters
        ----------
        *media
            Names of media, such as "email", "phone"; each becomes the name of a channel, after those there are. A
            channel that is there already stays. Whom one can reach is drawn for it alone: nobody else's reach moves.

        Returns
        -------
        World
            Prices hold for some 20,000 people; with fewer, bought contacts cost more, and `Plan.check` warns.

        Raises
        ------
        UnknownName
            If there is no such medium.
        RecipeError
            If the market's money is not the catalogue's, VND.
        """
        channels = dict(self.recipe.channels)
        for medium in media:
            if not isinstance(medium, str) or medium not in MEDIA:
                raise UnknownName(kind=_("medium"), given=medium, allowed=MEDIA)
            channels.setdefault(medium, channel_for(medium, self.market_size))
        if len(channels) > len(self.recipe.channels) and self.currency != PRICED_IN:
            problem = _("the catalogue's prices are in {ours}, and the market's money is {theirs}.").format(
                ours=PRICED_IN, theirs=self.currency
            )
            raise RecipeError("with_media()", "media", problem, _("Write the channels into its recipe."))
        recipe = self.recipe.model_copy(update={"channels": channels})
        people = self._shared()
        people = None if people is None else reached_by(people, recipe, self.seed)
        return World(recipe, people, self.seed, self.student, self.past)

    @property
    def broadcast_price(self) -> float:
        """Price a thousand of the cheapest broadcast channel.

        Raises
        ------
        RecipeError
            If the market has no broadcast channel.
        """
        prices = [c.price_per_thousand.value for c in self.recipe.channels.values() if c.kind == "broadcast"]
        if not prices:
            raise RecipeError(
                self.name, "channels", _("no channel is broadcast, so there is no price to compare with.")
            )
        return min(prices)


@lru_cache(maxsize=64)
def _open(name: str, student: str | None, customers: int | None, seed: int, salt: str) -> World:
    past = market_of(recipe_of(name), customers, seed, student, salt)
    return World(past.recipe, None, past.seed, student, past)


def let_go() -> None:
    """Forget the markets that were opened: who goes through a class meets each student's once."""
    _open.cache_clear()


def open_world(
    name: str,
    student: str | None = None,
    customers: int | None = None,
    seed: int = 0,
    salt: str = "",
) -> World:
    """Open a market: the public one, or a student's own.

    Parameters
    ----------
    name
        Name of a world, such as "hcmc-fashion".
    student
        Gives this student's own market: the same recipe with small changes. None is everybody's.
    customers
        How many people live in it: 1 to 200,000,000; None takes the recipe's number.
    seed
        Another seed draws other people from the same recipe: an integer, 0 or more.
    salt
        A class's word, which makes its students' markets its own.

    Returns
    -------
    World
        Its tables are pandas frames: `world.customers`, `world.orders` ...; `world.tables` names them and
        `world.card` says what they mean. They are kept in the user's cache folder, where another opening
        finds them.

    Raises
    ------
    UnknownName
        If there is no such world.
    RecipeError
        If the recipe is faulty, or `customers` or `seed` is out of range.

    Examples
    --------
    >>> open_world("hcmc-fashion", customers=1000)
    <World 'hcmc-fashion': 1,000 customers>
    """
    if customers is not None:
        whole("customers", customers, 1, MOST_CUSTOMERS)
    whole("seed", seed, 0, 2**63 - 1)
    owner = None if student is None else str(student)
    return _open(str(name), owner, customers, seed, str(salt))
