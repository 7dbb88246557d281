"""SCH016."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from planroom.findings import Effect, Severity
from planroom.linting.mentions import columns_in
from planroom.linting.schemas import Design, SchemaRule
from planroom.model import qualified
from planroom.model.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.findings import Finding
    from planroom.model import Column, Table

__all__ = ["EnumerationWithoutCheck"]

_ENUMERATIONS = frozenset("status state kind type phase stage priority severity visibility".split())
_OPEN = frozenset("content mime media file object document event user entity data".split())
"""Words before ``type`` that make it a name of something outside: a MIME type, a class of the application."""
_FEW = 50


class EnumerationWithoutCheck(SchemaRule):
    """A text that has a few meaningful values takes any other one too.

    Its name says that it is a status or a kind and its default is one of the values, or its domain is declared closed;
    yet no enum, CHECK, domain or foreign key stands behind it, and the first misspelt value is stored.
    """

    code = "SCH016"
    severity = Severity.NOTE
    effect = Effect.WRONG_RESULT
    fix = "Add a CHECK over its values, make it an enum, or let it refer to a table of them."
    source = "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-CHECK-CONSTRAINTS"
    notes: ClassVar[dict[str, dict[str, object]]] = {"*.level": {"domain": "closed", "distinct": 3}}
    bad: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, status varchar(20) NOT NULL DEFAULT 'new');",
        "CREATE TABLE t (id int PRIMARY KEY, level text);",
    )
    good: ClassVar[tuple[str, ...]] = (
        "CREATE TABLE t (id int PRIMARY KEY, status text DEFAULT 'new' CHECK (status IN ('new', 'old')));",
        "CREATE TYPE s AS ENUM ('new', 'old'); CREATE TABLE t (id int PRIMARY KEY, status s DEFAULT 'new');",
        (
            "CREATE TABLE s (s text PRIMARY KEY);"
            "CREATE TABLE t (id int PRIMARY KEY, status text DEFAULT 'n' REFERENCES s);"
        ),
        (
            "CREATE TABLE t (id int PRIMARY KEY, status text, content_type text DEFAULT 'text/html', "
            "state text DEFAULT '');"
        ),
        "CREATE DOMAIN d AS text CHECK (VALUE IN ('a', 'b')); CREATE TABLE t (id int PRIMARY KEY, kind d DEFAULT 'a');",
    )

    def check(self, design: Design) -> Iterator[Finding]:
        """Yield the texts that are enumerations by their name and default, or by annotation, and nothing says so."""
        checked = {domain.id for domain in design.model.domains if domain.checks}
        for table in design.tables:
            for column in table.columns:
                if design.types.is_text(column.type) and _is_enumeration(column):
                    domain = qualified(column.type.schema, column.type.name)
                    if domain not in checked and not _is_restricted(table, column.name):
                        yield self.found_in_column(
                            f"{qualified(table.schema, table.name, column.name)} has few meaningful values and is "
                            f"{column.type.short}: any other is stored as well",
                            table,
                            column,
                        )


def _is_enumeration(column: Column) -> bool:
    notes = column.annotations
    if notes.domain == "closed" and notes.distinct is not None and 1 < notes.distinct <= _FEW:
        return True
    words = words_of(column.name)
    named = bool(words) and words[-1] in _ENUMERATIONS and not set(words[:-1]) & _OPEN
    literal = column.default.text.partition("::")[0] if column.default else ""
    return named and len(literal) > 2 and literal.startswith("'") and literal.endswith("'")


def _is_restricted(table: Table, name: str) -> bool:
    """Whether something stands behind a column, or it names the tables of a polymorphic association."""
    if name.endswith("_type") and name.removesuffix("_type") + "_id" in table.columns_by_name:
        return True
    refers = any(name in key.columns for key in table.foreign_keys)
    return refers or any(name in columns_in(check.expression) for check in table.checks)
