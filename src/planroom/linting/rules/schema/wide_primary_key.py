"""SCH006."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["WidePrimaryKey"]

_MANY = 3  # columns: a foreign key of more is seldom written without a mistake


class WidePrimaryKey(SchemaRule):
    """Tables refer to a primary key of many columns, and each of them repeats all of those.

    The columns stand in every referencing row, in its indexes and in every join.
    """

    code = "SCH006"
    severity = Severity.NOTE
    fix = "Refer to a short key; keep the long one as a unique constraint."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS"
    unproven = "how much width is too much is a matter of taste"
    bad: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE t (a int, b int, c int, d int, PRIMARY KEY (a, b, c, d));"
            "CREATE TABLE u (id int PRIMARY KEY, a int, b int, c int, d int, FOREIGN KEY (a, b, c, d) REFERENCES t);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (a int, b int, c int, d int, PRIMARY KEY (a, b, c, d));",
        (
            "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b));"
            "CREATE TABLE u (id int PRIMARY KEY, a int, b int, FOREIGN KEY (a, b) REFERENCES t);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables whose long key others repeat."""
        for table in design.tables:
            key = table.primary_key
            if key and len(key.columns) > _MANY:
                towards = design.children.get(table.id, ())
                by = [each.child for each in towards if each.referenced_columns == key.columns]
                if by:
                    yield self.found(
                        f"the primary key of {table.id} has {len(key.columns)} columns, which {', '.join(by[:3])} "
                        f"{'repeat' if len(by) > 1 else 'repeats'}",
                        table.id,
                        key.origin,
                        columns=key.columns,
                        referencing=tuple(by),
                    )
