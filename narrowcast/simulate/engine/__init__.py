"""The engine: a region's weeks in compiled code. It knows arrays, no recipe, no plan and no page."""

from __future__ import annotations

import hashlib
from pathlib import Path

__all__: list[str] = []


def _forget(folder: Path) -> None:
    """Drop what was compiled from other sources.

    Numba compares a compiled function with its own file alone, and the function holds what it calls out of the others:
    a change in one of them would go unnoticed, and one machine would count otherwise than the next.
    """
    sources = b"".join(path.read_bytes() for path in sorted(folder.glob("*.py")))
    kept, now = folder / "__pycache__", hashlib.sha256(sources).hexdigest()
    stamp = kept / "sources.sha256"
    try:
        if stamp.is_file() and stamp.read_text() == now:
            return
        kept.mkdir(exist_ok=True)
        for compiled in (*kept.glob("*.nbi"), *kept.glob("*.nbc")):
            compiled.unlink(missing_ok=True)
        stamp.write_text(now)
    except OSError:  # where it may not write, an installer alone changes the sources, and all of them
        return


_forget(Path(__file__).parent)
