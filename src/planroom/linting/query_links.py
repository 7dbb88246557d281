"""Which sources of a query its conditions link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.sqltext import walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.resolving.query_in_model import QueryInModel
    from planroom.sqltext import Node, Scope

__all__ = ["linked_by", "parts_of"]

_OUTSIDE = -1  # what stands for all the rows around a subquery, which are one while it runs


def parts_of(query: QueryInModel, scope: Scope) -> list[set[int]] | None:
    """Return the parts of a query's sources that nothing links to its first source; None where it cannot be told.

    Functions, what is LATERAL, and sources of which one row at most is taken count as linked.
    """
    groups = [{number} for number in range(_OUTSIDE, len(scope.sources))]
    settled = query.joins(scope).settled(())
    free = {number for number, source in enumerate(scope.sources) if source.lateral or source.kind == "function"}
    free |= {number for number, source in enumerate(scope.sources) if source.kind == "values"} | settled
    for number, source in enumerate(scope.sources):
        if source.using or source.natural:
            _merge(groups, {number, number - 1})
    for predicate in scope.predicates:
        linked = linked_by(query, scope, predicate.node)
        if linked is None:
            return None
        _merge(groups, linked)
    first = next((number for number in range(len(scope.sources)) if number not in free), 0)
    return sorted((each for each in groups if not each & {first, _OUTSIDE} and each - free), key=min)


def linked_by(query: QueryInModel, scope: Scope, node: Node) -> set[int] | None:
    """Return the sources of a scope that a condition names, subqueries in it included; None where one is not told."""
    found: set[int] = set()
    for inner, column in _columns(query, scope, node):
        reference = query.resolve(inner, column)
        if reference is None:
            return None
        if reference.scope == scope.number:
            found.add(reference.source)
        elif not query.is_inside(reference.scope, scope.number):
            found.add(_OUTSIDE)
    return found


def _columns(query: QueryInModel, scope: Scope, node: Node) -> Iterator[tuple[Scope, Node]]:
    for each in walk(node):
        if each.kind == "column":
            yield scope, each
        if each.scope >= 0:
            for inner in query.scopes:
                if query.is_inside(inner.number, each.scope):
                    for _, expression in inner.expressions():
                        yield from ((inner, column) for column in walk(expression) if column.kind == "column")


def _merge(groups: list[set[int]], linked: set[int]) -> None:
    touched = [each for each in groups if each & linked]
    if len(touched) > 1:
        groups[:] = [each for each in groups if not each & linked] + [set().union(*touched)]
