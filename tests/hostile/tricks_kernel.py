"""What the kernel of the machine would do for a submission if it were asked: sockets, terminals, signals, processors."""
# ruff: noqa: E501 - a trick reads best on a line of its own

from __future__ import annotations

from trick import APART, Trick

__all__ = ["TERMINALS", "TRICKS"]

CALL = """
import ctypes, errno, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, x86_64, aarch64, *given):
    number = {'x86_64': x86_64, 'aarch64': aarch64}.get(os.uname().machine)
    if number is None: return
    if libc.syscall(number, *given) >= 0: print('LEAK' + ':' + name)
    else: print(name, errno.errorcode.get(ctypes.get_errno()))
"""


def _asks(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"asks-{name}", why, code, **more)  # type: ignore[arg-type]


SOCKET = """
import socket
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
    for family in {families}:
        try:
            socket.socket(family, kind); print('LEAK' + ':socket', family)
        except OSError as error: print(error)
"""

CALLS = (
    _asks("vsock", "a socket to the machine below this one", SOCKET.format(families="(40,)")),
    _asks("alg", "a socket to the kernel's ciphers, which have a history", SOCKET.format(families="(38,)")),
    _asks("families", "a socket of every family that is not the internet's nor within this machine", SOCKET.format(families="set(range(3, 50)) - {10, 16}")),
    _asks("semaphores", "semaphores, which belong to nobody when it ends", CALL + "for _ in range(8): call('semget', 64, 190, 0, 32000, 0o1600)"),
    _asks("queues", "a queue of messages, the same", CALL + "call('mq_open', 240, 180, b'planted', 0o102, 0o600, None)"),
    _asks("secret-memory", "memory that not even the kernel may look at", CALL + "call('memfd_secret', 447, 447, 0)"),
    _asks("processors", "all processors of the machine", "import os\nbefore = os.sched_getaffinity(0)\ntry: os.sched_setaffinity(0, range(os.cpu_count()))\nexcept OSError as error: print(error)\n"
          "if len(before) > 1 or os.sched_getaffinity(0) - before: print('LEAK' + ':processors', before)"),
    _asks("processors-later", "the same for a process that it starts", "import os, subprocess, sys\nsaid = subprocess.run([sys.executable, '-S', '-c', 'import os\\ntry: os.sched_setaffinity(0, range(os.cpu_count()))\\nexcept OSError: pass\\nprint(len(os.sched_getaffinity(0)))'], capture_output=True, text=True).stdout\n"
          "if said.strip() not in ('1', ''): print('LEAK' + ':processors', said)"),
)  # fmt: skip

TYPE = """
import fcntl, os, termios
def type_into(name):
    try: fd = os.open(name, os.O_RDWR | os.O_NONBLOCK)
    except OSError as error: return print(name, error)
    for request, what in ((termios.TIOCSTI, b'#'), (0x541C, bytes([3]))):
        try: fcntl.ioctl(fd, request, what); print('LEAK' + ':typed', name)
        except OSError as error: print(name, error)
def type_everywhere():
    try: os.setsid()  # a terminal that it opens first is then its own
    except OSError as error: print(error)
    mine = []
    try: mine = [os.ttyname(os.openpty()[1])]
    except OSError as error: print(error)
    pts = ['/dev/pts/' + name for name in sorted(os.listdir('/dev/pts'))] if os.path.isdir('/dev/pts') else []
    for name in (*mine, '/dev/tty', '/dev/console', '/dev/tty0', '/dev/tty1', '/dev/ttyS0', '/dev/ptmx', *pts): type_into(name)
type_everywhere()
number = os.fork()
if number == 0:
    try: type_everywhere()
    finally: os._exit(0)
os.waitpid(number, 0)
"""

LOOK = """
import os, time
master, slave = os.openpty()
os.set_blocking(master, False)
mine = os.path.basename(os.ttyname(slave))
until = time.monotonic() + 1.5
while time.monotonic() < until:
    for name in set(os.listdir('/dev/pts')) - {'ptmx', mine}:
        print('LEAK' + ':terminal', name)
        try: os.write(os.open('/dev/pts/' + name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK), b'planted')
        except OSError as error: print(error)
    try:
        if b'planted' in os.read(master, 100): print('LEAK' + ':written to')
    except OSError: pass
    time.sleep(0.05)
"""
"""Two that run at the same time see each other, where they could."""

TERMINALS = (
    _asks("typing", "types into every terminal that it can open, its own too", TYPE),
    _asks("controls", "opens the terminal that the grader was started from", "import os\nfor name in ('/dev/tty', '/dev/console'):\n    try: os.open(name, os.O_RDWR | os.O_NOCTTY); print('LEAK' + ':' + name)\n    except OSError as error: print(error)"),
    _asks("terminals", "looks for terminals of those who run at the same time", LOOK),
    _asks("terminals-of-others", "the same at the same time", LOOK),
)  # fmt: skip

KILLS = APART + "import os, signal\nos.kill(0, signal.SIG{})"

ENDS = (
    _asks("end-of-its-group", "ends its group, by number 0", KILLS.format("KILL"), told=("died", "error", "memory", "")),
    _asks("stop-of-its-group", "stops its group, by number 0", KILLS.format("STOP"), told=("timeout", "died", "error", ""), burns=True),
    _asks("interrupt-of-its-group", "interrupts its group, as Ctrl-C would", KILLS.format("INT"), told=("died", "error", "")),
    _asks("short-time", "takes a second of the processor for its limit and goes on: the kernel ends it", "import resource\nresource.setrlimit(resource.RLIMIT_CPU, (1, 1))",
          answer="while True: pass", told=("died",)),
    _asks("memory-by-others", "programs of their own, each a little smaller than the grader's (at most 2.6 gigabytes)",
          "import subprocess, sys, time\nkept = [subprocess.Popen([sys.executable, '-S', '-E', '-c', 'import time; a = bytearray(b\"x\") * (120 << 20); print(1, flush=True); time.sleep(9)'], stdout=subprocess.PIPE) for _ in range(22)]\nfor one in kept: one.stdout.readline()\ntime.sleep(1)",
          keep=("q1",), told=("memory", "timeout"), burns=True),
)  # fmt: skip

TRICKS = (*CALLS, *TERMINALS, *ENDS)
