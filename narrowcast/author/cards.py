"""The worlds' pages and pictures, from their recipes: cards, the instructor's pages, samples, plots."""

from __future__ import annotations

import gettext
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from narrowcast.language import catalogue, speaking
from narrowcast.language import gettext as _
from narrowcast.worlds import load_recipe, world_folder, world_names
from narrowcast.worlds.card import (
    Plot,
    Seen,
    page,
    plots,
    sample,
    see,
    svg,
    traps_text,
    up_to_date,
)
from narrowcast.worlds.market import market_of
from narrowcast.worlds.recipe import Recipe

__all__ = ["built_cards", "read_catalogues_anew", "stray_cards", "worlds_of"]

PATIENCE = 2.0
"""Seconds after which a person is shown how far it is."""


def worlds_of(root: Path) -> dict[Path, Recipe]:
    """Return the recipes of this course by their folders; none where the worlds are the package's own.

    Raises
    ------
    RecipeError
        If one is faulty.
    """
    folders = [world_folder(name) for name in world_names()]
    return {
        folder: load_recipe(folder / "recipe.toml")
        for folder in folders
        if folder.parent == root / "datasets"
    }


def built_cards(worlds: Mapping[Path, Recipe], languages: Sequence[str]) -> Iterator[tuple[Path, bytes]]:
    """Yield each file that is built from a recipe, with its content.

    The English card is `card.md`, the Vietnamese `card.vi.md`; a plot is `plots/<name>.<language>.svg`. A plot
    whose file still shows what it should is yielded as it is: see `narrowcast.worlds.card.svg`. Translations
    are those of the compiled catalogues on disk.
    """
    for folder in _shown(list(worlds)):
        recipe = worlds[folder]
        seen = see(market_of(recipe))
        for language in languages:
            with speaking(language):
                yield from _of_world(folder, recipe, seen, language)
        yield folder / "sample.csv", sample(recipe).encode()


def read_catalogues_anew() -> None:
    """Forget the compiled catalogues that this process has read: they were just written."""
    catalogue.cache_clear()
    getattr(gettext, "_translations", {}).clear()  # Python keeps each file that it ever read


def _of_world(folder: Path, recipe: Recipe, seen: Seen, language: str) -> Iterator[tuple[Path, bytes]]:
    suffix = "" if language == "en" else f".{language}"

    def place(plot: Plot) -> str:
        return f"plots/{plot.name}.{language}.svg"

    yield folder / f"card{suffix}.md", page(recipe, seen, place).encode()
    yield folder / f"traps{suffix}.md", traps_text(recipe, seen).encode()
    for plot in plots(recipe, seen):
        yield folder / place(plot), _picture(folder / place(plot), plot)


def _picture(file: Path, plot: Plot) -> bytes:
    if file.is_file():
        there = file.read_bytes()
        if up_to_date(there.decode("utf-8", errors="replace"), plot):
            return there
    return svg(plot).encode()


def stray_cards(worlds: Mapping[Path, Recipe]) -> list[Path]:
    """Return the files that stand where cards and plots do, whatever they are built from."""
    patterns = ("card*.md", "traps*.md", "plots/*")
    return sorted(file for folder in worlds for pattern in patterns for file in folder.glob(pattern))


def _shown(folders: Sequence[Path]) -> Iterator[Path]:
    """Yield the folders; after two seconds a bar says how far it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    bar = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
    task, began = bar.add_task(_("Cards of the worlds"), total=len(folders)), time.monotonic()
    with ExitStack() as shown:
        for done, folder in enumerate(folders):
            bar.update(task, completed=done)
            if time.monotonic() - began > PATIENCE and not bar.live.is_started:
                shown.enter_context(bar)
            yield folder
