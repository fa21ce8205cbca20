"""The report on the disk: a page and tables, each whole or not there."""

from __future__ import annotations

from pathlib import Path

from narrowcast.errors import CourseError
from narrowcast.grade.report.findings import Findings
from narrowcast.grade.report.page import page
from narrowcast.grade.report.tables import TABLES
from narrowcast.language import gettext as _

__all__ = ["write_report"]

MARK = "\ufeff"
"""Says UTF-8 to Excel, which takes a CSV file without it for the language of the machine."""


def write_report(findings: Findings, folder: Path) -> list[Path]:
    """Write report.html and the tables, and return their paths, the page first.

    Parameters
    ----------
    findings
        What to tell, in the language in force.
    folder
        Where to; made when it is missing. Files of an earlier report are replaced.

    Raises
    ------
    CourseError
        If it cannot be written.
    """
    texts = {"report.html": page(findings)}
    texts |= {name: MARK + make(findings) for name, make in TABLES.items()}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_write(folder / name, text) for name, text in texts.items()]
    except OSError as error:
        problem = _("The report cannot be written to {folder}: {why}.").format(
            folder=folder, why=error.strerror or error
        )
        raise CourseError(problem, _("Name another folder with --out.")) from error


def _write(path: Path, text: str) -> Path:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(text.encode("utf-8", "replace"))
    fresh.chmod(0o600)  # names and marks are nobody else's business
    return fresh.replace(path)
