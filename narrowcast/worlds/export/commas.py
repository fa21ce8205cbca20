"""CSV files, one a table: for spreadsheets, and for whoever likes to look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.csv as pc

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.export.formats import ROWS_AT_ONCE, Reader, Writer
from narrowcast.worlds.export.manifest import Layout, Manifest
from narrowcast.worlds.tables.schema import Kind

__all__ = ["CommasReader", "CommasWriter"]

_BYTES_AT_ONCE = 1 << 22


def _schema(layout: Layout) -> pa.Schema:
    """Return the types in which a table is written: a category as its text, a date without a time."""
    return pa.schema(
        [
            pa.field(c.name, pa.date32() if c.kind == "date" else c.plain, nullable=c.nullable)
            for c in layout.columns
        ]
    )


TYPES: Mapping[Kind, str] = dict.fromkeys(get_args(Kind), "")


class CommasWriter(Writer):
    """Writes CSV files: UTF-8, comma, a header; text stands in quotes, what is missing is empty."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._sinks: list[pa.NativeFile] = []
        self._schemas = {name: _schema(layout) for name, layout in manifest.tables.items()}
        self._writers: dict[str, pc.CSVWriter] = {}
        options = pc.WriteOptions(batch_size=ROWS_AT_ONCE)
        for name, layout in manifest.tables.items():
            sink = pa.OSFile(str(folder / layout.file), "wb")
            self._sinks.append(sink)
            self._writers[name] = pc.CSVWriter(sink, self._schemas[name], write_options=options)

    def write(self, name: str, table: pa.Table) -> None:
        """Add lines to a table."""
        self._writers[name].write_table(table.cast(self._schemas[name]))

    def close(self) -> None:
        """Close the files."""
        for writer in self._writers.values():
            writer.close()
        for sink in self._sinks:
            sink.close()

    def abandon(self) -> None:
        """Close the files as they are."""
        for sink in self._sinks:
            with suppress(OSError):
                sink.close()


class CommasReader(Reader):
    """Reads CSV files. They know no types: whether a value fits is seen when it is read."""

    types = TYPES

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self._folder, self._manifest = folder, manifest

    def _open(self, name: str, columns: Sequence[str] | None) -> pc.CSVStreamingReader:
        layout = self._manifest.tables[name]
        schema = _schema(layout)
        convert = pc.ConvertOptions(
            column_types=schema,
            include_columns=columns,
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        )
        read = pc.ReadOptions(use_threads=False, block_size=_BYTES_AT_ONCE)
        parse = pc.ParseOptions(newlines_in_values=True)
        return pc.open_csv(self._folder / layout.file, read, parse, convert)

    def columns(self, name: str) -> dict[str, str]:
        """Return the columns of the header."""
        try:
            with self._open(name, None) as reader:
                return dict.fromkeys(reader.schema.names, "")
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(name, error) from error

    def batches(self, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns of a table, a few rows at a time."""
        types = self._manifest.tables[name].plain(columns)
        try:
            with self._open(name, columns) as reader:
                for batch in reader:
                    yield from pa.Table.from_batches([batch]).cast(types).to_batches(ROWS_AT_ONCE)
        except (OSError, pa.ArrowException) as error:
            raise self._unreadable(name, error) from error

    def close(self) -> None:
        """Do nothing: a file is open no longer than it is read."""

    def _unreadable(self, name: str, error: Exception) -> DataError:
        file = self._manifest.tables[name].file
        return DataError(_("{file} cannot be read as CSV: {why}").format(file=file, why=error))
