"""Sorting by chance."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel

__all__ = ["OrderByRandom"]

_RANDOM = frozenset({"rand", "random", "newid", "uuid", "gen_random_uuid", "dbms_random.value"})


class OrderByRandom(QueryRule):
    """ORDER BY random() reads and sorts the whole table to choose a few rows.

    TABLESAMPLE reads only some pages; a random key value and an index find single rows.
    """

    code = "QRY034"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "TABLESAMPLE, or WHERE id >= a random key ORDER BY id LIMIT."
    source = "https://www.postgresql.org/docs/current/sql-select.html#SQL-FROM"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL);"
    bad = ("SELECT * FROM orders ORDER BY random() LIMIT 5",)
    good = ("SELECT random() AS r, id FROM orders ORDER BY id",)

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each order by chance of a query that reads a table."""
        for spot in query.spots("call"):
            if spot.place == "order" and spot.node.text in _RANDOM and spot.scope.sources:
                yield self.at(query, spot.node, "all rows are read and sorted to choose some by chance")
