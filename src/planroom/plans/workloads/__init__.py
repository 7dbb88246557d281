"""Many queries and their plans: as one table, and held against those of another day or another engine."""

from planroom.plans.workloads.comparison import Fate, QueryComparison, WorkloadComparison, compared_workloads
from planroom.plans.workloads.planned import PlannedQuery

__all__ = ["Fate", "PlannedQuery", "QueryComparison", "WorkloadComparison", "compared_workloads"]
