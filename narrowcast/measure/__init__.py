"""SO WHAT: figures, break-even, lift. Works on plain numbers and frames, from a simulation or from life."""

from narrowcast.measure.breakeven import breakeven
from narrowcast.measure.kpis import KPIS, kpis
from narrowcast.measure.lift import Lift, holdout_lift

__all__ = ["KPIS", "Lift", "breakeven", "holdout_lift", "kpis"]
