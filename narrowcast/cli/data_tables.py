"""What `narrowcast data` prints: worlds, what was written, what was found."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.filesize import decimal
from rich.table import Table

from narrowcast.language import gettext as _
from narrowcast.language import in_course, ngettext
from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.export import Manifest, Report, aspect_titles
from narrowcast.worlds.tables import tables_of

__all__ = ["checked_table", "show", "summary", "worlds_table"]

WIDE = 200
"""Columns of a table that goes into a file or a pipe."""


def show(table: Table) -> None:
    """Print a table on standard output, as wide as the terminal is."""
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=WIDE)
    console.print(table)


def worlds_table() -> Table:
    """Return the worlds: name, title, customers, tables.

    Raises
    ------
    RecipeError
        If a recipe is faulty.
    """
    table = Table(_("World"), _("Title"), box=None, pad_edge=False)
    table.add_column(_("Customers"), justify="right")
    table.add_column(_("Tables"))
    for name in world_names():
        recipe = load_recipe(world_folder(name) / "recipe.toml")
        customers = f"{round(recipe.market.customers.value):,}"
        table.add_row(name, in_course(recipe.title), customers, ", ".join(tables_of(recipe)))
    return table


def summary(manifest: Manifest, folder: Path) -> str:
    """Return a line about what was written."""
    rows = sum(layout.rows for layout in manifest.tables.values())
    size = sum(file.bytes for file in manifest.files.values())
    many = len(manifest.tables)
    text = ngettext(
        "{folder}: {many} table, {rows:,} rows, {size}.",
        "{folder}: {many} tables, {rows:,} rows, {size}.",
        many,
    )
    return text.format(folder=folder, many=many, rows=rows, size=decimal(size))


def checked_table(report: Report) -> Table:
    """Return what was found: a row for each table, a column for each aspect."""
    titles, words = aspect_titles(), {True: _("ok"), False: _("wrong"), None: "–"}
    table = Table(_("Table"), box=None, pad_edge=False)
    table.add_column(_("Rows"), justify="right")
    for title in titles.values():
        table.add_column(title)
    for name, layout in report.manifest.tables.items():
        marks = [words[report.marks[name].get(aspect)] for aspect in titles]
        table.add_row(name, f"{layout.rows:,}", *marks)
    return table
