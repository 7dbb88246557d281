"""Names in expressions, with their schemas: a script must mean the same whatever the search path.

An expression is kept as its author wrote it, perhaps under ``SET search_path``. Where a bare name is that of one object
of the model alone, its schema is put before it, and nothing else is touched. PostgreSQL looks into ``pg_catalog``
first, so a name that it has itself stays bare.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from planroom.model import Routine, View, quote_identifier
from planroom.sqltext import Expression, parse_postgres

if TYPE_CHECKING:
    from planroom.formats._postgres.references import Names
    from planroom.model import Model

__all__ = ["Qualifier", "qualified_names"]

_CALLED = re.compile(r"[\w\"$]+\s*\(|::|\bcast\b|\bfrom\b|\bjoin\b", re.IGNORECASE)
_NAME_IN_LITERAL = re.compile(r"'(\"(?:[^\"]|\"\")+\"|[a-z_][a-z0-9_$]*)'")


def qualified_names(model: Model, qualifier: Qualifier) -> Model:
    """Return the model with the texts of its expressions, queries and SQL-standard bodies qualified."""
    mapped: Model = _mapped(model, qualifier)
    return mapped


def _mapped(value: Any, qualifier: Qualifier) -> Any:
    """Return a value of the model with everything in it qualified; the value itself where nothing changes."""
    if isinstance(value, tuple):
        items = tuple(_mapped(each, qualifier) for each in value)
        return items if any(new is not own for new, own in zip(items, value, strict=True)) else value
    if isinstance(value, Expression):
        return _changed(value, text=qualifier.expression(value.text))
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        return value
    changes = {field.name: _mapped(getattr(value, field.name), qualifier) for field in dataclasses.fields(value)}
    if isinstance(value, Routine):
        changes["body"] = qualifier.body(value.body) if value.atomic else value.body
        changes["returns"] = qualifier.result(value.returns)
    if isinstance(value, View):
        changes["query"] = qualifier.query(value.query)
    return _changed(value, **changes)


def _changed(value: Any, **fields: object) -> Any:
    changes = {name: new for name, new in fields.items() if new is not getattr(value, name)}
    return dataclasses.replace(value, **changes) if changes else value


class Qualifier:
    """Puts schemas before bare names that only one object of the model bears."""

    def __init__(self, names: Names, is_builtin: Callable[[str], bool]) -> None:
        self._is_builtin = is_builtin
        self._relations = _schemas(names.relations)
        self._routines = _schemas(names.routines)
        self._types = _schemas(names.types)

    def expression(self, text: str) -> str:
        """Return an expression with its names qualified."""
        return self._within(text, "SELECT ", "\n") if _CALLED.search(text) else text

    def query(self, query: Expression) -> Expression:
        """Return a query with its names qualified."""
        changed: Expression = _changed(query, text=self._within(query.text, "", ""))
        return changed

    def result(self, text: str) -> str:
        """Return a routine's result type with its name qualified."""
        return self._within(text, "CREATE FUNCTION f() RETURNS ", " LANGUAGE sql AS ''") if text else text

    def body(self, text: str) -> str:
        """Return an SQL-standard body with its names qualified."""
        return self._within(text, "CREATE FUNCTION f() RETURNS void LANGUAGE sql ", "")

    def is_qualified(self, script: str) -> bool:
        """Whether a body in quotes, which is kept as it is, means the same whatever the search path."""
        return self._within(script, "", "") == script

    def _within(self, text: str, before: str, after: str) -> str:
        statements = parse_postgres(before + text + after)
        if len(statements) != 1 or not statements[0].tree:
            return text
        data, shift = text.encode(), len(before.encode())
        ctes = {fields.get("ctename") for kind, fields in _nodes(statements[0].tree) if kind == "CommonTableExpr"}
        places = {
            place - shift: schema for place, schema in self._places(statements[0].tree, ctes, (before + text).encode())
        }
        if not places:
            return text
        for place in sorted(places, reverse=True):
            if 0 <= place <= len(data):
                data = data[:place] + f"{quote_identifier(places[place])}.".encode() + data[place:]
        return data.decode()

    def _places(self, tree: Mapping[str, Any], ctes: set[Any], data: bytes) -> Iterator[tuple[int, str]]:
        """Yield where, in bytes, a schema is missing, and which."""
        for kind, fields in _nodes(tree):
            place = fields.get("location", 0)
            if kind == "RangeVar" and "schemaname" not in fields and fields.get("relname") not in ctes:
                yield from self._known(self._relations, fields.get("relname", ""), place)
            elif kind == "FuncCall" and len(fields.get("funcname", ())) == 1 and "funcformat" in fields:
                name = fields["funcname"][0]["String"]["sval"]
                if fields["funcformat"] == "COERCE_EXPLICIT_CALL" and not self._is_builtin(name):
                    yield from self._known(self._routines, name, place)
                if name in {"nextval", "currval", "setval"}:
                    yield from self._in_literal(data, fields)
            elif kind == "TypeName" and len(fields.get("names", ())) == 1:
                yield from self._known(self._types, fields["names"][0]["String"]["sval"], place)

    def _known(self, space: Mapping[str, str], name: str, place: int) -> Iterator[tuple[int, str]]:
        if name in space:
            yield place, space[name]

    def _in_literal(self, data: bytes, call: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
        """Yield the place inside the literal of ``nextval('numbers')``, if it names a sequence without its schema."""
        argument = call.get("args", [{}])[0]
        constant = argument.get("TypeCast", {}).get("arg", argument).get("A_Const", {})
        place = constant.get("location", 0)
        match = _NAME_IN_LITERAL.match(data[place:].decode()) if "sval" in constant else None
        if match:
            name = match[1][1:-1].replace('""', '"') if match[1].startswith('"') else match[1]
            yield from self._known(self._relations, name, place + 1)


def _schemas(space: Mapping[tuple[str, str], frozenset[str]]) -> dict[str, str]:
    """Return the schema of each name that is borne in one schema only."""
    found: dict[str, set[str]] = {}
    for schema, name in space:
        if schema:
            found.setdefault(name, set()).add(schema)
    return {name: next(iter(schemas)) for name, schemas in found.items() if len(schemas) == 1}


def _nodes(tree: Any) -> Iterator[tuple[str, Mapping[str, Any]]]:
    stack = [tree]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            for key, value in current.items():
                if isinstance(value, dict):
                    yield (
                        "TypeName" if key in {"typeName", "returnType"} else "RangeVar" if key == "relation" else key,
                        value,
                    )
                stack.append(value)
        elif isinstance(current, list):
            stack.extend(current)
