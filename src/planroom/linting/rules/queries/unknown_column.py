"""Columns that are not in the model."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.errors import nearest
from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_columns import Spot, has_untold
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_names import SYSTEM_COLUMNS
from planroom.sqltext import Node, Scope, walk

__all__ = ["UnknownColumn"]

_DATE_PARTS = frozenset("year quarter month week day hour minute second millisecond microsecond epoch".split())
_ROWS_OF_A_CHANGE = frozenset({"excluded", "old", "new", "inserted", "deleted"})


class UnknownColumn(QueryRule):
    """There is no column of that name in the tables that the query reads.

    It is found only where all the columns that the name could mean are known: tables and views of the model, and
    queries over them.
    """

    code = "QRY006"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Correct the name, or read the model that has the column."
    source = "https://www.postgresql.org/docs/current/sql-expressions.html#SQL-EXPRESSIONS-COLUMN-REFS"
    before = (
        'CREATE TABLE customers (id int PRIMARY KEY, name text, "Credit" int);'
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers);"
    )
    bad = (
        "SELECT nme FROM customers",
        "SELECT c.nme FROM customers c",
        "SELECT credit FROM customers",
        "SELECT x.id FROM customers c",
        "SELECT d.name FROM (SELECT id FROM customers) d",
        "INSERT INTO customers (id, nme) VALUES (1, 'a')",
        "UPDATE customers SET nme = 'a' WHERE id = 1",
        "INSERT INTO customers (id) VALUES (1) ON CONFLICT (nme) DO NOTHING",
        "INSERT INTO customers (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET name = excluded.nme",
        "SELECT id AS number FROM customers WHERE number = 1",
        "WITH c AS (SELECT id FROM customers) SELECT name FROM c",
        "SELECT 1 FROM customers JOIN orders USING (customer_id)",
        "WITH c(a) AS (SELECT * FROM customers) SELECT id FROM c",
        "SELECT a FROM (VALUES (1)) v(n)",
        "SELECT customers.id FROM (customers CROSS JOIN orders) AS both_of_them",
    )
    good = (
        'SELECT name, NAME, "Credit" FROM customers',
        "SELECT c FROM customers c",
        "SELECT id AS number FROM customers ORDER BY number",
        "SELECT (SELECT name FROM customers WHERE id = customer_id) FROM orders",
        "SELECT ctid, current_user FROM customers",
        "SELECT e.anything FROM elsewhere.t e",
        "WITH c(a) AS (SELECT id FROM customers) SELECT a FROM c",
        "INSERT INTO customers (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        "SELECT g, n FROM generate_series(1, 3) g, (VALUES (1)) v(n)",
        "WITH RECURSIVE t(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 9) SELECT sum(n) FROM t",
        'WITH t(a, b) AS (SELECT * FROM customers) SELECT a, t.b, "Credit" FROM t',
        "WITH t(a, b) AS (INSERT INTO orders VALUES (1) RETURNING tableoid, *) SELECT a, b, customer_id FROM t",
        "SELECT b.x, y FROM (customers CROSS JOIN orders) AS b (x, n, y)",
        "SELECT a.id, b.n FROM ((SELECT id FROM orders) a FULL JOIN (SELECT 1 AS n) b ON true) JOIN orders o ON true",
        "SELECT key FROM (SELECT (jsonb_each(to_jsonb(c))).key FROM customers c) k",
        "SELECT name AS called, count(*) FROM customers GROUP BY ROLLUP (called)",
        "SELECT unnest.unnest, v.n FROM unnest(ARRAY[1]), LATERAL (VALUES (2)) AS v(n)",
        "SELECT JSON_OBJECT('id': id RETURNING jsonb) FROM customers",
        "WITH r AS (SELECT (f).* FROM (SELECT c AS f FROM customers c) x) SELECT id, name FROM r",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each name that is certainly no column."""
        if query.tables is None:
            return
        for spot in query.spots("column"):
            if spot.node.qualifier:
                yield from self._qualified(query, spot)
            elif query.meanings(spot.scope, spot.node) == () and not self._is_no_column(query, spot):
                yield self._unknown(query, spot.node, self._names(query, spot.scope))
        yield from self._written(query)
        for scope in query.scopes:
            yield from self._using(query, scope)

    def _using(self, query: QueryInModel, scope: Scope) -> Iterator[Finding]:
        """Yield each name of USING that one of the two sides certainly lacks."""
        for number, source in enumerate(scope.sources):
            if not source.using:
                continue
            before = [query.columns(scope, each) for each in range(number)]
            for called, side in ((source.name, [query.columns(scope, number)]), ("what it is joined to", before)):
                if any(columns is None or has_untold(columns) for columns in side):
                    continue
                known = {each.name for columns in side for each in columns or ()}
                place = Node("", start=source.start, end=source.end)
                for name in source.using:
                    if query.tables is not None and query.tables.folded(name) not in known:
                        yield self.at(query, place, f"there is no column {name} in {called}, which USING asks for")

    def _is_no_column(self, query: QueryInModel, spot: Spot) -> bool:
        if query.dialect != "postgres" and spot.node.text in _DATE_PARTS:
            return True
        return query.is_a_name(spot) or spot.scope.kind in {"merge", "insert"}

    def _qualified(self, query: QueryInModel, spot: Spot) -> Iterator[Finding]:
        source = query.is_unknown(spot)
        if source is not None:
            number = next((i for i, each in enumerate(spot.scope.sources) if each is source), -1)
            columns = query.columns(spot.scope, number) if number >= 0 else None
            yield self._unknown(query, spot.node, [each.name for each in columns or ()])
        elif (
            query.dialect == "postgres"
            and query.query.kind != "merge"
            and spot.node.qualifier[-1] not in _ROWS_OF_A_CHANGE
            and query.meanings(spot.scope, spot.node) == ()
        ):
            names = [each.name for each in spot.scope.sources]
            close = nearest(spot.node.qualifier[-1], names)
            hint = f": is it {close}?" if close else ""
            yield self.at(query, spot.node, f"{spot.node.qualifier[-1]} is nothing that the query reads from{hint}")

    def _written(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield what INSERT and UPDATE write to and is no column of the target."""
        target = query.query.target
        table = query.table(target) if target is not None and not query.query.kind.startswith("create") else None
        if table is None or query.tables is None or not table.columns:
            return
        known = query.tables.columns(table)
        written = [*(query.query.target_columns or ()), *query.query.conflict_columns]
        written += [each.column for each in query.query.assignments]
        excluded = [each for assignment in query.query.assignments for each in walk(assignment.value)]
        for node in excluded:
            if node.kind == "column" and node.qualifier == ("excluded",) and node.text not in known:
                yield self._unknown(query, node, list(known))
        for node in written:
            if node.kind == "column" and not node.qualifier and node.text not in known:
                yield self._unknown(query, node, list(known))

    def _unknown(self, query: QueryInModel, node: Node, names: list[str]) -> Finding:
        close = nearest(node.text, names)
        return self.at(query, node, f"there is no column {node.text}" + (f": is it {close}?" if close else ""))

    def _names(self, query: QueryInModel, scope: Scope) -> list[str]:
        found = [query.columns(scope, number) or () for number in range(len(scope.sources))]
        return [each.name for columns in found for each in columns if each.name not in SYSTEM_COLUMNS]
