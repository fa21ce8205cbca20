"""One cell as a student's file has it, made plain: a kind, a text, a name, and nothing that could do harm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from narrowcast.grade.intake.repair import Log
from narrowcast.language import gettext as _

__all__ = ["KINDS", "Cell", "plain_cells", "same_text"]

KINDS = frozenset({"code", "markdown", "raw"})
CELL_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")

MOST = 5000
"""Cells of one notebook that are looked at."""


@dataclass(eq=False)
class Cell:
    """One cell; two are the same only if they are one.

    Attributes
    ----------
    kind
        "code", "markdown" or "raw".
    source
        Its text: every letter of it can be written to a file.
    id
        nbformat's id, as far as it is a valid one; else empty.
    name
        nbgrader's id; empty where there is none.
    attachments
        Pictures that a text shows, by name.
    about
        nbgrader's metadata, as the file has them: believed in nothing.
    """

    kind: str
    source: str
    id: str = ""
    name: str = ""
    attachments: dict[str, dict[str, str]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


def same_text(one: str, other: str) -> bool:
    """Return whether two texts differ in nothing but blanks at the ends of lines and empty lines around."""
    if abs(len(one) - len(other)) > 10_000:  # megabytes are not cut into lines for this
        return False
    return _trimmed(one) == _trimmed(other)


def _trimmed(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def plain_cells(found: Iterable[object], log: Log) -> list[Cell]:
    """Return a file's cells made plain; what is no cell is left out, and told."""
    cells: list[Cell] = []
    for one in found:
        if len(cells) >= MOST:
            told = _("There are more than {most} cells; the rest was left out.").format(most=MOST)
            log.add("many", "", told, for_student=True)
            break
        if isinstance(one, Mapping):
            cells.append(_plain(one, log))
        else:
            log.add("no cell", "", _("Something that is no cell stood among the cells; it was left out."))
    return cells


def _plain(one: Mapping[str, Any], log: Log) -> Cell:
    metadata = one.get("metadata")
    said = metadata.get("nbgrader") if isinstance(metadata, Mapping) else None
    about = said if isinstance(said, Mapping) else {}
    given_name = about.get("grade_id")
    name = _written(given_name) if isinstance(given_name, str) else ""
    given, kind = one.get("cell_type"), "code"
    source = _source(one, name, log)
    if given == "heading":  # a kind that format 3 had
        level = one.get("level")
        deep = int(level) if isinstance(level, int | float) and 1 <= level <= 6 else 1
        kind, source = "markdown", f"{'#' * deep} {source}"
    elif isinstance(given, str) and given in KINDS:
        kind = given
    else:
        log.add("kind", name, _("A cell of an unknown kind was read as code."), for_student=True)
    own = one.get("id")
    identity = own if isinstance(own, str) and CELL_ID.match(own) else ""
    pictures = {} if kind == "code" else _attachments(one.get("attachments"))
    return Cell(kind, source, identity, name, pictures, about)


def _source(one: Mapping[str, Any], name: str, log: Log) -> str:
    given = one.get("source", one.get("input", ""))
    lines = given if isinstance(given, list) else [given]
    parts = [line for line in lines if isinstance(line, str)]
    if len(parts) < len(lines):
        told = _("A part of a cell was no text; it was left out.")
        log.add("no text", name, told, for_student=True)
    text = "".join(parts)
    clean = _written(text)
    if clean != text:
        told = _("A cell held letters that cannot be written to a file; they were replaced.")
        log.add("letters", name, told, for_student=True)
    return clean


def _written(text: str) -> str:
    """Return text that any file can hold: half letters and zeros, which Python refuses as code, are replaced."""
    # Python joins a pair of halves only if they go through UTF-16 together.
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "\ufffd")


def _attachments(found: object) -> dict[str, dict[str, str]]:
    if not isinstance(found, Mapping):
        return {}
    kept = {}
    for name, bundle in found.items():
        if isinstance(bundle, Mapping):
            # Only what is text is valid under any type of content, and a picture is base64.
            kept[_written(str(name))] = {
                _written(str(kind)): _written(data) for kind, data in bundle.items() if isinstance(data, str)
            }
    return kept
