"""Key parts: what an index would hold for one side of a condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.advice.indexing.demands import KeyPart
from planroom.advice.indexing.immutable import type_if_immutable
from planroom.errors import PlanroomError
from planroom.model import IndexColumn
from planroom.sqltext import parse_expression, walk
from planroom.sqltext.operands import operands

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.advice.indexing.homes import Found, Home, Reading
    from planroom.model import Model, Table
    from planroom.sqltext import Names, Node, Scope

__all__ = ["Parts", "type_names"]

_TEXT = frozenset({"text", "character varying"})
# By the names under which queries are read: another value for each row, which no index can be asked for.
_VOLATILE = frozenset("rand random random_normal uuid gen_random_uuid clock_timestamp timeofday nextval".split())
_TEXT_CASTS = frozenset({"text", "varchar", "character varying"})


def type_names(table: Table, model: Model) -> Mapping[str, str]:
    """Return the types of a table's columns by name, without modifiers; those of domains are what they stand for."""
    domains = {(each.schema, each.name): each.type for each in model.domains}
    found: dict[str, str] = {}
    for column in table.columns:
        type_ = column.type
        for _ in range(8):  # domains over domains
            type_ = domains.get((type_.schema or table.schema, type_.name), type_)
        found[column.name] = f"{type_.name}[]" if type_.array else type_.name
    return found


class Parts:
    """What makes key parts of the nodes of one reading.

    Args:
        reading: The query, or view.
        model: The design.
        names: What names in expressions mean.
    """

    def __init__(self, reading: Reading, model: Model, names: Names) -> None:
        self.reading = reading
        self.model = model
        self.names = names
        self._types: dict[str, Mapping[str, str]] = {}

    def types(self, table: Table) -> Mapping[str, str]:
        """Return the types of a table's columns by name."""
        if table.id not in self._types:
            self._types[table.id] = type_names(table, self.model)
        return self._types[table.id]

    def bare(self, found: Found) -> KeyPart:
        """Return a column as a key part."""
        return KeyPart(IndexColumn(found.name), frozenset({found.name}), self.types(found.table)[found.name])

    def of(self, scope: Scope, side: Node) -> Iterator[tuple[Home, KeyPart]]:
        """Yield the key parts that a side of a condition is, with the table of each where it is read."""
        columns = [each for each in walk(side) if each.kind == "column"]
        if not columns or any(each.scope >= 0 for each in walk(side)):
            return
        for found in self.reading.homes(scope, columns[0]):
            type_ = self.types(found.table)[found.name]
            if side.kind == "column" or _changes_nothing(side, type_):
                yield found.home, self.bare(found)
            elif (part := self._expression(scope, columns, found.home, found.table)) is not None:
                yield found.home, part

    def _expression(self, scope: Scope, columns: list[Node], home: Home, table: Table) -> KeyPart | None:
        """Return an expression on columns that are called there as in their table; None where no index may hold it."""
        for each in columns:
            if not any(found.home == home and found.name == each.text for found in self.reading.homes(scope, each)):
                return None
        statement = self.reading.query.statement
        operand = operands(statement.text).get(columns[0].start - statement.offset)
        if operand is None or "ColumnRef" in operand.tree or operand.columns != {each.text for each in columns}:
            return None
        type_ = type_if_immutable(operand.tree, self.types(table))
        if type_ is None:
            return None
        try:
            named = {column.name: column.type for column in table.columns}
            expression = parse_expression(operand.text, named, self.names)
            return KeyPart(IndexColumn(expression=expression), operand.columns, type_)
        except PlanroomError:
            return None

    def is_constant(self, node: Node) -> bool:
        """Whether a node has one value for the whole query: no columns, and no query that names rows around it."""
        for each in walk(node):
            if (
                each.kind in {"column", "star"}
                or "aggregate" in each.marks
                or (each.kind == "call" and each.text in _VOLATILE)
            ):
                return False
            if each.scope >= 0 and self.reading.query.reaches_out(each.scope):
                return False
        return True

    def is_of_others(self, scope: Scope, node: Node, home: Home) -> bool:
        """Whether a node's columns are all of other tables than that at a home, so that it is known before."""
        columns = [each for each in walk(node) if each.kind == "column"]
        if not columns or any(each.scope >= 0 for each in walk(node)):
            return False
        found = [self.reading.query.resolve(scope, each) for each in columns]
        at_home = [each.home for column in columns for each in self.reading.homes(scope, column)]
        return None not in found and home not in at_home


def _changes_nothing(side: Node, type_: str) -> bool:
    """Whether a cast is one from text to text, which the server takes away again."""
    bare = side.kind == "cast" and len(side.args) == 1 and side.args[0].kind == "column"
    return bare and type_ in _TEXT and side.text in _TEXT_CASTS
