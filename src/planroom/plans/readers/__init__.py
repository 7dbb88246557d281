"""Readers of what engines print: one file a format."""

from __future__ import annotations

from planroom.plans.readers.base import PlanReader
from planroom.registry import Registry

__all__ = ["READERS", "PlanReader"]

READERS: Registry[PlanReader] = Registry("plan reader", "planroom.plans.readers", PlanReader)  # type: ignore[type-abstract]
