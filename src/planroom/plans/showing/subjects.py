"""What stands in a node's box beside its operator: what it works on, and what is remarkable about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.operators import Kind
from planroom.plans.showing.numbers import count_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.node import PlanNode

__all__ = ["remarks", "subject", "target_of"]

_MOST = 300  # characters that are worth measuring: no box shows more
_COMMON = frozenset({"", "public", "main"})  # the schemas that nobody writes
_DECIDING = ("Hash Cond", "Merge Cond", "Join Cond", "Join Filter", "Index Cond", "Recheck Cond", "Filter")


def target_of(node: PlanNode) -> str:
    """Return what the node works on, without a schema that everybody leaves out."""
    return node.relation if node.relation and node.schema in _COMMON else node.target


def subject(node: PlanNode) -> str:
    """Return what the node works on: the table and index of a scan, the condition of a join, the keys of a sort."""
    target = target_of(node)
    if node.index and target != node.index:
        return _cut(f"{target} · {node.index}" if target else node.index)
    return _cut(target or _bare(_keys(node) or _condition(node)))


def _bare(text: str) -> str:
    """Return an expression without the parentheses around the whole of it."""
    while text.startswith("(") and _closing(text) == len(text) - 1:
        text = text[1:-1]
    return text


def _closing(text: str) -> int:
    """Return where the parenthesis that opens a text is closed; -1 within quotes or when it never is."""
    depth, quote = 0, ""
    for at, each in enumerate(text):
        if each in "'\"" and quote in {"", each}:
            quote = "" if quote else each
        elif not quote and each in "()":
            depth += 1 if each == "(" else -1
            if not depth:
                return at
    return -1


def _keys(node: PlanNode) -> str:
    if node.kind is Kind.LIMIT:
        return ""
    return ", ".join(node.sort_keys or node.group_keys) or node.cache_keys or node.window


def _condition(node: PlanNode) -> str:
    if node.kind is Kind.PROJECT and not node.conditions and node.output:
        return ", ".join(node.output)
    found = (node.condition(label) for label in _DECIDING)
    return next(filter(None, found), "")


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[:_MOST]


def remarks(node: PlanNode) -> tuple[str, ...]:
    """Return what a reader must not miss, each in a few words, the weightiest first."""
    return tuple(_remarks(node))


def _remarks(node: PlanNode) -> Iterator[str]:
    if node.never_executed:
        yield "never executed"
    if node.disabled:
        yield "disabled"
    if node.workers_planned is not None:
        launched = node.workers_planned if node.workers_launched is None else node.workers_launched
        yield f"{launched} of {node.workers_planned} workers"
    if node.loops is not None and node.loops > 1:
        yield f"{count_text(node.loops)} loops"
    elif node.loops is None and node.estimated_loops > 1:
        yield f"{count_text(node.estimated_loops)} loops"
    if node.subplans_removed:
        yield f"{node.subplans_removed} pruned"
    yield from _spills(node)


def _spills(node: PlanNode) -> Iterator[str]:
    if node.sort and node.sort.on_disk:
        yield "sorted on disk"
    if (node.hash and node.hash.batches > 1) or (node.aggregate and node.aggregate.batches > 1):
        yield f"{max(node.hash.batches if node.hash else 0, node.aggregate.batches if node.aggregate else 0)} batches"
    if node.lossy_blocks:
        yield "lossy bitmap"
