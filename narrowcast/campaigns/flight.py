"""A flight: money for one channel, for some people, with one message and one offer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar, get_args

from narrowcast.campaigns.message import Message, Offer
from narrowcast.campaigns.numbers import choice, flag, many, money, number, shown, text, whole
from narrowcast.campaigns.steps import Step
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.worlds.calendar import WEEKS_AHEAD

__all__ = ["MOST_WEEKS", "After", "Flight", "clock"]

MOST_WEEKS = WEEKS_AHEAD
"""A plan ends within the year that lies ahead of a market."""

MOST_CAP = 1_000

Aimed = TypeVar("Aimed", Message, Offer)
After = Literal["open", "click", "lead", "visit"]


def _made(kind: type[Aimed], given: object, default: Aimed) -> Aimed:
    """Accept a Message or Offer, or the name of a segment in its place."""
    if given is None:
        return default
    if isinstance(given, kind):
        return given
    if isinstance(given, str):
        return kind(given)
    problem = _("{given} is no {kind}.").format(given=shown(given), kind=kind.__name__)
    cure = _("Write nc.{kind}(...) or the name of a segment.").format(kind=kind.__name__)
    raise PlanError(Step.MESSAGE, problem, cure)


def clock(value: object) -> tuple[int, int] | None:
    """Return hours of the day as (from, to), both whole, 0 to 24; None stays None.

    Raises
    ------
    PlanError
        If they are no two hours, the first before the second.
    """
    if value is None:
        return None
    hours = many(Step.LAUNCH, "hours", value, lambda hour: whole(Step.LAUNCH, "hours", hour, 0, 24))
    if len(hours) != 2 or hours[0] >= hours[1]:
        problem = _("hours is {value}; it must be two hours, the first before the second.")
        raise PlanError(Step.LAUNCH, problem.format(value=shown(value)), _("Write hours=(9, 17)."))
    return hours[0], hours[1]


def _weights(value: object) -> tuple[float, ...] | None:
    if value is None:
        return None
    weights = many(
        Step.CHANNELS, "schedule", value, lambda w: float(number(Step.CHANNELS, "schedule", w, 0, 1e9)),
        most=MOST_WEEKS,
    )  # fmt: skip
    if sum(weights) <= 0:
        problem = _("schedule is {value}; no week gets any money.").format(value=shown(value))
        raise PlanError(Step.CHANNELS, problem, _("Give a week a weight above 0, or leave out schedule=."))
    return weights


@contextmanager
def _told_of(name: str) -> Iterator[None]:
    """Say of what is wrong which flight it is: a plan has up to 64."""
    try:
        yield
    except PlanError as error:
        problem = _("flight {flight}: {problem}").format(flight=name[:80], problem=error.problem)
        raise PlanError(error.step or Step.CHANNELS, problem, error.cure) from None


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
    files
        Names of the contact files that a sent channel (e-mail, post, phone, SMS) takes its addresses
        from; none is the firm's own file.
    consented
        True contacts only people whose file says that they agreed.
    after
        Contacts only people who did this before: "open" (an e-mail), "click", "lead" (left a
        telephone number) or "visit"; None is anybody.
    within
        How many weeks ago that may be, 1 to 52.
    schedule
        Relative weights of the plan's weeks, each 0 or more; None spends evenly.
    bid
        Most for a click, in a channel of medium "search"; None bids as the others do.
    reward
        Money for each new order that a customer brings, in referral and QR channels.
    cap
        Most sends to a person in a week, 1 or more; None is what the law allows.
    hours
        Local hours (from, to) in which it is sent or called; None is within the law's.

    Raises
    ------
    PlanError
        If a value is of the wrong kind or out of range.
    """

    channel: str
    spend: int
    to: str | None
    message: Message
    offer: Offer
    files: tuple[str, ...]
    consented: bool
    after: After | None
    within: int
    schedule: tuple[float, ...] | None
    bid: int | None
    reward: int
    cap: int | None
    hours: tuple[int, int] | None

    def __init__(  # noqa: PLR0913 - a flight says all this, most of it seldom
        self,
        channel: str,
        spend: float,
        to: str | None = None,
        message: Message | str | None = None,
        offer: Offer | str | None = None,
        *,
        files: object = (),
        consented: bool = True,
        after: After | None = None,
        within: int = 2,
        schedule: object = None,
        bid: float | None = None,
        reward: float = 0,
        cap: int | None = None,
        hours: object = None,
    ) -> None:
        put = object.__setattr__
        put(self, "channel", text(Step.CHANNELS, "channel", channel))
        with _told_of(self.channel):
            put(self, "to", None if to is None else text(Step.TARGET, "to", to))
        with _told_of(f"{self.channel}/{self.to}" if self.to else self.channel):
            put(self, "spend", money(Step.CHANNELS, "spend", spend))
            put(self, "message", _made(Message, message, Message(self.to)))
            put(self, "offer", _made(Offer, offer, Offer()))
            names = many(Step.FILE, "files", files, lambda name: text(Step.FILE, "files", name))
            put(self, "files", tuple(sorted(set(names))))
            put(self, "consented", flag(Step.FILE, "consented", consented))
            put(self, "after", None if after is None else choice(_("event"), after, get_args(After)))
            put(self, "within", whole(Step.CHANNELS, "within", within, 1, MOST_WEEKS))
            put(self, "schedule", _weights(schedule))
            put(self, "bid", None if bid is None else money(Step.CHANNELS, "bid", bid))
            put(self, "reward", money(Step.CHANNELS, "reward", reward))
            put(self, "cap", None if cap is None else whole(Step.LAUNCH, "cap", cap, 1, MOST_CAP))
            put(self, "hours", clock(hours))

    @property
    def name(self) -> str:
        """The flight in a word: "social/trend", "open>phone/parent", "email@fashion-lovers"."""
        aimed = f"{self.channel}/{self.to}" if self.to else self.channel
        after = f"{self.after}>" if self.after else ""
        return f"{after}{aimed}" + (f"@{'+'.join(self.files)}" if self.files else "")
