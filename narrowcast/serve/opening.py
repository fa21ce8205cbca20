"""Start both servers, and wait until both answer."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from narrowcast.errors import ServeError
from narrowcast.language import gettext as _
from narrowcast.serve import environ, handout
from narrowcast.serve.doors import Doors, doors_of, gallery_paths
from narrowcast.serve.place import Place
from narrowcast.serve.ports import choose_port
from narrowcast.serve.record import Record
from narrowcast.serve.servers import Server

__all__ = ["LOOK_EVERY", "Bell", "Run", "Wishes", "check_alive", "open_doors"]

LAB_PORT, GALLERY_PORT = 8888, 8866
OPENING_LIMIT = 120.0  # seconds; a slow laptop with a cold disk takes about twenty
LOOK_EVERY = 0.25  # seconds


@dataclass(frozen=True)
class Wishes:
    """What was asked for.

    Parameters
    ----------
    browser
        Open the student's door in the browser.
    lab_port, gallery_port
        Ports from 1 to 65535; None finds free ones.
    host
        The address to listen on.
    expose
        Agree that other machines may reach it.
    """

    browser: bool = True
    lab_port: int | None = None
    gallery_port: int | None = None
    host: str = "127.0.0.1"
    expose: bool = False


@dataclass
class Bell:
    """Rung when we are asked to end.

    A plain flag: ringing it from a signal handler needs no lock, so it cannot wait for the very code that
    the signal has interrupted (threading.Event can).
    """

    rung: bool = False

    def wait(self, seconds: float) -> bool:
        """Wait, unless it was rung, and say whether it was."""
        if not self.rung:
            time.sleep(seconds)
        return self.rung


@dataclass
class Run:
    """One run of the servers.

    Parameters
    ----------
    place
        The course.
    wishes
        What was asked for.
    console
        Where to speak.
    record
        The note of what runs.
    asked
        Set when we are asked to end.
    servers
        What was started, in that order.
    """

    place: Place
    wishes: Wishes
    console: Console
    record: Record
    asked: Bell
    servers: list[Server] = field(default_factory=list)

    def launch(self, server: Server) -> None:
        """Start a server and note it."""
        server.start()
        self.servers.append(server)
        if server.process is not None:
            self.record.add(server.process.pid)


def open_doors(run: Run) -> Doors | None:
    """Start both servers and wait until both answer; None if we were asked to end meanwhile.

    Raises
    ------
    ServeError
        If a port is taken, or a server ends or stays silent.
    """
    place, wishes, token = run.place, run.wishes, secrets.token_hex(24)
    lab = choose_port(wishes.host, wishes.lab_port, LAB_PORT, option="--lab-port")
    gallery = choose_port(
        wishes.host, wishes.gallery_port, GALLERY_PORT, option="--gallery-port", avoid=frozenset({lab})
    )
    environ.write_lab_configuration(place, token)
    handout.prepare_folders(place)
    with _progress(run.console) as tell:
        # Both open while the assignments are handed out: they look for them when a page asks.
        run.launch(_gallery(place, wishes.host, gallery))
        run.launch(_lab(place, wishes.host, lab))
        _hand_out(run, tell)
        tell(_("Opening JupyterLab and the gallery …"))
        if not _wait_until_open(run.servers, run.asked):
            return None
    doors = doors_of(place, wishes.host, lab, gallery, token)
    run.record.doors = doors
    run.record.write()
    return doors


def _lab(place: Place, host: str, port: int) -> Server:
    return Server(
        title="JupyterLab",
        command=environ.lab_command(place, host, port),
        folder=place.root,
        environment=environ.lab_environment(place),
        log=place.state / "lab.log",
        host=host,
        port=port,
        ready="/api",
    )


def _gallery(place: Place, host: str, port: int) -> Server:
    return Server(
        title=_("The gallery"),
        command=environ.gallery_command(host, port),
        folder=place.widgets,
        environment=environ.gallery_environment(place),
        log=place.state / "gallery.log",
        host=host,
        port=port,
        ready=next(iter(gallery_paths(place).values())),
    )


class _Tell:
    """Says what is being done: with a spinner on a terminal, line by line elsewhere."""

    def __init__(self, console: Console, progress: Progress) -> None:
        self._console, self._progress = console, progress
        self._task = progress.add_task("", total=None)

    def __call__(self, what: str) -> None:
        self._progress.update(self._task, description=what)
        if not self._console.is_terminal:
            self._console.print(what)


@contextmanager
def _progress(console: Console) -> Iterator[_Tell]:
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        yield _Tell(console, progress)


def _hand_out(run: Run, tell: _Tell) -> None:
    """Hand assignments out. What goes wrong here is told and no more: the lessons are there without it."""
    place, console = run.place, run.console
    if not any((place.assignments / "source").glob("*/*.ipynb")):
        console.print(_("There is no assignment to hand out yet (make build writes them)."))
        return
    if not handout.missing(place):
        return
    tell(_("Handing out the assignments …"))
    log = place.state / "handout.log"
    with log.open("wb") as out:
        process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-m", "narrowcast.serve.handout", str(place.root)],
            env=environ.lab_environment(place),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        while process.poll() is None and not run.asked.wait(LOOK_EVERY):
            pass
        if process.poll() is None:
            process.terminate()
            process.wait()
        elif process.returncode:
            console.print(
                _("Not every assignment could be handed out; {file} says why.").format(file=log),
                soft_wrap=True,
            )


def _wait_until_open(servers: Sequence[Server], asked: Bell) -> bool:
    """Return True when all answer, False when we were asked to end."""
    waiting, deadline = list(servers), time.monotonic() + OPENING_LIMIT
    while waiting and not asked.rung:
        check_alive(servers)
        waiting = [server for server in waiting if not server.answers()]
        if waiting and time.monotonic() > deadline:
            raise ServeError(
                _("{title} did not answer within {seconds:.0f} seconds.").format(
                    title=waiting[0].title, seconds=OPENING_LIMIT
                ),
                cure=_("The end of {file}:\n{words}").format(
                    file=waiting[0].log, words=waiting[0].last_words()
                ),
            )
        if waiting:
            asked.wait(LOOK_EVERY)
    return not asked.rung


def check_alive(servers: Sequence[Server]) -> None:
    """Complain, with its last words, if a server has ended by itself (ServeError)."""
    for server in servers:
        if not server.alive:
            raise ServeError(
                _("{title} has ended by itself, so the other door is closed too.").format(title=server.title),
                cure=_("The end of {file}:\n{words}").format(file=server.log, words=server.last_words()),
            )
