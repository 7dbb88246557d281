"""What an expression or query mentions, and the same with other names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from planroom.errors import SyntaxProblem
from planroom.sqltext.libpg_query import ParserError, parse_tree
from planroom.sqltext.statements import Tree

__all__ = [
    "columns_in",
    "mentioned_columns",
    "mentioned_relations",
    "parse_expression_tree",
    "parse_query_tree",
    "rename_column",
    "rename_relation",
    "source_names",
]


@lru_cache(maxsize=1024)
def parse_expression_tree(text: str) -> Tree:
    """Return the tree of an expression; many tables have the same.

    Raises:
        SyntaxProblem: The text is no expression.
    """
    statement = _parsed(f"SELECT {text}")
    targets = statement.get("SelectStmt", {}).get("targetList", ())
    if len(targets) != 1:
        raise SyntaxProblem(f"{text!r} is not one expression.")
    tree: Tree = targets[0]["ResTarget"]["val"]
    return tree


def parse_query_tree(text: str) -> Tree:
    """Return the tree of a query: the node, ``{"SelectStmt": {...}}``.

    Raises:
        SyntaxProblem: The text is no query.
    """
    return _parsed(text)


def _parsed(text: str) -> Tree:
    try:
        (found,) = parse_tree(text.encode())
    except (ParserError, ValueError, RecursionError) as error:
        raise SyntaxProblem(f"{text[:200]!r} does not parse.", why=str(error)) from None
    tree: Tree = found["stmt"]
    return tree


@lru_cache(maxsize=4096)
def mentioned_columns(text: str) -> frozenset[str]:
    """Return the names of the columns that an expression mentions, whatever their qualifiers."""
    return columns_in(parse_expression_tree(text))


def columns_in(tree: Any) -> frozenset[str]:
    """Return the names of the columns that a tree mentions, whatever their qualifiers; ``*`` for all of them."""
    found = set()
    for kind, fields in _nodes(tree):
        if kind == "ColumnRef":
            last = fields.get("fields", [{}])[-1]
            found.add(last.get("String", {}).get("sval", "*"))
    return frozenset(found)


def source_names(tree: Any) -> frozenset[str]:
    """Return what the relations in a tree are called there: their aliases, or else their bare names."""
    found = (fields for kind, fields in _nodes(tree) if kind == "RangeVar")
    return frozenset(each.get("alias", {}).get("aliasname", each.get("relname", "")) for each in found)


@lru_cache(maxsize=4096)
def mentioned_relations(text: str) -> frozenset[tuple[str, str]]:
    """Return the relations that a query reads, as (schema, name); the schema is empty where it is not written."""
    relations, common = set(), set()
    for kind, fields in _nodes(parse_query_tree(text)):
        if kind == "RangeVar":
            relations.add((fields.get("schemaname", ""), fields.get("relname", "")))
        elif kind == "CommonTableExpr":
            common.add(("", fields.get("ctename", "")))
    return frozenset(relations - common)


def _nodes(tree: Any) -> Iterator[tuple[str, Tree]]:
    stack = [tree]
    while stack:
        current = stack.pop()
        if isinstance(current, Mapping):
            for key, value in current.items():
                if isinstance(value, Mapping):
                    yield key, value
                stack.append(value)
        elif isinstance(current, list):
            stack.extend(current)


def rename_column(tree: Tree, old: str, new: str, *, of: str) -> Tree:
    """Return the tree with every reference to a column ``old`` of the table called ``of`` made to ``new``.

    A reference that names another table, as those in a subquery do, is left as it is.
    """

    def change(fields: Tree) -> Tree:
        *head, last = fields.get("fields", [{}])
        if last.get("String", {}).get("sval") != old:
            return fields
        if head and head[-1].get("String", {}).get("sval") != of:
            return fields
        return {**fields, "fields": [*head, {"String": {"sval": new}}]}

    changed: Tree = _changed(tree, "ColumnRef", change)
    return changed


def rename_relation(tree: Tree, old: tuple[str, str], new: tuple[str, str]) -> Tree:
    """Return the tree with every mention of a relation, bare or with its schema, made to ``new``."""

    def change(fields: Tree) -> Tree:
        if fields.get("relname") != old[1] or fields.get("schemaname", old[0]) != old[0]:
            return fields
        alias = fields.get("alias") or {"aliasname": old[1]}
        return {**fields, "schemaname": new[0], "relname": new[1], "alias": alias}

    changed: Tree = _changed(tree, "RangeVar", change)
    return changed


def _changed(node: Any, kind: str, change: Callable[[Tree], Tree]) -> Any:
    if isinstance(node, list):
        return [_changed(item, kind, change) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: change(_changed(value, kind, change)) if key == kind else _changed(value, kind, change)
        for key, value in node.items()
    }
