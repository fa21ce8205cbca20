"""Who lives with whom, and where."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from faker.providers.address.vi_VN import Provider as Address

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import take, texts
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.codes import codes
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.people.homes import homes
from narrowcast.worlds.tables.customers import TABLE as CUSTOMERS
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLE"]

_STREET, _WARD, _HOUSE = 8, 9, 10
"""Slots of an address's draws, taken from the household's head."""


def columns() -> tuple[Column, ...]:
    """Return the columns, worded in the language in force."""
    return (
        Column(
            "customer_id", "text", _("Who lives there; every customer once."), key="customers.customer_id"
        ),
        Column("household_id", "text", _("Number of the household, such as H0000042.")),
        Column("members", "whole", _("Customers in the household."), _("people")),
        Column("address", "text", _("House, street and commune. Streets are real names, houses are drawn.")),
        Column("province", "text", _("Where it lies.")),
    )


@lru_cache(maxsize=1)
def _places() -> tuple[pa.Array, pa.Array]:
    """Return streets and communes, as Faker lists them."""
    streets = [f"đường {street}" for street in sorted(set(Address.streets))]
    wards = [f"phường {ward}" for ward in sorted(set(Address.communes))]
    return texts(streets), texts(wards)


def _addresses(block: Block, head: npt.NDArray[np.int64]) -> pa.Array:
    """Write an address for each household."""
    streets, wards = _places()
    u = [block.draw(Purpose.HOUSEHOLD, slot)[head] for slot in (_STREET, _WARD, _HOUSE)]
    house = pc.cast(pa.array(1 + (u[2] ** 2 * 400).astype(np.int64)), pa.large_string())
    street = take(streets, (u[0] * len(streets)).astype(np.int64))
    ward = take(wards, (u[1] * len(wards)).astype(np.int64))
    joint = [pa.scalar(text, pa.large_string()) for text in ("số ", " ", ", ", "")]
    numbered_street = pc.binary_join_element_wise(joint[0], house, joint[3])
    street = pc.binary_join_element_wise(numbered_street, street, joint[1])
    return pc.binary_join_element_wise(street, ward, joint[2])


def draw(block: Block) -> pa.Table:
    """Draw the households of a block."""
    lived, customers = block.once(homes), CUSTOMERS.of(block)
    members = np.bincount(lived.home)
    return pa.Table.from_arrays(
        [
            customers["customer_id"].combine_chunks(),
            take(codes("H", block.start + lived.head), lived.home),
            pa.array(members[lived.home]),
            take(_addresses(block, lived.head), lived.home),
            customers["province"].combine_chunks(),
        ],
        schema=TABLE.schema(),
    )


TABLE = Table(
    "households", lambda: _("Households"), columns, draw, unique=("customer_id",), order=("customer_id",)
)
