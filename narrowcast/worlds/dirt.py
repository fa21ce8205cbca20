"""What goes wrong when people type: the raw twins of clean tables.

A raw table holds texts as they were entered: provinces spelled in several ways, days before months and the
reverse, Đ written as D, telephone numbers in three forms, stray blanks and capitals, people entered twice.
The clean twin is the truth.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from narrowcast.worlds.arrow import texts
from narrowcast.worlds.draws import Floats
from narrowcast.worlds.people.vietnamese import PROVINCES, ascii_fold

__all__ = ["Soiler", "spellings"]

Flags = npt.NDArray[np.bool_]

_SHORT = {
    "Hồ Chí Minh": ("TP.HCM", "TPHCM", "TP. Hồ Chí Minh", "Sài Gòn", "HCM", "Ho Chi Minh City"),
    "Hà Nội": ("HN", "TP. Hà Nội", "Ha Noi", "Hanoi", "Thủ đô Hà Nội"),
    "Đà Nẵng": ("ĐN", "TP. Đà Nẵng", "Da Nang", "Danang"),
    "Hải Phòng": ("HP", "TP. Hải Phòng", "Hai Phong"),
    "Cần Thơ": ("CT", "TP. Cần Thơ", "Can Tho"),
    "Huế": ("TP. Huế", "Hue", "Thừa Thiên Huế"),
}
"""How people write the six cities that are provinces of their own."""


def spellings(province: str) -> tuple[str, ...]:
    """Return other ways in which people write a province, the clean one not among them."""
    abroad = province not in PROVINCES
    titled = () if abroad else (f"Tỉnh {province}", f"T. {province}")
    ways = _SHORT.get(province, (*titled, ascii_fold(province), province.lower(), f"{province} "))
    plain = (*ways, province.upper(), province.replace("Đ", "D"))
    return tuple(dict.fromkeys(way for way in plain if way != province))


@dataclass(frozen=True)
class Soiler:
    """Soils the columns of one table.

    Parameters
    ----------
    draw
        Returns a uniform for each row, shape (rows,), from a slot.
    """

    draw: Callable[[int], Floats]

    def _where(self, slot: int, share: float) -> Flags:
        flags: Flags = self.draw(slot) < share
        return flags

    def provinces(self, clean: pa.Array, share: float, slot: int) -> pa.Array:
        """Spell some provinces in another way."""
        codes = clean.dictionary_encode()
        ways = [spellings(name) or (name,) for name in codes.dictionary.to_pylist()]
        starts = np.cumsum([0, *map(len, ways)])
        many = np.diff(starts)
        row = codes.indices.to_numpy(zero_copy_only=False)
        pick = starts[row] + (self.draw(slot + 1) * many[row]).astype(np.int64)
        other = texts([way for some in ways for way in some]).take(pa.array(pick))
        return pc.if_else(pa.array(self._where(slot, share)), other, clean)

    def dates(self, clean: pa.Array, share: float, slot: int) -> pa.Array:
        """Write dates as text: day before month, some in another order or with other signs between."""
        forms = ("%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d", "%d-%m-%y", "%d.%m.%Y")
        pick = np.where(
            self._where(slot, share), 1 + (self.draw(slot + 1) * (len(forms) - 1)).astype(np.int64), 0
        )
        written = [pc.cast(pc.strftime(clean, format=form), pa.large_string()) for form in forms]
        return pc.choose(pa.array(pick), *written)

    def letters(self, clean: pa.Array, share: float, slot: int) -> pa.Array:
        """Lose marks: half of those soiled lose Đ alone, half lose every mark."""
        codes = clean.dictionary_encode()
        names = codes.dictionary.to_pylist()
        none, only = (
            texts([None if name is None else way(name) for name in names]).take(codes.indices)
            for way in (ascii_fold, lambda name: name.replace("Đ", "D").replace("đ", "d"))
        )
        lost, all_ = (pa.array(flags) for flags in (self._where(slot, share), self.draw(slot + 1) < 0.5))
        return pc.if_else(lost, pc.if_else(all_, none, only), clean)

    def numbers(self, clean: pa.Array, share: float, slot: int) -> pa.Array:
        """Write telephone numbers in another form: with the country's code, with blanks, without the zero."""
        national = pc.starts_with(clean, "0")
        rest = pc.utf8_slice_codeunits(clean, 1)
        parts = [pc.utf8_slice_codeunits(clean, *ends) for ends in ((0, 4), (4, 7), (7, None))]
        nothing, blank, abroad = (pa.scalar(text, pa.large_string()) for text in ("", " ", "+84"))
        forms = [
            pc.binary_join_element_wise(abroad, rest, nothing),
            pc.binary_join_element_wise(*parts, blank),
            rest,
        ]
        other = pc.choose(pa.array((self.draw(slot + 1) * 3).astype(np.int64)), *forms)
        soiled = pc.and_(pa.array(self._where(slot, share)), pc.fill_null(national, fill_value=False))
        return pc.if_else(soiled, other, clean)

    def spaces(self, clean: pa.Array, share: float, slot: int) -> pa.Array:
        """Add blanks and capitals where none belong."""
        blank, nothing = (pa.scalar(text, pa.large_string()) for text in ("  ", ""))
        forms = [
            pc.utf8_upper(clean),
            pc.binary_join_element_wise(blank, clean, nothing),
            pc.replace_substring(clean, " ", "  "),
            pc.binary_join_element_wise(clean, blank, nothing),
        ]
        other = pc.choose(pa.array((self.draw(slot + 1) * len(forms)).astype(np.int64)), *forms)
        return pc.if_else(pa.array(self._where(slot, share)), other, clean)
