"""Inside: a process forked for one submission shuts itself in, before the first line of the student's code."""

from __future__ import annotations

import errno
import os
import resource
from contextlib import suppress
from pathlib import Path
from typing import Any

from narrowcast.grade.box import linux
from narrowcast.grade.box.filter import MACHINES, refuse_calls
from narrowcast.grade.box.parcel import Parcel

__all__ = ["confine", "leave_namespaces", "own_mounts", "unpack"]

_INODES = 20_000
_NICE = 5
"""How far a submission steps back behind those who judge and write."""

_THEIRS = {errno.ENAMETOOLONG, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENOSPC}
"""Why a file cannot be unpacked where that is its name's or its folder's fault: then the notebook runs without it."""


def leave_namespaces() -> None:
    """Leave the worker's namespaces; what is forked next is the first process of new ones."""
    linux.set_dumpable(on=True)  # else not even this process could say who it is in there
    uid, gid = os.geteuid(), os.getegid()
    if uid:
        linux.unshare(linux.NEW_USER | linux.NEW_ALL)
        linux.map_myself(uid, gid)
    else:
        linux.unshare(linux.NEW_ALL)
    linux.mount("none", "/", flags=linux.MS_REC | linux.MS_PRIVATE)


def unpack(parcel: Parcel, uid: int, *, namespaces: bool) -> str:
    """Make the folder to work in, with the files; return its path.

    Raises
    ------
    OSError
        If there is no room.
    """
    base = parcel.head["scratch"]
    if namespaces:
        own_mounts(base, parcel.head["disk"])
    folder = Path(base, parcel.head["name"])
    folder.mkdir()
    for name, data in parcel.files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            if error.errno not in _THEIRS:
                raise
    if uid:
        for place, _folders, names in os.walk(base):
            for path in (place, *(os.path.join(place, name) for name in names)):  # noqa: PTH118
                os.chown(path, uid, uid)
    os.chdir(folder)
    return str(folder)


def own_mounts(scratch: str, room: int) -> None:
    """Cover what other submissions could see by file systems of this one alone; `scratch` has `room` bytes."""
    with suppress(
        OSError
    ):  # where it may not be mounted, the warm process's stays: it shows which processes there are, and no more
        linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV)
    size = f"size={room},nr_inodes={_INODES},mode=0777"
    linux.mount("scratch", scratch, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, size)
    with suppress(OSError):  # terminals of its own: those of others would be its own user's
        linux.mount("devpts", "/dev/pts", "devpts", linux.MS_NOSUID, "newinstance,ptmxmode=0666,mode=620")
    with suppress(OSError):
        shared = Path(scratch, ".shm")
        shared.mkdir()
        shared.chmod(0o777)
        linux.mount(str(shared), "/dev/shm", flags=linux.MS_BIND)  # noqa: S108


def confine(head: dict[str, Any], uid: int) -> None:
    """Give up what a student's code shall not have.

    Raises
    ------
    OSError
        If that does not work: then nothing may be run.
    """
    if uid:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    with suppress(OSError):  # taken offline meanwhile
        os.sched_setaffinity(0, {head["processor"]})
    os.nice(_NICE)
    linux.drop_capabilities()
    linux.set_no_new_privileges()
    linux.set_dumpable(on=True)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, head["disk"])
    _limit(resource.RLIMIT_NOFILE, 256)
    _limit(resource.RLIMIT_NPROC, head["processes"] + head["others"])
    _limit(resource.RLIMIT_CPU, int(head["seconds"]) + 5)
    _limit(resource.RLIMIT_AS, _address_space() + head["memory"])
    if not refuse_calls() and os.uname().machine in MACHINES:
        message = "no seccomp"
        raise OSError(message)
    with suppress(OSError):  # where the machine has no memory left, it is this that ends, not the grader
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _limit(what: int, most: int) -> None:
    _soft, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(what, (most, most))


def _address_space() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    return pages * resource.getpagesize()
