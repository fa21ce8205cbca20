"""A market's data, written to a folder block by block: a million customers or a hundred, in the same memory."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.filesize import decimal

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Blueprint
from narrowcast.worlds.export.bar import Bar, Quiet
from narrowcast.worlds.export.drawing import drawn
from narrowcast.worlds.export.files import fingerprinted
from narrowcast.worlds.export.formats import Form, form_named
from narrowcast.worlds.export.manifest import MANIFEST, Manifest
from narrowcast.worlds.export.place import README, building
from narrowcast.worlds.export.plan import planned
from narrowcast.worlds.export.readme import readme
from narrowcast.worlds.export.wish import Wish
from narrowcast.worlds.tables import Table, tables_of
from narrowcast.worlds.tables.catalogue import table_named

__all__ = ["build"]


def build(blueprint: Blueprint, out: Path, wish: Wish | None = None, bar: Bar | None = None) -> Manifest:
    """Write a market's tables to a folder.

    Blocks are drawn side by side and written in order, so the files are the same to the byte for any number
    of workers (Parquet and CSV). The folder appears when it is whole, and not before.

    Parameters
    ----------
    blueprint
        The market.
    out
        The folder; its name is free, or an empty folder's.
    wish
        How to write them; None is all tables as Parquet.
    bar
        What is told how far the work is.

    Returns
    -------
    Manifest
        What was written.

    Raises
    ------
    UnknownName
        If there is no such format or table.
    DataError
        If the folder cannot be written, or the disk is too small.
    """
    from narrowcast.worlds.card import card_text  # noqa: PLC0415 - the card is of a market, not of its files

    wish, bar = wish or Wish(), bar or Quiet()
    form, chosen = form_named(wish.form), _chosen(blueprint, wish.tables)
    form.parts()  # a library that is missing is told before anything is drawn
    plan = planned(blueprint, chosen, form, wish)
    with _told(out), building(out, force=wish.force) as folder:
        card = card_text(blueprint)
        rows = _write(blueprint, plan, folder, form, wish.workers, bar)
        done = {name: layout.model_copy(update={"rows": rows[name]}) for name, layout in plan.tables.items()}
        manifest = plan.model_copy(update={"tables": done, "files": fingerprinted(folder, bar)})
        text = readme(card, blueprint, manifest, Path(out.name))
        (folder / README).write_text(text, encoding="utf-8", newline="\n")
        (folder / MANIFEST).write_text(manifest.text(), encoding="utf-8", newline="\n")
    return manifest


def _chosen(blueprint: Blueprint, names: Iterable[str] | None) -> dict[str, Table]:
    """Return the tables to write, the parents before their children."""
    every = tables_of(blueprint.recipe)
    wanted = set(every) if names is None else {table_named(blueprint.recipe, name).name for name in names}
    if not wanted:
        raise DataError(_("No table is named."), _("Leave --tables out, and all are written."))
    return {name: table for name, table in every.items() if name in wanted}


def _write(
    blueprint: Blueprint, plan: Manifest, folder: Path, form: Form, workers: int | None, bar: Bar
) -> dict[str, int]:
    """Write all rows, and return how many each table has."""
    rows, done = dict.fromkeys(plan.tables, 0), 0
    bar.begin(_("Drawing {world}").format(world=plan.world), blueprint.customers)
    writer = form.writer(folder, plan)
    try:
        for number, (customers, tables) in enumerate(drawn(blueprint, list(rows), workers), start=1):
            for name, table in tables.items():
                schema = plan.tables[name].schema
                writer.write(name, table.select(schema.names).cast(schema))
                rows[name] += table.num_rows
            done += customers
            bar.advance(customers)
            if (
                number.bit_count() == 1
            ):  # early, for the reader's sake; and again, for rows may wait in memory
                _see_to_room(blueprint, rows, done, folder, form)
        bar.begin(_("Closing the files"), 1)
        writer.close()
    except BaseException:
        writer.abandon()
        raise
    return rows


def _see_to_room(blueprint: Blueprint, rows: dict[str, int], done: int, folder: Path, form: Form) -> None:
    """Complain if the disk will be full before the end, going by what was written so far."""
    every = tables_of(blueprint.recipe)
    growing = sum(count for name, count in rows.items() if not every[name].whole)
    written = sum(file.stat().st_size for file in folder.iterdir())
    share = growing / max(sum(rows.values()), 1)
    more = written * share * (blueprint.customers - done) / done
    more += (written + more) * (form.room - 1)
    free = shutil.disk_usage(folder).free
    if more > free:
        problem = _("The data would take about {needed}, and {free} are free on the disk.")
        raise DataError(problem.format(needed=decimal(round(written + more)), free=decimal(free)), _fewer())


def _fewer() -> str:
    return _("Ask for fewer --customers or --tables, or give a folder on another disk with --out.")


@contextmanager
def _told(out: Path) -> Iterator[None]:
    """Say plainly what the disk complains of."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
            problem = _("The disk is full; nothing was left behind.")
            cure = _fewer()
        else:
            why = os.strerror(error.errno) if error.errno else error
            problem = _("{folder} could not be written: {why}.").format(folder=out, why=why)
            cure = _("Give a folder of your own with --out.")
        raise DataError(problem, cure) from error
