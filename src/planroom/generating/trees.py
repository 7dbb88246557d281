"""The parser's trees of conditions: which column, which constant, which arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planroom.sqltext import Tree

__all__ = ["Parts", "bare", "called", "column_of", "constant_of", "constants_of", "operator_of", "parts_of"]

_ARITHMETIC = frozenset({"+", "-", "*", "/"})
_MOST_NESTED = 12


@dataclass(frozen=True, slots=True)
class Parts:
    """An expression over other columns that limits one: how it is written in SQL is left to whoever knows the names.

    Attributes:
        pieces: Constants and operators as SQL, and columns as one-element tuples.
    """

    pieces: tuple[str | tuple[str], ...]

    @property
    def columns(self) -> frozenset[str]:
        """The columns that it names."""
        return frozenset(each[0] for each in self.pieces if isinstance(each, tuple))


def bare(tree: Tree) -> Tree:
    """Return what is cast."""
    while "TypeCast" in tree and "A_Const" not in tree["TypeCast"]["arg"]:
        tree = tree["TypeCast"]["arg"]
    return tree


def operator_of(fields: Tree) -> str:
    """Return the symbol of an operator."""
    return str(fields["name"][-1]["String"]["sval"])


def called(call: Tree) -> str:
    """Return the name of the function that a call calls; empty for no call."""
    return str(call["funcname"][-1]["String"]["sval"]) if call else ""


def column_of(tree: Tree) -> str:
    """Return the column that a tree is, cast or not; empty for anything else."""
    fields = bare(tree).get("ColumnRef", {}).get("fields", [])
    return str(fields[-1].get("String", {}).get("sval", "")) if fields else ""


def constant_of(tree: Tree) -> str | None:
    """Return a constant as text; None for anything else, NULL too."""
    while "TypeCast" in tree:
        tree = tree["TypeCast"]["arg"]
    if tree.get("A_Expr", {}).get("kind") == "AEXPR_OP" and "lexpr" not in tree["A_Expr"]:
        inner = constant_of(tree["A_Expr"]["rexpr"])
        return None if inner is None or operator_of(tree["A_Expr"]) != "-" else f"-{inner}"
    fields = tree.get("A_Const")
    if fields is None or fields.get("isnull"):
        return None
    if "ival" in fields:
        return str(fields["ival"].get("ival", 0))
    if "fval" in fields:
        return str(fields["fval"]["fval"])
    if "boolval" in fields:
        return "true" if fields["boolval"].get("boolval") else "false"
    return str(fields.get("sval", {}).get("sval", ""))


def constants_of(fields: Tree) -> tuple[str, ...]:
    """Return the constants that a column is compared with; nothing where one is none."""
    right = fields["rexpr"]
    while "TypeCast" in right and "A_ArrayExpr" in _deepest(right):
        right = right["TypeCast"]["arg"]
    items = right.get("List", {}).get("items") or right.get("A_ArrayExpr", {}).get("elements")
    if items is None:
        text = constant_of(right)
        if text is not None and fields["kind"] == "AEXPR_OP_ANY":  # = ANY ('{a,b}'::text[])
            return tuple(each.strip('"') for each in text.strip("{}").split(","))
        return (text,) if text is not None else ()
    values = [constant_of(each) for each in items]
    return () if any(each is None for each in values) else tuple(map(str, values))


def _deepest(tree: Tree) -> Tree:
    while "TypeCast" in tree:
        tree = tree["TypeCast"]["arg"]
    return tree


def parts_of(tree: Tree, depth: int = 0) -> Parts | None:
    """Return arithmetic over columns and constants; None for anything else."""
    tree = bare(tree)
    if column := column_of(tree):
        return Parts(((column,),))
    value = constant_of(tree)
    if value is not None:
        return Parts((_number_or_interval(tree, value),))
    fields = tree.get("A_Expr", {})
    if depth > _MOST_NESTED or fields.get("kind") != "AEXPR_OP" or operator_of(fields) not in _ARITHMETIC:
        return None
    left, right = parts_of(fields.get("lexpr", {}), depth + 1) if "lexpr" in fields else None, None
    right = parts_of(fields["rexpr"], depth + 1)
    if left is None or right is None:
        return None
    return Parts(("(", *left.pieces, f" {operator_of(fields)} ", *right.pieces, ")"))


def _number_or_interval(tree: Tree, value: str) -> str:
    if "sval" in _deepest(tree).get("A_Const", {}):
        names = tree.get("TypeCast", {}).get("typeName", {}).get("names", [])
        kind = names[-1]["String"]["sval"] if names else "text"
        quoted = "'" + value.replace("'", "''") + "'"
        return f"CAST({quoted} AS INTERVAL)" if kind == "interval" else quoted
    return value
