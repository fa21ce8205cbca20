"""What lies outside a sandbox: doors, files and words that nobody inside should come by."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
from contextlib import suppress
from pathlib import Path

from trick import Facts

__all__ = ["Outside"]


class Outside:
    """What lies outside a sandbox, and whether anybody touched it.

    Parameters
    ----------
    folder
        Where to make it.
    root
        The course root.
    """

    def __init__(self, folder: Path, root: Path) -> None:
        self.token = f"lingers-{secrets.token_hex(8)}"
        self.canaries = {
            name: f"CANARY-{secrets.token_hex(8)}" for name in ("environment", "key", "source", "classmate")
        }
        self.visits: list[str] = []
        self.folder = folder
        folder.mkdir(parents=True)
        folder.chmod(0o777)
        self._doors = [
            self._tcp(),
            self._udp(),
            self._unix(str(folder / "door")),
            self._unix("\0" + self.token),
        ]
        for door in self._doors:
            threading.Thread(target=self._watch, args=(door,), daemon=True).start()
        words = {"PORT": str(self.port), "TOKEN": self.token, "PIDNS": os.readlink("/proc/self/ns/pid")}  # noqa: PTH115
        self.facts = Facts(root, folder, words)

    def _tcp(self) -> socket.socket:
        door = socket.create_server(("127.0.0.1", 0))
        self.port = door.getsockname()[1]
        return door

    def _udp(self) -> socket.socket:
        door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        door.bind(("127.0.0.1", self.port))
        return door

    def _unix(self, name: str) -> socket.socket:
        door = socket.socket(socket.AF_UNIX)
        door.bind(name)
        door.listen()
        return door

    def _watch(self, door: socket.socket) -> None:
        with suppress(OSError):
            while True:
                if door.type == socket.SOCK_DGRAM:
                    door.recvfrom(10)
                else:
                    door.accept()[0].close()
                self.visits.append(str(door.family.name))

    def touched(self) -> list[str]:
        """Return what was left outside: visits, files, processes."""
        left = [f"visit: {visit}" for visit in self.visits]
        left += [f"file: {file.name}" for file in self.folder.iterdir() if file.name != "door"]
        left += [f"process: {number}" for number in self.lingering()]
        for place in (
            "/tmp",
            "/dev/shm",
            "/var/tmp",
            "/etc",
        ):  # where a trick would leave a file for the next one
            left += [f"file: {file}" for file in Path(place).glob("planted*")]
        return left

    def lingering(self) -> list[int]:
        """Return the processes that tricks left behind."""
        found = []
        for folder in Path("/proc").iterdir():
            with suppress(OSError):
                if folder.name.isdigit() and self.token.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
        return found

    def close(self) -> None:
        """Close the doors, and end what was left behind, each process by its number."""
        for number in self.lingering():
            with suppress(OSError):
                os.kill(number, signal.SIGKILL)
        for door in self._doors:
            door.close()
