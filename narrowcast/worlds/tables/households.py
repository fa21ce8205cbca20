"""Who lives with whom, and where."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from faker.providers.address.ko_KR import Provider as Korea
from faker.providers.address.vi_VN import Provider as Vietnam
from faker.providers.person.en_US import Provider as America

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import take, texts
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.codes import codes
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.ingredients import LOCALES
from narrowcast.worlds.people.homes import homes
from narrowcast.worlds.people.traits import locales
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


@lru_cache(maxsize=len(LOCALES))
def _streets(locale: str) -> tuple[tuple[str, str], pa.Array]:
    """Return what stands before and after a house's number, and streets as Faker lists them."""
    if locale == "ko_KR":
        return (("", ""), texts([f"{road}로" for road in sorted(set(Korea.road_names))]))
    if locale == "en_US":
        names = sorted(set(America.last_names))[:300]
        return (
            ("", " "),
            texts([f"{name} {kind}" for name in names for kind in ("Street", "Avenue", "Road")]),
        )
    return (("số ", " "), texts([f"đường {street}" for street in sorted(set(Vietnam.streets))]))


@lru_cache(maxsize=1)
def _wards() -> pa.Array:
    return texts([f"phường {ward}" for ward in sorted(set(Vietnam.communes))])


def _addresses(block: Block, head: npt.NDArray[np.int64]) -> pa.Array:
    """Write an address for each household, as its country writes it."""
    spoken, parts, rows = block.once(locales)[head], [], []
    for code in np.unique(spoken):
        mine = np.flatnonzero(spoken == code)
        parts.append(_in_country(block, LOCALES[code], head[mine]))
        rows.append(mine)
    return pa.concat_arrays(parts).take(pa.array(np.argsort(np.concatenate(rows), kind="stable")))


def _in_country(block: Block, locale: str, head: npt.NDArray[np.int64]) -> pa.Array:
    (before, after), streets = _streets(locale)
    u = [block.draw(Purpose.HOUSEHOLD, slot)[head] for slot in (_STREET, _WARD, _HOUSE)]
    number = pc.cast(pa.array(2 + (u[2] ** 2 * 400).astype(np.int64)), pa.large_string())
    street = take(streets, (u[0] * len(streets)).astype(np.int64))
    if locale == "ko_KR":
        return _joined(street, number, " ")
    house = _joined(_joined(pa.scalar(before, pa.large_string()), number, ""), street, after)
    if locale == "en_US":
        return house
    return _joined(house, take(_wards(), (u[1] * len(_wards())).astype(np.int64)), ", ")


def _joined(left: pa.Array | pa.Scalar, right: pa.Array, between: str) -> pa.Array:
    return pc.binary_join_element_wise(left, right, pa.scalar(between, pa.large_string()))


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
