"""Tables held to their layout: their columns, how many rows they have, and what is missing in them."""

from __future__ import annotations

import pyarrow.compute as pc

from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.worlds.export.bar import Bar
from narrowcast.worlds.export.formats import Reader
from narrowcast.worlds.export.keys import Rising
from narrowcast.worlds.export.report import Report

__all__ = ["compare_columns", "compare_rows"]


def compare_columns(reader: Reader, name: str, report: Report) -> bool:
    """Compare the columns of a table with its layout, and return whether its rows can be read.

    Raises
    ------
    DataError
        If the file cannot be read.
    """
    layout = report.manifest.tables[name]
    wanted = {column.name: reader.types[column.kind] for column in layout.columns}
    there = reader.columns(name)
    if list(there.items()) == list(wanted.items()):
        report.right(name, "columns")
        return True
    words = {
        _("columns are missing: {names}."): [c for c in wanted if c not in there],
        _("there are columns that the manifest does not name: {names}."): [
            c for c in there if c not in wanted
        ],
        _("columns are of another type: {names}."): [
            f"{c} ({there[c]})" for c in wanted if c in there and there[c] != wanted[c]
        ],
    }
    told = [text.format(names=", ".join(names)) for text, names in words.items() if names]
    report.wrong(name, "columns", " ".join(told) or _("the columns stand in another order."), [name])
    return False


def compare_rows(reader: Reader, name: str, report: Report, bar: Bar) -> bool:
    """Read a table to its end: count its rows, and see that values are missing only where they may.

    Returns
    -------
    bool
        Whether its key only ever rises, so that none can occur twice.

    Raises
    ------
    DataError
        If the file cannot be read to its end.
    """
    layout = report.manifest.tables[name]
    missing = {column.name: 0 for column in layout.columns if not column.nullable}
    rising, rows = Rising(holds=bool(layout.unique)), 0
    for batch in reader.batches(name, [column.name for column in layout.columns]):
        rows += batch.num_rows
        for column in missing:
            missing[column] += pc.sum(pc.is_null(batch.column(column), nan_is_null=True)).as_py() or 0
        if rising.holds:
            rising.see(batch.select(list(layout.unique)).drop_null().columns)
        bar.advance(batch.num_rows)
    if rows != layout.rows:
        what = _("the table has {rows:,} rows, not {wanted:,}.").format(rows=rows, wanted=layout.rows)
        report.wrong(name, "rows", what, [name])
    for column, count in missing.items():
        if count:
            text = ngettext(
                "{column} is missing in {count:,} row.", "{column} is missing in {count:,} rows.", count
            )
            report.wrong(name, "missing", text.format(column=column, count=count), [name])
    for aspect in ("rows", "missing"):
        report.right(name, aspect)
    return rising.holds
