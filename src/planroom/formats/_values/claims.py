"""What checks say of a single value: bounds, lengths, patterns, lists.

Only what is sure is claimed. A condition over several columns, or with anything else in it than constants, claims
nothing; nor does a pattern that other engines of regular expressions read otherwise than PostgreSQL does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import reduce
from typing import Any

from planroom.errors import SyntaxProblem
from planroom.sqltext import parse_expression_tree

__all__ = ["NOTHING", "Claims", "both", "claims_of"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What every value that is not NULL meets.

    Attributes:
        at_least, above, at_most, below: Bounds of a number; None for none.
        shortest, longest: Bounds of a text's length in characters; None for none.
        pattern: A regular expression that is found in the text; empty for none.
        one_of: The only values that there may be; empty for any.
    """

    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str = ""
    one_of: tuple[str | Decimal, ...] = ()


NOTHING = Claims()


def both(first: Claims, second: Claims) -> Claims:
    """Return what holds where both hold; of two patterns the first is kept."""
    return Claims(
        at_least=_outer(max, first.at_least, second.at_least),
        above=_outer(max, first.above, second.above),
        at_most=_outer(min, first.at_most, second.at_most),
        below=_outer(min, first.below, second.below),
        shortest=_outer(max, first.shortest, second.shortest),
        longest=_outer(min, first.longest, second.longest),
        pattern=first.pattern or second.pattern,
        one_of=_common(first.one_of, second.one_of),
    )


def _outer(choose: Any, first: Any, second: Any) -> Any:
    known = [each for each in (first, second) if each is not None]
    return choose(known) if known else None


def _common(first: tuple[Any, ...], second: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each for each in first if each in second) if first and second else first or second


def claims_of(conditions: Iterable[str], name: str) -> Claims:
    """Return what conditions, all of which hold, say of one column.

    Args:
        conditions: Canonical expressions.
        name: The column's name; ``value`` in the checks of a domain.
    """
    found = (claim for text in conditions for claim in _of_condition(text, name))
    return reduce(both, found, NOTHING)


def _of_condition(text: str, name: str) -> Iterator[Claims]:
    try:
        tree = parse_expression_tree(text)
    except (SyntaxProblem, RecursionError):
        return
    for part in _conjuncts(tree):
        claim = _claim(part, name)
        if claim:
            yield claim


def _conjuncts(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    waiting = [tree]
    while waiting:
        each = waiting.pop()
        fields = each.get("BoolExpr", {})
        if fields.get("boolop") == "AND_EXPR":
            waiting += reversed(fields["args"])
        else:
            yield each


# -- one comparison ----------------------------------------------------------------------------------------------------

_TURNED = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "=": "="}
_LENGTHS = {"length", "char_length", "character_length"}


def _claim(tree: Mapping[str, Any], name: str) -> Claims | None:
    fields = tree.get("A_Expr")
    if not fields:
        return None
    operator = fields["name"][-1].get("String", {}).get("sval", "")
    left, right = fields.get("lexpr", {}), fields.get("rexpr", {})
    if fields["kind"] == "AEXPR_OP_ANY" and operator == "=" and _is_column(left, name):
        return _listed(right)
    if fields["kind"] != "AEXPR_OP":
        return None
    if _constant(left) is not None and operator in _TURNED:
        left, right, operator = right, left, _TURNED[operator]
    constant = _constant(right)
    if constant is None:
        return None
    if _is_column(left, name):
        return _of_value(operator, constant)
    return _of_length(operator, constant) if _is_length(left, name) else None


def _bare(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an expression without casts between texts and between numbers, which keep the value."""
    while "TypeCast" in tree and tree["TypeCast"]["typeName"]["names"][-1]["String"]["sval"] in _HARMLESS:
        if tree["TypeCast"]["typeName"].get("typmods") or tree["TypeCast"]["typeName"].get("arrayBounds"):
            break
        tree = tree["TypeCast"]["arg"]
    return tree


_HARMLESS = {"text", "varchar", "numeric", "int4", "int8", "int2", "float8"}


def _is_column(tree: Mapping[str, Any], name: str) -> bool:
    fields = _bare(tree).get("ColumnRef", {}).get("fields", ())
    return len(fields) == 1 and fields[0].get("String", {}).get("sval") == name


def _is_length(tree: Mapping[str, Any], name: str) -> bool:
    call = _bare(tree).get("FuncCall", {})
    arguments = call.get("args", ())
    named = call.get("funcname", [{}])[-1].get("String", {}).get("sval")
    return named in _LENGTHS and len(arguments) == 1 and _is_column(arguments[0], name)


def _constant(tree: Mapping[str, Any]) -> str | Decimal | None:
    """Return a literal: a text, or a number; a quoted number, as PostgreSQL writes one, is told by its cast."""
    fields = _bare(tree).get("A_Const")
    if fields is None or fields.get("isnull"):
        return None
    if "sval" in fields:
        text = str(fields["sval"].get("sval", ""))
        return _number(text) if _is_cast_to_number(tree) else text
    if "ival" in fields:
        return Decimal(fields["ival"].get("ival", 0))
    return _number(fields["fval"]["fval"]) if "fval" in fields else None


def _is_cast_to_number(tree: Mapping[str, Any]) -> bool:
    names = tree.get("TypeCast", {}).get("typeName", {}).get("names", ())
    return bool(names) and names[-1]["String"]["sval"] in _HARMLESS - {"text", "varchar"}


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _of_value(operator: str, constant: str | Decimal) -> Claims | None:
    if isinstance(constant, str):
        if operator == "<>" and not constant:
            return Claims(shortest=1)
        if operator == "~" and _is_portable(constant):
            return Claims(pattern=constant)
        return Claims(one_of=(constant,)) if operator == "=" else None
    return {
        ">=": Claims(at_least=constant),
        ">": Claims(above=constant),
        "<=": Claims(at_most=constant),
        "<": Claims(below=constant),
        "=": Claims(one_of=(constant,)),
    }.get(operator)


def _of_length(operator: str, constant: str | Decimal) -> Claims | None:
    if isinstance(constant, str) or constant != int(constant):
        return None
    size = int(constant)
    return {
        ">=": Claims(shortest=size),
        ">": Claims(shortest=size + 1),
        "<=": Claims(longest=size),
        "<": Claims(longest=size - 1),
        "=": Claims(shortest=size, longest=size),
    }.get(operator)


def _listed(tree: Mapping[str, Any]) -> Claims | None:
    """Return the claim of ``= ANY (ARRAY[...])``."""
    values = [_constant(each) for each in tree.get("A_ArrayExpr", {}).get("elements", ())]
    known = tuple(each for each in values if each is not None)
    return Claims(one_of=known) if known and len(known) == len(values) else None


# -- patterns ----------------------------------------------------------------------------------------------------------

_PORTABLE = re.compile(
    r"(?:[A-Za-z0-9 _@%/:;,<>=!&~'\"#-]"  # characters that stand for themselves everywhere
    r"|\\[.+*?()\[\]{}^$|/\\-]"  # escaped ones
    r"|\[\^?(?:[A-Za-z0-9 _@%/:;,.<>=!~'\"#+*?(){}$|]|(?:[a-z]-[a-z]|[A-Z]-[A-Z]|[0-9]-[0-9])|-(?=\]))+\]"
    r"|(?<![(|^])(?<!^)[+*?](?![+*?])|\{\d{1,3}(?:,\d{0,3})?\}(?![+*?{])|\((?!\?)|\)|\||\^|\$)*"
)


def _is_portable(pattern: str) -> bool:
    r"""Whether PostgreSQL, Rust and ECMAScript read a pattern alike.

    Left out are the dot (it takes a line end in PostgreSQL alone), classes by letter (``\d``, ``\w``: of which
    alphabet?), look-around, back references, lazy and possessive quantifiers, and options.
    """
    if not _PORTABLE.fullmatch(pattern):
        return False
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
