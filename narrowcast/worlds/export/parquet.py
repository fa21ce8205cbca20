"""Parquet files, one a table: small, typed, and quick to read anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.export.formats import ROWS_AT_ONCE, Reader, Writer
from narrowcast.worlds.export.manifest import Manifest
from narrowcast.worlds.tables.schema import Kind

__all__ = ["ParquetReader", "ParquetWriter"]

GROUP = 100_000
"""Rows in a row group: enough to be packed well, few enough for a reader to hold."""


TYPES: Mapping[Kind, str] = {
    "text": "text",
    "category": "text",
    "date": "time",
    "time": "time",
    "flag": "flag",
    "whole": "whole",
    "number": "number",
}


class ParquetWriter(Writer):
    """Writes Parquet files, compressed with zstd, in row groups of one size however the rows come."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._sinks: list[pa.NativeFile] = []
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting = {name: layout.schema.empty_table() for name, layout in manifest.tables.items()}
        for name, layout in manifest.tables.items():
            sink = pa.OSFile(str(folder / layout.file), "wb")
            self._sinks.append(sink)
            self._writers[name] = pq.ParquetWriter(sink, layout.schema, compression="zstd")

    def write(self, name: str, table: pa.Table) -> None:
        """Add rows to a table; full row groups are written, the others wait."""
        rows = pa.concat_tables([self._waiting[name], table])
        full = rows.num_rows - rows.num_rows % GROUP
        if full:
            self._writers[name].write_table(rows.slice(0, full), row_group_size=GROUP)
        self._waiting[name] = rows.slice(full)

    def close(self) -> None:
        """Write the footers, and close the files."""
        for name, writer in self._writers.items():
            if self._waiting[name].num_rows:
                writer.write_table(self._waiting[name], row_group_size=GROUP)
            writer.close()
        for sink in self._sinks:
            sink.close()

    def abandon(self) -> None:
        """Close the files without their footers."""
        for writer in self._writers.values():
            writer.is_open = False  # or it would try to write its footer when it is collected
        for sink in self._sinks:
            with suppress(OSError):
                sink.close()


class ParquetReader(Reader):
    """Reads Parquet files."""

    types = TYPES

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest

    def _open(self, name: str) -> pq.ParquetFile:
        file = self._folder / self._manifest.tables[name].file
        try:
            return pq.ParquetFile(file)
        except (OSError, pa.ArrowException) as error:
            raise DataError(
                _("{file} is no Parquet file that can be read: {why}").format(file=file.name, why=error)
            ) from error

    def columns(self, name: str) -> dict[str, str]:
        """Return the columns that a table has."""
        with self._open(name) as file:
            return {field.name: _plain(field.type) for field in file.schema_arrow}

    def batches(self, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns of a table, a few rows at a time."""
        layout = self._manifest.tables[name]
        types = layout.plain(columns)
        with self._open(name) as file:
            try:
                for batch in file.iter_batches(ROWS_AT_ONCE, columns=list(columns)):
                    yield from pa.Table.from_batches([batch]).cast(types).to_batches()
            except (OSError, pa.ArrowException) as error:
                raise DataError(
                    _("{file} cannot be read to its end: {why}").format(file=layout.file, why=error)
                ) from error

    def close(self) -> None:
        """Do nothing: a file is open no longer than it is read."""


_PLAIN = (
    (pa.types.is_timestamp, "time"),
    (pa.types.is_boolean, "flag"),
    (pa.types.is_int64, "whole"),
    (pa.types.is_float64, "number"),
    (pa.types.is_string, "text"),
    (pa.types.is_large_string, "text"),
)


def _plain(kind: pa.DataType) -> str:
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    return next((name for test, name in _PLAIN if test(value)), str(kind))
