"""A bar with the time left, for work that takes longer than a moment."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

__all__ = ["Bar", "Quiet", "SlowBar"]

PATIENCE = 2.0
"""Seconds after which a bar is shown."""


class Bar(Protocol):
    """What is told how far the work is."""

    def begin(self, what: str, total: float) -> None:
        """Begin a part of the work."""

    def advance(self, by: float) -> None:
        """Say that some of the part is done."""


class Quiet:
    """A bar that nobody sees."""

    def begin(self, what: str, total: float) -> None:
        """Do nothing."""

    def advance(self, by: float) -> None:
        """Do nothing."""


class SlowBar:
    """A bar on a terminal's standard error that shows itself only if the work takes over two seconds.

    Examples
    --------
    >>> with SlowBar() as bar:
    ...     bar.begin("Counting", total=3)
    ...     for _number in range(3):
    ...         bar.advance(1)
    """

    def __init__(self, console: Console | None = None, patience: float = PATIENCE) -> None:
        console = console or Console(stderr=True)
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._timer = threading.Timer(patience, self._progress.start)
        self._timer.daemon = True

    def __enter__(self) -> SlowBar:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        self._progress.stop()

    def begin(self, what: str, total: float) -> None:
        """Begin a part of the work; the one before it is done."""
        for task in self._progress.task_ids:
            self._progress.remove_task(task)
        self._progress.add_task(what, total=total)

    def advance(self, by: float) -> None:
        """Say that some of the part is done."""
        for task in self._progress.task_ids:
            self._progress.advance(task, by)
