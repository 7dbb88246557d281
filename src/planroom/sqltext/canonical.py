"""Expressions in canonical form (first cut: as printed)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.sqltext.expressions import Expression
from planroom.sqltext.libpg_query import ParserError, parse_tree
from planroom.sqltext.names import NO_NAMES, Names, Tree
from planroom.sqltext.printing import print_expression
from planroom.sqltext.types import DataType

__all__ = ["bound", "expression", "output_columns", "parse_expression", "parse_query", "query"]


def expression(
    tree: Tree, columns: Mapping[str, DataType], names: Names = NO_NAMES, target: DataType | None = None
) -> Expression:
    text = print_expression(tree)
    return Expression(text, text)


def parse_expression(
    text: str, columns: Mapping[str, DataType] = {}, names: Names = NO_NAMES, target: DataType | None = None
) -> Expression:
    return expression(_expression_tree(text), columns, names, target)


def _expression_tree(text: str) -> Tree:
    try:
        statements = parse_tree(f"SELECT ({text}\n)".encode())
        (target,) = statements[0]["stmt"]["SelectStmt"]["targetList"]
        return target["ResTarget"]["val"]
    except (ParserError, ValueError, KeyError, RecursionError) as error:
        raise SyntaxProblem(f"{text!r} is not an expression.", why=str(error)) from None


def query(tree: Tree, text: str, names: Names = NO_NAMES) -> Expression:
    return Expression(text, print_expression(tree))


def parse_query(text: str, names: Names = NO_NAMES) -> Expression:
    try:
        return query(parse_tree(text.encode())[0]["stmt"], text, names)
    except ParserError as error:
        raise SyntaxProblem("not a query", why=error.message) from None


def output_columns(tree: Tree, names: Names = NO_NAMES) -> tuple[tuple[str, DataType], ...] | None:
    return None


def bound(tree: Tree, types: tuple[DataType, ...] = (), names: Names = NO_NAMES) -> Expression:
    return Expression("", "")
