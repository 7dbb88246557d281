"""Two plans of one query: matched node by node, judged, told in sentences and drawn as one tree."""

from planroom.plans.comparing.changes import NodeChange, State
from planroom.plans.comparing.comparison import PlanComparison, compared
from planroom.plans.comparing.measures import Measure, Trend

__all__ = ["Measure", "NodeChange", "PlanComparison", "State", "Trend", "compared"]
