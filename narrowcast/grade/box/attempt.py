"""Outside: one run of a notebook from its first cell on, watched by the clock."""

from __future__ import annotations

import os
import select
import signal
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrowcast.grade.box.frames import Flood, Frames
from narrowcast.grade.box.job import Limits
from narrowcast.grade.box.outputs import Outputs
from narrowcast.grade.box.parcel import Parcel
from narrowcast.grade.box.worker import Trouble, Worker

__all__ = ["Attempt", "Ran"]

GRACE = 2.0
"""Seconds that a cell has to end after it was interrupted."""

ENDS_WITHIN = 30.0
"""Seconds in which what was killed must be gone."""

MOST_ANSWERS = 64
SPARE = 1 << 20
_READ = 1 << 18
_SUBSTANTIAL = 256 << 20


@dataclass
class Ran:
    """What a cell did in this attempt."""

    outputs: Outputs
    answers: list[tuple[str, dict[str, Any]]]
    seconds: float = 0.0
    problem: str = ""
    ended: bool = False


class Attempt:
    """Runs what is left of a notebook once.

    Parameters
    ----------
    worker, parcel, limits
        Where, what, and how much.
    skip
        Positions of cells that are not run.
    until
        When the submission's time ends, by the monotonic clock.

    Attributes
    ----------
    cells
        By position, what ran.
    at
        Position of the cell that began last; None before the first.
    problem
        What ended the attempt early: "" (nothing did), "died", "timeout", "memory", "output" or "seconds"
        (the time for the submission).
    """

    def __init__(
        self, worker: Worker, parcel: Parcel, limits: Limits, skip: Collection[int], until: float
    ) -> None:
        self._worker, self._parcel, self._limits, self._until = worker, parcel, limits, until
        self._order = [n for n in range(len(parcel.head["cells"])) if n not in skip]
        self._skip = skip
        self._frames = Frames(max(limits.answer, limits.output) + SPARE)
        self.cells: dict[int, Ran] = {}
        self.at: int | None = None
        self.problem = ""
        self._done = False
        self._next = 0
        self._began = self._asked = 0.0
        self._bytes = 0
        self._killed, self._since = "", 0.0
        self._room = 2 * limits.answer  # parsed, an answer takes up to thirty times its bytes
        self._kills = _machine_kills()

    def run(self) -> None:
        """Run.

        Raises
        ------
        Trouble
            If something of ours goes wrong.
        """
        results = self._worker.run(self._parcel, self._skip)
        try:
            os.set_blocking(results, False)
            self._worker.say(f"memory {self._limits.memory}")
            end = self._watch(results)
            self._read(results)
        finally:
            os.close(results)
            self._worker.tidy()
        self._conclude(end)

    def _watch(self, results: int) -> dict[str, Any]:
        """Follow the run until the warm process says that it ended; return what it says."""
        control = self._worker.control
        if control is None:
            raise Trouble(self._worker.complaint())
        poll = select.poll()
        poll.register(control, select.POLLIN)
        poll.register(results, select.POLLIN)
        while True:
            ready = dict(poll.poll(max(1.0, self._patience() * 1_000)))
            if results in ready and not self._read(results):
                poll.unregister(results)
            if control.fileno() in ready:
                return self._worker.hear()
            self._enforce()

    def _patience(self) -> float:
        """Return the seconds until something is to be done."""
        now = time.monotonic()
        moments = [self._until]
        if self._running():
            moments.append(self._asked + GRACE if self._asked else self._began + self._limits.cell_seconds)
        return min(60.0, max(0.0, min(moments) - now)) if not self._killed else 1.0

    def _running(self) -> Ran | None:
        ran = self.cells.get(self.at) if self.at is not None else None
        return ran if ran and not ran.ended else None

    def _enforce(self) -> None:
        """Interrupt or end what takes too long."""
        now = time.monotonic()
        if self._killed:
            self._worker.say("kill")
            if now >= self._since + ENDS_WITHIN:
                raise Trouble(self._worker.complaint())
        elif now >= self._until:
            self._kill("seconds")
        elif self._running():
            if self._asked and now >= self._asked + GRACE:
                self._kill("timeout")
            elif not self._asked and now >= self._began + self._limits.cell_seconds:
                self._asked = now
                self._worker.say("interrupt")

    def _kill(self, problem: str) -> None:
        self._killed, self._since = problem, time.monotonic()
        self._worker.say("kill")

    def _read(self, results: int) -> bool:
        """Read what came; return whether more may come."""
        while True:
            try:
                piece = os.read(results, _READ)
            except BlockingIOError:
                return True
            if not piece:
                return False
            self._bytes += len(piece)
            if self._killed:
                continue  # read, so that nobody waits, and forgotten
            try:
                if self._bytes > 2 * self._limits.output + 8 * self._limits.answer + SPARE:
                    raise Flood
                for message, size in self._frames.feed(piece):
                    self._take(message, size)
            except Flood:
                self._kill("output")
            if len(piece) < _READ:
                return True

    def _take(self, message: dict[str, Any], size: int) -> None:
        kind, ran = message.get("kind"), self._running()
        if kind == "begin" and not ran and self._next < len(self._order):
            self._begin(message)
        elif kind == "done" and not ran and self._next == len(self._order):
            self._done = True
        elif ran:
            self._within(ran, kind, message, size)

    def _begin(self, message: dict[str, Any]) -> None:
        if message.get("cell") != self._order[self._next]:
            return
        self.at, self._next = self._order[self._next], self._next + 1
        self._began, self._asked, self._bytes = time.monotonic(), 0.0, 0
        self.cells[self.at] = Ran(Outputs(self._limits.output), [])

    def _within(self, ran: Ran, kind: object, message: dict[str, Any], size: int) -> None:
        if kind == "output":
            ran.outputs.add(message.get("output"), size, message.get("display"))
        elif kind == "update":
            for other in self.cells.values():
                other.outputs.update(message.get("display"), message.get("output"), size)
        elif kind == "clear":
            ran.outputs.clear(wait=message.get("wait") is True)
        elif kind == "answer":
            question, data = message.get("question"), message.get("data")
            fits = size <= min(self._limits.answer + 1_024, self._room) and len(ran.answers) < MOST_ANSWERS
            if isinstance(question, str) and isinstance(data, dict) and fits:
                self._room -= size
                ran.answers.append((question[:200], data))
        elif kind == "end" and message.get("cell") == self.at:
            self._finish(ran, message.get("failed"))

    def _finish(self, ran: Ran, failed: object) -> None:
        ran.ended, ran.seconds = True, time.monotonic() - self._began
        if self._asked:
            ran.problem = "timeout"
        elif failed == "MemoryError":
            ran.problem = "memory"
        elif failed or ran.outputs.failed():
            ran.problem = "error"
        elif ran.outputs.cut:
            ran.problem = "output"

    def _conclude(self, end: dict[str, Any]) -> None:
        """Say what ended the attempt, and whose fault that was."""
        if end.get("kind") != "ended":
            raise Trouble(self._worker.complaint())
        if self._done and not self._killed:
            return
        if end.get("memory"):
            self.problem = "memory"
        elif self._killed:
            self.problem = self._killed
        elif os.WIFSIGNALED(end["status"]) and os.WTERMSIG(end["status"]) == 9 and self._worker.shut:
            # We did not send it, and in there only the kernel can: for time of a processor, or because this machine
            # had no memory left, which it counts.
            if end["most"] < _SUBSTANTIAL and _machine_kills() != self._kills:
                raise Trouble(signal.strsignal(signal.SIGKILL))
            self.problem = "memory" if end["most"] >= _SUBSTANTIAL else "died"
        else:
            self.problem = "died"
        ran = self._running()
        if ran:
            ran.ended, ran.seconds = True, time.monotonic() - self._began
            ran.problem = "timeout" if self.problem == "seconds" else self.problem


def _machine_kills() -> int:
    """Return how many processes this machine has ended so far because it had no memory left."""
    with suppress(OSError, ValueError):
        for line in Path("/proc/vmstat").read_text(encoding="ascii").splitlines():
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0
