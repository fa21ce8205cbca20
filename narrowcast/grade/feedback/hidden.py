"""What no page may show: tests that were hidden from the student, and the lines of an answer key.

Under stock nbgrader a student's code runs beside both and can print them, so what cells gave out is held against
them: whole lines are recognised, however they are spaced or quoted. Who means to carry them out in another form can;
that a box keeps them away is what protects them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import ClearHiddenTests, ClearMarkScheme

__all__ = ["Secrets", "key_lines", "parts"]

SHORTEST_TEST, SHORTEST_KEY = 6, 24
"""Letters of a line, spaces and quotes left out, from which on it is looked for."""

_MARKS = (
    ("begin_test_delimeter", "end_test_delimeter"),
    ("begin_mark_scheme_delimeter", "end_mark_scheme_delimeter"),
)
_AIR = re.compile(r"[\s\\'\"]+")


def _squeezed(text: str) -> str:
    """Return a text without what quoting and line breaks change."""
    return _AIR.sub("", text.replace("\\n", "").replace("\\t", ""))


@dataclass(frozen=True)
class Secrets:
    """Lines that no output may repeat.

    Attributes
    ----------
    lines
        Squeezed: no spaces, no quotes.
    """

    lines: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tests: Iterable[str], key: Iterable[str] = ()) -> Secrets:
        """Return the secrets among hidden tests and a key's lines."""
        long_tests = (line for line in map(_squeezed, tests) if len(line) >= SHORTEST_TEST)
        long_keys = (line for line in map(_squeezed, key) if len(line) >= SHORTEST_KEY)
        return cls(frozenset((*long_tests, *long_keys)))

    def in_text(self, text: str) -> bool:
        """Return whether a text repeats one of them."""
        squeezed = _squeezed(text) if self.lines else ""
        return any(line in squeezed for line in self.lines)

    def tells(self, text: str) -> bool:
        """Return whether a message stands in one of them, as an assertion's does, or repeats one."""
        squeezed = _squeezed(text)
        return bool(squeezed) and (any(squeezed in line for line in self.lines) or self.in_text(text))


def key_lines(path: Path) -> list[str]:
    """Return the lines of a key; none where there is none."""
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def parts(source: str, config: Any = None) -> tuple[list[str], list[tuple[int, str]]]:  # noqa: ANN401 - traitlets'
    """Cut a check cell into what is hidden and what the student received.

    Parameters
    ----------
    source
        The instructor's text of the cell.
    config
        nbgrader's configuration, which may name other words for the borders of what is hidden.

    Returns
    -------
    hidden : list of str
        Hidden lines; a region that does not end reaches to the end of the cell.
    visible : list of (int, str)
        The other lines, with their number in the source, from 1.
    """
    borders = _borders(config)
    hidden: list[str] = []
    visible: list[tuple[int, str]] = []
    end = ""
    for number, line in enumerate(source.splitlines(), 1):
        if end:
            hidden.append(line)
            end = "" if end in line else end
            continue
        end = next((stop for start, stop in borders.items() if start in line), "")
        if end:
            hidden.append(line)
        else:
            visible.append((number, line))
    return hidden, visible


def _borders(config: Any) -> Mapping[str, str]:  # noqa: ANN401
    """Return the words between which something is hidden, as configured or as nbgrader has them."""
    found = {}
    for tool, names in zip((ClearHiddenTests, ClearMarkScheme), _MARKS, strict=True):
        chosen = config.get(tool.__name__, {}) if config is not None else {}
        first, last = (str(chosen.get(name, getattr(tool, name).default_value)) for name in names)
        found[first] = last
    return found
