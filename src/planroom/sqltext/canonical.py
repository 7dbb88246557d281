"""Expressions in canonical form: equal when the server would keep the same thing."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.sqltext import analysis_calls, analysis_expressions  # noqa: F401  (enter their handlers)
from planroom.sqltext.analysis import Analyser, columns_of, type_key
from planroom.sqltext.expressions import Expression
from planroom.sqltext.libpg_query import ParserError, parse_tree
from planroom.sqltext.names import NO_NAMES
from planroom.sqltext.printing import print_expression
from planroom.sqltext.scopes import Scope
from planroom.sqltext.types import DataType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from planroom.sqltext.names import Names, Tree

__all__ = ["bound", "expression", "output_columns", "parse_expression", "parse_query", "query"]

_NO_COLUMNS: Mapping[str, DataType] = {}


def expression(
    tree: Tree, columns: Mapping[str, DataType], names: Names = NO_NAMES, target: DataType | None = None
) -> Expression:
    """Return an expression in both forms.

    Args:
        tree: The expression's parse tree.
        columns: The columns of the table that it belongs to.
        names: What other names in it mean.
        target: The type that its place gives it: the column's for a default, boolean for a condition.

    Raises:
        SyntaxProblem: It is nested too deeply.
    """
    text = print_expression(tree)
    analyser = Analyser(names, Scope(own=columns_of(columns)))
    try:
        typed = analyser.typed(tree)
    except RecursionError:
        raise _too_deep() from None
    if target is not None:
        typed = analyser.coerced(typed, analyser.base(type_key(target)))
    return Expression(text, print_expression(typed[0]))


def _too_deep() -> SyntaxProblem:
    return SyntaxProblem(
        "An expression is nested too deeply.",
        why="planroom walks expressions recursively.",
        fix="Split the expression.",
    )


def parse_expression(
    text: str, columns: Mapping[str, DataType] = _NO_COLUMNS, names: Names = NO_NAMES, target: DataType | None = None
) -> Expression:
    """Return the expression that a text holds; see `expression`.

    Raises:
        SyntaxProblem: The text is not one expression.

    Example:
        >>> parse_expression("a IN (1, 2)") == parse_expression("(a = ANY (ARRAY[1, 2]))")
        True
    """
    return expression(_expression_tree(text), columns, names, target)


def _expression_tree(text: str) -> Tree:
    select = _statement(f"SELECT (\n{text}\n)", text, "an expression")
    targets = select.get("targetList", ())
    if len(targets) != 1 or set(select) - {"targetList", "limitOption", "op"} or "name" in targets[0]["ResTarget"]:
        raise SyntaxProblem(f"{text!r} is not one expression.")
    tree: Tree = targets[0]["ResTarget"]["val"]
    return tree


def _statement(sql: str, text: str, what: str) -> Tree:
    """Return the fields of the one SELECT statement that a text is."""
    try:
        statements = parse_tree(sql.encode())
    except ParserError as error:
        raise SyntaxProblem(f"{_shortened(text)} is not {what}.", why=error.message) from None
    except RecursionError:
        raise _too_deep() from None
    if len(statements) != 1 or "SelectStmt" not in statements[0]["stmt"]:
        raise SyntaxProblem(f"{_shortened(text)} is not {what}.")
    tree: Tree = statements[0]["stmt"]["SelectStmt"]
    return tree


def _shortened(text: str) -> str:
    return repr(text if len(text) <= 80 else text[:77] + "...")


def query(tree: Tree, text: str, names: Names = NO_NAMES) -> Expression:
    return Expression(text, print_expression(tree))


def parse_query(text: str, names: Names = NO_NAMES) -> Expression:
    return query({"SelectStmt": _statement(text, text, "a query")}, text, names)


def output_columns(tree: Tree, names: Names = NO_NAMES) -> tuple[tuple[str, DataType], ...] | None:
    return None


def bound(tree: Tree, types: Sequence[DataType] = (), names: Names = NO_NAMES) -> Expression:
    return Expression("", "")
