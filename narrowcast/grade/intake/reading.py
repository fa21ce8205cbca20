"""The bytes of a file that a student named: never a link's, a pipe's or a device's, and never more than fit."""

from __future__ import annotations

import errno
import mmap
import os
import stat
from pathlib import Path

from narrowcast.grade.intake.repair import Log, Quarantine
from narrowcast.grade.intake.slimming import TooMuch, slim
from narrowcast.language import gettext as _

__all__ = ["LARGEST", "OURS", "WHOLE", "read_bytes"]

WHOLE = 8 << 20
"""Bytes up to which a file is read as it is; outputs of a larger one are dropped while it is read."""

LARGEST = 1 << 30
"""Bytes of the largest file that is looked into."""

KEPT = 100 << 20
"""Bytes that may be left when the outputs are gone."""

OURS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS}
)
"""Troubles of the machine: these are no fault of a submission."""


def read_bytes(path: Path, log: Log) -> bytes:
    """Return what a notebook file holds, without the outputs of a large one.

    Raises
    ------
    Quarantine
        If it is missing, no regular file, locked to us, or too large.
    OSError
        If the machine is in trouble.
    """
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise Quarantine(_("it is no file but a folder, a link or a device."))
        # The kind may change between the look and the opening: a pipe must not make us wait, a link not lead away.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(handle, "rb") as file:
            size = os.fstat(handle).st_size
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise Quarantine(_("it is no file but a folder, a link or a device."))
            return _slimmed(handle, size, log) if size > WHOLE else file.read(WHOLE + 1)
    except FileNotFoundError:
        raise Quarantine(_("the file is missing.")) from None
    except OSError as error:
        if error.errno in OURS:
            raise
        raise Quarantine(
            _("the file cannot be opened: {why}.").format(why=error.strerror or error)
        ) from error
    except ValueError as error:  # a name with a NUL in it, a file that shrinks while it is mapped
        raise Quarantine(_("the file cannot be opened: {why}.").format(why=error)) from error


def _slimmed(handle: int, size: int, log: Log) -> bytes:
    big = _("the file is too large: {size} MB.").format(size=size >> 20)
    if size > LARGEST:
        raise Quarantine(big)
    # It is closed when nothing points to it any more: what goes wrong in the middle of a search still does.
    data = mmap.mmap(handle, size, access=mmap.ACCESS_READ)
    try:
        kept = slim(data, KEPT)
    except TooMuch:
        raise Quarantine(big) from None
    told = _("The file was {size} MB large; its outputs were dropped while it was read.").format(
        size=size >> 20
    )
    log.add("large", "", told)
    return kept
