"""SO WHAT: figures, funnel, lift, attribution, value. Works on plain numbers and frames, simulated or real."""

from narrowcast.measure.arms import ArmSums
from narrowcast.measure.attribution import MODELS, attribution, attribution_table, credit
from narrowcast.measure.breakeven import breakeven
from narrowcast.measure.business import BUSINESS, business_indicators
from narrowcast.measure.channels import (
    CHANNEL_SUMS,
    INDICATORS,
    SENT,
    against_benchmarks,
    channel_indicators,
    channel_meanings,
    indicator_meanings,
)
from narrowcast.measure.cluster import ClusterLift, cluster_lift
from narrowcast.measure.clv import BGNBD
from narrowcast.measure.funnel import FUNNEL, bottleneck, funnel
from narrowcast.measure.games import removal_effects, shapley_values
from narrowcast.measure.journeys import path_table
from narrowcast.measure.kpis import KPIS, kpi_meanings, kpis
from narrowcast.measure.lift import Lift, holdout_lift, lift_from_sums
from narrowcast.measure.paths import Paths
from narrowcast.measure.power import ArmBalance, arm_balance, minimum_detectable_effect, sample_size
from narrowcast.measure.reach import combined_reach, duplication
from narrowcast.measure.touchlog import NONE

__all__ = [
    "BGNBD",
    "BUSINESS",
    "CHANNEL_SUMS",
    "FUNNEL",
    "INDICATORS",
    "KPIS",
    "MODELS",
    "NONE",
    "SENT",
    "ArmBalance",
    "ArmSums",
    "ClusterLift",
    "Lift",
    "Paths",
    "against_benchmarks",
    "arm_balance",
    "attribution",
    "attribution_table",
    "bottleneck",
    "breakeven",
    "business_indicators",
    "channel_indicators",
    "channel_meanings",
    "cluster_lift",
    "combined_reach",
    "credit",
    "duplication",
    "funnel",
    "holdout_lift",
    "indicator_meanings",
    "kpi_meanings",
    "kpis",
    "lift_from_sums",
    "minimum_detectable_effect",
    "path_table",
    "removal_effects",
    "sample_size",
    "shapley_values",
]
