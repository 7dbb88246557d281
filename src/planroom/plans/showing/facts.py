"""All that is known of one node, as pairs of a label and a text; measured times only where they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.display import on_one_line
from planroom.plans.resources import BLOCK_BYTES
from planroom.plans.showing.numbers import cost_text, count_text, factor_text
from planroom.quantities import format_bytes, format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.node import PlanNode, WorkerRun

__all__ = ["Fact", "facts_of", "tip_of"]

Fact = tuple[str, str]

_MOST_IN_A_TIP = 400  # characters of one fact: a tooltip is no place to scroll
_REMOVED = (
    ("removed_by_filter", "filter"),
    ("removed_by_join_filter", "join filter"),
    ("removed_by_recheck", "recheck"),
    ("removed_by_conflict_filter", "conflict filter"),
)
_TUPLES = ("inserted", "updated", "deleted", "skipped", "conflicting")


def facts_of(node: PlanNode, *, timed: bool = False) -> tuple[Fact, ...]:
    """Return what is known of a node, in an order that reads well.

    Args:
        node: The node.
        timed: Whether to say what differs from run to run: times, and where blocks were found.
    """
    found = [*_naming(node), *_expressions(node), *_numbers(node), *_resources(node)]
    if timed:
        found += _measured(node)
    return tuple((label, text) for label, text in (*found, *node.extra) if text)


def tip_of(node: PlanNode) -> str:
    """Return what a tooltip says of a node: its name and its facts, long ones cut."""
    facts = (f"{label}: {_cut(on_one_line(text))}" for label, text in facts_of(node))
    return " · ".join([on_one_line(str(node)), *facts])


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_IN_A_TIP else f"{text[:_MOST_IN_A_TIP]}…"


def _naming(node: PlanNode) -> Iterator[Fact]:
    yield "Alias", node.alias if node.alias not in {node.relation, node.target} else ""
    yield "Index", node.index
    yield "Sub-plan", node.subplan
    yield "Strategy", node.strategy
    yield "Targets", ", ".join(node.targets)
    yield "Workers", _workers(node)
    yield "Disabled", "a setting forbids it, and there was no other way" if node.disabled else ""
    yield "Never executed", "its rows were not needed" if node.never_executed else ""


def _workers(node: PlanNode) -> str:
    if node.workers_planned is None:
        return ""
    planned = f"{node.workers_planned} planned"
    return planned if node.workers_launched is None else f"{planned}, {node.workers_launched} launched"


def _expressions(node: PlanNode) -> Iterator[Fact]:
    yield from ((each.label, each.text) for each in node.conditions)
    yield "Sort key", ", ".join(node.sort_keys)
    yield "Presorted key", ", ".join(node.presorted_keys)
    yield "Group key", ", ".join(node.group_keys)
    yield from (("Grouping set", f"({', '.join(keys)})") for keys in node.grouping_sets)
    yield "Cache key", node.cache_keys
    yield "Window", node.window
    yield "Sampling", node.sampling
    yield "Conflict resolution", node.conflict_resolution
    yield "Conflict indexes", ", ".join(node.conflict_indexes)
    yield "Output", ", ".join(node.output)


def _numbers(node: PlanNode) -> Iterator[Fact]:
    if node.total_cost is not None:
        yield "Cost", f"{cost_text(node.startup_cost or 0.0)} to start, {cost_text(node.total_cost)} in all"
    if node.self_cost is not None:
        yield "Own cost", cost_text(node.self_cost)
    if node.estimated_rows is not None:
        yield "Rows estimated", _per_loop(node.estimated_rows, node.estimated_loops)
    if node.rows is not None and node.executed:
        factor = factor_text(node)
        yield "Rows actual", _per_loop(node.rows, node.loops or 1.0) + (f" ({factor})" if factor else "")
    if node.width_bytes is not None:
        yield "Row width", format_bytes(node.width_bytes)
    if node.bytes is not None:
        yield "Bytes given on", format_bytes(node.bytes)
    for name, reason in _REMOVED:
        if (removed := getattr(node, name)) is not None:
            yield f"Rows removed by {reason}", _per_loop(removed, node.loops or 1.0)
    for name in _TUPLES:
        if (tuples := getattr(node, f"tuples_{name}")) is not None:
            yield f"Rows {name}", count_text(tuples)


def _per_loop(value: float, loops: float) -> str:
    each = count_text(value)
    return each if loops <= 1 else f"{each} in each of {count_text(loops)} loops, {count_text(value * loops)} in all"


def _resources(node: PlanNode) -> Iterator[Fact]:
    if node.self_buffers.touched:
        own = node.self_buffers.touched
        yield "Own blocks", f"{count_text(own)} ({format_bytes(own * BLOCK_BYTES)})"
    if node.heap_fetches is not None:
        yield "Heap fetches", count_text(node.heap_fetches)
    if node.index_searches is not None:
        yield "Index searches", count_text(node.index_searches)
    if node.exact_blocks or node.lossy_blocks:
        yield "Heap blocks", f"{count_text(node.exact_blocks)} exact, {count_text(node.lossy_blocks)} lossy"
    if node.rows_scanned is not None:
        yield "Rows scanned", count_text(node.rows_scanned)
    if node.row_groups is not None:
        yield "Row groups", f"{count_text(node.row_groups_scanned or 0)} of {count_text(node.row_groups)} scanned"
    if node.subplans_removed:
        yield "Sub-plans pruned", count_text(node.subplans_removed)
    yield from _memory(node)


def _memory(node: PlanNode) -> Iterator[Fact]:
    if sort := node.sort:
        yield (
            "Sort",
            f"{sort.method}, {format_bytes(sort.space_kb * 1024)} {'on disk' if sort.on_disk else 'in memory'}",
        )
    for group in node.sort_groups:
        yield f"{group.name} groups", f"{count_text(group.count)}: {', '.join(group.methods)}"
    if hashed := node.hash:
        grown = f", {count_text(hashed.original_batches)} planned" * (hashed.original_batches != hashed.batches)
        yield "Hash table", f"{count_text(hashed.buckets)} buckets, {_batches(hashed.batches)}{grown}"
    if aggregate := node.aggregate:
        disk = f", {format_bytes(aggregate.disk_kb * 1024)} on disk" if aggregate.disk_kb else ""
        yield "Hash table", f"{_batches(aggregate.batches)}{disk}"
    if cache := node.cache:
        counts = (("hits", cache.hits), ("misses", cache.misses), ("evictions", cache.evictions))
        yield "Cache", ", ".join(f"{count_text(number)} {what}" for what, number in counts)
    if storage := node.storage:
        yield "Storage", f"{format_bytes(storage.maximum_kb * 1024)}, {storage.type.lower()}"


def _batches(number: int) -> str:
    return f"{count_text(number)} {'batch' if number == 1 else 'batches'}"


def _measured(node: PlanNode) -> Iterator[Fact]:
    if node.self_ms is not None:
        yield "Own time", format_duration(node.self_ms / 1000)
    if node.total_ms is not None:
        yield "Time of one loop", f"{format_duration(node.total_ms / 1000)}, its children's too"
    if buffers := node.buffers:
        parts = (
            f"{count_text(getattr(buffers, name))} {name.replace('_', ' ')}"
            for name in buffers.__dataclass_fields__
            if getattr(buffers, name)
        )
        yield "Blocks, its children's too", ", ".join(parts)
    if node.io:
        yield "Reading and writing", format_duration(node.io.total_ms / 1000)
    if node.wal:
        yield "Write-ahead log", f"{count_text(node.wal.records)} records, {format_bytes(node.wal.bytes)}"
    yield from ((f"Worker {worker.number}", _worker(worker)) for worker in node.workers)


def _worker(worker: WorkerRun) -> str:
    rows = f"{count_text(worker.rows)} rows, " if worker.rows is not None else ""
    time = f", {format_duration(worker.total_ms / 1000)}" if worker.total_ms else ""
    return f"{rows}{count_text(worker.loops)} loops{time}"
