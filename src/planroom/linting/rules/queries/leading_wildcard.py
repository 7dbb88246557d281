"""Patterns that begin with anything."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_indexes import column_used, indexes_led_by, is_small, lists
from planroom.resolving.query_in_model import QueryInModel

__all__ = ["LeadingWildcard"]


class LeadingWildcard(QueryRule):
    """A pattern that begins with a wildcard cannot be looked up in an ordered index.

    A B-tree finds what begins with a text. A trigram index (pg_trgm) finds what holds one: where the column has one it
    is let pass. Without a model it is a note.
    """

    code = "QRY029"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "A trigram index: CREATE INDEX ... USING gin (column gin_trgm_ops); or full-text search."
    source = "https://www.postgresql.org/docs/current/pgtrgm.html#PGTRGM-INDEX"
    before = (
        "CREATE EXTENSION pg_trgm; CREATE TABLE customers (id int PRIMARY KEY, name text, note text, city text);"
        "CREATE INDEX ON customers (name text_pattern_ops); CREATE INDEX ON customers USING gin (note gin_trgm_ops);"
    )
    bad = (
        "SELECT * FROM customers WHERE name LIKE '%son'",
        "SELECT * FROM customers WHERE name ILIKE '%son%'",
    )
    good = (
        "SELECT * FROM customers WHERE name LIKE 'son%'",
        "SELECT * FROM customers WHERE note LIKE '%son%'",
        "SELECT * FROM customers WHERE city LIKE '%son%'",
        "SELECT name LIKE '%son' FROM customers",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each pattern that begins with a wildcard, over a column that has an index."""
        for spot in query.spots("like"):
            if spot.place not in {"where", "on"} or len(spot.node.args) < 2:
                continue
            column, pattern = spot.node.args[:2]
            if pattern.kind != "string" or not pattern.text.startswith(("%", "_")) or column.kind != "column":
                continue
            used = column_used(query, spot.scope, column)
            message = f"{query.written(spot.node)} begins with a wildcard: no ordered index helps"
            if used is None:
                if query.tables is None:
                    yield self.at(query, spot.node, message, severity=Severity.NOTE)
            elif (
                indexes_led_by(used.table, used.name)
                and not any(lists(used.table, used.name))
                and not is_small(query, spot.scope, used.source)
            ):
                yield self.at(query, spot.node, message, subject=query.subject(used.output))
