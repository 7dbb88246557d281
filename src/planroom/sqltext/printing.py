"""Prints parse trees as SQL, with no more parentheses than the grammar needs.

What is printed parses to the same tree again, locations aside. Kinds of node that are rare (XMLTABLE, SQL/JSON
constructors) are left to libpg_query's own printer.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.sqltext import printing_queries  # noqa: F401  (enters its printers)
from planroom.sqltext.emission import (
    Binding,
    Printed,
    dotted,
    emit,
    emit_list,
    emit_restricted,
    name,
    printer,
    quote_literal,
)
from planroom.sqltext.names import data_type, string_parts, type_tree
from planroom.sqltext.printing_calls import through_parser

if TYPE_CHECKING:
    from planroom.sqltext.names import Tree

__all__ = ["plain", "print_expression", "print_type"]

_BINDINGS = {
    "+": Binding.SUM, "-": Binding.SUM, "*": Binding.PRODUCT, "/": Binding.PRODUCT, "%": Binding.PRODUCT,
    "^": Binding.POWER, "<": Binding.COMPARISON, ">": Binding.COMPARISON, "=": Binding.COMPARISON,
    "<=": Binding.COMPARISON, ">=": Binding.COMPARISON, "<>": Binding.COMPARISON,
}  # fmt: skip


def print_expression(tree: Tree) -> str:
    """Return an expression or query as SQL on one line.

    Args:
        tree: A node of the parse tree, such as ``{"A_Expr": {...}}`` or ``{"SelectStmt": {...}}``.

    Raises:
        SyntaxProblem: It is nested too deeply.
    """
    try:
        return emit(tree)
    except RecursionError:
        raise SyntaxProblem(
            "An expression is nested too deeply to be printed.",
            why="planroom walks expressions recursively.",
            fix="Split the expression.",
        ) from None


@printer("ColumnRef")
def _column(fields: Tree) -> Printed:
    parts = fields["fields"]
    if len(parts) == 1 and "String" in parts[0]:
        return name(parts[0]["String"].get("sval", "")), Binding.ATOM
    return dotted(parts), Binding.ATOM


@printer("A_Const")
def _constant(fields: Tree) -> Printed:
    if "sval" in fields:
        return quote_literal(fields["sval"].get("sval", "")), Binding.ATOM
    if "ival" in fields:
        number = fields["ival"].get("ival", 0)
        return str(number), Binding.ATOM if number >= 0 else Binding.SIGN
    if "fval" in fields:
        text = fields["fval"]["fval"]
        return text, Binding.SIGN if text.startswith("-") else Binding.ATOM
    if "boolval" in fields:
        return "true" if fields["boolval"].get("boolval") else "false", Binding.ATOM
    if "bsval" in fields:
        text = fields["bsval"]["bsval"]
        return f"{text[0].upper()}'{text[1:]}'", Binding.ATOM
    return "NULL", Binding.ATOM


@printer("Literal")
def _literal(fields: Tree) -> Printed:
    """Print a constant of a known type, which `planroom.sqltext.analysis` makes of literals and their casts."""
    value, type_ = fields["value"], fields["type"]
    if value is None:
        return ("NULL", Binding.ATOM) if type_ == "unknown" else (f"NULL::{type_}", Binding.CAST)
    if type_ == "unknown":
        return quote_literal(value), Binding.ATOM
    if type_ == "bit":
        return f"B'{value}'", Binding.ATOM
    if type_ in {"integer", "boolean"}:
        return value, Binding.SIGN if value.startswith("-") else Binding.ATOM
    if type_ == "numeric" and "." in value:
        return value, Binding.SIGN if value.startswith("-") else Binding.ATOM
    return f"{quote_literal(value)}::{type_}", Binding.CAST


@printer("ParamRef")
def _parameter(fields: Tree) -> Printed:
    return f"${fields.get('number', 0)}", Binding.ATOM


@printer("SetToDefault")
def _default(_: Tree) -> Printed:
    return "DEFAULT", Binding.ATOM


@printer("BoolExpr")
def _boolean(fields: Tree) -> Printed:
    operator, args = fields["boolop"], fields["args"]
    if operator == "NOT_EXPR":
        return f"NOT {emit(args[0], Binding.NOT)}", Binding.NOT
    if operator == "AND_EXPR":
        return " AND ".join([emit(arg, Binding.NOT) for arg in args]), Binding.AND
    return " OR ".join([emit(arg, Binding.AND) for arg in args]), Binding.OR


@printer("A_Expr")
def _operation(fields: Tree) -> Printed:
    kind = fields["kind"]
    if kind == "AEXPR_OP":
        return _operator(fields)
    return _OPERATIONS[kind](fields)


def _operator_name(parts: list[Any]) -> str:
    symbol: str = parts[-1]["String"]["sval"]
    return symbol if len(parts) == 1 else f"OPERATOR({dotted(parts[:-1])}.{symbol})"


def _operator(fields: Tree) -> Printed:
    operator = _operator_name(fields["name"])
    binding = _BINDINGS.get(operator, Binding.OPERATOR)
    if "lexpr" not in fields:
        return _prefix(operator, fields["rexpr"])
    nonassociative = binding == Binding.COMPARISON
    left = emit(fields["lexpr"], binding + nonassociative)
    return f"{left} {operator} {emit(fields['rexpr'], binding + 1)}", binding


def _prefix(operator: str, operand: Tree) -> Printed:
    if operator not in {"+", "-"}:
        return f"{operator} {emit(operand, Binding.SUM)}", Binding.OPERATOR
    text = emit(operand, Binding.SIGN)
    if not (text[0].isalpha() or text[0] in "(_\"'$"):  # a number would be folded into the constant, -- is a comment
        text = f"({text})"
    return operator + text, Binding.SIGN


def _quantified(fields: Tree) -> Printed:
    word = "ANY" if fields["kind"] == "AEXPR_OP_ANY" else "ALL"
    operator = _operator_name(fields["name"])
    binding = _BINDINGS.get(operator, Binding.OPERATOR)
    left = emit(fields["lexpr"], binding + 1)
    right = emit(fields["rexpr"])
    if "SubLink" in fields["rexpr"]:  # else it would be read as ANY (subquery)
        right = f"({right})"
    return f"{left} {operator} {word} ({right})", binding


def _in(fields: Tree) -> Printed:
    negation = "NOT " if fields["name"][0]["String"]["sval"] == "<>" else ""
    items = emit_list(fields["rexpr"]["List"]["items"])
    return f"{emit(fields['lexpr'], Binding.ESCAPE)} {negation}IN ({items})", Binding.LIKE


_BETWEEN = {
    "AEXPR_BETWEEN": "BETWEEN", "AEXPR_NOT_BETWEEN": "NOT BETWEEN",
    "AEXPR_BETWEEN_SYM": "BETWEEN SYMMETRIC", "AEXPR_NOT_BETWEEN_SYM": "NOT BETWEEN SYMMETRIC",
}  # fmt: skip


def _between(fields: Tree) -> Printed:
    low, high = fields["rexpr"]["List"]["items"]
    value, words = emit(fields["lexpr"], Binding.ESCAPE), _BETWEEN[fields["kind"]]
    return f"{value} {words} {emit_restricted(low)} AND {emit(high, Binding.ESCAPE)}", Binding.LIKE


_LIKE = {
    "~~": "LIKE", "!~~": "NOT LIKE", "~~*": "ILIKE", "!~~*": "NOT ILIKE", "~": "SIMILAR TO", "!~": "NOT SIMILAR TO"
}  # fmt: skip


def _like(fields: Tree) -> Printed:
    words, pattern, escape = _LIKE[fields["name"][0]["String"]["sval"]], fields["rexpr"], ""
    args = []
    if fields["kind"] == "AEXPR_SIMILAR" or _is_call_of(pattern, "like_escape"):
        args = pattern["FuncCall"]["args"]
        pattern = args[0]
    if len(args) == 2:
        escape = f" ESCAPE {emit(args[1], Binding.OPERATOR)}"
    value = emit(fields["lexpr"], Binding.ESCAPE)
    return f"{value} {words} {emit(pattern, Binding.ESCAPE)}{escape}", Binding.LIKE


def _is_call_of(node: Tree, function: str) -> bool:
    return "FuncCall" in node and string_parts(node["FuncCall"]["funcname"]) == ["pg_catalog", function]


def _distinct(fields: Tree) -> Printed:
    negation = "NOT " if fields["kind"] == "AEXPR_NOT_DISTINCT" else ""
    left, right = emit(fields["lexpr"], Binding.COMPARISON), emit(fields["rexpr"], Binding.COMPARISON)
    return f"{left} IS {negation}DISTINCT FROM {right}", Binding.IS


def _nullif(fields: Tree) -> Printed:
    return f"NULLIF({emit(fields['lexpr'])}, {emit(fields['rexpr'])})", Binding.ATOM


_OPERATIONS = {
    "AEXPR_OP_ANY": _quantified, "AEXPR_OP_ALL": _quantified, "AEXPR_IN": _in, "AEXPR_LIKE": _like,
    "AEXPR_ILIKE": _like, "AEXPR_SIMILAR": _like, "AEXPR_DISTINCT": _distinct, "AEXPR_NOT_DISTINCT": _distinct,
    "AEXPR_NULLIF": _nullif, **dict.fromkeys(_BETWEEN, _between),
}  # fmt: skip


@printer("TypeCast")
def _cast(fields: Tree) -> Printed:
    return f"{emit(fields['arg'], Binding.CAST)}::{print_type(fields['typeName'])}", Binding.CAST


@cache
def _plain_type(*parts: str) -> str:
    """Return the text of a type without modifiers; aliases such as int4 stay as they are."""
    if len(parts) != 2 or parts[0] != "pg_catalog":
        return ".".join(map(name, parts))
    return "pg_catalog.bpchar" if parts[1] == "bpchar" else str(data_type({"names": [_string(part) for part in parts]}))


def _string(text: str) -> Tree:
    return {"String": {"sval": text}}


def print_type(fields: Tree) -> str:
    """Return the text of a TypeName's fields; aliases stay as they were written."""
    if "text" in fields:
        return str(fields["text"])
    if "typmods" not in fields and "arrayBounds" not in fields and "setof" not in fields:
        return _plain_type(*[part["String"]["sval"] for part in fields["names"]])
    parts, bounds = fields["names"], fields.get("arrayBounds", ())
    text = str(data_type({key: value for key, value in fields.items() if key != "arrayBounds"}))
    if len(parts) == 1:  # an alias such as int4; the grammar's own words have pg_catalog before them
        modifiers = f"({emit_list(fields['typmods'])})" if "typmods" in fields else ""
        text = name(parts[0]["String"]["sval"]) + modifiers
    elif text == "bpchar":
        text = "pg_catalog.bpchar"
    elif len(parts) > 2:
        text = dotted(parts)
    sizes = [bound["Integer"].get("ival", 0) for bound in bounds]
    setof = "SETOF " if fields.get("setof") else ""
    return setof + text + "".join(["[]" if size == -1 else f"[{size}]" for size in sizes])


@printer("TypeName")
def _type(fields: Tree) -> Printed:
    return print_type(fields), Binding.ATOM


@printer("CollateClause")
def _collate(fields: Tree) -> Printed:
    return f"{emit(fields['arg'], Binding.COLLATE)} COLLATE {dotted(fields['collname'])}", Binding.COLLATE


@printer("NullTest")
def _null_test(fields: Tree) -> Printed:
    words = "IS NULL" if fields["nulltesttype"] == "IS_NULL" else "IS NOT NULL"
    return f"{emit(fields['arg'], Binding.COMPARISON)} {words}", Binding.IS


@printer("BooleanTest")
def _boolean_test(fields: Tree) -> Printed:
    words = fields["booltesttype"].replace("_", " ")
    return f"{emit(fields['arg'], Binding.COMPARISON)} {words}", Binding.IS


@printer("CaseExpr")
def _case(fields: Tree) -> Printed:
    words = ["CASE"]
    if "arg" in fields:
        words.append(emit(fields["arg"]))
    for branch in fields["args"]:
        when = branch["CaseWhen"]
        words.append(f"WHEN {emit(when['expr'])} THEN {emit(when['result'])}")
    if "defresult" in fields:
        words.append(f"ELSE {emit(fields['defresult'])}")
    return " ".join([*words, "END"]), Binding.ATOM


@printer("CoalesceExpr")
def _coalesce(fields: Tree) -> Printed:
    return f"COALESCE({emit_list(fields['args'])})", Binding.ATOM


@printer("MinMaxExpr")
def _greatest(fields: Tree) -> Printed:
    word = "GREATEST" if fields["op"] == "IS_GREATEST" else "LEAST"
    return f"{word}({emit_list(fields['args'])})", Binding.ATOM


@printer("RowExpr")
def _row(fields: Tree) -> Printed:
    args = fields.get("args", ())
    word = "" if fields["row_format"] == "COERCE_IMPLICIT_CAST" and len(args) > 1 else "ROW"
    return f"{word}({emit_list(args)})", Binding.ATOM


@printer("A_ArrayExpr")
def _array(fields: Tree) -> Printed:
    return f"ARRAY[{emit_list(fields.get('elements', ()))}]", Binding.ATOM


@printer("A_Indirection")
def _indirection(fields: Tree) -> Printed:
    arg, steps = fields["arg"], fields["indirection"]
    text = emit(arg)
    if not ("ParamRef" in arg or ("ColumnRef" in arg and "A_Indices" in steps[0])):
        text = f"({text})"
    return text + "".join([_step(step) for step in steps]), Binding.ATOM


def _step(step: Tree) -> str:
    if "String" in step:
        return "." + name(step["String"].get("sval", ""))
    if "A_Star" in step:
        return ".*"
    fields = step["A_Indices"]
    low, high = (emit(fields[bound]) if bound in fields else "" for bound in ("lidx", "uidx"))
    return f"[{low}:{high}]" if fields.get("is_slice") else f"[{high}]"


@printer("SubLink")
def _sublink(fields: Tree) -> Printed:
    kind, query = fields["subLinkType"], f"({emit(fields['subselect'])})"
    if kind in {"EXPR_SUBLINK", "MULTIEXPR_SUBLINK"}:
        return query, Binding.ATOM
    if kind in {"EXISTS_SUBLINK", "ARRAY_SUBLINK"}:
        return kind.removesuffix("_SUBLINK") + (" " if kind[0] == "E" else "") + query, Binding.ATOM
    test = fields["testexpr"]
    if "operName" not in fields:
        return f"{emit(test, Binding.ESCAPE)} IN {query}", Binding.LIKE
    operator = _operator_name(fields["operName"])
    binding = _BINDINGS.get(operator, Binding.OPERATOR)
    word = "ANY" if kind == "ANY_SUBLINK" else "ALL"
    return f"{emit(test, binding + 1)} {operator} {word} {query}", binding


@printer("List")
def _list(fields: Tree) -> Printed:
    return f"({emit_list(fields.get('items', ()))})", Binding.ATOM


def plain(value: Any) -> Any:
    """Return a tree whose Literal nodes and type texts are replaced by what libpg_query itself would give."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "Literal" in value:
        literal = value["Literal"]
        constant = {"isnull": True} if literal["value"] is None else {"sval": {"sval": literal["value"]}}
        if literal["type"] == "integer" and literal["value"] is not None:
            return {"A_Const": {"ival": {"ival": int(literal["value"])}}}
        if literal["type"] == "unknown":
            return {"A_Const": constant}
        return {"TypeCast": {"arg": {"A_Const": constant}, "typeName": type_tree(literal["type"])}}
    if "text" in value and len(value) == 1:
        return type_tree(value["text"])
    return {key: plain(item) for key, item in value.items()}


@printer("")
def _rare(node: Tree) -> Printed:
    """Print a node of another kind through libpg_query's own printer, as the one target of a SELECT."""
    return through_parser(plain(node)), Binding.ANY
