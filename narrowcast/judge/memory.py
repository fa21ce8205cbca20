"""What was computed in a market, kept as long as the market is open."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import count
from typing import Any, TypeVar

from narrowcast.worlds import World

__all__ = ["Memory"]

Made = TypeVar("Made")

_NUMBERS = count()


class Memory:
    """Values by market; they go when their market does, so a class judged market by market takes no more memory.

    The market itself holds them: held elsewhere, a value that knows its market would keep it for ever.
    """

    def __init__(self) -> None:
        self._place = f"_memory_{next(_NUMBERS)}"

    def once(self, world: World | None, name: Hashable, make: Callable[[], Made]) -> Made:
        """Return a value, made when it is first asked for; without a market it is made each time."""
        if world is None:
            return make()
        kept: dict[Hashable, Any] = vars(world).setdefault(self._place, {})
        if name not in kept:
            kept[name] = make()
        return kept[name]  # type: ignore[no-any-return]
