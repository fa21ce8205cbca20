"""Why one customer did what they did: the run again, watched at one place and told in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.simulate.chronicle import chronicle
from narrowcast.simulate.witness import Witness, numbers, watch, watch_without

if TYPE_CHECKING:
    from narrowcast.simulate.outcome import Outcome

__all__ = ["explain", "why"]

_LIGHT, _HEAVY = 0.5, 2.0
"""Media use, relative to the mean, from which it is told."""


def explain(outcome: Outcome, customer_id: str) -> str:
    """Tell the story of one customer of an outcome.

    Parameters
    ----------
    outcome
        What was run; the customer's region is run again, with the plan and without it.
    customer_id
        Such as "C0000042".

    Returns
    -------
    str
        Who they are; a line a week: what met them, what they noticed, with what chance and why, and what followed;
        last, what they would have done without the campaign. Weeks in which nothing happened are told together.

    Raises
    ------
    UnknownName
        If there is no such customer.
    """
    seen, without = watch(outcome, customer_id), watch_without(outcome, customer_id)
    lines = [
        " ".join(_person(outcome, customer_id, seen)),
        *chronicle(seen),
        " ".join(_ending(seen, without)),
    ]
    return "\n".join(lines)


def why(outcome: Outcome, customer_id: str) -> pd.DataFrame:
    """Return the numbers behind the story of one customer.

    Parameters
    ----------
    outcome
        What was run.
    customer_id
        Such as "C0000042".

    Returns
    -------
    pandas.DataFrame
        A row a week with the flight "(all)", and one for each flight that met the customer or still worked on them.

        =================  =======================================================================================
        contacts ...       contacts, delivered, noticed, clicked: counts
        match              exp(-distance / breadth) of the message and their interests, 0 to 1
        p_notice, p_click  chance to notice each contact; chance to click on each one noticed
        stock              what they remember: noticed contacts weighted by match, decayed week by week
        told               friends who told them of the brand
        pull               logarithm of what marketing multiplies their visits by; word_of_mouth likewise
        p_visit_at_rest    chance of a visit of their own accord without any marketing; p_visit: with it
        p_order            chance that such a visit becomes an order
        visits ...         visits, orders, revenue; of a flight: visits by click, orders credited to it
        =================  =======================================================================================

    Raises
    ------
    UnknownName
        If there is no such customer.
    """
    return numbers(watch(outcome, customer_id))


def _person(outcome: Outcome, customer_id: str, seen: Witness) -> list[str]:
    """Say who the customer is."""
    world, person = outcome.world, seen.person
    segments = list(world.recipe.segments)
    segment = segments[person["segment"]]
    story = [_("{customer} belongs to the segment {segment}.").format(customer=customer_id, segment=segment)]
    nearest = segments[int(np.hypot(*(world.centres - [person["x"], person["y"]]).T).argmin())]
    if nearest == segment:
        story.append(_("Their interests lie nearest to those of their own segment."))
    else:
        story.append(_("Their interests lie nearer to those of {segment}.").format(segment=nearest))
    if seen.held:
        story.append(_("Chance put them into the holdout: no bought contact reached them."))
    use = seen.exposure
    if use < _LIGHT:
        story.append(_("They use media little, so campaigns rarely meet them."))
    elif use > _HEAVY:
        story.append(_("They use media {times:.1f} times as much as most, so campaigns meet them often.")
                     .format(times=use))  # fmt: skip
    story += [*_customer(person), _consent(int(person["agreed"]))]
    if seen.total("contacts"):
        crowd = _("People here meet about {count:,.0f} messages a week, ours among them.")
        story.append(crowd.format(count=world.clutter))
    return story


def _customer(person: Any) -> list[str]:  # noqa: ANN401 - a NumPy record
    """Say what kind of customer they have been."""
    past = int(person["past"])
    ordered = ngettext("They ordered {count} time last year", "They ordered {count} times last year", past)
    story = [(ordered.format(count=past) if past else _("They did not order last year")) + "."]
    if person["alive"]:
        usual = _(
            "Left alone they come {rate:.1f} times a year, and {chance:.0%} of their visits become an order."
        )
        story.append(usual.format(rate=52 * float(person["rate"]), chance=float(person["conversion"])))
    else:
        story.append(_("They had dropped out before the campaign began: only marketing can bring them back."))
    return story


def _consent(agreed: int) -> str:
    return {
        0: _("They agreed neither to e-mail nor to calls."),
        1: _("They agreed to e-mail, not to calls."),
        2: _("They agreed to calls, not to e-mail."),
        3: _("They agreed to e-mail and to calls."),
    }[agreed & 3]


def _ending(seen: Witness, without: Witness) -> list[str]:
    """Tell what they did in all, and what they would have done without the campaign."""
    did = _("In all, with the campaign: {sums}.").format(sums=_sums(seen))
    more = seen.total("orders") - without.total("orders")
    would = _("Without it, with the same luck: {sums}.").format(sums=_sums(without))
    if more > 0:
        end = ngettext(
            "So the campaign brought {count} order.", "So the campaign brought {count} orders.", more
        )
    elif more < 0:
        end = ngettext(
            "So the campaign cost {count} order: each order is also a chance to drop out.",
            "So the campaign cost {count} orders: each order is also a chance to drop out.",
            -more,
        )
    elif _sums(seen) == _sums(without):
        end = _("So the campaign changed nothing they did.")
    else:
        end = _("So the campaign brought no order.")
    return [did, would, end.format(count=abs(more))]


def _sums(seen: Witness) -> str:
    visits, orders, revenue = (seen.total(name) for name in ("visits", "orders", "revenue"))
    came = ngettext("{count} visit", "{count} visits", visits).format(count=visits)
    bought = ngettext("{count} order", "{count} orders", orders).format(count=orders)
    if not orders:
        return f"{came}, {bought}"
    return _("{visits}, {orders} worth {money:,.0f} {currency}").format(
        visits=came, orders=bought, money=revenue, currency=seen.layout.world.currency
    )
