"""Cells of a table for a spreadsheet: text that a student chose is never taken for a formula."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

__all__ = ["harmless", "number", "table_text"]

_STARTS = tuple("=+-@\t\r\n＝＋－＠")
"""What a formula begins with; the last four are the same signs in full width."""


_WITHIN = re.compile(r"([;\t,|]\s*)(?=[=+\-@＝＋－＠])")


def harmless(value: object) -> str:
    """Return a value as a cell: a text that a spreadsheet would run gets an apostrophe before it.

    The cure of OWASP, "CSV Injection". Numbers stay as they are: a mark of -1 is no formula.
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return number(value)
    if isinstance(value, int):
        return str(value)
    text = str(value).replace("\0", "")
    # A half letter cannot be written to a file.
    text = text.encode("utf-8", "replace").decode("utf-8")
    # Where the list separator is another, a cell may begin within this one.
    text = _WITHIN.sub(r"\1'", text)
    return (
        f"'{text}" if text.lstrip(" \u00a0\ufeff").startswith(_STARTS) or text.startswith(_STARTS) else text
    )


def number(value: float, digits: int = 2) -> str:
    """Return a number with at most `digits` digits after the point, and no needless zeros."""
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def table_text(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV (RFC 4180), every cell harmless."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(one) for one in head])
    writer.writerows([harmless(one) for one in row] for row in rows)
    return text.getvalue()
