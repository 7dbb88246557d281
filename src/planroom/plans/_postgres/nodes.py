"""One node from the engine's object: every key has its field."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from planroom.plans._postgres.keys import TYPED
from planroom.plans._postgres.uses import (
    AGGREGATE_KEYS,
    aggregate_of,
    buffers_of,
    cache_of,
    grouping_sets_of,
    hash_of,
    io_of,
    sampling_of,
    sort_groups_of,
    sort_of,
    storage_of,
    targets_of,
    texts_of,
    wal_of,
)  # fmt: skip
from planroom.plans.node import NO_BUFFERS, Condition, PlanNode, WorkerRun

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.plans._postgres.draft import Draft
    from planroom.plans.resources import Buffers

__all__ = ["CONDITIONS", "Charges", "Recipes", "node_of"]

CONDITIONS = (
    "Index Cond", "Recheck Cond", "TID Cond", "Hash Cond", "Merge Cond", "Join Filter", "One-Time Filter", "Filter",
    "Run Condition", "Order By", "Function Call", "Table Function Call", "Conflict Filter",
)  # fmt: skip
_SOURCES = ("CTE Name", "Function Name", "Table Function Name", "Tuplestore Name", "Custom Plan Provider")


@dataclass(frozen=True, slots=True)
class Charges:
    """What is charged to each node, by its place; None where the engine said nothing."""

    ms: Sequence[float] | None
    cost: Sequence[float] | None
    loops: Sequence[float] | None
    buffers: Sequence[Buffers]
    own_buffers: Sequence[Buffers]


def node_of(draft: Draft, children: tuple[PlanNode, ...], charges: Charges, recipes: Recipes) -> PlanNode:
    """Return the node, with what is charged to it."""
    raw, at = draft.raw, draft.at
    given: dict[str, Any] = {
        "number": at + 1,
        "operator": raw["Node Type"],
        "relationship": draft.relationship,
        "children": children,
        "raw": raw,
    }
    _add(given, raw, recipes.recipe(raw))
    if not draft.loops and "loops" in given:
        given["startup_ms"] = given["total_ms"] = None  # the engine prints zeros for a node that it did not need
    if charges.loops:
        given["estimated_loops"] = charges.loops[at]
    if charges.ms:
        given["self_ms"] = max(0.0, charges.ms[at])
    if charges.cost:
        given["self_cost"] = charges.cost[at]
    if charges.buffers[at] is not NO_BUFFERS:
        given["buffers"], given["self_buffers"] = charges.buffers[at], charges.own_buffers[at]
    return PlanNode.made_of(given)


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to do with an object's keys: taken as they are, converted one by one, or put together from several.

    Attributes:
        taken: The fields of what is taken as it is.
        take: Takes their values from an object, in that order.
        converted: Key, field and conversion.
        built: Field, and how it is put together from the object.
    """

    taken: tuple[str, ...]
    take: Any
    converted: tuple[tuple[str, str, Any], ...]
    built: tuple[tuple[str, Any], ...]


class Recipes:
    """Remembers what to do with each set of keys: a large plan has thousands of nodes, and few sets of keys."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], Recipe] = {}

    def recipe(self, raw: Mapping[str, Any]) -> Recipe:
        """Return what to do with an object's keys."""
        keys = tuple(raw)
        found = self._known.get(keys)
        if found is None:
            found = self._known[keys] = _recipe(keys)
        return found


def _add(given: dict[str, Any], raw: Mapping[str, Any], recipe: Recipe) -> None:
    given.update(zip(recipe.taken, recipe.take(raw), strict=True))
    for key, name, convert in recipe.converted:
        given[name] = convert(raw[key])
    for name, build in recipe.built:
        if (value := build(raw)) is not None:
            given[name] = value


def _recipe(keys: Sequence[str]) -> Recipe:
    labels = tuple(key for key in CONDITIONS if key in keys)
    taken = [key for key in keys if key in _TAKEN]
    unknown = tuple(key for key in keys if key not in TYPED)
    built = [(name, build) for key, (name, build) in _GROUPS.items() if key in keys]
    if "Relation Name" in keys and not any(key in keys for key in _SOURCES):  # a table's alias is no source
        built = [each for each in built if each[1] is not _source]
    if labels:
        built.append(("conditions", partial(_conditions, labels)))
    if unknown:
        built.append(("extra", partial(_extra, unknown)))
    return Recipe(
        tuple(_TAKEN[key] for key in taken),
        itemgetter(*taken) if len(taken) > 1 else lambda raw: tuple(raw[key] for key in taken),
        tuple((key, *_PLAIN[key]) for key in keys if key in _PLAIN),
        tuple(built),
    )


def _conditions(labels: Sequence[str], raw: Mapping[str, Any]) -> tuple[Condition, ...]:
    return tuple([Condition(key, str(raw[key])) for key in labels])


def _extra(unknown: Sequence[str], raw: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((key, _as_text(raw[key])) for key in unknown)


_TAKEN = {
    "Subplan Name": "subplan",
    "Strategy": "strategy",
    "Command": "command",
    "Join Type": "join_type",
    "Schema": "schema",
    "Relation Name": "relation",
    "Alias": "alias",
    "Index Name": "index",
    "Parallel Aware": "parallel_aware",
    "Async Capable": "async_capable",
    "Single Copy": "single_copy",
    "Inner Unique": "inner_unique",
    "Disabled": "disabled",
    "Plan Rows": "estimated_rows",
    "Plan Width": "width_bytes",
    "Startup Cost": "startup_cost",
    "Total Cost": "total_cost",
    "Actual Rows": "rows",
    "Actual Loops": "loops",
    "Actual Startup Time": "startup_ms",
    "Actual Total Time": "total_ms",
}


def _source(raw: Mapping[str, Any]) -> str | None:
    """Return what a scan reads that is no table.

    A scan of several functions has no name; the text format prints a function's name and an alias in the same place.
    """
    found = next((str(raw[key]) for key in _SOURCES if key in raw), "")
    return found or (str(raw.get("Alias", "")) if raw.get("Node Type") == "Function Scan" else None)


_PLAIN: dict[str, tuple[str, Any]] = {
    "Partial Mode": ("partial_mode", lambda mode: "" if mode == "Simple" else mode),
    "Operation": ("operation", lambda operation: "" if operation == "Select" else operation),
    "Scan Direction": ("scan_direction", lambda direction: direction if direction == "Backward" else ""),
    "Output": ("output", texts_of),
    "Sort Key": ("sort_keys", texts_of),
    "Presorted Key": ("presorted_keys", texts_of),
    "Group Key": ("group_keys", texts_of),
    "Cache Key": ("cache_keys", str),
    "Cache Mode": ("cache_mode", str),
    "Window": ("window", str),
    "Conflict Resolution": ("conflict_resolution", str),
    "Conflict Arbiter Indexes": ("conflict_indexes", texts_of),
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


def _workers(raw: Mapping[str, Any]) -> tuple[WorkerRun, ...] | None:
    runs = tuple(filter(None, map(_worker, raw["Workers"])))
    return runs or None


def _worker(raw: Mapping[str, Any]) -> WorkerRun | None:
    """Return what a worker did; None for one that a node names without saying anything of it."""
    given: dict[str, Any] = {}
    _add(given, raw, _recipe(tuple(raw)))
    run = WorkerRun(
        number=int(raw.get("Worker Number", 0)),
        loops=float(raw.get("Actual Loops") or 0.0),
        buffers=buffers_of(raw),
        aggregate=given.get("aggregate") if "HashAgg Batches" in raw else None,
        **{name: given[name] for name in _OF_WORKER if name in given},
    )
    return run if run != WorkerRun(run.number) else None


_OF_WORKER = (
    "rows", "startup_ms", "total_ms", "io", "wal", "sort", "sort_groups", "cache", "exact_blocks", "lossy_blocks",
)  # fmt: skip


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_as_text(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_as_text(each)}" for key, each in value.items())
    return str(value)


_GROUPS: dict[str, tuple[str, Any]] = {
    **dict.fromkeys((*_SOURCES, "Alias"), ("source", _source)),
    **dict.fromkeys(AGGREGATE_KEYS, ("aggregate", aggregate_of)),
    "Sort Method": ("sort", sort_of),
    "Shared I/O Read Time": ("io", io_of),
    "I/O Read Time": ("io", io_of),
    "WAL Records": ("wal", wal_of),
    "Sampling Method": ("sampling", sampling_of),
    "Target Tables": ("targets", targets_of),
    "Hash Buckets": ("hash", hash_of),
    "Full-sort Groups": ("sort_groups", sort_groups_of),
    "Cache Hits": ("cache", cache_of),
    "Storage": ("storage", storage_of),
    "Workers": ("workers", _workers),
    "Grouping Sets": ("grouping_sets", grouping_sets_of),
}
