"""Changes to the program that a submission runs in: IPython, Python itself, narrowcast, its libraries."""
# ruff: noqa: E501 - a trick reads best on a line of its own

from __future__ import annotations

from trick import APART, WRONG, Trick

__all__ = ["TRICKS"]


def _hook(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"ipython-{name}", why, code, **more)  # type: ignore[arg-type]


def _builtin(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"builtin-{name}", why, "import builtins\n" + code, keep=("q1",), **more)  # type: ignore[arg-type]


def _ours(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"ours-{name}", why, code, keep=("q1",), **more)  # type: ignore[arg-type]


def _library(name: str, why: str, code: str, **more: object) -> Trick:
    return Trick(f"library-{name}", why, code, keep=("q1",), **more)  # type: ignore[arg-type]


CONSTANT = """
import ast
class Two(ast.NodeTransformer):
    def visit_Expr(self, node):
        if 'check' in ast.dump(node):
            return ast.copy_location(ast.Expr(ast.Constant(2.0)), node)
        return node
"""

IPYTHON = (
    _hook("ast-drops-asserts", "an AST hook that leaves asserts out",
          "import ast\nclass Drop(ast.NodeTransformer):\n    def visit_Assert(self, node): return ast.Pass()\n"
          "get_ipython().ast_transformers.append(Drop())"),
    _hook("ast-constant", "an AST hook that makes each check a constant 2.0",
          CONSTANT + "get_ipython().ast_transformers.append(Two())", keep=("q1",)),
    _hook("ast-raises", "an AST hook that raises", "class Odd:\n    def visit(self, node): raise SystemExit\n"
          "get_ipython().ast_transformers.append(Odd())", keep=("q1",)),
    _hook("input-transformer", "rewrites the text of each later cell",
          "get_ipython().input_transformers_post.append(lambda lines: ['2.0\\n'])", keep=("q1",)),
    _hook("cleanup-transformer", "the same, before magics are read",
          "get_ipython().input_transformers_cleanup.append(lambda lines: ['4.0\\n'])", keep=("q1",)),
    _hook("pre-run-cell", "changes answers before each cell runs",
          "get_ipython().events.register('pre_run_cell', lambda info: get_ipython().user_ns.update(conversion_rate=True))"),
    _hook("post-run-cell", "ends the program after each cell",
          "import os\nget_ipython().events.register('post_run_cell', lambda result: os._exit(0))", keep=("q1",)),
    _hook("post-execute-forever", "a hook that never returns after each cell",
          "def ever(*a):\n    while True: pass\nget_ipython().events.register('post_execute', ever)", keep=("q1",),
          told=("timeout", "died", "skipped"), burns=True),
    _hook("displayhook", "shows 2.0 whatever a cell ends in",
          "import sys\nsys.displayhook = lambda value: print('2.0')\nget_ipython().displayhook = sys.displayhook"),
    _hook("display-pub", "publishes a forged verdict in place of each output",
          "get_ipython().display_pub.publish = lambda *a, **k: print('Right (2 of 2 points)')"),
    _hook("formatter", "formats every float as 2.0",
          "fmt = get_ipython().display_formatter.formatters['text/plain']\n"
          "fmt.for_type(float, lambda value, p, cycle: p.text('2.0'))"),
    _hook("custom-exc", "an exception handler that hides what went wrong",
          "get_ipython().set_custom_exc((BaseException,), lambda *a, **k: None)"),
    _hook("run-cell-patched", "the shell's run_cell does nothing",
          "shell = get_ipython()\nshell.run_cell = lambda *a, **k: None\n"
          "type(shell).run_cell = lambda *a, **k: None\ntype(shell).run_cell_async = None", keep=("q1",)),
    _hook("reset", "empties the namespace", "%reset -f", answer="", keep=("q1",)),
    _hook("magic-overrides", "magics that shadow what the checks use",
          "from IPython.core.magic import register_line_magic\n@register_line_magic\ndef nc(line): return 2.0", keep=("q1",)),
    _hook("alias", "an alias of the system for the name of a check", "%alias nc echo 2.0"),
    _hook("history", "writes to IPython's history in the home folder",
          "import os\nos.makedirs(os.path.expanduser('~/.ipython/profile_default'), exist_ok=True)\n"
          "open(os.path.expanduser('~/.ipython/profile_default/history.sqlite'), 'w').write('x' * 1000)"),
    _hook("startup", "plants a start-up file for the next student",
          "import os\nfolder = os.path.expanduser('~/.ipython/profile_default/startup')\n"
          "os.makedirs(folder, exist_ok=True)\nopen(folder + '/00.py', 'w').write('print(\"PLAN\" + \"TED\"); 1/0')"),
    _hook("user-ns", "a namespace that gives 0.5 for what is not there",
          "class Space(dict):\n    def __missing__(self, key): return 0.5\nget_ipython().user_ns = Space(get_ipython().user_ns)",
          keep=("q1",)),
    _hook("exit-now", "asks the shell to exit", "get_ipython().ask_exit()\nget_ipython().exit_now = True"),
    _hook("quit", "quits", "quit()"),
    _hook("forged-result", "leaves 2.0 as the last value of its own cell", "", answer=f"{WRONG}\n2.0"),
    _hook("forged-display", "shows a verdict that looks as the judge's",
          "from IPython.display import publish_display_data\n"
          "publish_display_data({'text/plain': '✓ q2: Right (2 of 2 points)', 'text/html': '<b>Right</b>'})"),
    _hook("bash-magic", "a cell of another program", "", answer="get_ipython().run_cell_magic('bash', '', 'echo 2.0; exit 1')",
          keep=("q1",)),
    _hook("capture", "captures what its cell says", "", answer="get_ipython().run_cell_magic('capture', 'out', 'conversion_rate = 0.98')"),
    _hook("unknown-mime", "an output whose keys are no texts",
          "from IPython.display import display\ndisplay({1: 2, 'text/plain': object()}, raw=True)\n"
          "display({'application/json': {'a': float('nan')}}, raw=True)"),
    _hook("html-script", "an output that would run in the instructor's browser",
          "from IPython.display import HTML, display\ndisplay(HTML('<script>fetch(\"/formgrader\")</script>'))"),
    _hook("comm", "opens a channel to a notebook that is not there",
          "try:\n    from ipykernel.comm import Comm\n    Comm(target_name='x', data={'mark': 2})\nexcept Exception as error:\n    print(error)"),
)  # fmt: skip

BUILTINS = (
    _builtin("print", "print says 2.0", "builtins.print = lambda *a, **k: __import__('sys').stdout.write('2.0\\n')"),
    _builtin("isinstance", "isinstance says yes", "builtins.isinstance = lambda *a: True"),
    _builtin("float", "float gives 2.0", "builtins.float = lambda *a: 2.0"),
    _builtin("len", "len gives 0", "builtins.len = lambda *a: 0"),
    _builtin("open", "open opens nothing", "builtins.open = lambda *a, **k: None"),
    _builtin("import", "each import gives a mock",
             "from unittest.mock import MagicMock\nbuiltins.__import__ = lambda *a, **k: MagicMock()"),
    _builtin("type", "type says float", "builtins.type = lambda *a: float"),
    _builtin("str", "str gives a verdict", "builtins.str = lambda *a: 'Right (2 of 2 points)'"),
    _builtin("repr", "repr raises", "def odd(*a): raise SystemExit\nbuiltins.repr = odd"),
    _builtin("getattr", "getattr gives 2.0", "builtins.getattr = lambda *a: 2.0"),
    _builtin("exec-eval", "exec, eval and compile do nothing", "builtins.exec = builtins.eval = builtins.compile = lambda *a, **k: None"),
    _builtin("abs-min-max", "arithmetic that agrees", "builtins.abs = builtins.min = builtins.max = builtins.sum = lambda *a, **k: 0"),
    _builtin("all-any", "all and any say yes", "builtins.all = builtins.any = lambda *a: True"),
    _builtin("del", "takes half of Python away", "for name in ('dict', 'list', 'len', 'Exception', 'ValueError'):\n    delattr(builtins, name)"),
    _builtin("build-class", "no class can be made", "builtins.__build_class__ = None"),
    _builtin("float-eq-by-c", "overwrites float's comparison by ctypes",
             "import ctypes, gc\nspace = gc.get_referents(float.__dict__)[0]\nspace['__eq__'] = lambda a, b: True\n"
             "ctypes.pythonapi.PyType_Modified(ctypes.py_object(float))"),
    _builtin("small-ints", "changes what 0 and 1 are",
             "import ctypes, sys\nctypes.memmove(id(0) + 24, id(2) + 24, 4)", told=()),
    _builtin("math-isclose", "math.isclose says yes", "import math\nmath.isclose = lambda *a, **k: True\nmath.isfinite = lambda *a: True"),
    _builtin("time", "time stands still", "import time\ntime.time = time.monotonic = time.perf_counter = lambda: 0.0"),
    _builtin("datetime", "it is last year",
             "import datetime\nclass Past(datetime.datetime):\n    @classmethod\n    def now(cls, tz=None): return cls(2000, 1, 1, tzinfo=tz)\n"
             "datetime.datetime = Past"),
    _builtin("settrace", "traces each line and changes it",
             "import sys\ndef trace(frame, event, arg):\n    frame.f_trace_opcodes = False\n    return trace\nsys.settrace(trace)"),
    _builtin("profile", "a profiler that raises", "import sys\ndef odd(*a): raise ValueError\nsys.setprofile(odd)"),
    _builtin("audit", "an audit hook that ends the program at the next file",
             "import sys, os\nsys.addaudithook(lambda event, args: os._exit(3) if event == 'open' else None)"),
    _builtin("excepthook", "hooks for what is not caught", "import sys\nsys.excepthook = sys.unraisablehook = lambda *a: None"),
    _builtin("recursionlimit", "a recursion limit of 60", "import sys\nsys.setrecursionlimit(60)"),
    _builtin("switchinterval", "threads that never let go", "import sys\nsys.setswitchinterval(1e6)"),
    _builtin("int-digits", "texts of ints as long as one likes", "import sys\nsys.set_int_max_str_digits(0)"),
    _builtin("stdout-replaced", "standard output is a file of one's own",
             "import sys, io\nsys.stdout = sys.stderr = sys.__stdout__ = io.StringIO()"),
    _builtin("stdout-closed", "standard output is closed", "import sys\nsys.stdout.close(); sys.stderr.close()"),
    _builtin("modules-cleared", "no module is loaded any more", "import sys\nsys.modules.clear()"),
    _builtin("path-hooks", "every further import comes from here",
             "import sys\nclass Finder:\n    def find_spec(self, *a): raise SystemExit\nsys.meta_path.insert(0, Finder())"),
    _builtin("warnings", "warnings are errors", "import warnings\nwarnings.simplefilter('error')\nwarnings.warn = None"),
    _builtin("gc-off", "freezes the collector and its thresholds", "import gc\ngc.disable(); gc.set_threshold(1); gc.callbacks.append(lambda *a: 1 / 0)"),
    _builtin("chdir", "goes elsewhere", "import os\nos.chdir('/')"),
    _builtin("locale", "another language and another decimal sign",
             "import os, locale\nos.environ.update(LANG='de_DE.UTF-8', LC_ALL='de_DE.UTF-8', NARROWCAST_LANGUAGE='vi', PYTHONHASHSEED='1')\n"
             "try: locale.setlocale(locale.LC_ALL, '')\nexcept locale.Error: pass"),
    _builtin("float-repr", "subclass of float everywhere by np.float64", "import numpy as np\nnp.float64.__class__\nnp.set_printoptions(formatter={'all': lambda v: '2.0'})"),
)  # fmt: skip

OURS = (
    _ours("check", "nc.check gives a right verdict",
          "from narrowcast.judge import Verdict, Reason\nnc.check = lambda name, answer: Verdict(name, 2.0, 2.0, Reason.RIGHT, '')"),
    _ours("check-number", "nc.check gives 2.0", "class Two:\n    def mark(self): return 2.0\nnc.check = lambda *a: Two()"),
    _ours("nc-itself", "nc is something else", "class nc:\n    @staticmethod\n    def check(*a):\n        class Two:\n            mark = lambda self: 2.0\n        return Two()"),
    _ours("verdict-mark", "Verdict.mark gives the most there is",
          "from narrowcast.judge import Verdict\nVerdict.mark = lambda self: self.points"),
    _ours("verdict-score", "each verdict has full score",
          "from narrowcast.judge import Verdict\nVerdict.score = property(lambda self: self.points, lambda self, value: None)"),
    _ours("verdict-str", "each verdict reads as right", "from narrowcast.judge import Verdict\nVerdict.__str__ = lambda self: '✓ Right (2 of 2 points)'"),
    _ours("verdict-to-json", "each verdict is carried as right",
          "from narrowcast.judge import Verdict\nVerdict.to_json = lambda self: {'question': self.question, 'score': 2.0, 'points': 2.0, 'reason': 'right', 'message': ''}"),
    _ours("question-plain", "Question.plain gives out a verdict",
          "from narrowcast.judge.questions import Question, Number\n"
          "Question.plain = Number.plain = lambda *a, **k: {'score': 2.0, 'reason': 'right', 'verdict': 'right'}"),
    _ours("question-compare", "every answer is the same as the truth",
          "from narrowcast.judge.questions import Number, Question\nNumber.same = Question.same = lambda *a: True\n"
          "Question.compare = Number.compare = lambda self, *a: self.verdict(self.points, 'right', '')"),
    _ours("points", "each question is worth a thousand points", "for question in work.questions.values():\n    question.points = 1000.0"),
    _ours("public-key", "questions without bounds", "for question in work.questions.values():\n    question.between = None; question.tolerance = 1e9; question.bet = True"),
    _ours("world", "another student's market", "import os\nos.environ['NARROWCAST_STUDENT'] = 'honest-a'\n"
          "work = nc.open_assignment('01-rules-flipped', student='honest-a')\nworld = work.world",
          answer="conversion_rate = world.segments['orders'].sum() / world.segments['visits'].sum()"),
    _ours("world-numbers", "a market whose numbers are changed: the judge opens its own",
          "segments = world.segments\nsegments['orders'] = segments['visits']\n",
          answer="conversion_rate = segments['orders'].sum() / segments['visits'].sum()"),
    _ours("open-world", "open_world gives an easy market", "import narrowcast.worlds as w\nw.open_world = nc.open_world = lambda *a, **k: None"),
    _ours("hand-out-none", "nothing is handed out", "from narrowcast.judge import worksheet\nworksheet.hand_out = None"),
    _ours("hand-out-patched", "answers are swallowed and a verdict is printed",
          "from narrowcast.judge import worksheet\nworksheet.hand_out = lambda *a, **k: print('right')"),
    _ours("hand-out-raises", "the hook raises", "from narrowcast.judge import worksheet\ndef odd(*a, **k): raise SystemExit\nworksheet.hand_out = odd"),
    _ours("inputs-patched", "the function is called with inputs of one's own",
          "from narrowcast.judge import worksheet\nworksheet.inputs_for = lambda name: [[2.0, 3.0, 0.4]] * 10"),
    _ours("worksheet-open", "another worksheet is open",
          "from narrowcast.judge import worksheet\nclass Sheet:\n    def check(self, *a):\n        class Two:\n            mark = lambda self: 2.0\n        return Two()\nworksheet._open[:] = [Sheet()]"),
    _ours("questions-file", "questions.json with higher points, on the spot",
          "import json\ntry:\n    data = json.load(open('questions.json'))\n    data['questions']['q2']['points'] = 1000\n    json.dump(data, open('questions.json', 'w'))\n"
          "except OSError as error: print(error)\nwork = nc.open_assignment('01-rules-flipped', student=student)"),
    _ours("errors", "our errors are no errors", "import narrowcast.errors as e\ne.NarrowcastError.__init__ = lambda self, *a, **k: None\ne.AnswerError = KeyboardInterrupt"),
    _ours("simulate", "every campaign earns a fortune", "import narrowcast.simulate as s\nnc.simulate = s.simulate = lambda *a, **k: 10**15"),
    _ours("reload", "loads narrowcast again from the folder of the student",
          "import sys, os\nos.makedirs('narrowcast/judge', exist_ok=True)\nopen('narrowcast/__init__.py', 'w').write('check = lambda *a: 2.0')\n"
          "for name in [n for n in sys.modules if n.startswith('narrowcast')]: del sys.modules[name]\nsys.path.insert(0, '')\nimport narrowcast as nc"),
    _ours("source-written", "writes to the installed package",
          APART + "import narrowcast, os\ntry:\n    with open(os.path.join(os.path.dirname(narrowcast.__file__), 'planted_by_a_trick.py'), 'w') as f: f.write('x')\n"
          "except OSError as error: print(error)"),
    _ours("gettext", "every text is a verdict", "import narrowcast.language as l\nl.gettext = lambda text: 'Right'\nl._translations = None"),
)  # fmt: skip

LIBRARIES = (
    _library("json-dumps", "json says what it likes",
             "import json\njson.dumps = lambda *a, **k: '{\"score\": 2.0}'\njson.dump = lambda obj, f, **k: f.write('{\"score\": 2.0}')"),
    _library("json-encoder", "the encoder of json",
             "import json.encoder\njson.encoder.JSONEncoder.encode = lambda *a: '{}'\njson.encoder.c_make_encoder = None\njson.encoder.JSONEncoder.iterencode = lambda *a, **k: iter(['{}'])"),
    _library("json-loads", "what comes in is something else", "import json\njson.loads = json.load = lambda *a, **k: {'cells': [], 'source': '2.0'}"),
    _library("os-write", "every write is a forged message",
             "import os\nwrite = os.write\nos.write = lambda fd, data: write(fd, b'\\x00\\x00\\x00\\x10{\"score\": 2.0000}')"),
    _library("struct", "lengths are wrong", "import struct\nstruct.pack = lambda *a: b'\\xff' * 4"),
    _library("io", "files of one's own", "import io\nio.open = io.BytesIO = io.StringIO = lambda *a, **k: None"),
    _library("pickle", "pickle runs code", "import pickle, os\npickle.loads = pickle.load = lambda *a, **k: os.system('touch @OUTSIDE@/pickled2')"),
    _library("socket", "sockets send what they like", "import socket\nsocket.socket.sendall = socket.socket.send = lambda self, data: len(data)"),
    _library("numpy", "all numbers are close", "import numpy as np\nnp.isclose = np.allclose = np.array_equal = lambda *a, **k: True"),
    _library("pandas", "all tables are equal", "import pandas as pd\npd.DataFrame.equals = pd.Series.equals = lambda *a: True\npd.DataFrame.__eq__ = lambda *a: True"),
    _library("traceback", "tracebacks raise", "import traceback\ntraceback.format_exception = traceback.format_exc = None"),
    _library("random", "no luck any more", "import random, numpy as np\nrandom.seed(0); np.random.seed(0)\nrandom.random = lambda: 0.0"),
    _library("os-exit", "an exit that does not exit", "import os, sys\nos._exit = sys.exit = lambda *a: None\nos.kill = lambda *a: None"),
    _library("signal", "no handler can be set", "import signal\nsignal.signal = signal.setitimer = signal.alarm = lambda *a: None"),
    _library("threading", "threads that do not start", "import threading\nthreading.Thread.start = lambda self: None\nthreading.Lock = None"),
    _library("asyncio", "no loop runs", "import asyncio\nasyncio.run = asyncio.new_event_loop = asyncio.get_event_loop = None"),
    _library("inspect", "signatures lie", "import inspect\ninspect.signature = lambda *a: 1 / 0"),
    _library("collections-abc", "everything is a Mapping",
             "from collections.abc import Mapping, Sequence\nMapping.register(float); Sequence.register(float)"),
    _library("matplotlibrc", "settings of plots that raise", "open('matplotlibrc', 'w').write('backend: module://nowhere\\n')"),
    _library("numpy-errors", "every rounding is an error", "import numpy as np\nnp.seterr(all='raise')\nnp.seterrcall(lambda *a: 1 / 0)"),
)  # fmt: skip

TRICKS = (*IPYTHON, *BUILTINS, *OURS, *LIBRARIES)
