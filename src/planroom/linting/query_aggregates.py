"""Aggregates and grouping of a query, as rules look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.sqltext import Node, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.resolving.query_in_model import QueryInModel
    from planroom.sqltext import Scope

__all__ = [
    "added_up",
    "aggregates_of",
    "aggregates_within",
    "group_columns",
    "group_keys",
    "has_window",
    "projected",
]


def aggregates_within(node: Node) -> Iterator[Node]:
    """Yield the aggregates in an expression; window functions are none, but what they are over may be."""
    if node.kind == "window":
        for each in node.args[:1]:
            for argument in each.args:
                yield from aggregates_within(argument)
        for each in node.args[1:]:
            yield from aggregates_within(each)
        return
    if node.kind == "call" and "aggregate" in node.marks:
        yield node
        return
    for each in node.args:
        yield from aggregates_within(each)


def added_up(node: Node) -> tuple[Node, ...]:
    """Return what an aggregate adds up: no conditions of CASE or FILTER, which only tell which rows it counts."""
    arguments = node.args[:-1] if "filtered" in node.marks else node.args
    if node.text == "count":
        return () if any(each.kind in {"case", "call"} for each in arguments) else arguments
    found: list[Node] = []
    pending = list(arguments)
    while pending:
        each = pending.pop()
        if each.kind == "call" and each.text in {"if", "decode", "decode_case"}:
            pending += each.args[1:]
        elif each.kind == "case":
            pending += [branch for branch in each.args if branch.kind == "call" or _is_value(branch)]
        else:
            found.append(each)
    return tuple(found)


def _is_value(node: Node) -> bool:
    return node.kind not in {"compare", "and", "or", "not", "is", "in", "between", "like", "exists"}


def aggregates_of(scope: Scope) -> list[Node]:
    """Return the aggregates of a query, outside its conditions on rows."""
    places = {"select", "having", "order"}
    return [each for place, node in scope.expressions() if place in places for each in aggregates_within(node)]


def group_keys(scope: Scope) -> tuple[Node, ...]:
    """Return what a query groups by, numbers and names of outputs taken for what they stand for."""
    found: list[Node] = []
    for node in scope.group_by:
        if node.kind == "number" and node.text.isdigit() and 0 < int(node.text) <= len(scope.projections):
            found.append(scope.projections[int(node.text) - 1].node)
        else:
            found.append(node)
            named = [each.node for each in scope.projections if each.name == node.text]
            found += named if node.kind == "column" and not node.qualifier else []
    return tuple(found)


def group_columns(query: QueryInModel, scope: Scope) -> set[tuple[int, str]]:
    """Return the columns (source, name) that are the same throughout a group."""
    joins = query.joins(scope)
    columns = (joins.column(node) for node in group_keys(scope))
    return {each for each in columns if each is not None}


def has_window(node: Node) -> bool:
    """Whether a window function is in an expression."""
    return any(each.kind == "window" for each in walk(node))


def projected(query: QueryInModel, scope: Scope) -> list[Node] | None:
    """Return the outputs of a query, stars written out; None where they are not known."""
    found: list[Node] = []
    for projection in scope.projections:
        if projection.node.kind != "star":
            found.append(projection.node)
            continue
        wanted = projection.node.qualifier
        for number, source in enumerate(scope.sources):
            if not wanted or source.name == wanted[-1]:
                columns = query.columns(scope, number)
                if columns is None:
                    return None
                found += [Node("column", each.name, qualifier=(source.name,)) for each in columns]
    return found
