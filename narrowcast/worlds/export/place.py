"""Where a folder of data comes to be: beside its place, and moved there once it is whole."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from narrowcast.errors import DataError
from narrowcast.language import gettext as _
from narrowcast.worlds.export.manifest import MANIFEST, manifest_in

__all__ = ["README", "building"]

README = "README.md"


@contextmanager
def building(out: Path, *, force: bool) -> Iterator[Path]:
    """Give a new, empty folder to build in; when all went well, it is moved to `out`.

    Everything happens in one folder beside it, ``OUT.partial``. Whatever ends the work (Ctrl-C, a full
    disk, a killed process), `out` is as it was before; what a killed process leaves is cleared away here,
    the next time.

    Parameters
    ----------
    out
        Where the folder is wanted.
    force
        Whether a folder of data that lies there may be replaced.

    Raises
    ------
    DataError
        If something lies there that must stay, somebody else builds there, or nothing can be written.
    """
    out = out.resolve()
    partial = out.with_name(f"{out.name}.partial") if out.name else out
    _may_be_taken(out, force=force)
    try:
        partial.mkdir(parents=True, exist_ok=True)
        lock = FileLock(partial / "lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        problem = _("Another build is writing to {folder} just now.").format(folder=out)
        raise DataError(problem, _("Wait until it has ended, or give another folder with --out.")) from error
    except OSError as error:
        problem = _("Nothing can be written beside {folder}: {why}.")
        raise DataError(
            problem.format(folder=out, why=error.strerror or error),
            _("Give a folder of your own with --out."),
        ) from error
    new, old = partial / "new", partial / "old"
    try:
        _clear(out, new, old)
        _may_be_taken(out, force=force)
        new.mkdir()
        yield new
        _to_disk(new)
        _may_be_taken(out, force=force)  # it may have come to be meanwhile
        _move(new, out, old)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        if out.exists():
            shutil.rmtree(old, ignore_errors=True)
        lock.release()
        with suppress(OSError):  # another build may have begun there
            (partial / "lock").unlink(missing_ok=True)
            partial.rmdir()


def _clear(out: Path, new: Path, old: Path) -> None:
    """Clear away what a killed build left; if it was killed while it changed two folders, change back."""
    if old.is_dir() and not out.exists():
        old.rename(out)
    for left in (new, old):
        if left.exists():
            shutil.rmtree(left)


def _may_be_taken(out: Path, *, force: bool) -> None:
    """Complain if something lies at `out` that must stay."""
    another = _("Give another folder with --out.")
    if not out.name or (out.exists() and not out.is_dir()):
        raise DataError(_("{folder} is no folder that data can go to.").format(folder=out), another)
    if not out.exists() or not any(out.iterdir()):
        return
    if not (out / MANIFEST).is_file():
        problem = _("{folder} is not empty, and what lies there is not a market's data.")
        raise DataError(problem.format(folder=out), another)
    if not force:
        problem = _("{folder} holds a market's data already.").format(folder=out)
        raise DataError(problem, _("Replace it with --force, or give another folder with --out."))
    ours = {MANIFEST, README, *manifest_in(out).files}
    others = sorted(entry.name for entry in out.iterdir() if entry.name not in ours)
    if others:
        problem = _("{folder} holds something that no build wrote: {names}.")
        raise DataError(
            problem.format(folder=out, names=", ".join(others[:5])), _("Move it away first, or: ") + another
        )


def _to_disk(folder: Path) -> None:
    """Have every file of a folder written for good, so that no power cut leaves it whole only in name."""
    for file in folder.iterdir():
        with file.open("rb+") as opened:
            os.fsync(opened.fileno())


def _move(new: Path, out: Path, old: Path) -> None:
    """Put the new folder in its place; the one before it goes, or comes back if that fails."""
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
