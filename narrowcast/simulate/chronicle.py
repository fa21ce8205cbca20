"""What happened to one customer, week by week, in plain sentences."""

from __future__ import annotations

from typing import Any

import numpy as np

from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.simulate.engine.arrays import TYPES
from narrowcast.simulate.witness import Witness

__all__ = ["chronicle"]

_FELT = 0.005
"""A pull below this changes a chance of visiting by less than half a hundredth of itself: not worth telling."""

_ANSWERED = frozenset({"phone", "post"})
"""Media in which a click is an answer."""


def chronicle(seen: Witness) -> list[str]:
    """Return a line a week; weeks in which nothing happened are told together."""
    lines: list[str] = []
    quiet: list[int] = []
    felt = seen.weeks["pull"] + seen.weeks["word"] > _FELT
    for week in range(len(seen.weeks)):
        happened = seen.of_week(week)
        if len(happened) == 0:
            if quiet and felt[quiet[0]] != felt[week]:
                lines.append(_silence(seen, quiet, worked=bool(felt[quiet[0]])))
                quiet = []
            quiet.append(week)
            continue
        if quiet:
            lines.append(_silence(seen, quiet, worked=bool(felt[quiet[0]])))
            quiet = []
        lines.append(_one_week(seen, week, happened))
    return [*lines, _silence(seen, quiet, worked=bool(felt[quiet[0]]))] if quiet else lines


def _silence(seen: Witness, weeks: list[int], *, worked: bool) -> str:
    first, last = weeks[0] + 1, weeks[-1] + 1
    if first == last and worked:
        line = _("Week {first}: nothing met them, but what they had noticed or heard before still worked.")
    elif first == last:
        line = _("Week {first}: nothing met them.")
    elif worked:
        line = _(
            "Weeks {first} to {last}: nothing met them, but what they had noticed or heard before still worked."
        )
    else:
        line = _("Weeks {first} to {last}: nothing met them.")
    return line.format(first=first, last=last) + _at_rest(seen, weeks)


def _at_rest(seen: Witness, weeks: list[int]) -> str:
    """Tell the chance that somebody comes of their own accord in weeks in which they did not."""
    chances = -np.expm1(-seen.at_rest[weeks])
    low, high = f"{chances.min():.1%}", f"{chances.max():.1%}"
    if not chances.max():  # they have dropped out, which is told where it happened
        return ""
    if len(weeks) == 1:
        said = _("The chance that they came of their own accord was {low}; they did not.")
    elif low == high:
        said = _("The chance that they came of their own accord was {low} a week; they did not.")
    else:
        said = _("The chance that they came of their own accord was {low} to {high} a week; they did not.")
    return " " + said.format(low=low, high=high)


def _one_week(seen: Witness, week: int, happened: Any) -> str:  # noqa: ANN401 - NumPy records
    parts = [_("Week {week}:").format(week=week + 1)]
    told = int(seen.weeks["told"][week])
    if told:
        parts.append(
            ngettext("{count} friend told them of the brand.", "{count} friends told them of the brand.", told)
            .format(count=told)
        )  # fmt: skip
    for f in np.flatnonzero(seen.flights[week]["contacts"] > 0):
        parts += _met(seen, week, int(f), happened[happened["flight"] == f])
    parts += [_came(seen, week, happened), *_shop(seen, happened)]
    alive = seen.alive
    if alive[week] and not alive[week + 1]:
        parts.append(_("After that they dropped out: they no longer come of their own accord."))
    elif alive[week + 1] and not alive[week]:
        parts.append(_("They are back: from now on they come of their own accord."))
    return " ".join(parts)


def _count(happened: Any, kind: str) -> int:  # noqa: ANN401 - NumPy records
    return int(happened["count"][happened["type"] == TYPES.index(kind)].sum())


def _met(seen: Witness, week: int, f: int, happened: Any) -> list[str]:  # noqa: ANN401 - NumPy records
    """Tell what a flight did with them: how often, how well it spoke to them, whether it was noticed, what followed."""
    met, name = seen.flights[week, f], seen.layout.flights[f].name
    contacts, lost, noticed = (
        int(met["contacts"]),
        int(met["contacts"] - met["delivered"]),
        int(met["noticed"]),
    )
    times = ngettext("{count} contact", "{count} contacts", contacts).format(count=contacts)
    parts = [_("{flight} met them with {times}").format(flight=name, times=times)]
    if lost:
        parts[0] += ngettext(
            ", {count} of which did not arrive", ", {count} of which did not arrive", lost
        ).format(count=lost)
    if met["delivered"]:
        # How well it suits them is the same every week.
        first = not seen.flights[:week]["delivered"][:, f].any()
        matched = (
            _("; the message matched their interests by {match:.0%}, so each had a chance of {p:.0%}; ")
            if first else _("; chance {p:.0%}; ")
        )  # fmt: skip
        ending = (
            ngettext("they noticed {count}", "they noticed {count}", noticed).format(count=noticed)
            if noticed else _("they ignored it")
        )  # fmt: skip
        parts[0] += matched.format(match=float(met["match"]), p=float(met["p_notice"])) + ending
    parts[0] += "."
    crowd = int(seen.flights[week]["contacts"].sum())
    kept = float(seen.table["drowned"][f][min(crowd - 1, 32)])
    if met["delivered"] and kept < 0.95:
        crowded = _("The {count} messages of that week drown each other: they leave {kept:.0%} of the odds.")
        parts.append(crowded.format(count=crowd, kept=kept))
    return parts + _followed(seen, f, met, happened)


def _followed(seen: Witness, f: int, met: Any, happened: Any) -> list[str]:  # noqa: ANN401 - NumPy records
    """Tell what followed a contact."""
    parts = []
    clicks, leaves, machine = (
        int(met["clicked"]),
        _count(happened, "unsubscribe"),
        _count(happened, "machine_open"),
    )
    if clicks and seen.layout.channel(seen.layout.flights[f]).medium in _ANSWERED:
        said = ngettext("They answered {count} time (chance {p:.0%}).", "They answered {count} times (chance {p:.0%}).",
                        clicks)  # fmt: skip
        parts.append(said.format(count=clicks, p=float(met["p_click"])))
    elif clicks:
        said = ngettext("They clicked {count} time (chance {p:.0%}).", "They clicked {count} times (chance {p:.0%}).",
                        clicks)  # fmt: skip
        parts.append(said.format(count=clicks, p=float(met["p_click"])))
    if _count(happened, "lead"):
        parts.append(_("They left their telephone number."))
    if machine:
        said = ngettext("A machine opened {count} unread.", "A machine opened {count} unread.", machine)
        parts.append(said.format(count=machine))
    if leaves:
        parts.append(_("They left the list: no more of this reaches them."))
    if _count(happened, "complaint"):
        parts.append(_("They complained, for they had never agreed to it."))
    if seen.table["sharing"][f] == 2:
        passed = happened[happened["type"] == TYPES.index("share")]
        parts += [_passed_on(seen, line) for line in passed]
    return parts


def _came(seen: Witness, week: int, happened: Any) -> str:  # noqa: ANN401 - NumPy records
    """Tell the chance of a visit of their own accord, and whether they came."""
    before, after = -np.expm1(-seen.at_rest[week]), float(-np.expm1(-seen.weeks["hazard"][week]))
    own = int(((happened["type"] == TYPES.index("visit")) & (happened["flight"] < 0)).sum())
    changed = f"{before:.1%}" != f"{after:.1%}"
    if not own and not changed:
        return _("They did not come.")
    chance = _("The chance that they came without a click was {p:.1%}").format(p=after)
    if changed:
        chance += _(" ({p:.1%} without marketing)").format(p=before)
    if not own:
        return chance + _("; they did not.")
    came = ngettext("; they came, and the chance to buy was {p:.0%}.",
                    "; they came {count} times, and each time the chance to buy was {p:.0%}.", own)  # fmt: skip
    return chance + came.format(count=own, p=float(seen.weeks["chance"][week]))


def _shop(seen: Witness, happened: Any) -> list[str]:  # noqa: ANN401 - NumPy records
    """Tell each visit's end: what brought it, what was bought and for how much, who is credited, who was told."""
    visit, order, share = (TYPES.index(kind) for kind in ("visit", "order", "share"))
    events = happened[np.isin(happened["type"], (visit, order, share))]
    parts: list[str] = []
    inside, empty = False, 0
    for at, line in enumerate(events):
        if line["type"] == visit:
            inside = True
            bought = at + 1 < len(events) and events["type"][at + 1] == order
            if line["flight"] >= 0:
                name = seen.layout.flights[line["flight"]].name
                parts.append(_("Following {flight} they came to the shop.").format(flight=name))
                if not bought:
                    parts.append(_("They left without an order."))
            elif not bought:
                empty += 1
        elif line["type"] == order:
            parts.append(_bought(seen, line))
        elif inside and (line["flight"] < 0 or seen.table["sharing"][line["flight"]] == 1):
            parts.append(_passed_on(seen, line))
    return [*parts, *_in_vain(empty, more=bool(parts))]


def _in_vain(visits: int, *, more: bool) -> list[str]:
    """Tell of a week's visits of their own accord that brought no order: once, not visit by visit."""
    if not visits:
        return []
    if more:
        said = ngettext(
            "{count} more visit without an order.", "{count} more visits without an order.", visits
        )
        return [said.format(count=visits)]
    if visits == 1:
        return [_("They left without an order.")]
    return [_("They left without an order all {count} times.").format(count=visits)]


def _bought(seen: Witness, line: Any) -> str:  # noqa: ANN401 - a NumPy record
    bought = _("They bought for {money:,.0f} {currency};").format(
        money=int(line["value"]), currency=seen.layout.world.currency
    )
    if line["flight"] < 0:
        return bought + " " + _("no channel is credited.")
    return bought + " " + _("{flight} is credited.").format(flight=seen.layout.flights[line["flight"]].name)


def _passed_on(seen: Witness, line: Any) -> str:  # noqa: ANN401 - a NumPy record
    friends = int(line["count"])
    if line["flight"] < 0:
        if not friends:
            return _("They liked it so much that they spoke for the brand, but had nobody to tell.")
        liked = ngettext("They liked it so much that they told {count} friend.",
                         "They liked it so much that they told {count} friends.", friends)  # fmt: skip
        return liked.format(count=friends)
    name = seen.layout.flights[line["flight"]].name
    if not friends:
        return _("They wanted to pass {flight} on, but it reached nobody.").format(flight=name)
    passed = ngettext(
        "They passed {flight} on to {count} friend.", "They passed {flight} on to {count} friends.", friends
    )
    return passed.format(flight=name, count=friends)
