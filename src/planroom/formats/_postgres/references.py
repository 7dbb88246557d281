"""Which objects an expression, a query or a routine's body names.

Expressions and queries are parsed, so that a column called like a table is not taken for it. What does not parse (a
body in PL/pgSQL) is searched for names, which finds too much rather than too little.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from planroom.sqltext import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from planroom.model import CompositeType, Domain, Enum, Model, RangeType
    from planroom.sqltext import DataType

__all__ = ["Names"]

Key = str
"""What identifies an object among all kinds: ``table sales.orders``."""

_NAME = re.compile(r'(?:"(?:[^"]|"")+"|[A-Za-z_\x80-\U0010ffff][\w$]*)')
_CHAIN = re.compile(rf"{_NAME.pattern}(?:\s*\.\s*{_NAME.pattern})*")
_TRIVIAL = re.compile(
    r"[\w\s.+\-*/<>=%]*|'[^']*'"
)  # no call, no cast, no subquery: it names columns and constants only


class Names:
    """The objects of a model by what SQL may call them."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._cache: dict[str, frozenset[Key]] = {}

    @cached_property
    def relations(self) -> Mapping[tuple[str, str], frozenset[Key]]:
        """Tables, views and sequences by schema and name, and by name alone."""
        model = self._model
        own = [(each.schema, each.name, f"table {each.id}") for each in model.tables]
        own += [(each.schema, each.name, f"view {each.id}") for each in model.views]
        own += [(each.schema, each.name, f"sequence {each.id}") for each in model.sequences]
        return _index(own)

    @cached_property
    def routines(self) -> Mapping[tuple[str, str], frozenset[Key]]:
        """Routines, all those of one name together."""
        return _index((each.schema, each.name, f"routine {each.id}") for each in self._model.routines)

    @cached_property
    def types(self) -> Mapping[tuple[str, str], frozenset[Key]]:
        """Types that the model defines, the row types of tables and views among them."""
        model = self._model
        defined: list[Enum | Domain | CompositeType | RangeType] = [*model.enums, *model.domains]
        defined += [*model.composite_types, *model.range_types]
        own = [(each.schema, each.name, f"type {each.id}") for each in defined]
        own += [(each.schema, each.name, f"table {each.id}") for each in model.tables]
        own += [(each.schema, each.name, f"view {each.id}") for each in model.views]
        return _index([*own, *self._multiranges()])

    def _multiranges(self) -> Iterator[tuple[str, str, Key]]:
        """Yield the multirange type of each range type, under the name that PostgreSQL gives it."""
        for each in self._model.range_types:
            chosen = dict(each.options).get("multirange_type_name", "")
            name = chosen.rpartition(".")[2].strip('"') or _multirange_name(each.name)
            yield each.schema, name, f"type {each.id}"

    def of_type(self, data_type: DataType) -> frozenset[Key]:
        """Return what defines a data type; nothing for a built-in one."""
        return self.types.get((data_type.schema, data_type.name), frozenset())

    def of_text(self, text: str) -> frozenset[Key]:
        """Return what an expression names."""
        if _TRIVIAL.fullmatch(text):
            return frozenset()
        if text not in self._cache:
            found = self._named(f"SELECT {text}\n")
            self._cache[text] = self.mentioned(text) if found is None else found
        return self._cache[text]

    def of_query(self, text: str) -> frozenset[Key]:
        """Return what a query names."""
        found = self._named(text)
        return self.mentioned(text) if found is None else found

    def mentioned(self, text: str) -> frozenset[Key]:
        """Return every object whose name occurs in a text, wherever."""
        found: set[Key] = set()
        for match in _CHAIN.finditer(text):
            parts = [_plain(part) for part in _NAME.findall(match[0])]
            for candidate in ((parts[-2], parts[-1]) if len(parts) > 1 else ("", parts[0]), (parts[0], parts[-1])):
                for space in (self.relations, self.routines, self.types):
                    found |= space.get(candidate, frozenset())
        return frozenset(found)

    def of_body(self, text: str, language: str) -> frozenset[Key]:
        """Return what a routine's body names, as far as it is checked when the routine is made."""
        if language not in {"sql", "plpgsql"}:
            return frozenset()
        found = self._named(text) if language == "sql" else None
        return self.mentioned(text) if found is None else found

    def _named(self, script: str) -> frozenset[Key] | None:
        """Return what a script names; None when it does not parse."""
        statements = parse_postgres(script)
        if any(statement.kind in {"broken", "psql", "copy-data"} for statement in statements):
            return None
        return frozenset(key for statement in statements for key in self._in_tree(statement.tree))

    def _in_tree(self, tree: Mapping[str, Any]) -> Iterator[Key]:
        for kind, fields in _nodes(tree):
            if kind == "RangeVar":
                yield from self.relations.get((fields.get("schemaname", ""), fields.get("relname", "")), ())
            elif kind == "FuncCall":
                yield from self.routines.get(_pair(fields.get("funcname", ())), ())
            elif kind == "TypeName":
                yield from self.types.get(_pair(fields.get("names", ())), ())
            elif kind == "A_Const" and "sval" in fields:
                yield from self._in_constant(fields["sval"].get("sval", ""))

    def _in_constant(self, text: str) -> Iterator[Key]:
        """Yield what a string constant names if it is meant as a name: ``nextval('sales.orders_id_seq')``."""
        match = _CHAIN.match(text)
        if match:
            parts = [_plain(part) for part in _NAME.findall(match[0])]
            pair = (parts[-2] if len(parts) > 1 else "", parts[-1])
            space = self.routines if "(" in text[match.end() :] else self.relations
            yield from space.get(pair, ())


def _index(objects: Iterable[tuple[str, str, Key]]) -> Mapping[tuple[str, str], frozenset[Key]]:
    found: dict[tuple[str, str], set[Key]] = defaultdict(set)
    for schema, name, key in objects:
        found[schema, name].add(key)
        found["", name].add(key)
    return {pair: frozenset(keys) for pair, keys in found.items()}


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def _multirange_name(name: str) -> str:
    """Return the name that PostgreSQL gives a range's multirange. Source: ``makeMultirangeTypeName``."""
    return name.replace("range", "multirange", 1) if "range" in name else f"{name}_multirange"


def _pair(names: Iterable[Mapping[str, Any]]) -> tuple[str, str]:
    parts = [str(node.get("String", {}).get("sval", "")) for node in names]
    return (parts[-2] if len(parts) > 1 else "", parts[-1] if parts else "")


def _nodes(tree: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield every node below a tree with its kind; ``typeName`` holds its node without naming the kind."""
    stack = [tree]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            for key, value in current.items():
                if isinstance(value, dict):
                    kind = "TypeName" if key in {"typeName", "typname"} else "RangeVar" if key == "relation" else key
                    yield kind, value
                    stack.append(value)
                elif isinstance(value, list):
                    stack.append(value)
        elif isinstance(current, list):
            stack.extend(current)
