"""Fidelity: the simulator held against what was published, with what was fitted, what arises and what does not fit."""

from narrowcast.simulate.fidelity.cell import Cell, Table
from narrowcast.simulate.fidelity.pages import as_json, as_markdown
from narrowcast.simulate.fidelity.report import TABLES, tables

__all__ = ["TABLES", "Cell", "Table", "as_json", "as_markdown", "tables"]
