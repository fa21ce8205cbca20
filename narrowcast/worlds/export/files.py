"""The files of a folder and their fingerprints: taken when they are written, compared when they are checked."""

from __future__ import annotations

import hashlib
from pathlib import Path

from narrowcast.language import gettext as _
from narrowcast.worlds.export.bar import Bar
from narrowcast.worlds.export.manifest import File
from narrowcast.worlds.export.report import Report

__all__ = ["compare_files", "fingerprinted"]


def _fingerprint(path: Path) -> File:
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return File(bytes=path.stat().st_size, sha256=digest)


def fingerprinted(folder: Path, bar: Bar) -> dict[str, File]:
    """Return the size and fingerprint of each file in a folder, by name."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    bar.begin(_("Fingerprints of the files"), sum(file.stat().st_size for file in files))
    found = {}
    for file in files:
        found[file.name] = _fingerprint(file)
        bar.advance(found[file.name].bytes)
    return found


def compare_files(folder: Path, report: Report, bar: Bar) -> set[str]:
    """Compare the files of a folder with its manifest.

    Parameters
    ----------
    folder
        Where they lie.
    report
        Where to note what is wrong.
    bar
        What is told how far the work is.

    Returns
    -------
    set of str
        The files that are there, changed or not.
    """
    tables, listed = report.manifest.tables, report.manifest.files
    bar.begin(_("Fingerprints of the files"), sum(file.bytes for file in listed.values()))
    there = set()
    for name in sorted({*listed, *(layout.file for layout in tables.values())}):
        inside = [table for table, layout in tables.items() if layout.file == name]
        try:
            problem = _difference(_fingerprint(folder / name), listed.get(name))
            there.add(name)
        except FileNotFoundError:
            problem = _("the file is missing.")
        except OSError as error:
            problem = _("the file cannot be read: {why}.").format(why=error.strerror or error)
        if problem:
            report.wrong(name, "file", problem, inside)
        for table in inside:
            report.right(table, "file")
        bar.advance(listed[name].bytes if name in listed else 0)
    return there


def _difference(found: File, wanted: File | None) -> str:
    if wanted is None:
        return _("the manifest has no fingerprint of the file.")
    if found.bytes != wanted.bytes:
        sizes = _("the file has {bytes:,} bytes, not {wanted:,}.")
        return sizes.format(bytes=found.bytes, wanted=wanted.bytes)
    return "" if found == wanted else _("the file was changed: its fingerprint is another.")
