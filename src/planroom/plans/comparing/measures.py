"""What two plans cost, held against each other; where the numbers are of different kinds, that is said instead."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.errors import QuantityError, UnknownNameError
from planroom.plans.comparing.naming import product
from planroom.quantities import format_count, format_duration

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.plans.plan import Plan

__all__ = ["MEASURES", "UNITS", "Measure", "Trend", "measured", "shown_cost"]

UNITS = frozenset(
    {"seq_page_cost", "random_page_cost", "cpu_tuple_cost", "cpu_index_tuple_cost", "cpu_operator_cost"}
    | {"parallel_setup_cost", "parallel_tuple_cost"}
)
"""Settings in which PostgreSQL's costs are counted: with other values, costs are in another currency."""


class Trend(enum.StrEnum):
    """How a number went."""

    SAME = "same"
    LESS = "less"
    MORE = "more"
    UNKNOWN = "cannot tell"


@dataclass(frozen=True, slots=True)
class Measure:
    """One number of two plans.

    Attributes:
        name: ``cost``, ``rows``, ``buffers`` or ``time``.
        unit: Of the numbers: planner's ``units``, ``rows``, ``blocks``, ``ms``.
        old, new: The numbers; None where a plan does not have it.
        trend: Whether it went up or down by more than the tolerance.
        reason: Why it cannot be told.
    """

    name: str
    unit: str
    old: float | None
    new: float | None
    trend: Trend
    reason: str = ""

    @property
    def factor(self) -> float | None:
        """New by old; None when it cannot be told, infinite when it was nothing."""
        if self.old is None or self.new is None or self.trend is Trend.UNKNOWN:
            return None
        if self.old <= 0:
            return math.inf if self.new > 0 else 1.0
        return self.new / self.old

    @property
    def word(self) -> str:
        """The trend in the words of what is measured: ``cheaper``, ``more rows`` ..."""
        words = {Trend.LESS: "less", Trend.MORE: "more"} | _WORDS.get(self.name, {})
        return words.get(self.trend, f"{self.trend} {self.name}" if self.trend is Trend.SAME else str(self.trend))

    def __str__(self) -> str:
        if self.trend is Trend.UNKNOWN:
            return f"{self.name}: cannot tell: {self.reason}"
        if self.old == self.new:
            return f"{self.name}: {self.shown(self.new)} {self.unit}".rstrip()
        factor = self.factor
        told = _factor(factor) if factor is not None and math.isfinite(factor) else "1"
        times = f" (× {told})" if told != "1" else ""
        return (
            f"{self.name}: {self.shown(self.old)} → {self.shown(self.new)}{f' {self.unit}' if self.unit else ''}{times}"
        )

    def shown(self, value: float | None) -> str:
        """Return one of the numbers as people read it."""
        if value is None:
            return "?"
        return format_duration(value / 1000) if self.name == "time" else shown_cost(value)


_WORDS = {
    "cost": {Trend.LESS: "cheaper", Trend.MORE: "dearer"},
    "rows": {Trend.LESS: "fewer rows", Trend.MORE: "more rows"},
    "buffers": {Trend.LESS: "fewer blocks", Trend.MORE: "more blocks"},
    "time": {Trend.LESS: "faster", Trend.MORE: "slower"},
}


def _factor(value: float) -> str:
    return f"{value:.3g}" if 0.001 <= value < 1000 else (format_count(value) if value >= 1000 else f"{value:.1e}")


def shown_cost(value: float) -> str:
    """Return a number with two decimals below 100, and none above.

    Example:
        >>> shown_cost(8.296), shown_cost(431.6)
        ('8.3', '432')
    """
    return format_count(value) if value >= 100 else f"{value:.2f}".rstrip("0").rstrip(".")


def _cost(plan: Plan) -> tuple[float | None, str]:
    return plan.total_cost, "" if plan.total_cost is not None else f"{product(plan.engine)} gives no cost"


def _rows(plan: Plan) -> tuple[float | None, str]:
    value = plan.root.total_rows if plan.analyzed else plan.root.estimated_rows
    return value, "" if value is not None else "a plan has no number of rows"


def _expected_rows(plan: Plan) -> tuple[float | None, str]:
    value = plan.root.estimated_rows
    return value, "" if value is not None else "a plan has no number of rows"


def _buffers(plan: Plan) -> tuple[float | None, str]:
    if not plan.root.buffers and "Shared Hit Blocks" not in plan.root.raw:
        return None, "a plan was not measured with BUFFERS"
    return float(plan.root.buffers.touched), ""


def _time(plan: Plan) -> tuple[float | None, str]:
    return plan.total_ms, "" if plan.total_ms is not None else "a plan was not run"


MEASURES: Mapping[str, tuple[str, Callable[[Plan], tuple[float | None, str]]]] = {
    "cost": ("units", _cost),
    "rows": ("rows", _rows),
    "buffers": ("blocks", _buffers),
    "time": ("", _time),
}


def measured(name: str, old: Plan, new: Plan, *, tolerance: float) -> Measure:
    """Return one measure of two plans.

    Args:
        name: One of `MEASURES`.
        old: The plan before.
        new: The plan after.
        tolerance: By which share of the smaller the larger may exceed it and still count as the same, >= 0.

    Raises:
        UnknownNameError: There is no such measure.
        QuantityError: The tolerance is negative, or no number.
    """
    if name not in MEASURES:
        raise UnknownNameError.of("measure of a plan", name, MEASURES)
    if not tolerance >= 0:
        raise QuantityError(f"A tolerance of {tolerance!r} makes no sense.", fix="give a share, such as 0.1.")
    unit, read = MEASURES[name]
    if name == "rows" and old.analyzed != new.analyzed:
        unit, read = "expected rows", _expected_rows
    (before, why), (after, why_not) = read(old), read(new)
    reason = _incomparable(name, old, new) or why or why_not
    trend = Trend.UNKNOWN if reason or before is None or after is None else _trend(before, after, tolerance)
    return Measure(name, unit, before, after, trend, reason)


def _trend(old: float, new: float, tolerance: float) -> Trend:
    smaller, larger = sorted((old, new))
    if larger <= smaller * (1 + tolerance):
        return Trend.SAME
    return Trend.MORE if new > old else Trend.LESS


def _incomparable(name: str, old: Plan, new: Plan) -> str:
    """Return why the numbers of two plans are of different kinds; empty when they are not."""
    if old.engine != new.engine:
        kinds = {"cost": "costs are in each engine's own units", "buffers": "each engine counts blocks of its own"}
        return kinds.get(name, "")
    if name == "cost":
        units = [{key: value for key, value in plan.settings if key in UNITS} for plan in (old, new)]
        differing = sorted(key for key in UNITS if units[0].get(key) != units[1].get(key))
        return f"the costs are in other units: {', '.join(differing)} differs" if differing else ""
    return ""
