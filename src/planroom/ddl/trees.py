"""Small questions about PostgreSQL's raw parse trees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from planroom.sqltext import Tree

__all__ = ["constant", "kind_of", "options", "relation_name", "string", "strings", "walk"]


def kind_of(node: Tree) -> tuple[str, Tree]:
    """Return a node's kind and its fields: ``{"ColumnDef": {...}}`` gives ``("ColumnDef", {...})``."""
    ((kind, fields),) = node.items()
    return kind, fields


def string(node: Tree) -> str:
    """Return the text of a String node; the parser leaves an empty one out."""
    return str(node.get("String", {}).get("sval", ""))


def strings(nodes: Sequence[Tree] | None) -> tuple[str, ...]:
    """Return the texts of a list of String nodes."""
    return tuple(string(node) for node in nodes or ())


def relation_name(range_var: Tree) -> tuple[str, str]:
    """Return the schema (empty when not given) and the name of a RangeVar."""
    return str(range_var.get("schemaname", "")), str(range_var.get("relname", ""))


def constant(node: Tree | None) -> str:
    """Return a literal option value as text, without quotes: ``70``, ``true``, ``btree``."""
    if not node:
        return "true"
    kind, fields = kind_of(node)
    if kind == "A_Const":
        return _literal(fields)
    if kind == "TypeName":
        return strings(fields.get("names"))[-1]
    if kind == "List":
        return ".".join(constant(item) for item in fields.get("items", ()))
    if kind == "Boolean":
        return "true" if fields.get("boolval") else "false"
    values = {"String": "sval", "Integer": "ival", "Float": "fval"}
    return str(fields.get(values.get(kind, ""), 0 if kind == "Integer" else ""))


def _literal(fields: Tree) -> str:
    if "boolval" in fields:
        return "true" if fields["boolval"].get("boolval") else "false"
    for key in ("sval", "ival", "fval", "bsval"):
        if key in fields:
            return str(fields[key].get(key, 0 if key == "ival" else ""))
    return "null"


def options(nodes: Sequence[Tree] | None) -> tuple[tuple[str, str], ...]:
    """Return a list of DefElem nodes as sorted pairs: ``(("fillfactor", "70"),)``."""
    pairs = []
    for node in nodes or ():
        fields = node["DefElem"]
        space = fields.get("defnamespace", "")
        pairs.append((f"{space}.{fields['defname']}" if space else fields["defname"], constant(fields.get("arg"))))
    return tuple(sorted(pairs))


def walk(node: Any) -> Iterator[tuple[str, Tree]]:
    """Yield every node below ``node`` that has a kind, with its fields, outermost first."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            for key, value in current.items():
                if isinstance(value, dict) and key[:1].isupper():
                    yield key, value
            current = current.values()
        stack += [each for each in reversed(current) if isinstance(each, (dict, list))]
