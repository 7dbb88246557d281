"""The names that PostgreSQL gives output columns that have none.

Source: ``FigureColname`` in ``parse_target.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.sqltext.names import string_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from planroom.sqltext.names import Tree

__all__ = ["output_name"]

NO_NAME = "?column?"


def output_name(target: Tree) -> str:
    """Return the name of a query's output column, given the fields of its ResTarget."""
    return target["name"] if "name" in target else _figured(target["val"])[0] or NO_NAME


def _figured(node: Tree) -> tuple[str, int]:
    """Return the name that a node suggests, and how strongly: 2 for a name of its own, 1 for that of a type."""
    for kind, fields in node.items():
        if kind in _FIXED:
            return _FIXED[kind], 2
        figure = _FIGURES.get(kind)
        return figure(fields) if figure else ("", 0)
    return "", 0


def _column(fields: Tree) -> tuple[str, int]:
    parts = [part for part in fields["fields"] if "String" in part]
    return (string_parts(parts)[-1], 2) if parts else ("", 0)


def _indirection(fields: Tree) -> tuple[str, int]:
    names = [step for step in fields["indirection"] if "String" in step]
    return (string_parts(names)[-1], 2) if names else _figured(fields["arg"])


def _cast(fields: Tree) -> tuple[str, int]:
    name, strength = _figured(fields["arg"])
    return (name, strength) if strength > 1 else (string_parts(fields["typeName"]["names"])[-1], 1)


def _case(fields: Tree) -> tuple[str, int]:
    name, strength = _figured(fields.get("defresult", {}))
    return (name, strength) if strength > 1 else ("case", 1)


def _sublink(fields: Tree) -> tuple[str, int]:
    kind = fields["subLinkType"]
    if kind in {"EXISTS_SUBLINK", "ARRAY_SUBLINK"}:
        return kind.removesuffix("_SUBLINK").lower(), 2
    query = fields["subselect"]["SelectStmt"]
    while "larg" in query:
        query = query["larg"]
    targets = query.get("targetList", ())
    if kind != "EXPR_SUBLINK" or not targets:
        return "", 0
    target = targets[0]["ResTarget"]
    return (target["name"], 2) if "name" in target else _figured(target["val"])


def _operation(fields: Tree) -> tuple[str, int]:
    return ("nullif", 2) if fields["kind"] == "AEXPR_NULLIF" else ("", 0)


_FIXED = {
    "A_ArrayExpr": "array", "RowExpr": "row", "CoalesceExpr": "coalesce", "GroupingFunc": "grouping",
    "MergeSupportFunc": "merge_action", "JsonParseExpr": "json", "JsonScalarExpr": "json_scalar",
    "JsonSerializeExpr": "json_serialize", "JsonObjectConstructor": "json_object",
    "JsonArrayConstructor": "json_array", "JsonArrayQueryConstructor": "json_array",
    "JsonObjectAgg": "json_objectagg", "JsonArrayAgg": "json_arrayagg",
}  # fmt: skip

_FIGURES: dict[str, Callable[[Tree], tuple[str, int]]] = {
    "ColumnRef": _column, "A_Indirection": _indirection, "TypeCast": _cast, "CaseExpr": _case, "SubLink": _sublink,
    "A_Expr": _operation,
    "CollateClause": lambda fields: _figured(fields["arg"]),
    "FuncCall": lambda fields: (string_parts(fields["funcname"])[-1], 2),
    "MinMaxExpr": lambda fields: (fields["op"].removeprefix("IS_").lower(), 2),
    "SQLValueFunction": lambda fields: (fields["op"].removeprefix("SVFOP_").removesuffix("_N").lower(), 2),
    "XmlExpr": lambda fields: (fields["op"].removeprefix("IS_").lower(), 2),
    "JsonFuncExpr": lambda fields: (fields["op"].removesuffix("_OP").lower(), 2),
}  # fmt: skip
