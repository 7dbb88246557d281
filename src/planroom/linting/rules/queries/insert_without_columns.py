"""INSERT that names no columns."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, follows
from planroom.model import Table, View
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, quote_identifier

__all__ = ["InsertWithoutColumns"]


class InsertWithoutColumns(QueryRule):
    """INSERT without a list of columns breaks, or writes to the wrong column, when the table changes.

    Values go to the columns in the table's order. A column that is added later moves nothing as long as it comes last
    and may be empty; one that is dropped, or a table that is made anew in another order, does.
    """

    code = "QRY010"
    severity = Severity.WARNING
    effect = Effect.BREAKS_QUERIES
    fix = "Name the columns."
    source = "https://www.postgresql.org/docs/current/sql-insert.html"
    before = "CREATE TABLE orders (id int PRIMARY KEY, total int, note text);"
    kinds = frozenset({"insert"})
    bad = ("INSERT INTO orders VALUES (1, 2, 'x')", "INSERT INTO orders SELECT id, total, note FROM orders")
    good = ("INSERT INTO orders (id, total) VALUES (1, 2)", "INSERT INTO orders DEFAULT VALUES")

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield the statement when it names no columns."""
        target = query.query.target
        if target is None or query.query.target_columns is not None or query.scopes[0].kind == "insert":
            return
        table = query.table(target)
        which = f"{len(table.columns)} columns" if table is not None and table.columns else "columns"
        node = Node("", target.name, start=target.start, end=target.end)
        found = self.at(query, node, f"INSERT into {'.'.join(target.table)} names none of its {which}")
        yield self.mended(query, found, self._edits(query, target.end, table))

    def _edits(self, query: QueryInModel, end: int, table: Table | View | None) -> list[Place]:
        """Return the names of as many columns as there are values."""
        given = query.outputs(next(each for each in query.scopes if each.role == "root").number)
        clear = follows(query, end, r"\s*(?:values|select|with|table|overriding)\b|\s*\(\s*select\b") >= 0
        if table is None or not given or len(given) > len(table.columns) or query.dialect != "postgres" or not clear:
            return []
        names = ", ".join(quote_identifier(each.name) for each in table.columns[: len(given)])
        return [(end, end, f" ({names})")]
