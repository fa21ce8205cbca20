"""Near-identical code: fingerprints that survive other names, comments, layout and another order of the cells.

Code is cut into tokens; names that a student chose become one sign; every run of `GRAM` tokens is hashed, and of each
`WINDOW` hashes in a row the smallest is kept (winnowing). So any passage of `GRAM + WINDOW - 1` tokens that two
students share leaves a print in both.

The method is that of S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document fingerprinting",
SIGMOD 2003. A print that much of a class has in common is a usual way of solving the task, and no evidence.
"""

from __future__ import annotations

import ast
import builtins
import hashlib
import keyword
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

__all__ = ["Pair", "of_cells", "similar"]

GRAM, WINDOW = 8, 5
"""Tokens that are hashed together, and hashes in a row of which one is kept."""

MOST = 200_000
"""Letters of one student's code that are looked at."""

_ESCAPED = r"\\(?:.|\Z)"
# A string without an end goes on to the end of its line or of the text, so that each letter is looked at once.
_QUOTED = (
    rf"\'\'\'(?:[^\\]|{_ESCAPED})*?(?:\'\'\'|\Z)|\"\"\"(?:[^\\]|{_ESCAPED})*?(?:\"\"\"|\Z)"
    rf"|'(?:[^'\\\n]|{_ESCAPED})*+'?|\"(?:[^\"\\\n]|{_ESCAPED})*+\"?"
)
_TOKEN = re.compile(
    rf"(?P<comment>\#[^\n]*)|(?P<string>[rRbBuUfF]{{0,2}}(?:{_QUOTED}))|(?P<number>(?:\d|\.\d)(?:[eE][+-]|[\w.])*)"
    r"|(?P<name>[^\W\d]\w*)|(?P<sign>\*\*=?|//=?|<<=?|>>=?|[-+*/%&|^@=!<>:]=|->|[^\w\s])",
    re.DOTALL,
)
_KNOWN = frozenset(keyword.kwlist) | frozenset(dir(builtins))
_NO_SIGN = frozenset(";\\")
_CLOSING = frozenset(")]}")


@dataclass(frozen=True)
class Pair:
    """Two students whose code is alike; a hint, and no verdict.

    Attributes
    ----------
    a, b
        The students, in the order of the alphabet.
    share
        Prints that both have, over those of the one who has fewer: 0 to 1.
    matches
        How many prints both have.
    """

    a: str
    b: str
    share: float
    matches: int


def of_cells(sources: Sequence[str]) -> tuple[int, ...]:
    """Return the fingerprint of a student's code.

    Parameters
    ----------
    sources
        The text of each cell that the student wrote in; broken code and magics are welcome.

    Returns
    -------
    tuple of int
        Rising numbers below 2**48; empty where the code is too short to tell anything.
    """
    prints: set[int] = set()
    room = MOST
    for source in sources:
        prints |= _winnowed(_tokens(source[:room]))
        room = max(room - len(source), 0)
    return tuple(sorted(prints))


def similar(
    prints: Mapping[str, tuple[int, ...]],
    *,
    share: float = 0.6,
    matches: int = 6,
    common: float = 0.1,
) -> list[Pair]:
    """Return the pairs of students whose code is alike, the most alike first.

    Parameters
    ----------
    prints
        By student, what `of_cells` returned.
    share
        The least share that is told, 0 to 1.
    matches
        The least number of prints in common: fewer may be chance.
    common
        A print that more than this share of the class has (and more than three students) is left out, 0 to 1.
    """
    # A student whose code left no print is part of the class all the same.
    names = sorted(prints)
    table = _table([prints[name] for name in names])
    holders = np.asarray(table.sum(axis=0)).ravel()
    rare = table[:, np.flatnonzero((holders > 1) & (holders <= max(3.0, common * len(names))))]
    usual = np.asarray(table[:, np.flatnonzero(holders > max(3.0, common * len(names)))].sum(axis=1)).ravel()
    own = np.asarray(table.sum(axis=1)).ravel() - usual
    both = sparse.triu(rare @ rare.T, k=1).tocoo()
    found = [
        Pair(names[a], names[b], float(count / min(own[a], own[b])), int(count))
        for a, b, count in zip(both.row, both.col, both.data, strict=True)
        if count >= max(matches, 1) and count >= share * min(own[a], own[b])
    ]
    return sorted(found, key=lambda pair: (-pair.share, -pair.matches, pair.a, pair.b))


def _table(rows: Sequence[Sequence[int]]) -> sparse.csr_array:
    """Return who has which print: a row a student, a column a print."""
    sets = [sorted(set(row)) for row in rows]
    flat = np.array([number for row in sets for number in row], dtype=np.int64)
    known, columns = np.unique(flat, return_inverse=True)
    starts = np.cumsum([0, *map(len, sets)])
    ones = np.ones(len(flat), dtype=np.int64)
    return sparse.csr_array((ones, columns, starts), shape=(len(sets), len(known)))


def _tokens(source: str) -> list[str]:
    tokens: list[str] = []
    for found in _TOKEN.finditer(source):
        kind, text = found.lastgroup, found.group()
        if kind == "comment" or text in _NO_SIGN:
            continue
        if text in _CLOSING and tokens and tokens[-1] == ",":
            tokens.pop()  # a comma before a bracket is layout
        if kind == "name" and text not in _KNOWN and not (tokens and tokens[-1] == "."):
            text = "a name"
        elif kind == "string":
            text = _unquoted(text)
        tokens.append(text)
    return tokens


def _unquoted(text: str) -> str:
    """Return a string the same however it is quoted."""
    try:
        return repr(ast.literal_eval(text))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text


def _winnowed(tokens: Sequence[str]) -> set[int]:
    grams = ["\0".join(tokens[at : at + GRAM]) for at in range(len(tokens) - GRAM + 1)]
    hashes = [int.from_bytes(hashlib.blake2b(_bytes(gram), digest_size=6).digest(), "big") for gram in grams]
    return {min(hashes[at : at + WINDOW]) for at in range(max(len(hashes) - WINDOW + 1, min(len(hashes), 1)))}


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
