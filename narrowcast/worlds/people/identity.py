"""Names, e-mail addresses and telephones for any rows, a block at a time.

::

    who = identities(lambda slot: block.draw(Purpose.LEADS, 40 + slot), numbers, female, tag="l")
    who.name()           # Arrow large_string, shape (n,)
    who.email(present)   # missing where `present` is False; unique for unique numbers within a tag
    who.phone(present)

`draw` is asked for the slots 0 to `SLOTS` - 1, each a uniform a row; what nobody asks for is not drawn. The
lists and weights are those of `narrowcast.worlds.people.nations`, and so those of the Faker provider.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from narrowcast.worlds.arrow import texts
from narrowcast.worlds.codes import Flags, codes
from narrowcast.worlds.draws import Floats
from narrowcast.worlds.ingredients import LOCALES
from narrowcast.worlds.people.lots import LOT_BITS, LOTS, places
from narrowcast.worlds.people.names import names_of
from narrowcast.worlds.people.nations import nation
from narrowcast.worlds.people.vietnamese import VietnamesePeople

__all__ = ["SLOTS", "Identities", "identities"]

SLOTS = 2
"""Slots of draws that an identity takes."""

_NAME, _PHONE = range(SLOTS)

Whole = npt.NDArray[np.int64]

_NOTHING = pa.scalar("", pa.large_string())


def _dialled(locale: str, u: Floats, present: Flags | None) -> pa.LargeStringArray:
    """Draw telephone numbers of a nation, shape (n,)."""
    heads, count = nation(locale).dial, nation(locale).digits
    sign = "+" if heads[0].startswith("+") else ""
    begins = np.array([int(head) for head in heads]) * 10**count
    place = places(u, len(heads) * 10**count)
    head = place // 10**count
    number = begins.take(head) + (place - head * 10**count)
    return codes(sign, number, len(heads[0]) - len(sign) + count, present)


@dataclass(frozen=True)
class Identities:
    """Who some rows are on paper; see `identities`, which makes it."""

    draw: Callable[[int], Floats]
    numbers: Whole
    female: Flags
    locales: npt.NDArray[np.uint8] | None
    tag: str

    def name(self) -> pa.LargeStringArray:
        """Return full names in the order of each country, shape (n,)."""
        return self._gathered(
            [names_of(locale).full.take(pa.array(full)) for locale, full, _box in self._spelt]
        )

    def email(self, present: Flags | None = None) -> pa.LargeStringArray:
        """Return addresses on reserved domains, ASCII, shape (n,).

        Parameters
        ----------
        present
            Shape (n,): False where the address is missing; left out, none is.
        """
        ends = texts([f"@{domain}" for domain in VietnamesePeople.mail_domains])
        end = ends.take(pa.array(self._lots[1]))
        number = pa.array(self.numbers).cast(pa.large_string())
        parts = []
        for (_code, rows), (locale, _full, box) in zip(self._parts, self._spelt, strict=True):
            absent = None if present is None else ~present[rows]
            parts.append(names_of(locale).mailboxes.take(pa.array(box, mask=absent)))
        mark = [pa.scalar(f".{self.tag}", pa.large_string())] if self.tag else []
        return pc.binary_join_element_wise(self._gathered(parts), *mark, number, end, _NOTHING)

    def phone(self, present: Flags | None = None) -> pa.LargeStringArray:
        """Return telephone numbers, shape (n,): ten digits of Vietnamese ones, others from "+" on.

        Parameters
        ----------
        present
            Shape (n,): False where the number is missing; left out, none is.
        """
        u = self.draw(_PHONE)
        parts = [
            _dialled(locale, u[rows], None if present is None else present[rows])
            for locale, rows in self._parts
        ]
        return self._gathered(parts)

    @cached_property
    def _parts(self) -> list[tuple[str, Any]]:
        """The locales that occur, each with its rows."""
        if self.locales is None or not self.locales.size:
            return [(LOCALES[0], slice(None))]
        found = np.unique(self.locales)
        if found.size == 1:
            return [(LOCALES[found[0]], slice(None))]
        return [(LOCALES[code], np.flatnonzero(self.locales == code)) for code in found]

    @cached_property
    def _lots(self) -> tuple[Whole, Whole]:
        """The lots of each row's names, three in one number, and the number of the row's e-mail domain."""
        drawn = places(self.draw(_NAME), len(VietnamesePeople.mail_domains) * LOTS**3)  # a draw has 52 bits
        domain = drawn // LOTS**3
        return drawn - domain * LOTS**3, domain

    @cached_property
    def _spelt(self) -> list[tuple[str, Whole, Whole]]:
        """The locales that occur, each with the codes of its rows' names and mailboxes."""
        return [self._spell(locale, rows, self._lots[0][rows]) for locale, rows in self._parts]

    def _spell(self, locale: str, rows: slice | Whole, lot: Whole) -> tuple[str, Whole, Whole]:
        names, gender = names_of(locale), (~self.female[rows]).view(np.uint8)
        family = names.families.at(lot >> 2 * LOT_BITS)
        given = names.givens.at((lot >> LOT_BITS) % LOTS, gender)
        middle = names.middles.at(lot % LOTS, gender)
        return (
            locale,
            names.full_codes(gender, family, given, middle),
            names.mailbox_codes(gender, family, given),
        )

    def _gathered(self, parts: list[pa.LargeStringArray]) -> pa.LargeStringArray:
        """Put the rows of several locales back in their order."""
        if len(parts) == 1:
            return parts[0]
        place = np.empty(self.numbers.size, dtype=np.int64)
        place[np.concatenate([rows for _locale, rows in self._parts])] = np.arange(self.numbers.size)
        return pa.concat_arrays(parts).take(pa.array(place))


def identities(
    draw: Callable[[int], Floats],
    numbers: Whole,
    female: Flags,
    locales: npt.NDArray[np.uint8] | None = None,
    tag: str = "",
) -> Identities:
    """Give rows an identity on paper.

    Parameters
    ----------
    draw
        Returns a uniform a row, shape (n,), for a slot from 0 to `SLOTS` - 1.
    numbers
        Shape (n,), 0 or more: stands in the e-mail address. Unique numbers give unique addresses.
    female
        Shape (n,): whose names are women's.
    locales
        Shape (n,): places in `narrowcast.worlds.ingredients.LOCALES`; left out, everybody is Vietnamese.
    tag
        ASCII letters that keep these addresses apart from those of other tables.
    """
    return Identities(draw, numbers, female, locales, tag)
