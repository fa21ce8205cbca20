"""Narrowcast: learn how marketing turned from broadcast to narrowcast, on markets you can play with.

The front door: the names that a notebook needs, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from narrowcast.campaigns import Flight, Message, Offer, Plan
from narrowcast.language import set_language
from narrowcast.measure import breakeven
from narrowcast.simulate import compare, simulate
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
    "breakeven",
    "check",
    "compare",
    "open_assignment",
    "open_lesson",
    "open_world",
    "set_language",
    "simulate",
]

_LAZY = {"FlipLab": "widgets", "check": "judge", "open_assignment": "judge", "open_lesson": "judge"}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name in _LAZY:  # a plain script never imports a widget
        from importlib import import_module  # noqa: PLC0415

        return getattr(import_module(f"narrowcast.{_LAZY[name]}"), name)
    message = f"module 'narrowcast' has no attribute {name!r}"
    raise AttributeError(message)
