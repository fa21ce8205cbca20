"""Codes with which customers bring customers, their uses, cards that bear them, and scans of the cards."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.worlds.arrow import category, customer_ids, row_ids, take
from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.calendar import DAY, TODAY, calendar_of
from narrowcast.worlds.codes import codes
from narrowcast.worlds.past.recommendations import (
    arrival_hour,
    came_at,
    card_made,
    recommendations,
    referral_of,
    scans,
)
from narrowcast.worlds.people.traits import acquired_days
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["CARDS", "CODES", "REFERRALS", "SCANS"]

_LETTERS = np.frombuffer(b"23456789ABCDEFGHJKMNPQRSTUVWXYZ", dtype=np.uint8)  # none that looks like another
_LONG = 7
_TURN = 12_345_678_911
"""Prime to 31, so that multiplying by it shuffles the codes and no two meet; small enough for 64 bits."""

_FIRST = 1_009
"""Added to every number, so that the first customer's code looks like any other."""


def _code_texts(numbers: npt.NDArray[np.int64]) -> pa.Array:
    """Return a code of seven letters and digits for each customer's number; no two are alike."""
    left = (numbers + _FIRST) * _TURN % 31**_LONG
    letters = np.empty((numbers.size, _LONG), dtype=np.uint8)
    for place in range(_LONG):
        left, rest = np.divmod(left, 31)
        letters[:, place] = _LETTERS[rest]
    offsets = np.arange(numbers.size + 1, dtype=np.int64) * _LONG
    return pa.LargeStringArray.from_buffers(numbers.size, pa.py_buffer(offsets), pa.py_buffer(letters))


def _codes_of(block: Block, customer: npt.NDArray[np.int64]) -> pa.Array:
    return _code_texts(block.start + customer)


def _refers(recipe: Recipe) -> bool:
    return recipe.referral is not None


def _code_columns() -> tuple[Column, ...]:
    return (
        Column("code", "text", _("The code; unique.")),
        Column("customer_id", "text", _("Who holds it; at most one each."), key="customers.customer_id"),
        Column("created_at", "date", _("Day on which it was made: the day the holder came.")),
    )


def _draw_codes(block: Block) -> pa.Table:
    holder = np.flatnonzero(block.once(recommendations).holder)
    came = TODAY - (block.once(acquired_days)[holder] * DAY).astype("timedelta64[s]")
    return pa.Table.from_arrays(
        [_codes_of(block, holder), take(block.once(customer_ids), holder), pa.array(came)],
        schema=CODES.schema(),
    )


def _referral_columns() -> tuple[Column, ...]:
    return (
        Column("referral_id", "whole", _("Number of the use of a code; unique.")),
        Column("code", "text", _("Code that was given."), key="codes.code"),
        Column("referred_id", "text", _("New customer who gave it."), key="customers.customer_id"),
        Column("ts", "time", _("When.")),
        Column("reward", "whole", _("Paid to the code's holder."), _("smallest unit of money")),
        Column(
            "cheated", "flag", _("Whether the holder's own household did it for the reward."), hidden=True
        ),
    )


def _draw_referrals(block: Block) -> pa.Table:
    known, reward = block.once(recommendations), round(referral_of(block).reward.value)
    moment = came_at(block, known.brought, block.once(arrival_hour)[known.brought])
    order, numbers = row_ids(block, known.brought, moment)
    return pa.Table.from_arrays(
        [
            pa.array(numbers),
            _codes_of(block, known.by[order]),
            take(block.once(customer_ids), known.brought[order]),
            pa.array(moment[order]),
            pa.array(np.full(order.size, reward)),
            pa.array(known.cheated[order]),
        ],
        schema=REFERRALS.schema(),
    )


def _card_columns() -> tuple[Column, ...]:
    return (
        Column("card_id", "text", _("Number of the card, such as Q0000042; unique.")),
        Column("code", "text", _("Code that its QR picture holds."), key="codes.code"),
        Column("customer_id", "text", _("Who hands it out, and is credited."), key="customers.customer_id"),
        Column("printed_at", "date", _("Day on which it was printed.")),
    )


def _draw_cards(block: Block) -> pa.Table:
    holder = np.flatnonzero(block.once(recommendations).card)
    printed = (block.once(card_made)[holder] - calendar_of(block.recipe).days) * DAY
    return pa.Table.from_arrays(
        [
            codes("Q", block.start + holder),
            _codes_of(block, holder),
            take(block.once(customer_ids), holder),
            pa.array(TODAY + printed.astype("timedelta64[s]")),
        ],
        schema=CARDS.schema(),
    )


def _scan_columns() -> tuple[Column, ...]:
    return (
        Column("scan_id", "whole", _("Number of the scan; unique.")),
        Column("card_id", "text", _("Card that was scanned."), key="cards.card_id"),
        Column("ts", "time", _("When.")),
        Column("device", "category", _("phone or tablet.")),
        Column(
            "referred_id",
            "text",
            _("Customer who came and bought after this scan; missing for most: a scan is no sale."),
            nullable=True,
            key="customers.customer_id",
        ),
    )


def _draw_scans(block: Block) -> pa.Table:
    seen = block.once(scans)
    order, numbers = row_ids(block, seen.holder, seen.moment)
    brought = seen.brought[order]
    return pa.Table.from_arrays(
        [
            pa.array(numbers),
            codes("Q", block.start + seen.holder[order]),
            pa.array(seen.moment[order]),
            category(np.where(seen.mobile[order], 0, 1), ["phone", "tablet"]),
            take(block.once(customer_ids), np.maximum(brought, 0), missing=brought < 0),
        ],
        schema=SCANS.schema(),
    )


CODES = Table("codes", lambda: _("Referral codes"), _code_columns, _draw_codes, ("code",), _refers,
              order=("customer_id",))  # fmt: skip
REFERRALS = Table("referrals", lambda: _("Uses of referral codes"), _referral_columns, _draw_referrals,
                  ("referral_id",), _refers, order=("ts", "referral_id"))  # fmt: skip
CARDS = Table("cards", lambda: _("Cards with a QR code"), _card_columns, _draw_cards, ("card_id",), _refers,
              order=("customer_id",))  # fmt: skip
SCANS = Table("scans", lambda: _("Scans of cards"), _scan_columns, _draw_scans, ("scan_id",), _refers,
              order=("ts", "scan_id"))  # fmt: skip
