"""The types and implicit casts of function calls, aggregates and window functions.

Source: ``parse_func.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.sqltext.analysis import Analyser, Typed, analyses
from planroom.sqltext.builtins import OPAQUE, UNKNOWN, functions_named, type_key
from planroom.sqltext.names import BUILTIN_TYPES, data_type, string_parts
from planroom.sqltext.resolution import Call, category, resolve_function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.sqltext.names import Tree

__all__ = ["sort_item", "window_definition"]


@analyses("FuncCall")
def _call(analyser: Analyser, fields: Tree) -> Typed:
    parts = string_parts(fields["funcname"])
    schema, name = (parts[-2], parts[-1]) if len(parts) > 1 else ("", parts[0])
    if name in _VALUES and "args" not in fields and schema in {"", "pg_catalog"}:
        return analyser.typed({"SQLValueFunction": {"op": f"SVFOP_{name.upper()}", "typmod": -1}})
    args = [_argument(analyser, arg) for arg in fields.get("args", ())]
    within = fields.get("agg_within_group")
    ordered = [analyser.typed(item["SortBy"]["node"]) for item in fields.get("agg_order", ())] if within else []
    if ordered and name in _HYPOTHETICAL and len(args) == len(ordered):
        args, ordered = _unified(analyser, args, ordered)
    call = _resolved(analyser, schema, name, [*args, *ordered], fields)
    if call is None:
        as_cast = _cast_call(analyser, schema, name, args, fields)
        return as_cast if as_cast is not None else _foreign_call(analyser, schema, name, args, fields)
    trees = [analyser.coerced(arg, wanted)[0] for arg, wanted in zip([*args, *ordered], call.arguments, strict=True)]
    cast = [(arg[0], tree) for arg, tree in zip(args, trees, strict=False) if arg[0] is not tree]
    result = _rebuilt(analyser, fields, [{"String": {"sval": name}}], trees[: len(args)], cast)
    if within:
        result["agg_order"] = [
            sort_item(item, tree) for item, tree in zip(fields["agg_order"], trees[len(args) :], strict=True)
        ]
    return {"FuncCall": result}, call.result, ()


_HYPOTHETICAL = frozenset({"rank", "dense_rank", "percent_rank", "cume_dist"})
"""Aggregates over a hypothetical row, which is compared with the sorted ones."""


def _unified(analyser: Analyser, args: Sequence[Typed], ordered: Sequence[Typed]) -> tuple[list[Typed], list[Typed]]:
    """Return a hypothetical row and the ORDER BY values, pair by pair of one type."""
    types = [analyser.common([value[1], arg[1]]) for arg, value in zip(args, ordered, strict=True)]
    sides = [[analyser.coerced(*pair) for pair in zip(side, types, strict=True)] for side in (args, ordered)]
    return sides[0], sides[1]


_VALUES = frozenset({"current_user", "session_user", "current_schema"})
"""Functions for which SQL has a word of its own; PostgreSQL 9.6 prints the word as a call."""


def _argument(analyser: Analyser, node: Tree) -> Typed:
    named = node.get("NamedArgExpr")
    if named is None:
        return analyser.typed(node)
    tree = analyser.tree(named["arg"])
    return {"NamedArgExpr": {"name": named["name"], "arg": tree}}, OPAQUE, ()


def _resolved(analyser: Analyser, schema: str, name: str, args: Sequence[Typed], fields: Tree) -> Call | None:
    """Return what a built-in function makes of the arguments; None for a routine that is not built in."""
    if schema not in {"", "pg_catalog"} or not functions_named(name):
        return None
    if len(args) == 1 and args[0][1] == UNKNOWN and name in BUILTIN_TYPES:
        return None  # date('2026-01-01') is a cast
    if any("NamedArgExpr" in arg[0] for arg in args):
        results = {signature.result for signature in functions_named(name)}
        return Call(tuple(OPAQUE for _ in args), results.pop() if len(results) == 1 else OPAQUE)
    types = tuple([analyser.base(arg[1]) for arg in args])
    call = resolve_function(name, types, variadic=bool(fields.get("func_variadic")))
    if call is not None and call.result == OPAQUE and not schema and analyser.names.routine_schema(name):
        return None
    return call


def _cast_call(analyser: Analyser, schema: str, name: str, args: Sequence[Typed], fields: Tree) -> Typed | None:
    """Return a call such as ``date('2026-01-01')`` as the cast that it is; None when it is none."""
    if schema not in {"", "pg_catalog"} or name not in BUILTIN_TYPES or len(args) != 1 or len(fields["args"]) != 1:
        return None
    return analyser.cast(args[0], data_type({"names": [{"String": {"sval": name}}]}))


def _foreign_call(analyser: Analyser, schema: str, name: str, args: Sequence[Typed], fields: Tree) -> Typed:
    """Return a call of a routine that is not built in: its schema is written, its arguments' types are not known."""
    schema = schema or analyser.names.routine_schema(name) or ""
    shown: list[Tree] = [{"String": {"sval": part}} for part in (schema, name) if part not in {"", "pg_catalog"}]
    trees = [analyser.coerced(arg, OPAQUE)[0] for arg in args]
    find = getattr(analyser.names, "routine_result", None)
    result = find(schema, name) if find else None
    rebuilt = _rebuilt(analyser, fields, shown, trees)
    if fields.get("agg_within_group"):
        rebuilt["agg_order"] = [sort_item(item, analyser.tree(item["SortBy"]["node"])) for item in fields["agg_order"]]
    return {"FuncCall": rebuilt}, OPAQUE if result is None else type_key(result), ()


_KEPT = ("agg_star", "agg_distinct", "func_variadic", "agg_within_group")


def _rebuilt(
    analyser: Analyser, fields: Tree, name: list[Tree], args: list[Tree], cast: Sequence[tuple[Tree, Tree]] = ()
) -> dict[str, Any]:
    """Return a call with analysed arguments and clauses, as a plain call: ``timezone('UTC', x)``.

    ``cast`` holds arguments before and after their implicit casts: ORDER BY over an argument means the latter.
    """
    call: dict[str, Any] = {"funcname": name, "args": args}
    for key in _KEPT:
        if key in fields:
            call[key] = fields[key]
    if "agg_order" in fields and not fields.get("agg_within_group"):
        nodes = [_sorted(analyser, item) for item in fields["agg_order"]]
        nodes = [next((after for before, after in cast if before == node), node) for node in nodes]
        call["agg_order"] = [sort_item(item, node) for item, node in zip(fields["agg_order"], nodes, strict=True)]
    if "agg_filter" in fields:
        call["agg_filter"] = analyser.tree(fields["agg_filter"], "boolean")
    if "over" in fields:
        call["over"] = window_definition(analyser, fields["over"])
    return call


def _sorted(analyser: Analyser, item: Tree) -> Tree:
    typed = analyser.typed(item["SortBy"]["node"])
    return analyser.coerced(typed, "text")[0] if typed[1] == UNKNOWN else typed[0]


def sort_item(item: Tree, node: Tree) -> Tree:
    """Return an ORDER BY item with another expression; what is the default anyway is left out."""
    fields = item["SortBy"]
    direction, nulls = fields.get("sortby_dir"), fields.get("sortby_nulls")
    descending = direction == "SORTBY_DESC"
    if direction == "SORTBY_USING":
        return {"SortBy": {**fields, "node": node}}
    default = "SORTBY_NULLS_FIRST" if descending else "SORTBY_NULLS_LAST"
    return {"SortBy": {
        "node": node,
        "sortby_dir": "SORTBY_DESC" if descending else "SORTBY_DEFAULT",
        "sortby_nulls": "SORTBY_NULLS_DEFAULT" if nulls == default else nulls,
    }}  # fmt: skip


def window_definition(analyser: Analyser, fields: Tree) -> Tree:
    """Return a window's definition with its expressions analysed."""
    result = dict(fields)
    if "partitionClause" in fields:
        result["partitionClause"] = [analyser.tree(item) for item in fields["partitionClause"]]
    if "orderClause" in fields:
        result["orderClause"] = [sort_item(item, _sorted(analyser, item)) for item in fields["orderClause"]]
    for offset in ("startOffset", "endOffset"):
        if offset in fields:
            result[offset] = analyser.tree(fields[offset], _offset_type(analyser, fields))
    return result


def _offset_type(analyser: Analyser, fields: Tree) -> str:
    """Return the type of a frame's offset: a number of rows or groups, or a distance between ordered values."""
    if fields.get("frameOptions", 0) & 0xC or "orderClause" not in fields:  # ROWS or GROUPS
        return "bigint"
    _, type_, _ = analyser.typed(fields["orderClause"][-1]["SortBy"]["node"])
    if category(type_) in {"D", "T"}:
        return "interval"
    return type_ if type_ in {"smallint", "integer", "bigint", "numeric", "real", "double precision"} else OPAQUE
