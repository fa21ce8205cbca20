"""Outside: one worker, which is a warm process in a box and the socket to it."""

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

from narrowcast.grade.box.job import Warmth
from narrowcast.grade.box.levels import Level, environment, last_line
from narrowcast.grade.box.parcel import Parcel

__all__ = ["Trouble", "Worker"]

START_SECONDS = 180
_PER_NAMESPACE = (5, 14)
"""The version of Linux from which processes are counted for each namespace."""


class Trouble(Exception):  # noqa: N818 - reads as what happened
    """Something of ours went wrong, nothing of the student's."""


class Worker:
    """A warm process that runs submissions, one at a time.

    Parameters
    ----------
    level
        How it is shut in.
    number
        Its number among the workers.
    warmth
        What it has ready.
    """

    def __init__(self, level: Level, number: int, warmth: Warmth) -> None:
        self._level, self._number, self._warmth = level, number, warmth
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the worker
        self._home = ""
        self.control: socket.socket | None = None
        self._retired = False
        self._warm = False

    @property
    def shut(self) -> bool:
        """Whether nothing in there can send a signal to the first process of a submission."""
        return self._level.namespaces

    def start(self) -> None:
        """Start, if it does not run, and wait until it is warm.

        Raises
        ------
        Trouble
            If it cannot be started.
        """
        self.begin()
        if self._warm or self.control is None:
            return
        self.control.settimeout(START_SECONDS)
        if self.hear().get("kind") != "ready":
            raise Trouble(self.complaint())
        self.control.settimeout(None)
        self._warm = True

    def begin(self) -> None:
        """Start, if it does not run; it grows warm while others work.

        Raises
        ------
        Trouble
            If it cannot be started.
        """
        if self._process and self._process.poll() is None:
            return
        self.stop()
        self._warm = False
        if self._retired:
            raise Trouble
        if not self._level.namespaces:
            self._home = tempfile.mkdtemp(prefix="narrowcast-box-")
            Path(self._home).chmod(0o711)
        outer, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inner:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own command
                    self._level.command(inner.fileno(), self._number, self._warmth),
                    cwd="/", pass_fds=(inner.fileno(),), env=environment(self._home or self._level.scratch),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._complaints,
                )  # fmt: skip
            except OSError as error:
                outer.close()
                raise Trouble(str(error)) from error
        self.control = outer

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
        descriptor = parcel.send(skip, scratch, self._others())
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
                shutil.rmtree(path, onerror=_insist)

    def complaint(self) -> str:
        """Return the last that was complained of inside."""
        self._complaints.seek(0)
        return last_line(self._complaints.read()[-10_000:]) or "the warm process ended"

    def retire(self) -> None:
        """End it, from another thread, and never start it again."""
        self._retired = True
        process = self._process
        if process:
            process.kill()

    def stop(self) -> None:
        """End it, and all in it."""
        if self.control:
            self.control.close()
            self.control = None
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._home:
            shutil.rmtree(self._home, onerror=_insist)
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


def _insist(_function: object, path: str, _error: object) -> None:
    """Remove what a student made unremovable, as far as that goes."""
    with suppress(OSError):
        Path(path).parent.chmod(0o700)
        Path(path).chmod(0o700)
        if os.path.isdir(path) and not os.path.islink(path):  # noqa: PTH112, PTH114
            shutil.rmtree(path, ignore_errors=True)
        else:
            Path(path).unlink()
