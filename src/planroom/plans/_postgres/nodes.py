"""One node from the engine's object: every key has its field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from planroom.plans._postgres.keys import TYPED
from planroom.plans.node import NO_BUFFERS, NO_IO, NO_WAL, Condition, PlanNode, WorkerRun
from planroom.plans.resources import (
    AggregateUse,
    Buffers,
    CacheUse,
    HashUse,
    IoTimes,
    SortGroups,
    SortUse,
    StorageUse,
    Wal,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.plans._postgres.draft import Draft

__all__ = ["Charges", "buffers_of", "io_of", "node_of"]

CONDITIONS = (
    "Index Cond", "Recheck Cond", "TID Cond", "Hash Cond", "Merge Cond", "Join Filter", "One-Time Filter", "Filter",
    "Run Condition", "Order By", "Function Call", "Table Function Call", "Conflict Filter",
)  # fmt: skip
_LABELLED = frozenset(CONDITIONS)
_BLOCKS = (
    *(f"{kind} {what} Blocks" for kind in ("Shared", "Local") for what in ("Hit", "Read", "Dirtied", "Written")),
    "Temp Read Blocks",
    "Temp Written Blocks",
)
_TIMES = tuple(f"{kind} I/O {what} Time" for kind in ("Shared", "Local", "Temp") for what in ("Read", "Write"))
_WAL = ("WAL Records", "WAL FPI", "WAL Bytes", "WAL Buffers Full")
_SOURCES = ("CTE Name", "Function Name", "Table Function Name", "Tuplestore Name", "Custom Plan Provider")


@dataclass(frozen=True, slots=True)
class Charges:
    """What is charged to each node, by its place; None where the engine said nothing."""

    ms: Sequence[float] | None
    cost: Sequence[float] | None
    loops: Sequence[float] | None
    buffers: Sequence[Buffers]
    own_buffers: Sequence[Buffers]


def node_of(draft: Draft, children: tuple[PlanNode, ...], charges: Charges) -> PlanNode:
    """Return the node, with what is charged to it."""
    raw, at = draft.raw, draft.at
    get = raw.get
    operator = str(get("Node Type", ""))
    return PlanNode(
        number=at + 1,
        operator=operator,
        relationship=draft.relationship,
        children=children,
        raw=raw,
        **_naming(raw, operator),
        estimated_rows=get("Plan Rows"),
        width_bytes=get("Plan Width"),
        startup_cost=get("Startup Cost"),
        total_cost=get("Total Cost"),
        estimated_loops=charges.loops[at] if charges.loops else 1.0,
        rows=get("Actual Rows"),
        loops=get("Actual Loops"),
        startup_ms=get("Actual Startup Time") if draft.loops else None,
        total_ms=get("Actual Total Time") if draft.loops else None,
        self_ms=max(0.0, charges.ms[at]) if charges.ms else None,
        self_cost=charges.cost[at] if charges.cost else None,
        buffers=charges.buffers[at],
        self_buffers=charges.own_buffers[at],
        io=io_of(raw),
        wal=_wal(raw),
        **_details(raw, operator),
    )


def _naming(raw: Mapping[str, Any], operator: str) -> dict[str, Any]:
    get = raw.get
    mode, direction = get("Partial Mode", ""), get("Scan Direction", "")
    return {
        "subplan": get("Subplan Name", ""),
        "strategy": get("Strategy", ""),
        "partial_mode": "" if mode == "Simple" else mode,
        "operation": "" if operator == "Foreign Scan" and get("Operation") == "Select" else get("Operation", ""),
        "command": get("Command", ""),
        "join_type": get("Join Type", ""),
        "scan_direction": direction if direction == "Backward" else "",
        "schema": get("Schema", ""),
        "relation": get("Relation Name", ""),
        "alias": get("Alias", ""),
        "index": get("Index Name", ""),
        "source": next((str(raw[key]) for key in _SOURCES if key in raw), "") or _unnamed_function(raw, operator),
        "parallel_aware": bool(get("Parallel Aware")),
        "async_capable": bool(get("Async Capable")),
        "single_copy": bool(get("Single Copy")),
        "inner_unique": bool(get("Inner Unique")),
        "disabled": bool(get("Disabled")),
    }


def _unnamed_function(raw: Mapping[str, Any], operator: str) -> str:
    """Return the alias of a scan of several functions, which has no name: the text format prints both in one place."""
    return str(raw.get("Alias", "")) if operator == "Function Scan" else ""


def _details(raw: Mapping[str, Any], operator: str) -> dict[str, Any]:
    """Return the fields of those keys that only some nodes have; a plain node costs one look."""
    found: dict[str, Any] = {}
    keys = raw.keys()
    if labels := _LABELLED & keys:
        found["conditions"] = tuple(Condition(key, str(raw[key])) for key in CONDITIONS if key in labels)
    for key in _PLAIN.keys() & keys:
        name, convert = _PLAIN[key]
        found[name] = convert(raw[key])
    for key in _GROUPS.keys() & keys:
        name, build = _GROUPS[key]
        if (value := build(raw)) is not None:
            found[name] = value
    if "Sort Method" in keys:
        found["sort"] = _sort(raw)
    if operator == "Aggregate" and not keys.isdisjoint(_AGGREGATE):
        found["aggregate"] = _aggregate(raw)
    if unknown := keys - TYPED:
        found["extra"] = tuple((key, _as_text(raw[key])) for key in raw if key in unknown)
    return found


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


_PLAIN: dict[str, tuple[str, Any]] = {
    "Output": ("output", _texts),
    "Sort Key": ("sort_keys", _texts),
    "Presorted Key": ("presorted_keys", _texts),
    "Group Key": ("group_keys", _texts),
    "Cache Key": ("cache_keys", str),
    "Cache Mode": ("cache_mode", str),
    "Window": ("window", str),
    "Conflict Resolution": ("conflict_resolution", str),
    "Conflict Arbiter Indexes": ("conflict_indexes", _texts),
    "Rows Removed by Filter": ("removed_by_filter", float),
    "Rows Removed by Join Filter": ("removed_by_join_filter", float),
    "Rows Removed by Index Recheck": ("removed_by_recheck", float),
    "Rows Removed by Conflict Filter": ("removed_by_conflict_filter", float),
    "Tuples Inserted": ("tuples_inserted", float),
    "Tuples Updated": ("tuples_updated", float),
    "Tuples Deleted": ("tuples_deleted", float),
    "Tuples Skipped": ("tuples_skipped", float),
    "Conflicting Tuples": ("tuples_conflicting", float),
    "Heap Fetches": ("heap_fetches", float),
    "Index Searches": ("index_searches", int),
    "Exact Heap Blocks": ("exact_blocks", int),
    "Lossy Heap Blocks": ("lossy_blocks", int),
    "Subplans Removed": ("subplans_removed", int),
    "Workers Planned": ("workers_planned", int),
    "Workers Launched": ("workers_launched", int),
}


def _sampling(raw: Mapping[str, Any]) -> str:
    seed = f" REPEATABLE ({raw['Repeatable Seed']})" if "Repeatable Seed" in raw else ""
    return f"{raw['Sampling Method']} ({', '.join(map(str, raw.get('Sampling Parameters') or ()))}){seed}"


def _targets(raw: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        ".".join(filter(None, (each.get("Schema", ""), each.get("Relation Name", "")))) for each in raw["Target Tables"]
    )


def _hash(raw: Mapping[str, Any]) -> HashUse:
    buckets, batches = int(raw["Hash Buckets"]), int(raw.get("Hash Batches", 1))
    return HashUse(
        buckets,
        batches,
        int(raw.get("Original Hash Buckets", buckets)),
        int(raw.get("Original Hash Batches", batches)),
        int(raw.get("Peak Memory Usage", 0)),
    )


def _sort(raw: Mapping[str, Any]) -> SortUse:
    return SortUse(str(raw["Sort Method"]), int(raw.get("Sort Space Used", 0)), str(raw.get("Sort Space Type", "")))


def _groups(raw: Mapping[str, Any]) -> tuple[SortGroups, ...]:
    return tuple(
        _sort_groups(name, raw[f"{name} Groups"]) for name in ("Full-sort", "Pre-sorted") if f"{name} Groups" in raw
    )


def _sort_groups(name: str, raw: Mapping[str, Any]) -> SortGroups:
    memory, disk = raw.get("Sort Space Memory") or {}, raw.get("Sort Space Disk") or {}
    return SortGroups(
        name,
        int(raw.get("Group Count", 0)),
        _texts(raw.get("Sort Methods Used") or []),
        int(memory.get("Average Sort Space Used", 0)),
        int(memory.get("Peak Sort Space Used", 0)),
        int(disk.get("Average Sort Space Used", 0)),
        int(disk.get("Peak Sort Space Used", 0)),
    )


_AGGREGATE = ("Planned Partitions", "HashAgg Batches", "Disk Usage", "Peak Memory Usage")


def _aggregate(raw: Mapping[str, Any]) -> AggregateUse | None:
    use = AggregateUse(
        int(raw.get("HashAgg Batches", 0)),
        int(raw.get("Peak Memory Usage", 0)),
        int(raw.get("Disk Usage", 0)),
        int(raw.get("Planned Partitions", 0)),
    )
    return use if use != AggregateUse() else None


def _cache(raw: Mapping[str, Any]) -> CacheUse:
    names = ("Cache Hits", "Cache Misses", "Cache Evictions", "Cache Overflows", "Peak Memory Usage")
    return CacheUse(*(int(raw.get(name, 0)) for name in names))


def _workers(raw: Mapping[str, Any]) -> tuple[WorkerRun, ...] | None:
    runs = tuple(filter(None, map(_worker, raw["Workers"])))
    return runs or None


def _worker(raw: Mapping[str, Any]) -> WorkerRun | None:
    """Return what a worker did; None for one that a node names without saying anything of it."""
    details = _details(raw, "Aggregate")
    run = WorkerRun(
        number=int(raw.get("Worker Number", 0)),
        rows=raw.get("Actual Rows"),
        loops=float(raw.get("Actual Loops") or 0.0),
        startup_ms=raw.get("Actual Startup Time"),
        total_ms=raw.get("Actual Total Time"),
        buffers=buffers_of(raw),
        io=io_of(raw),
        wal=_wal(raw),
        sort=details.get("sort"),
        sort_groups=details.get("sort_groups", ()),
        aggregate=details.get("aggregate") if "HashAgg Batches" in raw else None,
        cache=details.get("cache"),
        exact_blocks=int(raw.get("Exact Heap Blocks", 0)),
        lossy_blocks=int(raw.get("Lossy Heap Blocks", 0)),
    )
    return run if run != WorkerRun(run.number) else None


_GROUPS: dict[str, tuple[str, Any]] = {
    "Sampling Method": ("sampling", _sampling),
    "Target Tables": ("targets", _targets),
    "Hash Buckets": ("hash", _hash),
    "Full-sort Groups": ("sort_groups", _groups),
    "Cache Hits": ("cache", _cache),
    "Storage": ("storage", lambda raw: StorageUse(str(raw["Storage"]), int(raw.get("Maximum Storage", 0)))),
    "Workers": ("workers", _workers),
    "Grouping Sets": ("grouping_sets", lambda raw: tuple(_grouping_set(each) for each in raw["Grouping Sets"])),
}


def _grouping_set(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Return one grouping set in a line a key: how it is sorted or hashed, and its sets."""
    words = [f"Sort Key: {', '.join(_texts(raw['Sort Key']))}"] if "Sort Key" in raw else []
    for key in ("Group Keys", "Hash Keys"):
        words.extend(
            f"{key.removesuffix('s')}: {', '.join(_texts(keys)) if keys else '()'}" for keys in raw.get(key) or ()
        )
    return tuple(words)


def buffers_of(raw: Mapping[str, Any]) -> Buffers:
    """Return the blocks that an object counts; nothing touched is one shared value."""
    if "Shared Hit Blocks" not in raw and "Temp Read Blocks" not in raw:
        return NO_BUFFERS
    counts = [int(raw.get(key) or 0) for key in _BLOCKS]
    return Buffers(*counts) if any(counts) else NO_BUFFERS


def io_of(raw: Mapping[str, Any]) -> IoTimes:
    """Return the I/O times; up to version 16 one pair for shared and local blocks together."""
    if "I/O Read Time" in raw or "I/O Write Time" in raw:
        raw = {
            **raw,
            "Shared I/O Read Time": raw.get("I/O Read Time"),
            "Shared I/O Write Time": raw.get("I/O Write Time"),
        }
    elif "Shared I/O Read Time" not in raw:
        return NO_IO
    times = [float(raw.get(key) or 0.0) for key in _TIMES]
    return IoTimes(*times) if any(times) else NO_IO


def _wal(raw: Mapping[str, Any]) -> Wal:
    if "WAL Records" not in raw:
        return NO_WAL
    return Wal(*(int(raw.get(key) or 0) for key in _WAL))


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_as_text(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_as_text(each)}" for key, each in value.items())
    return str(value)
