"""A notebook's text without its outputs, found in one pass and without reading it as JSON."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator

__all__ = ["TooMuch", "slim"]

TOKENS = 8_000_000
"""Brackets and strings that are looked at; a file that has more is no honest notebook."""

# Possessive: a string of gigabytes costs no memory. One without an end is looked at once.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.|\\\Z)*+(?:"|\Z)|[\[\]{}]', re.DOTALL)
_LIST = re.compile(rb"\s*:\s*\[")


class TooMuch(Exception):  # noqa: N818 - caught by the only caller
    """The text holds more than can be looked at."""


def slim(data: bytes | mmap.mmap, most: int, tokens: int = TOKENS) -> bytes:
    """Return JSON text in which every list under the key "outputs" is empty.

    Parameters
    ----------
    data
        Text in an encoding that extends ASCII.
    most
        Bytes that may be left.
    tokens
        Strings and brackets that are looked at.

    Raises
    ------
    TooMuch
        If more is left, or there are more of them.
    """
    kept: list[bytes] = []
    left = start = seen = 0
    found = _TOKEN.finditer(data)
    for token in found:
        seen += 1
        if token.end() - token.start() != len(b'"outputs"') or token.group() != b'"outputs"':
            if seen > tokens or left + token.end() - start > most:
                raise TooMuch
            continue
        opening = _LIST.match(data, token.end())
        if opening is None:
            continue
        kept.append(data[start : opening.end()])
        left += len(kept[-1])
        start, passed = _end(found, len(data), tokens - seen)
        seen += passed
    kept.append(data[start:] if left + len(data) - start <= most else _too_much())
    return b"".join(kept)


def _end(found: Iterator[re.Match[bytes]], size: int, tokens: int) -> tuple[int, int]:
    """Return where the list that opens next is closed, and how many tokens that took."""
    depth = passed = 0
    for token in found:
        passed += 1
        if passed > tokens:
            raise TooMuch
        sign = token.group() if token.end() - token.start() == 1 else b""
        depth += (sign in {b"[", b"{"}) - (sign in {b"]", b"}"})
        if depth == 0 and sign:
            return token.start(), passed
    return size, passed


def _too_much() -> bytes:
    raise TooMuch
