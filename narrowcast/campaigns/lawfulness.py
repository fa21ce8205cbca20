"""Whether a plan keeps to contact law (`narrowcast.campaigns.law`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from narrowcast.campaigns.flight import Flight
from narrowcast.campaigns.law import ContactRule, rules_for
from narrowcast.campaigns.problems import Problem, Severity
from narrowcast.campaigns.steps import Step
from narrowcast.language import gettext as _
from narrowcast.worlds import World

if TYPE_CHECKING:
    from narrowcast.campaigns.plan import Plan

__all__ = ["breaches"]


def breaches(plan: Plan, world: World) -> Iterator[Problem]:
    """Yield where a plan breaks contact law; errors, or warnings where the plan says ``lawful=False``.

    Parameters
    ----------
    plan
        A plan; names that the world does not know are left to others.
    world
        The market; whose law holds follows from the locales of its segments.
    """
    severity: Severity = "error" if plan.lawful else "warning"
    files = world.recipe.files
    for flight in plan.flights:
        if flight.channel not in world.recipe.channels:
            continue
        hours = flight.hours or plan.launch.hours
        kinds = [files[name].kind for name in flight.files if name in files] or ["house"]
        for rule in rules_for(flight, world):
            yield from _hours(flight, rule, hours, severity)
            yield from _cap(flight, rule, severity)
            yield from _consent(flight, rule, kinds, severity)
            yield from _purchase(flight, rule, kinds)


def _hours(
    flight: Flight, rule: ContactRule, hours: tuple[int, int] | None, severity: Severity
) -> Iterator[Problem]:
    if hours is None or rule.hours is None:
        return
    if hours[0] < rule.hours[0] or hours[1] > rule.hours[1]:
        problem = _(
            "{flight} runs from {first} to {last} h; lawful is {lawful_first} to {lawful_last} h ({law})."
        )
        problem = problem.format(
            flight=flight.name, first=hours[0], last=hours[1], lawful_first=rule.hours[0],
            lawful_last=rule.hours[1], law=rule.law,
        )  # fmt: skip
        yield Problem(Step.LAUNCH, problem, _("Write hours={hours}.").format(hours=rule.hours), severity)


def _cap(flight: Flight, rule: ContactRule, severity: Severity) -> Iterator[Problem]:
    if flight.cap is None or rule.per_day is None or flight.cap <= 7 * rule.per_day:
        return
    problem = _("{flight} may contact a person {cap} times a week; lawful is {day} in 24 hours ({law}).")
    problem = problem.format(flight=flight.name, cap=flight.cap, day=rule.per_day, law=rule.law)
    yield Problem(Step.LAUNCH, problem, _("Write cap={cap} or less.").format(cap=7 * rule.per_day), severity)


def _consent(
    flight: Flight, rule: ContactRule, kinds: Sequence[str], severity: Severity
) -> Iterator[Problem]:
    if flight.consented or rule.consent == "nobody":
        return
    if rule.consent == "everybody" or "purchased" in kinds:
        problem = _("{flight} contacts people who never agreed ({law}).")
        problem = problem.format(flight=flight.name, law=rule.law)
        yield Problem(Step.FILE, problem, _("Write consented=True."), severity)
    else:
        problem = _(
            "{flight} contacts people who never agreed; lawful only with those who bought of late ({law})."
        )
        problem = problem.format(flight=flight.name, law=rule.law)
        yield Problem(Step.FILE, problem, _("Write consented=True."), "warning")


def _purchase(flight: Flight, rule: ContactRule, kinds: Sequence[str]) -> Iterator[Problem]:
    if "purchased" not in kinds:
        return
    if rule.purchase:
        problem = _("{flight} trusts the seller that people agreed to hear from this firm.")
    else:
        problem = _(
            "{flight} uses a purchased file; trade in personal data, Law 91/2025/QH15, needs a ground in law."
        )
    problem = problem.format(flight=flight.name)
    yield Problem(
        Step.FILE, problem, _("Ask the seller for proof, name by name, or use the house file."), "warning"
    )
