"""The tables of a market: what each holds, how they join, and what every column says."""

from __future__ import annotations

from collections.abc import Sequence

from narrowcast.language import gettext as _
from narrowcast.language import ngettext
from narrowcast.worlds.card.markdown import code, section, table
from narrowcast.worlds.card.seen import Seen
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.tables import Column, Table, tables_of

__all__ = ["columns", "columns_of", "kinds", "overview"]


def kinds() -> dict[str, str]:
    """Return what each type of column is called."""
    return {
        "text": _("text"),
        "category": _("category"),
        "date": _("date"),
        "time": _("date and time"),
        "flag": _("true or false"),
        "whole": _("whole number"),
        "number": _("number"),
    }


def overview(recipe: Recipe, seen: Seen) -> str:
    """Return a line for each table: what it holds, how many rows, what it joins."""
    rows = []
    for name, one in tables_of(recipe).items():
        shown = [column for column in one.columns() if not column.hidden]
        joins = [f"{code(column.name)} → {code(column.key)}" for column in shown if column.key]
        rows.append([code(name), one.title(), f"{seen.rows[name]:,}", f"{len(shown)}", ", ".join(joins)])
    header = [_("Table"), _("What it holds"), _("Rows"), _("Columns"), _("Joins")]
    told = _("Every key joins: what a column points to is always there.")
    about = "" if seen.exact else _("Of a market this large the rows are estimated.")
    return section(_("Tables"), table(header, rows, right=(2, 3)), told, about)


def columns(recipe: Recipe) -> str:
    """Return every column that anybody may see, table by table, and how many are kept back."""
    tables = tables_of(recipe)
    parts = [_of_table(one) for one in tables.values()]
    hidden = sum(column.hidden for one in tables.values() for column in one.columns())
    kept = ngettext(
        "{count} further column is latent: no real firm would know it. An instructor can have it with {command}.",
        "{count} further columns are latent: no real firm would know them. An instructor can have them with "
        "{command}.",
        hidden,
    ).format(count=hidden, command=code(f"narrowcast data build {recipe.name} --hidden"))
    return section(_("Columns"), *parts, kept if hidden else "")


def _of_table(one: Table) -> str:
    shown = [column for column in one.columns() if not column.hidden]
    return section(f"{one.title()}: {code(one.name)}", columns_of(one, shown), level=3)


def columns_of(one: Table, chosen: Sequence[Column]) -> str:
    """Return some columns of a table as a table: type and unit, meaning, whether missing, key.

    What may be missing and what is key have a column of their own only where there is any.
    """
    gaps = any(column.nullable for column in chosen)
    keys = [_key(one, column) for column in chosen]
    header = [_("Column"), _("Type"), _("Meaning")]
    header += [_("May be missing")] * gaps + [_("Key")] * any(keys)
    rows = []
    for column, key in zip(chosen, keys, strict=True):
        unit = f" ({column.unit})" if column.unit else ""
        row = [code(column.name), kinds()[column.kind] + unit, column.meaning]
        row += [_("yes") if column.nullable else _("no")] * gaps
        rows.append(row + [key] * any(keys))
    return table(header, rows)


def _key(one: Table, column: Column) -> str:
    """Return what a column joins to, and whether it tells the rows of its table apart."""
    told = [f"→ {code(column.key)}"] if column.key else []
    if column.name in one.unique:
        told.insert(0, _("unique") if len(one.unique) == 1 else _("unique together"))
    return "; ".join(told)
