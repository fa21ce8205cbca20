"""Looking for what a submission must not see, speaking in others' names, and reaching what is outside."""
# ruff: noqa: E501 - a trick reads best on a line of its own

from __future__ import annotations

from trick import APART, Trick

__all__ = ["TRICKS"]

SEEK = """
import re, os
PATTERN = re.compile(rb'CANARY-' + rb'[0-9a-f]{16}')
def show(data): print(sorted(set(PATTERN.findall(data))))
def look(path):
    try:
        with open(path, 'rb') as file: show(file.read(50_000_000))
    except OSError as error: print(type(error).__name__)
def walk(top, most=300):
    for place, folders, names in os.walk(top):
        for name in names:
            look(os.path.join(place, name))
            most -= 1
            if most < 0: return
"""


def _reads(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"reads-{name}", why, SEEK + code, **more)  # type: ignore[arg-type]


def _sends(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"sends-{name}", why, code, keep=("q1",), **more)  # type: ignore[arg-type]


def _reaches(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"reaches-{name}", why, code, **more)  # type: ignore[arg-type]


DEMO_ANSWERS = """
import importlib, sys, narrowcast
def tried(code):
    space = {'world': world, 'nc': nc}
    try: exec(code, space)
    except Exception as error: print(type(error).__name__)
    if 'conversion_rate' in space: print('LEAK' + ':answers')
    return float(space.get('conversion_rate', 0.987654))
found = 0.987654
for name in ('narrowcast.grade.answers', 'narrowcast.grade.stories', 'narrowcast.grade.story'):
    try: found = tried(importlib.import_module(name).RIGHT['q2'])
    except (ImportError, AttributeError) as error: print(type(error).__name__)
home = os.path.dirname(os.path.abspath(narrowcast.__file__))
beside = '01-rules-flipped/answers.py'
for path in ('@ROOT@/' + beside, os.path.join(os.path.dirname(home), 'assignments', beside), os.path.join(home, 'assignments', beside)):
    try: found = tried(open(path).read() + chr(10) + "exec(RIGHT['q2'])")
    except OSError as error: print(type(error).__name__)
for place, _, names in os.walk(home):
    for name in names:
        if not name.endswith(('.py', '.json', '.ipynb')): continue
        try: text = open(os.path.join(place, name)).read()
        except (OSError, ValueError): continue
        if 'conversion_rate' + ' = ' in text: print('LEAK' + ':' + name)
"""

READS = (
    _reads("key", "the answer key", "look('@ROOT@/01-rules-flipped/key.py')"),
    _reads("plans", "the plans that were searched for the key", "look('@ROOT@/01-rules-flipped/plans.json')"),
    _reads("source", "the instructor's version", "walk('@ROOT@/source')"),
    _reads("gradebook", "the gradebook", "look('@ROOT@/gradebook.db')"),
    _reads("ledger", "the ledger and the receipts", "look('@ROOT@/ledger.db'); look('@ROOT@/receipts.db')"),
    _reads("classmates", "what others handed in", "walk('@ROOT@/submitted'); walk('@ROOT@/autograded')"),
    _reads("up", "from its own folder upwards",
           "here = os.getcwd()\nfor _ in range(6):\n    here = os.path.dirname(here)\n    print(here)\n"
           "    for name in os.listdir(here)[:500]: look(os.path.join(here, name))"),
    _reads("environ", "the environment of every process",
           "for number in os.listdir('/proc'):\n    if number.isdigit(): look(f'/proc/{number}/environ')"),
    _reads("cmdline", "the command lines of every process",
           "for number in os.listdir('/proc'):\n    if number.isdigit(): look(f'/proc/{number}/cmdline')"),
    _reads("parents", "what its parents have open",
           "for number in (1, os.getppid()):\n    for kind in ('environ', 'cmdline', 'maps'): look(f'/proc/{number}/{kind}')\n"
           "    try: walk(f'/proc/{number}/cwd/')\n    except OSError: pass\n"
           "    try:\n        for fd in os.listdir(f'/proc/{number}/fd'): look(f'/proc/{number}/fd/{fd}')\n    except OSError as error: print(error)"),
    _reads("parents-root", "the root folder of its parents", "look(f'/proc/{os.getppid()}/root@ROOT@/01-rules-flipped/key.py'); look('/proc/1/root@ROOT@/01-rules-flipped/key.py')"),
    _reads("own-memory", "its own memory, which was once its parent's",
           "for line in open('/proc/self/maps'):\n    span, mode, *_, = line.split()\n    if 'rw' not in mode or '[v' in line: continue\n"
           "    a, b = (int(x, 16) for x in span.split('-'))\n    if b - a > 1 << 30: continue\n"
           "    try:\n        with open('/proc/self/mem', 'rb', 0) as file:\n            file.seek(a); data = file.read(b - a)\n"
           "        found = set(PATTERN.findall(data))\n        if found: print(found)\n    except (OSError, ValueError): pass"),
    _reads("parents-memory", "the memory of its parents",
           "for number in {1, os.getppid()}:\n    try:\n        for line in open(f'/proc/{number}/maps'):\n            a, b = (int(x, 16) for x in line.split()[0].split('-'))\n"
           "            with open(f'/proc/{number}/mem', 'rb', 0) as file:\n                file.seek(a); show(file.read(min(b - a, 1 << 26)))\n    except (OSError, ValueError) as error: print(error)"),
    _reads("gc", "every object there is, for keys and truths",
           "import gc\nfor thing in gc.get_objects():\n    name = type(thing).__name__\n"
           "    if name == 'Key': print('LEAK' + ':key', thing)\n    if type(thing) is str and 'CANARY' in thing and len(thing) < 60: show(thing.encode())\n"
           "for module in list(__import__('sys').modules):\n    if module.endswith('key') and 'narrowcast.judge' not in module: print(module)"),
    _reads("frames", "the frames below its own",
           "import sys\nframe = sys._getframe()\nwhile frame:\n    for name, value in frame.f_locals.items():\n"
           "        if name in ('truth', 'expected', 'verdicts', 'gradebook', 'key') and not isinstance(value, (str, int)): print('LEAK' + ':' + name)\n"
           "    frame = frame.f_back"),
    _reads("descriptors", "every descriptor that is open",
           "for fd in range(3, 256):\n    try: show(os.pread(fd, 1 << 20, 0))\n    except OSError: pass"),
    _reads("questions", "the public questions for something that is not public",
           "show(open('questions.json', 'rb').read())\nif 'truth' in open('questions.json').read().lower(): print('LEAK' + ':truth')"),
    _reads("sent-inputs", "the message that brought the notebook, for truths",
           "import gc\nfor thing in gc.get_objects():\n    if type(thing) is dict and {'truths', 'expected'} & set(map(str, list(thing)[:50])): print('LEAK' + ':truths')"),
    _reads("home", "home folders", "for top in ('/root', '/home', '/work', os.path.expanduser('~')):\n    walk(top) if len(top) > 1 else None"),
    _reads("ssh-agent", "secrets of the machine", "for path in ('/etc/shadow', '/root/.ssh/id_rsa', '/var/run/docker.sock'):\n    try:\n        open(path, 'rb').read(1); print('LEAK' + ':' + path)\n    except OSError: pass"),
    _reads("tmp", "what lies in the folders that everybody shares",
           "for top in ('/tmp', '/dev/shm', '/var/tmp', '/run'):\n    for place, _, names in os.walk(top):\n        for name in names:\n            if name.startswith('planted'): print('LEAK' + ':' + name)\n            look(os.path.join(place, name))"),
    _reads("demo-answers", "the answers of the demo class: beside the key, in the package, and wherever else Python looks",
           DEMO_ANSWERS, answer="conversion_rate = found"),
    _reads("mount-table", "the table of mounts, for the course's folder",
           "text = open('/proc/self/mountinfo').read()\nif '@ROOT@/' in text: print('LEAK' + ':mounts')"),
    _reads("shared-memory", "shared memory and semaphores of others",
           "for path in ('/proc/sysvipc/shm', '/proc/sysvipc/msg'):\n    try:\n        if len(open(path).readlines()) > 1: print('LEAK' + ':' + path)\n    except OSError: pass"),
)  # fmt: skip

FORGED = """
import json, os, struct
def message(**what):
    text = json.dumps(what).encode()
    return struct.pack('<I', len(text)) + text
def everywhere(data, first=3, last=64):
    for fd in range(first, last):
        try:
            os.set_blocking(fd, False)
            os.write(fd, data)
        except OSError: pass
VERDICT = {'question': 'q2', 'score': 2.0, 'points': 2.0, 'reason': 'right', 'message': 'Right.'}
"""

SENDS = (
    _sends("verdict", "a verdict to every descriptor", FORGED + "everywhere(message(kind='verdict', verdict=VERDICT, question='q2', score=2.0))"),
    _sends("verdict-as-answer", "a verdict in place of an answer, in the box's own form",
           FORGED + "everywhere(message(kind='answer', question='q2', data=VERDICT) + message(kind='answer', question='q2', data={'answer': VERDICT}))"),
    _sends("other-cell", "an answer to q1 while the cell of q2 runs: it counts for nothing",
           FORGED + "everywhere(message(kind='answer', question='q1', data={'answer': None}))", most={"q1": 2.0, "q2": 0.0}),
    _sends("earlier-cell", "says that earlier cells begin and end again",
           FORGED + "everywhere(b''.join(message(kind='begin', cell=i) + message(kind='end', cell=i) for i in range(12)))"),
    _sends("later-cells", "says that all later cells have run and shows marks for them",
           FORGED + "everywhere(b''.join(message(kind='end', cell=i) + message(kind='begin', cell=i + 1) + message(kind='output',"
           " output={'output_type': 'execute_result', 'data': {'text/plain': '6.0'}, 'metadata': {}, 'execution_count': 1}) for i in range(40)) + message(kind='done'))",
           most={"q1": 2.0, "q2": 0.0}),
    _sends("ended", "says to the warm process's listener that it ended", FORGED + "everywhere(message(kind='ended', status=0, most=0, memory=False))"),
    _sends("length-huge", "a message that says it is four gigabytes long", FORGED + "everywhere(b'\\xff\\xff\\xff\\xff' + b'x' * 1000)"),
    _sends("length-short", "half a message", FORGED + "everywhere(struct.pack('<I', 1000) + b'{')"),
    _sends("zeros", "a million messages of no length", FORGED + "everywhere(bytes(4_000_000))"),
    _sends("noise", "noise", FORGED + "everywhere(os.urandom(100_000))"),
    _sends("lines", "verdicts as lines of JSON", FORGED + "everywhere(json.dumps({'marks': {'q2': 2.0}}).encode() + b'\\n')"),
    _sends("deep-json", "JSON that is nested a hundred thousand times", FORGED + "text = b'[' * 100_000 + b']' * 100_000\neverywhere(struct.pack('<I', len(text)) + text)"),
    _sends("nan-json", "JSON with NaN and 1e999", FORGED + "text = b'{\"kind\": \"answer\", \"question\": \"q2\", \"data\": {\"answer\": NaN, \"x\": 1e999}}'\neverywhere(struct.pack('<I', len(text)) + text)"),
    _sends("huge-int-json", "JSON with a number of a million digits",
           FORGED + "text = b'{\"kind\": \"answer\", \"question\": \"q2\", \"data\": {\"answer\": ' + b'9' * 1_000_000 + b'}}'\neverywhere(struct.pack('<I', len(text)) + text)"),
    _sends("bad-utf8", "JSON that is no UTF-8", FORGED + "text = b'{\"kind\": \"answer\", \"question\": \"\\xff\\xfe\", \"data\": {}}'\neverywhere(struct.pack('<I', len(text)) + text)"),
    _sends("proc-fd", "verdicts by way of /proc/self/fd",
           FORGED + "for fd in os.listdir('/proc/self/fd'):\n    if int(fd) > 2:\n        try:\n            out = os.open(f'/proc/self/fd/{fd}', os.O_WRONLY | os.O_NONBLOCK)\n            os.write(out, message(kind='answer', question='q2', data=VERDICT))\n        except OSError: pass"),
    _sends("parents-fd", "verdicts by way of its parents' descriptors",
           FORGED + "for number in (1, os.getppid()):\n    try:\n        for fd in os.listdir(f'/proc/{number}/fd'):\n            out = os.open(f'/proc/{number}/fd/{fd}', os.O_WRONLY | os.O_NONBLOCK)\n            os.write(out, message(kind='ended', status=0))\n    except OSError as error: print(error)"),
    _sends("sockets", "verdicts, and a descriptor, over every socket",
           FORGED + "import socket\nfor fd in range(3, 64):\n    try:\n        link = socket.socket(fileno=os.dup(fd)); link.setblocking(False)\n"
           "        socket.send_fds(link, [json.dumps({'kind': 'ended', 'status': 0}).encode()], [1])\n    except OSError: pass"),
    _sends("stdout-json", "verdicts to the descriptors 0, 1 and 2", FORGED + "everywhere(message(kind='answer', question='q2', data=VERDICT), 0, 3)"),
    _sends("closes", "closes every descriptor", "import os\nos.closerange(0, 256)", told=("died", "timeout", "skipped", "error")),
    _sends("swaps", "puts a file in the place of every descriptor",
           "import os\nfd = os.open('mine', os.O_RDWR | os.O_CREAT)\nfor n in range(3, 64):\n    if n != fd:\n        try:\n            os.fstat(n); os.dup2(fd, n)\n        except OSError: pass",
           told=("died", "timeout", "skipped", "error")),
    _sends("hand-out-verdict", "hands a verdict out in place of an answer",
           FORGED + "from narrowcast.judge import worksheet\nif worksheet.hand_out: worksheet.hand_out('q2', VERDICT)"),
    _sends("hand-out-others", "hands out answers to questions that are not there",
           "from narrowcast.judge import worksheet\nfor name in ('q99', '', '../q2', 'q' * 10_000, None, 7):\n    try: worksheet.hand_out(name, {'answer': 0.5})\n    except Exception as error: print(type(error))"),
    _sends("hand-out-million", "hands an answer out a million times",
           "from narrowcast.judge import worksheet\nfor i in range(1_000_000): worksheet.hand_out('q2', {'answer': i / 1_000_000})",
           told=("output", "timeout", "died", "skipped"), burns=True),
    _sends("hand-out-every-share", "hands out every share there is from the check's own cell",
           "from narrowcast.judge import worksheet\nsay = worksheet.hand_out\n"
           "def every(name, data):\n    for i in range(2000): say(name, {'answer': i / 2000})\nworksheet.hand_out = every",
           most={"q2": 0.0, "q3": 0.0, "q4": 0.0}),
    _sends("hand-out-huge", "hands out ten million letters", "from narrowcast.judge import worksheet\nworksheet.hand_out('q2', {'answer': 'x' * 10_000_000})"),
    _sends("hand-out-shapes", "hands out tables that say what they are not",
           "from narrowcast.judge import worksheet\nfor what in ('number', 'table', 'plan', 'function', 'dict', 'list', 'raised', 'returned', 'verdict', 'other', 'time'):\n"
           "    for inner in (None, [], {}, 'x', -1, [[[]]], {'is': what}):\n        worksheet.hand_out('q2', {'answer': {'is': what, 'value': inner, 'members': inner, 'keys': inner, 'size': inner, 'type': inner}})"),
    Trick("sends-late-answer", "answers q1 rightly in a cell at the end, though its check has gone by",
          answers={"q1": "rules = {}"},
          last="nc.check('q1', dict(appeal='old', edition='new', everyone='old', famous='old', prospects='new', voice='new'))",
          most={"q1": 0.0, "q2": 0.0}, keep=("q3", "q4")),
)  # fmt: skip

REACHES = (
    _reaches("tcp", "a server on this machine", "import socket\ntry: socket.create_connection(('127.0.0.1', @PORT@), 1).sendall(b'reached')\nexcept OSError as error: print(error)"),
    _reaches("udp", "a server on this machine, without a connection", "import socket\ntry: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'reached', ('127.0.0.1', @PORT@))\nexcept OSError as error: print(error)"),
    _reaches("unix", "a socket that lies in a folder", "import socket\ntry:\n    link = socket.socket(socket.AF_UNIX); link.settimeout(1); link.connect('@OUTSIDE@/door')\nexcept OSError as error: print(error)"),
    _reaches("abstract", "a socket that lies nowhere", "import socket\ntry:\n    link = socket.socket(socket.AF_UNIX); link.settimeout(1); link.connect('\\0@TOKEN@')\nexcept OSError as error: print(error)"),
    _reaches("dns", "the outside by a name's look-up", "import socket\ntry:\n    socket.setdefaulttimeout(1); print(socket.create_connection(('192.0.2.1', 80), 1)); print('LEAK' + ':net')\nexcept OSError as error: print(error)"),
    _reaches("interfaces", "other interfaces than its own", "import socket\nnames = [name for _, name in socket.if_nameindex()]\nif set(names) - {'lo'}: print('LEAK' + ':net', names)"),
    _reaches("writes-outside", "a folder that anybody may write to", "import os\ntry: open('@OUTSIDE@/written', 'w').write('x')\nexcept OSError as error: print(error)"),
    _reaches("writes-marks", "the gradebook", "import sqlite3\ntry:\n    db = sqlite3.connect('@ROOT@/gradebook.db', timeout=1)\n    db.execute('update grade set manual_score = 4'); db.commit(); print('LEAK' + ':gradebook')\nexcept Exception as error: print(error)"),
    _reaches("writes-key", "the key", "try: open('@ROOT@/01-rules-flipped/key.py', 'a').write('\\n# x\\n')\nexcept OSError as error: print(error)"),
    _reaches("writes-classmates", "what a classmate handed in", "import os\ntry: os.remove('@ROOT@/submitted/honest-b/01-rules-flipped/assignment.ipynb')\nexcept OSError as error: print(error)"),
    _reaches("mount", "mounts the disk of the machine", "import ctypes, os\nlibc = ctypes.CDLL(None)\nos.makedirs('m', exist_ok=True)\nprint(libc.mount(b'/dev/vda', b'm', b'ext4', 0, None), libc.mount(b'proc', b'm', b'proc', 0, None))\nif os.path.exists('m/1/environ') or os.path.exists('m/etc'): print('LEAK' + ':mount')"),
    _reaches("chroot", "breaks out of its root folder", "import os\ntry:\n    os.mkdir('c'); fd = os.open('.', os.O_RDONLY); os.chroot('c'); os.fchdir(fd)\n    for _ in range(20): os.chdir('..')\n    os.chroot('.')\n    print(os.path.exists('.@ROOT@') and 'LEAK' + ':chroot')\nexcept OSError as error: print(error)"),
    _reaches("setuid", "becomes somebody else", "import os\nfor call in (lambda: os.setuid(0), lambda: os.setgid(0), lambda: os.setgroups([0])):\n    try: call()\n    except OSError as error: print(error)\ntry: open('/etc/planted', 'w'); print('LEAK' + ':root')\nexcept OSError as error: print(error)"),
    _reaches("user-namespace", "is root in a namespace of its own", "import ctypes, os\nlibc = ctypes.CDLL(None, use_errno=True)\nif libc.unshare(0x10000000 | 0x20000) == 0:\n    print(libc.mount(b'none', b'/', None, 1 << 18 | 16384, None)); print(os.path.exists('@ROOT@') and 'LEAK' + ':root')"),
    _reaches("ptrace", "takes hold of its parent", APART + "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nfor number in {os.getppid(), 1}:\n    if libc.ptrace(16, number, 0, 0) == 0: print('LEAK' + ':ptrace')"),
    _reaches("vm-writev", "writes into its parent's memory", APART + "import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nbuffer = ctypes.create_string_buffer(64)\n"
             "class Part(ctypes.Structure): _fields_ = [('base', ctypes.c_void_p), ('size', ctypes.c_size_t)]\n"
             "mine, theirs = Part(ctypes.addressof(buffer), 64), Part(id(int), 64)\nfor number in {os.getppid(), 1} - {os.getpid()}:\n"
             "    if libc.process_vm_readv(number, ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) > 0: print('LEAK' + ':vm')"),
    _reaches("perf", "devices of the machine", "import os\nfor name in ('/dev/mem', '/dev/kmem', '/dev/sda', '/dev/vda', '/dev/kvm', '/dev/fuse'):\n    try: os.open(name, os.O_RDONLY); print('LEAK' + ':' + name)\n    except OSError: pass"),
    _reaches("mknod", "makes the machine's disk for itself", "import os, stat\ntry:\n    os.mknod('disk', 0o600 | stat.S_IFBLK, os.makedev(254, 0)); os.open('disk', os.O_RDONLY); print('LEAK' + ':disk')\nexcept OSError as error: print(error)"),
    _reaches("io-uring", "calls of the kernel past Python", "import ctypes\nlibc = ctypes.CDLL(None)\nprint([libc.syscall(n, 0, 0, 0, 0) for n in (425, 321, 298, 250)])"),
    _reaches("setns", "steps into its parent's namespaces", APART + "import ctypes\nlibc = ctypes.CDLL(None)\nfor number in {1, os.getppid()}:\n    for kind in ('mnt', 'net', 'pid'):\n        try: print(libc.setns(os.open(f'/proc/{number}/ns/{kind}', os.O_RDONLY), 0))\n        except OSError as error: print(error)\nprint(os.path.exists('@ROOT@') and 'LEAK' + ':setns')"),
    _reaches("terminal", "types into the instructor's terminal", "import os, fcntl, termios\ntry:\n    fd = os.open('/dev/tty', os.O_RDWR); fcntl.ioctl(fd, termios.TIOCSTI, b'#'); print('LEAK' + ':tty')\nexcept OSError as error: print(error)"),
    _reaches("hostname", "names the machine anew", "import socket\ntry: socket.sethostname('mine')\nexcept OSError as error: print(error)"),
    Trick("reaches-clock", "may it set the clock? asks without doing so",
          "import os\ncaps = int(next(l for l in open('/proc/self/status') if l.startswith('CapEff')).split()[1], 16)\nif os.geteuid() == 0 and caps: print('LEAK' + ':capabilities', hex(caps))"),
    _reaches("nice", "takes all the processor", "import os\ntry: os.nice(-20); print('LEAK' + ':nice')\nexcept OSError as error: print(error)"),
    _reaches("sysctl", "settings of the kernel", "try: open('/proc/sys/vm/drop_caches', 'w').write('0'); print('LEAK' + ':sysctl')\nexcept OSError as error: print(error)"),
    _reaches("input", "waits for somebody to type", "try: input('mark? ')\nexcept BaseException as error: print(type(error))"),
    _reaches("classmate-essay", "copies an answer that needs no market: nothing here can tell", answer=
             "conversion_rate = 0.987654", code="rules", most={"q2": 0.0},
             known="q1 and q4 have one answer for everybody, and whoever copies it hands in a right answer"),
)  # fmt: skip

TRICKS = (*READS, *SENDS, *REACHES)
