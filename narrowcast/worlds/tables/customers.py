"""The customers: one row each, seventeen columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category, customer_ids, take, texts
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import DAY, TODAY
from narrowcast.worlds.codes import codes
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.ingredients import LOCALES
from narrowcast.worlds.past.campaigns import arms, left_lists
from narrowcast.worlds.people.contactable import contactable, on_phone
from narrowcast.worlds.people.identity import Identities, identities
from narrowcast.worlds.people.residences import residences
from narrowcast.worlds.people.traits import acquired_days, ages, arrivals, female, locales, occupations
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLE"]

_PAPERS = 32
"""First slot of the draws of names, addresses and numbers."""

_YEAR = 365.25


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column("customer_id", "text", _("Number of the customer, such as C0000042; unique.")),
        Column("name", "text", _("Full name, in the order of the customer's country. Invented.")),
        Column("gender", "category", _("Gender: F or M.")),
        Column("birth_date", "date", _("Day of birth; nobody is younger than 16.")),
        Column("province", "text", _("One of Vietnam's 34 province-level units, or a region abroad.")),
        Column("job", "text", _("Occupation, in the language of the customer's country.")),
        Column(
            "email",
            "text",
            _("Address on a domain reserved for examples; missing where none was given."),
            nullable=True,
        ),
        Column(
            "phone",
            "text",
            _("Mobile number, ten digits, or from + on abroad; missing where none was given."),
            nullable=True,
        ),
        Column("email_consent", "flag", _("Agreed to be written to.")),
        Column("phone_consent", "flag", _("Agreed to be called.")),
        Column(
            "file_source", "category", _("Contact file the customer came from; here always the house file.")
        ),
        Column("segment", "category", _("Group the customer belongs to.")),
        Column("acquired_at", "date", _("Day of the first contact with the shop.")),
        Column("channel", "category", _("How the customer first came.")),
        Column("device", "category", _("Device used most: mobile or desktop.")),
        Column(
            "referrer_id",
            "text",
            _("Customer who referred this one; missing for most."),
            nullable=True,
            key="customers.customer_id",
        ),
        Column("arm", "category", _("Arm of the latest experiment: treated, holdout, or none.")),
    )


def _papers(block: Block) -> Identities:
    """Return who the customers are on paper."""
    abroad = any(segment.locale != LOCALES[0] for segment in block.recipe.segments.values())
    return identities(
        lambda slot: block.draw(Purpose.IDENTITY, _PAPERS + slot),
        np.arange(block.start, block.stop),
        block.once(female),
        block.once(locales) if abroad else None,
    )


def _days_ago(days: npt.NDArray[np.int64]) -> pa.Array:
    return pa.array((TODAY.astype(np.int64) - days * DAY).view("datetime64[s]"))


def draw(block: Block) -> pa.Table:
    """Draw the customers of a block."""
    papers, can = _papers(block), block.once(contactable)
    no_mail, no_calls = block.once(left_lists)
    provinces, province = block.once(residences)
    jobs, job = block.once(occupations)
    came = block.once(arrivals)
    nobody = np.zeros(block.size, dtype=np.int8)
    return pa.Table.from_arrays(
        [
            block.once(customer_ids),
            papers.name(),
            category(~block.once(female), ["F", "M"]),
            _days_ago((block.once(ages) * _YEAR).astype(np.int64)),
            take(texts(provinces), province.astype(np.int64)),
            take(texts(jobs), job.astype(np.int64)),
            papers.email(can.email),
            papers.phone(can.phone),
            pa.array(can.email_consent & ~no_mail),
            pa.array(can.phone_consent & ~no_calls),
            category(nobody, ["house"]),
            category(block.segment, list(block.recipe.segments)),
            _days_ago(block.once(acquired_days)),
            category(came.way, came.ways),
            category(~block.once(on_phone), ["mobile", "desktop"]),
            codes("C", came.sponsor, present=came.sponsor >= 0),
            category(block.once(arms), ["none", "treated", "holdout"]),
        ],
        schema=TABLE.schema(),
    )


TABLE = Table(
    "customers", lambda: _("Customers"), columns, draw, unique=("customer_id",), order=("customer_id",)
)
