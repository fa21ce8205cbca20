"""What lies in the folder of a graded submission: made beside it and put in its place in one move."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

__all__ = ["LARGEST", "OURS", "files_of", "fresh_folder", "gather", "put_in_place", "write_notebook"]

LARGEST = 256 << 20
"""Bytes of other files that are taken over from one submission; what is beyond is left where it was handed in."""

OURS = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.EROFS}
)
"""Troubles of the machine."""

_NEW, _OLD = ".{name}.new", ".{name}.old"


def gather(target: Path, submitted: Path, source: Path, exclude: frozenset[str] = frozenset()) -> list[str]:
    """Put a submission's files beside where they will lie: the instructor's, and what the student adds to them.

    Parameters
    ----------
    target
        Folder of the graded submission; what is made lies beside it until `put_in_place`.
    submitted
        What the student handed in; only regular files are taken, never what a link points to.
    source
        The instructor's version; its notebooks are left out.
    exclude
        Files of the instructor's that do not replace the student's, relative to `source`.

    Returns
    -------
    list of str
        Files that were too large or could not be read, relative to their folder.
    """
    fresh = fresh_folder(target)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    theirs = {name for name, _file, _size in files_of(submitted)} & exclude
    for name, file, _size in files_of(source):
        if name not in theirs:
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, fresh / name)
    left, room = [], LARGEST
    for name, file, size in files_of(submitted):
        if os.path.lexists(fresh / name):
            continue
        if size > room or not _copied(file, fresh / name):
            left.append(os.fsencode(name).decode("utf-8", "replace"))
        else:
            room -= size
    return left


def fresh_folder(target: Path) -> Path:
    """Return where `gather` puts the files of a graded submission."""
    return target.with_name(_NEW.format(name=target.name))


def write_notebook(target: Path, name: str, notebook: Mapping[str, Any]) -> None:
    """Write a notebook among the files that were gathered for `target`."""
    # In one line: broken into lines it is put together in Python, letter by letter, and nobody edits it.
    text = json.dumps(notebook, ensure_ascii=False, sort_keys=True, allow_nan=False)
    file = fresh_folder(target) / f"{name}.ipynb"
    file.write_bytes(
        text.encode("utf-8", "replace") + b"\n"
    )  # half a letter, which no file can hold, becomes "?"


def put_in_place(target: Path) -> None:
    """Put what was gathered in the place of what lay there; a reader sees the old or the new, never a mixture."""
    fresh, old = fresh_folder(target), target.with_name(_OLD.format(name=target.name))
    for file in fresh.rglob("*"):
        if file.is_file():
            file.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)  # as nbgrader leaves them
    shutil.rmtree(old, ignore_errors=True)
    if target.exists() or target.is_symlink():
        target.rename(old)
    fresh.rename(target)
    shutil.rmtree(old, ignore_errors=True)


def files_of(folder: Path) -> Iterator[tuple[str, Path, int]]:
    """Yield name, path and size of the regular files in a folder, but for notebooks and what programs leave."""
    for place, folders, names in os.walk(folder, followlinks=False):
        # A folder that is called like a notebook would stand where the graded one is written.
        folders[:] = sorted(
            name
            for name in folders
            if name not in {".ipynb_checkpoints", "__pycache__"} and not name.endswith(".ipynb")
        )
        for name in sorted(names):
            file = Path(place, name)
            if name.endswith((".ipynb", ".pyc")):
                continue
            try:
                state = file.lstat()
            except OSError:
                continue
            if stat.S_ISREG(state.st_mode):
                yield str(file.relative_to(folder)), file, state.st_size


def _copied(source: Path, target: Path) -> bool:
    """Copy a student's file; say whether that was possible.

    Raises
    ------
    OSError
        If it is this machine that cannot go on: that is nobody's fault who handed in.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno in OURS:
            raise
        return False
    except shutil.Error:
        return False
    return True
