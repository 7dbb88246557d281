"""Division of integers."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_types import INTEGERS
from planroom.sqltext import walk

__all__ = ["IntegerDivision"]

_TRUNCATING = frozenset({"postgres", "redshift", "sqlite", "tsql", "trino", "presto", "materialize"})
_MEANT = frozenset({"floor", "trunc", "div", "width_bucket"})


class IntegerDivision(QueryRule):
    """Dividing an integer by an integer drops the fraction.

    In PostgreSQL, SQLite and SQL Server ``7 / 2`` is 3; in MySQL, Oracle and DuckDB it is 3.5. A share that is
    calculated from two counts is always 0 or 1.
    """

    code = "QRY012"
    severity = Severity.WARNING
    effect = Effect.WRONG_RESULT
    fix = "Cast one side to numeric, or multiply by 1.0 first; write div() or floor() where whole numbers are meant."
    source = "https://www.postgresql.org/docs/current/functions-math.html"
    before = (
        "CREATE TABLE orders (id int PRIMARY KEY, total int NOT NULL, items bigint NOT NULL, price numeric NOT NULL);"
    )
    bad = (
        "SELECT total / items FROM orders",
        "SELECT count(*) / (SELECT count(*) FROM orders) FROM orders WHERE total > 5",
        "SELECT sum(total / 100) FROM orders",
    )
    good = (
        "SELECT price / items FROM orders",
        "SELECT total::numeric / items FROM orders",
        "SELECT 100.0 * total / items FROM orders",
        "SELECT floor(total / items) FROM orders",
        "SELECT 7 / 2",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each division of integers that is not a constant."""
        if query.dialect not in _TRUNCATING:
            return
        meant = {id(each) for spot in query.spots("call") if spot.node.text in _MEANT for each in walk(spot.node)}
        meant |= {
            id(each) for spot in query.spots("cast") if spot.node.text in INTEGERS | {"int"} for each in walk(spot.node)
        }
        for spot in query.spots("operator"):
            if spot.node.text != "/" or len(spot.node.args) != 2 or id(spot.node) in meant:
                continue
            types = [query.type(spot.scope, each) for each in spot.node.args]
            types = [
                self._of_subquery(query, each.scope) if each.kind == "subquery" else type_
                for each, type_ in zip(spot.node.args, types, strict=True)
            ]
            if set(types) <= INTEGERS and not all(each.kind == "number" for each in spot.node.args):
                message = f"{query.written(spot.node)} divides {types[0]} by {types[1]}: the fraction is dropped"
                yield self.at(query, spot.node, message)

    def _of_subquery(self, query: QueryInModel, scope: int) -> str:
        outputs = query.outputs(scope)
        return outputs[0].type if outputs and len(outputs) == 1 else ""
