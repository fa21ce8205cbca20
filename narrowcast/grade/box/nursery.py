"""Outside: the process that grows warm once, and from which every worker is forked."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Self

from narrowcast.grade.box.job import Warmth
from narrowcast.grade.box.levels import Level, environment, last_line

__all__ = ["Child", "Nursery", "Trouble"]

START_SECONDS = 180
_PATIENCE = 5.0
"""Seconds in which a process that was told to end does so."""


class Trouble(Exception):  # noqa: N818 - reads as what happened
    """Something of ours went wrong, nothing of the student's."""


class Child:
    """A warm process, forked for one worker.

    Parameters
    ----------
    control
        The socket to it.
    handle
        A descriptor that stands for it: its number in there means nothing out here.
    """

    def __init__(self, control: socket.socket, handle: int) -> None:
        self.control, self._handle = control, handle

    def lives(self) -> bool:
        """Return whether it has not ended."""
        return not self._ended(0)

    def let_go(self) -> None:
        """Close the socket, from any thread: it ends what it runs, and then itself."""
        with suppress(OSError):
            self.control.shutdown(socket.SHUT_RDWR)

    def end(self) -> bool:
        """End it, and wait; return whether it did so of its own will."""
        self.let_go()
        willing = self._ended(_PATIENCE)
        if not willing:
            with suppress(OSError):
                signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        self.control.close()
        os.close(self._handle)
        return willing

    def _ended(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._handle, select.POLLIN)
        return bool(poll.poll(seconds * 1_000))


class Nursery:
    """A warm process that is forked for each worker, so that what is costly is done once. A context manager.

    It can be begun before anything is known of the class, to grow warm while this process does other things.

    Parameters
    ----------
    level
        How it, and all that comes from it, is shut in.
    """

    def __init__(self, level: Level) -> None:
        self.level = level
        self._warmth: Warmth | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - as long as this
        self._control: socket.socket | None = None
        self._home = ""
        self._lock = threading.RLock()
        self._closed = False

    def begin(self) -> None:
        """Start, if it does not run.

        Raises
        ------
        Trouble
            If it cannot be started.
        """
        with self._lock:
            if self._closed:
                raise Trouble
            if self._process and self._process.poll() is None:
                return
            self._end()
            self._start()
            if self._warmth is not None:
                self._tell_warmth(self._warmth)

    def _start(self) -> None:
        if not self.level.namespaces:
            self._home = tempfile.mkdtemp(prefix="narrowcast-box-")
        outer, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inner:
            try:
                self._process = subprocess.Popen(  # noqa: S603 - our own command
                    self.level.command(inner.fileno()),
                    cwd="/", pass_fds=(inner.fileno(),), env=environment(self._home or self.level.scratch),
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self._complaints,
                    start_new_session=True,  # a terminal is the instructor's
                )  # fmt: skip
            except OSError as error:
                outer.close()
                raise Trouble(str(error)) from error
        self._control = outer

    def warm(self, warmth: Warmth) -> None:
        """Say what shall be ready in the workers that are forked from now on."""
        with self._lock:
            self._warmth = warmth
            if self._process:
                with suppress(Trouble):  # told when a worker is asked for
                    self._tell_warmth(warmth)

    def _tell_warmth(self, warmth: Warmth) -> None:
        self._told(b"warm " + json.dumps(asdict(warmth)).encode())

    def child(self, uid: int) -> Child:
        """Fork a worker's process, which runs submissions as user `uid` (0: as who runs this); wait until it is warm.

        Raises
        ------
        Trouble
            If there comes none.
        """
        try:
            return self._forked(uid)
        except Trouble:
            if not self._ended():
                raise
        return self._forked(uid)  # the warm process was gone: a new one is started

    def _forked(self, uid: int) -> Child:
        outer, inner = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with inner:
                self.begin()
                self._told(b"child %d" % uid, inner)
            outer.settimeout(START_SECONDS)
            word, handles, _flags, _address = socket.recv_fds(outer, 64, 1)
            outer.settimeout(None)
            if word != b"ready" or not handles:
                raise Trouble(self.complaint())
        except (OSError, Trouble) as error:
            outer.close()
            raise Trouble(self.complaint()) from error
        return Child(outer, handles[0])

    def _ended(self) -> bool:
        """Return whether the warm process is gone, or about to be."""
        with self._lock:
            process = self._process
        try:
            return not self._closed and (process is None or process.wait(1.0) is not None)
        except subprocess.TimeoutExpired:
            return False

    def _told(self, word: bytes, inner: socket.socket | None = None) -> None:
        with self._lock:
            if self._control is None:
                raise Trouble(self.complaint())
            try:
                socket.send_fds(self._control, [word], [inner.fileno()] if inner else [])
            except OSError as error:
                raise Trouble(self.complaint()) from error

    def complaint(self) -> str:
        """Return the last that was complained of inside."""
        self._complaints.seek(max(0, self._complaints.seek(0, os.SEEK_END) - 10_000))
        return last_line(self._complaints.read()) or "the warm process ended"

    def close(self) -> None:
        """End it, and all that came from it; it does not start again."""
        with self._lock:
            self._closed = True
            self._end()

    def _end(self) -> None:
        if self._control:
            with suppress(OSError):  # then it ends all that came from it, and itself; judges may have a copy
                self._control.shutdown(socket.SHUT_RDWR)
            self._control.close()
            self._control = None
        if self._process:
            if not self.level.namespaces:  # else all in there ends with it
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(_PATIENCE)
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._home:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
