"""One SQLite file with all tables, their keys and the indexes of their joins."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.export.formats import ROWS_AT_ONCE, Reader, Writer
from narrowcast.worlds.export.manifest import Described, Manifest
from narrowcast.worlds.tables.schema import Kind

__all__ = ["SqliteReader", "SqliteWriter", "quoted"]

TYPES: Mapping[Kind, str] = {
    "text": "TEXT",
    "category": "TEXT",
    "date": "DATE",
    "time": "TIMESTAMP",
    "flag": "BOOLEAN",
    "whole": "INTEGER",
    "number": "REAL",
}


def quoted(name: str) -> str:
    """Return a name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _named(names: Sequence[str]) -> str:
    return ", ".join(map(quoted, names))


def _created(name: str, manifest: Manifest) -> str:
    """Return the statement that makes a table."""
    layout = manifest.tables[name]
    lines = [
        f"{quoted(c.name)} {TYPES[c.kind]}" + ("" if c.nullable else " NOT NULL") for c in layout.columns
    ]
    missing = {column.name for column in layout.columns if column.nullable}
    primary = bool(layout.unique) and not missing & set(layout.unique)
    if layout.unique:
        lines.append(("PRIMARY KEY" if primary else "UNIQUE") + f" ({_named(layout.unique)})")
    for column in layout.joins:
        parent, _dot, key = column.key.partition(".")
        if parent in manifest.tables and manifest.tables[parent].unique == (key,):  # or SQLite refuses it
            lines.append(f"FOREIGN KEY ({quoted(column.name)}) REFERENCES {quoted(parent)} ({quoted(key)})")
    # A key that is text would otherwise be kept twice.
    return f"CREATE TABLE {quoted(name)} ({', '.join(lines)})" + (" WITHOUT ROWID" if primary else "")


@contextmanager
def _as_os_error() -> Iterator[None]:
    """Turn a complaint of SQLite's into what the disk's own would be."""
    try:
        yield
    except sqlite3.Error as error:
        full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
        raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error


class SqliteWriter(Writer):
    """Writes one SQLite file: times as text in ISO 8601, yes and no as 1 and 0."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._manifest = manifest
        self._file = sqlite3.connect(folder / next(iter(manifest.tables.values())).file)
        # A folder that is not finished is thrown away: no journal is needed to mend it.
        with _as_os_error():
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE"):
                self._file.execute(f"PRAGMA {pragma}")
            self._file.execute("PRAGMA cache_size = -65536")
            for name in manifest.tables:
                self._file.execute(_created(name, manifest))

    def write(self, name: str, table: pa.Table) -> None:
        """Insert rows into a table."""
        columns = self._manifest.tables[name].columns
        insert = f"INSERT INTO {quoted(name)} VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - ours
        with _as_os_error(), self._file:
            for batch in table.to_batches(ROWS_AT_ONCE):
                values = [_values(column, part) for column, part in zip(columns, batch.columns, strict=True)]
                self._file.executemany(insert, zip(*values, strict=True))

    def close(self) -> None:
        """Make the indexes, and close the file."""
        with _as_os_error():
            for name, layout in self._manifest.tables.items():
                for column in layout.joins:
                    if layout.unique[:1] != (column.name,):  # the key serves as one already
                        index = quoted(f"{name}_{column.name}")
                        self._file.execute(f"CREATE INDEX {index} ON {quoted(name)} ({quoted(column.name)})")
            self._file.commit()
            self._file.close()

    def abandon(self) -> None:
        """Close the file as it is."""
        with suppress(sqlite3.Error):
            self._file.close()


def _values(column: Described, part: pa.Array) -> list[object]:
    if column.kind == "date":
        part = part.cast(pa.date32())
    if column.kind in ("date", "time"):
        part = part.cast(pa.large_string())
    values: list[object] = part.to_pylist()
    return values


class SqliteReader(Reader):
    """Reads one SQLite file."""

    types = TYPES

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._manifest = manifest
        path = (folder / next(iter(manifest.tables.values())).file).resolve()
        with self._told(path.name):
            self._file = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, pa.ArrowException, UnicodeDecodeError) as error:
            raise DataError(
                _("{table} cannot be read from SQLite: {why}").format(table=name, why=error)
            ) from error

    def columns(self, name: str) -> dict[str, str]:
        """Return the columns that a table has."""
        with self._told(name):
            rows = self._file.execute(f"PRAGMA table_info({quoted(name)})").fetchall()
        return {row[1]: row[2] for row in rows}

    def batches(self, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns of a table, a few rows at a time."""
        layout = self._manifest.tables[name]
        kinds = {column.name: column for column in layout.columns}
        with self._told(name):
            rows = self._file.execute(f"SELECT {_named(columns)} FROM {quoted(name)}")  # noqa: S608 - quoted
            while many := rows.fetchmany(ROWS_AT_ONCE):
                values = zip(*many, strict=True)
                arrays = [_array(kinds[column], part) for column, part in zip(columns, values, strict=True)]
                yield pa.RecordBatch.from_arrays(arrays, names=list(columns))

    def close(self) -> None:
        """Close the file."""
        self._file.close()


_STORED = {"date": pa.large_string(), "time": pa.large_string(), "flag": pa.int64()}
"""Types in which SQLite keeps a kind, where it is not the kind's own."""


def _array(column: Described, values: Sequence[object]) -> pa.Array:
    return pa.array(values, _STORED.get(column.kind, column.plain)).cast(column.plain)
