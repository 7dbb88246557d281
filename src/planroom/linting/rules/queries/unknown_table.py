"""Tables that are not in the model."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.errors import nearest
from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node

__all__ = ["UnknownTable"]


class UnknownTable(QueryRule):
    """There is no table or view of that name.

    Names are looked for in the model, among what the scripts themselves make, and in the system's own schemas; a name
    with a schema that the model does not hold is let pass.
    """

    code = "QRY007"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Correct the name, or read the model that has the table."
    source = "https://www.postgresql.org/docs/current/sql-select.html"
    before = "CREATE TABLE customers (id int PRIMARY KEY); CREATE SCHEMA sales; CREATE TABLE sales.orders (id int);"
    bad = (
        "SELECT * FROM custmers",
        "SELECT * FROM sales.order",
        "INSERT INTO custmers (id) VALUES (1)",
        'SELECT * FROM "Customers"',
        "SELECT * FROM public.orders",
    )
    good = (
        "SELECT * FROM Customers",
        "WITH custmers AS (SELECT 1) SELECT * FROM custmers",
        "SELECT * FROM pg_class, information_schema.tables",
        "CREATE TEMP TABLE fresh AS SELECT 1 AS x; SELECT * FROM fresh",
        "SELECT * FROM sales.orders",
        "SELECT * FROM current_date",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each table that nothing in the model bears the name of."""
        if query.tables is None:
            return
        sources = [source for scope in query.scopes for source in scope.sources]
        if query.query.kind == "insert" and query.query.target is not None:
            sources.append(query.query.target)
        for source in sources:
            if source.kind == "table" and query.tables.is_unknown(source.table):
                written = ".".join(source.table)
                close = nearest(source.table[-1], query.tables.names)
                node = Node("", written, start=source.start, end=source.end)
                yield self.at(query, node, f"there is no table {written}" + (f": is it {close}?" if close else ""))
