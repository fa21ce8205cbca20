"""A campaign plan: who is reached through which channel, with what message, for how much money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar, get_args

from narrowcast.campaigns.message import Message, Offer
from narrowcast.campaigns.numbers import plain_number
from narrowcast.errors import PlanError, UnknownName
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["MOST_WEEKS", "Flight", "Objective", "Plan"]

MOST_WEEKS = 52
MOST_FLIGHTS = 64
MOST_MONEY = 10**15

Aimed = TypeVar("Aimed", Message, Offer)
Objective = Literal["profit", "orders", "advocates", "recognition"]


def _money(step: str, value: object) -> int:
    money = plain_number(value)
    if money is None:
        raise PlanError(step, _("{value!r} is not an amount of money.").format(value=value),
                        _("Give a number of dong, 0 or more."))  # fmt: skip
    if not 0 <= money <= MOST_MONEY:
        shown = f"{money:,.15g}" if abs(money) < 1e300 else "∞"
        raise PlanError(step, _("{value} is outside 0 to {most:,}.").format(value=shown, most=MOST_MONEY),
                        _("Money spent is 0 or more."))  # fmt: skip
    return round(money)


def _made(kind: type[Aimed], given: object, default: Aimed, step: str) -> Aimed:
    """Accept a Message or Offer, or the name of a segment in its place."""
    if given is None:
        return default
    if isinstance(given, kind):
        return given
    if isinstance(given, str):
        return kind(given)
    raise PlanError(step, _("{given!r} is no {kind}.").format(given=given, kind=kind.__name__),
                    _("Write nc.{kind}(...) or the name of a segment.").format(kind=kind.__name__))  # fmt: skip


@dataclass(frozen=True, init=False)
class Flight:
    """Money for one channel, aimed at one segment, with one message and one offer.

    Parameters
    ----------
    channel
        Name of a channel of the world.
    spend
        Money over the whole plan, in the currency's smallest unit, 0 or more.
    to
        Segment that the contacts are bought for; None is everybody. A broadcast channel cannot aim.
    message
        What is said; by default one made for `to`. The name of a segment is short for a message to it.
    offer
        What is sold; by default the product for everybody.
    """

    channel: str
    spend: int
    to: str | None
    message: Message
    offer: Offer

    def __init__(
        self,
        channel: str,
        spend: float,
        to: str | None = None,
        message: Message | str | None = None,
        offer: Offer | str | None = None,
    ) -> None:
        put = object.__setattr__
        put(self, "channel", str(channel))
        put(self, "spend", _money(_("channels"), spend))
        put(self, "to", None if to is None else str(to))
        put(self, "message", _made(Message, message, Message(self.to), _("message")))
        put(self, "offer", _made(Offer, offer, Offer(), _("offer")))

    @property
    def name(self) -> str:
        """The flight in a word: "social/trend"."""
        return f"{self.channel}/{self.to}" if self.to else self.channel


def _flights(given: object) -> tuple[Flight, ...]:
    if isinstance(given, Flight):
        return (given,)
    flights = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str | Mapping) else None
    if flights is None or not all(isinstance(flight, Flight) for flight in flights):
        raise PlanError(_("channels"), _("flights must be a list of nc.Flight(...)."))
    if len(flights) > MOST_FLIGHTS:
        problem = _("{count} flights are more than {most}.").format(count=len(flights), most=MOST_FLIGHTS)
        raise PlanError(_("channels"), problem)
    names = [flight.name for flight in flights]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PlanError(_("channels"), _("{names} stands there twice.").format(names=", ".join(twice)),
                        _("Put the money of both into one flight."))  # fmt: skip
    return flights


@dataclass(frozen=True)
class Plan:
    """A campaign, written down before it runs.

    Parameters
    ----------
    name
        What to call it in tables and plots.
    flights
        Where the money goes.
    weeks
        How long it runs, 1 to 52.
    holdout
        Share of customers, 0 to 0.9, who are kept from every bought contact, chosen by chance before
        the first week: those with whom `Outcome.lift` compares.
    objective
        What it is for: "profit", "orders", "advocates" or "recognition".
    """

    name: str = "Plan"
    flights: Sequence[Flight] = ()
    weeks: int = 4
    holdout: float = 0.0
    objective: Objective = field(default="profit")

    def __post_init__(self) -> None:
        object.__setattr__(self, "flights", _flights(self.flights))
        weeks, holdout = plain_number(self.weeks), plain_number(self.holdout)
        if weeks is None or weeks not in range(1, MOST_WEEKS + 1):
            problem = _("weeks is {weeks!r}; it must be a whole number from 1 to {most}.")
            raise PlanError(_("schedule"), problem.format(weeks=self.weeks, most=MOST_WEEKS))
        if holdout is None or not 0 <= holdout <= 0.9:
            problem = _("holdout is {holdout!r}; it must be a share from 0 to 0.9.")
            raise PlanError(_("measure"), problem.format(holdout=self.holdout))
        if not isinstance(self.objective, str) or self.objective not in get_args(Objective):
            raise UnknownName(kind=_("objective"), given=self.objective, allowed=get_args(Objective))
        object.__setattr__(self, "name", str(self.name))
        object.__setattr__(self, "weeks", int(weeks))
        object.__setattr__(self, "holdout", holdout)

    @property
    def budget(self) -> int:
        """Money of all flights together, before special editions."""
        return sum(flight.spend for flight in self.flights)

    @property
    def editions(self) -> tuple[str, ...]:
        """Segments for which a special edition is made, each once."""
        return tuple(sorted({f.offer.to for f in self.flights if f.offer.to is not None}))

    def fits(self, world: World) -> None:
        """Check that the plan can run in a world.

        Raises
        ------
        UnknownName
            If a channel or segment does not exist there.
        PlanError
            If a broadcast channel is asked to aim at a segment.
        """
        for flight in self.flights:
            channel = world.recipe.channels.get(flight.channel)
            if channel is None:
                raise UnknownName(kind=_("channel"), given=flight.channel, allowed=world.recipe.channels)
            for aim in (flight.to, flight.message.to, flight.offer.to):
                if aim is not None and aim not in world.recipe.segments:
                    raise UnknownName(kind=_("segment"), given=aim, allowed=world.recipe.segments)
            if channel.kind == "broadcast" and flight.to is not None:
                raise PlanError(
                    _("target"),
                    _("{channel} reaches everybody; it cannot aim at {segment!r}.").format(
                        channel=flight.channel, segment=flight.to
                    ),
                    _("Leave out to=, or take a narrowcast channel."),
                )
