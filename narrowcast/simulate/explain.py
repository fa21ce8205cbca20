"""Why one customer did what they did: the run again, watched at one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.simulate.attention import Floats
from narrowcast.simulate.kernel import run_region

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["explain"]


def _number(outcome: Outcome, customer_id: str) -> int:
    size = outcome.world.population.size
    text = str(customer_id)
    number = int(text[1:]) if text[:1] == "C" and text[1:].isdecimal() and len(text) < 20 else -1
    if not 0 <= number < size or text != f"C{number:07d}":
        raise UnknownName(kind=_("customer"), given=customer_id, allowed=["C0000000", f"C{size - 1:07d}"])
    return number


def explain(outcome: Outcome, customer_id: str) -> str:
    """Tell the story of one customer of an outcome.

    Parameters
    ----------
    outcome
        What was run.
    customer_id
        Such as "C0000042".

    Returns
    -------
    str
        A paragraph a week: what met them, what they noticed and with what chance, and what followed.
    """
    number, world = _number(outcome, customer_id), outcome.world
    region = next(region for region in world.regions if region.start <= number < region.stop)
    weeks: list[dict[str, float]] = []

    def watch(_week: int, log: Mapping[str, Floats]) -> None:
        weeks.append({name: float(values[number - region.start]) for name, values in log.items()})

    seed = outcome.seed + (world.seed << 64)
    run_region(world, outcome.plan, seed, region, watch)
    segment = list(world.recipe.segments)[world.population.segment[number]]
    story = [_("{customer} belongs to the segment {segment}.").format(customer=customer_id, segment=segment)]
    if outcome.held_out[number]:
        story.append(_("Chance put them into the holdout: no bought contact reached them."))
    if outcome.world.population.exposure[number] < 0.5:
        story.append(_("They use media little, so campaigns rarely meet them."))
    story += [_one_week(week, log) for week, log in enumerate(weeks, start=1)]
    return "\n".join(story)


def _one_week(week: int, log: dict[str, float]) -> str:
    parts = [_("Week {week}:").format(week=week), *_contacts(log)]
    if log["told"]:
        told = round(log["told"])
        parts.append(
            ngettext("{count} friend told them of the brand.", "{count} friends told them of the brand.", told)
            .format(count=told)
        )  # fmt: skip
    visit = _("The chance of a visit was {p:.1%}").format(p=log["p_visit"])
    if not log["visits"]:
        parts.append(visit + _(", and they did not come."))
        return " ".join(parts)
    buy = _("the chance to buy then was {p:.1%}").format(p=log["p_buy"])
    if not log["orders"]:
        parts.append(visit + _("; they came, {buy}, and they left without an order.").format(buy=buy))
        return " ".join(parts)
    parts.append(
        visit
        + _("; they came, {buy}, and they bought for {money:,.0f}.").format(buy=buy, money=log["revenue"])
    )
    if log["advocated"]:
        parts.append(_("They liked it so much that they told their friends."))
    return " ".join(parts)


def _contacts(log: dict[str, float]) -> list[str]:
    """Tell each flight's contacts: how often, how well it spoke to them, whether it was noticed."""
    lines = []
    for key, met in log.items():
        kind, _colon, flight = key.partition(":")
        if kind != "contacts" or not flight or not met:
            continue
        count = round(met)
        times = ngettext("{count} contact", "{count} contacts", count).format(count=count)
        seen = round(log[f"noticed:{flight}"])
        ending = (
            ngettext("they noticed {count}.", "they noticed {count}.", seen).format(count=seen)
            if seen else _("they ignored it.")
        )  # fmt: skip
        met_them = _(
            "{flight} met them with {times}; the message matched {match:.0%}, so each had a chance of {p:.0%};"
        )
        lines.append(
            met_them.format(
                flight=flight, times=times, match=log[f"match:{flight}"], p=log[f"p_notice:{flight}"]
            )
            + f" {ending}"
        )
    if not lines and log["pull_of_media"] > 0.01:
        lines.append(_("Nothing met them, but earlier messages still worked."))
    return lines or [_("Nothing met them.")]
