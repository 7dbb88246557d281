"""Which expressions an index may hold: those that give the same for the same row, whatever the settings.

What is not known to be IMMUTABLE is taken not to be: the server refuses such an index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.sqltext.names import string_parts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from planroom.sqltext import Tree

__all__ = ["type_if_immutable"]

_TEXT = frozenset({"text", "character varying", "character"})
_NUMBERS = frozenset({"smallint", "integer", "bigint", "numeric", "real", "double precision"})
_LOCAL = "timestamp without time zone"
_ZONED = "timestamp with time zone"
_SHORT = {
    "int4": "integer", "int8": "bigint", "int2": "smallint", "float8": "double precision", "float4": "real",
    "bool": "boolean", "varchar": "character varying", "bpchar": "character", "timestamp": _LOCAL,
    "timestamptz": _ZONED,
}  # fmt: skip
# Functions of text that are IMMUTABLE in pg_proc, with the type of their result.
_OF_TEXT = {
    **dict.fromkeys("lower upper initcap md5 btrim ltrim rtrim substr substring".split(), "text"),
    **dict.fromkeys("left right reverse replace".split(), "text"),
    **dict.fromkeys("length char_length character_length octet_length strpos".split(), "integer"),
}  # fmt: skip
_OF_NUMBERS = frozenset("abs round floor ceil ceiling trunc mod sign".split())
_ARITHMETIC = frozenset("+ - * / %".split())
_DOCUMENTS = {"->": "", "#>": "", "->>": "text", "#>>": "text"}
# From what a cast is IMMUTABLE: through text's own rules, not those of DateStyle or TimeZone.
_CASTS_FROM = _TEXT | _NUMBERS | {"boolean", "uuid"}
_CASTS_TO = _TEXT | _NUMBERS | {"boolean", "uuid"}


def type_if_immutable(tree: Tree, types: Mapping[str, str]) -> str | None:
    """Return the type of an expression, empty where it is a constant's or a document's; None if it may vary.

    Args:
        tree: Its parse tree, columns without qualifiers.
        types: The types of the table's columns by name, as PostgreSQL prints them without modifiers.

    Source: ``pg_proc.provolatile`` and ``pg_cast`` of PostgreSQL 18.
    """
    kind, fields = next(iter(tree.items()))
    if kind == "ColumnRef":
        return types.get(string_parts(fields["fields"])[-1])
    if kind == "A_Const":
        return ""
    judge = _JUDGES.get(kind)
    return judge(fields, types) if judge is not None else None


def _call(fields: Tree, types: Mapping[str, str]) -> str | None:
    name = string_parts(fields["funcname"])[-1]
    inner = [type_if_immutable(each, types) for each in fields.get("args", ())]
    if None in inner or not inner or fields.get("over") or fields.get("agg_star"):
        return None
    given = {each for each in inner if each}
    if name in _OF_TEXT and given <= _TEXT | {"integer"}:
        return _OF_TEXT[name]
    if name in _OF_NUMBERS and given <= _NUMBERS:
        return next(iter(given), "numeric")
    return _of_time(name, inner)


def _of_time(name: str, inner: list[str | None]) -> str | None:
    """Return the type of a function of a point in time; with a zone it depends on the session's."""
    last = inner[-1]
    if name == "date_trunc" and inner[0] == "" and last == _LOCAL and len(inner) == 2:
        return _LOCAL
    if name in {"extract", "date_part"} and inner[0] == "" and last in {_LOCAL, "date"}:
        return "numeric" if name == "extract" else "double precision"
    if name == "timezone" and len(inner) == 2 and inner[0] == "":
        return {_ZONED: _LOCAL, _LOCAL: _ZONED}.get(last or "")
    if name == "to_tsvector" and len(inner) == 2 and inner[0] == "" and last in _TEXT:
        return "tsvector"
    return None


def _operator(fields: Tree, types: Mapping[str, str]) -> str | None:
    name = string_parts(fields["name"])[-1]
    if fields.get("kind") != "AEXPR_OP" or "lexpr" not in fields:
        return None
    left, right = (type_if_immutable(fields[side], types) for side in ("lexpr", "rexpr"))
    if left is None or right is None:
        return None
    given = {left, right} - {""}
    if name in _ARITHMETIC and given <= _NUMBERS:
        return next(iter(given)) if len(given) == 1 else "numeric"
    if name == "||" and given <= _TEXT:
        return "text"
    return _DOCUMENTS[name] if name in _DOCUMENTS and left in {"json", "jsonb", ""} and right == "" else None


def _cast(fields: Tree, types: Mapping[str, str]) -> str | None:
    inner = type_if_immutable(fields["arg"], types)
    named = string_parts(fields["typeName"].get("names", ()))
    to = _SHORT.get(named[-1], named[-1]) if named else ""
    if inner is None or fields["typeName"].get("arrayBounds"):
        return None
    if inner in _CASTS_FROM or (inner == "" and "A_Const" in fields["arg"]):
        return to if to in _CASTS_TO else None
    return "date" if inner == _LOCAL and to == "date" else None


def _alternatives(fields: Tree, types: Mapping[str, str]) -> str | None:
    inner = [type_if_immutable(each, types) for each in fields.get("args", ())]
    return None if None in inner else next((each for each in inner if each), "text")


_JUDGES: dict[str, Callable[[Any, Mapping[str, str]], str | None]] = {
    "FuncCall": _call, "A_Expr": _operator, "TypeCast": _cast, "CoalesceExpr": _alternatives,
}  # fmt: skip
