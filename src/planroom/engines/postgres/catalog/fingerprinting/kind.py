"""A kind of line, and the SQL that several kinds share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from planroom.engines.postgres.catalog.session import USER_SCHEMA, not_extension

__all__ = ["Kind", "Kinds", "in_order", "options", "user", "user_relations"]


@dataclass(frozen=True)
class Kind:
    """One kind of line.

    Attributes:
        subject: An SQL expression: what the line is about.
        facts: SQL expressions by label; those that are NULL are left out of the line.
        source: FROM and WHERE.
    """

    subject: str
    facts: Mapping[str, str]
    source: str

    @property
    def query(self) -> str:
        """The query for all lines of this kind."""
        facts = "".join(f", ' {label}=' || ({fact})::text" for label, fact in self.facts.items())
        return f"SELECT concat({self.subject}{facts}) FROM {self.source}"


Kinds = Iterator[tuple[str, Kind]]
"""Kinds of lines by name."""


def user(catalog: str, schema: str, joins: str = "") -> str:
    """Return FROM and WHERE for the user's rows ``x`` of a catalog whose rows lie in a schema, with further joins."""
    return (
        f"{catalog} x JOIN pg_namespace n ON n.oid = x.{schema} {joins} "
        f"WHERE {USER_SCHEMA} AND {not_extension(catalog, 'x')}"
    )


def user_relations(joins: str, condition: str = "true") -> str:
    """Return FROM and WHERE for the user's relations ``c``, all kinds, with further joins."""
    return (
        f"pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace {joins} "
        f"WHERE {USER_SCHEMA} AND {not_extension('pg_class', 'c')} AND {condition}"
    )


def in_order(table: str, alias: str, condition: str) -> str:
    """Return an SQL expression: how many rows of ``table`` meet a condition, as the place of a row among them."""
    return f"(SELECT count(*) FROM {table} {alias} WHERE {condition})"


def options(column: str) -> str:
    """Return an SQL expression for an array of options in the order of their names."""
    return f"CASE WHEN {column} IS NOT NULL THEN ARRAY(SELECT unnest({column}) ORDER BY 1) END"
