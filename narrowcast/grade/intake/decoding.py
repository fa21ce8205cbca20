"""Text from bytes, and a notebook from text: whole where it is whole, else what can be saved of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from narrowcast.grade.intake.repair import Log
from narrowcast.grade.intake.salvage import salvage
from narrowcast.language import gettext as _

__all__ = ["cells_of", "text_of"]


def text_of(data: bytes, log: Log) -> str:
    """Return the text of a file, whichever encoding an editor gave it; what is no text in it goes."""
    text, encoding = _decoded(data)
    if encoding != "utf-8":
        told = _("The file was not written in UTF-8 but as {encoding}; it was read as that.")
        log.add("encoding", "", told.format(encoding=encoding))
    if "\0" in text:
        told = _("The file held zero bytes, as after a full or failing disk; they were taken out.")
        log.add("zeros", "", told, for_student=True)
        text = text.replace("\0", "")
    return text


def _decoded(data: bytes) -> tuple[str, str]:
    detected = json.detect_encoding(data)
    if detected != "utf-8":
        wide = data.decode(detected, "replace")
        if "\ufffd" not in wide or data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
            return wide, detected
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        mended = data.decode(errors="replace")
    bad = mended.count("\ufffd")
    if sum(letter > "\x7f" for letter in mended) - bad > bad:
        return mended, _("UTF-8 with broken letters")
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _number(digits: str) -> float:
    return int(digits) if len(digits) < 20 else float(digits)  # int() refuses thousands of digits


def cells_of(text: str, log: Log) -> tuple[list[Any], str]:
    """Return what stands where a notebook has its cells, and why it is not whole; empty where it is."""
    if not text.strip():
        return [], _("the file is empty.")
    try:
        read = json.loads(text, strict=False, parse_int=_number)
    except (ValueError, RecursionError) as error:
        return salvage(text), _broken(error)
    if not isinstance(read, Mapping):
        return [], _("the file is no notebook.")
    version = read.get("nbformat")
    if version != 4:
        told = _("The file is a notebook of format {version}; it was read as format 4.")
        log.add("format", "", told.format(version=str(version)[:20]))
    return _listed(read)


def _broken(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return _("the file is nested too deep to be read whole.")
    return _("the file is broken or cut off: what was readable was kept.")


def _listed(read: Mapping[str, Any]) -> tuple[list[Any], str]:
    cells = read.get("cells")
    sheets = read.get("worksheets")  # format 3 kept its cells on sheets
    if cells is None and isinstance(sheets, list):
        parts = [sheet.get("cells") for sheet in sheets if isinstance(sheet, Mapping)]
        return [cell for part in parts if isinstance(part, list) for cell in part], ""
    if isinstance(cells, Mapping):
        cells = list(cells.values())
    if isinstance(cells, list):
        return cells, ""
    return [], _("the file has no list of cells.")
