"""One running server: start, answers, last words, end."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # comes without types

from narrowcast.serve.ports import reachable

__all__ = ["Server", "end", "end_processes"]

# Seconds; a server that takes longer to end is ended by force.
PATIENCE = 5.0


@dataclass
class Server:
    """A program of ours that runs beside us.

    Parameters
    ----------
    title
        What a person knows it as: "JupyterLab".
    command, folder, environment
        What to run, where, and with which environment.
    log
        The file that takes all it says.
    host, port
        Where it listens.
    ready
        The address, from the slash on, that answers once it is open.
    """

    title: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path
    host: str
    port: int
    ready: str
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches us alone and we end things in order."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                self.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.process is not None and self.process.poll() is None

    def answers(self) -> bool:
        """Say whether it is open: a page comes, or a way to one."""
        connection = http.client.HTTPConnection(reachable(self.host), self.port, timeout=5)
        try:
            connection.request("GET", self.ready)
            return connection.getresponse().status < 400
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def last_words(self, lines: int = 12) -> str:
        """Return the end of what it said."""
        try:
            text = self.log.read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""
        return "\n".join(text.rstrip().splitlines()[-lines:])


def end(servers: Iterable[Server]) -> None:
    """End servers together with everything that they started: no kernel stays behind."""
    running = [server.process for server in servers if server.process is not None]
    end_processes(process.pid for process in running)
    for process in running:
        process.wait()  # collects what has ended, so that no zombie stays


def end_processes(pids: Iterable[int]) -> None:
    """Ask processes to end, wait, and end by force what has not; what they started ends with them."""
    leaders = [process for process in map(_process, pids) if process is not None]
    family = [*leaders, *(child for leader in leaders for child in _children(leader))]
    # Servers first, so that none starts a kernel anew; then the kernels, which have sessions of their own. A
    # server alone would wait some seconds for each kernel that is busy.
    for process in family:
        _quietly(process.terminate)
    psutil.wait_procs(leaders, timeout=PATIENCE)
    left = [process for process in family if _runs(process)]
    for process in left:
        _quietly(process.kill)
    psutil.wait_procs(left, timeout=2.0)


def _process(pid: int) -> psutil.Process | None:
    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = process.children(recursive=True)
    except psutil.Error:
        return []
    return found


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _quietly(action: Callable[[], None]) -> None:
    with contextlib.suppress(psutil.Error):  # it ended on its own
        action()
