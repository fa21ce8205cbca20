"""A world of one's own: small, bounded changes of a recipe, fixed by student and salt.

Answers differ from student to student; difficulty does not. The bounds below are the whole freedom.
"""

from __future__ import annotations

from narrowcast.worlds.draws import Purpose, seed_from, uniforms
from narrowcast.worlds.figures import Figure
from narrowcast.worlds.ingredients import Segment
from narrowcast.worlds.media import Channel
from narrowcast.worlds.recipe import Recipe

__all__ = ["BOUNDS", "personal_recipe"]

BOUNDS = {
    "share": 0.12,
    "conversion": 0.10,
    "alpha": 0.10,
    "order_value": 0.12,
    "price_per_thousand": 0.15,
    "precision": 0.05,
}
"""How far each figure may move, as a share of its value, up or down."""

_SHARES = frozenset({"conversion", "precision"})
"""Figures that end at 1."""


def personal_recipe(recipe: Recipe, student: str, salt: str) -> Recipe:
    """Return the recipe of a student's own market.

    Parameters
    ----------
    recipe
        The world's recipe.
    student
        Who it is for.
    salt
        The class's word; another salt gives everybody another market.
    """
    seed = seed_from("student", recipe.name, student, salt)
    draws = iter(uniforms(seed, Purpose.STUDENT, 0, 64 * (len(recipe.segments) + len(recipe.channels))))

    def moved(figure: Figure, field: str) -> Figure:
        factor = 1 + BOUNDS[field] * (2 * float(next(draws)) - 1)
        value = float(f"{figure.value * factor:.4g}")
        return figure.model_copy(update={"value": min(value, 1.0) if field in _SHARES else value})

    segments: dict[str, Segment] = {}
    for name, segment in recipe.segments.items():
        update: dict[str, object] = {
            field: moved(getattr(segment, field), field) for field in ("share", "conversion", "order_value")
        }
        update["repeat"] = segment.repeat.model_copy(update={"alpha": moved(segment.repeat.alpha, "alpha")})
        segments[name] = segment.model_copy(update=update)
    for name, value in _adding_up(recipe, segments).items():
        share = segments[name].share.model_copy(update={"value": value})
        segments[name] = segments[name].model_copy(update={"share": share})
    channels: dict[str, Channel] = {}
    for name, channel in recipe.channels.items():
        update = {"price_per_thousand": moved(channel.price_per_thousand, "price_per_thousand")}
        if channel.kind == "narrowcast":
            update["precision"] = moved(channel.precision, "precision")
        channels[name] = channel.model_copy(update=update)
    return recipe.model_copy(update={"segments": segments, "channels": channels})


def _adding_up(recipe: Recipe, moved: dict[str, Segment]) -> dict[str, float]:
    """Return the segments' shares, made to add up to 1 within the bound.

    Dividing by the sum can carry a share past its bound; then all are drawn back towards the recipe by
    the same part, which keeps the sum.
    """
    total = sum(segment.share.value for segment in moved.values())
    before = {name: segment.share.value for name, segment in recipe.segments.items()}
    shares = {name: segment.share.value / total for name, segment in moved.items()}
    furthest = max(abs(shares[name] / value - 1) if value else 0.0 for name, value in before.items())
    if furthest <= BOUNDS["share"]:
        return shares
    part = BOUNDS["share"] / furthest
    return {name: value + part * (shares[name] - value) for name, value in before.items()}
