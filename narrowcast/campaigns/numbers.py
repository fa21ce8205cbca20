"""What counts as a number in a plan: Python's, NumPy's, or a table's cell; nothing else."""

from __future__ import annotations

import math

__all__ = ["plain_number"]


def plain_number(value: object) -> int | float | None:
    """Return a finite number as Python's own, or None where `value` is none.

    Parameters
    ----------
    value
        Anything. An array or Series that holds exactly one number counts as that number; True and
        False are no numbers, NaN and infinity neither.
    """
    if getattr(value, "size", None) == 1 and callable(getattr(value, "item", None)):
        value = value.item()  # type: ignore[attr-defined]
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return value if math.isfinite(value) else None
    except OverflowError:  # a whole number too large for a float is finite all the same
        return value
