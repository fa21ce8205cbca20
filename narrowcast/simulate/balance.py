"""Money moved to where the last of it brings the same: a parabola through three amounts for each flight."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from narrowcast.simulate.openings import Floats, Openings
from narrowcast.simulate.trials import Trials

__all__ = ["balanced"]

Counts = npt.NDArray[np.int64]

GRAIN = 100
"""Money is moved in hundredths of the budget."""
STEPS = (5, 3)
"""Hundredths by which a flight's money is changed to see what it brings: first more, then less."""
ROUNDS = 2
"""Parabolas that are laid at most at each of the steps."""
FLAT = 0.001
"""Least curvature, as a share of a plan's worth: luck may make a flight look as if it brought ever more."""
LEAST = 0.001
"""A round that gains less of a plan's worth is the last at its step."""
_HALVINGS = 60


def balanced(openings: Openings, begun: Floats, trials: Trials) -> Floats:
    """Return shares at which a little money more brings the same in every flight, or nearly; never worse ones.

    Around the plan, what each flight brings is a parabola: with its money, with a little more, with a little less.
    The best plan on those parabolas is tried, and taken if it is better (Newton's method on the diagonal). It takes
    two runs for each flight where an exchange of money takes one for each pair.

    Parameters
    ----------
    openings, trials
        What money can go to, and where it is tried. No two openings may bear the same name.
    begun
        Shape (flights,): shares to begin with.

    Returns
    -------
    numpy.ndarray
        Shape (flights,): shares, in hundredths of the budget.
    """
    held = np.floor(np.asarray(begun) * GRAIN + 1e-6).astype(np.int64)
    now = trials.worth(openings.plan(held / GRAIN))
    for step in STEPS if held.size else ():
        for _round in range(ROUNDS):
            slope, bend = _parabolas(openings, held, now, trials, step)
            found = _nearby(openings, held, _best_on(held, slope, bend), now, trials)
            if found is None:
                break
            gained = found[1] - now
            held, now = found
            if gained < LEAST * abs(now):
                break
    return held / GRAIN


def _parabolas(
    openings: Openings, held: Counts, now: float, trials: Trials, step: int
) -> tuple[Floats, Floats]:
    """Return what a hundredth more brings in each flight, and by how much less the next one, shape (flights,) each."""
    unit = np.eye(held.size, dtype=np.int64)
    less = np.minimum(held, step)
    tried = [*(held + unit * step), *(held - unit * less[:, None])]
    worths = np.array(trials.all(openings.plan(shares / GRAIN) for shares in tried))
    up, down = worths[: held.size], worths[held.size :]
    after = (up - now) / step
    before = np.where(less > 0, (now - down) / np.maximum(less, 1), after)
    slope = (after * less + before * step) / (less + step)
    bend = np.maximum((before - after) * 2 / (less + step), FLAT * max(abs(now), 1.0) / GRAIN**2)
    return slope, bend


def _best_on(held: Counts, slope: Floats, bend: Floats) -> Floats:
    """Return how many hundredths to add to each flight: the best on the parabolas that the budget allows.

    Every flight that has money then brings as much with the last of it: the price of money, found by halving.
    """
    free = float(GRAIN - held.sum())

    def moved(price: float) -> Floats:
        return np.maximum((slope - price) / bend, -held.astype(np.float64))

    low, high = 0.0, float(np.max(slope + bend * held, initial=0.0)) + 1.0
    if moved(low).sum() <= free:
        return moved(low)
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if moved(middle).sum() > free else (low, middle)
    return moved(high)


def _nearby(
    openings: Openings, held: Counts, move: Floats, now: float, trials: Trials
) -> tuple[Counts, float] | None:
    """Return a plan that is better in truth, the whole way or half of it, and its worth."""
    for part in (1.0, 0.5):
        there = np.maximum(np.rint(held + part * move).astype(np.int64), 0)
        there[int(np.argmax(there))] -= max(int(there.sum()) - GRAIN, 0)
        worth = trials.worth(openings.plan(there / GRAIN))
        if worth > now:
            return there, worth
    return None
