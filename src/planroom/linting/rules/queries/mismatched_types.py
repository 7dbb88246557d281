"""Comparison of values that are not of one kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.linting.query_edits import Place, written
from planroom.resolving.query_in_model import QueryInModel
from planroom.resolving.query_types import INTEGERS, family
from planroom.sqltext import Node, Scope

__all__ = ["MismatchedTypes"]

_FORMS = {
    "number": re.compile(
        r"\s*[+-]?(?:0[xob][\da-f_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:e[+-]?\d+)?|nan|[+-]?inf(?:inity)?)\s*",
        re.IGNORECASE,
    ),
    "uuid": re.compile(r"\s*\{?(?:[\da-f]{4}-?){8}\}?\s*", re.IGNORECASE),
    "boolean": re.compile(r"\s*(?:t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|0|1)\s*", re.IGNORECASE),
}
_INTEGER = re.compile(r"\s*[+-]?(?:0[xob][\da-f_]+|\d[\d_]*)\s*", re.IGNORECASE)


class MismatchedTypes(QueryRule):
    """The two sides are of kinds that the server does not compare, or a constant is no value of the column's type.

    PostgreSQL has no operator for text and integer, uuid and text, boolean and number; a quoted constant is read as the
    type of the other side, and refused when it does not look like one. MySQL converts both sides to a floating-point
    number, row by row, and uses no index.
    """

    code = "QRY026"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Write the constant in the column's type, or cast one side where both are right."
    source = "https://www.postgresql.org/docs/current/typeconv-oper.html"
    before = (
        "CREATE TABLE customers (id uuid PRIMARY KEY, code text, active boolean, age int);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer text);"
    )
    bad = (
        "SELECT * FROM customers WHERE code = 5",
        "SELECT * FROM customers WHERE age = 'old'",
        "SELECT * FROM customers WHERE id = 'x'",
        "SELECT * FROM customers c JOIN orders o ON o.customer = c.id",
        "SELECT * FROM customers WHERE active = 1",
        "SELECT * FROM customers WHERE code IN (1, 2)",
    )
    good = (
        "SELECT * FROM customers WHERE code = '5' AND age = '5' AND active = 'true'",
        "SELECT * FROM customers WHERE id = 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'",
        "SELECT * FROM customers c JOIN orders o ON o.customer = c.id::text",
        "SELECT * FROM customers WHERE age > 5.5 AND age = $1 AND code = $2",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each comparison that is refused, or that MySQL converts row by row."""
        if query.dialect not in {"postgres", "mysql"}:
            return
        for kind in ("compare", "in", "between"):
            for spot in query.spots(kind):
                left, *others = spot.node.args
                for right in others:
                    problem = self._problem(query, spot.scope, left, right) or self._problem(
                        query, spot.scope, right, left
                    )
                    if problem:
                        found = self._found(query, spot.node, problem)
                        yield self.mended(query, found, self._edits(query, spot.scope, spot.node))
                        break

    def _edits(self, query: QueryInModel, scope: Scope, node: Node) -> list[Place]:
        """Return whole numbers in quotes, where a text is compared with them."""
        column = next((each for each in node.args if each.kind == "column"), None)
        if column is None or family(query.type(scope, column)) != "text":
            return []
        numbers = [each for each in node.args if each.kind == "number"]
        if any(each is not column and each.kind not in {"number", "string"} for each in node.args):
            return []
        return [(each.start, each.end, f"'{each.text}'") for each in numbers if written(query, each) == each.text]

    def _found(self, query: QueryInModel, node: Node, problem: str) -> Finding:
        found = self.at(query, node, f"{query.written(node)}: {problem}")
        if query.dialect == "mysql":
            return replace(found, severity=Severity.WARNING, effect=Effect.SLOW)
        return found

    def _problem(self, query: QueryInModel, scope: Scope, column: Node, other: Node) -> str:
        """Return why a column cannot be compared with another expression; empty where it can, or nobody knows."""
        type_ = query.type(scope, column) if column.kind == "column" else ""
        if not type_:
            return ""
        if other.kind == "string":
            return self._no_value(type_, other) if query.dialect == "postgres" else ""
        theirs = query.type(scope, other)
        if other.kind not in {"column", "number", "boolean"} or not family(type_) or not family(theirs):
            return ""
        if family(type_) == family(theirs):
            return ""
        if query.dialect == "mysql" and {family(type_), family(theirs)} != {"text", "number"}:
            return ""
        return f"{type_} is compared with {theirs}"

    def _no_value(self, type_: str, constant: Node) -> str:
        form = _INTEGER if type_ in INTEGERS else _FORMS.get(family(type_))
        return "" if form is None or form.fullmatch(constant.text) else f"{constant.text!r} is no {type_}"
