"""The cells that are whole in a text that is not: cut off, overwritten, nested without end."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["salvage"]

TRIES = 40
"""Broken places after which the rest is given up: each may cost a walk to the end of the text."""

_KEYS = "cell_type|attachments|execution_count|id|metadata|outputs|source|input|collapsed|language|level"
_START = re.compile(rf'\{{\s*+"(?:{_KEYS})"\s*+:')


def salvage(text: str) -> list[Any]:
    """Return the whole cells of a broken notebook, in order.

    A cell is an object that says its type and has a text, decoded from where it begins. Behind a broken one the
    next beginning is looked for.
    """
    decoder = json.JSONDecoder(strict=False, parse_int=float)
    cells: list[Any] = []
    place, failures = 0, 0
    while failures < TRIES and (start := _START.search(text, place)):
        try:
            found, place = decoder.raw_decode(text, start.start())
        except (ValueError, RecursionError):
            failures += 1
            place = start.end()
            continue
        if _is_cell(found):
            cells.append(found)
    return cells


def _is_cell(found: object) -> bool:
    return isinstance(found, Mapping) and "cell_type" in found and ("source" in found or "input" in found)
