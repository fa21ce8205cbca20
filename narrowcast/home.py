"""Where the package's own data lie. Imports nothing of ours: a command may look here before it loads a market."""

from __future__ import annotations

from pathlib import Path

__all__ = ["datasets_folder"]

_PACKAGE = Path(__file__).parent


def datasets_folder() -> Path:
    """Return the folder with one sub-folder a world: beside the package in a checkout, inside it in a wheel."""
    inside = _PACKAGE / "datasets"
    return inside if inside.is_dir() else _PACKAGE.parent / "datasets"
