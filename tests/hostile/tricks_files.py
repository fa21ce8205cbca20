"""What is handed in: notebooks that were edited, broken or swapped, and what lies beside them."""
# ruff: noqa: E501 - a trick reads best on a line of its own

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trick import WRONG, Facts, Trick, cell_of, code_cell

__all__ = ["TRICKS"]

Json = dict[str, Any]
RATE = 'world.segments["orders"].sum() / world.segments["visits"].sum()'


def _edited(name: str, why: str, edit: Callable[[Json], Any], **more: Any) -> Trick:
    """Return a trick that edits the notebook in place; the edit may return bytes to be written instead."""

    def change(notebook: Json) -> Json | bytes:
        made = edit(notebook)
        return made if isinstance(made, bytes | dict) else notebook

    return Trick(f"edited-{name}", why, change=change, **more)


def _about(notebook: Json, name: str) -> Json:
    about: Json = cell_of(notebook, name)["metadata"]["nbgrader"]
    return about


def _move(notebook: Json, name: str, place: int) -> None:
    cell = cell_of(notebook, name)
    notebook["cells"].remove(cell)
    notebook["cells"].insert(place, cell)


def _twice(notebook: Json, name: str, **fields: Any) -> None:
    cell = cell_of(notebook, name)
    notebook["cells"].insert(notebook["cells"].index(cell) + 1, {**cell, "id": f"{name}-again", **fields})


def _drop(notebook: Json, *names: str) -> None:
    for name in names:
        notebook["cells"].remove(cell_of(notebook, name))


def _retype(notebook: Json, name: str, kind: str) -> None:
    cell = cell_of(notebook, name)
    cell["cell_type"] = kind
    if kind != "code":
        cell.pop("outputs", None), cell.pop("execution_count", None)
    else:
        cell.update(outputs=[], execution_count=None)


def _output(text: str) -> Json:
    return {
        "output_type": "execute_result",
        "data": {"text/plain": text},
        "metadata": {},
        "execution_count": 1,
    }


def _all_about(notebook: Json, **fields: Any) -> None:
    for cell in notebook["cells"]:
        cell["metadata"].get("nbgrader", {}).update(fields) if "nbgrader" in cell["metadata"] else None


EDITED = (
    _edited("points", "its check is worth a thousand points", lambda n: _about(n, "q2").update(points=1000)),
    _edited("points-all", "all of them are", lambda n: _all_about(n, points=1e9)),
    _edited("points-negative", "points below nothing", lambda n: _about(n, "q2").update(points=-5)),
    _edited("points-nan", "points that are no number", lambda n: _about(n, "q2").update(points=float("nan"))),
    _edited("points-text", "points in letters", lambda n: _about(n, "q2").update(points="many")),
    _edited("grade-false", "a check that is not graded", lambda n: _about(n, "q2").update(grade=False)),
    _edited("solution-true", "a check that is an answer, so that a person marks it", lambda n: _about(n, "q2").update(solution=True, locked=False)),
    _edited("unlocked", "all locks taken off, and the check returns 2.0",
            lambda n: (_all_about(n, locked=False), cell_of(n, "q2").update(source="2.0"))),
    _edited("check-source", "the check ends in its full points", lambda n: cell_of(n, "q2").update(source="2.0")),
    _edited("check-empty", "the check checks nothing", lambda n: cell_of(n, "q2").update(source="")),
    _edited("check-raw", "the check is raw text", lambda n: _retype(n, "q2", "raw")),
    _edited("check-markdown", "the check is Markdown, which stock restores and never runs", lambda n: _retype(n, "q2", "markdown")),
    _edited("check-unknown", "the check is a kind of cell that there is not", lambda n: _retype(n, "q2", "verdict")),
    _edited("answer-markdown", "the answer is Markdown: its question is lost, and no other", lambda n: _retype(n, "q2-answer", "markdown")),
    _edited("written-code", "the written answer is code that returns its points",
            lambda n: (_retype(n, "q6", "code"), cell_of(n, "q6").update(source="4.0", outputs=[_output("4.0")]))),
    _edited("deleted-check", "the check is deleted", lambda n: _drop(n, "q2"), told=("repair", "quarantine")),
    _edited("deleted-answer", "the answer is deleted", lambda n: _drop(n, "q2-answer"), told=("repair", "quarantine")),
    _edited("deleted-given", "the cells that open the market are deleted: they come back", lambda n: _drop(n, "given-1", "given-2", "given-3"), told=("repair", "quarantine")),
    _edited("deleted-all", "nothing is left", lambda n: n["cells"].clear(), keep=(), told=("repair", "quarantine")),
    _edited("given-changed", "the given cells open another student's market",
            lambda n: cell_of(n, "given-1").update(source="import narrowcast as nc\nwork = nc.open_assignment('01-rules-flipped', student='honest-a')\nworld = work.world"), told=("repair", "quarantine")),
    _edited("twice-check", "the check of q1, which is right, stands under q2's too", lambda n: _twice(n, "q1", metadata=cell_of(n, "q2")["metadata"])),
    _edited("twice-answer", "two answers to q2, both wrong: one id aborts stock's whole batch", lambda n: _twice(n, "q2-answer", source="conversion_rate = 0.5"), told=("repair", "quarantine")),
    _edited("twice-everything", "the whole notebook twice", lambda n: n["cells"].extend(json.loads(json.dumps(n["cells"]))), keep=("q1",), told=("repair", "quarantine")),
    _edited("moved-check", "q2's check before everything, q1's answer after its check", lambda n: (_move(n, "q2", 0), _move(n, "q1-answer", len(n["cells"]) - 1)), keep=("q3", "q4")),
    _edited("reversed", "all cells the other way round", lambda n: n["cells"].reverse(), keep=()),
    _edited("shuffled-ids", "the ids of q1's and q2's checks are swapped: the right one counts for itself alone",
            lambda n: (_about(n, "q1").update(grade_id="q2-x"), _about(n, "q2").update(grade_id="q1"), n["cells"] and None), keep=("q3", "q4")),
    _edited("id-path", "an id that is a path", lambda n: _about(n, "q2").update(grade_id="../../../gradebook")),
    _edited("id-odd", "ids that are no names", lambda n: [_about(n, "q2").update(grade_id=v) for v in (["q2"],)]),
    _edited("id-none", "no id", lambda n: _about(n, "q2").pop("grade_id")),
    _edited("id-huge", "an id of a million letters", lambda n: _about(n, "q2").update(grade_id="q" * 1_000_000)),
    _edited("id-sql", "an id that is SQL", lambda n: _about(n, "q2").update(grade_id="q2'; drop table grade; --")),
    _edited("id-foreign", "a graded cell of one's own, with points", lambda n: n["cells"].append(
        code_cell("4.0", nbgrader={"grade_id": "bonus", "grade": True, "solution": False, "locked": True, "points": 50, "schema_version": 3, "task": False, "cell_type": "code"}))),
    _edited("schema", "metadata of another version", lambda n: _all_about(n, schema_version=99)),
    _edited("schema-old", "metadata of the first version", lambda n: _all_about(n, schema_version=1)),
    _edited("schema-text", "a version that is no number", lambda n: _all_about(n, schema_version="x")),
    _edited("metadata-list", "metadata that is a list", lambda n: cell_of(n, "q2").update(metadata=[1, 2])),
    _edited("metadata-gone", "no metadata in any cell", lambda n: [c.update(metadata={}) for c in n["cells"]], keep=()),
    _edited("nbgrader-text", "nbgrader's part is a text", lambda n: cell_of(n, "q2")["metadata"].update(nbgrader="q2")),
    _edited("kernel", "a notebook of another language", lambda n: n["metadata"].update(kernelspec={"name": "bash", "language": "bash", "display_name": "Bash"})),
    _edited("kernel-argv", "a kernel that is a command", lambda n: n["metadata"].update(kernelspec={"name": "../../bin/sh", "argv": ["touch", "/tmp/planted"]})),
    _edited("kernel-gone", "no metadata", lambda n: n.update(metadata={})),
    _edited("outputs-forged", "outputs that say 2.0 from the start", lambda n: cell_of(n, "q2").update(outputs=[_output("2.0")], execution_count=9)),
    _edited("outputs-huge", "outputs of twenty megabytes", lambda n: cell_of(n, "q2").update(outputs=[_output("9" * 20_000_000)])),
    _edited("outputs-odd", "outputs that are none", lambda n: cell_of(n, "q2").update(outputs=[None, 7, {"output_type": "mark"}, "2.0"])),
    _edited("outputs-script", "outputs that run in a browser", lambda n: cell_of(n, "q2").update(outputs=[{"output_type": "display_data", "metadata": {}, "data": {"text/html": "<script>1</script>"}}])),
    _edited("hidden", "a hidden cell at the end that shows marks", lambda n: n["cells"].append(code_cell("print(2.0)\n2.0", jupyter={"source_hidden": True}))),
    _edited("widgets", "a state of widgets of ten megabytes", lambda n: n["metadata"].update(widgets={"application/vnd.jupyter.widget-state+json": {"state": "x" * 10_000_000}})),
    _edited("attachments", "an attachment of ten megabytes", lambda n: cell_of(n, "q6").update(attachments={"a.png": {"image/png": "x" * 10_000_000}})),
    _edited("many-cells", "ten thousand empty cells", lambda n: n["cells"].extend({"cell_type": "markdown", "metadata": {}, "source": ""} for _ in range(10_000))),
    _edited("many-code-cells", "a thousand cells of code", lambda n: n["cells"].extend(code_cell("1") for _ in range(1_000))),
    _edited("cell-ids", "all cells have one id", lambda n: [c.update(id="same") for c in n["cells"]]),
    _edited("cell-ids-odd", "ids of cells that are no ids", lambda n: [c.update(id={"a": 1}) for c in n["cells"]]),
    _edited("source-number", "a source that is a number", lambda n: cell_of(n, "q2-answer").update(source=2.0)),
    _edited("source-lists", "a source that is a list of lists", lambda n: cell_of(n, "q2-answer").update(source=[["2.0"], None, 7])),
    _edited("source-gone", "cells without a source", lambda n: cell_of(n, "q2-answer").pop("source")),
    _edited("cells-none", "cells that are none", lambda n: n["cells"].extend([None, 7, "x", [], {}]), told=("repair", "quarantine")),
    _edited("cells-object", "cells that are no list", lambda n: n.update(cells={"0": n["cells"]}), keep=(), told=("repair", "quarantine")),
    _edited("surrogates", "half a letter in a comment", lambda n: cell_of(n, "q2-answer").update(source="x = '\ud800'\n" + WRONG)),
    _edited("nul", "NUL in the code", lambda n: cell_of(n, "q2-answer").update(source="x = 1\x00\n" + WRONG)),
    _edited("bidi", "letters that turn the reading round", lambda n: cell_of(n, "q2-answer").update(source="# \u202e\u2066 right\n" + WRONG)),
    _edited("names", "a student's id in the notebook that is a classmate's",
            lambda n: [c.update(source='student = "honest-a"') for c in n["cells"] if str(c["source"]).startswith("student =")]),
    _edited("format-99", "a notebook of format 99", lambda n: n.update(nbformat=99), keep=(), told=("repair", "quarantine")),
    _edited("format-text", "a format that is no number", lambda n: n.update(nbformat="four", nbformat_minor=[]), keep=()),
    _edited("format-gone", "no format", lambda n: (n.pop("nbformat"), n.pop("nbformat_minor")), keep=()),
    _edited("format-3", "a notebook of format 3",
            lambda n: {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"metadata": {}, "cells": [
                {**{k: v for k, v in c.items() if k not in ("id", "source", "execution_count")}, **({"input": c["source"], "language": "python", "prompt_number": 1, "collapsed": False} if c["cell_type"] == "code" else {"source": c["source"]})}
                for c in n["cells"]]}]}, keep=()),
    _edited("format-4-0", "a notebook of format 4.0, without ids", lambda n: (n.update(nbformat_minor=0), [c.pop("id", None) for c in n["cells"]])),
    _edited("top-list", "a list in place of a notebook", lambda n: b"[1, 2, 3]", keep=(), told=("repair", "quarantine")),
    _edited("top-number", "a number in place of a notebook", lambda n: b"20", keep=(), told=("repair", "quarantine")),
    _edited("top-null", "null in place of a notebook", lambda n: b"null", keep=(), told=("repair", "quarantine")),
    _edited("repeated-keys", "each key twice, the second one better",
            lambda n: json.dumps(n).replace('"points": 2,', '"points": 2, "points": 1000,').encode()),
)  # fmt: skip


def _broken(name: str, why: str, made: Callable[[bytes], bytes], **more: Any) -> Trick:
    fields = {"keep": (), "told": ("repair", "quarantine"), **more}
    return Trick(f"broken-{name}", why, change=lambda n: made(json.dumps(n).encode()), **fields)


BROKEN = (
    _broken("empty", "an empty file", lambda d: b""),
    _broken("spaces", "a file of spaces", lambda d: b" " * 1_000_000),
    _broken("truncated", "cut off in the middle", lambda d: d[: len(d) // 2]),
    _broken("truncated-late", "cut off at its end", lambda d: d[:-2]),
    _broken("text", "no JSON at all", lambda d: b"print('all right')"),
    _broken("python", "a Python file under this name", lambda d: b"conversion_rate = 1\n"),
    _broken("pdf", "a PDF under this name", lambda d: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + os.urandom(10_000)),
    _broken("zip", "an archive under this name", lambda d: b"PK\x03\x04" + bytes(10_000)),
    _broken("nul", "NULs, as a disk leaves them", lambda d: bytes(100_000)),
    _broken("nul-inside", "NULs between its letters", lambda d: d[:500] + b"\x00" + d[500:]),
    _broken("utf-16", "in UTF-16", lambda d: d.decode().encode("utf-16"), told=()),
    _broken("bom", "with a mark of its byte order", lambda d: b"\xef\xbb\xbf" + d, told=(), keep=("q1", "q3", "q4")),
    _broken("latin-1", "in Latin-1", lambda d: json.dumps(json.loads(d), ensure_ascii=False).encode("latin-1", "replace"), told=()),
    _broken("bad-utf-8", "bytes that are no letters", lambda d: d[:700] + b"\xff\xfe\xfa" + d[700:]),
    _broken("deep", "brackets a hundred thousand deep", lambda d: b"[" * 100_000),
    _broken("deep-metadata", "metadata ten thousand deep", lambda d: d[:-1] + b', "x": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", told=()),
    _broken("nan", "NaN where JSON has none", lambda d: d[:-1] + b', "x": NaN, "y": -Infinity}', told=(), keep=("q1", "q3", "q4")),
    _broken("huge-number", "a number of a million digits", lambda d: d[:-1] + b', "x": ' + b"9" * 1_000_000 + b"}", told=()),
    _broken("huge", "fifty megabytes of nothing", lambda d: d[:-1] + b', "x": "' + b"x" * 50_000_000 + b'"}', told=()),
    _broken("conflict", "the marks of a merge that went wrong", lambda d: b"<<<<<<< HEAD\n" + d + b"\n=======\n" + d + b"\n>>>>>>> theirs\n"),
    _broken("html", "the page of an error", lambda d: b"<!DOCTYPE html><title>502 Bad Gateway</title>"),
)  # fmt: skip


def _beside(name: str, why: str, files: Callable[[Path, Facts], Any], **more: Any) -> Trick:
    return Trick(f"beside-{name}", why, files=files, **more)


def _notebook(folder: Path) -> Path:
    return folder / "assignment.ipynb"


def _instead(folder: Path, target: str) -> None:
    _notebook(folder).unlink()
    _notebook(folder).symlink_to(target)


def _copy(folder: Path, name: str, text: str = "") -> None:
    (folder / name).write_bytes(text.encode() if text else _notebook(folder).read_bytes())


def _tree(folder: Path) -> None:
    for place in range(60):
        (folder / "/".join(["d"] * (place + 1))).mkdir(exist_ok=True)


BESIDE = (
    _beside("link-passwd", "a link to the machine's users", lambda f, _: (f / "data.csv").symlink_to("/etc/passwd")),
    _beside("link-key", "a link to the key, opened in the notebook", lambda f, facts: (f / "data.csv").symlink_to(facts.root / "01-rules-flipped" / "key.py"),
            code="try: print(open('data.csv').read())\nexcept OSError as error: print(error)"),
    _beside("link-classmate", "a link to what a classmate handed in", lambda f, facts: (f / "other").symlink_to(facts.root / "submitted" / "honest-a"),
            code="import os\ntry: print(os.listdir('other'), open('other/01-rules-flipped/assignment.ipynb').read())\nexcept OSError as error: print(error)"),
    _beside("link-loop", "a link to itself", lambda f, _: (f / "loop").symlink_to("loop")),
    _beside("link-up", "a link to its own folder", lambda f, _: (f / "up").symlink_to("..")),
    _beside("link-notebook", "the notebook is a link to a classmate's", lambda f, facts: _instead(f, str(facts.root / "submitted" / "honest-a" / "01-rules-flipped" / "assignment.ipynb")),
            most={"q1": 0.0, "q2": 0.0, "q3": 0.0, "q4": 0.0}, keep=()),
    _beside("link-nowhere", "the notebook is a link to nothing", lambda f, _: _instead(f, "nothing-here"), most={"q1": 0.0, "q3": 0.0, "q4": 0.0, "q2": 0.0}, keep=()),
    _beside("link-device", "the notebook is a link to an endless device", lambda f, _: _instead(f, "/dev/zero"), most={"q1": 0.0, "q3": 0.0, "q4": 0.0, "q2": 0.0}, keep=()),
    _beside("fifo", "a pipe that nobody writes to", lambda f, _: os.mkfifo(f / "data.csv")),
    _beside("fifo-notebook", "the notebook is such a pipe", lambda f, _: (_notebook(f).unlink(), os.mkfifo(_notebook(f))), most={"q1": 0.0, "q3": 0.0, "q4": 0.0, "q2": 0.0}, keep=()),
    _beside("folder-notebook", "the notebook is a folder", lambda f, _: (_notebook(f).unlink(), _notebook(f).mkdir()), most={"q1": 0.0, "q3": 0.0, "q4": 0.0, "q2": 0.0}, keep=()),
    _beside("no-notebook", "no notebook", lambda f, _: _notebook(f).unlink(), most={"q1": 0.0, "q3": 0.0, "q4": 0.0, "q2": 0.0}, keep=()),
    _beside("renamed", "a notebook of another name", lambda f, _: _notebook(f).rename(f / "assignment (1).ipynb")),
    _beside("renamed-odd", "a name of odd letters", lambda f, _: _notebook(f).rename(f / "bài tập; $(touch planted) \u202e.ipynb")),
    _beside("two", "a second notebook beside the first", lambda f, _: _copy(f, "assignment-Copy1.ipynb")),
    _beside("two-empty", "a second one that is empty", lambda f, _: (f / "assignment-Copy1.ipynb").write_bytes(b"")),
    _beside("checkpoint", "a checkpoint with other answers", lambda f, _: ((f / ".ipynb_checkpoints").mkdir(), _copy(f, ".ipynb_checkpoints/assignment-checkpoint.ipynb"))),
    _beside("questions", "a questions.json of one's own, with more points", lambda f, _: _copy(f, "questions.json", '{"name": "01-rules-flipped", "worlds": ["hcmc-fashion"], "salt": "other", "questions": {"q2": {"kind": "number", "points": 1000}}}')),
    _beside("key", "a key of one's own", lambda f, _: _copy(f, "key.py", "raise SystemExit\n")),
    _beside("package", "a package of the name narrowcast", lambda f, _: ((f / "narrowcast").mkdir(), (f / "narrowcast" / "__init__.py").write_text("def check(*a): return 2.0\n"))),
    _beside("shadows", "modules that shadow Python's own", lambda f, _: [_copy(f, f"{n}.py", "import os\nos._exit(5)\n") for n in ("json", "random", "numpy", "pandas", "IPython", "sitecustomize", "usercustomize", "struct")]),
    _beside("conftest", "settings that tools read", lambda f, _: [_copy(f, n, "import os; os._exit(5)\n") for n in ("nbgrader_config.py", "ipython_config.py", "jupyter_config.py", "conftest.py", ".env", "setup.cfg")]),
    _beside("nbgrader-db", "a gradebook of one's own", lambda f, _: _copy(f, "gradebook.db", "x" * 100)),
    _beside("timestamp-past", "handed in fifty years ago", lambda f, _: _copy(f, "timestamp.txt", "1970-01-01 00:00:00 UTC")),
    _beside("timestamp-future", "handed in a thousand years from now", lambda f, _: _copy(f, "timestamp.txt", "3026-01-01 00:00:00 UTC")),
    _beside("timestamp-junk", "handed in at no time", lambda f, _: _copy(f, "timestamp.txt", "\x00yesterday" * 1000)),
    _beside("timestamp-folder", "the time is a folder", lambda f, _: (f / "timestamp.txt").mkdir()),
    _beside("timestamp-link", "the time is a link to the key", lambda f, facts: (f / "timestamp.txt").symlink_to(facts.root / "01-rules-flipped" / "key.py")),
    _beside("mtime", "files of the future", lambda f, _: os.utime(_notebook(f), (2**33, 2**33))),
    _beside("mode", "a notebook that nobody may read", lambda f, _: _notebook(f).chmod(0), keep=()),
    _beside("folder-mode", "a folder that nobody may read", lambda f, _: ((f / "closed").mkdir(), (f / "closed").chmod(0))),
    _beside("many", "so many files that the instructor's own find no room", lambda f, _: [(f / f"f{n}.txt").touch() for n in range(2_000)]),
    _beside("full", "one file, first by its name, that leaves no room for the instructor's", lambda f, _: os.truncate(_made(f / "a.bin"), (64 << 20) - 1_000)),
    _beside("large", "a file of seventy megabytes", lambda f, _: os.truncate(_made(f / "large.bin"), 70 << 20)),
    _beside("sparse", "a file that says it is a terabyte long", lambda f, _: os.truncate(_made(f / "sparse.bin"), 1 << 40)),
    _beside("deep", "folders sixty deep", lambda f, _: _tree(f)),
    _beside("long-name", "the longest name there is", lambda f, _: _copy(f, "x" * 255, "x")),
    _beside("bytes-name", "a name that is no letters", lambda f, _: Path(os.fsdecode(os.fsencode(f) + b"/\xff\xfe.txt")).write_text("x")),
    _beside("bytes-name-long", "two hundred bytes that are no letters: six hundred once they are", lambda f, _: Path(os.fsdecode(os.fsencode(f) + b"/" + b"\xff" * 200)).write_text("x")),
    _beside("questions-folder", "a folder of the name questions.json", lambda f, _: ((f / "questions.json").mkdir(), _copy(f, "questions.json/x", "x"))),
    _beside("newline-name", "a name of two lines", lambda f, _: _copy(f, "a\nb.csv", "x")),
    _beside("hard-link", "a second name of a classmate's notebook", lambda f, facts: _hard(f / "other.csv", facts),
            code="try: print(open('other.csv').read())\nexcept OSError as error: print(error)",
            known="where students share a file system with the course, a file that they can read is a file like their own"),
    Trick("student-spaces", "an id with spaces and quotation marks", student="an na's \"x\""),
    Trick("student-unicode", "an id in Vietnamese", student="nguyễn-thị-ánh"),
    Trick("student-dash", "an id that looks like an option", student="--force"),
    Trick("student-html", "an id that is a script", student="<img src=x onerror=1>"),
    Trick("student-sql", "an id that is SQL", student="x'; drop table grade; --"),
    Trick("student-percent", "an id with signs of formats", student="{0}%s${HOME}`id`"),
    Trick("student-long", "an id of two hundred letters", student="s" * 200),
    Trick("student-dots", "an id of dots", student="..."),
    Trick("student-upper", "an id that is a classmate's in capitals", student="HONEST-A"),
)  # fmt: skip


def _made(file: Path) -> Path:
    file.touch()
    return file


def _hard(file: Path, facts: Facts) -> None:
    os.link(facts.root / "submitted" / "honest-a" / "01-rules-flipped" / "assignment.ipynb", file)


TRICKS = (*EDITED, *BROKEN, *BESIDE)
