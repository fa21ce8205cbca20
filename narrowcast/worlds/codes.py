"""Texts of digits, such as C0000042, made a block at a time.

They are written straight into the bytes of an Arrow array: no text is made one by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["codes", "digits", "fixed"]

Bytes = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.integer[Any]]
Flags = npt.NDArray[np.bool_]

_FOUR = np.frombuffer(b"".join(b"%04d" % i for i in range(10_000)), dtype=np.uint32)
"""The four digits of every number below 10,000, each in one word."""

ID_DIGITS = 7
"""Digits of a customer's number; more where there are more customers."""


def digits(numbers: Whole, width: int) -> Bytes:
    """Return the last digits of numbers as ASCII, shape (n, width); numbers are 0 or more."""
    groups = -(-width // 4)
    out, rest = np.empty((numbers.size, groups), dtype=np.uint32), numbers
    for group in reversed(range(groups)):
        above = rest // 10_000
        out[:, group] = _FOUR.take(rest - above * 10_000)  # a fourth of the time of rest % 10_000
        rest = above
    return out.view(np.uint8).reshape(numbers.size, groups * 4)[:, groups * 4 - width :]


def fixed(rows: Bytes, present: Flags | None = None) -> pa.LargeStringArray:
    """Return texts of one width as an Arrow array, shape (n,).

    Parameters
    ----------
    rows
        The bytes of those that are not missing, ASCII, shape (texts, width).
    present
        Shape (n,): False where a text is missing; left out, none is.
    """
    width = rows.shape[1]
    if present is None:
        ends, valid = np.arange(len(rows) + 1, dtype=np.int64) * width, None
    else:
        ends = np.concatenate([[0], np.cumsum(present, dtype=np.int64) * width])
        valid = pa.py_buffer(np.packbits(present, bitorder="little"))
    data = np.ascontiguousarray(rows)
    return pa.LargeStringArray.from_buffers(ends.size - 1, pa.py_buffer(ends), pa.py_buffer(data), valid)


def codes(
    letter: str, numbers: Whole, width: int = ID_DIGITS, present: Flags | None = None
) -> pa.LargeStringArray:
    """Return codes such as "C0000042", shape (n,).

    Parameters
    ----------
    letter
        What they begin with, ASCII.
    numbers
        Shape (n,), 0 or more; of no account where the code is missing.
    width
        Digits at least; a number that needs more has more.
    present
        Shape (n,): False where the code is missing; left out, none is.
    """
    if numbers.size and int(numbers.max()) >= 10**width:  # codes of several lengths
        written = pa.array(numbers, mask=None if present is None else ~present).cast(pa.large_string())
        head, nothing = (pa.scalar(part, pa.large_string()) for part in (letter, ""))
        return pc.binary_join_element_wise(head, pc.utf8_lpad(written, width, "0"), nothing)
    if present is not None:
        numbers = numbers.take(np.flatnonzero(present))  # several times as quick as numbers[present]
    head = np.frombuffer(letter.encode("ascii"), dtype=np.uint8)
    rows = np.empty((numbers.size, head.size + width), dtype=np.uint8)
    rows[:, : head.size], rows[:, head.size :] = head, digits(numbers, width)
    return fixed(rows, present)
