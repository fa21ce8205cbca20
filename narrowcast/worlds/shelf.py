"""Where whole tables are kept on the disk, so that a market that was opened once opens at once."""

from __future__ import annotations

import hashlib
import os
import secrets
import struct
import time
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import platformdirs
import pyarrow as pa
from filelock import FileLock, Timeout

from narrowcast.language import gettext as _
from narrowcast.worlds.blueprint import Blueprint

__all__ = ["CacheWarning", "Shelf", "shelf_of"]

LIMIT = 2_000
"""Megabytes kept of all markets together, unless NARROWCAST_CACHE_LIMIT says otherwise."""

PATIENCE = 120.0
"""Seconds to wait for another process that draws the same market; then it is drawn here too."""

_SEAL = struct.Struct("<4sI")
"""Ends a file: our mark, and the checksum of all before it."""

_MARK = b"NCT1"

_STALE = 3_600
"""Seconds after which a file that nobody finished is cleared away."""

_told: set[str] = set()


class CacheWarning(UserWarning):
    """Tables cannot be kept on the disk; they are drawn anew each time."""


class Shelf:
    """The kept tables of one market.

    Parameters
    ----------
    folder
        Where they lie; made when the first is put there.
    limit
        Bytes that all markets beside it may take.
    """

    def __init__(self, folder: Path, limit: float) -> None:
        self.folder, self.limit = folder, limit

    def get(self, name: str, schema: pa.Schema) -> pa.Table | None:
        """Return a table, mapped into memory; None where it is not there, damaged, or has other columns."""
        try:
            with pa.memory_map(str(self._file(name))) as file:
                kept = file.read_buffer()
            size = kept.size - _SEAL.size
            if size < 0 or _SEAL.unpack(kept.slice(size)) != (_MARK, zlib.crc32(kept.slice(0, size))):
                return None
            table = pa.ipc.open_stream(kept.slice(0, size)).read_all()
        except (OSError, pa.ArrowException):
            return None
        with suppress(OSError):
            os.utime(self._file(name))  # the least recently used goes first
        return table if table.schema.equals(schema) else None

    def put(self, name: str, table: pa.Table) -> None:
        """Keep a table, if there is room for it; another process sees all of it or nothing."""
        if table.nbytes > self.limit:
            return
        file = self._file(name)
        begun = file.with_name(f"{name}.{os.getpid()}-{secrets.token_hex(4)}.new")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with begun.open("wb") as out:
                sealed = _Sealed(out)
                with pa.ipc.new_stream(pa.PythonFile(sealed, "w"), table.schema) as stream:
                    stream.write_table(table)
                out.write(_SEAL.pack(_MARK, sealed.checksum))
            begun.replace(file)
            self._make_room(file)
        except OSError as error:
            with suppress(OSError):
                begun.unlink(missing_ok=True)
            self._warn(error)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Let one process after the other draw a market, so that the second finds what the first drew."""
        lock = FileLock(self.folder / "lock", timeout=PATIENCE)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except (OSError, NotImplementedError, Timeout):
            pass  # without a turn it is done twice, with the same result
        try:
            yield
        finally:
            lock.release()

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.arrow"

    def _make_room(self, latest: Path) -> None:
        """Remove the tables that nobody opened for longest, until all fit."""
        kept, now = [], time.time()
        for file in self.folder.parent.glob("*/*"):
            with suppress(OSError):  # it may vanish meanwhile
                told = file.stat()
                if file.suffix == ".arrow":
                    kept.append((told.st_mtime, told.st_size, file))
                elif file.suffix == ".new" and now - told.st_mtime > _STALE:
                    file.unlink()
        total = sum(size for _at, size, _file in kept)
        for _at, size, file in sorted(kept):
            if total > self.limit and file != latest:
                with suppress(OSError):  # where a file in use cannot be removed, it stays
                    file.unlink()
                    total -= size
                    (file.parent / "lock").unlink(missing_ok=True)
                    file.parent.rmdir()  # if it was the last

    def _warn(self, error: OSError) -> None:
        _warn_once(self.folder.parent, error.strerror or str(error))


class _Sealed:
    """A file that remembers the checksum of what was written to it."""

    closed = False

    def __init__(self, file: object) -> None:
        self._file, self.checksum = file, 0

    def write(self, data: bytes) -> int:
        """Write on."""
        self.checksum = zlib.crc32(data, self.checksum)
        return int(self._file.write(data))  # type: ignore[attr-defined]

    def flush(self) -> None:
        """Do nothing: the file is closed soon."""


def _warn_once(folder: object, why: str) -> None:
    if str(folder) in _told:
        return
    _told.add(str(folder))
    text = _(
        "Tables cannot be kept in {folder}: {why}. They are drawn anew each time, which takes longer. "
        "The environment variable NARROWCAST_CACHE names another folder, or is off."
    )
    warnings.warn(text.format(folder=folder, why=why), CacheWarning, stacklevel=2)


@lru_cache(maxsize=1)
def _code() -> str:
    """Return a fingerprint of everything that draws: what an older version kept is not taken for ours."""
    found = hashlib.sha256()
    for library in ("numpy", "scipy", "pyarrow"):
        found.update(version(library).encode())
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        found.update(file.read_bytes())
    return found.hexdigest()[:12]


def shelf_of(blueprint: Blueprint) -> Shelf | None:
    """Return the shelf of a market; None where nothing is to be kept.

    It lies in the user's cache folder, or where the environment variable NARROWCAST_CACHE says; "off" keeps
    nothing. NARROWCAST_CACHE_LIMIT is what all markets may take together, in megabytes; 2,000 if not set.
    """
    told = os.environ.get("NARROWCAST_CACHE", "").strip()
    if told.lower() == "off":
        return None
    root = Path(told).absolute() if told else Path(platformdirs.user_cache_dir("narrowcast", appauthor=False))
    if not root.is_absolute():  # there is no home
        _warn_once(root, _("there is no home folder"))
        return None
    given = os.environ.get("NARROWCAST_CACHE_LIMIT", "").strip()
    try:
        limit = max(float(given), 0.0) if given else float(LIMIT)
    except ValueError:
        limit = float(LIMIT)
        _warn_once("NARROWCAST_CACHE_LIMIT", _("{given!r} is no number of megabytes").format(given=given))
    return Shelf(root / "markets" / f"{blueprint.recipe.name}-{blueprint.digest}-{_code()}", limit * 1e6)
