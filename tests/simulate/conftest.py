"""Small markets, and a way to set a recipe's figures."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings

from narrowcast.worlds import World, open_world
from narrowcast.worlds.population import draw_population

settings.register_profile("narrowcast", deadline=None, derandomize=True, database=None)
settings.load_profile("narrowcast")

OTHER_MEDIA = (
    "email", "phone", "sms", "post", "referral", "viral", "qr", "seo", "affiliate", "radio", "press",
)  # fmt: skip


@pytest.fixture(scope="session")
def fashion() -> World:
    return open_world("hcmc-fashion", customers=2_000)


@pytest.fixture(scope="session")
def drink() -> World:
    return open_world("soft-drink", customers=2_000)


@pytest.fixture(scope="session")
def every(fashion: World) -> World:
    """The fashion shop with a channel of every medium but "niche"."""
    return fashion.with_media(*OTHER_MEDIA)


def with_figures(part: Any, **values: float) -> Any:
    """Return a part of a recipe with other values."""
    return part.model_copy(
        update={
            name: getattr(part, name).model_copy(update={"value": value}) for name, value in values.items()
        }
    )


def _named(parts: Any, changes: dict[str, dict[str, float]]) -> dict[str, Any]:
    return {name: with_figures(part, **changes.get(name, {})) for name, part in parts.items()}


def _segment(part: Any, repeat: dict[str, float], values: dict[str, float]) -> Any:
    return with_figures(part, **values).model_copy(update={"repeat": with_figures(part.repeat, **repeat)})


def rebuilt(
    world: World, *, customers: int | None = None, channel: dict[str, float] | None = None,
    channels: dict[str, dict[str, float]] | None = None, files: dict[str, dict[str, float]] | None = None,
    segment: dict[str, float] | None = None, repeat: dict[str, float] | None = None,
    season: float | None = None, rivals: float | None = None, **parts: dict[str, float],
) -> World:  # fmt: skip
    """Return a market whose recipe has other figures.

    channel= and segment= set those of all, channels= and files= those of the named; repeat= the BG/NBD figures;
    season= makes every month alike; rivals= sets what each competitor's voice is multiplied with; others (market=,
    attention=, response=, advocacy=, referral=) set the recipe's parts. Where only the campaign's figures differ,
    the people and their past stay.
    """
    recipe = world.recipe
    update: dict[str, Any] = {
        name: with_figures(getattr(recipe, name), **values) for name, values in parts.items()
    }
    if channel or channels:
        all_of_them = {name: channel or {} for name in recipe.channels}
        some = {name: all_of_them[name] | (channels or {}).get(name, {}) for name in recipe.channels}
        update["channels"] = _named(recipe.channels, some)
    if files:
        update["files"] = _named(recipe.files, files)
    if segment or repeat:
        update["segments"] = {n: _segment(s, repeat or {}, segment or {}) for n, s in recipe.segments.items()}
    if season is not None:
        months = recipe.history.seasonality.model_copy(update={"values": (season,) * 12})
        update["history"] = recipe.history.model_copy(
            update={"seasonality": months, "before_tet": None, "in_tet": None}
        )
    if rivals is not None:
        update["competitors"] = {
            name: rival.model_copy(
                update={
                    "share_of_voice": {
                        m: v.model_copy(update={"value": v.value * rivals})
                        for m, v in rival.share_of_voice.items()
                    }
                }
            )
            for name, rival in recipe.competitors.items()
        }
    recipe = recipe.model_copy(update=update)
    size = customers or world.size
    population = draw_population(recipe, size, world.seed)
    people_changed = {"files", "segments", "history", "circles", "advocacy"} & update.keys()
    past = None if customers or people_changed else world.past
    return World(recipe, population, world.seed, past=past)


@pytest.fixture(scope="session")
def remake() -> Any:
    return rebuilt
