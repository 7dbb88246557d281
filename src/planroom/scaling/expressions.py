"""Expressions of indexes: what the server calls their columns, and which column they are a function of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.errors import SyntaxProblem
from planroom.generating.trees import column_of, constant_of, operator_of
from planroom.sqltext import DataType, parse_expression_tree, parse_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.sqltext import Tree

__all__ = ["column_name", "type_of"]


def column_name(expression: str) -> str:
    """Return what the server calls a column of an index that is an expression; empty where it finds no name.

    Source: src/backend/parser/parse_target.c (``FigureColnameInternal``).
    """
    try:
        return _figured(parse_expression_tree(expression))[0]
    except SyntaxProblem:
        return ""


def _figured(tree: Tree) -> tuple[str, int]:
    """Return a name, and how good it is: 2 for a column's or function's, 1 for a type's."""
    kind, fields = next(iter(tree.items()))
    if kind == "ColumnRef":
        named = [each["String"]["sval"] for each in fields.get("fields", []) if "String" in each]
        return (str(named[-1]), 2) if named else ("", 0)
    if kind == "FuncCall":
        return str(fields["funcname"][-1]["String"]["sval"]), 2
    if kind == "TypeCast":
        name, strength = _figured(fields["arg"])
        if strength <= 1:
            return str(fields["typeName"]["names"][-1]["String"]["sval"]), 1
        return name, strength
    if kind == "CollateClause":
        return _figured(fields["arg"])
    if kind == "CaseExpr":
        name, strength = _figured(fields["defresult"]) if "defresult" in fields else ("", 0)
        return (name, strength) if strength > 1 else ("case", 1)
    if kind == "MinMaxExpr":
        return ("least" if fields["op"] == "IS_LEAST" else "greatest"), 2
    return {"CoalesceExpr": ("coalesce", 2), "A_ArrayExpr": ("array", 2)}.get(kind, ("", 0))


_CALLS = {
    "date_trunc": "timestamp with time zone", "date": "date", "length": "integer", "char_length": "integer",
    "jsonb_array_length": "integer", "extract": "numeric", "date_part": "double precision", "md5": "text",
    "to_tsvector": "tsvector", "abs": "", "round": "numeric", "floor": "numeric", "ceil": "numeric", "coalesce": "",
    "hashtext": "integer", "array_length": "integer", "cardinality": "integer",
}  # fmt: skip
_OPERATORS = {
    "->": "jsonb", "->>": "text", "#>": "jsonb", "#>>": "text", "||": "text", "=": "boolean", "<>": "boolean",
    "<": "boolean", ">": "boolean", "<=": "boolean", ">=": "boolean", "~": "boolean", "@>": "boolean", "?": "boolean",
}  # fmt: skip
_WIDER = ("double precision", "real", "numeric", "bigint", "integer", "smallint")


def type_of(expression: str, types: Mapping[str, DataType]) -> DataType | None:
    """Return the type of an expression's values as far as its form tells; None where it does not.

    Args:
        expression: SQL.
        types: The types of the columns that it may name.
    """
    try:
        return _type_of(parse_expression_tree(expression), types)
    except SyntaxProblem:
        return None


def _type_of(tree: Tree, types: Mapping[str, DataType]) -> DataType | None:
    kind, fields = next(iter(tree.items()))
    if kind == "ColumnRef":
        return types.get(column_of(tree))
    if kind == "FuncCall":
        name = _CALLS.get(str(fields["funcname"][-1]["String"]["sval"]), "text")
        return DataType(name) if name else _type_of(fields["args"][0], types)
    if kind == "A_Expr" and "lexpr" in fields:
        if operator_of(fields) in _OPERATORS:
            return DataType(_OPERATORS[operator_of(fields)])
        return _wider(_type_of(fields["lexpr"], types), _type_of(fields["rexpr"], types))
    if kind == "CoalesceExpr":
        return _type_of(fields["args"][0], types)
    if kind in {"BoolExpr", "NullTest", "BooleanTest"}:
        return DataType("boolean")
    if kind == "TypeCast":
        return parse_type(str(fields["typeName"]["names"][-1]["String"]["sval"]))
    if kind == "A_Const" and (text := constant_of(tree)) is not None and "sval" not in fields:
        return DataType("integer" if text.lstrip("-").isdigit() else "numeric")
    return None


def _wider(left: DataType | None, right: DataType | None) -> DataType | None:
    known = [each.name for each in (left, right) if each is not None]
    return next((DataType(each) for each in _WIDER if each in known), left or right)
