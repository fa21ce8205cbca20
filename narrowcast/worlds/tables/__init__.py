"""The tables of a market, one module each; `TABLES` lists them, the parents before their children."""

from narrowcast.worlds.tables.catalogue import TABLES, tables_of
from narrowcast.worlds.tables.schema import Column, Table

__all__ = ["TABLES", "Column", "Table", "tables_of"]
