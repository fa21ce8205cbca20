"""Calls of the kernel that no notebook needs, refused.

Namespaces, mounts, tracing, memory and other things without an owner, another processor, typing into a terminal, and
sockets of a kind that no namespace holds.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

__all__ = ["MACHINES", "refuse_calls"]

MACHINES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""Kinds of processor on which calls can be refused, and what the kernel calls them."""

_NAMES = (
    "ptrace", "unshare", "mount", "umount2", "pivot_root", "setns", "add_key", "request_key", "keyctl",
    "perf_event_open", "bpf", "userfaultfd", "process_vm_readv", "process_vm_writev", "shmget", "msgget",
    "memfd_create", "kexec_load", "init_module", "finit_module", "open_by_handle_at",
    "semget", "mq_open", "sched_setaffinity",
)  # fmt: skip
_X86 = (
    101, 272, 165, 166, 155, 308, 248, 249, 250, 298, 321, 323, 310, 311, 29, 68, 319, 246, 175, 313, 304, 64, 240, 203,
)  # fmt: skip
_ARM = (
    117, 97, 40, 39, 41, 268, 217, 218, 219, 241, 280, 282, 270, 271, 194, 186, 279, 104, 105, 273, 265, 190, 180, 122,
)  # fmt: skip
_REFUSED = {
    "x86_64": dict(zip(_NAMES, _X86, strict=True)),
    "aarch64": dict(zip(_NAMES, _ARM, strict=True)),
}
_SINCE_2019 = (425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 442, 447, 467)
"""io_uring, the new calls for mounts, pidfd_getfd, memfd_secret: the same numbers on every machine."""

_CLONE, _CLONE3 = {"x86_64": 56, "aarch64": 220}, 435
_NEW_NAMESPACES = 0x7E020080
_X32 = 0x40000000
_IOCTL, _SOCKET = {"x86_64": 16, "aarch64": 29}, {"x86_64": 41, "aarch64": 198}
_TIOCSTI, _TIOCLINUX, _SECOND_ARGUMENT = 0x5412, 0x541C, 24
_FAMILIES = (1, 2, 10, 16)
"""Sockets within this machine, of the internet and to the kernel: they end in a network that has nobody else in it."""

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_SECCOMP, _FILTER = 22, 2

_Step = tuple[int, int, int, int]


def refuse_calls() -> bool:
    """Refuse them for this process and all it starts; say whether that was possible.

    Needs "no new privileges". On machines other than x86-64 and ARM64 nothing is refused.
    """
    machine = os.uname().machine
    if machine not in MACHINES:
        return False
    steps = _program(machine)
    code = b"".join(struct.pack("HBBI", *step) for step in steps)
    text = ctypes.create_string_buffer(code, len(code))
    program = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(steps), ctypes.addressof(text)))
    libc = ctypes.CDLL(None, use_errno=True)
    answer = libc.prctl(_SECCOMP, ctypes.c_ulong(_FILTER), program, ctypes.c_ulong(0), ctypes.c_ulong(0))
    return int(answer) == 0


def _program(machine: str) -> list[_Step]:
    """Return the filter, in the language of Berkeley's packet filters; each step is (code, if, else, value)."""
    no, absent = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
    steps: list[_Step] = [
        (_LOAD, 0, 0, _MACHINE), (_EQUAL, 1, 0, MACHINES[machine]), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, no),
        (_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, absent),  # its flags are out of sight; all fall back to clone
    ]  # fmt: skip
    for number in (*_REFUSED[machine].values(), *_SINCE_2019):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, no)]
    steps += [
        (_EQUAL, 0, 5, _IOCTL[machine]), (_LOAD, 0, 0, _SECOND_ARGUMENT), (_EQUAL, 1, 0, _TIOCSTI),
        (_EQUAL, 0, 1, _TIOCLINUX), (_RETURN, 0, 0, no), (_RETURN, 0, 0, _ALLOW),
        (_EQUAL, 0, len(_FAMILIES) + 3, _SOCKET[machine]), (_LOAD, 0, 0, _FIRST_ARGUMENT),
        *((_EQUAL, len(_FAMILIES) - place, 0, family) for place, family in enumerate(_FAMILIES)),
        (_RETURN, 0, 0, _REFUSE | errno.EAFNOSUPPORT), (_RETURN, 0, 0, _ALLOW),
        (_EQUAL, 0, 3, _CLONE[machine]), (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, _NEW_NAMESPACES), (_RETURN, 0, 0, no),
        (_RETURN, 0, 0, _ALLOW),
    ]  # fmt: skip
    return steps
