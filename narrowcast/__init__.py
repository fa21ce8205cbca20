"""Narrowcast: learn how marketing turned from broadcast to narrowcast, on markets you can play with.

The front door: the names that a notebook needs, and nothing else. A room is entered when a name of it is asked for,
so that a command that needs none of them starts at once.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from narrowcast.language import set_language

if TYPE_CHECKING:
    from narrowcast.campaigns import Flight, Message, Offer, Plan, goal
    from narrowcast.judge import check, open_assignment, open_lesson
    from narrowcast.measure import breakeven
    from narrowcast.simulate import best_known, compare, simulate
    from narrowcast.widgets import FlipLab
    from narrowcast.worlds import open_world

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

_ROOMS = {
    "campaigns": ("Flight", "Message", "Offer", "Plan", "goal"),
    "judge": ("check", "open_assignment", "open_lesson"),
    "measure": ("breakeven",),
    "simulate": ("best_known", "compare"),
    "widgets": ("FlipLab",),
    "worlds": ("open_world",),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the name stands for
    if name not in _ROOM_OF:
        message = f"module 'narrowcast' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(f"narrowcast.{_ROOM_OF[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Front(ModuleType):
    """What makes `narrowcast.simulate` the function, although a room has the same name."""

    @property
    def simulate(self) -> Any:  # noqa: ANN401 - as it is declared above
        return import_module("narrowcast.simulate").simulate

    @simulate.setter
    def simulate(self, room: object) -> None:
        """Do nothing: importing the room would write it here."""


sys.modules[__name__].__class__ = _Front
