"""Conditions that let no NULL through."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.sqltext import Node, Predicate, Scope

__all__ = ["decides", "strict_columns"]


def strict_columns(node: Node) -> Iterator[Node]:
    """Yield the columns that a condition is not true for when they are NULL."""
    inner = node.args[0] if node.kind == "not" and node.args else None
    if inner is not None and inner.kind == "is" and inner.args[1:] and inner.args[1].kind == "null":
        operands = inner.args[:1]
    elif node.kind in {"compare", "like", "between"}:
        operands = node.args
    elif node.kind == "in":
        operands = node.args[:1]
    else:
        return
    for each in operands:
        stripped = each.args[0] if each.kind == "cast" and each.args else each
        if stripped.kind == "column":
            yield stripped


def decides(scope: Scope, predicate: Predicate) -> bool:
    """Whether a row for which a condition is not true is not in the result."""
    if predicate.place == "on":
        return scope.sources[predicate.source].join in {"inner", "cross"}
    return predicate.place == "where"
