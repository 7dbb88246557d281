"""The types and implicit casts of expressions, kind by kind.

Source: ``parse_expr.c``: what the server's analyser makes of each construct, and so what it prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.sqltext.analysis import Analyser, Typed, analyses, array_of, coerce_all, literal, typed_literal
from planroom.sqltext.builtins import OPAQUE, UNKNOWN
from planroom.sqltext.resolution import is_array, resolve_operator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.sqltext.names import Tree

__all__ = ["boolean", "operation"]

BOOLEAN = "boolean"


def operation(analyser: Analyser, name: list[Tree], left: Typed | None, right: Typed) -> Typed:
    """Return an operator applied to analysed operands."""
    symbol = name[-1]["String"]["sval"]
    types = (None if left is None else analyser.base(left[1]), analyser.base(right[1]))
    call = resolve_operator("<>" if symbol == "!=" else symbol, *types)
    shown = name if len(name) > 1 and name[0]["String"]["sval"] != "pg_catalog" else name[-1:]
    fields: dict[str, Any] = {"kind": "AEXPR_OP", "name": shown}
    if left is not None:
        fields["lexpr"] = analyser.coerced(left, call.arguments[0])[0]
    elif symbol in {"-", "+"} and "Literal" in right[0] and right[1] in _NUMBERS:
        return _signed(symbol, right)
    fields["rexpr"] = analyser.coerced(right, call.arguments[-1])[0]
    return {"A_Expr": fields}, call.result, ()


_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "double precision", "real"})


def _signed(symbol: str, number: Typed) -> Typed:
    """Return a constant with its sign changed: the server prints ``- (5)`` as -5, which reads as a constant."""
    value = number[0]["Literal"]["value"]
    if symbol == "+" or value is None:
        return number
    return typed_literal(value[1:] if value.startswith("-") else f"-{value}", number[1])


@analyses("A_Expr")
def _expression(analyser: Analyser, fields: Tree) -> Typed:
    if fields["kind"] != "AEXPR_OP":
        return _KINDS[fields["kind"]](analyser, fields)
    if "lexpr" not in fields:
        return operation(analyser, fields["name"], None, analyser.typed(fields["rexpr"]))
    if "RowExpr" in fields["lexpr"] and "RowExpr" in fields["rexpr"]:
        return _row_comparison(analyser, fields)
    return operation(analyser, fields["name"], analyser.typed(fields["lexpr"]), analyser.typed(fields["rexpr"]))


def _row_comparison(analyser: Analyser, fields: Tree) -> Typed:
    """Compare rows field by field; equality becomes AND, inequality OR, as the server has it."""
    sides = [fields[side]["RowExpr"].get("args", ()) for side in ("lexpr", "rexpr")]
    if len(sides[0]) != len(sides[1]):
        return analyser.rebuilt({"A_Expr": fields}), BOOLEAN, ()
    pairs = [(analyser.typed(left), analyser.typed(right)) for left, right in zip(*sides, strict=True)]
    parts = [operation(analyser, fields["name"], *pair)[0] for pair in pairs]
    symbol = fields["name"][-1]["String"]["sval"]
    if symbol in {"=", "<>"} or len(parts) == 1:
        return boolean("AND_EXPR" if symbol == "=" else "OR_EXPR", parts)
    rows = [[part["A_Expr"][side] for part in parts] for side in ("lexpr", "rexpr")]
    left, right = ({"RowExpr": {"args": row, "row_format": "COERCE_EXPLICIT_CALL"}} for row in rows)
    return {"A_Expr": {**fields, "lexpr": left, "rexpr": right}}, BOOLEAN, ()


def boolean(operator: str, parts: Sequence[Tree]) -> Typed:
    """Return parts joined by AND or OR, nested ones flattened: both are associative, also for unknown."""
    flat: list[Tree] = []
    for part in parts:
        nested = part.get("BoolExpr")
        flat += nested["args"] if nested is not None and nested["boolop"] == operator else [part]
    return (flat[0] if len(flat) == 1 else {"BoolExpr": {"boolop": operator, "args": flat}}), BOOLEAN, ()


@analyses("BoolExpr")
def _boolean(analyser: Analyser, fields: Tree) -> Typed:
    parts = [analyser.tree(arg, BOOLEAN) for arg in fields["args"]]
    if fields["boolop"] == "NOT_EXPR":
        return {"BoolExpr": {"boolop": "NOT_EXPR", "args": parts}}, BOOLEAN, ()
    return boolean(fields["boolop"], parts)


def _named(symbol: str) -> list[Tree]:
    return [{"String": {"sval": symbol}}]


def _in(analyser: Analyser, fields: Tree) -> Typed:
    """``a IN (x, y)``: = ANY (ARRAY[x, y]) for values without columns; the others are compared one by one."""
    positive = fields["name"][0]["String"]["sval"] == "="
    items = fields["rexpr"]["List"]["items"]
    if "RowExpr" in fields["lexpr"]:
        parts = [_expression(analyser, {**fields, "kind": "AEXPR_OP", "rexpr": item})[0] for item in items]
        return boolean("OR_EXPR" if positive else "AND_EXPR", parts)
    left = analyser.typed(fields["lexpr"])
    values = [(analyser.typed(item), _has_column(item)) for item in items]
    constants = [value for value, varies in values if not varies]
    parts = []
    rest = [value for value, _ in values]
    if len(constants) > 1:
        element = analyser.common((left[1], *[value[1] for value in constants]))
        known = element != OPAQUE or OPAQUE in {left[1], *[value[1] for value in constants]}
        if known:
            parts = [_any(analyser, fields["name"], left, constants, element, positive=positive)]
            rest = [value for value, varies in values if varies]
    parts += [operation(analyser, fields["name"], left, value)[0] for value in rest]
    return boolean("OR_EXPR" if positive else "AND_EXPR", parts)


def _any(
    analyser: Analyser, name: list[Tree], left: Typed, items: Sequence[Typed], element: str, *, positive: bool
) -> Tree:
    array = array_of(analyser, items, element)
    return _quantified_operation(analyser, "AEXPR_OP_ANY" if positive else "AEXPR_OP_ALL", name, left, array)[0]


def _has_column(node: Any) -> bool:
    """Return whether a column of this query level, or any column, stands in an expression."""
    if isinstance(node, list):
        return any(map(_has_column, node))
    if not isinstance(node, dict):
        return False
    return "ColumnRef" in node or any(_has_column(item) for item in node.values())


def _quantified_operation(analyser: Analyser, kind: str, name: list[Tree], left: Typed, array: Typed) -> Typed:
    """Return ``left = ANY (array)``; casts of an ARRAY[...] move to its elements."""
    element = array[1].removesuffix("[]") if is_array(array[1]) else array[1]
    call = resolve_operator(name[-1]["String"]["sval"], analyser.base(left[1]), analyser.base(element))
    wanted_left, wanted = call.arguments
    lexpr = analyser.coerced(left, wanted_left)[0]
    rexpr = _array_coerced(analyser, array, wanted)
    shown = name if len(name) > 1 and name[0]["String"]["sval"] != "pg_catalog" else name[-1:]
    return {"A_Expr": {"kind": kind, "name": shown, "lexpr": lexpr, "rexpr": rexpr}}, BOOLEAN, ()


def _array_coerced(analyser: Analyser, array: Typed, element: str) -> Tree:
    tree, type_, _ = array
    if "A_ArrayExpr" in tree:
        own = type_.removesuffix("[]")
        items = [_retyped(item, own) for item in tree["A_ArrayExpr"].get("elements", ())]
        return array_of(analyser, items, element)[0]
    if element == OPAQUE or is_array(element):
        return analyser.coerced(array, element)[0]
    return analyser.coerced(array, f"{element}[]")[0]


def _retyped(tree: Tree, type_: str) -> Typed:
    """Return an array's element with its type; a constant knows its own."""
    return tree, tree["Literal"]["type"] if "Literal" in tree else type_, ()


def _quantified(analyser: Analyser, fields: Tree) -> Typed:
    left, array = analyser.typed(fields["lexpr"]), analyser.typed(fields["rexpr"])
    return _quantified_operation(analyser, fields["kind"], fields["name"], left, array)


def _matched(analyser: Analyser, fields: Tree) -> Typed:
    """LIKE, ILIKE and SIMILAR TO are operators by another name."""
    return operation(analyser, fields["name"], analyser.typed(fields["lexpr"]), analyser.typed(fields["rexpr"]))


def _between(analyser: Analyser, fields: Tree) -> Typed:
    low, high = fields["rexpr"]["List"]["items"]
    kind = fields["kind"]
    negative = "NOT" in kind
    first, second, joined = ("<", ">", "OR_EXPR") if negative else (">=", "<=", "AND_EXPR")
    value = analyser.typed(fields["lexpr"])
    bounds = [analyser.typed(low), analyser.typed(high)]

    def within(low: Typed, high: Typed) -> Tree:
        parts = [operation(analyser, _named(first), value, low)[0], operation(analyser, _named(second), value, high)[0]]
        return boolean(joined, parts)[0]

    if not kind.endswith("_SYM"):
        return within(*bounds), BOOLEAN, ()
    parts = [within(*bounds), within(*reversed(bounds))]
    return boolean("AND_EXPR" if negative else "OR_EXPR", parts)


def _distinct(analyser: Analyser, fields: Tree) -> Typed:
    negative = fields["kind"] == "AEXPR_NOT_DISTINCT"
    left, right = fields["lexpr"], fields["rexpr"]
    if "RowExpr" in left and "RowExpr" in right:
        pairs = zip(left["RowExpr"].get("args", ()), right["RowExpr"].get("args", ()), strict=False)
        parts = [
            _distinct(analyser, {**fields, "kind": "AEXPR_DISTINCT", "lexpr": one, "rexpr": other})[0]
            for one, other in pairs
        ]
        different = boolean("OR_EXPR", parts)
        return ({"BoolExpr": {"boolop": "NOT_EXPR", "args": [different[0]]}}, BOOLEAN, ()) if negative else different
    for one, other in ((left, right), (right, left)):
        if one.get("A_Const", {}).get("isnull"):
            test = {"arg": analyser.tree(other), "nulltesttype": "IS_NULL" if negative else "IS_NOT_NULL"}
            return {"NullTest": test}, BOOLEAN, ()
    compared = operation(analyser, fields["name"], analyser.typed(left), analyser.typed(right))[0]
    distinct = {"A_Expr": {**compared["A_Expr"], "kind": "AEXPR_DISTINCT"}}
    if negative:  # the server keeps NOT (a IS DISTINCT FROM b)
        return {"BoolExpr": {"boolop": "NOT_EXPR", "args": [distinct]}}, BOOLEAN, ()
    return distinct, BOOLEAN, ()


def _nullif(analyser: Analyser, fields: Tree) -> Typed:
    left, right = analyser.typed(fields["lexpr"]), analyser.typed(fields["rexpr"])
    compared, _, _ = operation(analyser, _named("="), left, right)
    types = (analyser.base(left[1]), analyser.base(right[1]))
    result = resolve_operator("=", *types).arguments[0]
    return {"A_Expr": {**compared["A_Expr"], "kind": "AEXPR_NULLIF"}}, result or left[1], ()


_KINDS = {
    "AEXPR_OP_ANY": _quantified, "AEXPR_OP_ALL": _quantified, "AEXPR_IN": _in, "AEXPR_LIKE": _matched,
    "AEXPR_ILIKE": _matched, "AEXPR_SIMILAR": _matched, "AEXPR_BETWEEN": _between, "AEXPR_NOT_BETWEEN": _between,
    "AEXPR_BETWEEN_SYM": _between, "AEXPR_NOT_BETWEEN_SYM": _between, "AEXPR_DISTINCT": _distinct,
    "AEXPR_NOT_DISTINCT": _distinct, "AEXPR_NULLIF": _nullif,
}  # fmt: skip


@analyses("CollateClause")
def _collate(analyser: Analyser, fields: Tree) -> Typed:
    tree, type_, modifiers = analyser.typed(fields["arg"])
    if type_ == UNKNOWN:
        tree, type_, modifiers = analyser.coerced((tree, type_, modifiers), "text")
    name = fields["collname"]
    shown = name[1:] if len(name) > 1 and name[0]["String"]["sval"] == "pg_catalog" else name
    return {"CollateClause": {"arg": tree, "collname": shown}}, type_, modifiers


@analyses("NullTest")
def _null_test(analyser: Analyser, fields: Tree) -> Typed:
    return {"NullTest": {**fields, "arg": analyser.typed(fields["arg"])[0]}}, BOOLEAN, ()


@analyses("BooleanTest")
def _boolean_test(analyser: Analyser, fields: Tree) -> Typed:
    return {"BooleanTest": {**fields, "arg": analyser.tree(fields["arg"], BOOLEAN)}}, BOOLEAN, ()


@analyses("CaseExpr")
def _case(analyser: Analyser, fields: Tree) -> Typed:
    """CASE; a missing ELSE is ELSE NULL."""
    branches = [branch["CaseWhen"] for branch in fields["args"]]
    results = [analyser.typed(branch["result"]) for branch in branches]
    default = analyser.typed(fields["defresult"]) if "defresult" in fields else literal(None, UNKNOWN)
    type_ = analyser.common((default[1], *[result[1] for result in results]))
    trees = coerce_all(analyser, [default, *results], [type_] * (len(results) + 1))
    subject = analyser.typed(fields["arg"]) if "arg" in fields else None
    if subject is not None and subject[1] == UNKNOWN:
        subject = analyser.coerced(subject, "text")
    conditions = [_condition(analyser, subject, branch["expr"]) for branch in branches]
    args = [{"CaseWhen": {"expr": when, "result": then}} for when, then in zip(conditions, trees[1:], strict=True)]
    case: dict[str, Any] = {"args": args, "defresult": trees[0]}
    if subject is not None:
        case["arg"] = subject[0]
    return {"CaseExpr": case}, type_, ()


def _condition(analyser: Analyser, subject: Typed | None, node: Tree) -> Tree:
    if subject is None:
        return analyser.tree(node, BOOLEAN)
    right: Tree = operation(analyser, _named("="), subject, analyser.typed(node))[0]["A_Expr"]["rexpr"]
    return right


def _joined(analyser: Analyser, args: Sequence[Tree]) -> tuple[list[Tree], str]:
    items = [analyser.typed(arg) for arg in args]
    type_ = analyser.common([item[1] for item in items])
    return coerce_all(analyser, items, [type_] * len(items)), type_


@analyses("CoalesceExpr")
def _coalesce(analyser: Analyser, fields: Tree) -> Typed:
    args, type_ = _joined(analyser, fields["args"])
    return {"CoalesceExpr": {"args": args}}, type_, ()


@analyses("MinMaxExpr")
def _greatest(analyser: Analyser, fields: Tree) -> Typed:
    args, type_ = _joined(analyser, fields["args"])
    return {"MinMaxExpr": {"op": fields["op"], "args": args}}, type_, ()
