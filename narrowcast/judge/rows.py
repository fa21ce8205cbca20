"""The rows of a table, from whatever form an honest table has."""

from __future__ import annotations

from collections.abc import Sequence

from narrowcast.errors import AnswerError, nearest
from narrowcast.judge.wire import Item
from narrowcast.language import gettext as _

__all__ = ["Rows", "rows_of"]

Rows = tuple[tuple[Item, ...], ...]
Columns = dict[str, tuple[Item, ...]]


def rows_of(item: Item, columns: Sequence[str], by: Sequence[str]) -> Rows:
    """Return the columns that are asked for, row by row.

    Parameters
    ----------
    item
        A table, a Series, a list of records, a dictionary of columns, or one of values by name.
    columns
        Names of the columns.
    by
        Those that tell rows apart: a Series or a dictionary of values gives the first of them in its index.

    Raises
    ------
    AnswerError
        If it is no table, not all of it was carried, a column is missing, or columns differ in length.
    """
    found = _columns(item, columns, by)
    missing = [name for name in columns if name not in found]
    if missing:
        problem = _("Your table has no column {name!r}.").format(name=missing[0])
        close = nearest(missing[0], found, count=1)
        cure = _("Its columns must be: {names}.").format(names=", ".join(columns))
        if close:
            cure = _("Rename {name!r}?").format(name=close[0][:60]) + " " + cure
        raise AnswerError(problem, cure)
    lengths = {len(found[name]) for name in columns}
    if len(lengths) > 1:
        raise AnswerError(
            _("The columns of your table differ in length."), _("Give each row a value in each.")
        )
    return tuple(zip(*(found[name] for name in columns), strict=True))


def _columns(item: Item, columns: Sequence[str], by: Sequence[str]) -> Columns:
    if not item.whole and item.what in {"table", "list", "dict"}:
        problem = _("Your table is too large to be judged: it has {size:,} rows.").format(size=item.size)
        raise AnswerError(problem, _("Hand in the rows that are asked for."))
    if item.what == "table":
        cells = (
            zip(*(row.members for row in item.members), strict=True)
            if item.members
            else [()] * len(item.keys)
        )
        return {_name(key): tuple(column) for key, column in zip(item.keys, cells, strict=True)}
    values = [name for name in columns if name not in by]
    indexed = item.what == "list" and len(item.keys) == len(item.members)
    if item.what == "dict" and item.members and all(member.what == "list" for member in item.members):
        return {_name(key): column.members for key, column in zip(item.keys, item.members, strict=True)}
    if (item.what == "dict" or (indexed and item.members)) and len(by) == 1 and len(values) == 1:
        return {by[0]: item.keys, values[0]: item.members}
    if item.what == "list" and item.members and all(member.what == "dict" for member in item.members):
        return _records(item)
    problem = _("Your answer is of type {kind}.").format(kind=item.kind)
    raise AnswerError(
        problem, _("A table is asked for, with the columns: {names}.").format(names=", ".join(columns))
    )


def _records(item: Item) -> Columns:
    missing = Item("missing", "None")
    records = [
        {_name(key): value for key, value in zip(record.keys, record.members, strict=True)}
        for record in item.members
    ]
    names = dict.fromkeys(name for record in records for name in record)
    return {name: tuple(record.get(name, missing) for record in records) for name in names}


def _name(key: Item) -> str:
    return key.said(200).strip()
