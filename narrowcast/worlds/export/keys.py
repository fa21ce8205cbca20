"""Whether keys occur once and joins find what they point to, in bounded memory.

Millions of keys are compared as 64-bit fingerprints, a part of them at a time: those whose fingerprint falls
into the part. What looks like a key that occurs twice is then compared in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["KEYS_AT_ONCE", "Orphans", "Part", "Rising", "fingerprints", "parts_for", "twice"]

Prints = npt.NDArray[np.uint64]

KEYS_AT_ONCE = 16_000_000
"""Fingerprints of a table held at once: 128 MB."""

EXAMPLES = 3
"""Values named in a complaint."""

_SUSPECTS = 1_000
"""Keys compared in full; a table with more of them than this is wrong in any case."""

_MIX = np.uint64(0x9E3779B97F4A7C15)


def fingerprints(columns: Iterable[pa.Array]) -> Prints:
    """Return a 64-bit fingerprint of each row, the same wherever in a table the row stands.

    Parameters
    ----------
    columns
        Arrays of one length, without missing values.

    Returns
    -------
    numpy.ndarray
        Shape (n,).
    """
    mixed: Prints | None = None
    for column in columns:
        values = column.to_numpy(zero_copy_only=False)
        one: Prints = pd.util.hash_array(values, categorize=False)
        mixed = one if mixed is None else (mixed * _MIX) ^ one
    return mixed if mixed is not None else np.zeros(0, dtype=np.uint64)


@dataclass(frozen=True)
class Part:
    """Those fingerprints that leave `number` when they are divided by `of`."""

    number: int
    of: int

    def among(self, prints: Prints) -> Prints:
        """Return those of the part."""
        if self.of == 1:
            return prints
        found: Prints = prints[prints % np.uint64(self.of) == self.number]
        return found


def parts_for(rows: int) -> list[Part]:
    """Return the parts in which so many keys are compared."""
    many = max(1, -(-rows // KEYS_AT_ONCE))
    return [Part(number, many) for number in range(many)]


@dataclass
class Rising:
    """Notices whether a key only ever rises: then it occurs once, and nothing need be kept.

    A key of several columns rises as words do in a dictionary: where the first stays, the second rises.
    """

    holds: bool = True
    _last: list[pa.Array] = field(default_factory=list, repr=False)

    def see(self, columns: Sequence[pa.Array]) -> None:
        """Look at the next keys, given by their columns, none of them missing."""
        if not self.holds or not len(columns[0]):
            return
        if self._last:
            columns = [pa.concat_arrays(pair) for pair in zip(self._last, columns, strict=True)]
        rises, stays = pa.scalar(value=False), pa.scalar(value=True)
        for column in columns:
            before, after = column[:-1], column[1:]
            rises = pc.or_(rises, pc.and_(stays, pc.less(before, after)))
            stays = pc.and_(stays, pc.equal(before, after))
        self.holds = bool(pc.all(rises, min_count=0).as_py())
        self._last = [column[-1:] for column in columns]


def collected(prints: Iterable[Prints], part: Part) -> Prints:
    """Return the fingerprints of a part, sorted."""
    found = [part.among(some) for some in prints]
    every: Prints = np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)
    every.sort()
    return every


def suspects(prints: Prints) -> Prints:
    """Return the fingerprints that occur more than once among sorted ones."""
    found: Prints = np.unique(prints[1:][prints[1:] == prints[:-1]])
    return found[:_SUSPECTS]


def twice(rows: Iterator[pa.RecordBatch], suspected: Prints) -> list[tuple[object, ...]]:
    """Return the keys that really occur more than once.

    Parameters
    ----------
    rows
        The columns of the key alone, without missing values.
    suspected
        Fingerprints that occur more than once.
    """
    seen: Counter[tuple[object, ...]] = Counter()
    for batch in rows:
        like = np.isin(fingerprints(batch.columns), suspected)
        if like.any():
            few = batch.filter(pa.array(like))
            seen.update(zip(*(column.to_pylist() for column in few.columns), strict=True))
    return [key for key, count in seen.items() if count > 1]


@dataclass
class Orphans:
    """Values of a column that point to nothing."""

    count: int = 0
    """Rows."""
    examples: list[object] = field(default_factory=list)

    def look(self, column: pa.Array, parents: Prints, part: Part) -> None:
        """Look at the next values of a column.

        Parameters
        ----------
        column
            They; where one is missing, nothing is pointed to.
        parents
            Fingerprints of what may be pointed to, sorted, those of the part alone.
        part
            Which fingerprints to look at.
        """
        values = column.drop_null().unique()
        prints = fingerprints([values])
        sought = np.sort(part.among(prints))  # in order, memory is walked through once
        at = np.searchsorted(parents, sought)
        found = np.zeros(sought.size, dtype=bool)
        inside = at < parents.size
        found[inside] = parents[at[inside]] == sought[inside]
        if not found.all():
            lost = values.filter(pa.array(np.isin(prints, sought[~found])))
            self.count += pc.sum(pc.is_in(column, value_set=lost)).as_py()
            self.examples = (self.examples + lost.to_pylist())[:EXAMPLES]
