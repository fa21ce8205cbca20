"""The mark of a check cell of any nbgrader course, from what the cell gave out.

nbgrader's rule (`nbgrader.utils.determine_grade`), but where it gives full marks for what is no pass:

====================================  ===============  =========
what the cell gives out               nbgrader         here
====================================  ===============  =========
an error, or anything on stderr       0                0
a number from 0 to the points         that             that
`np.float64(2.5)`, `Decimal('2.5')`   full             2.5
a number below 0, or NaN              full             0
a number above the points             whole batch ends the points
`False`                               full             0
another value, or none                full             full
====================================  ===============  =========
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["mark_of"]

# A number, or one in its type's brackets as NumPy 2 and the standard library write it: np.float64(2.5).
_PLAIN = r"[-+]?(?:\d+\.?\d*(?:e[-+]?\d+)?|\.\d+(?:e[-+]?\d+)?|inf|nan)"
_NUMBER = re.compile(
    rf"(?:(?P<plain>{_PLAIN})|[a-z_][\w.]*\(['\"]?(?P<inside>{_PLAIN})['\"]?\))", re.IGNORECASE
)
_LONGEST = 400
"""No number of a mark is longer; a huge text is not searched."""


def mark_of(outputs: Sequence[Mapping[str, Any]], points: float) -> float:
    """Return a check cell's mark.

    Parameters
    ----------
    outputs
        The cell's outputs, as a notebook (format 4) holds them.
    points
        The most that can be had, 0 or more.

    Returns
    -------
    float
        From 0 to `points`.
    """
    if any(_is_failure(output) for output in outputs):
        return 0.0
    result = next((output for output in outputs if output.get("output_type") == "execute_result"), None)
    if result is None:
        return float(points)
    number = _number(result.get("data", {}).get("text/plain", ""))
    if number is None:
        return float(points)
    return 0.0 if math.isnan(number) else min(max(number, 0.0), float(points))


def _is_failure(output: Mapping[str, Any]) -> bool:
    kind = output.get("output_type")
    return kind == "error" or (kind == "stream" and output.get("name") == "stderr")


def _number(shown: object) -> float | None:
    """Return the number that a cell's last value shows; False is 0; None where it shows none."""
    text = "".join(map(str, shown)) if isinstance(shown, list) else str(shown)
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text in {"False", "np.False_"}:
        return 0.0
    found = _NUMBER.fullmatch(text)
    return float(found["plain"] or found["inside"]) if found else None
