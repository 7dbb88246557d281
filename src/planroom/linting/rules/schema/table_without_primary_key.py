"""SCH005."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Severity
from planroom.linting.schemas import Design, SchemaRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.linting.access import AccessPath
    from planroom.model import Table

__all__ = ["TableWithoutPrimaryKey"]


class TableWithoutPrimaryKey(SchemaRule):
    """No primary key identifies the rows of a table.

    Equal rows cannot be told apart, corrected or deduplicated, and logical replication refuses to update or delete them
    for want of a replica identity. A unique key over columns that are NOT NULL does the work; then it is a note.
    """

    code = "SCH005"
    severity = Severity.ERROR
    fix = "Declare a primary key: a natural one where there is one, an identity column otherwise."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-PRIMARY-KEYS"
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (at timestamptz NOT NULL, what text NOT NULL);",
        "CREATE TABLE t (id int NOT NULL UNIQUE);",
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (b int) INHERITS (p);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY);",
        (
            "CREATE TABLE t (d date, n int, PRIMARY KEY (d, n)) PARTITION BY RANGE (d);"
            "CREATE TABLE t1 PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the tables without one; foreign tables cannot have one."""
        for table in design.tables:
            if table.primary_key is None and table.columns and not table.external:
                yield self._judged(table, [path for path in design.paths_of(table) if path.unique])

    def _judged(self, table: Table, unique: list[AccessPath]) -> Finding:
        key = next((path for path in unique if _identifies(table, path)), None)
        if key is not None:
            message, severity = f"{table.id} has no primary key, though {key} could be it", Severity.NOTE
        elif unique:
            message = f"{table.id} has no primary key, and {unique[0]} does not identify every row"
            severity = Severity.WARNING
        else:
            message, severity = f"nothing identifies a row of {table.id}: it has no primary key", self.severity
        return self.found(message, table.id, table.origin, severity=severity)


def _identifies(table: Table, path: AccessPath) -> bool:
    columns = [table.columns_by_name.get(name) for name in path.columns]
    whole = path.predicate is None and not path.deferrable
    return whole and all(column is not None and not column.nullable for column in columns)
