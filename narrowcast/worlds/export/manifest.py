"""What a folder of data says of itself: the market it holds, its tables, and a fingerprint of every file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import pyarrow as pa
from pydantic import Field, ValidationError, model_validator

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.figures import Part
from narrowcast.worlds.tables import Column

__all__ = ["MANIFEST", "Described", "File", "Layout", "Manifest", "manifest_in"]

MANIFEST = "manifest.json"

LARGEST = 10_000_000
"""Bytes: no manifest of ours comes near, and a larger one is not read."""

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]
FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]*$", max_length=100)]
Count = Annotated[int, Field(strict=True, ge=0)]


class Described(Part):
    """A column, as far as its files tell."""

    name: Name
    kind: Literal["text", "category", "date", "time", "flag", "whole", "number"]
    nullable: bool = False
    key: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)?$")] = ""

    @property
    def type(self) -> pa.DataType:
        """Its Arrow type."""
        return Column(self.name, self.kind, meaning="").type

    @property
    def plain(self) -> pa.DataType:
        """Its Arrow type, where a category is text."""
        return pa.large_string() if self.kind == "category" else self.type


class Layout(Part):
    """A table: where it lies, how many rows it has, its columns and its key."""

    file: FileName
    rows: Count = 0
    columns: tuple[Described, ...] = Field(min_length=1)
    unique: tuple[Name, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """Its Arrow schema."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    def plain(self, names: Sequence[str]) -> pa.Schema:
        """Return the Arrow schema of some columns as readers give them: a category is text.

        Values may be missing anywhere in it: whether they may is checked, not assumed.
        """
        columns = {column.name: column for column in self.columns}
        return pa.schema([pa.field(name, columns[name].plain) for name in names])

    @property
    def joins(self) -> tuple[Described, ...]:
        """The columns that join on others."""
        return tuple(column for column in self.columns if column.key)

    @model_validator(mode="after")
    def _key_is_there(self) -> Layout:
        names = [column.name for column in self.columns]
        if len(set(names)) < len(names) or not set(self.unique) <= set(names):
            raise ValueError(_("a column stands there twice, or a key names none"))
        return self


class File(Part):
    """A file, as it was written."""

    bytes: Count
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(Part):
    """A folder of data."""

    manifest: Literal[1]
    """Form of this text."""
    world: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    customers: Annotated[int, Field(strict=True, ge=1)]
    seed: Count
    """As it was asked for."""
    student: str | None
    """Whose market it is; none is everybody's."""
    digest: str
    """Fingerprint of recipe, size and seed; see `narrowcast.worlds.blueprint.Blueprint`."""
    hidden: bool
    """Whether latent columns are among it: for instructors alone."""
    every_table: bool
    """Whether it has all tables of the market."""
    format: Literal["parquet", "csv", "sqlite", "duckdb"]
    licence: str
    versions: dict[str, str]
    """Of the libraries that the bytes depend on."""
    tables: dict[Name, Layout] = Field(min_length=1)
    files: dict[FileName, File]

    def text(self) -> str:
        """Return it as the text of a file."""
        return json.dumps(self.model_dump(), indent=1, ensure_ascii=False) + "\n"

    def command(self, folder: Path) -> str:
        """Return the command that builds the folder anew."""
        words = [
            "narrowcast",
            "data",
            "build",
            self.world,
            "--customers",
            self.customers,
            "--seed",
            self.seed,
        ]
        words += ["--format", self.format, "--out", folder]
        if not self.every_table:
            words += ["--tables", ",".join(self.tables)]
        if self.student is not None:
            words += ["--student", self.student, "--salt", _("WORD")]
        flags = ["--hidden"] * self.hidden + ["--force"]
        return " ".join(shlex.quote(str(word)) for word in (*words, *flags))


def manifest_in(folder: Path) -> Manifest:
    """Read the manifest of a folder.

    Raises
    ------
    DataError
        If there is none, or what is there is none of ours.
    """
    file = folder / MANIFEST
    cure = _("Remove the folder, and build its data anew with `narrowcast data build`.")
    try:
        if file.stat().st_size > LARGEST:
            raise DataError(_("{file} is too large for a manifest.").format(file=file), cure)
        return Manifest.model_validate_json(file.read_bytes())
    except FileNotFoundError as error:
        problem = _("{folder} holds no data of ours: there is no {name} in it.")
        another = _("Give a folder that `narrowcast data build` wrote.")
        raise DataError(problem.format(folder=folder, name=MANIFEST), another) from error
    except OSError as error:
        problem = _("{file} cannot be read: {why}.").format(file=file, why=error.strerror or error)
        another = _("Give a folder that `narrowcast data build` wrote.")
        raise DataError(problem, another) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or _("(whole file)")
        problem = _("{file} is damaged: {place}: {why}.")
        raise DataError(problem.format(file=file, place=place, why=first["msg"]), cure) from error
