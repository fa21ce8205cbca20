"""The outputs of a cell as they come in: of the right shape, and no more than may be."""

from __future__ import annotations

import json
import re
from typing import Any

from narrowcast.language import gettext as _

__all__ = ["Outputs", "error_output"]

SMALL = 4_096
"""Bytes of a result that is kept even where there is no room left: it may be a mark."""

_LAST = 20_000

MOST = 2_000
"""Outputs of a cell that are kept."""

_ANY_JSON = re.compile(r"application/(.*\+)?json")
"""Kinds of which a notebook keeps the data as they are."""


def error_output(name: str, told: str) -> dict[str, Any]:
    """Return an error as a notebook shows it."""
    return {"output_type": "error", "ename": name, "evalue": told, "traceback": [f"{name}: {told}"]}


class Outputs:
    """Collects a cell's outputs.

    Parameters
    ----------
    room
        Bytes in all.
    """

    def __init__(self, room: int) -> None:
        self.list: list[dict[str, Any]] = []
        self.cut = False
        self._room = room
        self._clear = False
        self._shown: dict[str, list[dict[str, Any]]] = {}

    def add(self, output: object, size: int, display: object = None) -> None:
        """Take an output that had `size` bytes; `display` is the id by which it may be updated."""
        clean = _cleaned(output)
        if clean is None:
            return
        if self._clear:
            self.clear(wait=False)
        clean = self._fitting(clean, size)
        if clean is None:
            return
        if clean["output_type"] == "display_data" and isinstance(display, str):
            self._shown.setdefault(display, []).append(clean)
        last = self.list[-1] if self.list else {}
        if clean["output_type"] == "stream" and last.get("name") == clean["name"]:
            last["text"] += clean["text"]
        else:
            self.list.append(clean)

    def update(self, display: object, output: object, size: int) -> None:
        """Change what was displayed under an id."""
        clean = _cleaned(output)
        if clean is None or clean["output_type"] != "display_data" or not self._paid(size):
            return
        for shown in self._shown.get(display, ()) if isinstance(display, str) else ():
            shown["data"], shown["metadata"] = clean["data"], clean["metadata"]

    def clear(self, *, wait: bool) -> None:
        """Forget what there is, now or when the next output comes; what was complained of stays."""
        self._clear = wait
        if not wait:
            self.list = [output for output in self.list if output["output_type"] == "error"]
            self._shown = {}

    def note(self) -> None:
        """Say, where something was left out, that it was."""
        if self.cut:
            told = _("[The output of this cell was cut: it was too long.]")
            self.list.append({"output_type": "stream", "name": "stdout", "text": f"\n{told}\n"})

    def failed(self) -> bool:
        """Return whether there is an error among them."""
        return any(output["output_type"] == "error" for output in self.list)

    def _paid(self, size: int) -> bool:
        if size > self._room:
            self.cut = True
            return False
        self._room -= size
        return True

    def _fitting(self, output: dict[str, Any], size: int) -> dict[str, Any] | None:
        """Return what of an output there is room for."""
        kind = output["output_type"]
        if kind == "error":
            return self._shortened(output)
        if len(self.list) >= MOST:
            self.cut = True
            return None
        if kind == "stream":
            return self._stream(output)
        if self._paid(size) or (kind == "execute_result" and size <= SMALL and not self._results()):
            return output
        return None

    def _stream(self, output: dict[str, Any]) -> dict[str, Any] | None:
        text = output["text"]
        if not self._paid(len(text)):
            text, self._room = text[: self._room], 0
            silent = output["name"] == "stderr" and not any(o.get("name") == "stderr" for o in self.list)
            text = text or (output["text"][:SMALL] if silent else "")  # that something complained is kept
        return output | {"text": text} if text else None

    def _results(self) -> bool:
        return any(output["output_type"] == "execute_result" for output in self.list)

    def _shortened(self, output: dict[str, Any]) -> dict[str, Any] | None:
        if sum(o["output_type"] == "error" for o in self.list) >= 20:
            return None
        lines, room = [], _LAST
        for line in reversed(output["traceback"]):
            if len(line) > room:
                lines.append(line[-room:] if room else "")
                self.cut = True
                break
            lines.append(line)
            room -= len(line)
        return output | {"evalue": output["evalue"][:_LAST], "traceback": lines[::-1]}


def _cleaned(output: object) -> dict[str, Any] | None:
    """Return an output as nbformat has it; None for what is none."""
    if not isinstance(output, dict):
        return None
    kind = output.get("output_type")
    if not isinstance(kind, str):
        return None
    if kind == "stream":
        name, text = output.get("name"), output.get("text")
        if isinstance(name, str) and name in {"stdout", "stderr"} and isinstance(text, str):
            return {"output_type": kind, "name": name, "text": text}
    elif kind == "error":
        lines = output.get("traceback")
        if isinstance(lines, list) and all(isinstance(line, str) for line in lines):
            name, value = str(output.get("ename"))[:200], str(output.get("evalue"))
            return {"output_type": kind, "ename": name, "evalue": value, "traceback": lines}
    elif kind in {"display_data", "execute_result"}:
        return _bundle(kind, output)
    return None


def _bundle(kind: str, output: dict[str, Any]) -> dict[str, Any] | None:
    data, metadata = output.get("data"), output.get("metadata")
    if not isinstance(data, dict):
        return None
    clean: dict[str, Any] = {
        "output_type": kind,
        "data": {name: _value(name, value) for name, value in data.items()},
        "metadata": metadata if isinstance(metadata, dict) else {},
    }
    if kind == "execute_result":
        count = output.get("execution_count")
        clean["execution_count"] = count if type(count) is int and 0 <= count < 1 << 31 else None
    return clean


def _value(kind: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str) or _ANY_JSON.fullmatch(kind):
        return value
    return json.dumps(value)
