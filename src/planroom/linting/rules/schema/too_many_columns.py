"""SCH046."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["TooManyColumns"]

_MANY = 100


class TooManyColumns(SchemaRule):
    """A table has more than a hundred columns: it is several things in one.

    Each read of a row reads all of it, each update writes all of it anew, and nobody knows which columns go together.
    """

    code = "SCH046"
    severity = Severity.NOTE
    fix = "Split it by what is written together."
    source = "https://www.postgresql.org/docs/current/limits.html"
    unproven = "how many are too many is a matter of taste"
    bad: ClassVar[tuple[str, ...]] = (f"CREATE TABLE t ({', '.join(f'x{n}y int' for n in range(_MANY + 1))});",)
    good: ClassVar[tuple[str, ...]] = (f"CREATE TABLE t ({', '.join(f'x{n}y int' for n in range(_MANY))});",)

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables with more."""
        for table in design.tables:
            if len(table.columns) > _MANY:
                yield self.found(f"{table.id} has {len(table.columns)} columns", table.id, table.origin)
