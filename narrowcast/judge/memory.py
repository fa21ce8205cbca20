"""What was computed in a market, kept as long as the market is open."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from narrowcast.worlds import World

__all__ = ["Memory"]

Made = TypeVar("Made")


class Memory:
    """Values by market; they go when their market does, so a class judged market by market takes no more memory."""

    def __init__(self) -> None:
        self._kept: WeakKeyDictionary[World, dict[Hashable, Any]] = WeakKeyDictionary()

    def once(self, world: World | None, name: Hashable, make: Callable[[], Made]) -> Made:
        """Return a value, made when it is first asked for; without a market it is made each time."""
        if world is None:
            return make()
        kept = self._kept.setdefault(world, {})
        if name not in kept:
            kept[name] = make()
        return kept[name]  # type: ignore[no-any-return]
