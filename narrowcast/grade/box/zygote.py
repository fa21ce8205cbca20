"""Inside: the warm process, the workers forked from it, and the submissions forked from those.

Neither of the first two reads what students wrote.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from narrowcast.grade.box import confine, linux, memory
from narrowcast.grade.box.job import Warmth
from narrowcast.grade.box.parcel import opened
from narrowcast.grade.box.warming import warm_up

if TYPE_CHECKING:
    from narrowcast.grade.box.shell import BoxShell

__all__ = ["main"]

_LOOK = 0.1
"""Seconds between two looks at how much memory a submission takes."""

_LONGEST = 65_536
"""Bytes of what is said at once."""


class Nursery:
    """The warm process.

    Parameters
    ----------
    control
        The socket to the nursery outside.
    namespaces
        Whether each submission gets its own.
    """

    def __init__(self, control: socket.socket, *, namespaces: bool) -> None:
        from narrowcast.grade.box.shell import made_shell  # noqa: PLC0415 - after the jail is closed

        self._control, self._namespaces = control, namespaces
        self._shell = made_shell()
        self._children: set[int] = set()

    def serve(self) -> None:
        """Grow warm, and fork workers, until the nursery outside goes away."""
        while True:
            word, descriptors, _flags, _address = socket.recv_fds(self._control, _LONGEST, 1)
            what, _space, rest = word.partition(b" ")
            if what == b"warm":
                warm_up(Warmth(**json.loads(rest)))
            elif what == b"child" and descriptors:
                self._fork(int(rest), socket.socket(fileno=descriptors.pop()))
            elif not word:
                memory.end_descendants(os.getpid())
                return

    def _fork(self, uid: int, control: socket.socket) -> None:
        """Fork a worker."""
        self._tidy()
        gc.collect()
        gc.freeze()  # a collection in a child would copy every page that was touched before
        child = os.fork()
        if child:
            self._children.add(child)
            control.close()
            return
        try:
            linux.die_with_parent()
            linux.adopt_orphans()
            self._control.close()
            Zygote(control, self._shell, uid, namespaces=self._namespaces).serve()
        except BaseException:  # noqa: BLE001 - told to the worker outside
            traceback.print_exc()
        finally:
            os._exit(0)

    def _tidy(self) -> None:
        """End what a worker that was killed left running: it is this process's child by now."""
        with suppress(ChildProcessError):
            while number := os.waitpid(-1, os.WNOHANG)[0]:
                self._children.discard(number)
        for number in memory.children(os.getpid()):
            if number not in self._children:
                with suppress(OSError):
                    os.kill(number, signal.SIGKILL)


class Zygote:
    """The process of a worker: it is forked for each submission.

    Parameters
    ----------
    control
        The socket to the worker outside.
    shell
        The shell that submissions find.
    uid
        Whom a submission runs as; 0 for nobody else than this process.
    namespaces
        Whether each submission gets its own.
    """

    def __init__(self, control: socket.socket, shell: BoxShell, uid: int, *, namespaces: bool) -> None:
        self._control, self._shell, self._uid, self._namespaces = control, shell, uid, namespaces

    def serve(self) -> None:
        """Run submissions until the worker outside goes away."""
        handle = os.pidfd_open(os.getpid())
        socket.send_fds(self._control, [b"ready"], [handle])
        os.close(handle)
        while True:
            word, descriptors, _flags, _address = socket.recv_fds(self._control, 64, 4)
            if not word:
                return
            if word == b"run" and len(descriptors) == 2:
                self._run(*descriptors)
            else:
                for descriptor in descriptors:
                    os.close(descriptor)

    def _say(self, message: dict[str, Any]) -> None:
        self._control.send(json.dumps(message).encode())

    def _run(self, parcel: int, results: int) -> None:
        try:
            child, trouble = self._forked(parcel, results)
        except OSError as error:
            child, trouble = 0, str(error)
        finally:
            os.close(parcel)
            os.close(results)
        if trouble or not child:
            self._end(child)
            self._say({"kind": "trouble", "told": trouble or "no process"})
            return
        self._say({"kind": "began"})
        self._watch(child)

    def _forked(self, parcel: int, results: int) -> tuple[int, str]:
        """Fork the process that runs a submission; return its number, and what went wrong."""
        news, tell = os.pipe()
        between = os.fork()
        if not between:
            os.close(news)
            self._between(parcel, results, tell)
        os.close(tell)
        with os.fdopen(news, "rb") as file:
            told = file.read().decode("utf-8", "replace")
        os.waitpid(between, 0)
        number, _line, trouble = told.partition("\n")
        return (int(number) if number.isdigit() else 0), trouble if number.isdigit() else told

    def _between(self, parcel: int, results: int, tell: int) -> NoReturn:
        """Make the namespaces and, in them, the first process, which becomes the warm process's child."""
        try:
            if self._namespaces:
                confine.leave_namespaces()
            ready, go = os.pipe()
            child = os.fork()
            if child:
                os.write(tell, b"%d\n" % child)
                os.write(go, b"g")
                os._exit(0)
            os.close(go)
            os.read(ready, 1)
            os.close(ready)
        except BaseException as error:  # noqa: BLE001 - told to the worker outside
            os.write(tell, f"\n{error}".encode())
            os._exit(1)
        self._inside(parcel, results, tell)

    def _inside(self, parcel: int, results: int, tell: int) -> NoReturn:
        """Run the submission."""
        from narrowcast.grade.box import running  # noqa: PLC0415
        from narrowcast.grade.box.streams import Descriptors, Reporter  # noqa: PLC0415
        from narrowcast.worlds.drawn import receive  # noqa: PLC0415

        try:
            self._control.close()
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.setsid()  # else a signal to its group is one to the warm process, and its terminal is the instructor's
            content = opened(parcel)
            head = content.head
            folder = confine.unpack(content, self._uid, namespaces=self._namespaces)
            _surroundings(head, folder)
            descriptors = Descriptors(str(Path(folder).parent), head["output"])
            reporter = Reporter(results)
            receive(*content.drawn)  # ours: nothing of the student's has run yet
            confine.confine(head, self._uid)
            running.hand_out_answers(reporter, head["inputs"])
            running.begin_anew()
        except BaseException as error:  # noqa: BLE001 - told to the worker outside
            os.write(tell, f"{type(error).__name__}: {error}".encode())
            os._exit(1)
        os.close(tell)
        running.run_cells(self._shell, head["cells"], head["skip"], reporter, descriptors, head["output"])
        os._exit(0)

    def _watch(self, child: int) -> None:
        """Wait for the submission's end; on the way do what the worker outside says."""
        handle = os.pidfd_open(child)
        watched, limit, hungry = memory.Watch(os.getpid()), 0, False
        poll = select.poll()
        poll.register(handle, select.POLLIN)
        poll.register(self._control, select.POLLIN)
        try:
            while True:
                ready = dict(poll.poll(_LOOK * 1_000))
                if handle in ready:
                    break
                if self._control.fileno() in ready:
                    limit = self._obey(child, limit)
                if limit and not hungry and watched.over(limit):
                    hungry = True
                    os.kill(child, signal.SIGKILL)
        finally:
            os.close(handle)
        status = self._end(child)
        self._say({"kind": "ended", "status": status, "memory": hungry, "most": watched.most})

    def _obey(self, child: int, limit: int) -> int:
        word = self._control.recv(64)
        if not word:  # the worker outside is gone
            self._end(child)
            os._exit(0)
        if word == b"interrupt":
            os.kill(child, signal.SIGINT)
        elif word == b"kill":
            os.kill(child, signal.SIGKILL)
        elif word.startswith(b"memory "):
            return int(word[7:])
        return limit

    def _end(self, child: int) -> int:
        """End what is left of a submission; return how it ended."""
        status = 0
        if child:
            with suppress(OSError):
                os.kill(child, signal.SIGKILL)
            with suppress(ChildProcessError):
                status = os.waitpid(child, 0)[1]
        memory.end_descendants(os.getpid())
        return status


def _surroundings(head: dict[str, Any], folder: str) -> None:
    os.environ.update(
        HOME=folder, TMPDIR=str(Path(folder).parent), MPLCONFIGDIR=str(Path(folder).parent / ".matplotlib"),
        NARROWCAST_STUDENT=head["student"], NARROWCAST_LANGUAGE=head["language"], USER="student", LOGNAME="student",
        NBGRADER_EXECUTION="autograde",  # nbgrader promises it to notebooks
    )  # fmt: skip


def main() -> None:
    """Start: `python -m narrowcast.grade.box.zygote SETTINGS`, where SETTINGS is JSON."""
    settings = json.loads(sys.argv[1])
    if settings["die"]:
        linux.die_with_parent()
    linux.set_dumpable(on=False)
    if settings["jail"]:
        from narrowcast.grade.box.jail import enter  # noqa: PLC0415 - only at that level

        enter(settings["jail"])
    control = socket.socket(fileno=settings["descriptor"])
    linux.adopt_orphans()
    warm_up(Warmth(modules=(), markets=(), figures=False))  # the rest is told when it is known
    Nursery(control, namespaces=settings["namespaces"]).serve()


if __name__ == "__main__":
    main()
