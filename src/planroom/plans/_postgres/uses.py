"""What a node used and made, put together from several keys each: hash tables, sorts, caches, blocks, times."""

from __future__ import annotations

from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from planroom.plans.node import NO_BUFFERS, NO_IO, NO_WAL
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
    from collections.abc import Mapping

__all__ = [
    "AGGREGATE_KEYS", "aggregate_of", "buffers_of", "cache_of", "grouping_sets_of", "hash_of", "io_of", "sampling_of",
    "sort_groups_of", "sort_of", "storage_of", "targets_of", "texts_of", "wal_of",
]  # fmt: skip

_BLOCKS = (
    *(f"{kind} {what} Blocks" for kind in ("Shared", "Local") for what in ("Hit", "Read", "Dirtied", "Written")),
    "Temp Read Blocks",
    "Temp Written Blocks",
)
_ALL_BLOCKS = itemgetter(*_BLOCKS)
_TIMES = tuple(f"{kind} I/O {what} Time" for kind in ("Shared", "Local", "Temp") for what in ("Read", "Write"))
_WAL = ("WAL Records", "WAL FPI", "WAL Bytes", "WAL Buffers Full")


def texts_of(value: Any) -> tuple[str, ...]:
    """Return a list's items as texts; a single value as one."""
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def sampling_of(raw: Mapping[str, Any]) -> str:
    """Return the TABLESAMPLE clause."""
    seed = f" REPEATABLE ({raw['Repeatable Seed']})" if "Repeatable Seed" in raw else ""
    return f"{raw['Sampling Method']} ({', '.join(map(str, raw.get('Sampling Parameters') or ()))}){seed}"


def targets_of(raw: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the tables that a modification changes, with their schemas."""
    return tuple(
        ".".join(filter(None, (each.get("Schema", ""), each.get("Relation Name", "")))) for each in raw["Target Tables"]
    )


def hash_of(raw: Mapping[str, Any]) -> HashUse:
    """Return a join's hash table."""
    buckets, batches = int(raw["Hash Buckets"]), int(raw.get("Hash Batches", 1))
    return HashUse(
        buckets,
        batches,
        int(raw.get("Original Hash Buckets", buckets)),
        int(raw.get("Original Hash Batches", batches)),
        int(raw.get("Peak Memory Usage", 0)),
    )


def sort_of(raw: Mapping[str, Any]) -> SortUse:
    """Return how a sort was done."""
    return SortUse(str(raw["Sort Method"]), int(raw.get("Sort Space Used", 0)), str(raw.get("Sort Space Type", "")))


def sort_groups_of(raw: Mapping[str, Any]) -> tuple[SortGroups, ...]:
    """Return the groups of an incremental sort."""
    return tuple(
        _one_way(name, raw[f"{name} Groups"]) for name in ("Full-sort", "Pre-sorted") if f"{name} Groups" in raw
    )


def _one_way(name: str, raw: Mapping[str, Any]) -> SortGroups:
    memory, disk = raw.get("Sort Space Memory") or {}, raw.get("Sort Space Disk") or {}
    return SortGroups(
        name,
        int(raw.get("Group Count", 0)),
        texts_of(raw.get("Sort Methods Used") or []),
        int(memory.get("Average Sort Space Used", 0)),
        int(memory.get("Peak Sort Space Used", 0)),
        int(disk.get("Average Sort Space Used", 0)),
        int(disk.get("Peak Sort Space Used", 0)),
    )


AGGREGATE_KEYS = ("Planned Partitions", "HashAgg Batches", "Disk Usage", "Peak Memory Usage")


def aggregate_of(raw: Mapping[str, Any]) -> AggregateUse | None:
    """Return an aggregate's hash table; None when it has none, or the keys are another node's."""
    if raw.get("Node Type", "Aggregate") != "Aggregate":  # a hash table's and a cache's memory bear the same key
        return None
    use = AggregateUse(
        int(raw.get("HashAgg Batches", 0)),
        int(raw.get("Peak Memory Usage", 0)),
        int(raw.get("Disk Usage", 0)),
        int(raw.get("Planned Partitions", 0)),
    )
    return use if use != AggregateUse() else None


def cache_of(raw: Mapping[str, Any]) -> CacheUse:
    """Return the cache of a Memoize."""
    names = ("Cache Hits", "Cache Misses", "Cache Evictions", "Cache Overflows", "Peak Memory Usage")
    return CacheUse(*(int(raw.get(name, 0)) for name in names))


def grouping_sets_of(raw: Mapping[str, Any]) -> tuple[tuple[str, ...], ...]:
    """Return a tuple for each pass over the rows: how they are sorted, and the sets that it counts.

    Each hashed set is one of its own, as the text format does not tell which of them share a pass.
    """
    passes: list[tuple[str, ...]] = []
    for each in raw["Grouping Sets"]:
        words = [f"Sort Key: {', '.join(texts_of(each['Sort Key']))}"] if "Sort Key" in each else []
        words.extend(f"Group Key: {_set(keys)}" for keys in each.get("Group Keys") or ())
        passes += [tuple(words)] if words else []
        passes.extend((f"Hash Key: {_set(keys)}",) for keys in each.get("Hash Keys") or ())
    return tuple(passes)


def _set(keys: Any) -> str:
    return ", ".join(texts_of(keys)) if keys else "()"


def buffers_of(raw: Mapping[str, Any]) -> Buffers:
    """Return the blocks that an object counts; nothing touched is one shared value."""
    if "Shared Hit Blocks" not in raw and "Temp Read Blocks" not in raw:
        return NO_BUFFERS
    try:
        counts: tuple[int, ...] = _ALL_BLOCKS(raw)
    except KeyError:  # the text format leaves out what is zero
        counts = tuple(int(raw.get(key) or 0) for key in _BLOCKS)
    return _counted(counts) if any(counts) else NO_BUFFERS


@lru_cache(maxsize=1024)
def _counted(counts: tuple[int, ...]) -> Buffers:
    """Return one object for equal counts: the scans of a table's partitions have many."""
    return Buffers(*counts)


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


def wal_of(raw: Mapping[str, Any]) -> Wal:
    """Return the write-ahead log made."""
    if "WAL Records" not in raw:
        return NO_WAL
    return Wal(*(int(raw.get(key) or 0) for key in _WAL))


def storage_of(raw: Mapping[str, Any]) -> StorageUse:
    """Return where a node kept rows."""
    return StorageUse(str(raw["Storage"]), int(raw.get("Maximum Storage", 0)))
