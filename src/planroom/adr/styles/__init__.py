"""The styles in which decisions are written: one file each."""

from __future__ import annotations

from planroom.adr.styles.base import Style
from planroom.registry import Registry

__all__ = ["STYLES", "Style"]

STYLES: Registry[Style] = Registry("style of decision records", "planroom.adr.styles", Style)  # type: ignore[type-abstract]
