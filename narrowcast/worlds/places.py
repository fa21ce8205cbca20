"""Which worlds there are, and where the recipe of each lies."""

from __future__ import annotations

from pathlib import Path

from narrowcast.errors import UnknownName
from narrowcast.home import datasets_folder
from narrowcast.language import gettext as _

__all__ = ["datasets_folder", "world_folder", "world_names"]


def world_names() -> list[str]:
    """Return the names of all worlds, sorted: every folder that holds a recipe."""
    return sorted(recipe.parent.name for recipe in datasets_folder().glob("*/recipe.toml"))


def world_folder(name: str) -> Path:
    """Return the folder of a world.

    Raises
    ------
    UnknownName
        If there is no such world.
    """
    if name not in world_names():
        raise UnknownName(kind=_("world"), given=name, allowed=world_names())
    return datasets_folder() / name
