"""People who left a telephone number on a landing page, and the few who were ever called."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import TODAY, calendar_of
from narrowcast.worlds.codes import codes
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.ingredients import LOCALES
from narrowcast.worlds.past.browsing import YEAR
from narrowcast.worlds.past.companions import LEADS, Companions
from narrowcast.worlds.people.identity import identities
from narrowcast.worlds.tables.customers import TABLE as CUSTOMERS
from narrowcast.worlds.tables.schema import Column, Table
from narrowcast.worlds.trade import Leads

__all__ = ["TABLE"]

_FEMALE, _DAY, _HOUR, _PAGE, _EMAIL, _CONSENT, _WORKS, _SHARED, _CALLED, _DELAY, _REACHED, _WOULD, _OFFICE = (
    range(16, 29)
)


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column("lead_id", "text", _("Number of the lead, such as L0000042; unique.")),
        Column("ts", "time", _("When the form was sent.")),
        Column("page", "category", _("Landing page.")),
        Column("name", "text", _("Name that was left.")),
        Column("phone", "text", _("Telephone number that was left; people of one household may leave the same.")),
        Column("email", "text", _("E-mail address, if one was left."), nullable=True),
        Column("province", "text", _("Where the person lives.")),
        Column("consent", "flag", _("Whether the box was ticked that allows a call.")),
        Column("called_at", "time", _("When somebody first called; missing if nobody ever did."), nullable=True),
        Column(
            "outcome", "category", _("Of the call: no answer, not interested or enrolled; missing without one."),
            nullable=True,
        ),
        Column("phone_works", "flag", _("Whether a call gets through."), hidden=True),
        Column("would_enrol", "flag", _("Whether a call that reaches the person ends in a sale."), hidden=True),
    )  # fmt: skip


def _phones(rows: Companions, female: np.ndarray, locale: np.ndarray, shared: float) -> pa.Array:
    """Return the numbers that were left: of a few, the number of the lead before, who lives with them."""
    more = min(1, rows.first)  # the lead before the first belongs to the block before

    def u(slot: int) -> np.ndarray:
        return rows.draw(slot, before=1)

    numbers = np.arange(rows.first - more, rows.first + rows.size)
    everybody = identities(
        u, numbers, np.pad(female, (more, 0)), np.pad(locale, (more, 0), mode="edge")
    ).phone()
    same = u(_SHARED) < shared
    same[0] = False
    same[1:] &= ~same[:-1]  # who shares a number has one to share no more
    place = np.arange(numbers.size) - same
    return everybody.take(pa.array(place[more:]))


def draw(block: Block) -> pa.Table:
    """Draw the leads that go with a block."""
    rules, recipe, calendar = _rules(block), block.recipe, calendar_of(block.recipe)
    rows = Companions(block, rules.per_customer.value, Purpose.LEADS, LEADS)
    spoken = np.array([LOCALES.index(s.locale) for s in recipe.segments.values()], dtype=np.uint8)
    locale = spoken[block.segment[rows.customer]]
    female = rows.draw(_FEMALE) < block.each(lambda s: s.female.value)[rows.customer]
    who = identities(rows.draw, rows.strangers, female, locale)
    since = calendar.passed[max(0, calendar.days - YEAR)]
    day = calendar.day_of(since + rows.draw(_DAY) * (calendar.passed[-1] - since))
    sent = calendar.moment(day, rows.draw(_HOUR))
    # Calls are made in office hours, on one of the following days.
    wait = 1 - (np.log(rows.draw(_DELAY)) * 2).astype(np.int64)
    office = calendar.in_office(day + wait, rows.draw(_OFFICE))
    called = (rows.draw(_CALLED) < rules.called.value) & (office < TODAY)
    works = rows.draw(_WORKS) < rules.phone_valid.value
    would = rows.draw(_WOULD) < rules.enrolled.value
    outcome = np.where(works & (rows.draw(_REACHED) < rules.reached.value), np.where(would, 2, 1), 0)
    pages = np.cumsum([share.value for share in rules.pages.values()])[:-1]
    return pa.Table.from_arrays(
        [
            codes("L", rows.numbers),
            pa.array(sent),
            category(np.searchsorted(pages, rows.draw(_PAGE), side="right"), list(rules.pages)),
            who.name(),
            _phones(rows, female, locale, rules.shared_phone.value) if rows.size else who.phone(),
            who.email(rows.draw(_EMAIL) < 0.55),
            pc.take(CUSTOMERS.of(block)["province"].combine_chunks(), pa.array(rows.customer)),
            pa.array(rows.draw(_CONSENT) < rules.consent.value),
            pa.array(office, mask=~called),
            category(np.where(called, outcome, -1), ["no answer", "not interested", "enrolled"]),
            pa.array(works),
            pa.array(would),
        ],
        schema=TABLE.schema(),
    )


def _rules(block: Block) -> Leads:
    leads = block.recipe.leads
    if leads is None:
        message = "a world without [leads] has no leads"
        raise TypeError(message)
    return leads


TABLE = Table(
    "leads",
    lambda: _("Leads of landing pages"),
    columns,
    draw,
    unique=("lead_id",),
    present=lambda recipe: recipe.leads is not None,
    order=("ts", "lead_id"),
)
