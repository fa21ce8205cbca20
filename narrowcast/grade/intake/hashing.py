"""The hash of a folder that a student filled: names and bytes, never through a link, never without end."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from heapq import nsmallest
from pathlib import Path

from narrowcast.grade.intake.reading import OURS
from narrowcast.language import gettext as _

__all__ = ["hash_of", "note_of"]

LARGEST = 1 << 30
"""Bytes that are read of one submission; of what is beyond, only names and sizes count."""

MOST = 10_000
"""Files and folders that are looked at in one submission."""

_PIECE = 1 << 20


def hash_of(folder: Path) -> tuple[str, str]:
    """Return the SHA-256 of a folder as hexadecimal digits, and what of it could not be read.

    Raises
    ------
    OSError
        If the machine is in trouble.
    """
    digest, troubles, room = hashlib.sha256(), [], LARGEST
    for count, (name, file, trouble) in enumerate(_walk(folder)):
        if count >= MOST:
            troubles.append(_("more than {most} files").format(most=MOST))
            break
        if trouble:
            troubles.append(f"{os.fsencode(name).decode(errors='replace')}: {trouble}")
        sign, size = _sign(file)
        # The length goes first, so that no name can pass for a name and its bytes.
        _add(digest, os.fsencode(name), sign)
        if not sign.startswith(b"file"):
            continue
        if size > room:
            troubles.append(_("more than {size} MB").format(size=LARGEST >> 20))
            continue
        room -= size
        told = _add_file(digest, file, size)
        if told:
            troubles.append(f"{os.fsencode(name).decode(errors='replace')}: {told}")
    return digest.hexdigest(), "; ".join(dict.fromkeys(troubles))[:1000]


def _walk(folder: Path) -> Iterator[tuple[str, Path, str]]:
    """Yield what lies in a folder, at any depth, in an order that only names decide."""
    waiting = [("", folder)]
    while waiting:
        name, place = waiting.pop()
        trouble, inside = "", []
        try:
            if stat.S_ISDIR(os.lstat(place).st_mode):
                with os.scandir(place) as entries:
                    # One beyond the most is enough to know that there are too many.
                    inside = nsmallest(MOST + 1, (entry.name for entry in entries), key=_first)
        except OSError as error:
            _unless_ours(error)
            trouble = error.strerror or str(error)
        yield name, place, trouble
        waiting += [(f"{name}/{one}", place / one) for one in reversed(inside)]


def _first(name: str) -> tuple[bool, str]:
    """Sort what is marked and the time of it before all else, which may be too much to be looked at."""
    return not (name.endswith(".ipynb") or name == "timestamp.txt"), name


def _unless_ours(error: OSError) -> None:
    if error.errno in OURS:
        raise error


def _add(digest: hashlib._Hash, *parts: bytes) -> None:
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)


def _sign(file: Path) -> tuple[bytes, int]:
    """Return what kind of thing it is, with its size or where it leads."""
    try:
        about = os.lstat(file)
        if stat.S_ISREG(about.st_mode):
            return b"file %d" % about.st_size, about.st_size
        if stat.S_ISLNK(about.st_mode):
            return b"link " + os.fsencode(os.readlink(file)), 0  # noqa: PTH115 - bytes that are no letters stay
        return (b"folder" if stat.S_ISDIR(about.st_mode) else b"other"), 0
    except OSError as error:
        _unless_ours(error)
        return b"gone", 0


def _add_file(digest: hashlib._Hash, file: Path, size: int) -> str:
    """Add a file's bytes, at most as many as it had; return what went wrong."""
    inner = hashlib.sha256()
    trouble = ""
    try:
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as opened:
            left = size if stat.S_ISREG(os.fstat(handle).st_mode) else 0
            while left > 0 and (piece := opened.read(min(left, _PIECE))):
                inner.update(piece)
                left -= len(piece)
    except OSError as error:
        _unless_ours(error)
        trouble = error.strerror or str(error)
    _add(digest, inner.digest())
    return trouble


def note_of(file: Path) -> str:
    """Return the first letters of a small text file; "" where there is none, or it is no regular file."""
    try:
        if not stat.S_ISREG(os.lstat(file).st_mode):
            return ""
        handle = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as opened:
            return opened.read(200).decode(errors="replace").replace("\0", "").strip()
    except OSError as error:
        _unless_ours(error)
        return ""
