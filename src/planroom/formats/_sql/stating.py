"""One statement while it is read: its cursor, its place, and what it adds to the catalog."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from planroom.findings import Location
from planroom.formats._sql.drafts import Catalog, KeyDraft, Problem, TableDraft
from planroom.model import Unread, qualified

if TYPE_CHECKING:
    from planroom.formats._sql.columns import ColumnDraft
    from planroom.sqltext.cursor import Cursor
    from planroom.sqltext.scripts import Part
    from planroom.sqltext.statements import Script

__all__ = ["Stated"]

_NEAR = 16  # tokens: what stands before VIEW or TRIGGER in a dump of MySQL
_NO_PLACE = "the model has no place for it"


@dataclass
class Stated:
    """A statement.

    Attributes:
        options: What CREATE VIEW says before its name.
    """

    cursor: Cursor
    part: Part
    script: Script
    options: dict[str, str] = field(default_factory=dict)

    @property
    def what(self) -> str:
        """The statement's first keywords: up to the kind of object where that is near, else two."""
        words: list[str] = []
        for number in range(_NEAR):
            token = self.cursor.token_at(number)
            if token.kind == "word" and token.text in _OBJECTS and words:
                return f"{words[0]} {token.text}"
            words += (
                [token.text] if token.kind == "word" and token.text.isascii() and len(token.text) < _NEAR * 2 else []
            )
        return " ".join(words[:2]) or "a statement"

    def location(self, offset: int = 0) -> Location:
        """Return the place of an offset in the statement."""
        return self.script.location(self.part.start + offset)

    def pass_over(
        self, catalog: Catalog, text: str, *, table: TableDraft | None = None, kind: str = "structure"
    ) -> None:
        """Keep a clause that the model has no place for."""
        of = f"a clause of {qualified(table.schema, table.name)}" if table else f"a clause of {self.what}"
        offset = max(self.part.text.find(text), 0)
        catalog.unread.append(Unread(kind=kind, what=of, reason=_NO_PLACE, text=text, location=self.location(offset)))

    def add_key(self, catalog: Catalog, table: TableDraft, key: KeyDraft, offset: int) -> None:
        """Add a constraint or index, if its columns are there; else it is kept as broken."""
        key.origin = self.location(offset)
        known = {each.name.casefold() for each in table.columns}
        missing = [each for each in (*key.columns, *key.include) if each and each.casefold() not in known]
        try:
            if missing:
                raise Problem(f"the table {table.name} has no column {missing[0]}")
            key.parts = tuple(
                replace(each, column=table.spelled(each.column)) if each.column else each for each in key.parts
            )
            catalog.add_key(table, key)
        except Problem as problem:
            what = f"the {key.kind} {key.name}".strip()
            catalog.unread.append(
                Unread(kind="broken", what=what, reason=str(problem), text=self.part.text, location=key.origin)
            )

    def add_column(
        self, catalog: Catalog, table: TableDraft, found: ColumnDraft, offset: int, keys: list[tuple[KeyDraft, int]]
    ) -> None:
        """Add a column; the constraints that stand with it go to ``keys``."""
        column = replace(found.column, origin=self.location(offset))
        if any(each.name.casefold() == column.name.casefold() for each in table.columns):
            raise Problem(f"the table {table.name} has two columns called {column.name}")
        if found.place is None:
            table.columns.append(column)
        else:
            table.columns.insert(table.place(found.place) + 1 if found.place else 0, column)
        keys += [(key, offset) for key in found.keys]
        for text in found.passed_over:
            self.pass_over(catalog, text, table=table)

    def rename(self, catalog: Catalog, old: tuple[str, ...], new: tuple[str, ...]) -> None:
        """Rename a table or view; what refers to it follows.

        Raises:
            Problem: There is none of that name, or the new name is taken.
        """
        before, after = catalog.key(old), catalog.key(new)
        if after in catalog.tables or after in catalog.views:
            raise Problem(f"a table or view called {new[-1]!r} exists already")
        schema, name = catalog.place(new)
        if before in catalog.views:
            catalog.views[after] = replace(catalog.views.pop(before), schema=schema, name=name)
            return
        table = catalog.table(old)
        for each in catalog.tables.values():
            for key in each.keys:
                if key.target and catalog.key(key.target) == before:
                    key.target = new
        del catalog.tables[before]
        table.schema, table.name = schema, name
        catalog.tables[after] = table


_OBJECTS = frozenset(
    {"TABLE", "INDEX", "VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "TYPE", "SEQUENCE", "SCHEMA", "DATABASE", "EVENT"}
)
