"""Read a lesson or an assignment: MyST Markdown into front matter and cells that know their lines."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from narrowcast.author.problems import Problems
from narrowcast.language import gettext as _

__all__ = ["Cell", "Source", "read_source", "read_text"]

_FRONT = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
# Editors and Python count these as line ends, Markdown does not: line numbers would drift apart.
_ODD_ENDS = re.compile("[\x00\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")


@dataclass(frozen=True)
class Cell:
    """One cell of a text.

    Parameters
    ----------
    kind
        What it becomes in the notebook.
    source
        Its text, lines parted by newlines.
    lines
        For each line of `source`, its line in the file, counted from 1.
    line
        Where the cell begins in the file: the fence of a code cell.
    options
        What stands in `:key: value` lines of a code cell, or after `+++` of a Markdown cell.
    """

    kind: Literal["markdown", "code"]
    source: str
    lines: tuple[int, ...]
    line: int
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A text that was read: its file, its front matter and its cells in order."""

    file: Path
    front: dict[str, Any]
    cells: tuple[Cell, ...]
    text: str

    def front_line(self, key: str) -> int:
        """Return the line on which a key of the front matter stands (1 if it does not)."""
        for number, line in enumerate(self.text.split("\n"), start=1):
            if line.startswith(f"{key}:"):
                return number
        return 1


def read_text(file: Path, problems: Problems) -> str | None:
    """Return the text of a file with plain newlines and no byte-order mark, or None with a problem noted."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        problems.add(file, 1, _("the file is missing."))
        return None
    except OSError as error:
        problems.add(file, 1, _("cannot be read: {error}"), error=error.strerror or error)
        return None
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        problems.add(file, line, _("is not UTF-8; save it as UTF-8."))
        return None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    odd = _ODD_ENDS.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        problems.add(file, line, _("has the control character {character!r}; delete it."), character=odd[0])
        return None
    return text


def read_source(file: Path, problems: Problems) -> Source | None:
    """Read a MyST Markdown text.

    Parameters
    ----------
    file
        A `lesson.md` or `assignment.md`.
    problems
        Where everything that is wrong with the file is noted.

    Returns
    -------
    Source or None
        None if the file cannot be cut into cells; the reason is in `problems`.
    """
    text = read_text(file, problems)
    if text is None:
        return None
    front = _front_matter(file, text, problems)
    if front is None:
        return None
    cells = _cells(file, text, problems)
    return None if cells is None else Source(file, front, cells, text)


def _front_matter(file: Path, text: str, problems: Problems) -> dict[str, Any] | None:
    match = _FRONT.match(text)
    if match is None:
        problems.add(file, 1, _("there is no front matter; begin with a line `---`, keys, and a line `---`."))
        return None
    try:
        front = yaml.safe_load(match["yaml"])
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        what = getattr(error, "problem", None) or str(error)
        problems.add(file, line, _("the front matter is not YAML: {what}"), what=what)
        return None
    if not isinstance(front, dict) or not all(isinstance(key, str) for key in front):
        problems.add(file, 1, _("the front matter must be lines of `key: value`."))
        return None
    return front


def _cells(file: Path, text: str, problems: Problems) -> tuple[Cell, ...] | None:
    from jupytext.myst import MystMetadataParsingError, myst_to_notebook  # noqa: PLC0415 - slow to import
    from nbformat import ValidationError  # noqa: PLC0415 - slow to import

    # The front matter is ours, not the notebook's: blank lines keep the count.
    body = _FRONT.sub(lambda front: "\n" * front[0].count("\n"), text)
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            notebook = myst_to_notebook(body, add_source_map=True)
    except (
        MystMetadataParsingError,
        ValidationError,
        yaml.YAMLError,
        ValueError,
        TypeError,
        AttributeError,
    ) as error:
        place = re.search(r"at line (\d+)", str(error))
        what = " ".join(str(error).split("\n\n")[0].split())
        problems.add(file, int(place[1]) if place else 1, _("not MyST Markdown: {what}"), what=what)
        return None
    for warning in caught:
        if "same language" in str(warning.message):
            problems.add(file, 1, _("every code cell must say {fence}."), fence="```{code-cell} ipython3")
    lines = text.split("\n")
    cells = []
    for cell, start in zip(notebook.cells, notebook.metadata["source_map"], strict=True):
        if cell.cell_type == "raw":
            problems.add(file, start, _("raw cells are not used here; make it Markdown or code."))
            continue
        metadata = cell.metadata
        if not isinstance(metadata, dict):
            problems.add(file, start, _("the options of the cell must be lines of `:key: value`."))
            continue
        cells.append(_placed(cell.cell_type, cell.source, dict(metadata), start, lines))
    return tuple(cells)


def _placed(
    kind: Literal["markdown", "code"], source: str, options: dict[str, Any], start: int, lines: list[str]
) -> Cell:
    """Find where the source of a cell stands in the file, looking onwards from its start."""
    body = source.split("\n")
    first = start
    while first < len(lines) and [line.rstrip() for line in lines[first : first + len(body)]] != [
        line.rstrip() for line in body
    ]:
        first += 1
    if first >= len(lines):  # a code cell in a quote: its lines carry marks that its source does not
        first = start
    numbers = tuple(range(first + 1, first + 1 + len(body)))
    return Cell(kind, source, numbers, start if kind == "code" else numbers[0], options)
