"""Inside: how much memory a submission's processes take together, and the end of those that are left over."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

__all__ = ["Watch", "children", "end_descendants"]

_PAGE = resource.getpagesize()
_PROC = Path("/proc")


class Watch:
    """Looks at the memory of all that descends from a process.

    Parameters
    ----------
    root
        The warm process; its own memory, which all others share, does not count.

    Attributes
    ----------
    most
        Most bytes seen so far.
    """

    def __init__(self, root: int) -> None:
        self._root, self.most = root, 0
        self._base = _private(root)

    def over(self, limit: int) -> bool:
        """Look; return whether there is more than `limit` bytes."""
        processes = list(_descendants(self._root))
        rough = max(0, sum(map(_private, processes)) - self._base)
        if rough > limit:  # forked ones may share: a closer look, which takes longer
            rough = sum(_share(number) for number in processes)
        self.most = max(self.most, rough)
        return rough > limit


def _private(number: int) -> int:
    """Return the bytes of a process that are no file's: its own, or memory shared with others."""
    try:
        lines = (_PROC / str(number) / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    named = dict(
        line.split(":", 1) for line in lines.splitlines() if line.startswith(("RssAnon", "RssShmem"))
    )
    return sum(int(value.split()[0]) * 1_024 for value in named.values())


def _share(number: int) -> int:
    """Return the bytes of a process, what it shares divided among those it shares it with."""
    try:
        lines = (_PROC / str(number) / "smaps_rollup").read_text(encoding="ascii", errors="replace")
    except OSError:
        return _private(number)
    return sum(
        int(line.split()[1]) * 1_024
        for line in lines.splitlines()
        if line.startswith(("Pss_Anon", "Pss_Shmem"))
    )


def _parents() -> dict[int, int]:
    parents = {}
    for folder in _PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                text = (folder / "stat").read_text(encoding="utf-8", errors="replace")
                parents[int(folder.name)] = int(text.rpartition(")")[2].split()[1])
    return parents


def children(root: int) -> list[int]:
    """Return the numbers of the processes whose parent a process is."""
    return [number for number, parent in _parents().items() if parent == root]


def _descendants(root: int) -> Iterator[int]:
    parents = _parents()
    known, fresh = set[int](), {root}
    while fresh:
        fresh = {number for number, parent in parents.items() if parent in fresh and number not in known}
        known |= fresh
        yield from fresh


def end_descendants(root: int, patience: float = 2.0) -> None:
    """Kill all that descends from a process, until nothing is left or `patience` (seconds) ends."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        left = list(_descendants(root))
        if not left:
            return
        for number in left:
            with suppress(OSError):
                os.kill(number, signal.SIGKILL)
        time.sleep(0.005)
