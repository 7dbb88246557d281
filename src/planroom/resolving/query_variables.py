"""Queries in routines: which of their names mean columns, and which the routine's variables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from planroom.sqltext import Node, Query

if TYPE_CHECKING:
    from planroom.resolving.query_in_model import QueryInModel
    from planroom.sqltext import Scope

__all__ = ["with_parameters"]

Change = Callable[[Node], Node]


def with_parameters(query: QueryInModel, variables: frozenset[str], prefers: str) -> Query:
    """Return a query with parameters where its names mean variables.

    A name that is a column for certain stays one, unless the routine says that it prefers variables: where both are
    meant, the server refuses the query.

    Args:
        query: The query as it is written.
        variables: What the routine declares, labels and its own name among them.
        prefers: ``error``, ``use_column`` or ``use_variable``.
    """

    def change_in(scope: Scope) -> Change:
        kept = {id(each) for each in (*scope.order_by, *scope.group_by)}
        names = {each.name for each in scope.projections}

        def change(node: Node) -> Node:
            is_output = not node.qualifier and node.text in names and id(node) in kept
            is_name = node.kind == "column" or (node.kind == "star" and node.qualifier)
            if not is_name or is_output or not _is_variable(query, scope, node, variables, prefers):
                return node
            return Node("parameter", "*" if node.kind == "star" else "", (), node.start, node.end)

        return change

    root = query.scopes[0] if query.scopes else None
    written = change_in(root) if root is not None else _same
    return replace(
        query.query,
        scopes=tuple(_changed(scope, change_in(scope)) for scope in query.scopes),
        assignments=tuple(
            replace(each, value=_mapped(each.value, written)) for each in query.query.assignments
        ),
    )  # fmt: skip


def _same(node: Node) -> Node:
    return node


def _is_variable(query: QueryInModel, scope: Scope, node: Node, variables: frozenset[str], prefers: str) -> bool:
    if node.qualifier:
        return node.qualifier[0] in variables and not _is_source(query, scope, node.qualifier[-1])
    if node.text not in variables:
        return False
    if prefers == "use_variable":
        return True
    meanings = query.meanings(scope, node)
    certain = bool(meanings) and all(each.output is not None for each in meanings or ())
    unknown = prefers == "use_column" and meanings != ()
    return not certain and not unknown and not _is_source(query, scope, node.text)


def _is_source(query: QueryInModel, scope: Scope, name: str) -> bool:
    """Whether a source of a scope, or of one around it, is called so."""
    around: Scope | None = scope
    while around is not None:
        if any(source.name == name for source in around.sources):
            return True
        around = query.scopes[around.parent] if around.parent >= 0 else None
    return False


def _changed(scope: Scope, change: Change) -> Scope:
    def one(node: Node | None) -> Node | None:
        return None if node is None else _mapped(node, change)

    def many(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(_mapped(each, change) for each in nodes)

    return replace(
        scope,
        sources=tuple(replace(each, on=one(each.on)) for each in scope.sources),
        projections=tuple(replace(each, node=_mapped(each.node, change)) for each in scope.projections),
        predicates=tuple(replace(each, node=_mapped(each.node, change)) for each in scope.predicates),
        where=one(scope.where),
        having=one(scope.having),
        group_by=many(scope.group_by),
        distinct_on=many(scope.distinct_on),
        order_by=many(scope.order_by),
        limit=one(scope.limit),
        offset=one(scope.offset),
        others=many(scope.others),
    )


def _mapped(node: Node, change: Change) -> Node:
    args = tuple(_mapped(each, change) for each in node.args)
    if any(new is not old for new, old in zip(args, node.args, strict=True)):
        node = replace(node, args=args)
    return change(node)
