"""Pages that are reached by skipping rows."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel

__all__ = ["OffsetPaging"]

_MANY = 1000  # skipped rows that are read for nothing


class OffsetPaging(QueryRule):
    """OFFSET reads all the rows that it skips, so that each page is slower than the one before.

    Rows that are added or removed meanwhile make a page repeat or miss some. A constant below a thousand is let pass; a
    parameter is a note.
    """

    code = "QRY030"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = "WHERE (sort columns) > (those of the last row seen) ORDER BY ... LIMIT: the same cost for every page."
    source = "https://www.postgresql.org/docs/current/queries-limit.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL);"
    bad = (
        "SELECT * FROM orders ORDER BY id LIMIT 20 OFFSET 100000",
        "SELECT * FROM orders ORDER BY id LIMIT 20 OFFSET $1",
    )
    good = (
        "SELECT * FROM orders ORDER BY id LIMIT 20 OFFSET 20",
        "SELECT * FROM orders WHERE id > 7 ORDER BY id LIMIT 20",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each large OFFSET, and each that is a parameter."""
        for scope in query.scopes:
            offset = scope.offset
            if offset is None:
                continue
            if offset.kind == "number" and offset.text.isdigit() and int(offset.text) >= _MANY:
                yield self.at(query, offset, f"{int(offset.text):,} rows are read and thrown away")
            elif offset.kind == "parameter":
                message = "every row before the page is read and thrown away"
                yield self.at(query, offset, message, severity=Severity.NOTE)
