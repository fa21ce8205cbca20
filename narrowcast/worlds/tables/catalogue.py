"""All tables, the parents before their children."""

from __future__ import annotations

from narrowcast.errors import UnknownName
from narrowcast.language import gettext as _
from narrowcast.worlds.recipe import Recipe
from narrowcast.worlds.tables import (
    campaigns,
    companies,
    contacts,
    customers,
    events,
    friends,
    households,
    leads,
    orders,
    raw,
    referrals,
    touches,
)
from narrowcast.worlds.tables.schema import Table

__all__ = ["TABLES", "table_named", "tables_of"]

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        customers.TABLE,
        raw.TABLE,
        households.TABLE,
        friends.TABLE,
        orders.TABLE,
        campaigns.TABLE,
        touches.TOUCHES,
        touches.ASSIGNMENTS,
        events.TABLE,
        contacts.TABLE,
        leads.TABLE,
        companies.COMPANIES,
        companies.ROLES,
        companies.STAGES,
        referrals.CODES,
        referrals.REFERRALS,
        referrals.CARDS,
        referrals.SCANS,
    )
}


def tables_of(recipe: Recipe) -> dict[str, Table]:
    """Return the tables that a market has, by name."""
    return {name: table for name, table in TABLES.items() if table.present(recipe)}


def table_named(recipe: Recipe, name: str) -> Table:
    """Return one table of a market.

    Raises
    ------
    UnknownName
        If the market has no such table.
    """
    tables = tables_of(recipe)
    if name not in tables:
        raise UnknownName(kind=_("table of {world}").format(world=recipe.name), given=name, allowed=tables)
    return tables[name]
