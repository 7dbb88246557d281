"""Where objects stand in the other dialect, and which names are free there."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from planroom.formats._translation.abilities import Abilities
from planroom.formats._translation.expressions import made_query
from planroom.formats._translation.noting import Notes
from planroom.model import Model, qualified
from planroom.sqltext import Expression
from planroom.sqltext.transpiling import with_relations

__all__ = ["Namer", "Places"]

_DEFAULTS = frozenset({"", "public", "main", "dbo"})


class Places:
    """The schema and name of each table and view in the other dialect."""

    def __init__(self, model: Model, target: Abilities, notes: Notes) -> None:
        self._target = target
        self._own = {model.name} if model.dialect == "mysql" else set()
        names = Counter(each.name.casefold() for each in model.tables_and_views)
        self._moved: dict[tuple[str, str], tuple[str, str]] = {}
        for each in model.tables_and_views:
            schema, name = self._default(each.schema), each.name
            if not target.schemas:
                name = f"{each.schema}_{name}" if names[name.casefold()] > 1 and each.schema not in _DEFAULTS else name
                schema = target.default_schema
                if name != each.name:
                    notes.add("object-changed", each.id, f"{each.id} is called {name} there", each.origin)
            self._moved[each.schema, each.name] = (schema, name)

    def _default(self, schema: str) -> str:
        return self._target.default_schema if schema in _DEFAULTS or schema in self._own else schema

    def of(self, schema: str, name: str) -> tuple[str, str]:
        """Return where an object stands."""
        found = self._moved.get(("" if schema in self._own else schema, name))
        if found:
            return found
        return (self._default(schema) if self._target.schemas else self._target.default_schema), name

    def id(self, schema: str, name: str) -> str:
        """Return the id that it has there."""
        return qualified(*self.of(schema, name))

    def moved(self, query: Expression, dialect: str) -> Expression:
        """Return a query of the other dialect with its tables where they stand there."""
        text = with_relations(query.text, dialect, lambda schema, name: self.of(schema, name) if schema else ("", name))
        return made_query(text, dialect)


@dataclass
class Namer:
    """Names that must be free in one room; a taken one gets its table's name before it, and then a number."""

    taken: set[str] = field(default_factory=set)

    def __call__(self, name: str, table: str, limit: int = 63) -> str:
        candidate, number = name, 1
        while candidate.casefold() in self.taken:
            candidate = f"{table}_{name}"[:limit] if number == 1 else f"{table}_{name}"[: limit - 4] + f"_{number}"
            number += 1
        self.taken.add(candidate.casefold())
        return candidate
