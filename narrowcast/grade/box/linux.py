"""The few calls of Linux that Python 3.11 has no name for. Imports only the standard library."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from pathlib import Path

__all__ = [
    "MS_BIND", "MS_NODEV", "MS_NOSUID", "MS_PRIVATE", "MS_RDONLY", "MS_REC", "MS_REMOUNT",
    "NEW_ALL", "NEW_USER", "adopt_orphans", "die_with_parent", "drop_capabilities", "map_myself", "mount",
    "pivot_root", "set_dumpable", "set_no_new_privileges", "unshare",
]  # fmt: skip

NEW_USER = 0x10000000
NEW_ALL = 0x00020000 | 0x20000000 | 0x08000000 | 0x04000000 | 0x40000000
"""Mounts, process numbers, shared memory, host name, network."""

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18

_DEATH_SIGNAL, _DUMPABLE, _DROP_BOUND, _SUBREAPER, _NO_NEW_PRIVILEGES, _AMBIENT = 1, 4, 24, 36, 38, 47
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_DETACH = 2

_libc = ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> int:
    """Call the C library.

    Raises
    ------
    OSError
        If it says no.
    """
    answer = int(getattr(_libc, name)(*arguments))
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)
    return answer


def _control(option: int, *values: int) -> None:
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)][:4]
    _call("prctl", ctypes.c_int(option), *padded)


def unshare(flags: int) -> None:
    """Leave the namespaces named by `flags`."""
    _call("unshare", ctypes.c_int(flags))


def mount(source: str, target: str, kind: str = "", flags: int = 0, data: str = "") -> None:
    """Mount; see mount(2)."""
    texts = [part.encode() if part else None for part in (source, target, kind)]
    _call("mount", *texts, ctypes.c_ulong(flags), data.encode() if data else None)


def pivot_root(folder: str) -> None:
    """Make a mounted folder the root of everything, and let the old root go."""
    os.chdir(folder)
    _call("syscall", ctypes.c_long(_PIVOT_ROOT[os.uname().machine]), b".", b".")
    _call("umount2", b".", ctypes.c_int(_DETACH))
    os.chdir("/")


def map_myself(uid: int, gid: int) -> None:
    """Be in a new user namespace who one was outside, and nobody else."""
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1", encoding="ascii")


def drop_capabilities() -> None:
    """Give up every power for good: what is held, what could be inherited, what a program could bring."""
    with suppress(OSError):
        _control(_AMBIENT, 4)
    for number in range(64):
        with suppress(
            OSError
        ):  # beyond the last one there is, or not allowed to: then there was none to lose
            _control(_DROP_BOUND, number)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _call("capset", header, (ctypes.c_uint32 * 6)())


def set_no_new_privileges() -> None:
    """Let no program that is started bring powers with it."""
    _control(_NO_NEW_PRIVILEGES, 1)


def set_dumpable(*, on: bool) -> None:
    """Say whether other processes of the same user may look into this one."""
    _control(_DUMPABLE, int(on))


def adopt_orphans() -> None:
    """Become the parent of what children leave behind."""
    _control(_SUBREAPER, 1)


def die_with_parent() -> None:
    """Be killed when the thread that started this process ends."""
    _control(_DEATH_SIGNAL, 9)
