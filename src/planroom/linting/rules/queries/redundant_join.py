"""Joins that a foreign key makes superfluous."""

from __future__ import annotations

from collections.abc import Iterator

from planroom.findings import Effect, Finding, Severity
from planroom.linting.queries import QueryRule
from planroom.model import ForeignKey, Table
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, Predicate, Scope, Source, walk

__all__ = ["RedundantJoin"]


class RedundantJoin(QueryRule):
    """An inner join to a parent of which nothing is used: the foreign key promises exactly one row for each child.

    The foreign key is validated, its columns are NOT NULL, and the join compares them with the parent's key and
    nothing else. Row-level security on the parent could hide rows: such tables are let pass.
    """

    code = "QRY033"
    severity = Severity.NOTE
    effect = Effect.SLOW
    fix = "Leave the join out."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"
    before = (
        "CREATE TABLE customers (id int PRIMARY KEY, name text);"
        "CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers,"
        " sold_by int REFERENCES customers, total int);"
    )
    bad = (
        "SELECT o.total FROM orders o JOIN customers c ON c.id = o.customer_id",
        "SELECT sum(o.total) FROM orders o, customers c WHERE o.customer_id = c.id AND o.total > 5",
    )
    good = (
        "SELECT o.total, c.name FROM orders o JOIN customers c ON c.id = o.customer_id",
        "SELECT o.total FROM orders o JOIN customers c ON c.id = o.sold_by",
        "SELECT * FROM orders o JOIN customers c ON c.id = o.customer_id",
        "SELECT o.total FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.name = 'x'",
        "SELECT o.total FROM orders o JOIN customers c ON c.id = o.total",
    )
    kinds = frozenset({"select", "create-view", "create-table"})

    def check(self, query: QueryInModel) -> Iterator[Finding]:
        """Yield each source that is joined for nothing."""
        for scope in query.scopes:
            if scope.kind != "select" or len(scope.sources) < 2 or scope.locks:
                continue
            for number, source in enumerate(scope.sources):
                table = query.table(source)
                if source.null_extended or not isinstance(table, Table) or table.row_security or source.natural:
                    continue
                child = self._child(query, scope, number, table)
                if child is not None:
                    place = Node("", source.name, start=source.start, end=source.end)
                    message = f"every row of {child.name} has its row in {source.name}, of which nothing is used"
                    yield self.at(query, place, message, subject=table.id)

    def _child(self, query: QueryInModel, scope: Scope, number: int, parent: Table) -> Source | None:
        """Return the source whose foreign key makes a join to its parent superfluous."""
        own = [each for each in scope.predicates if self._names(query, scope, each.node, number)]
        if not own or any(self._equality(query, scope, each) is None for each in own):
            return None
        if not self._is_unused_elsewhere(query, scope, number, own):
            return None
        pairs: dict[str, tuple[int, str]] = {}
        for each in own:
            sides = dict(self._equality(query, scope, each) or ())
            if number not in sides or len(sides) != 2:
                return None
            ((other, column),) = ((key, name) for key, name in sides.items() if key != number)
            pairs[sides[number]] = (other, column)
        children = {other for other, _ in pairs.values()}
        if len(children) != 1 or len(pairs) != len(own):
            return None
        child = scope.sources[children.pop()]
        table = query.table(child)
        if not isinstance(table, Table) or child.null_extended:
            return None
        wanted = {key: column for key, (_, column) in pairs.items()}
        return child if any(self._promises(query, table, key, parent, wanted) for key in table.foreign_keys) else None

    def _promises(
        self, query: QueryInModel, child: Table, key: ForeignKey, parent: Table, pairs: dict[str, str]
    ) -> bool:
        if query.tables is None or key.referenced_table != parent.id or not (key.validated and key.enforced):
            return False
        names = {query.tables.folded(two): query.tables.folded(one)
                 for one, two in zip(key.columns, key.referenced_columns, strict=True)}  # fmt: skip
        return names == pairs and not any(child.columns_by_name[name].nullable for name in key.columns)

    def _equality(self, query: QueryInModel, scope: Scope, predicate: Predicate) -> tuple[tuple[int, str], ...] | None:
        node = predicate.node
        inner = predicate.place == "where" or scope.sources[predicate.source].join in {"inner", "cross"}
        if not inner or node.kind != "compare" or node.text != "=":
            return None
        sides = [query.joins(scope).column(each) for each in node.args]
        found = tuple(each for each in sides if each is not None)
        return found if len(found) == 2 else None

    def _names(self, query: QueryInModel, scope: Scope, node: Node, number: int) -> bool:
        """Whether a condition names a source; also where that cannot be told."""
        for each in walk(node):
            if each.kind == "column":
                found = query.resolve(scope, each)
                if found is None or (found.scope == scope.number and found.source == number):
                    return True
        return False

    def _is_unused_elsewhere(self, query: QueryInModel, scope: Scope, number: int, own: list[Predicate]) -> bool:
        if any(number in (each, each - 1) and scope.sources[each].using for each in range(len(scope.sources))):
            return False
        if any(source.natural or source.lateral for source in scope.sources):
            return False
        joining = {id(each) for predicate in own for each in walk(predicate.node)}
        name = scope.sources[number].name
        stars = [each.node for each in scope.projections if each.node.kind == "star"]
        if any(not star.qualifier or star.qualifier[-1] == name for star in stars):
            return False
        for spot in query.spots("column"):
            if id(spot.node) in joining:
                continue
            found = query.resolve(spot.scope, spot.node)
            if found is None or (found.scope == scope.number and found.source == number):
                return False
        return True
