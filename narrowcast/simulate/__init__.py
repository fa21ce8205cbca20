"""HOW: weeks pass. The weekly engine, runs and their outcomes, the best known plan, fidelity."""

from narrowcast.simulate.best import BestKnown, best_known
from narrowcast.simulate.outcome import Outcome
from narrowcast.simulate.returns import marginal_returns
from narrowcast.simulate.run import compare, nothing_done, simulate

__all__ = ["BestKnown", "Outcome", "best_known", "compare", "marginal_returns", "nothing_done", "simulate"]
