"""Inside: all that is costly and the same for everybody, done once, before the first submission comes."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module

from narrowcast.grade.box.job import Warmth

__all__ = ["warm_cells", "warm_up"]

_NEEDED = ("narrowcast", "narrowcast.judge", "narrowcast.judge.public", "asyncio", "statistics", "csv")


_CELLS = (
    "1 / 0",
    "from IPython.display import HTML, display; display(HTML('<b>a</b>'))",
    "import pandas; pandas.DataFrame({'a': [1.5], 'b': ['c']}).describe()",
    "import warnings; warnings.warn('a')",
    "%time 1",
)
"""What most notebooks do somewhere: what it needs is imported by doing it."""


def warm_cells(run: Callable[[str], object]) -> None:
    """Do once what most notebooks do."""
    for source in _CELLS:
        run(source)


def warm_up(warmth: Warmth) -> None:
    """Import what notebooks import, draw a figure, read the compiled simulator, and look into markets."""
    for name in (*_NEEDED, *warmth.modules):
        import_module(name)
    _read_compiled()
    if warmth.figures:
        _draw()
    with suppress(Exception):  # a market that does not open here fails in the cell that opens it
        _open_markets(warmth.markets)


def _read_compiled() -> None:
    """Have the simulator ready from what lies beside its code, which can only be read in here."""
    from numba.core import caching  # noqa: PLC0415 - late, as all here

    # Numba reads no cache that it could not write to, and fails where it cannot keep what it compiled.
    for owner, name in ((caching._CacheLocator, "ensure_cache_path"), (caching.Cache, "save_overload")):  # noqa: SLF001
        setattr(owner, name, lambda *_given: None)
    from narrowcast.simulate.region import warm  # noqa: PLC0415

    warm()


def _draw() -> None:
    from matplotlib import pyplot as plt  # noqa: PLC0415

    _figure, axes = plt.subplots()
    axes.plot([1, 2], label="a")
    axes.set_title("a")
    axes.legend()
    plt.savefig(io.BytesIO(), format="png")
    plt.close("all")


def _open_markets(names: Sequence[str] | None) -> None:
    from narrowcast.worlds import open_world  # noqa: PLC0415
    from narrowcast.worlds.places import world_names  # noqa: PLC0415

    for name in world_names() if names is None else names:
        world = open_world(name, student="box", salt=os.urandom(4).hex())  # nobody's
        _tables = world.segments, world.channels
