"""From whatever a student hands in to plain data: where the student's code runs, without trusting a method of it."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd

from narrowcast.judge.wire import MOST_NAME, MOST_NODES, MOST_TEXT, clean

__all__ = ["Carrier", "carried", "kind_of", "lineage", "raised"]

DEEPEST = 6
"""Lists in lists that are carried; an answer has one or two."""
ROOM = 1_500_000
"""Bytes that an answer may take, about: well within what may come out."""
COUNTED = 1_000
"""Bits up to which a whole number is shown by its digits."""

Node = Any
_mro = type.__dict__["__mro__"].__get__
_name = type.__dict__["__name__"].__get__


def lineage(value: object) -> tuple[type, ...]:
    """Return the classes that a value is really of, whatever its `__class__` or metaclass say."""
    return tuple(_mro(type(value)))


def kind_of(value: object) -> str:
    """Return the name of a value's type."""
    return clean(_name(type(value)), MOST_NAME)


def carried(answer: object, room: int = ROOM, nodes: int = MOST_NODES) -> Node:
    """Return an answer as a node of plain data.

    Parameters
    ----------
    answer
        Anything. Values of Python, NumPy, pandas and Arrow are carried, by methods of these alone; of everything
        else the name of its type.
    room
        Bytes that it may take, about; what does not fit is left out, and said to be.
    nodes
        Values that it may hold.
    """
    return Carrier(room, nodes).node(answer)


class Carrier:
    """Carries values while there is room.

    Parameters
    ----------
    room
        Bytes for all of them together, about.
    nodes
        How many values there may be.
    """

    def __init__(self, room: int = ROOM, nodes: int = MOST_NODES) -> None:
        self._room, self._nodes = room, nodes + 1

    def node(self, value: object, depth: int = 0) -> Node:
        """Return a value as a node; never raises, but for a wish to stop."""
        self._nodes -= 1
        self._room -= 8
        if self._nodes <= 0 or self._room <= 0:
            return {"is": "other", "kind": kind_of(value)}
        if value is None or value is True or value is False:
            return value
        try:
            made = self._made(value, depth)
        except KeyboardInterrupt:
            raise
        except BaseException:  # noqa: BLE001 - a liar was found out: its type is all there is to say
            made = None
        return {"is": "other", "kind": kind_of(value)} if made is None else made

    def _made(self, value: object, depth: int) -> Node:
        if value is Ellipsis:
            return {"is": "dots"}
        classes = lineage(value)
        for kind, carry in _SCALARS:
            if kind in classes:
                made = carry(value)
                self._room -= _length(made)
                return made
        if depth >= DEEPEST:
            return None
        for kind, gather in _GATHERED:
            if kind in classes:
                return gather(self, value, depth + 1)
        return _arrow(self, value, depth)

    def several(self, values: Iterable[object], depth: int) -> list[Node]:
        """Return values as nodes, as many as there is room for."""
        nodes = []
        for value in values:
            if self._nodes <= 1 or self._room <= 8:
                break
            nodes.append(self.node(value, depth))
        return nodes


def _length(node: Node) -> int:
    text = node.get("value", "") if type(node) is dict else node
    return len(text) if type(text) is str else 0


def _whole(value: Any) -> Node:  # noqa: ANN401
    number = int.__int__(value)
    if number.bit_length() <= 63:
        return number
    if number.bit_length() <= 1_023:
        return float(number)
    sign = "-" if number < 0 else ""
    shown = str(number)[:MOST_NAME] if number.bit_length() <= 10 * COUNTED else ""
    return {"is": "number", "told": f"{sign}inf", "shown": shown}


def _real(value: float) -> Node:
    if math.isfinite(value):
        return value
    return {"is": "number", "told": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}


def _decimal(value: Any) -> Node:  # noqa: ANN401
    return _real(math.nan if Decimal.is_nan(value) else Decimal.__float__(value))


def _fraction(value: Any) -> Node:  # noqa: ANN401
    over, under = (Fraction.__dict__[name].__get__(value) for name in ("_numerator", "_denominator"))
    if type(over) is not int or type(under) is not int:
        return None
    try:
        return _real(over / under)
    except OverflowError:
        return _real(math.inf if over > 0 else -math.inf)


def _text(value: Any) -> Node:  # noqa: ANN401
    size = str.__len__(value)
    text = clean(value)
    return text if size <= MOST_TEXT else {"is": "text", "value": text, "size": size}


def _numpy(value: Any) -> Node:  # noqa: ANN401
    classes = lineage(value)
    if np.datetime64 in classes or np.timedelta64 in classes:
        return _time(pd.Timestamp(value)) if np.datetime64 in classes else None
    if np.floating in classes:  # also those that are wider than Python's
        return _real(np.float64.__float__(np.float64(np.generic.astype(value, np.float64))))
    plain = np.generic.item(value)
    if type(plain) is int:
        return _whole(plain)
    return plain if type(plain) is bool else None


def _time(value: Any) -> Node:  # noqa: ANN401
    if value is pd.NaT:
        return {"is": "missing", "kind": "NaTType"}
    kind = next(one for one in (datetime, date, time) if one in lineage(value))
    return {"is": "time", "kind": kind_of(value), "value": kind.isoformat(value)}


def _missing(value: object) -> Node:
    return {"is": "missing", "kind": kind_of(value)}


_SCALARS: tuple[tuple[type, Callable[[Any], Node]], ...] = (
    (type(pd.NaT), _missing), (type(pd.NA), _missing), (int, _whole),
    (float, lambda value: _real(float.__float__(value))), (str, _text), (np.generic, _numpy), (Decimal, _decimal),
    (Fraction, _fraction), (datetime, _time), (date, _time), (time, _time), (timedelta, lambda _value: None),
    (bytes, lambda _value: None), (complex, lambda _value: None),
)  # fmt: skip


def _sequence(carrier: Carrier, value: Any, depth: int) -> Node:  # noqa: ANN401
    base = list if list in lineage(value) else tuple
    size = base.__len__(value)
    return {
        "is": "list", "kind": kind_of(value), "size": size, "items": carrier.several(base.__iter__(value), depth),
    }  # fmt: skip


def _mapping(carrier: Carrier, value: Any, depth: int) -> Node:  # noqa: ANN401
    table = dict(value) if type(value) is MappingProxyType else value
    keys, items = [], []
    for key, member in dict.items(table):
        pair = carrier.several((key, member), depth)
        if len(pair) < 2:
            break
        keys.append(pair[0])
        items.append(pair[1])
    return {"is": "dict", "kind": kind_of(value), "size": dict.__len__(table), "keys": keys, "items": items}


def _array(carrier: Carrier, value: Any, depth: int) -> Node:  # noqa: ANN401
    array = np.ndarray.view(value, np.ndarray)
    if np.ma.MaskedArray in lineage(value) and array.size == 1 and np.ma.getmaskarray(value).any():
        return _missing(value)
    few = itertools.islice(array.flat, MOST_NODES)
    return {
        "is": "list", "kind": kind_of(value), "size": int(array.size), "shape": [int(side) for side in array.shape],
        "items": carrier.several(few, depth),
    }  # fmt: skip


def _series(carrier: Carrier, value: Any, depth: int) -> Node:  # noqa: ANN401
    size, few = pd.Series.__len__(value), pd.Series.head(value, MOST_NODES)
    values = pd.Series.to_numpy(few, dtype=object)
    index = pd.Index.to_numpy(pd.Series.index.__get__(few), dtype=object)
    items = carrier.several(values, depth)
    keys = carrier.several(index[: len(items)], depth)
    name = pd.Series.name.__get__(value)
    node = {"is": "list", "kind": kind_of(value), "size": size, "shape": [size], "items": items}
    if len(keys) == len(items):
        node |= {"index": keys, "name": clean(name, MOST_NAME) if type(name) is str else ""}
    return node


def _index(carrier: Carrier, value: Any, depth: int) -> Node:  # noqa: ANN401
    return carrier.node(pd.Index.to_numpy(value, dtype=object), depth - 1) | {"kind": kind_of(value)}


def _frame(carrier: Carrier, value: Any, depth: int) -> Node:  # noqa: ANN401
    size, frame = pd.DataFrame.__len__(value), pd.DataFrame(pd.DataFrame.head(value, MOST_NODES))
    if any(name is not None for name in frame.index.names):
        clash = {name for name in frame.index.names if name in frame.columns}
        frame = frame.reset_index(drop=bool(clash))
    columns = carrier.several(frame.columns, depth)
    if len(columns) < len(frame.columns):
        return None
    rows: list[list[Node]] = []
    for row in frame.itertuples(index=False, name=None):
        cells = carrier.several(row, depth)
        if len(cells) < len(columns):
            break
        rows.append(cells)
    return {"is": "table", "kind": kind_of(value), "columns": columns, "rows": rows, "size": size}


_GATHERED: tuple[tuple[type, Callable[[Carrier, Any, int], Node]], ...] = (
    (list, _sequence), (tuple, _sequence), (dict, _mapping), (MappingProxyType, _mapping), (pd.DataFrame, _frame),
    (pd.Series, _series), (pd.Index, _index), (np.ndarray, _array),
)  # fmt: skip


def _arrow(carrier: Carrier, value: Any, depth: int) -> Node:  # noqa: ANN401
    """Carry what is Arrow's; none of its classes can be made by a student with methods of one's own."""
    arrow = sys.modules.get("pyarrow.lib")
    if arrow is None or vars(arrow).get(_name(type(value))) is not type(value):
        return None
    classes = lineage(value)
    if arrow.Scalar in classes:
        return carrier.node(value.as_py(), depth)
    if arrow.Table in classes or arrow.RecordBatch in classes:
        return carrier.node(value.to_pandas(), depth)
    if arrow.Array in classes or arrow.ChunkedArray in classes:
        return carrier.node(value.slice(0, MOST_NODES).to_pylist(), depth) | {"kind": kind_of(value)}
    return None


def raised(error: BaseException) -> Node:
    """Return what a function raised as a node: its type, and its text where that is plain."""
    classes = lineage(error)
    # An unfinished function, or one that ends the program, does not refuse an input.
    good = Exception in classes and not {NotImplementedError, NameError} & set(classes)
    return {"is": "raised", "kind": kind_of(error), "text": _told(error, classes), "good": good}


def _told(error: BaseException, classes: tuple[type, ...]) -> str:
    try:
        args = BaseException.__dict__["args"].__get__(error)
        if not all(type(one) in {str, int, float, bool} for one in args):
            return ""
        first = clean(args[0], 200) if len(args) == 1 and type(args[0]) is str else None
        if first is not None:
            return repr(first) if KeyError in classes else first
        return clean(BaseException.__str__(error), 200)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - it will not say
        return ""
