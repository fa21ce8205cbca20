"""A campaign plan: who is reached through which channel, with what message, for how much money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar, get_args

import pandas as pd

from narrowcast.campaigns.checks import problems_of
from narrowcast.campaigns.files import Files
from narrowcast.campaigns.flight import MOST_WEEKS, Flight
from narrowcast.campaigns.launch import Launch
from narrowcast.campaigns.measurement import Measurement
from narrowcast.campaigns.numbers import choice, flag, money, number, shown, text, whole
from narrowcast.campaigns.objectives import Objectives
from narrowcast.campaigns.organisation import Organisation
from narrowcast.campaigns.problems import frame_of
from narrowcast.campaigns.steps import Step
from narrowcast.campaigns.target import Target
from narrowcast.errors import PlanError
from narrowcast.language import gettext as _
from narrowcast.worlds import World

if TYPE_CHECKING:
    from narrowcast.campaigns.draft import PlanDraft

__all__ = ["MOST_FLIGHTS", "Objective", "Plan"]

MOST_FLIGHTS = 64

Part = TypeVar("Part", Objectives, Target, Files, Organisation, Launch, Measurement)
Objective = Literal["profit", "orders", "advocates", "recognition"]


def _flights(given: object, weeks: int) -> tuple[Flight, ...]:
    if isinstance(given, Flight):
        given = (given,)
    flights = tuple(given) if isinstance(given, Iterable) and not isinstance(given, str | Mapping) else None
    if flights is None:
        raise PlanError(Step.CHANNELS, _("flights must be a list of nc.Flight(...)."))
    for place, flight in enumerate(flights):
        if not isinstance(flight, Flight):
            problem = _("flights must be a list of nc.Flight(...); flights[{place}] is {given}.")
            raise PlanError(Step.CHANNELS, problem.format(place=place, given=shown(flight)))
    if len(flights) > MOST_FLIGHTS:
        problem = _("{count} flights are more than {most}.").format(count=len(flights), most=MOST_FLIGHTS)
        raise PlanError(Step.CHANNELS, problem)
    names = [flight.name for flight in flights]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PlanError(Step.CHANNELS, _("{names} stands there twice.").format(names=", ".join(twice)),
                        _("Put the money of both into one flight."))  # fmt: skip
    for flight in flights:
        if flight.schedule is not None and len(flight.schedule) != weeks:
            problem = _("{flight} has a schedule of {given} weeks; the plan has {weeks}.")
            problem = problem.format(flight=flight.name, given=len(flight.schedule), weeks=weeks)
            raise PlanError(Step.CHANNELS, problem, _("Give one weight a week."))
    return flights


def _called(given: object) -> str:
    """Return the plan's name; whoever leaves it out and begins with the flights is told so."""
    members = (given,) if isinstance(given, Flight) else given
    if isinstance(members, list | tuple) and all(isinstance(one, Flight) for one in members):
        problem = _("the first argument is the name, and flights stand there.")
        raise PlanError(Step.OBJECTIVES, problem, _('Write nc.Plan("my plan", [...]).'))
    return text(Step.OBJECTIVES, "name", given)


def _part(kind: type[Part], step: Step, given: object) -> Part:
    if not isinstance(given, kind):
        problem = _("{given} is no {kind}.").format(given=shown(given), kind=kind.__name__)
        raise PlanError(step, problem, _("Write {kind}(...), or leave it out.").format(kind=kind.__name__))
    return given


@dataclass(frozen=True)
class Plan:
    """A campaign, written down before it runs.

    A quick plan is a list of flights. A full one has eight steps: objectives, target, channels (the
    flights), file, message (in the flights), organisation, launch and measurement.

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
    start
        The week it starts in, 0 (now) to 51; it ends within the year: start + weeks is at most 52.
    most
        Money at most, for all that `cost` counts; None is no limit.
    lawful
        True: a plan that breaks contact law cannot run. False: breaches are warnings, so that a lesson
        can show what they bring: complaints and people who leave; no fines are reckoned. The law itself
        stays as it is.
    objectives, target, file, organisation, launch, measurement
        The other steps of the plan, each optional.

    Raises
    ------
    PlanError
        If a value is of the wrong kind or out of range; it names the step.
    UnknownName
        If `objective` is none of the four.
    """

    name: str = "Plan"
    flights: Sequence[Flight] = ()
    weeks: int = 4
    holdout: float = 0.0
    objective: Objective = "profit"
    start: int = field(default=0, kw_only=True)
    most: int | None = field(default=None, kw_only=True)
    lawful: bool = field(default=True, kw_only=True)
    objectives: Objectives = field(default=Objectives(), kw_only=True)
    target: Target = field(default=Target(), kw_only=True)
    file: Files = field(default=Files(), kw_only=True)
    organisation: Organisation = field(default=Organisation(), kw_only=True)
    launch: Launch = field(default=Launch(), kw_only=True)
    measurement: Measurement = field(default=Measurement(), kw_only=True)

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "name", _called(self.name))
        put(self, "weeks", whole(Step.LAUNCH, "weeks", self.weeks, 1, MOST_WEEKS))
        put(self, "flights", _flights(self.flights, self.weeks))
        put(self, "holdout", number(Step.MEASURE, "holdout", self.holdout, 0, 0.9))
        put(self, "objective", choice(_("objective"), self.objective, get_args(Objective)))
        put(self, "start", whole(Step.LAUNCH, "start", self.start, 0, MOST_WEEKS - 1))
        if self.start + self.weeks > MOST_WEEKS:
            problem = _(
                "it starts in week {start} and runs {weeks} weeks, past the end of the year ({most})."
            )
            problem = problem.format(start=self.start, weeks=self.weeks, most=MOST_WEEKS)
            raise PlanError(Step.LAUNCH, problem, _("Start earlier, or run fewer weeks."))
        put(self, "most", None if self.most is None else money(Step.CHANNELS, "most", self.most))
        put(self, "lawful", flag(Step.LAUNCH, "lawful", self.lawful))
        _part(Objectives, Step.OBJECTIVES, self.objectives)
        _part(Target, Step.TARGET, self.target)
        _part(Files, Step.FILE, self.file)
        _part(Organisation, Step.ORGANISATION, self.organisation)
        _part(Launch, Step.LAUNCH, self.launch)
        _part(Measurement, Step.MEASURE, self.measurement)

    @property
    def budget(self) -> int:
        """Money of all flights together, before special editions, purchased files and fees."""
        return sum(flight.spend for flight in self.flights)

    @property
    def editions(self) -> tuple[str, ...]:
        """Segments for which a special edition is made, each once."""
        return tuple(sorted({f.offer.to for f in self.flights if f.offer.to is not None}))

    @property
    def prospecting(self) -> bool:
        """Whether it looks for new customers in a purchased file: target and file are then one choice."""
        return bool(self.file.purchased)

    def cost(self, world: World) -> int:
        """Return all that the plan costs in a world: flights, special editions, purchased files, fees.

        A purchased file is bought whole, once: its price an address times its rows.
        """
        world = _world(world)
        files = {name for flight in self.flights for name in flight.files} | set(self.file.purchased)
        bought = [world.recipe.files[name] for name in sorted(files) if name in world.recipe.files]
        rows = [round(file.size.value * world.size) for file in bought]
        addresses = sum(round(file.price.value * count) for file, count in zip(bought, rows, strict=True))
        return self.budget + world.edition_cost * len(self.editions) + addresses + self.organisation.fees

    def check(self, world: World) -> pd.DataFrame:
        """Return what is wrong with the plan in a world.

        Returns
        -------
        pandas.DataFrame
            One row a problem, in the order of the steps: step; severity ("error": it cannot run, "warning":
            it can, and should not); problem; cure. No rows: all is well.
        """
        return frame_of(problems_of(self, _world(world)))

    def fits(self, world: World) -> None:
        """Check that the plan can run in a world.

        Raises
        ------
        UnknownName
            If a channel, segment, persona, contact file or supplier does not exist.
        PlanError
            If a channel is asked for what it cannot do, the money is overrun, steps contradict each
            other, or contact law is broken (unless `lawful` is False).
        """
        for problem in problems_of(self, _world(world), reckoned=False):
            if problem.severity == "error":
                raise problem.raised()

    @staticmethod
    def draft(world: World) -> PlanDraft:
        """Return an empty plan to fill in, step by step, for a world."""
        from narrowcast.campaigns.draft import PlanDraft  # noqa: PLC0415 - a draft ends as a plan

        return PlanDraft(world)

    def to_json(self) -> str:
        """Return the plan as a text, which `from_json` reads back."""
        from narrowcast.campaigns.document import written  # noqa: PLC0415 - it knows what a plan is made of

        return written(self)

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Return the plan that a text holds.

        Raises
        ------
        PlanError
            If the text is no plan: not JSON, too long, of another version, with a field that is unknown,
            of the wrong type or out of range. Nothing in it is ever run.
        """
        from narrowcast.campaigns.document import read  # noqa: PLC0415

        return read(text)

    def save(self, path: str | Path) -> None:
        """Write the plan to a file, as `to_json` has it.

        Raises
        ------
        PlanError
            If the file cannot be written.
        """
        from narrowcast.campaigns.document import save  # noqa: PLC0415

        save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> Plan:
        """Read a plan from a file that `save` wrote.

        Raises
        ------
        PlanError
            If the file cannot be read or holds no plan.
        """
        from narrowcast.campaigns.document import load  # noqa: PLC0415

        return load(path)


def _world(given: object) -> World:
    if not isinstance(given, World):
        problem = _("{given} is no world.").format(given=shown(given))
        raise PlanError(Step.LAUNCH, problem, _('Open one: nc.open_world("hcmc-fashion").'))
    return given
