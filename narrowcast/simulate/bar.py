"""A bar with the time left, for whatever takes longer than two seconds."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

__all__ = ["Bar", "Wait"]

_PATIENCE = 2.0
"""Seconds that nobody minds."""


def _progress() -> Progress:
    """Return a bar for somebody to see: in a terminal or a notebook; nowhere else is a word written."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    seen = console.is_terminal or console.is_jupyter
    return Progress(*columns, console=console, transient=True, disable=not seen)


class Bar:
    """Steps of some work; shown once it is clear that the whole takes longer than two seconds.

    Parameters
    ----------
    what
        What is going on, in a word or two.
    steps
        How many steps there are.
    """

    def __init__(self, what: str, steps: int) -> None:
        self._what, self._steps, self._done = what, steps, 0
        self._begun = time.monotonic()
        self._shown: tuple[Progress, TaskID] | None = None

    def __enter__(self) -> Bar:
        self._begun = time.monotonic()
        return self

    def step(self) -> None:
        """One step is done."""
        self._done += 1
        if self._shown is not None:
            progress, task = self._shown
            progress.update(task, completed=self._done)
            return
        gone = time.monotonic() - self._begun
        if gone > _PATIENCE / 4 and gone * self._steps / self._done > _PATIENCE:
            progress = _progress()
            task = progress.add_task(self._what, total=self._steps, completed=self._done)
            progress.start()
            self._shown = progress, task

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown is not None:
            self._shown[0].stop()


class Wait:
    """One step of which only the usual length is known; shown once it has taken two seconds.

    Parameters
    ----------
    what
        What is going on, in a few words.
    about
        Seconds that it usually takes.
    """

    def __init__(self, what: str, about: float) -> None:
        self._what, self._about = what, about
        self._over = threading.Event()
        self._watcher = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> Wait:
        self._watcher.start()
        return self

    def _show(self) -> None:
        begun = time.monotonic()
        if self._over.wait(_PATIENCE):
            return
        with _progress() as progress:
            task = progress.add_task(self._what, total=self._about)
            while not self._over.wait(0.2):
                progress.update(task, completed=min(time.monotonic() - begun, 0.98 * self._about))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._watcher.join()
