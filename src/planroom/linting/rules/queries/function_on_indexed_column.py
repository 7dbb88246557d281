"""Functions and casts between a column and its index."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_indexes import column_used, expression_indexes, indexes_led_by, is_small
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_types import INTEGERS, TEXTS, normal
from planroom.sqltext import Node, Scope, walk

__all__ = ["FunctionOnIndexedColumn"]

_WRAPPING = frozenset({"call", "cast", "operator"})
_PLACES = frozenset({"where", "on"})


class FunctionOnIndexedColumn(QueryRule):
    """A function, cast or calculation around an indexed column keeps the server from using the index.

    The index holds the column's values, not the function's results. An index over an expression with that column is
    taken to serve. A constant with a fraction that is compared with an integer column casts the column, too.
    """

    code = "QRY028"
    severity = Severity.WARNING
    effect = Effect.SLOW
    fix = (
        "Move the calculation to the other side (a range instead of date_trunc), or make an index over the expression."
    )
    source = "https://www.postgresql.org/docs/current/indexes-expressional.html"
    before = (
        "CREATE TABLE orders (id int PRIMARY KEY, email text, note varchar(20), placed_at timestamp, total int);"
        "CREATE INDEX ON orders (placed_at); CREATE INDEX ON orders (email); CREATE INDEX ON orders (lower(note));"
        "CREATE INDEX ON orders (note);"
    )
    bad = (
        "SELECT * FROM orders WHERE lower(email) = 'a@b.c'",
        "SELECT * FROM orders WHERE date_trunc('day', placed_at) = '2026-01-01'",
        "SELECT * FROM orders o WHERE o.placed_at::date = '2026-01-01'",
        "SELECT * FROM orders WHERE id + 1 = 7",
        "SELECT * FROM orders WHERE id = 7.0",
        "SELECT * FROM orders WHERE extract(year FROM placed_at) IN (2025, 2026)",
    )
    good = (
        "SELECT * FROM orders WHERE lower(note) = 'x'",
        "SELECT * FROM orders WHERE placed_at >= date_trunc('day', now())",
        "SELECT * FROM orders WHERE abs(total) = 5",
        "SELECT lower(email) FROM orders WHERE id = 7",
        "SELECT * FROM orders WHERE note::text = 'x'",
        "SELECT * FROM orders o JOIN orders p ON p.placed_at > o.placed_at - interval '1 hour'",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each condition whose index is out of reach."""
        for kind in ("compare", "in", "between", "like"):
            for spot in query.spots(kind):
                if spot.place in _PLACES:
                    yield from self._judged(query, spot.scope, spot.node)

    def _judged(self, query: QueryInModel, scope: Scope, node: Node) -> Iterator[Finding]:
        if node.kind == "compare" and node.text == "<>":
            return
        sides = node.args if node.kind == "compare" else node.args[:1]
        for side in sides:
            others = [each for each in node.args if each is not side]
            inner = self._wrapped(query, scope, side)
            if inner is None and any(_is_fraction(each) for each in others) and query.type(scope, side) in INTEGERS:
                inner = side
            used = column_used(query, scope, inner) if inner is not None else None
            if used is None or is_small(query, scope, used.source) or self._mixes(query, scope, others, used.source):
                continue
            if any(self._serves(query, scope, each, used.source) for each in others):
                continue
            served = indexes_led_by(used.table, used.name)
            if served and not expression_indexes(used.table, used.name):
                yield self.at(
                    query, node, f"{query.written(node)} does not use {served[0]}, the index on {used.name}",
                    subject=query.subject(used.output), index=served[0],
                )  # fmt: skip
                return

    def _wrapped(self, query: QueryInModel, scope: Scope, node: Node) -> Node | None:
        """Return the only column inside a function, a cast that changes it, or a calculation."""
        if node.kind not in _WRAPPING or (node.text in {"coalesce", "greatest", "least"} and len(node.args) > 2):
            return None
        inside = list(walk(node))
        columns = [each for each in inside if each.kind == "column"]
        if len(columns) != 1 or any(each.scope >= 0 for each in inside):
            return None
        if node.kind == "cast" and node.args == (columns[0],):
            before, after = query.type(scope, columns[0]), normal(node.text)
            if before == after or (before in TEXTS and after in TEXTS) or not before:
                return None
        return columns[0]

    def _serves(self, query: QueryInModel, scope: Scope, other: Node, source: int) -> bool:
        """Whether an index of another table finds the rows of a join by what is calculated here."""
        found = column_used(query, scope, other)
        return found is not None and found.source != source and bool(indexes_led_by(found.table, found.name))

    def _mixes(self, query: QueryInModel, scope: Scope, others: list[Node], source: int) -> bool:
        """Whether the other side is of the same table, so that no index could help."""
        found = [query.resolve(scope, each) for node in others for each in walk(node) if each.kind == "column"]
        return any(each is None or (each.scope == scope.number and each.source == source) for each in found)


def _is_fraction(node: Node) -> bool:
    return node.kind == "number" and not node.text.isdigit()
