"""Write what is built: only what changed, and never half a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from narrowcast.errors import CourseError
from narrowcast.language import gettext as _

__all__ = ["differs", "write_changed"]


def differs(file: Path, content: bytes) -> bool:
    """Say whether a file is missing or holds something else."""
    try:
        return file.read_bytes() != content
    except FileNotFoundError:
        return True


def write_changed(wanted: Mapping[Path, bytes]) -> list[Path]:
    """Write the files whose content differs, each at one stroke; the others keep their time of change.

    Returns
    -------
    list of Path
        The files that were written.
    """
    written = []
    for file, content in wanted.items():
        try:
            if differs(file, content):
                _write(file, content)
                written.append(file)
        except OSError as error:
            raise CourseError(
                _("{file} cannot be written: {error}.").format(file=file, error=error.strerror or error),
                _("Make it and its folder writable, or move what stands in its place."),
            ) from error
    return written


def _write(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(content)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
