"""A job on its way into a box: one file in memory, which only the process that runs the student's code reads."""

from __future__ import annotations

import json
import os
import re
import stat
import struct
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from narrowcast.grade.box.job import Job, Limits

__all__ = ["Parcel", "made", "opened"]

MOST_FILES = 2_000
_LENGTH = struct.Struct("<I")
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")


@dataclass(frozen=True)
class Parcel:
    """A parcel.

    Attributes
    ----------
    head
        What is to be done.
    files
        By path from the working directory.
    drawn
        What was drawn of the student's markets.
    left
        Files that were too many, too large, or could not be read.
    """

    head: dict[str, Any]
    files: dict[str, bytes]
    drawn: tuple[bytes, ...] = ()
    left: tuple[str, ...] = ()

    def send(self, skip: Collection[int], scratch: str, others: int, processor: int) -> int:
        """Return the descriptor of a file in memory that holds all this.

        Parameters
        ----------
        skip
            Positions of cells that are not run.
        scratch
            Folder to work in, where the box makes none of its own.
        others
            Processes of the same user that the kernel counts with the submission's.
        processor
            The one that it runs on.
        """
        names = [(name, len(data)) for name, data in self.files.items()]
        sizes = [len(pack) for pack in self.drawn]
        more = {
            "skip": sorted(skip), "scratch": scratch, "others": others, "processor": processor,
            "files": names, "drawn": sizes,
        }  # fmt: skip
        head = json.dumps({**self.head, **more})
        text = head.encode("utf-8", "replace")
        descriptor = os.memfd_create("parcel")
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(_LENGTH.pack(len(text)) + text)
            for data in (*self.files.values(), *self.drawn):
                file.write(data)
        return descriptor


def made(job: Job, limits: Limits) -> Parcel:
    """Pack a job.

    Raises
    ------
    OSError
        If this machine cannot read the folder.
    """
    extra = {name: data for name, data in job.extra.items() if _is_within(name)}
    files, left = _gathered(job.folder, limits.disk, extra) if job.folder else ({}, [])
    files = extra | files  # ours first: theirs cannot stand in the way
    head = {
        "name": job.assignment if _PLAIN.fullmatch(job.assignment) else "work",
        "student": job.student,
        "language": job.language,
        "cells": [cell.source for cell in job.cells],
        "inputs": dict(job.inputs),
        "memory": limits.memory,
        "processes": limits.processes,
        "disk": limits.disk + sum(map(len, files.values())),
        "output": limits.output,
        "seconds": limits.seconds,
    }
    return Parcel(head, files, job.drawn, tuple(left))


def opened(descriptor: int) -> Parcel:
    """Read a parcel, inside."""
    with os.fdopen(descriptor, "rb") as file:
        file.seek(0)
        (length,) = _LENGTH.unpack(file.read(_LENGTH.size))
        head = json.loads(file.read(length))
        files = {name: file.read(size) for name, size in head.pop("files")}
        drawn = tuple(file.read(size) for size in head.pop("drawn"))
    return Parcel(head, files, drawn)


def _is_within(name: str) -> bool:
    """Return whether a name leads to a place within the folder that it is put into."""
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts


def _gathered(folder: Path, room: int, there: Collection[str]) -> tuple[dict[str, bytes], list[str]]:
    """Return a folder's files, but for those that are there already, and the names of those that are left out."""
    files: dict[str, bytes] = {}
    left: list[str] = []
    for name, path in _regular(folder):
        if name in there:
            continue
        data = _read(path, room) if len(files) < MOST_FILES else None
        if data is None:
            left.append(name)
        else:
            files[name] = data
            room -= len(data)
    return files, left


def _regular(folder: Path) -> Iterator[tuple[str, Path]]:
    for place, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if name not in {".ipynb_checkpoints", "__pycache__"})
        for name in sorted(names):
            path = Path(place, name)
            if not name.endswith((".ipynb", ".pyc")) and not path.is_symlink():
                yield os.fsencode(path.relative_to(folder)).decode("utf-8", "replace"), path


def _read(path: Path, room: int) -> bytes | None:
    """Return a regular file's bytes; None if it is something else, or larger than `room`."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) or state.st_size > room:
            return None
        data = file.read(room + 1)
    return data if len(data) <= room else None
