"""A market's whole tables: from the disk where somebody opened them before, else drawn and put there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.export.drawing import drawn
from narrowcast.worlds.shelf import CacheWarning, Shelf, shelf_of
from narrowcast.worlds.tables import Table
from narrowcast.worlds.tables.catalogue import table_named

__all__ = ["CacheWarning", "whole_table", "whole_tables"]


def whole_table(blueprint: Blueprint, name: str) -> pa.Table:
    """Return one whole table of a market, hidden columns too, in the table's order.

    Parameters
    ----------
    blueprint
        The market.
    name
        One of its tables.

    Raises
    ------
    UnknownName
        If the market has no such table.

    Warns
    -----
    CacheWarning
        Once, if tables cannot be kept on the disk. The table comes all the same.
    """
    return whole_tables(blueprint, (name,))[name]


def whole_tables(blueprint: Blueprint, names: Iterable[str]) -> dict[str, pa.Table]:
    """Return several whole tables of a market; those to be drawn are drawn in one pass.

    Parameters
    ----------
    blueprint
        The market.
    names
        Some of its tables.

    Raises
    ------
    UnknownName
        If the market has no such table.

    Warns
    -----
    CacheWarning
        As `whole_table` does.
    """
    tables = {name: table_named(blueprint.recipe, name) for name in names}
    shelf = shelf_of(blueprint)
    if shelf is None:
        return _draw(blueprint, tables)
    found = _kept(shelf, tables)
    if len(found) < len(tables):
        with shelf.turn():
            found |= _kept(shelf, _without(tables, found))
            fresh = _draw(blueprint, _without(tables, found))
            for name, table in fresh.items():
                shelf.put(name, table)
            found |= fresh
    return {name: found[name] for name in tables}


def _without(tables: dict[str, Table], found: Iterable[str]) -> dict[str, Table]:
    return {name: table for name, table in tables.items() if name not in found}


def _kept(shelf: Shelf, tables: dict[str, Table]) -> dict[str, pa.Table]:
    kept = {name: shelf.get(name, table.schema()) for name, table in tables.items()}
    return {name: table for name, table in kept.items() if table is not None}


def _draw(blueprint: Blueprint, tables: dict[str, Table]) -> dict[str, pa.Table]:
    """Draw whole tables in one pass, and put each in its order."""
    pieces: dict[str, list[pa.Table]] = {name: [] for name in tables}
    for _customers, piece in drawn(blueprint, list(tables)) if tables else ():
        for name, table in piece.items():
            pieces[name].append(table)
    # The pieces may list the words of a category in another order.
    whole = {name: pa.concat_tables(some).unify_dictionaries() for name, some in pieces.items()}
    return {name: _ordered(table, tables[name].order) for name, table in whole.items()}


def _ordered(table: pa.Table, order: Sequence[str]) -> pa.Table:
    """Return a table sorted by some columns; as it is, if it is sorted already, as most customers are."""
    if not order:
        return table
    if len(order) == 1:
        column = table[order[0]]
        if pc.all(pc.less_equal(column[:-1], column[1:]), min_count=0).as_py():
            return table
    return table.sort_by([(column, "ascending") for column in order])
