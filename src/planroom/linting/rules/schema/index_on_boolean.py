"""SCH045."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding

__all__ = ["IndexOnBoolean"]


class IndexOnBoolean(SchemaRule):
    """An index on a boolean alone finds half of the table, and is not used.

    Only where one of the two values is rare does it help, and then a partial index for that value is a fraction of its
    size.
    """

    code = "SCH045"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "Drop it, or make it partial for the rare value, on a column that is asked for along with it."
    source = "https://www.postgresql.org/docs/current/indexes-partial.html"
    dialects = frozenset({"postgres"})
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, done boolean NOT NULL); CREATE INDEX ix ON t (done);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, done boolean NOT NULL); CREATE INDEX ix ON t (id) WHERE NOT done;",
        "CREATE TABLE t (id int PRIMARY KEY, done boolean NOT NULL); CREATE INDEX ix ON t (done, id);",
        "CREATE TABLE t (id int PRIMARY KEY, done boolean NOT NULL); CREATE INDEX ix ON t (done) WHERE done;",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the whole, not unique indexes whose only column is a boolean."""
        for table in design.tables:
            for path in design.paths_of(table):
                column = table.columns_by_name.get(path.columns[0]) if len(path.parts) == 1 else None
                plain = path.predicate is None and not path.unique and not path.inherited
                if column and plain and design.types.base(column.type).name == "boolean":
                    yield self.found(
                        f"{path} of {table.id} is on {column.name} alone, a boolean: it finds half of the rows",
                        qualified(table.schema, path.name),
                        path.origin if path.origin.line else table.origin,
                        table=table.id,
                    )
