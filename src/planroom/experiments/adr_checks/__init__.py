"""The kinds of check that a decision may name: one file each. Only `planroom adr check` runs them."""

from __future__ import annotations

from planroom.experiments.adr_checks.base import CheckKind, Ground, Verdict
from planroom.registry import Registry

__all__ = ["CHECK_KINDS", "CheckKind", "Ground", "Verdict"]

CHECK_KINDS: Registry[CheckKind] = Registry("kind of check", "planroom.experiments.adr_checks", CheckKind)  # type: ignore[type-abstract]
