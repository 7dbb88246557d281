"""References of a text as foreign keys of its tables.

``child > parent`` and ``parent < child`` say the same. Of ``-``, the right side has the foreign key in a Ref, and the
column itself when it stands beside a column. ``<>`` has no foreign key: a table between the two would be invented.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from planroom.ddl.naming import columns_part
from planroom.findings import Finding, Fix, Severity
from planroom.formats._dbml.settings import value_of
from planroom.formats._dbml.syntax import Endpoint
from planroom.model import Cardinality, ForeignKey, qualified
from planroom.model.names import DEFAULT_SCHEMA
from planroom.model.relations import relation_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planroom.formats._dbml.drafts import Draft, Names
    from planroom.formats._dbml.syntax import Name, RefElement, Setting
    from planroom.formats._text.sources import Notebook, Source
    from planroom.model import Table

__all__ = ["Relating", "Tables"]

_MANY_TO_MANY = "many-to-many: no foreign key says it, and planroom invents no table between the two"


class Tables:
    """The tables of a text, by what they may be called."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook
        self._by_name: dict[tuple[str, str], Draft] = {}
        self._by_alias: dict[str, Draft] = {}

    def add(self, draft: Draft, alias: str) -> None:
        """Keep a table and what else it is called."""
        self._by_name[draft.schema, draft.name] = draft
        if alias:
            self._by_alias.setdefault(alias, draft)

    def taken(self, schema: str, name: str, alias: str) -> bool:
        """Whether a table is called so, or so in short."""
        return (schema, name) in self._by_name or alias in self._by_alias

    def find(self, name: Name) -> Draft | None:
        """Return the table with this name or alias."""
        if len(name) == 1:
            return self._by_name.get((DEFAULT_SCHEMA, name[0])) or self._by_alias.get(name[0])
        return self._by_name.get((".".join(name[:-1]), name[-1]))

    def missing(self, name: Name) -> str:
        """Return why there is no such table, with the nearest one."""
        same = self._elsewhere.get(name[-1])
        hint = f": did you mean {same!r}?" if same else self._notebook.did_you_mean(qualified(*name), self._known)
        return f"there is no table {'.'.join(name)!r}{hint}"

    @cached_property
    def _known(self) -> list[str]:
        """What the tables may be called; asked for when all are there."""
        names = [qualified(*(key if key[0] != DEFAULT_SCHEMA else key[1:])) for key in self._by_name]
        return [*names, *self._by_alias]

    @cached_property
    def _elsewhere(self) -> Mapping[str, str]:
        """The first table of each name, whatever its schema."""
        return {name: qualified(schema, name) for schema, name in sorted(self._by_name, reverse=True)}

    def __iter__(self) -> Iterator[Draft]:
        return iter(self._by_name.values())


class _Reference(NamedTuple):
    """A reference as it is written; ``foreign_left`` says who has the foreign key of a ``-``."""

    source: Source
    name: str
    left: Endpoint
    sign: str
    right: Endpoint
    settings: tuple[Setting, ...]
    place: int
    end: int
    foreign_left: bool

    @property
    def child_first(self) -> bool:
        """Whether the left side has the foreign key."""
        return self.sign == ">" or (self.sign == "-" and self.foreign_left)


class Relating:
    """Gives foreign keys to tables.

    Args:
        tables: The tables, with all their columns.
        names: Which names are taken; those of the foreign keys that have one are taken already.
        notebook: Where goes what leads nowhere.
    """

    def __init__(self, tables: Tables, names: Names, notebook: Notebook) -> None:
        self._tables = tables
        self._names = names
        self._notebook = notebook
        self._one_to_one: list[tuple[str, ForeignKey]] = []
        self._seen: set[frozenset[tuple[str, tuple[str, ...]]]] = set()

    def inline(self, draft: Draft) -> None:
        """Make foreign keys of what stands beside a table's columns."""
        for source, column, setting in draft.references:
            value = setting.value
            if value is None:
                continue
            own = Endpoint((draft.schema, draft.name), (column,), setting.place)
            other = Endpoint(value.parts[:-1] or own.table, value.parts[-1:], value.place)
            end = value.place + len(value.sign) + len(value.text)
            self._relate(_Reference(source, "", own, value.sign, other, (), setting.place, end, foreign_left=True))

    def element(self, source: Source, ref: RefElement) -> None:
        """Make a foreign key of a Ref."""
        self._relate(_Reference(source, *ref, foreign_left=False))

    def _relate(self, reference: _Reference) -> None:
        left, right = self._found(reference, reference.left), self._found(reference, reference.right)
        if not left or not right or not self._is_new(reference, left, right):
            return
        if reference.sign == "<>":
            self._notebook.unheld(reference.source, "Ref", _MANY_TO_MANY, reference.place, reference.end)
        elif reference.child_first:
            self._add(reference, left, reference.left.columns, right, reference.right.columns)
        else:
            self._add(reference, right, reference.right.columns, left, reference.left.columns)

    def _found(self, reference: _Reference, endpoint: Endpoint) -> Draft | None:
        """Return the table at one end of a reference, if it is there with all the columns."""
        draft = self._tables.find(endpoint.table)
        if draft is None:
            self._wrong(reference, self._tables.missing(endpoint.table))
            return None
        missing = [column for column in endpoint.columns if column not in draft.columns]
        if missing:
            hint = self._notebook.did_you_mean(missing[0], draft.columns)
            self._wrong(reference, f"{draft.id} has no column {missing[0]!r}{hint}")
            return None
        return draft

    def _wrong(self, reference: _Reference, reason: str) -> None:
        self._notebook.wrong(reference.source, "Ref", reason, reference.place, reference.end)

    def _is_new(self, reference: _Reference, left: Draft, right: Draft) -> bool:
        ends = frozenset([(left.id, reference.left.columns), (right.id, reference.right.columns)])
        if len(ends) == 1:
            self._wrong(reference, "a column refers to itself: name another")
        elif ends in self._seen:
            self._wrong(reference, "the same two ends are related already: remove one of them")
        else:
            self._seen.add(ends)
            return True
        return False

    def unkeyed(self, tables: Mapping[str, Table]) -> Iterator[Finding]:
        """Yield a finding for each one-to-one reference that no key makes one."""
        for child, key in self._one_to_one:
            if relation_of(tables[child], key).child_cardinality is not Cardinality.ZERO_OR_ONE:
                yield Finding(
                    code="DBML002",
                    slug="one-to-one-without-a-key",
                    severity=Severity.WARNING,
                    message=f"{key.name} says one to one, and nothing makes {', '.join(key.columns)} unique",
                    subject=child,
                    location=key.origin,
                    why="without a key, the database takes many rows for one.",
                    fix=Fix("make the referring column unique, or write > for -."),
                )

    def _add(
        self, reference: _Reference, child: Draft, columns: tuple[str, ...], parent: Draft, referenced: tuple[str, ...]
    ) -> None:
        key = ForeignKey(
            name=reference.name or self._names.other(child.schema, child.name, columns_part(columns), "fkey"),
            columns=columns,
            referenced_table=parent.id,
            referenced_columns=referenced,
            on_update=_action(reference.settings, "update"),
            on_delete=_action(reference.settings, "delete"),
            origin=reference.source.at(reference.place, reference.end),
        )
        child.foreign_keys.append(key)
        self._one_to_one += [(child.id, key)] if reference.sign == "-" else []


def _action(settings: tuple[Setting, ...], name: str) -> str:
    value = value_of(settings, name)
    return value.text.lower() if value else "no action"
