"""Which table's column a name in a query is in the end: through CTEs, derived tables and views."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planroom.model import Table, View
from planroom.resolving.query_in_model import QueryInModel
from planroom.sqltext import Node, parse_queries
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.resolving.query_tables import QueryTables
    from planroom.sqltext import Scope

__all__ = ["Found", "Home", "Reading"]

_DEEPEST = 64  # views in views, and queries in queries


@dataclass(frozen=True, slots=True)
class Home:
    """A table where a query reads it: one that is read twice has two.

    Attributes:
        path: The views around it, each by its scope and source.
        scope: The number of the scope.
        source: The number of the source in it.
    """

    path: tuple[tuple[int, int], ...]
    scope: int
    source: int


@dataclass(frozen=True, slots=True)
class Found:
    """A column of a table, where a query reads that table."""

    home: Home
    table: Table
    name: str


class Reading:
    """A query, or a view that it reads, with what its names mean.

    Attributes:
        query: The query in its model.
        path: The views around it.
    """

    def __init__(self, query: QueryInModel, path: tuple[tuple[int, int], ...] = ()) -> None:
        self.query = query
        self.path = path
        self._homes: dict[tuple[int, tuple[str, ...], str], tuple[Found, ...]] = {}

    @property
    def tables(self) -> Iterator[tuple[Home, Table]]:
        """The tables that it reads itself, not through a view."""
        for scope in self.query.scopes:
            for number, source in enumerate(scope.sources):
                table = self.query.table(source)
                if isinstance(table, Table):
                    yield Home(self.path, scope.number, number), table

    @cached_property
    def views(self) -> dict[tuple[int, int], Reading]:
        """The views that it reads, by scope and source; a materialised one is read as it is stored."""
        found: dict[tuple[int, int], Reading] = {}
        for scope in self.query.scopes if len(self.path) < _DEEPEST else ():
            for number, source in enumerate(scope.sources):
                view = self.query.table(source)
                if isinstance(view, View) and not view.materialised and (inner := _of_view(view, self.query.tables)):
                    found[scope.number, number] = Reading(inner, (*self.path, (scope.number, number)))
        return found

    def homes(self, scope: Scope, node: Node, depth: int = 0) -> tuple[Found, ...]:
        """Return where a column is at home; nothing for what is calculated or unknown, several below a UNION."""
        key = scope.number, node.qualifier, node.text
        if key not in self._homes:
            self._homes[key] = ()  # a recursive CTE asks for itself
            self._homes[key] = self._found(scope, node, depth) if depth < _DEEPEST else ()
        return self._homes[key]

    def _found(self, scope: Scope, node: Node, depth: int) -> tuple[Found, ...]:
        reference = self.query.resolve(scope, node)
        if reference is None or reference.output is None:
            return ()
        around = self.query.scopes[reference.scope]
        source, output = around.sources[reference.source], reference.output
        if source.scope >= 0:
            columns = self.query.columns(around, reference.source) or ()
            return self.output(source.scope, columns.index(output), depth + 1) if output in columns else ()
        table = self.query.table(source)
        if table is None or output.column is None:
            return ()
        if isinstance(table, Table):
            return (Found(Home(self.path, around.number, reference.source), table, output.column.name),)
        view = self.views.get((around.number, reference.source))
        names = [each.name for each in table.columns]
        return view.output(0, names.index(output.column.name), depth + 1) if view is not None else ()

    def output(self, number: int, place: int, depth: int = 0) -> tuple[Found, ...]:
        """Return where an output of one of the queries is at home, by its place."""
        scope = self.query.scopes[number]
        if depth >= _DEEPEST:
            return ()
        if scope.operands:
            return tuple(found for each in scope.operands for found in self.output(each, place, depth + 1))
        if any(each.node.kind == "star" for each in scope.projections):
            outputs = self.query.outputs(number) or ()
            return self.homes(scope, Node("column", outputs[place].name), depth + 1) if place < len(outputs) else ()
        inner = scope.projections[place].node if place < len(scope.projections) else None
        return self.homes(scope, inner, depth + 1) if inner is not None and inner.kind == "column" else ()


def _of_view(view: View, tables: QueryTables | None) -> QueryInModel | None:
    statements = parse_queries(view.query.text)
    if len(statements) != 1 or statements[0].query is None or not statements[0].query.scopes:
        return None
    return QueryInModel(statements[0], statements[0].query, tables)
