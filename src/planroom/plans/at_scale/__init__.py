"""The plans of one statement, or of a workload, at several numbers of rows: what changes, and where."""

from planroom.plans.at_scale.flips import Flip, Flips
from planroom.plans.at_scale.growth import Growth, QueryGrowth
from planroom.plans.at_scale.sweep import Sweep, SweepComparison

__all__ = ["Flip", "Flips", "Growth", "QueryGrowth", "Sweep", "SweepComparison"]
