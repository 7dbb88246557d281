"""Time spent waiting for blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.plans.findings._survey import UNITS_PER_MS, Load
from planroom.plans.findings.base import Example, Told, WholeRule
from planroom.quantities import format_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.plans.findings._survey import Survey

__all__ = ["WaitsForDisk"]

_DOCUMENT = """[{"Plan": {"Node Type": "Seq Scan", "Relation Name": "orders", "Alias": "o", "Startup Cost": 0,
"Total Cost": 2000, "Plan Rows": 100000, "Plan Width": 8, "Actual Rows": 100000, "Actual Loops": 1,
"Actual Startup Time": 0.01, "Actual Total Time": 99, "Shared Hit Blocks": 100, "Shared Read Blocks": 9000,
"Shared I/O Read Time": 70, "Shared I/O Write Time": 0}, "Planning Time": 0.1, "Execution Time": 100}]"""


class WaitsForDisk(WholeRule):
    """A good part of the time went into waiting for blocks to be read or written.

    What is read for the first time has to come from disk; what comes from there each time does not fit into memory,
    or is more than the query needs: an index that holds all columns asked for is smaller than its table.
    """

    code = "PLN031"
    fix = "Read fewer blocks (a covering index, narrower rows), or give the server more memory (shared_buffers)."
    source = "https://www.postgresql.org/docs/current/runtime-config-statistics.html#GUC-TRACK-IO-TIMING"
    needs = "time"
    bad = (Example("", by="time", document=_DOCUMENT),)
    good = (
        Example("", by="time", document=_DOCUMENT.replace('"Shared I/O Read Time": 70', '"Shared I/O Read Time": 1')),
    )
    unproven = "whether a block comes from disk is the operating system's doing"

    def judge(self, survey: Survey) -> Iterator[tuple[Load, Told]]:
        """Yield the waiting, all nodes together."""
        root, whole = survey.plan.root, survey.plan.total_ms or 0.0
        waited = root.io.total_ms
        if not waited or not whole:
            return
        buffers = root.buffers
        read, found = buffers.shared_read + buffers.local_read, buffers.shared_hit + buffers.local_hit
        message = f"{format_count(read)} blocks had to be fetched, and {format_count(found)} were found in memory"
        load = Load(min(1.0, waited / whole), waited * UNITS_PER_MS, "time")
        yield load, Told(message, facts={"blocks_read": read, "blocks_found": found})
