"""Labels that an enumerated type does not have."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.errors import nearest
from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Scope

__all__ = ["UnknownLabel"]


class UnknownLabel(QueryRule):
    """A constant is compared with, or written to, a column of an enumerated type that has no such label.

    The server refuses the statement when it is prepared.
    """

    code = "QRY027"
    severity = Severity.ERROR
    effect = Effect.FAILS
    fix = "Use one of the type's labels; add the label in a migration where it is new."
    source = "https://www.postgresql.org/docs/current/datatype-enum.html"
    before = (
        "CREATE TYPE state AS ENUM ('placed', 'shipped');"
        "CREATE TABLE orders (id int PRIMARY KEY, state state NOT NULL);"
    )
    bad = (
        "SELECT * FROM orders WHERE state = 'shiped'",
        "SELECT * FROM orders WHERE state IN ('placed', 'sent')",
        "UPDATE orders SET state = 'sent' WHERE id = 1",
    )
    good = (
        "SELECT * FROM orders WHERE state = 'shipped' OR state IN ('placed')",
        "UPDATE orders SET state = 'placed' WHERE state::text = 'sent'",
    )

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each constant that is no label."""
        if query.dialect != "postgres" or query.tables is None or not query.tables.model.enums:
            return
        for kind in ("compare", "in", "between"):
            for spot in query.spots(kind):
                for column in spot.node.args:
                    for constant in spot.node.args:
                        if column.kind == "column" and constant.kind == "string":
                            yield from self._judged(query, spot.scope, column, constant)
        for each in query.query.assignments:
            if each.value.kind == "string":
                yield from self._judged(query, query.scopes[0], each.column, each.value)

    def _judged(self, query: QueryInModel, scope: Scope, column: Node, constant: Node) -> Iterator[Finding]:
        found = query.resolve(scope, column)
        output = found.output if found is not None else None
        if output is None or output.column is None or query.tables is None or output.column.type.array:
            return
        type_ = output.column.type
        enums = [each for each in query.tables.model.enums
                 if each.name == type_.name and type_.schema in {"", each.schema}]  # fmt: skip
        if len(enums) == 1 and constant.text not in enums[0].labels:
            close = nearest(constant.text, enums[0].labels)
            hint = f": is it {close!r}?" if close else ""
            yield self.at(
                query, constant, f"{enums[0].name} has no label {constant.text!r}{hint}", subject=query.subject(output)
            )
