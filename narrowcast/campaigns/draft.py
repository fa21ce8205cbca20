"""A plan while it is being written: eight steps, filled in any order, nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import Any

import pandas as pd

from narrowcast.campaigns.checks import problems_of
from narrowcast.campaigns.files import Files
from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.launch import Launch
from narrowcast.campaigns.measurement import Measurement
from narrowcast.campaigns.numbers import choice, shown
from narrowcast.campaigns.objectives import Objectives
from narrowcast.campaigns.organisation import Organisation
from narrowcast.campaigns.plan import Plan
from narrowcast.campaigns.problems import Problem, frame_of
from narrowcast.campaigns.steps import Step
from narrowcast.campaigns.target import Target
from narrowcast.errors import NarrowcastError, PlanError, UnknownName, nearest
from narrowcast.language import gettext as _
from narrowcast.worlds import World

__all__ = ["PlanDraft"]

Entries = dict[str, Any]

ALLOWED: dict[Step, tuple[str, ...]] = {
    Step.OBJECTIVES: ("name", "objective", "metrics", "why"),
    Step.TARGET: ("segments", "personas", "why"),
    Step.CHANNELS: ("flights", "most"),
    Step.FILE: ("house", "purchased"),
    Step.MESSAGE: ("messages", "offers"),
    Step.ORGANISATION: ("suppliers", "tasks"),
    Step.LAUNCH: ("start", "weeks", "hours", "checklist", "lawful"),
    Step.MEASURE: ("holdout", "indicators", "attribution", "read", "unit"),
}
"""What each step is filled in with."""

_PARTS: dict[Step, tuple[str, Callable[..., object]]] = {
    Step.OBJECTIVES: ("objectives", Objectives),
    Step.TARGET: ("target", Target),
    Step.FILE: ("file", Files),
    Step.ORGANISATION: ("organisation", Organisation),
    Step.LAUNCH: ("launch", Launch),
    Step.MEASURE: ("measurement", Measurement),
}
_OF_PLAN = {"name", "objective", "flights", "most", "start", "weeks", "lawful", "holdout"}
_FIRST = ("weeks",)
"""Entries that are read before the others of their step: whether a start fits into the year depends on the weeks."""
_ORDER = (Step.LAUNCH, Step.OBJECTIVES, Step.TARGET, Step.CHANNELS, Step.MESSAGE, Step.FILE, Step.ORGANISATION,
          Step.MEASURE)  # fmt: skip
"""Weeks come first: a schedule has one weight for each. Messages come before files, which change flights' names."""


class PlanDraft:
    """A plan that is being written for a world.

    Made by `Plan.draft`. Nothing that is entered is lost: what is wrong stays, and `problems` tells of it.

    Parameters
    ----------
    world
        The market that the plan is for.

    Examples
    --------
    >>> from narrowcast.worlds import open_world
    >>> draft = Plan.draft(open_world("hcmc-fashion", customers=500))
    >>> draft.fill("target", segments="trend").progress()["state"]["target"]
    'done'
    """

    def __init__(self, world: World) -> None:
        if not isinstance(world, World):
            problem = _("{given} is no world.").format(given=shown(world))
            raise PlanError(Step.LAUNCH, problem, _('Open one: nc.open_world("hcmc-fashion").'))
        self._world = world
        self._entries: dict[Step, Entries] = {}

    def fill(self, step: str, **entries: object) -> PlanDraft:
        """Fill in a step, or more of it; a word on what is wrong is in `problems`.

        Parameters
        ----------
        step
            Name of the step.
        **entries
            objectives: name, objective, metrics, why. target: segments, personas, why. channels: flights,
            most. file: house, purchased. message: messages, offers (one for all flights, or a dict by the
            flight's name). organisation: suppliers, tasks. launch: start, weeks, hours, checklist, lawful.
            measure: holdout, indicators, attribution, read, unit. None of them: the step's defaults will do.

        Returns
        -------
        PlanDraft
            The same draft, so that steps can be chained.

        Raises
        ------
        UnknownName
            If there is no such step; what was entered before stays.
        """
        kept = {name: _kept(value) for name, value in entries.items()}
        self._entries.setdefault(self._step(step), {}).update(kept)
        return self

    def clear(self, step: str) -> PlanDraft:
        """Forget what a step was filled in with.

        Raises
        ------
        UnknownName
            If there is no such step.
        """
        self._entries.pop(self._step(step), None)
        return self

    @staticmethod
    def _step(step: object) -> Step:
        return Step(choice(_("step"), step, [one.value for one in Step]))

    @property
    def entries(self) -> dict[str, Entries]:
        """What was entered, by step."""
        return {step.value: dict(self._entries[step]) for step in Step if step in self._entries}

    def problems(self) -> pd.DataFrame:
        """Return what is wrong so far.

        Returns
        -------
        pandas.DataFrame
            One row a problem: step, severity ("error" or "warning"), problem, cure. A step that was not
            filled in yet is an error: the plan is not finished without it.
        """
        return frame_of(self._judged()[1])

    def progress(self) -> pd.DataFrame:
        """Return how far each step is.

        Returns
        -------
        pandas.DataFrame
            Indexed by step, in order: title, state ("done", "wrong" or "open"), entered (what was).
        """
        wrong = {one.step for one in self._judged()[1] if one.severity == "error"}
        rows = {
            step.value: {
                "title": str(step),
                "state": "open" if step not in self._entries else "wrong" if step in wrong else "done",
                "entered": _told(self._entries.get(step, {})),
            }
            for step in Step
        }
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("step")

    def finish(self) -> Plan:
        """Return the plan.

        Raises
        ------
        PlanError
            If a step is missing or wrong; it lists all of them, and the draft stays as it is.
        """
        plan, problems = self._judged()
        errors = [one for one in sorted(problems, key=lambda one: one.step.number) if one.severity == "error"]
        if errors:
            lines = [f"{one.step}: {one.problem} {one.cure}".strip() for one in errors]
            problem = _("missing or wrong: {count}.").format(count=len(errors))
            raise PlanError(errors[0].step, "\n- ".join([problem, *lines]))
        return plan

    def _judged(self) -> tuple[Plan, list[Problem]]:
        """Return the plan as far as it can be made, and what is wrong, each mistake once."""
        plan, problems = Plan(), []
        unread = {name for step in Step if step not in self._entries for name in ALLOWED[step]}
        for step in _ORDER:
            if step not in self._entries:
                cure = _('Write draft.fill("{step}", ...).').format(step=step.value)
                problems.append(Problem(step, _not_yet(), cure))
                continue
            if step is Step.CHANNELS and "weeks" in unread:
                plan = _as_long_as_its_schedules(plan, self._entries[step].get("flights"))
            taken: Entries = {}
            for name, value in sorted(self._entries[step].items(), key=lambda entry: entry[0] not in _FIRST):
                # Each entry is tried on top of the good ones: a wrong one takes no other with it.
                try:
                    if name not in ALLOWED[step]:
                        raise UnknownName(kind=_("entry"), given=name, allowed=ALLOWED[step])
                    self._with(plan, step, taken | {name: value}, unread)
                except NarrowcastError as error:
                    problems.append(Problem.of(error, step))
                    meant = nearest(name, ALLOWED[step], 1)  # its own name, unless that is misspelt
                    unread |= {name, *meant}
                    if name == "weeks":
                        plan = replace(plan, weeks=1)  # any start fits
                    elif name == "flights" and (kept := _unscheduled(plan, value)):
                        taken[name] = kept
                        unread = unread - {name} | {"schedule"}
                else:
                    taken[name] = value
            plan = self._with(plan, step, taken, unread)
        found = problems_of(plan, self._world, unread)
        problems += [one for one in found if one.severity == "error" or one.step in self._entries]
        return plan, problems

    def _with(self, plan: Plan, step: Step, entries: Entries, unread: Collection[str]) -> Plan:
        """Return the plan with one more step; what rests on entries that could not be read is left out."""
        if step is Step.MESSAGE:
            return plan if "flights" in unread else replace(plan, flights=self._spoken(plan, entries))
        changes = {name: value for name, value in entries.items() if name in _OF_PLAN}
        if step in _PARTS:
            field, kind = _PARTS[step]
            changes[field] = kind(**{name: value for name, value in entries.items() if name not in _OF_PLAN})
        changed = replace(plan, **changes)
        return replace(changed, flights=self._addressed(changed)) if step is Step.FILE else changed

    def _spoken(self, plan: Plan, entries: Entries) -> tuple[Flight, ...]:
        """Return the flights with the messages and offers of the step."""
        flights = {flight.name: flight for flight in plan.flights}
        for field, entry in (("message", entries.get("messages")), ("offer", entries.get("offers"))):
            if entry is None:
                continue
            given = entry if isinstance(entry, Mapping) else dict.fromkeys(flights, entry)
            for name, said in given.items():
                if name in flights:
                    change: Entries = {field: said}
                    flights[name] = replace(flights[name], **change)
                elif self._are_known(plan.flights):  # else it may be for the one that is misspelt
                    raise UnknownName(kind=_("flight"), given=name, allowed=flights)
        return tuple(flights.values())

    def _are_known(self, flights: Iterable[Flight]) -> bool:
        recipe = self._world.recipe
        return all(one.channel in recipe.channels and one.to in (None, *recipe.segments) for one in flights)

    def _addressed(self, plan: Plan) -> tuple[Flight, ...]:
        """Give flights that send, and name no file, the purchased files of the step (house first if it is used)."""
        recipe = self._world.recipe
        house = [name for name, file in recipe.files.items() if file.kind == "house"]
        files = (*house, *plan.file.purchased) if plan.file.house else plan.file.purchased

        def sends(flight: Flight) -> bool:
            channel = recipe.channels.get(flight.channel)
            return channel is not None and channel.delivery == "sent" and not flight.files

        if not plan.file.purchased:
            return tuple(plan.flights)
        return tuple(replace(flight, files=files) if sends(flight) else flight for flight in plan.flights)

    def _repr_markdown_(self) -> str:
        frame, problems = self.progress(), self.problems()
        words = {"done": _("done"), "wrong": _("wrong"), "open": _("open")}
        lines = [f"| | {_('step')} | {_('state')} | {_('entered')} |", "|---|---|---|---|"]
        for number, row in enumerate(frame.itertuples(), start=1):
            lines.append(f"| {number} | {row.title} | {words[str(row.state)]} | {_safe(row.entered)} |")
        for row in problems[problems["problem"] != _not_yet()].itertuples():
            mark = _("error") if row.severity == "error" else _("warning")
            lines.append(f"\n**{mark}, {row.step}:** {_safe(row.problem)} {_safe(row.cure)}")
        return "\n".join(lines)


def _not_yet() -> str:
    return _("it is not filled in yet.")


def _kept(value: object) -> object:
    """Return a value that later changes of the caller's do not reach."""
    if isinstance(value, Iterator):
        return tuple(islice(value, 1_000))
    return copy(value) if isinstance(value, list | dict | set) else value


def _as_long_as_its_schedules(plan: Plan, flights: object) -> Plan:
    """Return the plan with as many weeks as schedules have, where it is not known how many there are."""
    listed = flights if isinstance(flights, list | tuple) else (flights,)
    weeks = [len(one.schedule) for one in listed if isinstance(one, Flight) and one.schedule is not None]
    return replace(plan, start=0, weeks=weeks[0]) if weeks else plan


def _unscheduled(plan: Plan, flights: object) -> tuple[Flight, ...]:
    """Return the flights without schedules of the wrong length, so that what else is wrong is told too; none: ().

    A plan cannot hold a schedule that does not go with its weeks, but whom a flight writes to, at which hours and
    from which file, can be judged all the same.
    """
    listed = flights if isinstance(flights, list | tuple) else (flights,)
    if not all(isinstance(one, Flight) for one in listed):
        return ()
    kept = tuple(
        one if one.schedule is None or len(one.schedule) == plan.weeks else replace(one, schedule=None)
        for one in listed
    )
    try:
        replace(plan, flights=kept)
    except NarrowcastError:  # it was not the schedules, or not alone
        return ()
    return kept


def _told(entries: Entries) -> str:
    return ", ".join(f"{name}={_word(value)}" for name, value in entries.items())


def _word(value: object) -> str:
    if isinstance(value, Flight):
        return f"{value.name} {value.spend:,}"
    if isinstance(value, list | tuple) and all(isinstance(member, Flight) for member in value):
        return "[" + ", ".join(_word(member) for member in value) + "]"
    return shown(value)


def _safe(words: object) -> str:
    """Return words that mean nothing to Markdown or HTML."""
    flat = " ".join(str(words).split())
    for sign, instead in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("|", "&#124;"), ("`", "&#96;"),
                          ("*", "&#42;"), ("_", "&#95;"), ("[", "&#91;"), ("$", "&#36;")):  # fmt: skip
        flat = flat.replace(sign, instead)
    return flat
