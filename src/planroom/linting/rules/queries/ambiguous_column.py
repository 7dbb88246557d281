"""Names that several tables of a query have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_columns import Reference, Spot
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import walk

__all__ = ["AmbiguousColumn"]


class AmbiguousColumn(QueryRule):
    """Several tables of the query have a column of that name, so that the server refuses to choose.

    Columns that USING or NATURAL merges are one.
    """

    code = "QRY008"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Write the table's alias before the name."
    source = "https://www.postgresql.org/docs/current/sql-expressions.html#SQL-EXPRESSIONS-COLUMN-REFS"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers);"
    )
    bad = (
        "SELECT id FROM customers c JOIN orders o ON o.customer_id = c.id",
        "SELECT name FROM customers c JOIN orders o ON o.customer_id = c.id WHERE id = 3",
    )
    good = (
        "SELECT c.id, name FROM customers c JOIN orders o ON customer_id = c.id",
        "SELECT id FROM customers JOIN orders USING (id)",
        "SELECT c.id FROM customers c JOIN customers d ON d.id = c.id JOIN orders o ON customer_id = c.id",
        "SELECT c.id FROM customers c JOIN (SELECT 1 AS one) x ON name = 'a' JOIN customers d ON d.id = c.id",
        "SELECT o.id FROM customers c JOIN orders o ON o.customer_id = c.id ORDER BY id",
        "SELECT id FROM customers WHERE EXISTS (SELECT 1 FROM orders WHERE id = 3)",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each bare name that means columns of several sources."""
        for spot in query.spots("column"):
            found = self._seen(query, spot)
            if len(found) < 2 or (spot.place == "order" and query.is_a_name(spot)):
                continue
            names = [query.scopes[each.scope].sources[each.source].name for each in found]
            where = f"{' and of '.join(names)}" if len(set(names)) > 1 else f"{names[0]} more than once"
            yield self.at(query, spot.node, f"{spot.node.text} is a column of {where}")

    def _seen(self, query: QueryInModel, spot: Spot) -> Sequence[Reference]:
        """Return what a name can mean where it stands: the condition of a join sees nothing that is joined later."""
        found = query.meanings(spot.scope, spot.node) or ()
        if spot.place != "on" or len(found) < 2:
            return found
        sources = spot.scope.sources
        joined = next(
            (number for number, each in enumerate(sources)
             if each.on is not None and any(node is spot.node for node in walk(each.on))), 0,
        )  # fmt: skip
        last = max([joined, *(number for number, each in enumerate(sources) if joined in each.operands)])
        return [each for each in found if each.scope != spot.scope.number or each.source <= last]
