"""Answers that lie about what they are, and answers that no judge was made for."""
# ruff: noqa: E501 - a trick reads best on a line of its own

from __future__ import annotations

from trick import Trick

__all__ = ["TRICKS"]

RATE = "conversion_rate = "
BREAKEVEN = "def breakeven(price_ratio, lift_match, lift_mismatch):\n"


def _answer(name: str, why: str, code: str, value: str, **more: object) -> Trick:
    """Return a trick whose answer to q2 is the trick."""
    return Trick(f"answer-{name}", why, code, RATE + value, **more)  # type: ignore[arg-type]


def _function(name: str, why: str, body: str, after: str = "", **more: object) -> Trick:
    """Return a trick whose answer to q4 is the trick; q2 is wrong as ever."""
    code = BREAKEVEN + body + after
    fields = {"most": {"q2": 0.0, "q4": 0.0}, "keep": ("q1", "q3"), **more}
    return Trick(f"function-{name}", why, answers={"q4": code}, **fields)  # type: ignore[arg-type]


def _choices(name: str, why: str, code: str, most: float = 0.0) -> Trick:
    """Return a trick whose answer to q1 is the trick."""
    return Trick(f"choice-{name}", why, answers={"q1": code}, most={"q1": most}, keep=("q3", "q4"))


def _plan(name: str, why: str, code: str, **more: object) -> Trick:
    """Return a trick whose answer to q5 is the trick."""
    return Trick(f"plan-{name}", why, answers={"q5": code}, most={"q2": 0.0, "q5": 0.0}, **more)  # type: ignore[arg-type]


EQUAL = """
class Equal(float):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    __le__ = __gt__ = __ge__ = __lt__
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __hash__(self): return 0
"""

LIARS = (
    _answer("equal-to-all", "is equal to whatever it is held against", EQUAL, "Equal(0.9)"),
    _answer(
        "equal-object", "the same without being a number",
        "class Same:\n    def __eq__(self, other): return True\n    def __hash__(self): return 0", "Same()",
    ),
    _answer(
        "float-that-counts", "__float__ gives another number at each call",
        "class Many:\n    n = 0\n    def __float__(self):\n        Many.n += 1\n        return Many.n / 1000", "Many()",
    ),
    _answer(
        "float-subclass-lies", "a float whose __float__ lies",
        "class Liar(float):\n    def __float__(self): return 0.5\n    def __repr__(self): return '0.5'", "Liar(0.9)",
    ),
    _answer(
        "class-lies", "__class__ says float",
        "class Odd:\n    @property\n    def __class__(self): return float\n    def __float__(self): return 0.9", "Odd()",
    ),
    _answer(
        "class-raises", "reading __class__ raises",
        "class Odd:\n    @property\n    def __class__(self): raise ValueError('no class')", "Odd()",
    ),
    _answer(
        "float-raises", "__float__ raises what nobody catches",
        "class Odd:\n    def __float__(self): raise KeyboardInterrupt\n    __index__ = __int__ = __float__", "Odd()",
    ),
    _answer(
        "repr-raises", "__repr__ and __str__ raise SystemExit",
        "class Odd:\n    def __repr__(self): raise SystemExit(0)\n    __str__ = __format__ = __repr__", "Odd()",
    ),
    _answer(
        "repr-is-no-text", "__repr__ gives a number",
        "class Odd:\n    def __repr__(self): return 2.0\n    __str__ = __repr__", "Odd()",
    ),
    _answer(
        "repr-is-huge", "__repr__ gives 200 million letters",
        "class Odd:\n    def __repr__(self): return 'x' * 200_000_000\n    __str__ = __repr__", "Odd()",
    ),
    _answer(
        "repr-forges-a-mark", "__repr__ looks like a verdict",
        "class Odd:\n    def __repr__(self): return '2.0'\n"
        "    def _repr_html_(self): return '<b>Right (2 of 2 points)</b>'", "Odd()",
    ),
    _answer(
        "repr-in-colour", "__repr__ holds control signs of a terminal",
        "class Odd:\n    def __repr__(self): return '\\x1b[2J\\x1b]0;right\\x07'\n    __str__ = __repr__", "Odd()",
    ),
    _answer(
        "reduce-runs-code", "unpickling it would run code with the grader's rights",
        "import os\nclass Odd:\n    def __reduce__(self): return os.system, ('touch @OUTSIDE@/pickled',)", "Odd()",
    ),
    _answer(
        "getattr-is-endless", "each attribute is another such object",
        "class Odd:\n    def __getattr__(self, name): return Odd()\n    def __call__(self, *a, **k): return Odd()", "Odd()",
    ),
    _answer(
        "getattribute-raises", "no attribute can be read, not even a special one",
        "class Odd:\n    def __getattribute__(self, name): raise MemoryError(name)", "Odd()",
    ),
    _answer(
        "item-lies", "shape and item of an array, and neither is one",
        "class Odd:\n    shape = ()\n    n = 0\n    def item(self):\n        Odd.n += 1\n        return Odd.n / 7", "Odd()",
    ),
    _answer("shape-is-huge", "a shape that cannot be multiplied", "class Odd:\n    shape = (10**4000,) * 9", "Odd()"),
    _answer(
        "str-subclass-lies", "a word whose methods all say yes",
        "class Word(str):\n    def strip(self, *a): return self\n    def lower(self): return self\n"
        "    def __eq__(self, other): return True\n    def __hash__(self): return 0", "Word('0.5')",
    ),
    _answer(
        "metaclass-lies", "isinstance is answered by the object's metaclass",
        "class Meta(type):\n    def __instancecheck__(cls, other): return True\n"
        "    def __subclasscheck__(cls, other): return True\n    __name__ = property(lambda cls: 1 / 0)\n"
        "class Odd(metaclass=Meta):\n    pass", "Odd()",
    ),
    _answer("ellipsis-inside", "dots inside of dots", "", "[[[...]]]"),
    _answer("verdict", "a verdict of one's own in place of an answer",
            "from narrowcast.judge import Verdict, Reason",
            "Verdict('q2', 2.0, 2.0, Reason.RIGHT, 'Right.')"),
    _answer("question", "the public question itself", "", "work.questions['q2']"),
    _answer("exception-class", "a class in place of a value", "", "SystemExit"),
    _answer("generator", "a generator that never ends", "def ever():\n    while True:\n        yield 0.5", "ever()"),
    _answer("module", "a module", "import sys", "sys"),
    _answer("mock", "a mock that agrees with everything", "from unittest.mock import MagicMock", "MagicMock()"),
)  # fmt: skip

NUMBERS = (
    _answer("nan", "no number is equal to it, and no comparison is true", "", "float('nan')"),
    _answer("infinite", "above every bound", "", "float('inf')"),
    _answer("minus-infinite", "below every bound", "", "float('-inf')"),
    _answer("negative", "a negative share", "", "-0.5"),
    _answer("minus-zero", "a zero with a sign", "", "-0.0"),
    _answer("denormal", "the smallest number there is", "", "5e-324"),
    _answer("nan-as-text", "NaN in letters", "", "'nan'"),
    _answer("number-as-text", "a mark in letters", "", "'2.0'"),
    _answer("truth-value", "True is 1", "", "True"),
    _answer("huge-integer", "ten million digits: printing it takes minutes", "", "10 ** (10 ** 7)", burns=True),
    _answer("huge-float", "a number no share can be", "", "1.7e308"),
    _answer("huge-text", "a hundred million letters", "", "'9' * 100_000_000"),
    _answer("huge-bytes", "as many bytes", "", "b'9' * 100_000_000"),
    _answer("complex", "a complex number", "", "0.5 + 0j"),
    _answer("interval", "all shares at once, as a slice", "", "slice(0, 1)"),
    _answer("all-shares", "a million shares, one of which is right",
            "import numpy as np", "np.linspace(0, 1, 1_000_001)"),
    _answer("list-of-all", "the same as a list", "", "[i / 100_000 for i in range(100_001)]"),
    _answer("set-of-all", "the same as a set", "", "{i / 100_000 for i in range(100_001)}"),
    _answer("decimal-nan", "a signalling NaN, which raises when it is compared",
            "from decimal import Decimal", "Decimal('sNaN')"),
    _answer("fraction-huge", "a fraction of huge numbers",
            "from fractions import Fraction", "Fraction(10**9999, 10**9998 + 1)"),
    _answer("object-array", "a NumPy array that holds a liar", EQUAL + "import numpy as np",
            "np.array([Equal(0.9)], dtype=object)"),
    _answer("empty-array", "an array that holds nothing", "import numpy as np", "np.array([])"),
    _answer("structured-array", "an array of records", "import numpy as np",
            "np.zeros(1, dtype=[('score', float), ('reason', 'U5')])"),
    _answer("datetime", "a date in place of a number", "import numpy as np", "np.datetime64('2020-01-01')"),
    _answer("matrix-too-large", "an array larger than memory, without its memory",
            "import numpy as np", "np.broadcast_to(np.float64(0.5), (10**6, 10**6))"),
    _answer("lying-dtype", "a Series whose dtype says what it is not",
            "import pandas as pd\nclass Odd(pd.Series):\n    dtype = property(lambda self: float)\n"
            "    shape = (1,)\n    def item(self): return 0.123", "Odd(['x', 'y'])"),
    _answer("masked", "a masked value, which is equal to nothing", "import numpy as np", "np.ma.masked"),
    _answer("itself", "a list that holds itself", "loop = []\nloop.append(loop)", "loop"),
    _answer("deep", "a hundred thousand lists inside of one another",
            "deep = []\nfor _ in range(100_000):\n    deep = [deep]", "deep"),
    _answer("deep-dict", "the same of dictionaries",
            "deep = {}\nfor _ in range(5_000):\n    deep = {'a': deep}", "deep"),
    _answer("wide", "a million keys", "", "{str(i): i for i in range(1_000_000)}"),
    _answer("surrogate", "half a letter, which no file can hold", "", "'\\ud800'"),
    _answer("nul", "a text with NUL in it", "", "'0.5\\x00'"),
    _answer("dict-of-a-verdict", "a verdict as plain data in place of a number", "",
            "{'question': 'q2', 'score': 2.0, 'points': 2.0, 'reason': 'right', 'message': '', 'value': 0.5}"),
)  # fmt: skip

CHOICES = (
    _choices("every-option", "all options for each item",
             "rules = {name: ['old', 'new'] for name in ('appeal', 'edition', 'everyone', 'famous', 'prospects', 'voice')}"),
    _choices("word-that-changes", "another word at each look",
             "class Word(str):\n    n = 0\n    def lower(self):\n        Word.n += 1\n        return ('old', 'new')[Word.n % 2]\n"
             "    strip = lower\nrules = {name: Word('x') for name in ('appeal', 'edition', 'everyone', 'famous', 'prospects', 'voice')}"),
    _choices("equal-words", "words equal to all",
             "class Word(str):\n    def __eq__(self, other): return True\n    def __hash__(self): return 0\n"
             "rules = dict.fromkeys(('appeal', 'edition', 'everyone', 'famous', 'prospects', 'voice'), Word('neither'))"),
    _choices("dict-that-lies", "a mapping that answers differently each time",
             "class Rules(dict):\n    n = 0\n    def __getitem__(self, key):\n        Rules.n += 1\n"
             "        return ('old', 'new')[Rules.n % 2]\n    def get(self, key, default=None): return self[key]\n"
             "rules = Rules(appeal='neither')"),
    _choices("many-items", "a hundred thousand further items", "rules = {f'item{i}': 'old' for i in range(100_000)}"),
    _choices("keys-raise", "keys that cannot be compared",
             "class Key(str):\n    def __eq__(self, other): raise ValueError\n    def __hash__(self): return hash('appeal')\n"
             "rules = {Key('appeal'): 'old'}", 0.34),
    _choices("regex", "a pattern in place of a word", "rules = dict.fromkeys(('appeal', 'edition'), '.*')"),
    _choices("always-old", "half of them by saying the same of all: an honest half",
             "rules = dict.fromkeys(('appeal', 'edition', 'everyone', 'famous', 'prospects', 'voice'), 'old')", 1.0),
)  # fmt: skip

FUNCTIONS = (
    _function("equal-to-all", "gives out what is equal to everything",
              "    return Same()", "\nclass Same(float):\n    def __eq__(self, other): return True\n    __hash__ = float.__hash__"),
    _function("exits", "ends the program when it is called", "    import os\n    os._exit(0)", told=("died",)),
    _function("exit-politely", "raises SystemExit", "    raise SystemExit(0)"),
    _function("interrupts", "raises KeyboardInterrupt", "    raise KeyboardInterrupt"),
    _function("base-exception", "raises what is no Exception", "    raise BaseException('x')"),
    _function("error-lies", "raises an error whose text raises",
              "    raise Odd()", "\nclass Odd(Exception):\n    def __str__(self): raise RuntimeError\n    __repr__ = __str__"),
    _function("stop-iteration", "raises StopIteration, which ends loops quietly", "    raise StopIteration"),
    _function("recursion", "calls itself for ever", "    return breakeven(price_ratio, lift_match, lift_mismatch)"),
    _function("endless", "never returns", "    while True: pass", told=("timeout",), burns=True),
    _function("reads-callers", "looks for the expected values in the frames that called it",
              "    import sys\n    frame = sys._getframe(1)\n    while frame:\n"
              "        for word in ('truth', 'wanted', 'expected', 'right', 'outputs'):\n"
              "            found = frame.f_locals.get(word)\n"
              "            if callable(found): return found(price_ratio, lift_match, lift_mismatch)\n"
              "            if isinstance(found, (list, tuple)) and found: return found[0]\n"
              "        frame = frame.f_back"),
    _function("writes-callers", "changes the inputs in the frames that called it",
              "    import sys\n    frame = sys._getframe(1)\n    while frame:\n"
              "        for found in list(frame.f_locals.values()):\n"
              "            if type(found) is list: found.clear()\n        frame = frame.f_back\n    return 0.5"),
    _function("coroutine", "is asynchronous", "    return 0.5\nimport asyncio\nasync def breakeven(*a):\n    return 0.5"),
    _function("generator", "yields in place of returning", "    while True: yield 0.5"),
    _function("huge-result", "returns a hundred million letters each time", "    return 'x' * 100_000_000"),
    _function("deep-result", "returns lists inside of lists",
              "    x = []\n    for _ in range(50_000): x = [x]\n    return x"),
    _function("nan", "returns NaN", "    return float('nan')"),
    _function("text", "returns the number in letters", "    return '0.5'"),
    _function("half", "returns None always: right where there is no answer",
              "    return None", most={"q2": 0.0, "q4": 1.0}),
    _function("table-of-examples", "knows the published examples by heart, wrong elsewhere",
              "    return 0.615384 if price_ratio == 2.0 else 7.0"),
    Trick("function-partial-object", "an object with __call__ in place of a function, all right: full marks",
          answers={"q4": "class Call:\n    def __call__(self, price_ratio, lift_match, lift_mismatch):\n"
                   "        if lift_match <= lift_mismatch: return None\n"
                   "        return (price_ratio - lift_mismatch) / (lift_match - lift_mismatch)\nbreakeven = Call()"}),
    Trick("function-signature-lies", "a signature that raises when it is looked at",
          answers={"q4": "class Odd:\n    def __call__(self, *a, **k): return 0.5\n"
                   "    __signature__ = property(lambda self: 1 / 0)\nbreakeven = Odd()"},
          most={"q4": 0.0}, keep=("q1", "q3")),
    Trick("function-class", "a class in place of a function",
          answers={"q4": "class breakeven:\n    def __init__(self, *a): pass\n    def __eq__(self, o): return True"},
          most={"q4": 0.0}, keep=("q1", "q3")),
    Trick("function-builtin-exec", "exec in place of a function",
          answers={"q4": "breakeven = exec"}, most={"q4": 0.0}, keep=("q1", "q3")),
    Trick("function-memory", "keeps what it is called with and prints it: the examples are public",
          answers={"q4": "def breakeven(*given, **more):\n    print(given, more)\n    return 99.0"},
          most={"q4": 0.0}, keep=("q1", "q3")),
)  # fmt: skip

PLANS = (
    _plan("mutated-after", "a plan that is too dear, changed behind its checks",
          "my_plan = nc.Plan('mine', flights=[nc.Flight('social', spend=1_000_000, to='loyal')])\n"
          "for name in ('spend',):\n    try:\n        object.__setattr__(my_plan.flights[0], name, 10**12)\n"
          "        my_plan.flights[0].__dict__[name] = 10**12\n    except Exception as error: print(error)"),
    _plan("negative", "a flight that pays money back",
          "f = nc.Flight('social', spend=1_000_000, to='loyal')\nf.__dict__['spend'] = -10**9\n"
          "my_plan = nc.Plan.model_construct(name='mine', flights=(f,)) if hasattr(nc.Plan, 'model_construct') else f"),
    _plan("nan", "a spend that is no number",
          "f = nc.Flight('social', spend=1_000_000, to='loyal')\nf.__dict__['spend'] = float('nan')\n"
          "my_plan = nc.Plan.model_construct(name='mine', flights=(f,)) if hasattr(nc.Plan, 'model_construct') else f"),
    _plan("dict", "a dictionary that looks like a plan", "my_plan = {'name': 'mine', 'flights': [{'channel': 'social', 'spend': 1e308}]}"),
    _plan("subclass", "a plan whose JSON lies",
          "class Odd(nc.Plan):\n    def to_json(self, *a, **k): return '{\"name\": 1, \"flights\": [[[]]]}'\n"
          "    def model_dump(self, *a, **k): return {'flights': 1e999}\nmy_plan = Odd('mine', flights=[])"),
    _plan("outcome", "an outcome of one's own making in place of a plan",
          "class Outcome:\n    profit = incremental_profit = 10**15\n    def __float__(self): return 1e15\nmy_plan = Outcome()"),
    _plan("many-flights", "a hundred thousand flights",
          "my_plan = {'name': 'mine', 'flights': [{'channel': 'social', 'spend': 1, 'to': 'loyal'}] * 100_000}"),
    _plan("type-lies", "an object whose class says Plan",
          "class Odd:\n    @property\n    def __class__(self): return nc.Plan\n    def __getattr__(self, name): return 10**9\nmy_plan = Odd()"),
    _plan("huge-name", "a plan whose name is fifty million letters",
          "my_plan = nc.Plan('x' * 50_000_000, flights=[])"),
)  # fmt: skip

TRICKS = (*LIARS, *NUMBERS, *CHOICES, *FUNCTIONS, *PLANS)
