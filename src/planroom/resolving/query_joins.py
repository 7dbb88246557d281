"""How many rows of one source meet a row of another: what equalities and keys tell of the joins of a query.

Columns that a query sets equal, in WHERE, ON or USING, stand in one class. A source is *settled* by others when one of
its keys stands in classes that hold a constant or a column of those: then a row of theirs meets at most one of its
rows.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from planroom.sqltext import walk

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from planroom.resolving.query_in_model import QueryInModel
    from planroom.sqltext import Node, Predicate, Scope

__all__ = ["Joins"]

_Column = tuple[int, str]
_CONSTANT: _Column = (-1, "")


class Joins:
    """The joins of one scope.

    Args:
        query: The query.
        scope: The scope.
    """

    def __init__(self, query: QueryInModel, scope: Scope) -> None:
        self.query = query
        self.scope = scope
        self._leaders: dict[_Column, _Column] = {}
        for one, two in self._equalities():
            self._leaders[self._leader(one)] = self._leader(two)

    def _leader(self, column: _Column) -> _Column:
        while self._leaders.get(column, column) != column:
            column = self._leaders[column]
        return column

    def column(self, node: Node) -> _Column | None:
        """Return a column of this scope as (source, name)."""
        if node.kind != "column":
            return None
        found = self.query.resolve(self.scope, node)
        return (found.source, node.text) if found is not None and found.scope == self.scope.number else None

    def _equalities(self) -> Iterator[tuple[_Column, _Column]]:
        for predicate in self.scope.predicates:
            if predicate.place != "having":
                for one, two in self._equated(predicate.node):
                    if self._holds(predicate, one, two):
                        yield max(one, two), min(one, two)
        for number, source in enumerate(self.scope.sources):
            for name in source.using:
                for other in range(number):
                    columns = self.query.columns(self.scope, other) or ()
                    if any(each.name == name for each in columns):
                        yield (number, name), (other, name)

    def _equated(self, node: Node) -> set[tuple[_Column, _Column]]:
        """Return the pairs that a condition sets equal: an OR those that each of its sides does."""
        if node.kind == "and":
            return set().union(*(self._equated(each) for each in node.args))
        if node.kind == "or":
            return set.intersection(*(self._equated(each) for each in node.args))
        if node.kind != "compare" or node.text != "=" or len(node.args) != 2:
            return set()
        one, two = (self._side(each) for each in node.args)
        return set() if one is None or two is None else {(max(one, two), min(one, two))}

    def _holds(self, predicate: Predicate, one: _Column, two: _Column) -> bool:
        """Whether an equality is true of all rows that come: one in an outer join's ON only of the rows it joins."""
        if predicate.place == "on" and self.scope.sources[predicate.source].join in {"left", "right", "full"}:
            return predicate.source in {one[0], two[0]}
        return True

    def _side(self, node: Node) -> _Column | None:
        """Return one side of an equality: a column of this scope, or what is the same for all its rows."""
        own = self.column(node)
        if own is not None:
            return own
        inside = [each for each in walk(node) if each.kind in {"column", "subquery", "quantified", "call", "star"}]
        return _CONSTANT if all(self._is_outer(each) for each in inside) else None

    def _is_outer(self, node: Node) -> bool:
        found = self.query.resolve(self.scope, node) if node.kind == "column" else None
        return found is not None and found.scope != self.scope.number

    def sources_of(self, nodes: Iterable[Node]) -> set[int] | None:
        """Return the sources of this scope that expressions name; None where that cannot be told."""
        found: set[int] = set()
        for node in nodes:
            for each in walk(node):
                if each.kind in {"subquery", "exists", "star", "quantified"} or each.scope >= 0:
                    return None
                if each.kind == "column":
                    reference = self.query.resolve(self.scope, each)
                    if reference is None:
                        return None
                    if reference.scope == self.scope.number:
                        found.add(reference.source)
        return found

    def keys(self, number: int) -> tuple[frozenset[str], ...] | None:
        """Return the keys of a source; None where they cannot be told."""
        source = self.scope.sources[number]
        table = self.query.table(source)
        if table is not None and self.query.tables is not None:
            keys = self.query.tables.keys(table)
            if not source.columns:
                return keys if keys or hasattr(table, "primary_key") else None
            return None
        return self._keys_of_query(source.scope, source.columns) if source.scope >= 0 else None

    def _keys_of_query(self, number: int, renamed: tuple[str, ...]) -> tuple[frozenset[str], ...] | None:
        scope = self.query.scopes[number]
        names = [each.name for each in scope.projections]
        names[: len(renamed)] = renamed
        if scope.limit is not None and scope.limit.text == "1":
            return (frozenset(),)
        if scope.kind != "select" or scope.grouping_sets or any(each.node.kind == "star" for each in scope.projections):
            return None
        if scope.distinct:
            return (frozenset(names),)
        if scope.group_by:
            return _grouped_key(scope, names)
        if any(_aggregates(each.node) for each in scope.projections):
            return (frozenset(),)
        return None

    @cached_property
    def known(self) -> bool:
        """Whether the keys of all sources are known."""
        return all(self.keys(number) is not None for number in range(len(self.scope.sources)))

    def told_apart_by(self, nodes: Iterable[Node], sources: Collection[int] | None = None) -> bool:
        """Whether no two rows of the join, or of some of its sources, agree in all of these expressions."""
        wanted = set(range(len(self.scope.sources))) if sources is None else set(sources)
        columns = [each for node in nodes if (each := self.column(node)) is not None and self._is_told(each)]
        return wanted <= self.settled((), columns)

    def _is_told(self, column: _Column) -> bool:
        """Whether equal values of a column are equal for a key, too: two NULLs are not."""
        output = next(
            (each for each in self.query.columns(self.scope, column[0]) or () if each.name == column[1]), None
        )
        return output is not None and output.nullable is False

    def settled(self, start: Collection[int], constants: Iterable[_Column] = ()) -> set[int]:
        """Return the sources of which one row at most meets each combination of rows of those to start with.

        Args:
            start: The numbers of the sources.
            constants: Columns that are the same throughout, such as those of GROUP BY.
        """
        found = set(start)
        fixed = {self._leader(_CONSTANT), *(self._leader(each) for each in constants)}
        changed = True
        while changed:
            changed = False
            classes = fixed | {
                self._leader(each) for each in [*self._leaders, *self._leaders.values()] if each[0] in found
            }
            for number in range(len(self.scope.sources)):
                if number not in found and any(
                    all(self._leader((number, name)) in classes for name in key) for key in self.keys(number) or ()
                ):
                    found.add(number)
                    changed = True
        return found


def _grouped_key(scope: Scope, names: list[str]) -> tuple[frozenset[str], ...] | None:
    """Return the outputs that stand for all of GROUP BY."""
    found: set[str] = set()
    for node in scope.group_by:
        if node.kind == "number" and node.text.isdigit() and 0 < int(node.text) <= len(names):
            found.add(names[int(node.text) - 1])
            continue
        match = next(
            (name for name, each in zip(names, scope.projections, strict=True)
             if (each.node.kind, each.node.text) == (node.kind, node.text) or name == node.text), "",
        )  # fmt: skip
        if not match:
            return None
        found.add(match)
    return (frozenset(found),)


def _aggregates(node: Node) -> bool:
    return any("aggregate" in each.marks for each in walk(node)) and all(each.kind != "window" for each in walk(node))
