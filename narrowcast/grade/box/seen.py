"""What can be seen inside a box: Python, the libraries, the package and the recipes; all of it to be read only."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from narrowcast.home import datasets_folder

__all__ = ["covered", "is_seen", "scratch_inside", "seen_inside"]

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("ld.so.cache", "alternatives", "fonts", "mime.types", "localtime", "ssl/certs")

_COVERED = ("/usr/local/share/nbgrader",)

Pairs = list[tuple[str, str]]


def seen_inside() -> tuple[Pairs, Pairs]:
    """Return folders and files as (where it lies, where it is seen), and links as (path, target)."""
    folders, links = _system()
    for path in _python():
        if not any(path == seen or path.is_relative_to(seen) for _source, seen in folders):
            folders.append((os.path.realpath(path), path))
    return [(source, str(seen)) for source, seen in folders], links


def scratch_inside(folders: Pairs) -> str:
    """Return where submissions work: /tmp, but where Python itself lies in there and must not be covered."""
    return "/scratch" if any(Path(target).is_relative_to("/tmp") for _source, target in folders) else "/tmp"  # noqa: S108


def covered(folders: Pairs) -> list[str]:
    """Return folders within those that are covered by empty ones: where nbgrader exchanges a class's notebooks."""
    return [place for place in _COVERED if Path(place).is_dir() and is_seen(Path(place), folders)]


def is_seen(place: Path, folders: Pairs) -> bool:
    """Return whether a place lies in what can be seen inside."""
    real = Path(os.path.realpath(place))
    return any(real.is_relative_to(os.path.realpath(source)) for source, _target in folders)


def _system() -> tuple[list[tuple[str, Path]], Pairs]:
    folders, links = list[tuple[str, Path]](), Pairs()
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            links.append((str(path), str(path.readlink())))
        elif path.is_dir():
            folders.append((str(path), path))
    for name in _SETTINGS:
        path = Path("/etc", name)
        if path.exists():
            folders.append((os.path.realpath(path), path))
    return folders, links


def _python() -> list[Path]:
    """Return what Python needs, shortest paths first, so that what lies in another comes after it."""
    program = Path(sys.executable)
    package = Path(__file__).parents[2]
    found = [Path(sys.base_prefix), Path(sys.prefix), Path(os.path.realpath(program)).parent.parent]
    found += [Path(path) for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    found += [package, datasets_folder()]
    if os.environ.get("NUMBA_CACHE_DIR"):
        found.append(Path(os.environ["NUMBA_CACHE_DIR"]))
    there = {path.absolute() for path in found if path.exists()}
    return sorted(there, key=lambda path: len(path.parts))
