"""Outside: several workers, and the submissions that are run in them."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from narrowcast.grade.box.job import Job, Limits, Result, Warmth
from narrowcast.grade.box.levels import chosen
from narrowcast.grade.box.nursery import Nursery, Trouble
from narrowcast.grade.box.rounds import run_job
from narrowcast.grade.box.worker import Worker

__all__ = ["Boxes"]

_Done = queue.SimpleQueue[Result | BaseException]
_USUAL = Limits()
_EVERYTHING = Warmth()
_PATIENCE = 10.0
"""Seconds to wait for a worker to end."""


class Boxes:
    """Runs submissions, each shut in by itself. A context manager.

    Parameters
    ----------
    workers
        Submissions at a time; 0 is one for each processor.
    limits
        How much a submission may use.
    level
        "bubblewrap", "namespaces" or "limits"; "" is the strongest that works here.
    require_sandbox
        Refuse to run with limits alone.
    warmth
        What is ready before the first submission comes.
    nursery
        Where workers come from, if it was begun before; it has a level already, and is closed with these boxes.

    Attributes
    ----------
    level
        The level in force.
    warning
        What it does not protect, for a person; "" where there is nothing to say.

    Raises
    ------
    CourseError
        If no level that is allowed works here.
    """

    def __init__(
        self, workers: int = 0, limits: Limits = _USUAL, level: str = "", *,
        require_sandbox: bool = False, warmth: Warmth = _EVERYTHING, nursery: Nursery | None = None,
    ) -> None:  # fmt: skip
        self._nursery = nursery or Nursery(chosen(level, require_sandbox=require_sandbox))
        self.level, self.warning = self._nursery.level.name, self._nursery.level.warning
        self._limits = limits
        count = workers or len(os.sched_getaffinity(0))
        self._workers = [Worker(self._nursery, number) for number in range(count)]
        self._nursery.warm(warmth)
        with suppress(Trouble):  # told when it is to run something
            self._nursery.begin()
        self._threads: list[threading.Thread] = []
        self._waiting: queue.SimpleQueue[tuple[Job, _Done] | None] = queue.SimpleQueue()
        self._closed = False

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        """Run jobs; yield each result when it is there. Who stops asking before the last closes the boxes.

        Parameters
        ----------
        jobs
            Asked for one by one, at most twice as many ahead as there are workers.

        Raises
        ------
        RuntimeError
            If the boxes are closed.
        """
        self._begin()
        done: _Done = queue.SimpleQueue()
        source, ahead = iter(jobs), 0
        try:
            while True:
                while ahead < 2 * len(self._workers) and (job := next(source, None)) is not None:
                    self._waiting.put((job, done))
                    ahead += 1
                if not ahead:
                    return
                result = done.get()
                ahead -= 1
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            if ahead:
                self.close()

    def _begin(self) -> None:
        """Start a thread a worker, which stays: a warm process that had to be started anew ends with its thread."""
        if self._closed:
            message = "these boxes are closed"
            raise RuntimeError(message)
        for worker in self._workers[len(self._threads) :]:
            thread = threading.Thread(target=self._work, args=(worker,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self, worker: Worker) -> None:
        while (given := self._waiting.get()) is not None:
            job, done = given
            try:
                done.put(run_job(worker, job, self._limits))
            except BaseException as error:  # noqa: BLE001 - raised where the results are read
                done.put(error)
            if self._closed:
                break
        worker.stop()

    def close(self) -> None:
        """End all workers; what still runs is given up."""
        self._closed = True
        for worker in self._workers:
            worker.retire()
        for _thread in self._threads:  # any of them may take any of these
            self._waiting.put(None)
        for thread in self._threads:
            thread.join(_PATIENCE)
        self._nursery.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
