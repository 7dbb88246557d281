"""The types and implicit casts of columns, constants, casts, arrays, rows, fields and SQL/JSON.

Source: ``parse_expr.c``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.sqltext.analysis import Analyser, Typed, analyses, array_of, literal
from planroom.sqltext.builtins import OPAQUE, UNKNOWN, type_key
from planroom.sqltext.literals import fits, normalise
from planroom.sqltext.names import data_type, string_parts
from planroom.sqltext.resolution import is_array
from planroom.sqltext.types import DataType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from planroom.sqltext.names import Tree

__all__: list[str] = []

BOOLEAN = "boolean"


@analyses("ColumnRef")
def _column(analyser: Analyser, fields: Tree) -> Typed:
    nodes = fields["fields"]
    if "A_Star" in nodes[-1]:
        return _row_star(analyser, fields)
    parts = string_parts(nodes)
    found = analyser.scope.column(parts)
    if found is not None:
        return found
    if len(parts) == 1:
        relation = analyser.scope.whole_row(parts[0])
        if relation is not None:
            return {"ColumnRef": {"fields": [{"String": {"sval": relation.alias}}]}}, OPAQUE, ()
    return {"ColumnRef": fields}, OPAQUE, ()


def _row_star(analyser: Analyser, fields: Tree) -> Typed:
    """Return a whole row, written ``t.*`` outside a SELECT list, as ``t``."""
    nodes = fields["fields"]
    relation = analyser.scope.whole_row(nodes[-2]["String"]["sval"]) if len(nodes) > 1 else None
    if relation is not None:
        nodes = [{"String": {"sval": relation.alias}}]
    return {"ColumnRef": {"fields": nodes}}, OPAQUE, ()


@analyses("A_Const")
def _constant(_: Analyser, fields: Tree) -> Typed:
    if "sval" in fields:
        return literal(fields["sval"].get("sval", ""), UNKNOWN)
    if "ival" in fields:
        return literal(str(fields["ival"].get("ival", 0)), "integer")
    if "boolval" in fields:
        return literal("true" if fields["boolval"].get("boolval") else "false", BOOLEAN)
    if "fval" in fields:
        return _number(fields["fval"]["fval"])
    if "bsval" in fields:
        text = fields["bsval"]["bsval"]
        bits = text[1:] if text[0] in "bB" else "".join([f"{int(digit, 16):04b}" for digit in text[1:]])
        return literal(bits, "bit")
    return literal(None, UNKNOWN)


def _number(text: str) -> Typed:
    """Return a number as the grammar types it: bigint when it is whole and fits, else numeric."""
    plain = text.replace("_", "")
    try:
        number = int(plain, 0)
    except ValueError:
        return literal(normalise(plain, "numeric"), "numeric")
    return literal(str(number), "bigint" if fits(number, "bigint") else "numeric")


_CLOCK_CASTS = {
    "date": "SVFOP_CURRENT_DATE", "time with time zone": "SVFOP_CURRENT_TIME",
    "timestamp without time zone": "SVFOP_LOCALTIMESTAMP", "time without time zone": "SVFOP_LOCALTIME",
}  # fmt: skip


@analyses("TypeCast")
def _cast(analyser: Analyser, fields: Tree) -> Typed:
    type_ = data_type(fields["typeName"], analyser.names)
    arg = fields["arg"]
    if "A_ArrayExpr" in arg and type_.array and arg["A_ArrayExpr"].get("elements"):
        return _cast_elements(analyser, arg["A_ArrayExpr"], type_)
    typed = analyser.typed(arg)
    if "ColumnRef" in arg and _is_own_row(analyser, arg["ColumnRef"]["fields"], type_):
        return typed
    tree = typed[0]
    if typed[1] == "text" and "Literal" in tree and tree["Literal"]["value"] == "now":
        clock = _CLOCK_CASTS.get(type_.name) if not type_.array and not type_.modifiers else None
        if clock:  # what PostgreSQL 9.6 made of CURRENT_DATE and its like
            return {"SQLValueFunction": {"op": clock, "typmod": -1}}, type_.name, ()
    return analyser.cast(typed, type_)


def _is_own_row(analyser: Analyser, fields: list[Tree], type_: DataType) -> bool:
    """Return whether a whole row is cast to its own table's type, which the server writes and which does nothing."""
    if len(fields) < 2 or "A_Star" not in fields[-1]:
        return False
    relation = analyser.scope.whole_row(fields[-2]["String"]["sval"])
    return relation is not None and (relation.schema, relation.table) == (type_.schema, type_.name)


def _cast_elements(analyser: Analyser, array: Tree, type_: DataType) -> Typed:
    """Cast the elements of ``ARRAY[...]::type[]``, which is what the server does with it."""
    elements, of = [], DataType(type_.name, type_.modifiers, type_.schema)
    for element in array["elements"]:
        if "A_ArrayExpr" in element and element["A_ArrayExpr"].get("elements"):
            elements.append(_cast_elements(analyser, element["A_ArrayExpr"], type_)[0])
        else:
            elements.append(analyser.cast(analyser.typed(element), of)[0])
    return {"A_ArrayExpr": {"elements": elements}}, type_key(type_), ()


@analyses("A_ArrayExpr")
def _array(analyser: Analyser, fields: Tree) -> Typed:
    items = [analyser.typed(element) for element in fields.get("elements", ())]
    if not items:
        return {"A_ArrayExpr": {}}, OPAQUE, ()
    if any(is_array(item[1]) for item in items):
        types = {item[1] for item in items}
        type_ = types.pop() if len(types) == 1 else OPAQUE
        return {"A_ArrayExpr": {"elements": [item[0] for item in items]}}, type_, ()
    return array_of(analyser, items, analyser.common([item[1] for item in items]))


@analyses("RowExpr")
def _row(analyser: Analyser, fields: Tree) -> Typed:
    args = [analyser.coerced(item, "text" if item[1] == UNKNOWN else OPAQUE)[0]
            for item in map(analyser.typed, fields.get("args", ()))]  # fmt: skip
    return {"RowExpr": {"args": args, "row_format": "COERCE_EXPLICIT_CALL"}}, "record", ()


@analyses("A_Indirection")
def _indirection(analyser: Analyser, fields: Tree) -> Typed:
    column = _column_of_row(analyser, fields)
    if column is not None:
        return column
    tree, type_, _ = analyser.typed(fields["arg"])
    steps = []
    for step in fields["indirection"]:
        index = step.get("A_Indices")
        if index is None:
            type_ = _field_type(analyser, type_, step)
            steps.append(step)
            continue
        wanted = "text" if type_ == "jsonb" else "integer"
        bounds = {key: _subscript(analyser, index[key], wanted) for key in ("lidx", "uidx") if key in index}
        steps.append({"A_Indices": {**index, **bounds}})
        if not index.get("is_slice") and is_array(type_):
            type_ = type_.removesuffix("[]")
    return {"A_Indirection": {"arg": tree, "indirection": steps}}, type_, ()


def _column_of_row(analyser: Analyser, fields: Tree) -> Typed | None:
    """Return the column that ``(t).c`` means, where ``t`` is a relation in scope; None for anything else."""
    names: Sequence[Tree] = fields["arg"]["ColumnRef"]["fields"] if "ColumnRef" in fields["arg"] else ()
    steps = fields["indirection"]
    if len(names) != 1 or len(steps) != 1 or "String" not in names[0] or "String" not in steps[0]:
        return None
    parts = string_parts(names)
    if analyser.scope.column(parts) is not None or analyser.scope.whole_row(parts[0]) is None:
        return None
    return analyser.scope.column([*parts, *string_parts(steps)])


def _field_type(analyser: Analyser, type_: str, step: Tree) -> str:
    """Return the type of a composite value's field, where the type is known."""
    fields = analyser.fields(type_) if "String" in step else None
    field = fields.get(step["String"].get("sval", "")) if fields else None
    return OPAQUE if field is None else type_key(field)


def _subscript(analyser: Analyser, node: Tree, wanted: str) -> Tree:
    typed = analyser.typed(node)
    if wanted == "text" and typed[1] == "integer":
        return typed[0]
    return analyser.coerced(typed, wanted)[0]


_CLOCKS = {
    "CURRENT_DATE": "date", "CURRENT_TIME": "time with time zone", "CURRENT_TIMESTAMP": "timestamp with time zone",
    "LOCALTIME": "time without time zone", "LOCALTIMESTAMP": "timestamp without time zone",
}  # fmt: skip


@analyses("SQLValueFunction")
def _value_function(_: Analyser, fields: Tree) -> Typed:
    word = fields["op"].removeprefix("SVFOP_").removesuffix("_N")
    if word in {"USER", "CURRENT_ROLE"}:  # other words for CURRENT_USER
        fields = {**fields, "op": "SVFOP_CURRENT_USER"}
    return {"SQLValueFunction": fields}, _CLOCKS.get(word, "name"), ()


@analyses("GroupingFunc")
def _grouping(analyser: Analyser, fields: Tree) -> Typed:
    args = [analyser.typed(arg)[0] for arg in fields["args"]]
    return {"GroupingFunc": {"args": args}}, "integer", ()


_JSON_RESULTS = {"JSON_EXISTS_OP": "boolean", "JSON_QUERY_OP": "jsonb", "JSON_VALUE_OP": "text"}


@analyses("JsonFuncExpr")
def _json_function(analyser: Analyser, fields: Tree) -> Typed:
    """JSON_EXISTS, JSON_QUERY and JSON_VALUE; a RETURNING that names the default is left out."""
    result = {key: value for key, value in analyser.rebuilt(fields).items() if key not in {"pathspec", "output"}}
    path = fields["pathspec"].get("A_Const", {}).get("sval", {}).get("sval")
    shown = {"A_Const": {"sval": {"sval": normalise(path or "", "jsonpath")}}}
    result["pathspec"] = fields["pathspec"] if path is None else shown
    type_ = default = _JSON_RESULTS[fields["op"]]
    if "output" in fields:
        type_ = type_key(data_type(fields["output"]["typeName"], analyser.names))
        if type_ != default:
            result["output"] = fields["output"]
    return {"JsonFuncExpr": result}, type_, ()


@analyses("JsonObjectConstructor")
def _json_object(analyser: Analyser, fields: Tree) -> Typed:
    return _json_constructor(analyser, "JsonObjectConstructor", fields)


@analyses("JsonArrayConstructor")
def _json_array(analyser: Analyser, fields: Tree) -> Typed:
    return _json_constructor(analyser, "JsonArrayConstructor", fields)


def _json_constructor(analyser: Analyser, kind: str, fields: Tree) -> Typed:
    result: dict[str, Any] = analyser.rebuilt({key: value for key, value in fields.items() if key != "output"})
    type_ = type_key(data_type(fields["output"]["typeName"], analyser.names)) if "output" in fields else "json"
    if type_ != "json":
        result["output"] = fields["output"]
    return {kind: result}, type_, ()


@analyses("JsonIsPredicate")
def _is_json(analyser: Analyser, fields: Tree) -> Typed:
    return {"JsonIsPredicate": {**fields, "expr": analyser.typed(fields["expr"])[0]}}, BOOLEAN, ()
