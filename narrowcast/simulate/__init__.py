"""HOW it happens: the weekly kernel, runs, outcomes and their explanation."""

from narrowcast.simulate.outcome import Outcome
from narrowcast.simulate.run import compare, simulate

__all__ = ["Outcome", "compare", "simulate"]
