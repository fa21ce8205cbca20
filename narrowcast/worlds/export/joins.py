"""Tables held to their keys: each occurs once, and what joins on another table is found there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pyarrow as pa

from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.worlds.export.bar import Bar
from narrowcast.worlds.export.formats import Reader
from narrowcast.worlds.export.keys import (
    Orphans,
    Part,
    Prints,
    collected,
    fingerprints,
    parts_for,
    suspects,
    twice,
)
from narrowcast.worlds.export.report import Report

__all__ = ["compare_keys"]


def compare_keys(
    reader: Reader, names: Collection[str], rising: Collection[str], report: Report, bar: Bar
) -> None:
    """Look for keys that occur twice and joins that find nothing.

    Parameters
    ----------
    reader
        Reads the tables.
    names
        Tables that can be read; a join on another is not looked at.
    rising
        Those among them whose key is known to occur once.
    report
        Where to note what is wrong.
    bar
        What is told how far the work is.

    Raises
    ------
    DataError
        If a file cannot be read.
    """
    tables = {name: report.manifest.tables[name] for name in names}
    doubtful = [name for name, layout in tables.items() if layout.unique and name not in rising]
    lost = {
        (name, column.name): (column.key, Orphans())
        for name, layout in tables.items()
        for column in layout.joins
        if _is_there(column.key, report, names)
    }
    pointed = sorted({key for key, _orphans in lost.values()})
    children = [name for name in tables if any(table == name for table, _column in lost)]
    compared = [*doubtful, *(key.partition(".")[0] for key in pointed)]
    parts = parts_for(max((tables[name].rows for name in compared), default=0))
    bar.begin(_("Keys"), len(parts) * (len(doubtful) + len(pointed) + len(children)))
    for part in parts:
        for name in doubtful:
            _once(reader, name, part, report)
            bar.advance(1)
        parents = {}
        for key in pointed:
            parents[key] = _pointed_to(reader, key, part)
            bar.advance(1)
        for name in children:
            joins = {column: of for (table, column), of in lost.items() if table == name}
            for batch in reader.batches(name, list(joins)):
                for (key, orphans), values in zip(joins.values(), batch.columns, strict=True):
                    orphans.look(values, parents[key], part)
            bar.advance(1)
    for name in [name for name, layout in tables.items() if layout.unique]:
        report.right(name, "unique")
    for (name, column), (key, orphans) in lost.items():
        _tell(name, column, key, orphans, report)


def _is_there(key: str, report: Report, names: Collection[str]) -> bool:
    table, _dot, column = key.partition(".")
    return table in names and column in {c.name for c in report.manifest.tables[table].columns}


def _pointed_to(reader: Reader, key: str, part: Part) -> Prints:
    table, _dot, column = key.partition(".")
    values = (batch.column(0).drop_null().unique() for batch in reader.batches(table, [column]))
    return collected((fingerprints([some]) for some in values), part)


def _once(reader: Reader, name: str, part: Part, report: Report) -> None:
    """Note the keys of a table that occur more than once."""
    columns = report.manifest.tables[name].unique
    like = suspects(collected((fingerprints(rows.columns) for rows in _full(reader, name, columns)), part))
    again = twice(_full(reader, name, columns), like) if like.size else []
    if again:
        text = ngettext(
            "{count:,} key occurs more than once ({columns}): {examples}.",
            "{count:,} keys occur more than once ({columns}): {examples}.",
            len(again),
        )
        examples = ", ".join("/".join(map(str, key)) for key in again[:3])
        what = text.format(count=len(again), columns=", ".join(columns), examples=examples)
        report.wrong(name, "unique", what, [name])


def _full(reader: Reader, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield those rows of some columns in which none is missing."""
    return (batch.drop_null() for batch in reader.batches(name, columns))


def _tell(name: str, column: str, key: str, orphans: Orphans, report: Report) -> None:
    if orphans.count:
        text = ngettext(
            "{column} points to nothing in {key} in {count:,} row: {examples}.",
            "{column} points to nothing in {key} in {count:,} rows: {examples}.",
            orphans.count,
        )
        examples = ", ".join(map(str, orphans.examples))
        what = text.format(column=column, key=key, count=orphans.count, examples=examples)
        report.wrong(name, "joins", what, [name])
    report.right(name, "joins")
