"""Messages to the grader in its own form, whose fields are not of the kind that they should be, and too many of them."""
# ruff: noqa: E501 - a trick reads best on a line of its own

from __future__ import annotations

from trick import Trick

__all__ = ["TRICKS"]

SPEAK = """
import fcntl, json, os, struct
def packed(what):
    text = what if isinstance(what, bytes) else json.dumps(what).encode()
    return struct.pack('<I', len(text)) + text
def ways():
    for fd in range(3, 64):
        try:
            if fcntl.fcntl(fd, fcntl.F_GETFL) & os.O_ACCMODE == os.O_WRONLY and 'pipe' in os.readlink(f'/proc/self/fd/{fd}'): yield fd
        except OSError: pass
def say(*messages):
    data = memoryview(b''.join(map(packed, messages)))
    for fd in ways():
        rest = data
        while rest: rest = rest[os.write(fd, rest):]
"""
"""Writes whole messages to every pipe that leads out, past all that Python would do with them."""


def _forms(name: str, why: str, *messages: str, **more: object) -> Trick:
    said = ", ".join(f"dict({message})" for message in messages)
    fields = {"keep": ("q1",), **more}
    return Trick(f"forms-{name}", why, f"{SPEAK}say({said})", **fields)  # type: ignore[arg-type]


def _output(name: str, why: str, fields: str, **more: object) -> Trick:
    """Return a trick that shows something; the fields override those of a display that is all right."""
    plain = "output_type='display_data', data={'text/plain': 'x'}, metadata={}"
    return _forms(name, why, f"kind='output', output={{**dict({plain}), **dict({fields})}}", **more)


ODD = (("list", "[]"), ("dict", "{}"), ("number", "7"), ("null", "None"))
"""What stands where a text is expected."""

OUTPUTS = (
    *(_output(f"type-{kind}", f"an output whose type is a {kind}", f"output_type={odd}") for kind, odd in ODD),
    *(_output(f"stream-{kind}", f"a stream whose name is a {kind}", f"output_type='stream', name={odd}, text='x'") for kind, odd in ODD),
    *(_forms(f"display-{kind}", f"a display whose id is a {kind}, and its update",
             f"kind='output', display={odd}, output={{'output_type': 'display_data', 'data': {{}}, 'metadata': {{}}}}",
             f"kind='update', display={odd}, output={{'output_type': 'display_data', 'data': {{}}, 'metadata': {{}}}}") for kind, odd in ODD),
    _output("stream-text", "a stream whose text is a list", "output_type='stream', name='stdout', text=['x', 7]"),
    _output("data-list", "a display whose data are a list", "data=[['text/plain', 'x']]"),
    _output("data-inside", "a display whose text is a number, a list, nothing", "data={'text/plain': 7, 'text/html': [], 'image/png': None}"),
    _output("data-json", "kinds of data that only look like JSON", "data={'text/xjson': {'a': 1}, 'xjson': [1, 2], '': {}, 'application/jsonjson': 3, 'application/x+json': [None]}"),
    _output("metadata", "metadata that are a list", "metadata=[1]"),
    _output("metadata-deep", "metadata sixty deep", "metadata={'a': eval('[' * 55 + ']' * 55)}"),
    _output("result-count", "a result whose number is a list", "output_type='execute_result', execution_count=[]"),
    _output("error-number", "an error whose name is a number and whose traceback is a dict", "output_type='error', ename=7, evalue=[], traceback={'a': None}",
            told=("error", "")),
    _output("error-lines", "an error whose lines are lists", "output_type='error', ename='E', evalue='x', traceback=[[], {}, 7, None]", told=("error", "")),
    _forms("output-list", "an output that is a list", "kind='output', output=[['output_type', 'stream']]"),
    _forms("output-text", "an output that is a text", "kind='output', output='stream'"),
    _forms("output-null", "no output", "kind='output', output=None", "kind='output'"),
)  # fmt: skip

MESSAGES = (
    *(_forms(f"kind-{kind}", f"a message whose kind is a {kind}", f"kind={odd}, cell=0, output={{}}") for kind, odd in ODD),
    *(_forms(f"question-{kind}", f"an answer to a question whose name is a {kind}", f"kind='answer', question={odd}, data={{'answer': 0.5}}") for kind, odd in ODD),
    *(_forms(f"answer-{kind}", f"an answer whose data are a {kind}", f"kind='answer', question='q2', data={odd}") for kind, odd in ODD),
    *(_forms(f"cell-{kind}", f"beginnings and ends of a cell whose place is a {kind}", f"kind='begin', cell={odd}", f"kind='end', cell={odd}, failed={odd}") for kind, odd in ODD),
    _forms("cell-true", "says that cell True ends, and cell 1.0", "kind='end', cell=True", "kind='end', cell=1.0", "kind='end', cell='1'"),
    _forms("clear", "asks for its outputs to be cleared, with what is neither yes nor no", "kind='clear', wait=[]", "kind='clear', wait='yes'", "kind='clear', wait=1"),
    Trick("forms-no-dict", "messages that are no dictionaries", f"{SPEAK}say([], 7, None, 'kind', [['kind', 'done']], b'', b'{{}}', b'\"', b'{{\"kind\"')", keep=("q1",)),
    Trick("forms-twice", "a message that says each thing twice", SPEAK + "say(b'{\"kind\": \"output\", \"kind\": [], \"output\": {\"output_type\": []}, \"output\": {\"output_type\": {}}}')", keep=("q1",)),
)  # fmt: skip

LARGE = 'b\'{"kind": "answer", "question": "q2", "data": {"a": [\' + b\'{},\' * 690_000 + b\'{}]}}\''
"""An answer of nearly two megabytes, which takes thirty times its room once it is read."""

MANY = (
    Trick("forms-tiny-displays", "five thousand displays of next to nothing",
          "show = get_ipython().display_pub.publish\nfor i in range(5_000): show({'text/plain': ''}, {}, transient={'display_id': str(i)})",
          told=("output",)),
    Trick("forms-endless-answers", "two large answers from each of three further cells: so many, from all cells, fill the grader's memory",
          SPEAK + f"large, more = {LARGE}, [1, 2, 3]\nget_ipython().events.register('pre_run_cell', lambda info: more and more.pop() and say(large, large))",
          keep=("q1",), burns=True),
    Trick("forms-tiny-errors", "five thousand displays, then five thousand errors",
          SPEAK + "for _ in range(50): say(*[{'kind': 'output', 'output': {'output_type': 'display_data', 'data': {}, 'metadata': {}}}] * 100)\n"
          "for _ in range(50): say(*[{'kind': 'output', 'output': {'output_type': 'error', 'ename': 'E', 'evalue': '', 'traceback': []}}] * 100)",
          keep=("q1",), told=("output", "error", "died")),
)  # fmt: skip

TRICKS = (*OUTPUTS, *MESSAGES, *MANY)
