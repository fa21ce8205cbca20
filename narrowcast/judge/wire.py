"""Answers as plain data: what may come out of the place where a student's code runs, and how it is read outside.

Data is `{"answer": node}`. A node is a number, text, true, false or null as JSON has them, or a table whose "is"
says what it is: "dots", "number" (none that JSON can say), "text" (cut short), "list", "dict", "table", "time",
"missing", "plan", "function", "raised", "returned" or "other". Whatever cannot be carried is described by its type.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from narrowcast.errors import AnswerError
from narrowcast.language import gettext as _

__all__ = ["MOST_BYTES", "MOST_DEPTH", "MOST_NODES", "MOST_TEXT", "Data", "Item", "clean", "opened"]

Data = dict[str, Any]

MOST_BYTES = 2 << 20
"""Of an answer as JSON text."""
MOST_DEPTH = 20
MOST_NODES = 30_000
"""Values in one answer: a table of 10,000 rows and three columns."""
MOST_TEXT = 100_000
"""Characters of one text."""
MOST_NAME = 80
MOST_PLAN = 300_000
"""Characters of a plan's text: 64 flights with a year's schedule each have half as many."""

_OTHERS = frozenset({"dots", "missing", "other"})
_KINDS = {bool: "bool", int: "int", float: "float", str: "str", type(None): "NoneType"}


@dataclass(frozen=True)
class Item:
    """A value that was carried, read strictly: nothing in it is a student's object.

    Attributes
    ----------
    what
        "none", "truth" (true or false), "number", "text", "list", "dict", "table", "time", "dots", "missing", "plan",
        "function", "raised" or "other".
    kind
        Name of the type that it had.
    value
        The number, text or truth value; of a plan its text; of a function or an error why it is none or what it said.
    members
        What is in a list; the values of a dict; what a function returned; a table's rows, each a list.
    keys
        Of a dict its keys, of a table its columns, of a list with an index that index.
    size
        How many members there were, where not all were carried.
    shape
        Of an array.
    good
        Of an error: whether it is one that refuses an input. Of a function: whether it can be called as asked.
    """

    what: str
    kind: str = ""
    value: Any = None
    members: tuple[Item, ...] = ()
    keys: tuple[Item, ...] = ()
    size: int = 0
    shape: tuple[int, ...] = ()
    good: bool = True

    @property
    def whole(self) -> bool:
        """Whether all members were carried."""
        return len(self.members) == self.size

    def shown(self, most: int = 80) -> str:
        """Return the value as Python would write it, short."""
        text = "".join(_pieces(self, most))
        return text if len(text) <= most else text[: most - 1] + "…"

    def said(self, most: int = 60) -> str:
        """Return the value as it would be printed, short."""
        return self.value[:most] if self.what == "text" else self.shown(most)

    def python(self) -> Any:  # noqa: ANN401 - any plain value
        """Return the value as Python's own: for checks that a key makes on what functions return."""
        if self.what == "list":
            return [member.python() for member in self.members]
        if self.what == "dict":
            return {key.shown(): member.python() for key, member in zip(self.keys, self.members, strict=True)}
        return self.value if self.what in {"truth", "number", "text", "time"} else None


def _pieces(item: Item, most: int) -> Iterator[str]:
    if item.what in {"list", "dict"}:
        brackets = ("{", "}") if item.what == "dict" else ("(", ")") if item.kind == "tuple" else ("[", "]")
        opening, closing = brackets
        plain = item.kind in {"list", "tuple", "dict"}
        name = {"ndarray": "array"}.get(item.kind, item.kind)
        yield opening if plain else f"{name}({opening}"
        length = 0
        for place, member in enumerate(item.members):
            if length > most:
                break
            text = ", " if place else ""
            text += f"{item.keys[place].shown(most)}: " if item.what == "dict" else ""
            text += member.shown(most)
            length += len(text)
            yield text
        yield closing if plain else f"{closing})"
    elif item.what in {"truth", "none", "number", "text"}:
        value = item.value[: most + 1] if item.what == "text" else item.value
        yield item.kind if item.kind[:1].isdigit() or item.kind[:1] == "-" else repr(value)
    else:
        yield {"dots": "...", "missing": "NA"}.get(item.what, f"<{item.kind}>")


def clean(text: str, most: int = MOST_TEXT) -> str:
    """Return a text without half letters and control signs, and not too long: fit for a page and a file."""
    short = str.__getitem__(text, slice(0, most)).encode("utf-8", "replace").decode("utf-8")
    return "".join(sign if sign >= " " or sign in "\n\t" else "\ufffd" for sign in short)


def opened(data: object) -> Item:
    """Read what was carried.

    Parameters
    ----------
    data
        Plain data, from a place that may lie.

    Raises
    ------
    AnswerError
        If it is not what `narrowcast.judge.carry.carried` makes: wrong, deep or huge.
    """
    if type(data) is not dict or set(data) != {"answer"}:
        raise _unreadable(_("it is no answer"))
    _bounded(data)
    return _item(data["answer"], 0)


def _unreadable(why: str) -> AnswerError:
    problem = _("What was handed out cannot be read: {why}.").format(why=why)
    return AnswerError(problem, _("Hand in the answer as the question asks for it."))


def _bounded(data: object) -> None:
    """Refuse what is deeper or larger than an answer may be; without recursion, for depth is what it looks for."""
    level, nodes, room = [data], 0, MOST_BYTES
    for _depth in range(MOST_DEPTH):
        below: list[object] = []
        for node in level:
            if type(node) is dict:
                below += node.values()
                room -= sum(len(name) if type(name) is str else MOST_BYTES for name in node)
            elif type(node) is list:
                below += node
            elif type(node) is str:
                room -= len(node)
            elif type(node) is int:
                room -= node.bit_length() // 3
        nodes += len(level)
        if nodes > 3 * MOST_NODES or room < 0:
            raise _unreadable(_("it is too large"))
        level = below
        if not level:
            return
    raise _unreadable(_("it is too deep"))


def _item(node: object, depth: int) -> Item:
    if type(node) is str:
        return Item("text", "str", clean(node))
    if node is None or node is True or node is False:
        return Item("none" if node is None else "truth", _KINDS[type(node)], node)
    whole = type(node) is int and node.bit_length() <= 64
    if whole or (type(node) is float and math.isfinite(node)):
        return Item("number", _KINDS[type(node)], node)
    if type(node) is not dict:
        raise _unreadable(_("it is of no kind known"))
    what = node.get("is")
    made = _READERS.get(what) if type(what) is str else None
    if made is None:
        if type(what) is not str or what not in _OTHERS:
            raise _unreadable(_("it is of no kind known"))
        return Item(what, _text(node, "kind", MOST_NAME))
    return made(node, depth + 1)


def _text(node: Mapping[str, Any], name: str, most: int = MOST_TEXT) -> str:
    value = node.get(name, "")
    if type(value) is not str:
        raise _unreadable(_("a text is none"))
    return clean(value, most)


def _items(node: Mapping[str, Any], name: str, depth: int) -> tuple[Item, ...]:
    values = node.get(name, [])
    if type(values) is not list:
        raise _unreadable(_("a list is none"))
    return tuple(_item(value, depth) for value in values)


def _size(node: Mapping[str, Any], least: int) -> int:
    size = node.get("size", least)
    if type(size) is not int or size.bit_length() > 256:
        raise _unreadable(_("a size is none"))
    return max(size, least)


def _number(node: Mapping[str, Any], _depth: int) -> Item:
    told = _text(node, "told", 8)
    if told not in {"nan", "inf", "-inf"}:
        raise _unreadable(_("a number is none"))
    return Item("number", _text(node, "shown", MOST_NAME), float(told))


def _cut(node: Mapping[str, Any], _depth: int) -> Item:
    value = _text(node, "value")
    return Item("text", "str", value, size=_size(node, len(value)), good=False)


def _time(node: Mapping[str, Any], _depth: int) -> Item:
    return Item("time", _text(node, "kind", MOST_NAME), _text(node, "value", MOST_NAME))


def _list(node: Mapping[str, Any], depth: int) -> Item:
    members, keys, shape = _items(node, "items", depth), _items(node, "index", depth), node.get("shape", [])
    if type(shape) is not list or not all(type(one) is int and one.bit_length() < 256 for one in shape):
        raise _unreadable(_("a shape is none"))
    if keys and len(keys) != len(members):
        raise _unreadable(_("an index does not fit"))
    kind = _text(node, "kind", MOST_NAME)
    return Item(
        "list", kind, _text(node, "name", MOST_NAME), members, keys, _size(node, len(members)), tuple(shape)
    )


def _dict(node: Mapping[str, Any], depth: int) -> Item:
    keys, members = _items(node, "keys", depth), _items(node, "items", depth)
    if len(keys) != len(members):
        raise _unreadable(_("a dictionary is none"))
    return Item("dict", _text(node, "kind", MOST_NAME), None, members, keys, _size(node, len(members)))


def _table(node: Mapping[str, Any], depth: int) -> Item:
    columns, rows = _items(node, "columns", depth), node.get("rows", [])
    if type(rows) is not list or not all(type(row) is list and len(row) == len(columns) for row in rows):
        raise _unreadable(_("a table is none"))
    members = tuple(Item("list", "row", None, tuple(_item(cell, depth) for cell in row)) for row in rows)
    return Item("table", _text(node, "kind", MOST_NAME), None, members, columns, _size(node, len(members)))


def _plan(node: Mapping[str, Any], _depth: int) -> Item:
    if node.get("why"):
        return Item("plan", "Plan", _text(node, "why", 300), good=False)
    text = node.get("text")
    if type(text) is not str or len(text) > MOST_PLAN:
        raise _unreadable(_("a plan is none"))
    return Item("plan", "Plan", text)


def _function(node: Mapping[str, Any], depth: int) -> Item:
    why = _text(node, "why", 300)
    results = _items(node, "results", depth)
    return Item("function", _text(node, "kind", MOST_NAME), why, results, size=len(results), good=not why)


def _raised(node: Mapping[str, Any], _depth: int) -> Item:
    good = node.get("good") is True
    return Item("raised", _text(node, "kind", MOST_NAME), _text(node, "text", 200), good=good)


_READERS: dict[str, Callable[[Mapping[str, Any], int], Item]] = {
    "number": _number, "text": _cut, "time": _time, "list": _list, "dict": _dict, "table": _table, "plan": _plan,
    "function": _function, "raised": _raised,
}  # fmt: skip
