"""The note of what runs, so that a second start can say so instead of starting a second time."""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # comes without types

from narrowcast.errors import ServeError
from narrowcast.language import gettext as _
from narrowcast.serve.doors import Doors
from narrowcast.serve.environ import write_private
from narrowcast.serve.place import Place
from narrowcast.serve.servers import end_processes

__all__ = ["Record", "claim"]


@dataclass
class Record:
    """What one run wrote down about itself.

    Parameters
    ----------
    file
        Where it is written; readable by its owner alone, for it holds the token.
    leader
        The process that looks after the servers: its id and when it was made.
    servers
        The servers, in the same way.
    doors
        Their addresses; None while they are being opened.
    """

    file: Path
    leader: tuple[int, float]
    servers: list[tuple[int, float]] = field(default_factory=list)
    doors: Doors | None = None

    def write(self) -> None:
        """Write the record in one go: a reader sees the old one or the new one."""
        self._draft().replace(self.file)

    def create(self) -> None:
        """Write the record where none is yet, whole from its first moment (FileExistsError if one is)."""
        draft = self._draft()
        try:
            os.link(draft, self.file)
        finally:
            draft.unlink()

    def add(self, pid: int) -> None:
        """Note one more server, by its process id."""
        self.servers.append((pid, _born(pid) or 0.0))
        self.write()

    def remove(self) -> None:
        """Take the note away: nothing runs any more."""
        self.file.unlink(missing_ok=True)

    @property
    def alive(self) -> bool:
        """Whether the process that wrote it still runs. Ids are used again; id and birth together are not."""
        return _same(self.leader)

    def end_orphans(self) -> int:
        """End servers that outlived the process that looked after them, and say how many there were."""
        orphans = [pid for pid, born in self.servers if _same((pid, born))]
        end_processes(orphans)
        return len(orphans)

    def _draft(self) -> Path:
        doors = asdict(self.doors) if self.doors else None
        told = json.dumps({"leader": self.leader, "servers": self.servers, "doors": doors}, indent=2)
        draft = self.file.with_suffix(f".{os.getpid()}")
        write_private(draft, told)
        return draft


def claim(place: Place) -> tuple[Record, bool]:
    """Return the record of this run and True; or, if another run is alive, its record and False.

    A record whose process has died is put aside, and what that process left running is ended.
    """
    file = place.state / "run.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    mine = Record(file, (os.getpid(), _born(os.getpid()) or 0.0))
    for _attempt in range(3):
        try:
            mine.create()
        except FileExistsError:
            other = _read(file)
            if other is not None and other.alive:
                return other, False
            if other is not None:
                other.end_orphans()
            file.unlink(missing_ok=True)
        else:
            return mine, True
    raise ServeError(
        _("Another start of this course is under way."),
        cure=_("Wait a few seconds and try again; if that does not help, delete {file}.").format(file=file),
    )


def _read(file: Path) -> Record | None:
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(file.read_text(encoding="utf-8"))
        doors = Doors(**told["doors"]) if told["doors"] else None
        leader, servers = told["leader"], told["servers"]
        return Record(
            file, (int(leader[0]), float(leader[1])), [(int(p), float(b)) for p, b in servers], doors
        )
    return None  # half written or not ours: as good as none


def _born(pid: int) -> float | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.Error:
        return None


def _same(known: tuple[int, float]) -> bool:
    born = _born(known[0])
    return born is not None and abs(born - known[1]) < 1.0
