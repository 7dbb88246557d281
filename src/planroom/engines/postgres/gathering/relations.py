"""The sizes of tables, materialised views and indexes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import relations
from planroom.scaling.statistics import RelationStatistics, unsigned_pages
from planroom.sqltext import qualified

if TYPE_CHECKING:
    from planroom.engines.postgres.catalog.session import Session

__all__ = ["TABLE_KINDS", "Relation", "relation_rows"]

TABLE_KINDS = "rmpf"
"""pg_class.relkind of what ANALYZE looks at: tables, materialised views, partitioned and foreign tables."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation, and what only the catalog says of it.

    Attributes:
        kind: pg_class.relkind.
        valid: Of an index, that the planner may use it.
    """

    statistics: RelationStatistics
    kind: str
    valid: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """Its schema and name."""
        return self.statistics.schema, self.statistics.name

    @property
    def id(self) -> str:
        """Its schema and name as one."""
        return qualified(*self.key)


def relation_rows(session: Session) -> tuple[Relation, ...]:
    """Return the tables, materialised views and indexes, also those of constraints, sorted by schema and name."""
    sizes = "c.relpages, c.reltuples::text, c.relallvisible"
    rows = session.run(f"""
        SELECT c.nspname, c.relname, c.relkind::text, {sizes}, '', '', true
        FROM {relations(TABLE_KINDS)} c
        UNION ALL
        SELECT r.nspname, c.relname, c.relkind::text, {sizes}, r.relname, am.amname,
               i.indisvalid AND i.indisready AND i.indislive
        FROM pg_index i
        JOIN {relations(TABLE_KINDS)} r ON r.id = i.indrelid
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am am ON am.oid = c.relam""")
    found = [
        Relation(
            RelationStatistics(
                schema=schema, name=name, pages=unsigned_pages(pages), rows=float(count),
                all_visible=unsigned_pages(visible),
                table=table, method=method,
            ),
            kind,
            valid,
        )
        for schema, name, kind, pages, count, visible, table, method, valid in rows
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: each.key))
