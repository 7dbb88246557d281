"""About how long work on a table takes: a lower bound, from its rows and from what a server managed.

The rates were measured on the embedded PostgreSQL 18, on 2 cores, with a table of 2 million rows of some 50 bytes that
was in memory and had up to four indexes. SET NOT NULL and CHECK read 15 to 21 million rows a second; a foreign key
looked up 5 million; an index took in 1.4 to 2.7 million; a rewrite, with its indexes, wrote 0.2 to 0.5 million. Wider
rows, disks and other work make it longer, hardly ever shorter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.linting.effects import Cause, Work, WorkKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planroom.linting.migrations import Step

__all__ = ["seconds_of"]

_ROWS_PER_SECOND: Mapping[WorkKind, float] = {WorkKind.SCAN: 15e6, WorkKind.BUILD: 2e6, WorkKind.REWRITE: 0.4e6}
_LOOKED_UP_PER_SECOND = 5e6


def seconds_of(step: Step, work: Iterable[Work]) -> float | None:
    """Return about how many seconds work takes at least; None where the rows of a table are not known."""
    total, seen = 0.0, set()
    for each in work:
        rows = step.rows(each.relation)
        if rows is None:
            return None
        if (each.relation, each.kind) not in seen:  # several checks are one scan
            seen.add((each.relation, each.kind))
            rate = _LOOKED_UP_PER_SECOND if each.cause is Cause.FOREIGN_KEY else _ROWS_PER_SECOND[each.kind]
            total += rows / rate
    return total
