"""What a part of a plan used: blocks, I/O time, write-ahead log, memory, disk. All zero is the same as not said."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

__all__ = [
    "BLOCK_BYTES",
    "AggregateUse",
    "Buffers",
    "CacheUse",
    "HashUse",
    "IoTimes",
    "SortGroups",
    "SortUse",
    "StorageUse",
    "Wal",
    "difference",
]

BLOCK_BYTES = 8192  # PostgreSQL's default BLCKSZ; EXPLAIN counts blocks and does not say how large they are


@dataclass(frozen=True, slots=True)
class Buffers:
    """Blocks of 8 KiB touched, by where they lay and what was done to them."""

    shared_hit: int = 0
    shared_read: int = 0
    shared_dirtied: int = 0
    shared_written: int = 0
    local_hit: int = 0
    local_read: int = 0
    local_dirtied: int = 0
    local_written: int = 0
    temp_read: int = 0
    temp_written: int = 0

    @property
    def touched(self) -> int:
        """Blocks asked for: found in memory or read, of tables and of temporary files."""
        return self.shared_hit + self.shared_read + self.local_hit + self.local_read + self.temp_read

    def __bool__(self) -> bool:
        return self != _NO_BUFFERS


@dataclass(frozen=True, slots=True)
class IoTimes:
    """Milliseconds spent on reading and writing blocks, all processes together; needs ``track_io_timing``."""

    shared_read_ms: float = 0.0
    shared_write_ms: float = 0.0
    local_read_ms: float = 0.0
    local_write_ms: float = 0.0
    temp_read_ms: float = 0.0
    temp_write_ms: float = 0.0

    @property
    def total_ms(self) -> float:
        """All of it."""
        return (
            self.shared_read_ms
            + self.shared_write_ms
            + self.local_read_ms
            + self.local_write_ms
            + self.temp_read_ms
            + self.temp_write_ms
        )

    def __bool__(self) -> bool:
        return self != _NO_IO


@dataclass(frozen=True, slots=True)
class Wal:
    """Write-ahead log made: records, full-page images, bytes, and how often the buffers were full."""

    records: int = 0
    full_page_images: int = 0
    bytes: int = 0
    buffers_full: int = 0

    def __bool__(self) -> bool:
        return self != _NO_WAL


@dataclass(frozen=True, slots=True)
class SortUse:
    """How a sort was done.

    Attributes:
        method: ``quicksort``, ``top-N heapsort``, ``external merge`` ...
        space_kb: Memory or disk used, in KiB.
        space_type: ``Memory`` or ``Disk``.
    """

    method: str
    space_kb: int
    space_type: str

    @property
    def on_disk(self) -> bool:
        """Whether it did not fit into work_mem."""
        return self.space_type == "Disk"


@dataclass(frozen=True, slots=True)
class SortGroups:
    """The groups of an incremental sort that were sorted in one way; sizes in KiB.

    Attributes:
        name: ``Full-sort`` or ``Pre-sorted``.
    """

    name: str
    count: int
    methods: tuple[str, ...] = ()
    average_memory_kb: int = 0
    peak_memory_kb: int = 0
    average_disk_kb: int = 0
    peak_disk_kb: int = 0


@dataclass(frozen=True, slots=True)
class HashUse:
    """The hash table of a join; the original numbers are those that were planned."""

    buckets: int
    batches: int
    original_buckets: int
    original_batches: int
    peak_memory_kb: int


@dataclass(frozen=True, slots=True)
class AggregateUse:
    """The hash table of an aggregate; more than one batch means that it went to disk."""

    batches: int = 0
    peak_memory_kb: int = 0
    disk_kb: int = 0
    planned_partitions: int = 0


@dataclass(frozen=True, slots=True)
class CacheUse:
    """The cache of a Memoize."""

    hits: int = 0
    misses: int = 0
    evictions: int = 0
    overflows: int = 0
    peak_memory_kb: int = 0


@dataclass(frozen=True, slots=True)
class StorageUse:
    """Where a node kept the rows that it may give again: ``Memory`` or ``Disk``, at most so many KiB."""

    type: str
    maximum_kb: int


_NO_BUFFERS, _NO_IO, _NO_WAL = Buffers(), IoTimes(), Wal()


def difference(whole: Any, *parts: Any) -> Any:
    """Return field by field what of ``whole`` is not in ``parts``, never below zero."""
    kind = type(whole)
    values = []
    for field in fields(kind):
        total = getattr(whole, field.name)
        values.append(max(type(total)(0), total - sum(map(attrgetter(field.name), parts))))
    return kind(*values)
