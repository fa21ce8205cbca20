"""What a table looks like: its columns, their types, units and meaning; what is key and what is hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import pyarrow as pa

from narrowcast.worlds.blueprint import Block
from narrowcast.worlds.recipe import Recipe

__all__ = ["Column", "Table"]

Kind = Literal["text", "category", "date", "time", "flag", "whole", "number"]

_ARROW: dict[str, pa.DataType] = {
    "text": pa.large_string(),
    "category": pa.dictionary(pa.int8(), pa.large_string()),
    "date": pa.timestamp("s"),
    "time": pa.timestamp("s"),
    "flag": pa.bool_(),
    "whole": pa.int64(),
    "number": pa.float64(),
}


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name
        Its name.
    kind
        What stands in it; "category" is text with few values, "whole" an integer.
    meaning
        What it says, in the language in force.
    unit
        Of a number: its unit, in the language in force.
    nullable
        Whether values may be missing.
    hidden
        Whether it is latent: no real firm would see it, so it reaches no student.
    key
        The column it joins on, as "table.column"; every value must be found there.
    """

    name: str
    kind: Kind
    meaning: str
    unit: str = ""
    nullable: bool = False
    hidden: bool = False
    key: str = ""

    @property
    def type(self) -> pa.DataType:
        """Its Arrow type."""
        return _ARROW[self.kind]


@dataclass(frozen=True)
class Table:
    """One table of a market.

    Parameters
    ----------
    name
        Its name.
    title
        Returns its title, in the language in force.
    columns
        Returns its columns, worded in the language in force; the first is unique where `unique` says so.
    draw
        Draws its rows for one block of customers, hidden columns too.
    unique
        Columns that together occur once.
    present
        Whether a market has this table at all.
    whole
        Whether the table belongs to the market and not to its blocks: the first block holds all of it.
    order
        Columns that the frame is sorted by when it is opened.
    """

    name: str
    title: Callable[[], str]
    columns: Callable[[], tuple[Column, ...]]
    draw: Callable[[Block], pa.Table]
    unique: tuple[str, ...]
    present: Callable[[Recipe], bool] = field(default=lambda _recipe: True)
    whole: bool = False
    order: tuple[str, ...] = ()

    def of(self, block: Block) -> pa.Table:
        """Return its rows for a block: drawn at the first call, remembered for the tables that rest on it."""
        return block.once(self.draw)

    def schema(self, *, hidden: bool = True) -> pa.Schema:
        """Return its Arrow schema, with or without what is hidden."""
        return _schema(self, hidden)


@lru_cache(maxsize=256)
def _schema(table: Table, hidden: bool) -> pa.Schema:
    columns = [column for column in table.columns() if hidden or not column.hidden]
    return pa.schema([pa.field(column.name, column.type, nullable=column.nullable) for column in columns])
