"""Outside: one worker, which is a process forked from the warm one, and the socket to it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from narrowcast.grade.box.nursery import Child, Nursery, Trouble
from narrowcast.grade.box.parcel import Parcel

__all__ = ["Trouble", "Worker"]

_FIRST_UID = 64_123
_PER_NAMESPACE = (5, 14)
"""The version of Linux from which processes are counted for each namespace."""


class Worker:
    """A warm process that runs submissions, one at a time.

    Parameters
    ----------
    nursery
        Where it comes from.
    number
        Its number among the workers.
    """

    def __init__(self, nursery: Nursery, number: int) -> None:
        self._nursery, self._level = nursery, nursery.level
        self._uid = _FIRST_UID + number if self._level.changes_user else 0
        self._child: Child | None = None
        processors = sorted(os.sched_getaffinity(0))
        self._processor = processors[number % len(processors)]
        self._home = ""
        self._retired = False

    @property
    def shut(self) -> bool:
        """Whether nothing in there can send a signal to the first process of a submission."""
        return self._level.namespaces

    @property
    def control(self) -> socket.socket | None:
        """The socket to the process; None while there is none."""
        return self._child.control if self._child else None

    def start(self) -> None:
        """Start, if it does not run, and wait until it is warm.

        Raises
        ------
        Trouble
            If it cannot be started.
        """
        if self._child and self._child.lives():
            return
        self.stop()
        if self._retired:
            raise Trouble
        if not self._level.namespaces:
            self._home = tempfile.mkdtemp(prefix="narrowcast-box-")
            Path(self._home).chmod(0o711)
        self._child = self._nursery.child(self._uid)

    def run(self, parcel: Parcel, skip: Collection[int]) -> int:
        """Begin a submission; return the descriptor on which its messages come.

        Raises
        ------
        Trouble
            If it does not begin.
        """
        self.start()
        results, inside = os.pipe()
        scratch = tempfile.mkdtemp(dir=self._home) if self._home else self._level.scratch
        descriptor = parcel.send(skip, scratch, self._others(), self._processor)
        try:
            self._told(b"run", (descriptor, inside))
        except Trouble:
            os.close(results)
            raise
        finally:
            os.close(descriptor)
            os.close(inside)
        message = self.hear()
        if message.get("kind") != "began":
            os.close(results)
            raise Trouble(str(message.get("told") or self.complaint()))
        return results

    def say(self, word: str) -> None:
        """Say "interrupt", "kill" or "memory BYTES" of what runs."""
        with suppress(Trouble):
            self._told(word.encode("ascii"))

    def hear(self) -> dict[str, Any]:
        """Wait for the warm process's next message; an empty one if it is gone."""
        if self.control is None:
            return {}
        try:
            text = self.control.recv(4_096)
        except OSError:
            return {}
        return dict(json.loads(text)) if text else {}

    def tidy(self) -> None:
        """Clear away what the last submission left on the disk."""
        for path in Path(self._home).iterdir() if self._home else ():
            if path.is_dir() and not path.name.startswith("."):
                _remove(path)

    def complaint(self) -> str:
        """Return the last that was complained of inside."""
        return self._nursery.complaint()

    def retire(self) -> None:
        """End it, from another thread, and never start it again."""
        self._retired = True
        child = self._child
        if child:
            child.let_go()

    def stop(self) -> None:
        """End it, and all in it."""
        if self._child:
            self._child.end()
            self._child = None
        if self._home:
            _remove(self._home)
            self._home = ""

    def _told(self, word: bytes, descriptors: tuple[int, ...] = ()) -> None:
        if self.control is None:
            raise Trouble(self.complaint())
        try:
            socket.send_fds(self.control, [word], descriptors)
        except OSError as error:
            raise Trouble(self.complaint()) from error

    def _others(self) -> int:
        """Return how many processes the kernel counts with a submission's."""
        release = tuple(int(part) for part in os.uname().release.split(".")[:2] if part.isdigit())
        if os.geteuid() == 0 or (self._level.namespaces and release >= _PER_NAMESPACE):
            return 0
        me, count = os.geteuid(), 0
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if folder.name.isdigit() and folder.stat().st_uid == me:
                    count += sum(1 for _task in (folder / "task").iterdir())
        return count


def _remove(folder: Path | str) -> None:
    """Remove a folder with all in it, however deep that is."""
    try:
        shutil.rmtree(folder, onerror=_insist)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", str(folder)], check=False)  # noqa: S603, S607


def _insist(_function: object, path: str, _error: object) -> None:
    """Remove what a student made unremovable, as far as that goes."""
    with suppress(OSError):
        Path(path).parent.chmod(0o700)
        if not os.path.islink(path):  # noqa: PTH114 - else what it points to would be changed
            Path(path).chmod(0o700)
        if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114
            shutil.rmtree(path, ignore_errors=True)
        else:
            Path(path).unlink()
