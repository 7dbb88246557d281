"""What columns mean where an expression stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from planroom.sqltext.builtins import OPAQUE, type_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.sqltext.names import Tree
    from planroom.sqltext.types import DataType

__all__ = ["Columns", "Relation", "Scope", "column_reference"]

Columns = dict[str, tuple[str, tuple[str, ...]]]
"""Columns in order: the key and the modifiers of each one's type."""

Reference = tuple["Tree", str, tuple[str, ...]]


@dataclass(slots=True)
class Relation:
    """Something in FROM.

    Attributes:
        alias: The name that its columns are qualified with in the canonical form.
        columns: Its columns; None when they are not known.
        schema: Its schema, where it is a table or view.
        table: Its name, where it is a table or view that no alias hides.
    """

    alias: str
    columns: Columns | None
    schema: str = ""
    table: str = ""


@dataclass(slots=True)
class Scope:
    """One query level, or the table that an expression belongs to (the outermost level, without a parent).

    Attributes:
        own: The columns of the table, at the outermost level of a table's expression: they are not qualified there,
            and qualified with `THIS` inside the expression's queries.
        relations: What is in FROM, by the names used in the text.
        visible: The columns that can be named without a qualifier, in the order of ``*``; a column that USING has
            merged stands in it once.
        complete: All columns in ``visible`` are known.
        tables: The columns of WITH queries by name; None where they are not known.
        assigned: The names that this level's relations have been given, which inner levels avoid.
    """

    parent: Scope | None = None
    own: Mapping[str, DataType] | None = None
    relations: dict[str, Relation] = field(default_factory=dict)
    visible: list[tuple[str, Reference]] = field(default_factory=list)
    complete: bool = True
    tables: dict[str, Columns | None] = field(default_factory=dict)
    assigned: set[str] = field(default_factory=set)

    def column(self, parts: list[str]) -> Reference | None:
        """Return the column that a name means, looking outwards; None when it cannot be told."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.unqualified(parts[0]) if len(parts) == 1 else scope.qualified(parts)
            if found is not None:
                return found if scope.own is None or scope is self else _of_this_row(found)
            if len(parts) == 1 and not scope.complete:
                return None
            scope = scope.parent
        return None

    def unqualified(self, name: str) -> Reference | None:
        """Return this level's column of a name."""
        if self.own is not None:
            return _own(name, self.own.get(name))
        for known, reference in self.visible:
            if known == name:
                return reference
        if self.complete:
            return None
        if len(self.relations) == 1 and (self.parent is None or not self.parent.sees(name)):
            (relation,) = self.relations.values()
            return column_reference(relation.alias, name), OPAQUE, ()
        return None

    def sees(self, name: str) -> bool:
        """Return whether this level or one outside it has, or may have, a column of that name."""
        scope: Scope | None = self
        while scope is not None:
            if not scope.complete or (scope.own is not None and name in scope.own):
                return True
            if any(known == name for known, _ in scope.visible):
                return True
            scope = scope.parent
        return False

    def qualified(self, parts: list[str]) -> Reference | None:
        """Return this level's column of a qualified name."""
        *qualifier, name = parts
        if self.own is not None:
            return _new_or_old(qualifier[-1], name, self.own) or _own(name, self.own.get(name))
        relation = self.relation(qualifier)
        if relation is None or (relation.columns is not None and name not in relation.columns):
            return None
        type_, modifiers = (OPAQUE, ()) if relation.columns is None else relation.columns[name]
        return column_reference(relation.alias, name), type_, modifiers

    def relation(self, qualifier: list[str]) -> Relation | None:
        """Return this level's relation of a name, or of a schema and a name."""
        relation = self.relations.get(qualifier[-1])
        if relation is not None and len(qualifier) > 1 and relation.schema not in {qualifier[-2], ""}:
            return None
        return relation

    def whole_row(self, name: str) -> Relation | None:
        """Return the relation whose row a bare name means, looking outwards."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.relations:
                return scope.relations[name]
            scope = scope.parent
        return None

    def table(self, name: str) -> tuple[Columns | None] | None:
        """Return the columns of the WITH query of a name, in a tuple; None when there is no such query."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.tables:
                return (scope.tables[name],)
            scope = scope.parent
        return None

    def free_name(self, name: str) -> str:
        """Return the name under which a relation is shown: another one where an outer level has taken it.

        The server does the same (set_rtable_names in ruleutils.c).
        """
        taken: set[str] = set()
        scope: Scope | None = self
        while scope is not None:
            taken |= scope.assigned
            scope = scope.parent
        free, number = name, 0
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        self.assigned.add(free)
        return free


def _own(name: str, type_: DataType | None) -> Reference | None:
    if type_ is None:
        return None
    return {"ColumnRef": {"fields": [{"String": {"sval": name}}]}}, type_key(type_), type_.modifiers


THIS = "this"
"""What the canonical form calls the row of the table that an expression belongs to, inside the expression's queries."""


def _of_this_row(reference: Reference) -> Reference:
    tree, type_, modifiers = reference
    parts = tree["ColumnRef"]["fields"]
    if len(parts) > 1:  # NEW or OLD
        return reference
    return {"ColumnRef": {"fields": [{"String": {"sval": THIS}}, *parts]}}, type_, modifiers


def _new_or_old(row: str, name: str, own: Mapping[str, DataType]) -> Reference | None:
    """Return a column of a trigger's NEW or OLD row."""
    if row not in {"new", "old"} or name not in own:
        return None
    return column_reference(row, name), type_key(own[name]), own[name].modifiers


def column_reference(qualifier: str, name: str) -> Tree:
    """Return a qualified column."""
    return {"ColumnRef": {"fields": [{"String": {"sval": qualifier}}, {"String": {"sval": name}}]}}
