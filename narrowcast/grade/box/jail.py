"""Inside: a root folder of a few read-only folders, where there is no bubblewrap to make it."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

from narrowcast.grade.box import linux

__all__ = ["enter"]

_ROOT = "/proc"
"""Covered by a file system of this process alone: nothing that shall be seen in there can lie below it."""

_DEVICES = ("null", "zero", "full", "random", "urandom")


def enter(plan: dict[str, Any]) -> None:
    """Enter namespaces in which there is nothing but what `plan` names; go on as a child in there.

    Parameters
    ----------
    plan
        "folders": pairs of (where it lies, where it shall be seen); "links": pairs of (path, target);
        "covered": folders that are seen empty; "scratch": where submissions work.

    Raises
    ------
    OSError
        If the kernel allows no such thing.
    """
    uid, gid = os.geteuid(), os.getegid()
    linux.set_dumpable(on=True)
    if uid:
        linux.unshare(linux.NEW_USER | linux.NEW_ALL)
        linux.map_myself(uid, gid)
    else:
        linux.unshare(linux.NEW_ALL)
    child = os.fork()
    if child:
        _wait(child)
    linux.die_with_parent()
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)
    _build(plan)
    linux.set_dumpable(on=False)


def _wait(child: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.closerange(3, null)
    os.closerange(null, 1_024)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _number, status = os.waitpid(child, 0)
    sys.stderr.flush()
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _build(plan: dict[str, Any]) -> None:
    """Lay the new root out, and let the old one go."""
    linux.mount("root", _ROOT, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=16m,mode=0755")
    base = Path(_ROOT)
    sources = [(source, base / target.lstrip("/")) for source, target in plan["folders"]]
    for source, target in sources:
        _bind(source, target, linux.MS_RDONLY | linux.MS_NOSUID)
    for name in _DEVICES:
        if Path("/dev", name).exists():
            _bind(f"/dev/{name}", base / "dev" / name, 0)
    for name in plan["covered"]:
        place = str(base / name.lstrip("/"))
        linux.mount(
            "none", place, "tmpfs", linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV, "size=4k,mode=0755"
        )
    for name, target in plan["links"]:
        (base / name.lstrip("/")).symlink_to(target)
    scratch = plan["scratch"].lstrip("/")
    for name in ("proc", scratch, "dev/shm", "dev/pts"):
        (base / name).mkdir(parents=True, exist_ok=True)
    linux.mount("proc", str(base / "proc"), "proc", linux.MS_NOSUID | linux.MS_NODEV)
    _terminals(base)
    linux.mount("tmp", str(base / scratch), "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "size=64m,mode=0777")
    linux.pivot_root(_ROOT)
    linux.mount("none", "/", flags=linux.MS_REMOUNT | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV)


def _terminals(base: Path) -> None:
    """Have pseudo-terminals, which `!command` in a cell needs."""
    options = "newinstance,ptmxmode=0666,mode=620"
    linux.mount("devpts", str(base / "dev/pts"), "devpts", linux.MS_NOSUID, options)
    (base / "dev/ptmx").symlink_to("pts/ptmx")


def _bind(source: str, target: Path, flags: int) -> None:
    if Path(source).is_dir():
        target.mkdir(parents=True, exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.touch()
    linux.mount(source, str(target), flags=linux.MS_BIND | linux.MS_REC)
    if flags:
        kept = linux.MS_NODEV if os.statvfs(source).f_flag & linux.MS_NODEV else 0
        linux.mount("none", str(target), flags=linux.MS_REMOUNT | linux.MS_BIND | kept | flags)
