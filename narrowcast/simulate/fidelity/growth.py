"""How a novelty spreads, and what a referred customer is worth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from narrowcast.campaigns import Plan
from narrowcast.language import gettext as _
from narrowcast.simulate.fidelity.cell import Cell, Table, between
from narrowcast.simulate.fidelity.published import nobody, published, settled, with_value
from narrowcast.simulate.ground import ground_of
from narrowcast.simulate.layout import Layout
from narrowcast.simulate.region import run_region
from narrowcast.worlds import open_world, uniforms
from narrowcast.worlds.draws import Purpose
from narrowcast.worlds.recipe import Recipe

__all__ = ["bass_table", "cascade", "fitted_bass", "referral_table"]

Floats = npt.NDArray[np.float64]

_PEOPLE, _YEARS, _STEPS, _SEEDS = 4_000, 12, 52, 12


def cascade(p: float, q: float, people: int, seed: int) -> Floats:
    """Let a novelty spread among people who all meet: hazard p + q F of whoever has not taken it up, week by week.

    Parameters
    ----------
    p, q
        Innovation and imitation, a year (Bass 1969).
    people
        How many.
    seed
        Luck.

    Returns
    -------
    numpy.ndarray
        Shape (years + 1,): share who have it by the end of each year, from 0.
    """
    has, shares = np.zeros(people, np.bool_), [0.0]
    for step in range(_YEARS * _STEPS):
        chance = -np.expm1(-(p + q * has.mean()) / _STEPS)
        has |= uniforms(seed, Purpose.FRIEND, 0, people, week=step, remember=False) < chance
        if (step + 1) % _STEPS == 0:
            shares.append(float(has.mean()))
    return np.array(shares)


def fitted_bass(shares: Floats) -> tuple[float, float]:
    """Return p and q of the Bass curve nearest to yearly shares (nonlinear least squares)."""
    year = np.arange(shares.size)

    def missed(logs: Floats) -> Floats:
        p, q = np.exp(logs)
        fall = np.exp(-(p + q) * year)
        gap: Floats = np.diff((1 - fall) / (1 + q / p * fall)) - np.diff(shares)
        return gap

    found = np.exp(least_squares(missed, np.log([0.02, 0.3])).x)
    return float(found[0]), float(found[1])


def bass_table() -> Table:
    """Hold p and q, read off cascades among people, against the ones they were given."""
    target = published()["bass"]
    seen = np.array([fitted_bass(cascade(target["p"], target["q"], _PEOPLE, seed)) for seed in range(_SEEDS)])
    cells = tuple(
        Cell(name, target[name], float(seen[:, place].mean()), *between(list(seen[:, place])), "set")
        for place, name in enumerate(("p", "q"))
    )
    return Table(
        "bass", _("How a novelty spreads"), cells, _("where 95 in 100 cascades among 4,000 people lie"),
        _("The limiting case in which everybody meets everybody, in weekly steps. In the course's markets people tell "
          "their friends, once an order: there is no p and q in a recipe."),
    )  # fmt: skip


_STEP, _HISTORY, _AHEAD = 6.0, 53.0, 52
"""A step of six weeks: 52 of them are six years, as many as the study looks at."""

_CUSTOMERS, _MARKETS = 100_000, 6
"""So many that the last region holds those who came within the last months; and how many such markets."""


def _slow(bond: float) -> Recipe:
    """Return the farm box in steps of six weeks; drop-out goes by orders, so only the rates change."""
    base = open_world("farm-box").recipe
    segments = {}
    for name, segment in base.segments.items():
        repeat = with_value(segment.repeat, alpha=segment.repeat.alpha.value / _STEP)
        segments[name] = segment.model_copy(update={"repeat": repeat})
    return base.model_copy(
        update={
            "segments": segments,
            "history": with_value(base.history, weeks=_HISTORY),
            "advocacy": with_value(base.advocacy, bond=bond),
        }
    )


def _advantage(seed: int) -> float:
    """Return how much more new customers bring whose friend is there than if the friend did not matter."""
    worth = []
    for bond in (open_world("farm-box").recipe.advocacy.bond.value, 1.0):
        world = settled(_slow(bond), _CUSTOMERS, seed)
        newest = world.regions[-1]
        people = ground_of(world, newest).people
        part = run_region(Layout(world, Plan(weeks=_AHEAD), nobody(), seed), newest, keep=True)
        alive = people["alive"] == 1
        referred = alive & (people["sponsor"] >= 0) & alive[np.maximum(people["sponsor"], 0)]
        margin = (part.customers or {})["margin"][0]
        worth.append(float(margin[referred].sum()))
    return worth[0] / worth[1] - 1


def referral_table() -> Table:
    """Hold what referred customers bring within six years against what they would if nobody kept them."""
    target = published()["referral_bank"]["value_advantage_at_least"]
    seen = [_advantage(seed) for seed in range(_MARKETS)]
    why = _("who leaves less often is worth more only as long as the friend is there; the study's referred customers "
            "also brought a higher margin, which no recipe has")  # fmt: skip
    cell = Cell(_("worth of referred customers beyond others'"), target, float(np.mean(seen)), *between(seen),
                claimed=False, note=why, bound="above")  # fmt: skip
    return Table(
        "referral_bank", _("Referred customers"), (cell,), _("where 95 in 100 such markets lie"),
        _("The same customers with the same luck, with and without the friend who keeps them: six years in steps of "
          "six weeks, in the market of the farm box, of new customers whose friend is there at the beginning."),
    )  # fmt: skip
