"""One DuckDB file with all tables."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from types import ModuleType

import pyarrow as pa

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.export.formats import ROWS_AT_ONCE, Reader, Writer
from narrowcast.worlds.export.manifest import Manifest
from narrowcast.worlds.export.sqlite import quoted
from narrowcast.worlds.tables.schema import Kind

__all__ = ["DuckReader", "DuckWriter"]

TYPES: Mapping[Kind, str] = {
    "text": "VARCHAR",
    "category": "VARCHAR",
    "date": "DATE",
    "time": "TIMESTAMP",
    "flag": "BOOLEAN",
    "whole": "BIGINT",
    "number": "DOUBLE",
}

_SETTINGS = {
    "autoinstall_known_extensions": "false",  # nothing is fetched
    "autoload_known_extensions": "false",
    "memory_limit": "512MB",
    "threads": "1",  # rows stay in their order, and memory within bounds
}


def _library() -> ModuleType:
    try:
        import duckdb  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise DataError(
            _("The library DuckDB is not installed."), _('Install it: pip install "narrowcast[duckdb]"')
        ) from error
    return duckdb


class DuckWriter(Writer):
    """Writes one DuckDB file. Its keys are not declared: DuckDB would hold their indexes in memory."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._duckdb = _library()
        self._schemas = {name: layout.schema for name, layout in manifest.tables.items()}
        with self._as_os_error():
            path = folder / next(iter(manifest.tables.values())).file
            self._spill = folder / "spill"
            settings = _SETTINGS | {"temp_directory": str(self._spill)}
            self._file = self._duckdb.connect(str(path), config=settings)
            for name, layout in manifest.tables.items():
                lines = [
                    f"{quoted(c.name)} {TYPES[c.kind]}" + ("" if c.nullable else " NOT NULL")
                    for c in layout.columns
                ]
                self._file.execute(f"CREATE TABLE {quoted(name)} ({', '.join(lines)})")

    @contextmanager
    def _as_os_error(self) -> Iterator[None]:
        """Turn a complaint of DuckDB's into what the disk's own would be."""
        try:
            yield
        except self._duckdb.Error as error:
            full = "no space left" in str(error).lower()
            raise OSError(errno.ENOSPC if full else errno.EIO, str(error)) from error

    def write(self, name: str, table: pa.Table) -> None:
        """Insert rows into a table."""
        with self._as_os_error():
            self._file.register("rows_of_a_block", table)
            self._file.execute(f"INSERT INTO {quoted(name)} SELECT * FROM rows_of_a_block")  # noqa: S608
            self._file.unregister("rows_of_a_block")

    def close(self) -> None:
        """Fold the log into the file, and close it."""
        with self._as_os_error():
            self._file.execute("CHECKPOINT")
            self._file.close()
        rmtree(self._spill, ignore_errors=True)

    def abandon(self) -> None:
        """Close the file as it is."""
        with suppress(self._duckdb.Error):
            self._file.close()


class DuckReader(Reader):
    """Reads one DuckDB file."""

    types = TYPES

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._duckdb, self._manifest = _library(), manifest
        path = folder / next(iter(manifest.tables.values())).file
        with self._told(path.name):
            self._file = self._duckdb.connect(str(path), read_only=True, config=_SETTINGS)

    @contextmanager
    def _told(self, name: str) -> Iterator[None]:
        try:
            yield
        except (self._duckdb.Error, pa.ArrowException) as error:
            raise DataError(
                _("{table} cannot be read from DuckDB: {why}").format(table=name, why=error)
            ) from error

    def columns(self, name: str) -> dict[str, str]:
        """Return the columns that a table has."""
        with self._told(name):
            rows = self._file.execute(f"DESCRIBE {quoted(name)}").fetchall()
        return {row[0]: row[1] for row in rows}

    def batches(self, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns of a table, a few rows at a time."""
        types = self._manifest.tables[name].plain(columns)
        with self._told(name):
            listed = ", ".join(map(quoted, columns))
            rows = self._file.sql(f"SELECT {listed} FROM {quoted(name)}")  # noqa: S608 - quoted
            for batch in rows.to_arrow_reader(ROWS_AT_ONCE):
                yield from pa.Table.from_batches([batch]).cast(types).to_batches()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
