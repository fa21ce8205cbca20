"""Whether a plan keeps to contact law (`narrowcast.campaigns.law`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.law import ContactRule, rules_for
from narrowcast.campaigns.problems import Problem, Severity
from narrowcast.campaigns.steps import Step
from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.worlds import World

if TYPE_CHECKING:
    from narrowcast.campaigns.plan import Plan

__all__ = ["breaches"]

Bound = tuple[Flight, tuple[ContactRule, ...]]
"""A flight and the rules that bind it, of every country whose people it may reach."""


def breaches(plan: Plan, world: World) -> Iterator[Problem]:
    """Yield where a plan breaks contact law; errors, or warnings where the plan says ``lawful=False``.

    What several countries forbid, or what several flights do because the plan says so once, is told once.

    Parameters
    ----------
    plan
        A plan; names that the world does not know are left to others.
    world
        The market; whose law holds follows from the locales of its segments.
    """
    severity: Severity = "error" if plan.lawful else "warning"
    files = world.recipe.files
    known = [flight for flight in plan.flights if flight.channel in world.recipe.channels]
    bound = [(flight, rules_for(flight, world)) for flight in known]
    for one in bound:
        if one[0].hours is not None:
            yield from _hours([one], one[0].hours, severity)
    if plan.launch.hours is not None:
        rest = [one for one in bound if one[0].hours is None]
        yield from _hours(rest, plan.launch.hours, severity)
    bought = [one for one in bound if any(files[f].kind == "purchased" for f in one[0].files if f in files)]
    for one in bound:
        yield from _cap(*one, severity)
        yield from _consent(*one, severity, purchased=one in bought)
    yield from _purchase(bought)


def _names(flights: Iterable[Flight]) -> str:
    return ", ".join(flight.name for flight in flights)


def _laws(rules: Iterable[ContactRule]) -> str:
    return ", ".join(dict.fromkeys(rule.law for rule in rules))


def _hours(bound: Sequence[Bound], hours: tuple[int, int], severity: Severity) -> Iterator[Problem]:
    """Tell of hours that some flights share, with those that every law leaves to them."""
    limits = [
        (flight, rule, rule.hours) for flight, rules in bound for rule in rules if rule.hours is not None
    ]
    broken = [one for one in limits if hours[0] < one[2][0] or hours[1] > one[2][1]]
    if not broken:
        return
    flights = list(dict.fromkeys(flight for flight, _rule, _limit in broken))
    theirs = [limit for flight, _rule, limit in limits if flight in flights]
    lawful = max(first for first, _last in theirs), min(last for _first, last in theirs)
    problem = ngettext(
        "{flight} runs from {first} to {last} h; lawful is {lawful_first} to {lawful_last} h ({law}).",
        "{flight} run from {first} to {last} h; lawful is {lawful_first} to {lawful_last} h ({law}).",
        len(flights),
    ).format(
        flight=_names(flights), first=hours[0], last=hours[1], lawful_first=lawful[0], lawful_last=lawful[1],
        law=_laws(rule for _flight, rule, _limit in broken),
    )  # fmt: skip
    yield Problem(Step.LAUNCH, problem, _("Write hours={hours}.").format(hours=lawful), severity)


def _cap(flight: Flight, rules: Sequence[ContactRule], severity: Severity) -> Iterator[Problem]:
    limits = [(rule.per_day, rule) for rule in rules if rule.per_day is not None]
    if flight.cap is None or not limits:
        return
    day, rule = min(limits, key=lambda one: one[0])
    if flight.cap <= 7 * day:
        return
    problem = _("{flight} may contact a person {cap} times a week; lawful is {day} in 24 hours ({law}).")
    problem = problem.format(flight=flight.name, cap=flight.cap, day=day, law=rule.law)
    yield Problem(Step.LAUNCH, problem, _("Write cap={cap} or less.").format(cap=7 * day), severity)


def _consent(
    flight: Flight, rules: Sequence[ContactRule], severity: Severity, *, purchased: bool
) -> Iterator[Problem]:
    if flight.consented:
        return
    forbidden = [rule for rule in rules if rule.consent == "everybody"]
    limited = [rule for rule in rules if rule.consent == "strangers"]
    if purchased:  # none of them ever bought
        forbidden, limited = forbidden + limited, []
    if forbidden:
        problem = _("{flight} contacts people who never agreed ({law}).")
        problem = problem.format(flight=flight.name, law=_laws(forbidden))
        yield Problem(Step.FILE, problem, _("Write consented=True."), severity)
    elif limited:
        problem = _(
            "{flight} contacts people who never agreed; lawful only with those who bought of late ({law})."
        )
        problem = problem.format(flight=flight.name, law=_laws(limited))
        yield Problem(Step.FILE, problem, _("Write consented=True."), "warning")


def _purchase(bought: Sequence[Bound]) -> Iterator[Problem]:
    """Warn of purchased files: whatever law asks for, somebody has to see the proof."""
    bound = [(flight, rules) for flight, rules in bought if rules]
    laws = dict.fromkeys(rule.trade_law for _flight, rules in bound for rule in rules if rule.trade_law)
    if not bound:
        return
    if laws:
        flights = [flight for flight, rules in bound if any(rule.trade_law for rule in rules)]
        problem = ngettext(
            "{flight} uses a purchased file; trade in personal data needs a ground in law ({law}).",
            "{flight} use a purchased file; trade in personal data needs a ground in law ({law}).",
            len(flights),
        ).format(flight=_names(flights), law=", ".join(laws))
    else:
        problem = ngettext(
            "{flight} trusts the seller that people agreed to hear from this firm.",
            "{flight} trust the seller that people agreed to hear from this firm.",
            len(bound),
        ).format(flight=_names(flight for flight, _rules in bound))
    cure = _("Ask the seller for proof, name by name, or use the house file.")
    yield Problem(Step.FILE, problem, cure, "warning")
