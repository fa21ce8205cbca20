"""Every name of a nation, spelt once: a person's name is then a place in a list, and a million are taken at once.

The lists and weights are those of `narrowcast.worlds.people.nations`, and so those of the Faker provider.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from narrowcast.worlds.arrow import texts
from narrowcast.worlds.ingredients import LOCALES
from narrowcast.worlds.people.lots import Lots
from narrowcast.worlds.people.nations import Nation, nation
from narrowcast.worlds.people.vietnamese import Gender, middle_beside

__all__ = ["Names", "names_of"]

Whole = npt.NDArray[np.int64]
Codes = npt.NDArray[np.integer[Any]]

_GENDERS: tuple[Gender, Gender] = ("F", "M")


@dataclass(frozen=True)
class Names:
    """The names of a nation, each spelt once: women's before men's, family by family.

    Attributes
    ----------
    families, givens, middles
        Urns: one for families, and one a gender for the others.
    family_count
        How many family names there are.
    given_count, middle_count
        Shape (2,): how many names there are for each gender.
    full
        Full names in the order of the country.
    mailboxes
        What stands in an e-mail address: given name, dot, family name.
    """

    families: Lots
    givens: Lots
    middles: Lots
    family_count: int
    given_count: Whole
    middle_count: Whole
    full: pa.LargeStringArray
    mailboxes: pa.LargeStringArray

    def full_codes(self, gender: Codes, family: Codes, given: Codes, middle: Codes) -> Whole:
        """Return the places of full names in `full`."""
        calls = self.given_count * self.middle_count
        first = np.array([0, self.family_count * calls[0]])
        codes: Whole = first[gender] + family * calls[gender] + given * self.middle_count[gender] + middle
        return codes

    def mailbox_codes(self, gender: Codes, family: Codes, given: Codes) -> Whole:
        """Return the places of names in `mailboxes`."""
        first = np.array([0, self.family_count * self.given_count[0]])
        codes: Whole = first[gender] + family * self.given_count[gender] + given
        return codes


def _pairs(families: list[str], calls: list[str], gap: str, *, family_first: bool) -> pa.LargeStringArray:
    """Join every family name with every other, family by family."""
    family = texts(families).take(pa.array(np.repeat(np.arange(len(families)), len(calls))))
    call = texts(calls).take(pa.array(np.tile(np.arange(len(calls)), len(families))))
    parts = (family, call) if family_first else (call, family)
    return pc.binary_join_element_wise(*parts, pa.scalar(gap, pa.large_string()))


def _calls(people: Nation, gender: Gender) -> list[str]:
    """Return every middle name before every given name that it goes with."""
    middles = list(people.middles[gender])
    return [
        f"{middle_beside(middles, number, given)} {given}".strip()
        for given in people.givens[gender]
        for number in range(len(middles))
    ]


@lru_cache(maxsize=len(LOCALES))
def names_of(locale: str) -> Names:
    """Spell every name of a locale, once in a process."""
    people, families = nation(locale), list(nation(locale).families)
    boxes = [people.mailbox(family) for family in families]
    full, mailboxes = [], []
    for gender in _GENDERS:
        full.append(_pairs(families, _calls(people, gender), people.gap, family_first=people.family_first))
        given = [people.mailbox(name) for name in people.givens[gender]]
        mailboxes.append(_pairs(boxes, given, ".", family_first=False))
    return Names(
        Lots([list(people.families.values())]),
        Lots(list(people.givens[gender].values()) for gender in _GENDERS),
        Lots(list(people.middles[gender].values()) for gender in _GENDERS),
        len(families),
        np.array([len(people.givens[gender]) for gender in _GENDERS]),
        np.array([len(people.middles[gender]) for gender in _GENDERS]),
        pa.concat_arrays(full),
        pa.concat_arrays(mailboxes),
    )
