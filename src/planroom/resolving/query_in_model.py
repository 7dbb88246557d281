"""A query joined with a model: the table behind a source, the column behind a reference, and what follows from them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planroom.model import Table
from planroom.resolving import query_types
from planroom.resolving.query_columns import (
    Output,
    Reference,
    Spot,
    has_untold,
    is_called,
    is_merged,
    stands_alone,
    united,
)
from planroom.resolving.query_joins import Joins
from planroom.resolving.query_names import SYSTEM_COLUMNS, is_keyword
from planroom.resolving.query_nulls import decides, strict_columns
from planroom.sqltext import Source, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.model import View
    from planroom.resolving.query_tables import QueryTables
    from planroom.sqltext import Node, Query, QueryStatement, Scope

__all__ = ["QueryInModel"]


class QueryInModel:
    """One query as rules look at it; what they share is worked out once.

    Attributes:
        statement: The statement, with its places.
        query: What it says.
        tables: The model's tables; None without a model.
        dialect: As sqlglot names it.
    """

    def __init__(
        self, statement: QueryStatement, query: Query, tables: QueryTables | None, dialect: str = "postgres"
    ) -> None:
        self.statement = statement
        self.query = query
        self.tables = tables
        self.dialect = dialect
        self._joins: dict[int, Joins] = {}
        self._outputs: dict[int, tuple[Output, ...] | None] = {}
        self._columns: dict[tuple[int, int], tuple[Output, ...] | None] = {}
        self._references: dict[tuple[int, int, str], tuple[Reference, ...] | None] = {}
        self._proven: dict[int, frozenset[tuple[int, str]]] = {}

    @property
    def scopes(self) -> tuple[Scope, ...]:
        """All queries in the statement, the outermost first."""
        return self.query.scopes

    @cached_property
    def _spots(self) -> Mapping[str, tuple[Spot, ...]]:
        found: dict[str, list[Spot]] = {}
        for scope in self.scopes:
            for place, expression in scope.expressions():
                for node in walk(expression):
                    found.setdefault(node.kind, []).append(Spot(scope, place, node))
        return {kind: tuple(spots) for kind, spots in found.items()}

    def spots(self, kind: str) -> tuple[Spot, ...]:
        """Return all nodes of a kind, scope by scope."""
        return self._spots.get(kind, ())

    def written(self, node: Node) -> str:
        """Return a node as it is written, in one line and cut to what a message bears."""
        text = " ".join(self.statement.written(node).split())
        return text if len(text) <= 80 else text[:79] + "…"

    def joins(self, scope: Scope) -> Joins:
        """Return what is known of the joins of a scope."""
        if scope.number not in self._joins:
            self._joins[scope.number] = Joins(self, scope)
        return self._joins[scope.number]

    def rows(self, source: Source) -> float | None:
        """Return how many rows the table behind a source has; None where that is not known."""
        table = self.table(source)
        return self.tables.rows_of(table) if table is not None and self.tables is not None else None

    def reaches_out(self, number: int, *, out_of: int | None = None) -> bool:
        """Whether a query, or one in it, names a column of a scope around it."""
        out_of = number if out_of is None else out_of
        scope = self.scopes[number]
        inside = {each.number for each in self.scopes if self.is_inside(each.number, out_of)}
        for _, expression in scope.expressions():
            for node in walk(expression):
                found = self.resolve(scope, node) if node.kind == "column" else None
                if found is not None and found.scope not in inside:
                    return True
        return any(self.reaches_out(each.number, out_of=out_of) for each in self.scopes if each.parent == number)

    def is_inside(self, number: int, around: int) -> bool:
        """Whether a scope is another one, or is in it."""
        while number >= 0 and number != around:
            number = self.scopes[number].parent
        return number >= 0

    def table(self, source: Source) -> Table | View | None:
        """Return the table or view that a source is; None for others, and where the model does not tell."""
        if source.kind != "table" or self.tables is None:
            return None
        found = self.tables.find(source.table)
        return None if found is None and source.table[-1].lower() in self.tables.made else found

    def columns(self, scope: Scope, number: int) -> tuple[Output, ...] | None:
        """Return the columns of a scope's source; None where they are not known."""
        key = scope.number, number
        if key not in self._columns:
            self._columns[key] = None  # a recursive CTE asks for itself
            self._columns[key] = self._found_columns(scope.sources[number])
        return self._columns[key]

    def _found_columns(self, source: Source) -> tuple[Output, ...] | None:
        outputs = self.outputs(source.scope) if source.scope >= 0 else self._columns_of_table(source)
        if outputs is None:
            return None
        named = zip(source.columns, outputs, strict=False)
        renamed = [Output(name, each.table, each.column, each.nullable, each.type) for name, each in named]
        found = (*renamed, *outputs[len(renamed) :])
        if not source.null_extended:
            return found
        return tuple(Output(each.name, each.table, each.column, True, each.type) for each in found)

    def _columns_of_table(self, source: Source) -> tuple[Output, ...] | None:
        table = self.table(source)
        if table is None or not table.columns or self.tables is None:
            return None
        is_view = not isinstance(table, Table)
        return tuple(
            Output(name, table, each, None if is_view else each.nullable, "" if each.type.array else each.type.name)
            for name, each in self.tables.columns(table).items()
        )

    def outputs(self, number: int) -> tuple[Output, ...] | None:
        """Return the columns that a query gives; None where they are not known."""
        if number not in self._outputs:
            self._outputs[number] = None
            self._outputs[number] = self._found_outputs(self.scopes[number])
        return self._outputs[number]

    def _found_outputs(self, scope: Scope) -> tuple[Output, ...] | None:
        if scope.operands:
            left, right = (self.outputs(each) for each in scope.operands)
            return None if left is None else united(left, right)
        found: list[Output] = []
        for projection in scope.projections:
            if projection.node.kind == "star":
                expanded = self.expanded(scope, projection.node)
                if expanded is None:
                    return None
                found += expanded
            else:
                found.append(self._output(scope, projection.name, projection.node))
        return tuple(found)

    def _output(self, scope: Scope, name: str, node: Node) -> Output:
        reference = self.resolve(scope, node) if node.kind == "column" else None
        if reference is None or reference.output is None:
            return Output(name, nullable=self.nullable(scope, node), type=self.type(scope, node))
        column = reference.output
        return Output(name, column.table, column.column, self.nullable(scope, node), column.type)

    def expanded(self, scope: Scope, star: Node) -> list[Output] | None:
        """Return the columns that a star stands for; None where they are not known."""
        found: list[Output] = []
        merged: set[str] = set()
        for number, source in enumerate(scope.sources):
            if star.qualifier and source.name != star.qualifier[-1]:
                continue
            columns = self.columns(scope, number)
            if columns is None or source.natural:
                return None
            found += [each for each in columns if star.qualifier or each.name not in merged.intersection(source.using)]
            merged |= {each.name for each in columns}
        return found or None

    def resolve(self, scope: Scope, node: Node) -> Reference | None:
        """Return what a column's name means; None where that is not certain."""
        found = self.meanings(scope, node)
        return found[0] if found is not None and len(found) == 1 else None

    def meanings(self, scope: Scope, node: Node) -> tuple[Reference, ...] | None:
        """Return what a column's name can mean: nothing, one or several columns; None where it cannot be told."""
        key = scope.number, -1, ".".join((*node.qualifier, node.text))
        if key not in self._references:
            self._references[key] = self._found_meanings(scope, node)
        return self._references[key]

    def _found_meanings(self, scope: Scope, node: Node) -> tuple[Reference, ...] | None:
        sees = len(scope.sources)
        while True:
            found = self._in_scope(scope, sees, node)
            if found is None or found:
                return found
            if scope.parent < 0:
                return ()
            sees = scope.sees if scope.sees >= 0 else len(self.scopes[scope.parent].sources)
            scope = self.scopes[scope.parent]

    def _in_scope(self, scope: Scope, sees: int, node: Node) -> tuple[Reference, ...] | None:
        """Return what a name means among the sources of one scope; empty where it must be of a scope around it."""
        if node.qualifier:
            return self._qualified(scope, sees, node)
        found: list[Reference] = []
        certain = True
        for number, source in enumerate(scope.sources[:sees]):
            columns = self.columns(scope, number)
            if columns is None:
                certain = False
                continue
            matches = self._matches(source, columns, node.text, alone=stands_alone(scope, number))
            if matches and not (found and is_merged(source, node.text)):
                found += [Reference(scope.number, number, each) for each in matches]
            certain = certain and (bool(matches) or not has_untold(columns))
        if len(found) > 1 and not any(source.natural for source in scope.sources):
            return tuple(found)
        if certain:
            return tuple(found)
        only = scope.sources[0] if len(scope.sources) == 1 and scope.parent < 0 else None
        return (Reference(scope.number, 0, None),) if only is not None else None

    def _qualified(self, scope: Scope, sees: int, node: Node) -> tuple[Reference, ...] | None:
        for number, source in enumerate(scope.sources[:sees]):
            if not is_called(source, node.qualifier):
                continue
            columns = self.columns(scope, number)
            if columns is None:
                return (Reference(scope.number, number, None),)
            matches = self._matches(source, columns, node.text)
            return tuple(Reference(scope.number, number, each) for each in matches) or None
        return ()

    def _matches(
        self, source: Source, columns: tuple[Output, ...], name: str, *, alone: bool = True
    ) -> tuple[Output, ...]:
        """Return the columns of that name, one that the system gives to every table that stands alone included."""
        found = tuple(each for each in columns if each.name == name)
        if not found and alone and name in SYSTEM_COLUMNS and isinstance(self.table(source), Table):
            return (Output(name, nullable=False),)
        return found

    def shape(self, scope: Scope, node: Node) -> tuple[object, ...]:
        """Return what an expression says, as `planroom.sqltext.shape` does, however its columns are written."""
        found = self.resolve(scope, node) if node.kind == "column" else None
        if found is not None and found.output is not None:
            return found.scope, found.source, node.text
        return (
            node.kind, node.text, node.qualifier, node.scope, node.marks - {"parentheses"},
            tuple(self.shape(scope, each) for each in node.args),
        )  # fmt: skip

    def is_unknown(self, spot: Spot) -> Source | None:
        """Return the source that a qualified name is no column of; None where there is no such certainty."""
        scope: Scope | None = spot.scope
        sees = len(spot.scope.sources)
        name = spot.node.text
        while scope is not None:
            for number, source in enumerate(scope.sources[:sees]):
                if is_called(source, spot.node.qualifier):
                    columns = self.columns(scope, number)
                    known = columns is None or is_keyword(spot.node, self.dialect) or has_untold(columns)
                    return None if known or self._matches(source, columns or (), name) else source
            sees = scope.sees if scope.sees >= 0 else 10**9
            scope = self.scopes[scope.parent] if scope.parent >= 0 else None
        return None

    def nullable(self, scope: Scope, node: Node) -> bool | None:
        """Whether an expression can be NULL; None where that cannot be told."""
        if node.kind == "column":
            reference = self.resolve(scope, node)
            if reference is None or reference.output is None:
                return None
            if reference.scope == scope.number and (reference.source, node.text) in self.proven(scope):
                return False
            return reference.output.nullable
        if node.kind == "call" and node.text == "coalesce":
            return False if any(self.nullable(scope, each) is False for each in node.args) else None
        if node.kind == "cast" and node.args:
            return self.nullable(scope, node.args[0])
        constants: dict[str, bool] = {"number": False, "string": False, "boolean": False, "null": True, "exists": False}
        return False if node.kind == "call" and node.text == "count" else constants.get(node.kind)

    def proven(self, scope: Scope) -> frozenset[tuple[int, str]]:
        """Return the columns (source, name) that WHERE and inner joins let through only when they are not NULL."""
        if scope.number not in self._proven:
            self._proven[scope.number] = frozenset[tuple[int, str]]()  # resolving asks for nothing that needs it
            found = [node for each in scope.predicates if decides(scope, each) for node in strict_columns(each.node)]
            references = ((self.resolve(scope, node), node.text) for node in found)
            self._proven[scope.number] = frozenset(
                (each.source, name) for each, name in references if each is not None and each.scope == scope.number
            )
        return self._proven[scope.number]

    def type(self, scope: Scope, node: Node) -> str:
        """Return the name of an expression's type, as PostgreSQL prints it, without modifiers; empty for unknown."""
        return query_types.type_of(node, lambda each: self._column_type(scope, each))

    def _column_type(self, scope: Scope, node: Node) -> str:
        reference = self.resolve(scope, node)
        return reference.output.type if reference is not None and reference.output is not None else ""

    def subject(self, output: Output | None) -> str:
        """Return the id of the column that an output is, for findings."""
        if output is None or output.table is None or output.column is None:
            return ""
        from planroom.model import qualified

        return f"{output.table.id}.{qualified('', output.column.name)}"

    def is_a_name(self, spot: Spot) -> bool:
        """Whether a column node may be something else: a whole row, an output's name, a keyword of the dialect."""
        node = spot.node
        if node.qualifier:
            return False
        if is_keyword(node, self.dialect) or self._is_an_output(spot):
            return True
        scope: Scope | None = spot.scope
        while scope is not None:
            if any(source.name == node.text for source in scope.sources):
                return True
            scope = self.scopes[scope.parent] if scope.parent >= 0 else None
        return False

    def _is_an_output(self, spot: Spot) -> bool:
        """Whether a name is that of an output where the dialect lets it be."""
        scope = self.scopes[spot.scope.operands[0]] if spot.scope.operands else spot.scope
        while scope.operands:
            scope = self.scopes[scope.operands[0]]
        if not any(each.name == spot.node.text for each in scope.projections):
            return False
        if self.dialect != "postgres" or (spot.scope.grouping_sets and spot.place in {"group", "other"}):
            return True
        whole = (*spot.scope.order_by, *spot.scope.group_by, *spot.scope.distinct_on)
        return any(each is spot.node or (each.kind == "ordered" and each.args[0] is spot.node) for each in whole)
