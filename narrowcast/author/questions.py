"""Text and key agree: each question stands once in both, with an answer that can be checked."""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable
from pathlib import Path

from narrowcast.author.comments import without_magics
from narrowcast.author.course import Text
from narrowcast.author.keys import KeyFacts
from narrowcast.author.problems import Problems, did_you_mean
from narrowcast.author.text import Cell
from narrowcast.language import gettext as _

__all__ = ["ROLES", "check_questions", "is_answer"]

ROLES = ("answer", "given")
_OPTIONS = ("answer", "collapsed", "deletable", "editable", "jupyter", "question", "role", "scrolled",
            "slideshow", "tags")  # fmt: skip
# Apart from what the builder calls cells of its own.
_ID = re.compile(r"(?!given-)(?!.*-answer$)[A-Za-z0-9][A-Za-z0-9_-]*")


def is_answer(cell: Cell) -> bool:
    """Say whether a student answers a question in this cell."""
    return cell.options.get("role") == "answer"


def check_questions(text: Text, problems: Problems) -> None:
    """Note where text and key disagree, and each cell of a question that nbgrader or a check would refuse."""
    for cell in text.source.cells:
        _check_options(text, cell, problems)
    if text.kind == "assignment":
        for cell in text.source.cells:
            _check_solution(text.source.file, cell, problems)
        asked = [(cell.options.get("question"), cell) for cell in text.source.cells if is_answer(cell)]
        _check_asked(text, asked, problems)
        _check_points(text, problems)
    else:
        asked = [(name, cell) for cell in text.source.cells for name in _checked(cell)]
        if text.key is None and asked:
            problems.add(
                text.source.file, asked[0][1].line, _("asks a question, but there is no key.py beside it.")
            )
        seen = {str(name): cell for name, cell in reversed(asked)}
        _compare(text, list(seen.items()), problems)


def _check_options(text: Text, cell: Cell, problems: Problems) -> None:
    file = text.source.file
    for name in sorted(set(map(str, cell.options)) - set(_OPTIONS)):
        what = _("there is no cell option {name!r}.").format(name=name)
        problems.add(file, cell.line, what + did_you_mean(name, _OPTIONS))
    role = cell.options.get("role")
    if role == "check":
        problems.add(file, cell.line, _("check cells are written by the builder; delete this one."))
    elif role is not None and role not in ROLES:
        what = _("there is no role {role!r}.").format(role=role)
        problems.add(file, cell.line, what + did_you_mean(role, ROLES))
    if text.kind == "lesson" and {"role", "question", "answer"} & set(cell.options):
        what = _("a lesson asks with `nc.check` in its code; role, question and answer are for assignments.")
        problems.add(file, cell.line, what)
    elif role is None and {"question", "answer"} & set(cell.options):
        problems.add(file, cell.line, _("a cell with a question needs a role, `:role: answer`."))


def _check_solution(file: Path, cell: Cell, problems: Problems) -> None:
    """Note solution regions that are missing, in the wrong cell, or not closed."""
    opened: int | None = None
    regions = 0
    for text, line in zip(cell.source.split("\n"), cell.lines, strict=True):
        if "BEGIN SOLUTION" in text:
            if opened is not None:
                problems.add(file, line, _("a solution begins within a solution."))
            opened, regions = line, regions + 1
        elif "END SOLUTION" in text:
            if opened is None:
                problems.add(file, line, _("a solution ends that did not begin."))
            opened = None
    if opened is not None:
        problems.add(file, opened, _("this solution does not end; add a line `### END SOLUTION`."))
    if regions and not is_answer(cell):
        problems.add(
            file, cell.line, _("a solution stands in a cell that is no answer; add `:role: answer`.")
        )
    if not regions and is_answer(cell) and cell.kind == "code":
        problems.add(file, cell.line, _("the answer has no solution; put it between `### BEGIN SOLUTION` and "
                                        "`### END SOLUTION`."))  # fmt: skip


def _check_asked(text: Text, asked: Iterable[tuple[object, Cell]], problems: Problems) -> None:
    file, seen = text.source.file, dict[str, Cell]()
    for name, cell in asked:
        if not isinstance(name, str) or not _ID.fullmatch(name):
            problems.add(
                file, cell.line, _("an answer needs `:question:`, an id of letters, digits, - and _.")
            )
        elif name in seen:
            what = _("question {id!r} is asked twice; first on line {line}.")
            problems.add(file, cell.line, what, id=name, line=seen[name].line)
        else:
            seen[name] = cell
            _check_answer(file, name, cell, text.key, problems)
    _compare(text, list(seen.items()), problems)


def _check_answer(file: Path, name: str, cell: Cell, key: KeyFacts | None, problems: Problems) -> None:
    """Note an answer cell of the wrong kind, or one that does not make the name its check reads."""
    if key is not None and name in key.questions:
        written = key.questions[name]["kind"] == "written"
        if written and cell.kind == "code":
            problems.add(
                file, cell.line, _("question {id!r} is written: its cell must be Markdown."), id=name
            )
        elif not written and cell.kind == "markdown":
            problems.add(file, cell.line, _("question {id!r} is computed: its cell must be code."), id=name)
    if cell.kind == "markdown":
        return
    target = cell.options.get("answer")
    if not isinstance(target, str) or not target.isidentifier() or keyword.iskeyword(target):
        problems.add(file, cell.line, _("the answer needs `:answer:`, the Python name that its check reads."))
        return
    made = _made(file, cell, problems)
    if made is not None and target not in made:
        what = _("the solution does not make {name!r}, which its check reads.").format(name=target)
        problems.add(file, cell.line, what + did_you_mean(target, made))


def _compare(text: Text, asked: list[tuple[str, Cell]], problems: Problems) -> None:
    """Note questions that the key does not know, and those of the key that the text does not ask."""
    if text.key is None:
        return
    for name, cell in asked:
        if name not in text.key.questions:
            what = _("the key has no question {id!r}.").format(id=name)
            problems.add(text.source.file, cell.line, what + did_you_mean(name, text.key.questions))
    for name in text.key.questions:
        if name not in dict(asked):
            file = problems.name(text.source.file)
            problems.add(text.key.file, 1, _("question {id!r} is not asked in {file}."), id=name, file=file)


def _check_points(text: Text, problems: Problems) -> None:
    wanted = text.source.front.get("points")
    if text.key is None or not isinstance(wanted, int | float):
        return
    there = sum(text.key.points(name) for name in text.key.questions)
    if abs(there - wanted) > 1e-9:
        what = _("the questions of the key sum to {there:g} points, the front matter says {wanted:g}.")
        problems.add(text.source.file, text.source.front_line("points"), what, there=there, wanted=wanted)


def _tree(cell: Cell) -> ast.Module:
    try:
        return ast.parse(cell.source)
    except SyntaxError:
        return ast.parse(without_magics(cell.source))


def _made(file: Path, cell: Cell, problems: Problems) -> set[str] | None:
    """Return the names that a cell makes at its top level and below, or None if it is not Python."""
    try:
        tree = _tree(cell)
    except SyntaxError as error:
        problems.add(file, cell.lines[0] + (error.lineno or 1) - 1, _("not Python: {what}"), what=error.msg)
        return None
    nodes = list(ast.walk(tree))
    names = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return names | {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)}


def _checked(cell: Cell) -> list[str]:
    """Return the questions that a lesson's cell checks, as in `nc.check("q1", rate)`."""
    if cell.kind != "code":
        return []
    try:
        calls = [node for node in ast.walk(_tree(cell)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return []
    found = []
    for call in calls:
        named = isinstance(call.func, ast.Attribute) and call.func.attr == "check"
        if named and call.args and isinstance(call.args[0], ast.Constant):
            found.append(str(call.args[0].value))
    return found
