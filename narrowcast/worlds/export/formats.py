"""The forms that data can leave in: one writer and one reader each, chosen by name."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.worlds.export.manifest import Manifest
from narrowcast.worlds.tables.schema import Kind

__all__ = ["FORMATS", "ROWS_AT_ONCE", "Form", "Reader", "Writer", "form_named"]

ROWS_AT_ONCE = 65_536
"""Rows that a reader hands on together."""


class Writer(ABC):
    """Writes the tables of a market, some rows at a time, in the order in which they come."""

    @abstractmethod
    def write(self, name: str, table: pa.Table) -> None:
        """Add rows to a table; raises OSError where the disk does not take them."""

    @abstractmethod
    def close(self) -> None:
        """Write what is left, and close the files; raises OSError as `write` does."""

    @abstractmethod
    def abandon(self) -> None:
        """Close the files as they are: nobody will read them. Raises nothing."""


class Reader(ABC):
    """Reads the tables of a market, some rows at a time."""

    types: ClassVar[Mapping[Kind, str]]
    """How the form calls the type of each kind of column."""

    @abstractmethod
    def columns(self, name: str) -> dict[str, str]:
        """Return the columns that a table has, with what the form calls their types.

        Raises
        ------
        DataError
            If the table cannot be read.
        """

    @abstractmethod
    def batches(self, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield some columns of a table, a few rows at a time, in the types of its layout.

        Raises
        ------
        DataError
            If the table cannot be read, or holds what its columns cannot.
        """

    @abstractmethod
    def close(self) -> None:
        """Close the files."""


@dataclass(frozen=True)
class Form:
    """A form that data can leave in.

    Parameters
    ----------
    name
        What it is called.
    ending
        How its files end.
    parts
        Returns what opens a folder for writing, and what opens it for reading.
    one_file
        Whether one file holds all tables.
    room
        Disk needed on the way, as a multiple of what the rows take: indexes are made at the end.
    """

    name: str
    ending: str
    parts: Callable[[], tuple[Callable[[Path, Manifest], Writer], Callable[[Path, Manifest], Reader]]]
    one_file: bool = False
    room: float = 1.0

    def file(self, world: str, table: str) -> str:
        """Return the name of the file that holds a table."""
        return f"{world if self.one_file else table}.{self.ending}"

    def writer(self, folder: Path, manifest: Manifest) -> Writer:
        """Open the files of a folder for writing.

        Raises
        ------
        DataError
            If a library is missing.
        """
        return self.parts()[0](folder, manifest)

    def reader(self, folder: Path, manifest: Manifest) -> Reader:
        """Open the files of a folder for reading.

        Raises
        ------
        DataError
            If a library is missing, or a file cannot be opened.
        """
        return self.parts()[1](folder, manifest)


# A form's libraries are loaded when it is asked for.


def _parquet() -> tuple[type[Writer], type[Reader]]:
    from narrowcast.worlds.export.parquet import ParquetReader, ParquetWriter  # noqa: PLC0415

    return ParquetWriter, ParquetReader


def _csv() -> tuple[type[Writer], type[Reader]]:
    from narrowcast.worlds.export.commas import CommasReader, CommasWriter  # noqa: PLC0415

    return CommasWriter, CommasReader


def _sqlite() -> tuple[type[Writer], type[Reader]]:
    from narrowcast.worlds.export.sqlite import SqliteReader, SqliteWriter  # noqa: PLC0415

    return SqliteWriter, SqliteReader


def _duckdb() -> tuple[type[Writer], type[Reader]]:
    from narrowcast.worlds.export.duck import DuckReader, DuckWriter  # noqa: PLC0415

    return DuckWriter, DuckReader


FORMATS = {
    form.name: form
    for form in (
        Form("parquet", "parquet", _parquet),
        Form("csv", "csv", _csv),
        Form("sqlite", "sqlite", _sqlite, one_file=True, room=1.6),
        Form("duckdb", "duckdb", _duckdb, one_file=True, room=1.1),
    )
}


def form_named(name: str) -> Form:
    """Return a form.

    Raises
    ------
    UnknownName
        If there is no such form.
    """
    if name not in FORMATS:
        raise UnknownName(kind=_("format"), given=name, allowed=FORMATS)
    return FORMATS[name]
