"""SCH047."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["TooManyIndexes"]

_MANY = 15


class TooManyIndexes(SchemaRule):
    """A table has more than fifteen indexes, and each INSERT writes to all of them.

    So does each UPDATE that changes an indexed column; planning a query looks at all of them too.
    """

    code = "SCH047"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "Drop those that pg_stat_user_indexes never sees used, and join those that begin alike."
    source = "https://www.postgresql.org/docs/current/indexes-intro.html"
    unproven = "how many are too many is a matter of the workload"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY);" + "".join(f"CREATE INDEX i{n} ON t ((id + {n}));" for n in range(_MANY)),
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY);"
        + "".join(f"CREATE INDEX i{n} ON t ((id + {n}));" for n in range(_MANY - 1)),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables with more."""
        for table in design.tables:
            number = len(design.paths_of(table))
            if number > _MANY:
                yield self.found(f"{table.id} has {number} indexes", table.id, table.origin, indexes=number)
