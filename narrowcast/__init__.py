"""Narrowcast: learn how marketing turned from broadcast to narrowcast, on markets you can play with.

The front door: the names that a notebook needs, and nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from narrowcast.campaigns import Flight, Message, Offer, Plan
    from narrowcast.judge import check, open_assignment, open_lesson
    from narrowcast.language import set_language
    from narrowcast.measure import breakeven
    from narrowcast.simulate import compare, simulate
    from narrowcast.widgets import FlipLab
    from narrowcast.worlds import open_world

__version__ = "0.1.0"

__all__ = [
    "FlipLab",
    "Flight",
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

_ROOMS = {
    "FlipLab": "widgets",
    "Flight": "campaigns",
    "Message": "campaigns",
    "Offer": "campaigns",
    "Plan": "campaigns",
    "breakeven": "measure",
    "check": "judge",
    "compare": "simulate",
    "open_assignment": "judge",
    "open_lesson": "judge",
    "open_world": "worlds",
    "set_language": "language",
    "simulate": "simulate",
}
"""Where each name lives. A room is entered when its name is asked for: a plain script never loads a
widget, and the command line opens without pandas."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _ROOMS:
        message = f"module 'narrowcast' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(f"narrowcast.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
