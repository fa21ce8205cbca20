"""What a notebook's code prints, and everything else it shows, on its way out of the box."""

from __future__ import annotations

import base64
import io
import os
import time
from contextlib import suppress
from typing import Any

from narrowcast.grade.box.frames import pack

__all__ = ["Descriptors", "Printer", "Reporter"]

_PIECE = 65_536
_EARLY = 20
"""Writes of a cell that are sent one by one."""

_OFTEN = 0.05
"""Seconds between two messages of what is printed: what a cell said before it was ended is known."""


class Reporter:
    """Sends messages out of the box.

    Parameters
    ----------
    descriptor
        Where to.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor, self._owner = descriptor, os.getpid()

    def send(self, message: dict[str, Any]) -> None:
        """Send a message; what is not JSON is not sent."""
        if os.getpid() != self._owner:
            return  # a process that the notebook forked would tear our messages apart
        try:
            rest = memoryview(pack(message))
        except (TypeError, ValueError, RecursionError):
            return
        with suppress(OSError):
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]

    def output(self, output: dict[str, Any], **more: object) -> None:
        """Send an output."""
        self.send({"kind": "output", "output": output, **more})

    def bundle(self, kind: str, data: dict[str, Any], metadata: object, **more: Any) -> None:  # noqa: ANN401
        """Send what is displayed, or a result; pictures travel as text."""
        encoded = {name: _encoded(value) for name, value in data.items()}
        display = more.pop("display", None)
        update = more.pop("update", False)
        output = {"output_type": kind, "data": encoded, "metadata": metadata or {}, **more}
        self.send({"kind": "update" if update else "output", "output": output, "display": display})


def _encoded(value: Any) -> Any:  # noqa: ANN401 - whatever is displayed
    return base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value


class Printer(io.TextIOBase):
    """What sys.stdout and sys.stderr are in a box.

    Parameters
    ----------
    name
        "stdout" or "stderr".
    reporter
        Sends it.
    room
        Characters that are sent of a cell; that there were more is said with them.
    descriptor
        What `fileno` returns, for programs that are started.
    """

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, reporter: Reporter, room: int, descriptor: int) -> None:
        super().__init__()
        self.name, self._reporter, self._most, self._descriptor = name, reporter, room, descriptor
        self._left, self._early = room, _EARLY
        self._pieces, self._size, self._last = list[str](), 0, 0.0

    def renew(self) -> None:
        """Begin a cell: the first that it prints is sent at once."""
        self._left, self._early = self._most, _EARLY

    def write(self, text: str) -> int:
        """Print."""
        if not isinstance(text, str):
            message = f"write() argument must be str, not {type(text).__name__}"
            raise TypeError(message)
        kept = text[: max(0, self._left + 1)]  # one more than there is room for tells that something was cut
        self._left -= len(kept)
        if kept:
            self._pieces.append(kept)
            self._size += len(kept)
            self._early -= 1
            if self._early >= 0 or self._size >= _PIECE or time.monotonic() - self._last > _OFTEN:
                self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was printed."""
        text, self._pieces, self._size = "".join(self._pieces), [], 0
        self._last = time.monotonic()
        for begin in range(0, len(text), _PIECE):
            self._reporter.output(
                {"output_type": "stream", "name": self.name, "text": text[begin : begin + _PIECE]}
            )

    def writable(self) -> bool:
        """Return True."""
        return True

    def isatty(self) -> bool:
        """Return False."""
        return False

    def fileno(self) -> int:
        """Return the descriptor that programs write to; it is read after the cell."""
        return self._descriptor


class Descriptors:
    """Descriptors 1 and 2: what programs and libraries print past Python.

    Parameters
    ----------
    folder
        Where what is written there is kept until the cell ends.
    most
        Bytes of a cell that are read.
    """

    def __init__(self, folder: str, most: int) -> None:
        self._most, self._files = most, dict[int, int]()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        for number in (1, 2):
            path = os.path.join(folder, f".printed-{number}")  # noqa: PTH118
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
            os.unlink(path)  # noqa: PTH108
            os.dup2(opened, number)
            self._files[number] = opened

    def collect(self, printers: tuple[Printer, Printer]) -> None:
        """Print what was written since the last time, at the cell's end."""
        for (_number, file), printer in zip(self._files.items(), printers, strict=True):
            with suppress(OSError):
                size = os.fstat(file).st_size
                if size:
                    text = os.pread(file, min(size, self._most + 1), 0)
                    os.ftruncate(file, 0)
                    printer.write(text.decode("utf-8", "replace"))
