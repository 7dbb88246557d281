"""SCH001."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Edit, Effect, Severity
from planroom.linting.access import Service, service_of
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.quantities import format_count
from planroom.sqltext import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import ForeignKey, Table

__all__ = ["ForeignKeyWithoutIndex"]

_FEW = 1000  # rows: a table of a few pages is read as fast as its index


class ForeignKeyWithoutIndex(SchemaRule):
    """No index finds the rows that a foreign key ties to one referenced row: all of them are read.

    PostgreSQL makes an index for the referenced key, and none for the referencing columns. Each DELETE of a referenced
    row, each UPDATE of its key and each question for its children then scans the referencing table. An index serves
    when the columns of the foreign key lead it, in any order; a partial one only when its condition is that they are
    not null. PostgreSQL 18 may skip over a leading column that has few values; the rule does not count on it.
    """

    code = "SCH001"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "Create an index that begins with the columns of the foreign key."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    dialects = frozenset({"postgres", "sqlite", "sql"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);",
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p, s text);"
            "CREATE INDEX ON c (p_id) WHERE s = 'open';"
        ),
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);"
            "CREATE INDEX ON c (id, p_id);"
        ),
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);"
            "CREATE INDEX ON c USING brin (p_id);"
        ),
        (
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
            "CREATE TABLE c (a int, b int, x int, FOREIGN KEY (a, b) REFERENCES p); CREATE INDEX ON c (a, x, b);"
        ),
        (
            "CREATE TABLE p (id int PRIMARY KEY);"
            "CREATE TABLE c (d date, p_id int REFERENCES p) PARTITION BY RANGE (d);"
            "CREATE TABLE c1 PARTITION OF c FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');"
            "CREATE INDEX ON ONLY c (p_id);"
        ),
    )
    good: ClassVar[tuple[str, ...]] = (
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);"
            "CREATE INDEX ON c (p_id, id);"
        ),
        "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (p_id int REFERENCES p, n int, PRIMARY KEY (p_id, n));",
        (
            "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE c (id int PRIMARY KEY, p_id int REFERENCES p);"
            "CREATE INDEX ON c (p_id) WHERE p_id IS NOT NULL;"
        ),
        (
            "CREATE TABLE p (a int, b int, PRIMARY KEY (a, b));"
            "CREATE TABLE c (a int, b int, x int, FOREIGN KEY (a, b) REFERENCES p); CREATE INDEX ON c (b, a, x);"
        ),
        (
            "CREATE TABLE p (id int PRIMARY KEY);"
            "CREATE TABLE c (d date, p_id int REFERENCES p) PARTITION BY RANGE (d);"
            "CREATE TABLE c1 PARTITION OF c FOR VALUES FROM ('2026-01-01') TO ('2026-02-01'); CREATE INDEX ON c (p_id);"
        ),
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the foreign keys whose columns lead no index."""
        for table in design.model.tables:
            for key in table.foreign_keys:
                service = _service(design, table, key) if not table.external else Service.WHOLLY
                if service < Service.WHOLLY:
                    yield self._judged(design, table, key, service)

    def _judged(self, design: Design, table: Table, key: ForeignKey, service: Service) -> Finding:
        rows = design.rows_of(table.id)
        columns = ", ".join(key.columns)
        reads = f"all of its {format_count(rows)} rows" if rows else "all of it"
        does = f"deleting a row of {key.referenced_table}, or asking for its rows here, reads {reads}"
        if service is Service.PARTLY:
            does = f"an index finds it by some of the columns only, so {does.replace(reads, 'more rows than it needs')}"
        found = self.found(
            f"no index of {table.id} begins with ({columns}), the foreign key {key.name}: {does}",
            qualified(table.schema, table.name, key.columns[0]),
            key.origin,
            severity=Severity.NOTE if service is Service.PARTLY or (rows is not None and rows <= _FEW) else None,
            columns=key.columns,
            referenced=key.referenced_table,
            **({"rows": rows} if rows is not None else {}),
        )
        return found.with_edits(_index(design, table, key))


def _service(design: Design, table: Table, key: ForeignKey) -> Service:
    """Return how well the table's indexes serve a foreign key; on a partitioned table those of all partitions do."""
    own = max((service_of(path, key.columns) for path in design.paths_of(table)), default=Service.NONE)
    partitions = design.model.partitions.get(table.id, ())
    if own is Service.WHOLLY or not partitions:
        return own
    return max(own, min(_service(design, each, key) for each in partitions))


def _index(design: Design, table: Table, key: ForeignKey) -> tuple[Edit, ...]:
    """Return the index behind the statement that adds the foreign key; a partition has that of its parent."""
    if design.model.dialect != "postgres" or table.partition_of or not key.origin.line:
        return ()
    columns = ", ".join(map(quote_identifier, key.columns))
    return (Edit(key.origin, f"CREATE INDEX ON {table.id} ({columns})", ("end",)),)
