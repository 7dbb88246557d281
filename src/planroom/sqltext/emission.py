"""The mechanism behind `planroom.sqltext.printing`: a table of printers by node kind, and precedence.

A printer returns a node's text and how tightly its outermost construct binds; `emit` adds parentheses where the
surrounding construct binds as tightly or tighter.

Source: the precedence declarations of PostgreSQL's ``gram.y``.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from planroom.sqltext.identifiers import quote_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planroom.sqltext.names import Tree

__all__ = [
    "PRINTERS", "Binding", "Printed", "dotted", "emit", "emit_list", "emit_restricted", "name", "printer",
    "quote_literal",
]  # fmt: skip


class Binding(IntEnum):
    """How tightly a construct binds its operands, loosest first."""

    ANY = 0
    OR = 1
    AND = 2
    NOT = 3
    IS = 4
    COMPARISON = 5
    LIKE = 6
    ESCAPE = 7
    OPERATOR = 8
    SUM = 9
    PRODUCT = 10
    POWER = 11
    AT = 12
    COLLATE = 13
    SIGN = 14
    SUBSCRIPT = 15
    CAST = 16
    ATOM = 20


Printed = tuple[str, int]
PRINTERS: dict[str, Callable[[Any], Printed]] = {}
"""Printers by node kind; each takes the node's fields."""

name = cache(quote_identifier)


def printer(kind: str) -> Callable[[Callable[[Any], Printed]], Callable[[Any], Printed]]:
    """Return a decorator that enters a function as the printer of a kind of node."""

    def enter(function: Callable[[Any], Printed]) -> Callable[[Any], Printed]:
        PRINTERS[kind] = function
        return function

    return enter


def emit(node: Tree, minimum: int = 0) -> str:
    """Return a node's text, in parentheses when it binds less tightly than ``minimum``."""
    for kind, fields in node.items():
        function = PRINTERS.get(kind)
        text, binding = function(fields) if function else PRINTERS[""](node)
        return text if binding >= minimum else f"({text})"
    return ""


def emit_list(nodes: Iterable[Tree], minimum: int = 0) -> str:
    """Return the nodes' texts, separated by commas."""
    return ", ".join([emit(node, minimum) for node in nodes])


def emit_restricted(node: Tree) -> str:
    """Return a node as the grammar's ``b_expr``: no AND, no COLLATE, no AT TIME ZONE outside parentheses."""
    text = emit(node, Binding.OPERATOR)
    return f"({text})" if " COLLATE " in text or " AT " in text else text


def dotted(nodes: Sequence[Mapping[str, Any]]) -> str:
    """Return a dotted name; ``*`` where a part is a star."""
    return ".".join([name(node["String"].get("sval", "")) if "String" in node else "*" for node in nodes])


def quote_literal(text: str) -> str:
    """Return a string literal, for ``standard_conforming_strings = on``."""
    return "'" + text.replace("'", "''") + "'"
