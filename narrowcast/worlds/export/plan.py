"""The manifest of a folder that is yet to be written."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version

from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.export.formats import Form
from narrowcast.worlds.export.manifest import Described, Layout, Manifest
from narrowcast.worlds.export.wish import Wish
from narrowcast.worlds.tables import Table, tables_of

__all__ = ["planned"]


def planned(blueprint: Blueprint, tables: Mapping[str, Table], form: Form, wish: Wish) -> Manifest:
    """Return the manifest of a folder before anything is written: no rows yet, and no files.

    Parameters
    ----------
    blueprint
        The market.
    tables
        Those to be written, by name.
    form
        What they are written as.
    wish
        How else.
    """
    recipe = blueprint.recipe
    libraries = ("narrowcast", "numpy", "scipy", "faker", "pyarrow")
    return Manifest(
        manifest=1,
        world=recipe.name,
        customers=blueprint.customers,
        seed=blueprint.seed if wish.seed is None else wish.seed,
        student=wish.student,
        digest=blueprint.digest,
        hidden=wish.hidden,
        every_table=len(tables) == len(tables_of(recipe)),
        format=form.name,
        licence=recipe.licence,
        versions={name: version(name) for name in libraries},
        tables={n: _layout(t, form.file(recipe.name, n), hidden=wish.hidden) for n, t in tables.items()},
        files={},
    )


def _layout(table: Table, file: str, *, hidden: bool) -> Layout:
    shown = [column for column in table.columns() if hidden or not column.hidden]
    names = {column.name for column in shown}
    columns = tuple(Described(name=c.name, kind=c.kind, nullable=c.nullable, key=c.key) for c in shown)
    # Without one of its columns a key may well occur twice.
    return Layout(file=file, columns=columns, unique=table.unique if names >= set(table.unique) else ())
