"""The customers as they were typed in: dirt, and people entered twice. `customers` is the clean twin."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import row_ids
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.codes import codes
from narrowcast.worlds.dirt import Soiler
from narrowcast.worlds.draws import Floats, Purpose
from narrowcast.worlds.tables.customers import TABLE as CUSTOMERS
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLE"]

_AGAIN = 0
_SECOND = 100
"""Slots of the second entry's draws lie so much further on."""

_PROVINCE, _BORN, _CAME, _LETTERS, _PHONE, _SPACES = range(2, 14, 2)
_TYPED, _NO_MAIL, _CAPITALS = 14, 15, 16


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column(
            "record_id", "text", _("Number of the entry, such as R100000042; unique, though people are not.")
        ),
        Column("name", "text", _("Name as typed.")),
        Column("gender", "text", _("Gender.")),
        Column("birth_date", "text", _("Day of birth as typed, in several orders.")),
        Column("province", "text", _("Province as typed, in several spellings.")),
        Column("email", "text", _("E-mail address; missing where none was given."), nullable=True),
        Column("phone", "text", _("Telephone number as typed, in several forms."), nullable=True),
        Column("acquired_at", "text", _("Day on which the customer came, as typed.")),
        Column("segment", "text", _("Group the customer belongs to.")),
        Column(
            "customer_id",
            "text",
            _("Who it really is: the clean twin."),
            hidden=True,
            key="customers.customer_id",
        ),
    )


def draw(block: Block) -> pa.Table:
    """Draw the entries of a block: everybody once, then some a second time, soiled in another way."""
    clean, dirt = CUSTOMERS.of(block), block.recipe.dirt
    twice = np.flatnonzero(block.draw(Purpose.DIRT, _AGAIN) < dirt.duplicates.value)
    rows = np.concatenate([np.arange(block.size), twice])
    again = np.arange(rows.size) >= block.size
    first = clean.take(pa.array(rows)).combine_chunks()

    def u(slot: int) -> Floats:
        once, second = (block.draw(Purpose.DIRT, slot + more)[rows] for more in (0, _SECOND))
        drawn: Floats = np.where(again, second, once)
        return drawn

    soil = Soiler(u)
    name = soil.spaces(
        soil.letters(_column(first, "name"), dirt.letters.value, _LETTERS), dirt.spaces.value, _SPACES
    )
    # Entries are numbered as they were typed in, which says nothing of who they are.
    order, numbers = row_ids(block, rows, u(_TYPED))
    table = pa.Table.from_arrays(
        [
            codes("R", numbers[np.argsort(order)]),
            name,
            _column(first, "gender").cast(pa.large_string()),
            soil.dates(_column(first, "birth_date"), dirt.dates.value, _BORN),
            soil.provinces(_column(first, "province"), dirt.spelling.value, _PROVINCE),
            _mail(soil, _column(first, "email"), again, dirt.spaces.value),
            soil.numbers(_column(first, "phone"), dirt.numbers.value, _PHONE),
            soil.dates(_column(first, "acquired_at"), dirt.dates.value, _CAME),
            _column(first, "segment").cast(pa.large_string()),
            _column(first, "customer_id"),
        ],
        schema=TABLE.schema(),
    )
    return table.take(pa.array(order))


def _mail(soil: Soiler, clean: pa.Array, again: npt.NDArray[np.bool_], capitals: float) -> pa.Array:
    """Leave the address out of half of the second entries, and write some in capitals."""
    written = pc.if_else(pa.array(soil.draw(_CAPITALS) < capitals), pc.utf8_upper(clean), clean)
    return pc.if_else(
        pa.array(again & (soil.draw(_NO_MAIL) < 0.5)), pa.scalar(None, pa.large_string()), written
    )


def _column(table: pa.Table, name: str) -> pa.Array:
    column = table[name]
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


TABLE = Table(
    "customers_raw",
    lambda: _("Customers as typed in"),
    columns,
    draw,
    unique=("record_id",),
    order=("record_id",),
)
