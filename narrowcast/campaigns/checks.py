"""Checks before launch: whether a plan fits a market, and what is unwise or unlawful in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from narrowcast.campaigns.amounts import amounts
from narrowcast.campaigns.files import Files
from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.following import in_vain
from narrowcast.campaigns.indicators import indicators_of
from narrowcast.campaigns.lawfulness import breaches
from narrowcast.campaigns.problems import Problem
from narrowcast.campaigns.spillover import spillover
from narrowcast.campaigns.steps import Step
from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.worlds import World
from narrowcast.worlds.media import PRICED_FOR
from narrowcast.worlds.recipe import Channel

if TYPE_CHECKING:
    from narrowcast.campaigns.plan import Plan

__all__ = ["problems_of"]


def problems_of(
    plan: Plan, world: World, unread: Collection[str] = (), *, reckoned: bool = True
) -> Iterator[Problem]:
    """Yield what is wrong with a plan in a market: names first, then what rests on them; each mistake once.

    Parameters
    ----------
    plan
        The plan.
    world
        The market.
    unread
        Names of a draft's entries that could not be read. They are told of elsewhere, and what stands in for them
        is nobody's mistake.
    reckoned
        Whether to warn of what has to be reckoned out first; none of it keeps a plan from running, and whoever tries
        plans by the thousand can do without.
    """
    told = set[tuple[Step, str]]()
    for problem in _found(plan, world, unread, reckoned=reckoned):
        if (problem.step, problem.problem) not in told:
            told.add((problem.step, problem.problem))
            yield problem


def _found(plan: Plan, world: World, unread: Collection[str], *, reckoned: bool) -> Iterator[Problem]:
    yield from _unknown(plan, world)
    yield from _unknown_elsewhere(plan, world, unread)
    for flight in plan.flights:
        if flight.channel in world.recipe.channels:
            yield from _of_flight(flight, world)
    yield from _of_money(plan, world, unread)
    if reckoned:
        if not {"weeks", "schedule"} & set(unread) and _all_flights_known(plan, world, unread):
            yield from in_vain(plan, world)
        yield from amounts(plan, world, unread)
    yield from _of_files(plan, world, unread)
    yield from _of_target(plan, world, unread)
    yield from _of_organisation(plan, world, unread)
    yield from _of_measure(plan, world, unread)
    if reckoned and "unit" not in unread:
        yield from spillover(plan, world)
    yield from breaches(plan, world)


def _all_flights_known(plan: Plan, world: World, unread: Collection[str]) -> bool:
    """Return whether it can be said of a channel that no flight uses it: it may be the one that is misspelt."""
    return "flights" not in unread and all(flight.channel in world.recipe.channels for flight in plan.flights)


def _missing(step: Step, kind: str, name: str, allowed: Iterable[str]) -> Iterator[Problem]:
    names = list(allowed)
    if name not in names:
        yield Problem.of(UnknownName(kind=kind, given=name, allowed=names), step)


def _unknown(plan: Plan, world: World) -> Iterator[Problem]:
    recipe = world.recipe
    for flight in plan.flights:
        yield from _missing(Step.CHANNELS, _("channel"), flight.channel, recipe.channels)
        channel = recipe.channels.get(flight.channel)
        if flight.to is not None and (channel is None or channel.kind != "broadcast"):
            yield from _missing(Step.TARGET, _("segment"), flight.to, recipe.segments)
        for aim in (flight.message.to, flight.offer.to):
            if aim not in (
                None,
                flight.to,
            ):  # a message is made for whom the flight aims at, unless it says another
                yield from _missing(Step.MESSAGE, _("segment"), aim, recipe.segments)
        for file in flight.files:
            if file not in plan.file.purchased:
                yield from _missing(Step.FILE, _("contact file"), file, recipe.files)


def _unknown_elsewhere(plan: Plan, world: World, unread: Collection[str]) -> Iterator[Problem]:
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
        if task.supplier and "suppliers" not in unread:
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
    if flight.channel not in world.past.recipe.channels and world.market_size < PRICED_FOR:
        problem = _(
            "{channel} has the catalogue's price, which holds in markets of some {usual:,} people; this one has"
            " {size:,}: what it brings for its money is no forecast."
        ).format(channel=flight.channel, usual=PRICED_FOR, size=world.market_size)
        cure = _("Compare the market's own channels, or write it into a recipe with a price of its own.")
        yield Problem(Step.CHANNELS, problem, cure, "warning")
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


def _of_money(plan: Plan, world: World, unread: Collection[str]) -> Iterator[Problem]:
    if not plan.flights and "flights" not in unread:
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


def _of_files(plan: Plan, world: World, unread: Collection[str]) -> Iterator[Problem]:
    """Tell where flights and the step "file" say different things, once that step was filled in."""
    if plan.file == Files() or "house" in unread or "purchased" in unread:
        return
    recipe, by_file = world.recipe, dict[str, list[str]]()
    house = [name for name, file in recipe.files.items() if file.kind == "house"]
    chosen = {*plan.file.purchased, *(house if plan.file.house else ())}
    for flight in plan.flights:
        channel = recipe.channels.get(flight.channel)
        if channel is None or channel.delivery != "sent":
            continue
        for name in flight.files or house:
            by_file.setdefault(name, []).append(flight.name)
    for name in sorted(by_file.keys() & recipe.files.keys() - chosen):
        flights = by_file[name]
        problem = ngettext(
            "{flight} takes addresses from {file!r}, which the step does not choose.",
            "{flight} take addresses from {file!r}, which the step does not choose.",
            len(flights),
        ).format(flight=", ".join(flights), file=name)
        cure = _("Choose the file, or give the flight another with files=.")
        yield Problem(Step.FILE, problem, cure)
    for name in sorted(set(plan.file.purchased) & recipe.files.keys() - by_file.keys()):
        if _all_flights_known(plan, world, unread):
            problem = _("{file!r} would be bought, and no flight uses it.").format(file=name)
            yield Problem(Step.FILE, problem, _("Name it in files= of a flight, or leave it out."), "warning")


def _of_target(plan: Plan, world: World, unread: Collection[str]) -> Iterator[Problem]:
    known = world.recipe.segments.keys()
    met = {name for flight in plan.flights for name in (flight.to, flight.message.to) if name is not None}
    for name in plan.target.segments:
        if plan.flights and name in known - met and met <= known:
            problem = _("{segment!r} is at the core, and no flight is for it.").format(segment=name)
            yield Problem(Step.TARGET, problem, _("Give it a flight or a message."), "warning")
    if plan.target.segments or "segments" in unread:
        return
    files = world.recipe.files
    bought = {name for name, file in files.items() if file.kind == "purchased"}
    looking = [flight.name for flight in plan.flights if flight.to is None and bought & set(flight.files)]
    if looking:
        problem = ngettext(
            "{flight} looks for new customers without saying which.",
            "{flight} look for new customers without saying which.",
            len(looking),
        ).format(flight=", ".join(looking))
        cure = _("Prospecting chooses target and file together: name the segment.")
        yield Problem(Step.TARGET, problem, cure, "warning")


def _of_organisation(plan: Plan, world: World, unread: Collection[str]) -> Iterator[Problem]:
    channels = {flight.channel for flight in plan.flights}
    idle = world.recipe.channels.keys() - channels if _all_flights_known(plan, world, unread) else set[str]()
    for supplier in plan.organisation.suppliers:
        for name in supplier.channels:
            if name in idle:
                problem = _("{supplier} is to run {channel}, which has no flight.")
                problem = problem.format(supplier=supplier.name, channel=name)
                yield Problem(Step.ORGANISATION, problem, _("Leave the channel out."), "warning")
    for point in plan.launch.open:
        problem = _("not looked at yet: {point}.").format(point=point.rstrip("."))
        yield Problem(Step.LAUNCH, problem, _("Look, then set it to True."), "warning")


def _of_measure(plan: Plan, world: World, unread: Collection[str]) -> Iterator[Problem]:
    if plan.flights and plan.holdout == 0 and "holdout" not in unread:
        problem = _("nobody is held out: what the campaign caused cannot be told from what would have come.")
        yield Problem(Step.MEASURE, problem, _("Set holdout=0.1 or so."), "warning")
    bought = {name for name, file in world.recipe.files.items() if file.kind == "purchased"}
    strangers = [flight.name for flight in plan.flights if flight.spend and bought & set(flight.files)]
    if plan.holdout and strangers:
        problem = ngettext(
            "{flight} uses a purchased file, whose people are no customers yet: the lift compares customers alone, and"
            " shows nothing of them.",
            "{flight} use a purchased file, whose people are no customers yet: the lift compares customers alone, and"
            " shows nothing of them.",
            len(strangers),
        ).format(flight=", ".join(strangers))
        cure = _('Judge it by the new customers it brings: outcome.kpis()["new_customers"].')
        yield Problem(Step.MEASURE, problem, cure, "warning")
    if len(plan.measurement.read) > 1:
        problem = _("it is read {count} times; each look is another chance to be fooled.")
        problem = problem.format(count=len(plan.measurement.read))
        yield Problem(Step.MEASURE, problem, _("Fix one week beforehand, and read then."), "warning")
    if not _all_flights_known(plan, world, unread):
        return
    ours = {
        name
        for flight in plan.flights
        for name in indicators_of(world.recipe.channels[flight.channel].medium)
    }
    for name in plan.measurement.indicators:
        if name not in ours:
            problem = _("no channel of the plan has the indicator {name}.").format(name=name)
            cure = _("Theirs are: {names}.").format(names=", ".join(sorted(ours)) or "-")
            yield Problem(Step.MEASURE, problem, cure, "warning")
