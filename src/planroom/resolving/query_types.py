"""The types of expressions, as far as rules need them: a column's own, a constant's, and what arithmetic keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.sqltext import Node

__all__ = ["DATES", "INTEGERS", "NUMBERS", "TEXTS", "TIMESTAMPS", "family", "normal", "type_of"]

INTEGERS = frozenset({"smallint", "integer", "bigint"})
NUMBERS = INTEGERS | {"numeric", "real", "double precision"}
TEXTS = frozenset({"text", "character varying", "character", "varchar", "citext"})
TIMESTAMPS = frozenset({"timestamp with time zone", "timestamp without time zone"})
DATES = frozenset({"date"})
_ALIASES = {
    "int": "integer", "int4": "integer", "int8": "bigint", "int2": "smallint", "decimal": "numeric",
    "float": "double precision", "double": "double precision", "float8": "double precision", "float4": "real",
    "timestamp": "timestamp without time zone", "timestamptz": "timestamp with time zone", "varchar": "text",
    "char": "character", "bool": "boolean", "tinyint": "smallint", "mediumint": "integer", "int unsigned": "bigint",
    "datetime": "timestamp without time zone",
}  # fmt: skip
_FAMILIES = (
    ("number", NUMBERS), ("text", TEXTS), ("time", TIMESTAMPS | DATES), ("boolean", {"boolean"}), ("uuid", {"uuid"}),
)  # fmt: skip
_MAX_INTEGER = 2**31 - 1


def normal(name: str) -> str:
    """Return a type's name as PostgreSQL prints it, without modifiers."""
    bare = name.partition("(")[0].strip()
    return _ALIASES.get(bare, bare)


def family(type_: str) -> str:
    """Return the family of a type: two of the same are compared without surprise; empty for one that is not known."""
    return next((name for name, types in _FAMILIES if normal(type_) in types), "")


def type_of(node: Node, column: Callable[[Node], str]) -> str:
    """Return the type of an expression; empty where it is not told.

    Args:
        node: The expression.
        column: What tells the type of a column.
    """
    if node.kind == "column":
        return normal(column(node))
    if node.kind == "number":
        if not node.text.isdigit():
            return "numeric"
        return "integer" if int(node.text) <= _MAX_INTEGER else "bigint"
    if node.kind == "cast":
        return normal(node.text)
    if node.kind in {"compare", "and", "or", "not", "is", "in", "between", "like", "exists", "boolean"}:
        return "boolean"
    if node.kind == "call":
        return _call(node, column)
    if node.kind == "operator" and node.text in {"+", "-", "*", "/", "%"}:
        return _arithmetic([type_of(each, column) for each in node.args])
    return ""


def _call(node: Node, column: Callable[[Node], str]) -> str:
    if node.text in {"count", "count_if", "row_number", "rank", "dense_rank"}:
        return "bigint"
    if node.text in {"max", "min", "abs"} and node.args:
        return type_of(node.args[0], column)
    if node.text == "sum" and node.args:
        return {"smallint": "bigint", "integer": "bigint", "bigint": "numeric"}.get(type_of(node.args[0], column), "")
    return {"length": "integer", "lower": "text", "upper": "text", "avg": "numeric"}.get(node.text, "")


def _arithmetic(types: list[str]) -> str:
    if all(each in INTEGERS for each in types):
        return max(types, key=("smallint", "integer", "bigint").index) if types else ""
    if all(each in NUMBERS for each in types):
        return "numeric" if "numeric" in types and not {"real", "double precision"} & set(types) else "double precision"
    return ""
