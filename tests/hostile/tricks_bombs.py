"""Too much of everything, ends of programs, and what goes on or stays behind afterwards."""
# ruff: noqa: E501 - a trick reads best on a line of its own

from __future__ import annotations

from trick import APART, Trick

__all__ = ["TRICKS"]

ENDED = ("died", "memory", "timeout", "skipped", "output", "error")


def _bomb(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"bomb-{name}", why, code, **{"keep": ("q1",), **more})  # type: ignore[arg-type]


def _ends(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"ends-{name}", why, code, **{"told": ("died",), **more})  # type: ignore[arg-type]


def _stays(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"stays-{name}", why, code, **more)  # type: ignore[arg-type]


FOREVER = "def ever():\n    while True: pass\n"

BOMBS = (
    _bomb("fork", "processes until there are none left (at most 300)",
          "import os, time\nfor _ in range(300):\n    try:\n        if os.fork() == 0: time.sleep(60); os._exit(0)\n    except OSError: break"),
    _bomb("threads", "threads until there are none left (at most 500)",
          "import threading, time\ntry:\n    for _ in range(500): threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nexcept RuntimeError as error: print(error)"),
    _bomb("memory-at-once", "a terabyte at once", "try: bytearray(1 << 40)\nexcept MemoryError: print('no')"),
    _bomb("memory-slowly", "memory bit by bit (at most 6 gigabytes)",
          "kept = []\nfor _ in range(96): kept.append(bytearray(b'x') * (64 << 20))", told=("memory", "died", "timeout"), burns=True),
    _bomb("memory-numpy", "the same past Python's own memory",
          "import numpy as np\nkept = [np.ones(8 << 20) for _ in range(96)]", told=("memory", "died", "error", "timeout"), burns=True),
    _bomb("memory-children", "the same in many processes (at most 6 gigabytes)",
          "import os, time\nfor _ in range(6):\n    if os.fork() == 0:\n        kept = bytearray(b'x') * (1 << 30); time.sleep(60); os._exit(0)\ntime.sleep(60)",
          told=("memory", "died", "timeout"), burns=True),
    _bomb("shared-memory", "memory that belongs to no process (at most 4 gigabytes)",
          "import os\nfor i in range(64):\n    try:\n        fd = os.memfd_create(f'm{i}'); os.ftruncate(fd, 64 << 20)\n        for _ in range(64): os.write(fd, b'x' * (1 << 20))\n    except OSError as error: print(error); break", burns=True),
    _bomb("disk", "a file until the disk is full (at most 512 megabytes)",
          "try:\n    with open('big', 'wb') as file:\n        for _ in range(512): file.write(b'x' * (1 << 20))\nexcept OSError as error: print(error)"),
    _bomb("disk-many", "many files until the disk is full (at most 512 megabytes)",
          "try:\n    for i in range(512): open(f'big{i}', 'wb').write(b'x' * (1 << 20))\nexcept OSError as error: print(error)"),
    _bomb("disk-everywhere", "the same wherever one may write",
          APART + "for top in ('/tmp', '/dev/shm', '/var/tmp', '/run', '/dev', '/'):\n    try:\n        with open(top + '/planted-big', 'wb') as file:\n            for _ in range(256): file.write(b'x' * (1 << 20))\n    except OSError as error: print(error)"),
    _bomb("inodes", "files without anything in them (at most 30,000)",
          "try:\n    for i in range(30_000): open(f'n{i}', 'w').close()\nexcept OSError as error: print(error)", burns=True),
    _bomb("folders", "folders in folders (at most 3,000)",
          "import os\ntry:\n    for _ in range(3_000): os.mkdir('d'); os.chdir('d')\nexcept OSError as error: print(error)"),
    _bomb("descriptors", "open files until there are none left",
          "import os\nkept = []\ntry:\n    for _ in range(100_000): kept.append(os.open('/dev/null', os.O_RDONLY))\nexcept OSError as error: print(error)"),
    _bomb("output", "two hundred million letters on the page", "for _ in range(200): print('x' * 1_000_000)", told=("output", "timeout", "died")),
    _bomb("output-lines", "a million outputs", "from IPython.display import display\nfor i in range(1_000_000): display(i)", told=("output", "timeout", "died"), burns=True),
    _bomb("output-image", "a picture of a hundred megabytes", "from IPython.display import display, Image\ndisplay(Image(data=b'\\x89PNG\\r\\n\\x1a\\n' + b'x' * 100_000_000, format='png'))", told=("output", "timeout", "died")),
    _bomb("output-descriptor", "the same past Python", "import os\ntry:\n    for _ in range(200): os.write(1, b'x' * 1_000_000)\nexcept OSError: pass"),
    _bomb("output-children", "the same by another program", "import subprocess, sys\nsubprocess.run([sys.executable, '-c', 'import sys\\nfor _ in range(100): sys.stdout.write(\"x\" * 1000000)'])"),
    _bomb("output-updates", "one output, changed a hundred thousand times",
          "from IPython.display import display\nhandle = display(0, display_id=True)\nfor i in range(100_000): handle.update(i)", told=("", "output", "timeout", "died"), burns=True),
    _bomb("error-huge", "an error of fifty million letters", "", answer="raise ValueError('x' * 50_000_000)", told=("error", "output", "died", "timeout")),
    _bomb("error-name", "an error whose class has a name of a million letters", "", answer="raise type('E' * 1_000_000, (Exception,), {})('x')", told=("error", "output", "died")),
    _bomb("error-chain", "an error caused by ten thousand others",
          "error = None\nfor i in range(10_000):\n    new = ValueError(i); new.__cause__ = error; error = new", answer="raise error", told=("error", "output", "died", "timeout")),
    _bomb("recursion", "calls itself until Python stops it", "", answer="def f(): return f()\nf()", told=("error",), keep=("q1", "q3", "q4")),
    _bomb("regex", "an expression that takes for ever", "", answer="import re\nre.match('(a+)+$', 'a' * 60 + 'b')", told=("timeout",), burns=True),
    _bomb("power", "a number that takes for ever, where no signal reaches", "", answer="conversion_rate = 3 ** (10 ** 9)", told=("timeout", "memory", "error", "died"), burns=True),
    _bomb("sleep", "sleeps for an hour", "", answer="import time\ntime.sleep(3600)", told=("timeout",), burns=True, keep=("q1", "q3", "q4")),
    _bomb("loop", "an endless loop", "", answer="while True: pass", told=("timeout",), burns=True, keep=("q1", "q3", "q4")),
    _bomb("loop-catches", "an endless loop that catches what would end it", "",
          answer="while True:\n    try:\n        while True: pass\n    except BaseException: pass", told=("timeout",), burns=True, keep=("q1", "q3", "q4")),
    _bomb("loop-blocks", "an endless loop that is deaf to signals", "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))",
          answer="while True: pass", told=("timeout",), burns=True, keep=("q1", "q3", "q4")),
    _bomb("source", "a cell of five million letters", "", answer="x = '" + "x" * 5_000_000 + "'"),
    _bomb("syntax-deep", "brackets that no parser likes", "", answer="x = " + "(" * 5_000 + ")" * 5_000, told=("error", "died"), keep=("q1", "q3", "q4")),
    _bomb("unpacking", "an archive in memory that grows a thousandfold", "import zlib\ndata = zlib.compress(bytes(200 << 20), 9)\nlen(zlib.decompress(data))"),
    _bomb("cpu-threads", "threads that take all processors", FOREVER + "import threading\nfor _ in range(8): threading.Thread(target=ever, daemon=True).start()", keep=("q1",), burns=True),
)  # fmt: skip

ENDS = (
    _ends("os-exit", "os._exit", "import os\nos._exit(0)"),
    _ends("os-exit-2", "os._exit with another number", "import os\nos._exit(2)"),
    _ends("sys-exit", "sys.exit, which a notebook survives", "import sys\nsys.exit(0)", told=("error", "died")),
    _ends("abort", "os.abort", "import os\nos.abort()"),
    _ends("kill", "kills itself", APART + "import signal\nos.kill(os.getpid(), signal.SIGKILL)", told=("died", "error", "memory", "")),
    _ends("term", "ends itself", "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)", told=("died", "error", "")),
    _ends("stop", "stops itself", APART + "import signal\nos.kill(os.getpid(), signal.SIGSTOP)", told=("timeout", "died", "error", ""), burns=True),
    _ends("segfault", "reads address 0", "import ctypes\nctypes.string_at(0)"),
    _ends("stack", "more stack than there is", "import sys\nsys.setrecursionlimit(10**8)\ndef f(n=[]): return eval('f()')\n", answer="f()", told=("died", "error", "timeout", "memory"), burns=True),
    _ends("kill-parent", "kills its parent", APART + "import signal\nos.kill(os.getppid(), signal.SIGKILL) if os.getppid() else None", told=("died", "error", "")),
    _ends("stop-parent", "stops its parent", APART + "import signal\nos.kill(os.getppid(), signal.SIGSTOP) if os.getppid() else None", told=("died", "error", "timeout", "")),
    _ends("kill-first", "kills the first process", APART + "import signal\nfor s in (signal.SIGKILL, signal.SIGTERM, signal.SIGINT): os.kill(1, s)", told=("died", "error", "timeout", "memory", "")),
    _ends("kill-all", "kills all that it may", APART + "import signal\nos.kill(-1, signal.SIGKILL)", told=("died", "error", "memory", "")),
    _ends("kill-group", "kills its group", APART + "import signal\nos.killpg(0, signal.SIGKILL)", told=("died", "error", "memory", "")),
    _ends("stop-group", "stops its group", APART + "import signal\nos.killpg(0, signal.SIGSTOP)", told=("timeout", "died", "error", ""), burns=True),
    _ends("interrupt-parent", "interrupts its parents, as Ctrl-C would", APART + "import signal\nfor n in {os.getppid(), 1}:\n    try: os.kill(n, signal.SIGINT)\n    except OSError as error: print(error)", told=("died", "error", "timeout", "")),
    _ends("usr1", "sends itself every signal that ends nothing", "import os, signal\nfor s in (signal.SIGUSR1, signal.SIGALRM, signal.SIGPIPE, signal.SIGHUP): signal.signal(s, signal.SIG_IGN); os.kill(os.getpid(), s)", told=()),
    _ends("atexit", "runs on at the end", "import atexit, time\natexit.register(time.sleep, 3600)", told=()),
    _ends("alarm", "an alarm in a later cell", "import signal\nsignal.setitimer(signal.ITIMER_REAL, 0.02)", told=("died", "")),
    _ends("execv", "becomes another program", "import os, sys\nos.execv(sys.executable, [sys.executable, '-c', 'print(2.0)'])"),
    _ends("every-cell", "ends the program in seven cells: the last ones are not run", "import os",
          answer="os._exit(0)", answers={"q3": "import os; os._exit(0)", "q4": "import os; os._exit(0)", "q5": "import os; os._exit(0)"},
          first="import os\nos._exit(1)", last="import os\nos._exit(1)", most={"q2": 0.0, "q3": 0.0, "q4": 0.0}, keep=("q1",), told=("died", "skipped")),
    _ends("thread-exits", "a thread that ends the program a little later", "import threading, os, time\nthreading.Thread(target=lambda: (time.sleep(0.05), os._exit(0))).start()", keep=("q1",), told=("died", "skipped", "")),
    _ends("fork-returns", "goes on twice: both say their answers", "import os\nos.fork()", told=()),
    _ends("rlimit", "takes its own limits away", "import resource\nfor what in (resource.RLIMIT_AS, resource.RLIMIT_NOFILE, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE):\n    try: resource.setrlimit(what, (resource.RLIM_INFINITY,) * 2)\n    except (OSError, ValueError) as error: print(error)", told=()),
)  # fmt: skip

LINGER = "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(900)  # @TOKEN@'], start_new_session=True)"

STAYS = (
    _stays("process", "a process that goes on", LINGER),
    _stays("grandchild", "a process that nobody is the parent of",
           "import os\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0: os.execv(__import__('sys').executable, ['python', '-c', 'import time; time.sleep(900)  # @TOKEN@'])\n    os._exit(0)"),
    _stays("deaf", "a process that hears no signal",
           "import os, signal\nif os.fork() == 0:\n    for s in range(1, 32):\n        try: signal.signal(s, signal.SIG_IGN)\n        except (OSError, ValueError): pass\n    os.setsid(); os.execv(__import__('sys').executable, ['python', '-c', 'import time; time.sleep(900)  # @TOKEN@'])"),
    _stays("holds-pipe", "a process that holds the way to the grader open", "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', 'import time; time.sleep(900)  # @TOKEN@'], close_fds=False)"),
    _stays("writes-on", "a process that goes on writing to every descriptor",
           "import os\nif os.fork() == 0:\n    import time\n    while True:\n        for fd in range(3, 64):\n            try: os.set_blocking(fd, False); os.write(fd, b'\\x02\\x00\\x00\\x00{}')\n            except OSError: pass\n        time.sleep(0.01)", keep=("q1",)),
    _stays("thread", "a thread that changes answers while cells run",
           "import threading\ndef change():\n    while True: get_ipython().user_ns['conversion_rate'] = True\nthreading.Thread(target=change, daemon=True).start()", keep=("q1",)),
    _stays("tmp", "files for the next student", "import os\nfor top in ('/tmp', '/dev/shm', '/var/tmp', '/run', '.', '..', os.path.expanduser('~')):\n    try: open(top + '/planted', 'w').write('x')\n    except OSError as error: print(error)"),
    _stays("sitecustomize", "code that Python runs at its start", APART + "import os, site, sys\nfor top in [*sys.path, site.getusersitepackages(), '/tmp', os.getcwd()]:\n    try:\n        os.makedirs(top, exist_ok=True); open(os.path.join(top, 'sitecustomize.py'), 'w').write('import os; os._exit(7)')\n    except OSError as error: print(error)"),
    _stays("pth", "a path file in the installed packages", APART + "import os, sysconfig\ntry: open(os.path.join(sysconfig.get_path('purelib'), 'planted.pth'), 'w').write('import os; os._exit(7)\\n')\nexcept OSError as error: print(error)"),
    _stays("pycache", "compiled code in place of narrowcast's", APART + "import os, narrowcast.judge as j, importlib.util as u\ntry: open(u.cache_from_source(j.__file__), 'wb').write(b'x' * 100)\nexcept OSError as error: print(error)"),
    _stays("numba", "compiled code in numba's cache", APART + "import os\nfor key, top in list(os.environ.items()):\n    if 'CACHE' in key:\n        for place, _, names in os.walk(top):\n            for name in names[:50]:\n                try: open(os.path.join(place, name), 'r+b').write(b'x')\n                except OSError as error: print(type(error))"),
    _stays("environment", "variables for whoever comes next", "import os\nos.environ.update(PYTHONSTARTUP='/tmp/planted', NARROWCAST_STUDENT='honest-a', LD_PRELOAD='/tmp/planted.so', PATH='')"),
    _stays("warm-process", "objects of the warm process", "import narrowcast.worlds as w, sys\nfor module in list(sys.modules.values()):\n    if getattr(module, '__name__', '').startswith('narrowcast'):\n        for name in list(vars(module)):\n            if name.isupper(): setattr(module, name, None)", keep=("q1",)),
    _stays("random", "the luck of those who come later", "import random\nprint('seed', random.random())"),
    _stays("dataset", "the recipe of the market", APART + "import narrowcast, os\nfor top in (os.path.dirname(narrowcast.__file__), os.path.dirname(os.path.dirname(narrowcast.__file__))):\n    path = os.path.join(top, 'datasets', 'hcmc-fashion', 'recipe.toml')\n    try: open(path, 'a').write('\\n# x\\n')\n    except OSError as error: print(error)"),
    _stays("umask", "rights of files made later", "import os\nos.umask(0o777)\nfor name in os.listdir('.'):\n    try: os.chmod(name, 0)\n    except OSError: pass"),
    _stays("lock", "locks that nobody gives back", "import fcntl, os\nfor place, _, names in os.walk('/usr/lib/locale'):\n    pass\nfile = open('questions.json') if os.path.exists('questions.json') else open('x', 'w')\nfcntl.flock(file, fcntl.LOCK_EX)"),
    _stays("inotify", "a FIFO under each name that may be opened", "import os\nfor name in ('questions.json', 'assignment.ipynb', 'out', '.printed-1'):\n    try:\n        if os.path.exists(name): os.remove(name)\n        os.mkfifo(name)\n    except OSError as error: print(error)"),
)  # fmt: skip

TRICKS = (*BOMBS, *ENDS, *STAYS)
