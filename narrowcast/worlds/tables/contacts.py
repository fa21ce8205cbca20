"""Contact files: the firm's own, and those it could buy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category, customer_ids, row_ids, take
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.codes import codes
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.ingredients import LOCALES
from narrowcast.worlds.past.campaigns import left_lists
from narrowcast.worlds.past.companions import Companions
from narrowcast.worlds.people.contactable import contactable
from narrowcast.worlds.people.identity import identities
from narrowcast.worlds.tables.customers import TABLE as CUSTOMERS
from narrowcast.worlds.tables.schema import Column, Table
from narrowcast.worlds.trade import ContactFile

__all__ = ["HOLDS_EMAIL", "HOLDS_PHONE", "TABLE", "Listed", "house_works", "strangers"]

Flags = npt.NDArray[np.bool_]

_FEMALE, _CUSTOMER, _EMAIL_WORKS, _PHONE_WORKS, _AGREED, _CLAIMED, _HAS_EMAIL, _HAS_PHONE, _PLACE = range(
    16, 25
)


HOLDS_EMAIL, HOLDS_PHONE = 0.9, 0.9
"""Shares of a purchased file's rows with either address; a row that would have neither has a telephone."""


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column("contact_id", "text", _("Number of the row, such as K100000042; unique.")),
        Column("file", "category", _("File that the row stands in.")),
        Column("name", "text", _("Full name, as the file has it.")),
        Column("email", "text", _("E-mail address; it may no longer work."), nullable=True),
        Column("phone", "text", _("Telephone number; it may no longer work."), nullable=True),
        Column("province", "text", _("Where the person lives.")),
        Column("consent", "flag", _("Whether the file says that the person agreed to be contacted.")),
        Column("price", "whole", _("Price of the address."), _("smallest unit of money")),
        Column(
            "customer_id", "text", _("Customer that this is; missing for others."), nullable=True, hidden=True,
            key="customers.customer_id",
        ),
        Column("email_works", "flag", _("Whether mail to it arrives."), hidden=True),
        Column("phone_works", "flag", _("Whether a call to it gets through."), hidden=True),
        Column("agreed", "flag", _("Whether the person really agreed to be contacted by this firm."), hidden=True),
    )  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """Rows of a contact file beside a block's customers, as arrays over the rows.

    Attributes
    ----------
    customer
        Number of the customer within the block that a row goes with; in a purchased file the row is a stranger's.
    email, phone
        Whether the row holds such an address.
    email_works, phone_works
        Whether it reaches anybody.
    claimed
        Whether the file says that the person agreed.
    agreed
        Whether they did.
    row
        Number of the row in the whole file.
    """

    customer: npt.NDArray[np.int64]
    email: Flags
    phone: Flags
    email_works: Flags
    phone_works: Flags
    claimed: Flags
    agreed: Flags
    row: npt.NDArray[np.int64]


def house_works(block: Block, number: int, file: ContactFile) -> tuple[Flags, Flags]:
    """Return at whom of a block the e-mail address, and at whom the number, works where there is one."""
    whole = Companions(block, 1, Purpose.FILES, number)
    return (
        whole.draw(_EMAIL_WORKS) < file.email_valid.value,
        whole.draw(_PHONE_WORKS) < file.phone_valid.value,
    )


def strangers(block: Block, number: int, file: ContactFile) -> Listed:
    """Return the rows of a purchased file that are no customers yet, as the table `contacts` has them."""
    rows, can = Companions(block, file.size.value, Purpose.FILES, number), block.once(contactable)
    who = rows.customer
    known = rows.foremost & (rows.draw(_CUSTOMER) < file.overlap.value) & (can.email | can.phone)[who]
    email = rows.draw(_HAS_EMAIL) < HOLDS_EMAIL
    phone = (rows.draw(_HAS_PHONE) < HOLDS_PHONE) | ~email
    every = (
        who, email, phone,
        email & (rows.draw(_EMAIL_WORKS) < file.email_valid.value),
        phone & (rows.draw(_PHONE_WORKS) < file.phone_valid.value),
        rows.draw(_CLAIMED) < file.claimed_consent.value, rows.draw(_AGREED) < file.consent.value, rows.numbers,
    )  # fmt: skip
    kept: list[Any] = [values[~known] for values in every]
    return Listed(*kept)


def _house(block: Block, number: int, file: ContactFile) -> list[Any]:
    """Return the customers that rows of the firm's own file go with, and its columns: all who gave an address."""
    can, customers = block.once(contactable), CUSTOMERS.of(block)
    rows = np.flatnonzero(can.email | can.phone)
    mine = customers.take(pa.array(rows)).combine_chunks()
    no_mail, no_calls = block.once(left_lists)
    agreed = ((can.email_consent & ~no_mail) | (can.phone_consent & ~no_calls))[rows]
    works = [works[rows] for works in house_works(block, number, file)]
    return [
        rows,
        Companions(block, 1, Purpose.FILES, number).draw(_PLACE)[rows],
        *(mine[name].combine_chunks() for name in ("name", "email", "phone", "province")),
        pa.array(agreed),
        mine["customer_id"].combine_chunks(),
        pa.array(works[0] & can.email[rows]),
        pa.array(works[1] & can.phone[rows]),
        pa.array(agreed),
    ]


def _purchased(block: Block, number: int, file: ContactFile) -> list[Any]:
    """Return the same of a purchased file: strangers, and a few who are customers already."""
    rows, recipe, customers = (
        Companions(block, file.size.value, Purpose.FILES, number),
        block.recipe,
        CUSTOMERS.of(block),
    )
    can, who = block.once(contactable), rows.customer
    known = rows.foremost & (rows.draw(_CUSTOMER) < file.overlap.value) & (can.email | can.phone)[who]
    locale = np.array([LOCALES.index(s.locale) for s in recipe.segments.values()], dtype=np.uint8)
    stranger = identities(
        rows.draw,
        rows.strangers,
        rows.draw(_FEMALE) < block.each(lambda s: s.female.value)[who],
        locale[block.segment[who]],
    )
    has_email, has_phone = rows.draw(_HAS_EMAIL) < HOLDS_EMAIL, rows.draw(_HAS_PHONE) < HOLDS_PHONE
    has_phone |= ~has_email  # a row without any address is not sold
    row, known_ = pa.array(who), pa.array(known)
    written = [stranger.name(), stranger.email(has_email), stranger.phone(has_phone)]
    real = [customers[name].combine_chunks().take(row) for name in ("name", "email", "phone")]
    name, email, phone = (
        pc.if_else(known_, ours, theirs) for ours, theirs in zip(real, written, strict=True)
    )
    works = [
        (rows.draw(slot) < share.value) & address.is_valid().to_numpy(zero_copy_only=False)
        for slot, share, address in (
            (_EMAIL_WORKS, file.email_valid, email),
            (_PHONE_WORKS, file.phone_valid, phone),
        )
    ]
    return [
        rows.customer,
        rows.draw(_PLACE),
        name,
        email,
        phone,
        customers["province"].combine_chunks().take(row),
        pa.array(rows.draw(_CLAIMED) < file.claimed_consent.value),
        take(block.once(customer_ids), who, missing=~known),
        *map(pa.array, works),
        pa.array(rows.draw(_AGREED) < file.consent.value),
    ]


def draw(block: Block) -> pa.Table:
    """Draw the rows of all files that go with a block."""
    files, parts, beside = block.recipe.files, [], []
    for number, file in enumerate(files.values()):
        house = file.kind == "house"
        customer, place, *rest = _house(block, number, file) if house else _purchased(block, number, file)
        beside.append((customer, place))
        size = customer.size
        unnumbered = codes("K", np.zeros(size, dtype=np.int64))
        price = pa.array(np.full(size, round(file.price.value)))
        columns_ = [unnumbered, category(np.full(size, number), list(files)), *rest[:5], price, *rest[5:]]
        parts.append(pa.Table.from_arrays(columns_, schema=TABLE.schema()))
    # Rows are shuffled within their region: neither place nor number tells whom a row stands beside.
    customer, place = (np.concatenate(some) for some in zip(*beside, strict=True))
    order, numbers = row_ids(block, customer, place)
    shuffled = pa.concat_tables(parts).combine_chunks().take(pa.array(order))
    return shuffled.set_column(0, TABLE.schema().field(0), codes("K", numbers))


TABLE = Table("contacts", lambda: _("Contact files"), columns, draw, unique=("contact_id",))
