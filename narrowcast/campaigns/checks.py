"""Checks before launch: whether a plan fits a market, and what is unwise or unlawful in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from narrowcast.campaigns.files import Files
from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.indicators import indicators_of
from narrowcast.campaigns.lawfulness import breaches
from narrowcast.campaigns.problems import Problem
from narrowcast.campaigns.steps import Step
from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.worlds import World
from narrowcast.worlds.recipe import Channel

if TYPE_CHECKING:
    from narrowcast.campaigns.plan import Plan

__all__ = ["problems_of"]


def problems_of(plan: Plan, world: World) -> Iterator[Problem]:
    """Yield what is wrong with a plan in a market: names first, then what rests on them."""
    yield from _unknown(plan, world)
    for flight in plan.flights:
        if flight.channel in world.recipe.channels:
            yield from _of_flight(flight, world)
    yield from _of_money(plan, world)
    yield from _of_files(plan, world)
    yield from _of_target(plan, world)
    yield from _of_organisation(plan)
    yield from _of_measure(plan, world)
    yield from breaches(plan, world)


def _missing(step: Step, kind: str, name: str, allowed: Iterable[str]) -> Iterator[Problem]:
    names = list(allowed)
    if name not in names:
        yield Problem.of(UnknownName(kind=kind, given=name, allowed=names), step)


def _unknown(plan: Plan, world: World) -> Iterator[Problem]:
    recipe = world.recipe
    for flight in plan.flights:
        yield from _missing(Step.CHANNELS, _("channel"), flight.channel, recipe.channels)
        for step, aim in (
            (Step.TARGET, flight.to),
            (Step.MESSAGE, flight.message.to),
            (Step.MESSAGE, flight.offer.to),
        ):
            if aim is not None:
                yield from _missing(step, _("segment"), aim, recipe.segments)
        for file in flight.files:
            yield from _missing(Step.FILE, _("contact file"), file, recipe.files)
    yield from _unknown_elsewhere(plan, world)


def _unknown_elsewhere(plan: Plan, world: World) -> Iterator[Problem]:
    recipe = world.recipe
    for segment in plan.target.segments:
        yield from _missing(Step.TARGET, _("segment"), segment, recipe.segments)
    for persona in plan.target.personas:
        yield from _missing(Step.TARGET, _("persona"), persona, recipe.personas)
    bought = [name for name, file in recipe.files.items() if file.kind == "purchased"]
    for file in plan.file.purchased:
        yield from _missing(Step.FILE, _("purchased file"), file, bought)
    suppliers = [supplier.name for supplier in plan.organisation.suppliers]
    for supplier in plan.organisation.suppliers:
        for channel in supplier.channels:
            yield from _missing(Step.ORGANISATION, _("channel"), channel, recipe.channels)
    for task in plan.organisation.tasks:
        if task.supplier:
            yield from _missing(Step.ORGANISATION, _("supplier"), task.supplier, suppliers)


def _of_flight(flight: Flight, world: World) -> Iterator[Problem]:
    channel = world.recipe.channels[flight.channel]
    if channel.kind == "broadcast" and flight.to is not None:
        problem = _("{channel} reaches everybody; it cannot aim at {segment!r}.")
        yield Problem(
            Step.TARGET,
            problem.format(channel=flight.channel, segment=flight.to),
            _("Leave out to=, or take a narrowcast channel."),
        )
    yield from _misplaced(flight, channel)
    if flight.spend == 0:
        problem = _("{flight} gets no money.").format(flight=flight.name)
        yield Problem(Step.CHANNELS, problem, _("Give it some, or leave it out."), "warning")
    names = list(world.recipe.segments)
    if flight.to in names and not (world.population.segment == names.index(flight.to)).any():
        problem = _("nobody of {segment!r} lives in this market.").format(segment=flight.to)
        yield Problem(Step.TARGET, problem, _("Aim at another segment."), "warning")


def _misplaced(flight: Flight, channel: Channel) -> Iterator[Problem]:
    """Tell of what a flight says that its channel cannot do."""
    sent = channel.delivery == "sent"
    follows = sent or channel.medium in ("display", "social")
    rules = (
        (Step.CHANNELS, "after", flight.after is not None, follows,
         _("It cannot tell who did what before; take e-mail, post, phone, SMS, display or social.")),
        (Step.CHANNELS, "bid", flight.bid is not None, channel.medium == "search",
         _("A bid is for search ads, which are paid by click.")),
        (Step.CHANNELS, "reward", flight.reward > 0, channel.medium in ("referral", "qr"),
         _("A reward is for referral and QR codes.")),
        (Step.FILE, "files", bool(flight.files), sent, _("Files are for e-mail, post, phone and SMS.")),
        (Step.LAUNCH, "cap", flight.cap is not None, sent, _("A cap is for e-mail, post, phone and SMS.")),
        (Step.LAUNCH, "hours", flight.hours is not None, sent, _("Hours are for e-mail, post, phone and SMS.")),
    )  # fmt: skip
    for step, field, given, allowed, why in rules:
        if given and not allowed:
            problem = _("{channel} has no use for {field}=.").format(channel=flight.channel, field=field)
            yield Problem(step, problem, why + " " + _("Leave it out."))


def _of_money(plan: Plan, world: World) -> Iterator[Problem]:
    if not plan.flights:
        yield Problem(
            Step.CHANNELS, _("no flight: nothing will be done."), _("Add nc.Flight(...)."), "warning"
        )
    if plan.most is None:
        return
    cost = plan.cost(world)
    if cost > plan.most:
        problem = _("it costs {cost:,}, with special editions, purchased files and fees; there is {most:,}.")
        cure = _("Spend {less:,} less.").format(less=cost - plan.most)
        yield Problem(Step.CHANNELS, problem.format(cost=cost, most=plan.most), cure)


def _of_files(plan: Plan, world: World) -> Iterator[Problem]:
    """Tell where flights and the step "file" say different things, once that step was filled in."""
    if plan.file == Files():
        return
    recipe, used = world.recipe, set[str]()
    house = [name for name, file in recipe.files.items() if file.kind == "house"]
    chosen = {*plan.file.purchased, *(house if plan.file.house else ())}
    for flight in plan.flights:
        channel = recipe.channels.get(flight.channel)
        if channel is None or channel.delivery != "sent":
            continue
        names = set(flight.files or house)
        used |= names
        for name in sorted(names & recipe.files.keys() - chosen):
            problem = _("{flight} takes addresses from {file!r}, which the step does not choose.")
            cure = _("Choose the file, or give the flight another with files=.")
            yield Problem(Step.FILE, problem.format(flight=flight.name, file=name), cure)
    for name in sorted(set(plan.file.purchased) - used):
        problem = _("{file!r} would be bought, and no flight uses it.").format(file=name)
        yield Problem(Step.FILE, problem, _("Name it in files= of a flight, or leave it out."), "warning")


def _of_target(plan: Plan, world: World) -> Iterator[Problem]:
    met = {name for flight in plan.flights for name in (flight.to, flight.message.to) if name is not None}
    for name in plan.target.segments:
        if plan.flights and name not in met and name in world.recipe.segments:
            problem = _("{segment!r} is at the core, and no flight is for it.").format(segment=name)
            yield Problem(Step.TARGET, problem, _("Give it a flight or a message."), "warning")
    files = world.recipe.files
    for flight in plan.flights:
        bought = [name for name in flight.files if name in files and files[name].kind == "purchased"]
        if bought and flight.to is None and not plan.target.segments:
            problem = _("{flight} looks for new customers without saying which.").format(flight=flight.name)
            cure = _("Prospecting chooses target and file together: name the segment.")
            yield Problem(Step.TARGET, problem, cure, "warning")


def _of_organisation(plan: Plan) -> Iterator[Problem]:
    channels = {flight.channel for flight in plan.flights}
    for supplier in plan.organisation.suppliers:
        for name in supplier.channels:
            if name not in channels:
                problem = _("{supplier} is to run {channel}, which has no flight.")
                problem = problem.format(supplier=supplier.name, channel=name)
                yield Problem(Step.ORGANISATION, problem, _("Leave the channel out."), "warning")
    for point in plan.launch.open:
        problem = _("not looked at yet: {point}.").format(point=point.rstrip("."))
        yield Problem(Step.LAUNCH, problem, _("Look, then set it to True."), "warning")


def _of_measure(plan: Plan, world: World) -> Iterator[Problem]:
    if plan.flights and plan.holdout == 0:
        problem = _("nobody is held out: what the campaign caused cannot be told from what would have come.")
        yield Problem(Step.MEASURE, problem, _("Set holdout=0.1 or so."), "warning")
    if len(plan.measurement.read) > 1:
        problem = _("it is read {count} times; each look is another chance to be fooled.")
        problem = problem.format(count=len(plan.measurement.read))
        yield Problem(Step.MEASURE, problem, _("Fix one week beforehand, and read then."), "warning")
    channels = [world.recipe.channels.get(flight.channel) for flight in plan.flights]
    ours = {name for channel in channels if channel is not None for name in indicators_of(channel.medium)}
    for name in plan.measurement.indicators:
        if name not in ours:
            problem = _("no channel of the plan has the indicator {name}.").format(name=name)
            cure = _("Theirs are: {names}.").format(names=", ".join(sorted(ours)) or "-")
            yield Problem(Step.MEASURE, problem, cure, "warning")
