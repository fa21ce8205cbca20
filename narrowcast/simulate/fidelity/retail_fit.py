"""Calibration of the retailer: five figures, found from the three arms of the trial alone.

The chances that somebody visits, and buys, within the two weeks are known exactly for given people, but for the
interest that a visit of the first week leaves for the second; so there is no noise to search through.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from narrowcast.simulate.attention import hill, match, sigmoid
from narrowcast.simulate.fidelity.published import nobody, published, recipe_here, settled, with_value
from narrowcast.simulate.fidelity.retail import ARMS, NAME, plan_of, trial
from narrowcast.simulate.ground import ground_of
from narrowcast.simulate.layout import Layout
from narrowcast.worlds.recipe import Recipe

__all__ = ["RetailFigures", "calibrate_retail", "figures_of", "recipe_with"]

Floats = npt.NDArray[np.float64]

_PEOPLE, _ROUNDS, _TRIALS, _FIRST = 100_000, 3, 6, 100
_BOUNDS = (np.log([0.1, 0.005, 0.01, 0.01]), np.log([50.0, 0.9, 0.95, 0.95]))
"""Least and most of the logs of wait, buyers and the two clicks."""


@dataclass(frozen=True)
class RetailFigures:
    """What is calibrated.

    Attributes
    ----------
    wait
        Weeks: scale of the Gamma of visits, alpha times conversion, the same for all.
    buyers
        Orders a visit of those who come for clothes; who only looks keeps the recipe's figure.
    mens_click, womens_click
        Share of either e-mail noticed that is clicked, at a match of one half.
    order_value
        Mean of an order in cents.
    """

    wait: float
    buyers: float
    mens_click: float
    womens_click: float
    order_value: float


def recipe_with(figures: RetailFigures) -> Recipe:
    """Return the retailer's recipe with these figures in it."""
    recipe, segments = recipe_here("retail-trial"), {}
    for name, segment in recipe.segments.items():
        chance = segment.conversion.value if name == "browsers" else figures.buyers
        some = with_value(segment, conversion=chance, order_value=figures.order_value)
        repeat = with_value(segment.repeat, alpha=figures.wait / chance)
        segments[name] = some.model_copy(update={"repeat": repeat})
    channels = {
        f"{arm}-email": with_value(recipe.channels[f"{arm}-email"], click=getattr(figures, f"{arm}_click"))
        for arm in ARMS[:2]
    }
    return recipe.model_copy(update={"segments": segments, "channels": channels})


def figures_of(recipe: Recipe) -> RetailFigures:
    """Return the figures that stand in a recipe."""
    mens = recipe.segments["mens"]
    chance = mens.conversion.value
    mens_click, womens_click = (recipe.channels[f"{arm}-email"].click.value for arm in ARMS[:2])
    return RetailFigures(
        mens.repeat.alpha.value * chance, chance, mens_click, womens_click, mens.order_value.value
    )


def _draw(figures: RetailFigures) -> npt.NDArray[Any]:
    """Draw people at the end of a past that these figures made."""
    world = settled(recipe_with(figures), _PEOPLE, 0)
    return np.concatenate([ground_of(world, region).people for region in world.regions])


def _chances(people: npt.NDArray[Any], layout: Layout) -> tuple[float, float]:
    """Return the chances that somebody visits, and buys, in the two weeks after an e-mail (or none)."""
    world = layout.world
    rate, buys = people["rate"].astype(np.float64), people["conversion"].astype(np.float64)
    alive = people["alive"] == 1
    calm = np.where(alive, 2 * rate, 0.0)
    if not layout.flights:
        return float(-np.expm1(-calm).mean()), float(-np.expm1(-calm * buys).mean())
    flight, response = layout.table(1.0)[0], world.recipe.response
    channel = layout.channel(layout.flights[0])
    here = np.column_stack([people["x"], people["y"]]).astype(np.float64)
    near = match(here, np.array([flight["aim_x"], flight["aim_y"]]), world.recipe.market.breadth.value)
    opens = sigmoid(flight["notice"] + world.recipe.attention.match.value * near)
    clicks = sigmoid(flight["click"] + flight["click_match"] * (near - 0.5))
    moved = np.zeros(people.size)
    for kept in (1.0, channel.retention.value):  # the stock of the first week, and what is left in the second
        filled = hill(near * kept, channel.half_saturation.value, channel.exponent.value)
        pull = np.exp(channel.persuasion.value * filled)
        moved += rate * np.where(alive, pull, response.winback.value * (pull - 1))
    still = (1 - opens) * np.exp(-calm) + opens * (1 - clicks) * np.exp(-moved)
    empty = (1 - opens) * np.exp(-calm * buys) + opens * (1 - clicks * buys) * np.exp(-moved * buys)
    return float(1 - still.mean()), float(1 - empty.mean())


def _missed(people: npt.NDArray[Any], drawn: RetailFigures, figures: RetailFigures) -> Floats:
    """Return by how many standard errors the six shares are missed by people whose past other figures drew."""
    recipe, target = recipe_with(figures), published()[NAME]
    world, now = settled(recipe, _PEOPLE, 0), people.copy()
    chances = np.array([segment.conversion.value for segment in recipe.segments.values()])
    now["rate"], now["conversion"] = people["rate"] * (drawn.wait / figures.wait), chances[people["segment"]]
    seen = np.array([_chances(now, Layout(world, plan_of(world, arm), nobody(), 0)) for arm in ARMS]).T
    wanted = np.array([target["visit"], target["conversion"]])
    errors = np.sqrt(wanted * (1 - wanted) / np.array(target["n"]))
    missed: Floats = ((seen - wanted) / errors).ravel()
    return missed


def calibrate_retail() -> RetailFigures:
    """Fit the five figures: four to the six shares by least squares, the order value to the spend of all arms."""
    target, figures = published()[NAME], RetailFigures(3.0, 0.07, 0.35, 0.25, 10_000.0)
    for _round in range(_ROUNDS):  # who has dropped out depends on the figures, and little
        figures = _nearest(_draw(figures), figures)
    runs = [trial(recipe_with(figures), _PEOPLE, seed) for seed in range(_FIRST, _FIRST + _TRIALS)]
    seen = np.mean([float(run.n @ run.spend / run.n.sum()) for run in runs])
    wanted = float(np.array(target["n"]) @ target["spend_usd"] / sum(target["n"]))
    return replace(figures, order_value=float(figures.order_value * wanted / seen))


def _nearest(people: npt.NDArray[Any], drawn: RetailFigures) -> RetailFigures:
    """Return the figures that come nearest to the six shares among people whose past `drawn` made."""

    def unlogged(logs: Floats) -> RetailFigures:
        wait, buyers, mens_click, womens_click = map(float, np.exp(logs))
        return RetailFigures(wait, buyers, mens_click, womens_click, drawn.order_value)

    def missed(logs: Floats) -> Floats:
        return _missed(people, drawn, unlogged(logs))

    start = np.log([drawn.wait, drawn.buyers, drawn.mens_click, drawn.womens_click])
    return unlogged(least_squares(missed, start, bounds=_BOUNDS, diff_step=np.full(start.size, 0.01)).x)
