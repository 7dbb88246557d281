"""Memory and disk that paired nodes used otherwise: measured plans alone tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.comparing.naming import worded
from planroom.quantities import format_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.comparing.changes import Pairing
    from planroom.plans.node import PlanNode

__all__ = ["use_moves"]


def use_moves(pairing: Pairing) -> Iterator[str]:
    """Yield what went to disk, or fits into memory now."""
    reads = pairing.reads[1]
    for change in pairing.changes:
        if change.old and change.new and (moved := _move(change.old, change.new)):
            yield f"{worded(change.new, reads)} {moved}"


def _move(old: PlanNode, new: PlanNode) -> str:
    if old.sort and new.sort and old.sort.on_disk != new.sort.on_disk:
        size = format_bytes(1024 * (new.sort if new.sort.on_disk else old.sort).space_kb)
        return f"sorts on disk now ({size})" if new.sort.on_disk else f"sorts in memory now, no longer on disk ({size})"
    before, after = _batches(old), _batches(new)
    if before and after and (before > 1) != (after > 1):
        return f"takes {after} batches now, not {before}" + (": it goes to disk" if after > 1 else "")
    if not old.lossy_blocks and new.lossy_blocks:
        return f"has {new.lossy_blocks} lossy blocks now: work_mem is too small for the bitmap"
    return ""


def _batches(node: PlanNode) -> int:
    if node.hash:
        return node.hash.batches
    return max(node.aggregate.batches, 1) if node.aggregate else 0
