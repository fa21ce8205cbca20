"""A folder of data held to what its manifest says, a few rows at a time."""

from __future__ import annotations

from pathlib import Path

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.export.bar import Bar, Quiet
from narrowcast.worlds.export.files import compare_files
from narrowcast.worlds.export.formats import Reader, form_named
from narrowcast.worlds.export.joins import compare_keys
from narrowcast.worlds.export.manifest import manifest_in
from narrowcast.worlds.export.report import Report
from narrowcast.worlds.export.rows import compare_columns, compare_rows

__all__ = ["check"]


def check(folder: Path, bar: Bar | None = None) -> Report:
    """Hold a folder of data to its manifest.

    Files are compared with their fingerprints, tables with their columns and numbers of rows; values are
    missing only where they may be, keys occur once, and what joins on another table is found there.

    Parameters
    ----------
    folder
        What `narrowcast.worlds.export.build` wrote.
    bar
        What is told how far the work is.

    Raises
    ------
    DataError
        If the folder has no manifest that can be read, or a library is missing.
    """
    bar, manifest = bar or Quiet(), manifest_in(folder)
    report = Report(manifest, _("Build it anew: {command}").format(command=manifest.command(folder)))
    there = compare_files(folder, report, bar)
    _compare_sizes(report)
    names = [name for name, layout in manifest.tables.items() if layout.file in there]
    if not names:
        return report
    form = form_named(manifest.format)
    form.parts()  # a library that is missing is no problem of the folder's
    try:
        reader = form.reader(folder, manifest)
    except DataError as error:
        report.wrong(manifest.tables[names[0]].file, "columns", str(error), names)
        return report
    try:
        _compare_tables(reader, names, report, bar)
    finally:
        reader.close()
    return report


def _compare_sizes(report: Report) -> None:
    """Compare the number of customers with the rows of their table."""
    layout, told = report.manifest.tables.get("customers"), report.manifest.customers
    if layout is not None and layout.rows != told:
        what = _("the manifest says {told:,} customers and {rows:,} rows.").format(
            told=told, rows=layout.rows
        )
        report.wrong("customers", "rows", what, ["customers"])


def _compare_tables(reader: Reader, names: list[str], report: Report, bar: Bar) -> None:
    bar.begin(_("Rows"), sum(report.manifest.tables[name].rows for name in names))
    readable, rising = [], []
    for name in names:
        try:
            if compare_columns(reader, name, report):
                if compare_rows(reader, name, report, bar):
                    rising.append(name)
                readable.append(name)
        except DataError as error:
            report.wrong(name, "columns", str(error), [name])
    try:
        compare_keys(reader, readable, rising, report, bar)
    except DataError as error:  # though the rows were read to their end a moment ago
        report.wrong(report.manifest.format, "joins", str(error), readable)
