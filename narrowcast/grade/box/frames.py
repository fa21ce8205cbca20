"""Messages out of a box: a length, then JSON. Nothing that is read here is to be trusted."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any, NoReturn

__all__ = ["Flood", "Frames", "deep", "pack"]

_LENGTH = struct.Struct("<I")
DEEPEST = 64


class Flood(Exception):  # noqa: N818 - reads as what happened
    """A message longer than any may be, or more than may come."""


def pack(message: object) -> bytes:
    """Return a message as it goes over the wire.

    Raises
    ------
    ValueError, TypeError, RecursionError
        If it is not JSON.
    """
    text = json.dumps(message, allow_nan=False).encode("ascii")
    return _LENGTH.pack(len(text)) + text


class Frames:
    """Cuts what comes over the wire into messages.

    Parameters
    ----------
    longest
        Bytes of a message; a longer one is a Flood.
    """

    def __init__(self, longest: int) -> None:
        self._longest, self._rest = longest, bytearray()

    def feed(self, piece: bytes) -> Iterator[tuple[dict[str, Any], int]]:
        """Yield each whole message, and how many bytes it had; what is no message is left out.

        Raises
        ------
        Flood
            If a message announces itself longer than any may be.
        """
        self._rest += piece
        while len(self._rest) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._rest)
            if length > self._longest:
                raise Flood
            end = _LENGTH.size + length
            if len(self._rest) < end:
                return
            text = bytes(self._rest[_LENGTH.size : end])
            del self._rest[:end]
            message = _parsed(text)
            if message is not None:
                yield message, length


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        message = json.loads(text.decode("utf-8"), parse_constant=_refused)
        if not isinstance(message, dict) or deep(message):
            return None
        return dict(_whole(message))
    except (ValueError, RecursionError):
        return None


def deep(value: object, most: int = DEEPEST) -> bool:
    """Return whether something is nested deeper than `most`."""
    level = [value]
    for _depth in range(most):
        level = [
            inner
            for outer in level
            for inner in (
                outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ()
            )
        ]
        if not level:
            return False
    return True


def _whole(value: Any) -> Any:  # noqa: ANN401 - JSON
    """Return JSON in which each text can be written to a file: half a letter becomes "?"; no number is infinite."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_whole(part) for part in value]
    if isinstance(value, dict):
        return {_whole(name): _whole(part) for name, part in value.items()}
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        raise ValueError(value)  # 1e999
    return value
