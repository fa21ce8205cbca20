"""The order in which a person counts."""

from __future__ import annotations

__all__ = ["natural"]


def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return what to sort a name by, so that q2 comes before q10."""
    parts: list[str] = [""]
    for letter in name:
        if parts[-1] and parts[-1][-1].isdigit() != letter.isdigit():
            parts.append("")
        parts[-1] += letter
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in parts)
