"""Prints function calls: plain calls, aggregates, windows, and the calls that SQL gives a grammar of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import SyntaxProblem
from planroom.sqltext.emission import Binding, Printed, dotted, emit, emit_list, emit_restricted, name, printer
from planroom.sqltext.names import string_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from planroom.sqltext.names import Tree

__all__ = ["order_by", "through_parser", "window"]


@printer("FuncCall")
def _call(fields: Tree) -> Printed:
    if fields.get("funcformat") == "COERCE_SQL_SYNTAX":
        function = _SYNTAX.get(fields["funcname"][-1]["String"]["sval"])
        printed = function(fields.get("args", ())) if function else None
        if printed is not None:
            return printed
    parts = fields["funcname"]
    words = [_function_name(parts), "(", _arguments(fields), ")"]
    if fields.get("agg_within_group"):
        words.append(f" WITHIN GROUP ({order_by(fields['agg_order'])})")
    if "agg_filter" in fields:
        words.append(f" FILTER (WHERE {emit(fields['agg_filter'])})")
    if "over" in fields:
        over = fields["over"]
        words.append(f" OVER {name(over['name']) if 'name' in over else window(over)}")
    return "".join(words), Binding.ATOM


def _function_name(parts: Sequence[Tree]) -> str:
    if len(parts) > 1:
        return dotted(parts)
    bare: str = parts[0]["String"]["sval"]
    if bare in {"left", "right"}:
        return bare
    return f'"{bare}"' if bare in _QUOTED_CALLS else name(bare)


_QUOTED_CALLS = frozenset({"extract", "normalize", "overlay", "position", "substring", "trim", "xmlexists", "values",
                           "nullif", "row", "between", "bit", "char", "treat", "setof", "precision"})  # fmt: skip
"""Keywords that start a grammar of their own, not a plain call (col_name_keyword)."""


def _arguments(fields: Tree) -> str:
    if fields.get("agg_star"):
        return "*"
    args = [emit(arg) for arg in fields.get("args", ())]
    if fields.get("func_variadic"):
        args[-1] = f"VARIADIC {args[-1]}"
    text = ("DISTINCT " if fields.get("agg_distinct") else "") + ", ".join(args)
    if "agg_order" in fields and not fields.get("agg_within_group"):
        text += f" {order_by(fields['agg_order'])}"
    return text


@printer("NamedArgExpr")
def _named_argument(fields: Tree) -> Printed:
    return f"{name(fields['name'])} => {emit(fields['arg'])}", Binding.ATOM


def _between_words(first: str, word: str) -> Callable[[Sequence[Tree]], Printed | None]:
    def form(args: Sequence[Tree]) -> Printed | None:
        if len(args) != 2:
            return None
        return f"{first}({emit_restricted(args[1])} {word} {emit_restricted(args[0])})", Binding.ATOM

    return form


def _extract(args: Sequence[Tree]) -> Printed | None:
    field = args[0].get("A_Const", {}).get("sval", {}).get("sval", "")
    if not field:
        return None
    return f"EXTRACT({field if field.isidentifier() else name(field)} FROM {emit(args[1])})", Binding.ATOM


def _timezone(args: Sequence[Tree]) -> Printed:
    value = emit(args[-1], Binding.AT)
    if len(args) == 1:
        return f"{value} AT LOCAL", Binding.AT
    return f"{value} AT TIME ZONE {emit(args[0], Binding.COLLATE)}", Binding.AT


def _overlay(args: Sequence[Tree]) -> Printed:
    text = f"OVERLAY({emit(args[0])} PLACING {emit(args[1])} FROM {emit(args[2])}"
    return text + (f" FOR {emit(args[3])})" if len(args) > 3 else ")"), Binding.ATOM


def _substring(args: Sequence[Tree]) -> Printed | None:
    if len(args) < 2:
        return None
    text = f"SUBSTRING({emit(args[0])} FROM {emit(args[1])}"
    return text + (f" FOR {emit(args[2])})" if len(args) > 2 else ")"), Binding.ATOM


def _similar_substring(args: Sequence[Tree]) -> Printed:
    value, pattern, escape = map(emit, args)
    return f"SUBSTRING({value} SIMILAR {pattern} ESCAPE {escape})", Binding.ATOM


def _trim(side: str) -> Callable[[Sequence[Tree]], Printed | None]:
    def form(args: Sequence[Tree]) -> Printed:
        characters = f"{emit(args[1])} " if len(args) > 1 else ""
        return f"TRIM({side} {characters}FROM {emit(args[0])})", Binding.ATOM

    return form


def _normalize(args: Sequence[Tree]) -> Printed:
    form = f", {_word(args[1])}" if len(args) > 1 else ""
    return f"NORMALIZE({emit(args[0])}{form})", Binding.ATOM


def _is_normalized(args: Sequence[Tree]) -> Printed:
    form = f"{_word(args[1])} " if len(args) > 1 else ""
    return f"{emit(args[0], Binding.COMPARISON)} IS {form}NORMALIZED", Binding.IS


def _word(node: Tree) -> str:
    return str(node["A_Const"]["sval"]["sval"])


def _overlaps(args: Sequence[Tree]) -> Printed:
    rows = [f"ROW({emit_list(pair)})" for pair in (args[:2], args[2:])]
    return " OVERLAPS ".join(rows), Binding.LIKE


def _collation_for(args: Sequence[Tree]) -> Printed:
    return f"COLLATION FOR ({emit(args[0])})", Binding.ATOM


def _xml_exists(args: Sequence[Tree]) -> Printed:
    return f"XMLEXISTS({emit(args[0], Binding.ATOM)} PASSING {emit(args[1], Binding.ATOM)})", Binding.ATOM


def _system_user(_: Sequence[Tree]) -> Printed:
    return "SYSTEM_USER", Binding.ATOM


_SYNTAX: dict[str, Callable[[Sequence[Tree]], Printed | None]] = {
    "extract": _extract, "timezone": _timezone, "overlay": _overlay, "position": _between_words("POSITION", "IN"),
    "substring": _substring, "btrim": _trim("BOTH"), "ltrim": _trim("LEADING"), "rtrim": _trim("TRAILING"),
    "normalize": _normalize, "is_normalized": _is_normalized, "overlaps": _overlaps,
    "xmlexists": _xml_exists, "pg_collation_for": _collation_for, "system_user": _system_user,
}  # fmt: skip


@printer("SQLValueFunction")
def _value_function(fields: Tree) -> Printed:
    word = fields["op"].removeprefix("SVFOP_")
    if word.endswith("_N"):
        return f"{word[:-2]}({fields.get('typmod', 0)})", Binding.ATOM
    return word, Binding.ATOM


@printer("GroupingFunc")
def _grouping(fields: Tree) -> Printed:
    return f"GROUPING({emit_list(fields['args'])})", Binding.ATOM


@printer("SortBy")
def _sort(fields: Tree) -> Printed:
    words = [emit(fields["node"])]
    direction, nulls = fields.get("sortby_dir"), fields.get("sortby_nulls")
    if direction in {"SORTBY_ASC", "SORTBY_DESC"}:
        words.append(str(direction)[7:])
    elif direction == "SORTBY_USING":
        words.append(f"USING OPERATOR({'.'.join(string_parts(fields['useOp']))})")
    if nulls in {"SORTBY_NULLS_FIRST", "SORTBY_NULLS_LAST"}:
        words.append("NULLS " + str(nulls)[13:])
    return " ".join(words), Binding.ATOM


def order_by(items: Sequence[Tree]) -> str:
    """Return an ORDER BY clause."""
    return f"ORDER BY {emit_list(items)}"


# The bits of WindowDef.frameOptions that name a bound (parsenodes.h), as start and end.
_START = {0x20: "UNBOUNDED PRECEDING", 0x80: "UNBOUNDED FOLLOWING", 0x200: "CURRENT ROW", 0x800: "{} PRECEDING",
          0x2000: "{} FOLLOWING"}  # fmt: skip
_END = {bit << 1: words for bit, words in _START.items()}
_EXCLUDED = {0x8000: " EXCLUDE CURRENT ROW", 0x10000: " EXCLUDE GROUP", 0x20000: " EXCLUDE TIES"}


def window(fields: Tree) -> str:
    """Return a window's definition, in parentheses."""
    words = [name(fields["refname"])] if "refname" in fields else []
    if "partitionClause" in fields:
        words.append(f"PARTITION BY {emit_list(fields['partitionClause'])}")
    if "orderClause" in fields:
        words.append(order_by(fields["orderClause"]))
    if fields.get("frameOptions", 0) & 0x1:
        words.append(_frame(fields))
    return f"({' '.join(words)})"


def _frame(fields: Tree) -> str:
    options = fields["frameOptions"]
    unit = "RANGE" if options & 0x2 else "ROWS" if options & 0x4 else "GROUPS"
    start, end = (
        next(words for bit, words in table.items() if options & bit).format(emit(fields.get(offset, {})))
        for table, offset in ((_START, "startOffset"), (_END, "endOffset"))
    )
    excluded = "".join([words for bit, words in _EXCLUDED.items() if options & bit])
    return f"{unit} BETWEEN {start} AND {end}{excluded}" if options & 0x10 else f"{unit} {start}{excluded}"


def through_parser(node: Any) -> str:
    """Return a node's text as libpg_query's own printer writes it.

    Slow (it loads the protobuf classes), and meant for the kinds of node that hardly occur.
    """
    from google.protobuf.json_format import ParseDict, ParseError
    from postgast import deparse
    from postgast.pg_query_pb2 import ParseResult

    select = {"targetList": [{"ResTarget": {"val": node}}], "limitOption": "LIMIT_OPTION_DEFAULT", "op": "SETOP_NONE"}
    try:
        tree = ParseDict({"stmts": [{"stmt": {"SelectStmt": select}}]}, ParseResult())
    except ParseError:
        kind = next(iter(node))
        raise SyntaxProblem(
            f"An expression of kind {kind} cannot be printed.", why="its parts are not known."
        ) from None
    return str(deparse(tree)).removeprefix("SELECT ")
