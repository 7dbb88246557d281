"""Gives every part of an expression its type and writes down the casts that PostgreSQL would add.

This is what makes canonical forms equal: the text that an author writes and the text that the server prints are both
read by the rules of the server's own analyser, and both come out with every implicit cast written. An analysed node is
a `Typed`: a parse tree (with `Literal` nodes for constants of a known type), its type, and the type's modifiers.
Handlers for the kinds of node are entered by `analyses`; they live in ``analysis_expressions`` and
``analysis_queries``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from planroom.sqltext.builtins import OPAQUE, UNKNOWN, type_key
from planroom.sqltext.identifiers import qualified
from planroom.sqltext.literals import fits, normalise
from planroom.sqltext.names import data_type, type_tree
from planroom.sqltext.resolution import common_type, is_array, is_user_type
from planroom.sqltext.temporal_literals import interval_of_fields
from planroom.sqltext.types import DataType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from planroom.sqltext.names import Names, Tree
    from planroom.sqltext.scopes import Scope

__all__ = [
    "HANDLERS",
    "Analyser",
    "Typed",
    "analyses",
    "array_of",
    "coerce_all",
    "columns_of",
    "convert",
    "literal",
    "type_key",
    "type_of_key",
    "typed_literal",
]

Typed = tuple["Tree", str, tuple[str, ...]]
"""A tree, the key of its type (`type_key`), and the type's modifiers."""

HANDLERS: dict[str, Callable[[Analyser, Any], Typed]] = {}


def analyses(*kinds: str) -> Callable[[Callable[[Analyser, Any], Typed]], Callable[[Analyser, Any], Typed]]:
    """Return a decorator that enters a function as the handler of some kinds of node."""

    def enter(function: Callable[[Analyser, Any], Typed]) -> Callable[[Analyser, Any], Typed]:
        HANDLERS.update(dict.fromkeys(kinds, function))
        return function

    return enter


@lru_cache(maxsize=4096)
def type_of_key(key: str, modifiers: tuple[str, ...] = ()) -> DataType:
    """Return the data type that a key and modifiers stand for: the inverse of `type_key`."""
    if key in {OPAQUE, UNKNOWN}:
        return DataType.UNKNOWN
    type_ = data_type(type_tree(key))
    name = "character" if type_.name == "bpchar" and modifiers else type_.name
    return DataType(name, modifiers, type_.schema, type_.array)


def literal(value: str | None, type_: str) -> Typed:
    """Return a constant; its text must be normal for its type."""
    return {"Literal": {"value": value, "type": type_}}, type_, ()


def typed_literal(value: str | None, type_: str) -> Typed:
    """Return a constant of a type, given any text for its value; None is NULL."""
    return literal(None if value is None else normalise(value, type_), type_)


_INTEGERS = frozenset({"smallint", "integer", "bigint"})
_EXACT = _INTEGERS | {"numeric"}
_TEXTS = frozenset({"text", "character varying"})


def convert(typed: Typed, target: str) -> Typed:
    """Return a value cast to another type without modifiers, constants folded where the value stays the same."""
    tree, source, modifiers = typed
    if "CollateClause" in tree:  # the cast goes below COLLATE
        clause = tree["CollateClause"]
        inner = convert((clause["arg"], source, modifiers), target)[0]
        return {"CollateClause": {"arg": inner, "collname": clause["collname"]}}, target, ()
    if "Literal" in tree:
        folded = _folded(tree["Literal"]["value"], source, target)
        if folded is not None:
            return folded
    if "A_ArrayExpr" in tree and is_array(source) and is_array(target):
        return _convert_elements(tree["A_ArrayExpr"], source, target)
    relabel = source in _TEXTS and target in _TEXTS
    text = '"bit"' if target == "bit" else target  # the word bit means bit(1)
    return {"TypeCast": {"arg": tree, "typeName": {"text": text}, "relabel": relabel}}, target, ()


def _convert_elements(array: Tree, source: str, target: str) -> Typed:
    """Return ``ARRAY[...]`` cast to another array type: a cast of an array is one of its elements."""
    elements = [
        convert((item, source, ()), target)[0]
        if "A_ArrayExpr" in item
        else convert((item, source[:-2], ()), target[:-2])[0]
        for item in array.get("elements", ())
    ]
    return {"A_ArrayExpr": {"elements": elements}}, target, ()


def _folded(value: str | None, source: str, target: str) -> Typed | None:
    """Return a constant as one of another type, or None where that is more than a change of label."""
    if value is None:
        return literal(None, target)
    if source in _TEXTS and target in _TEXTS:
        return literal(value, target)
    if source in _INTEGERS and target in _INTEGERS:
        return literal(value, target) if fits(int(value), target) else None
    if source in _EXACT and target in {"numeric", "double precision", "real"}:
        return typed_literal(value, target)
    return None


class Analyser:
    """Analyses expressions where a scope says what columns mean.

    Attributes:
        names: What names of types, routines and relations mean.
        scope: What columns mean.
        sides: The output columns of sides of set operations, by the side's identity: each is asked for twice, and a
            chain of UNIONs would otherwise double the work with every link.
    """

    __slots__ = ("names", "scope", "sides")

    def __init__(self, names: Names, scope: Scope, sides: dict[int, Any] | None = None) -> None:
        self.names = names
        self.scope = scope
        self.sides: dict[int, Any] = {} if sides is None else sides

    def typed(self, node: Tree) -> Typed:
        """Return a node analysed."""
        for kind, fields in node.items():
            handler = HANDLERS.get(kind)
            return handler(self, fields) if handler else (self.rebuilt(node), OPAQUE, ())
        return node, OPAQUE, ()

    def tree(self, node: Tree, target: str = OPAQUE) -> Tree:
        """Return a node analysed and given a type."""
        return self.coerced(self.typed(node), target)[0]

    def rebuilt(self, value: Any) -> Any:
        """Return a node of a kind that has no handler, with the expressions inside it analysed."""
        if isinstance(value, list):
            return [self.rebuilt(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {key: self._part(item) for key, item in value.items()}

    def _part(self, item: Any) -> Any:
        if isinstance(item, dict) and len(item) == 1 and next(iter(item)) in HANDLERS:
            return self.coerced(self.typed(item), OPAQUE)[0]
        return [self._part(part) for part in item] if isinstance(item, list) else self.rebuilt(item)

    def base(self, type_: str) -> str:
        """Return the type under a domain; the type itself where it is none, or that is not known."""
        if not is_user_type(type_) or is_array(type_):
            return type_
        find = getattr(self.names, "domain_base", None)
        named = type_of_key(type_)
        found = find(named.schema, named.name) if find else None
        return type_ if found is None else self.base(type_key(found))

    def fields(self, type_: str) -> Mapping[str, DataType] | None:
        """Return the fields of a composite type; None for another type, or when they are not known."""
        if not is_user_type(type_) or is_array(type_):
            return None
        named = type_of_key(type_)
        find = getattr(self.names, "composite_fields", None)
        found: Mapping[str, DataType] | None = find(named.schema, named.name) if find else None
        if found is None and named.schema:
            relation = self.names.relation(named.schema, named.name)
            return relation[1] if relation else None
        return found

    def common(self, types: Sequence[str]) -> str:
        """Return the common type of values; a domain counts as the type under it, unless all are of that domain."""
        if len(set(types)) == 1 and types[0] != UNKNOWN:
            return types[0]
        return common_type(tuple([self.base(type_) for type_ in types]))

    def coerced(self, typed: Typed, target: str) -> Typed:
        """Return a value as a place that wants another type takes it; `OPAQUE` when nobody knows what it wants."""
        tree, source, _ = typed
        if source == target:
            return typed
        if target == OPAQUE:
            return self._loosened(typed)
        if source == OPAQUE:
            return typed
        if source == UNKNOWN:
            return self.constant(tree["Literal"]["value"], target) if "Literal" in tree else typed
        return convert(typed, target)

    def _loosened(self, typed: Typed) -> Typed:
        """Return a value without the casts that the server may have added where we cannot follow it.

        They are the label ``text`` on a string constant, and between text and varchar, which change no value. An
        unknown routine that is called with either is the same one, since PostgreSQL prefers text for both.
        """
        tree, source, modifiers = typed
        if "Literal" in tree and source == "text":
            return literal(tree["Literal"]["value"], UNKNOWN)
        if "TypeCast" in tree and tree["TypeCast"].get("relabel"):
            return tree["TypeCast"]["arg"], source, modifiers
        return typed

    def constant(self, value: str | None, type_: str) -> Typed:
        """Return a constant of a type; names in ``regclass`` constants are qualified."""
        if type_ == "regclass" and value is not None:
            return literal(self._relation_name(value), type_)
        base = self.base(type_) if value is not None else type_
        return literal(value if value is None else normalise(value, base), type_)

    def _relation_name(self, value: str) -> str:
        parts = _name_parts(value)
        if len(parts) == 1:
            found = self.names.relation("", parts[0])
            if found is not None:
                parts = [found[0], parts[0]]
        return qualified(*parts)

    def cast(self, typed: Typed, type_: DataType) -> Typed:
        """Return the result of an explicit cast."""
        key, modifiers = type_key(type_), type_.modifiers
        tree, source, own = typed
        if source == UNKNOWN and "Literal" in tree:
            typed = self._cast_literal(tree["Literal"]["value"], type_, key)
        elif source == key and (own == modifiers or not modifiers):
            return typed if own == modifiers else (_cast_tree(tree, key), key, ())
        elif source != key:
            typed = convert(typed, key)
            if modifiers and "TypeCast" in typed[0]:
                typed = (tree, key, ())
        if not modifiers or typed[2] == modifiers:
            return typed
        return _cast_tree(typed[0], str(type_)), key, modifiers

    def _cast_literal(self, value: str | None, type_: DataType, key: str) -> Typed:
        if key != "interval" or not type_.modifiers or value is None:
            return self.constant(value, key)
        text = interval_of_fields(value, type_.modifiers[0])
        return {"Literal": {"value": text, "type": str(type_)}}, key, type_.modifiers


def _cast_tree(tree: Tree, text: str) -> Tree:
    return {"TypeCast": {"arg": tree, "typeName": {"text": text}}}


def _name_parts(text: str) -> list[str]:
    """Return the parts of a dotted name as written in a ``regclass`` constant, folded and unquoted."""
    parts: list[str] = []
    current, quoted, position = "", False, 0
    while position < len(text):
        character = text[position]
        if character == '"' and quoted and text[position + 1 : position + 2] == '"':
            current, position = current + '"', position + 1
        elif character == '"':
            quoted = not quoted
        elif character == "." and not quoted:
            parts, current = [*parts, current], ""
        else:
            current += character if quoted else character.lower()
        position += 1
    return [*parts, current]


def array_of(analyser: Analyser, items: Sequence[Typed], element: str) -> Typed:
    """Return ``ARRAY[...]`` with all its elements given one type."""
    elements = [analyser.coerced(item, element)[0] for item in items]
    return {"A_ArrayExpr": {"elements": elements}}, f"{element}[]" if element else OPAQUE, ()


def coerce_all(analyser: Analyser, items: Sequence[Typed], targets: Sequence[str]) -> list[Tree]:
    """Return the trees of values, each given its type."""
    return [analyser.coerced(item, target)[0] for item, target in zip(items, targets, strict=True)]


def columns_of(columns: Mapping[str, DataType]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return a relation's columns by their keys and modifiers."""
    return {name: (type_key(type_), type_.modifiers) for name, type_ in columns.items()}
