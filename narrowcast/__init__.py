"""Narrowcast: learn how marketing turned from broadcast to narrowcast, on markets you can play with.

The front door: the names that a notebook needs, and nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from narrowcast.campaigns import Flight, Message, Offer, Plan, goal
from narrowcast.language import set_language
from narrowcast.measure import breakeven
from narrowcast.simulate import (
    best_known,
    compare,
    simulate,
)  # here and now, or the name would mean the folder
from narrowcast.worlds import open_world

if TYPE_CHECKING:
    from narrowcast.judge import check, open_assignment, open_lesson
    from narrowcast.widgets import FlipLab

__version__ = "0.1.0"

__all__ = [
    "Flight",
    "FlipLab",
    "Message",
    "Offer",
    "Plan",
    "best_known",
    "breakeven",
    "check",
    "compare",
    "goal",
    "open_assignment",
    "open_lesson",
    "open_world",
    "set_language",
    "simulate",
]

_LAZY = {"FlipLab": "widgets", "check": "judge", "open_assignment": "judge", "open_lesson": "judge"}
"""Names whose room is entered when they are asked for: a plain script never loads a widget."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _LAZY:
        message = f"module 'narrowcast' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(f"narrowcast.{_LAZY[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
