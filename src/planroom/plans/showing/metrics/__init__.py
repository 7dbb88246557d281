"""What a picture or table of a plan can be drawn by: one file a metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.errors import UnknownNameError
from planroom.plans.showing.metrics.base import Metric
from planroom.registry import Registry

if TYPE_CHECKING:
    from planroom.plans.plan import Plan

__all__ = ["METRICS", "Metric", "metric_of"]

METRICS: Registry[Metric] = Registry("metric", "planroom.plans.showing.metrics", Metric)  # type: ignore[type-abstract]


def metric_of(plan: Plan, by: str = "") -> Metric:
    """Return the metric called so, or the first that the plan tells without measuring time.

    Raises:
        UnknownNameError: There is no such metric, or the plan does not tell it; the message says what to ask for.
    """
    told = [each for each in sorted(METRICS, key=lambda each: each.order) if each.told_by(plan)]
    if not by:
        return next((each for each in told if each.by_default), METRICS["rows"])
    chosen = METRICS[by]
    if chosen not in told:
        names = ", ".join(each.name for each in told) or "none"
        raise UnknownNameError(
            f"This plan does not tell {chosen.label}.",
            why=f"{chosen.missing}; it tells {names}.",
            fix=f"{chosen.remedy}, or choose one of those.",
        )
    return chosen
