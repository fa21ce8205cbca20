"""Open the three doors, look after them, and close them together."""

from __future__ import annotations

import getpass
import os
import signal
import sys
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from filelock import FileLock, Timeout
from rich.console import Console

from narrowcast.language import gettext as _
from narrowcast.serve.doors import Doors, show
from narrowcast.serve.opening import LOOK_EVERY, Bell, Run, Wishes, check_alive, open_doors
from narrowcast.serve.place import Place
from narrowcast.serve.ports import check_host, is_loopback
from narrowcast.serve.record import Record, claim
from narrowcast.serve.servers import end

__all__ = ["Wishes", "start"]

PATIENCE = 120
"""Seconds to wait for another start; then it is taken to be stuck, and this one opens."""


def start(place: Place, wishes: Wishes, console: Console) -> None:
    """Open JupyterLab and the gallery, show their doors, and return when they are closed.

    A second start of the same course shows the doors that are open and returns at once.

    Parameters
    ----------
    place
        The course.
    wishes
        Ports, host, browser.
    console
        Where to speak.

    Raises
    ------
    ServeError
        If a door cannot be opened, or closes by itself.
    """
    check_host(wishes.host, expose=wishes.expose)
    record, mine = claim(place)
    if not mine:
        _show_running(record, wishes, console)
        return
    with _asked_to_end() as asked:
        run = Run(place, wishes, console, record, asked)
        try:
            with _one_at_a_time(asked):
                doors = open_doors(run)
            if doors is not None:
                _show_open(run, doors)
                _look_after(run)
            console.print(_("Closing …"))
        finally:
            end(run.servers)
            record.remove()
    console.print(_("Everything is closed."))


@contextmanager
def _one_at_a_time(asked: Bell) -> Iterator[None]:
    """Let another start of this person open first: two at once would both find the same port free."""
    lock = FileLock(Path(tempfile.gettempdir()) / f"narrowcast-{getpass.getuser()}.lock")
    for _turn in range(PATIENCE):
        try:
            lock.acquire(timeout=0 if asked.rung else 1)
        except Timeout:
            if asked.rung:
                break
        else:
            break
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _asked_to_end() -> Iterator[Bell]:
    """Turn Ctrl-C, a request to end and a closed terminal into one bell, so that all ends in order."""
    asked = Bell()

    def hear(_number: int, _frame: FrameType | None) -> None:
        asked.rung = True

    names = ("SIGINT", "SIGTERM", "SIGHUP")
    before = {
        getattr(signal, name): signal.signal(getattr(signal, name), hear)
        for name in names
        if hasattr(signal, name)
    }
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _look_after(run: Run) -> None:
    while not run.asked.wait(LOOK_EVERY):
        check_alive(run.servers)


def _show_open(run: Run, doors: Doors) -> None:
    console, wishes = run.console, run.wishes
    console.print()
    console.print(_("Narrowcast is open."), style="bold")
    console.print()
    show(doors, console)
    console.print()
    if not is_loopback(wishes.host):
        console.print(
            _(
                "Other machines reach it too, under this machine's address. "
                "Who knows the token can run any code here: share it with nobody."
            )
        )
    console.print(
        _("Ctrl-C here closes everything. What the servers say is in {folder}.").format(
            folder=run.place.state
        ),
        soft_wrap=True,
    )
    if wishes.browser:
        _open_browser(doors.student)


def _show_running(record: Record, wishes: Wishes, console: Console) -> None:
    if record.doors is None:
        console.print(_("Narrowcast is being opened by process {pid}.").format(pid=record.leader[0]))
        return
    console.print(_("Narrowcast is open already."), style="bold")
    console.print()
    show(record.doors, console)
    console.print()
    console.print(
        _("Ctrl-C where it was started closes everything (process {pid}).").format(pid=record.leader[0])
    )
    if wishes.browser:
        _open_browser(record.doors.student)


def _open_browser(url: str) -> None:
    # Without a screen, Python would open a text browser over our own lines.
    screen = (
        sys.platform in {"darwin", "win32"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
    if screen:
        webbrowser.open(url)
