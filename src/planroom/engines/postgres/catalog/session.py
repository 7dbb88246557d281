"""One reading of one catalog: how it is asked, what holds for every query, and what every part of the reader shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from planroom.findings import Location
from planroom.sqltext import qualified

__all__ = [
    "FIRST_USER_OID",
    "RELATION_KINDS",
    "USER_SCHEMA",
    "Row",
    "Run",
    "Session",
    "attribute_options",
    "default_name",
    "not_extension",
    "not_internal",
    "options",
    "relations",
    "routine_name",
    "shown",
]

Row = tuple[Any, ...]
Run = Callable[[str], Sequence[Row]]

RELATION_KINDS = ("r", "p", "v", "m", "f", "S", "c")
"""pg_class.relkind of what stands on its own: tables, views, sequences, composite types."""

USER_SCHEMA = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'"

FIRST_USER_OID = 16384
"""FirstNormalObjectId: what initdb made has a smaller one.

Source: PostgreSQL, src/include/access/transam.h.
"""

_NAME_BYTES = 63  # NAMEDATALEN - 1

_PRINTING = {
    "bytea_output": "hex",
    "datestyle": "ISO, YMD",
    "extra_float_digits": "3",
    "intervalstyle": "postgres",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "timezone": "UTC",
}
"""Settings that change how the server prints the constants of expressions."""


def not_extension(catalog: str, alias: str) -> str:
    """Return the condition that no extension owns the row ``alias`` of ``catalog``."""
    return (
        f"NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_catalog.{catalog}'::regclass "
        f"AND e.objid = {alias}.oid AND e.deptype = 'e')"
    )


def not_internal(catalog: str, alias: str) -> str:
    """Return the condition that the row ``alias`` of ``catalog`` is not a part of another object."""
    return (
        f"NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_catalog.{catalog}'::regclass "
        f"AND i.objid = {alias}.oid AND i.deptype = 'i')"
    )


def relations(kinds: Iterable[str] = RELATION_KINDS) -> str:
    """Return a subquery for the user's relations of these kinds: pg_class's columns and ``nspname``."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    extension_types = (
        "SELECT e.objid FROM pg_depend e WHERE e.classid = 'pg_catalog.pg_type'::regclass AND deptype = 'e'"
    )
    return (
        "(SELECT n.nspname, c.oid AS id, c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        f"WHERE c.relkind IN ({listed}) AND {USER_SCHEMA} AND {not_extension('pg_class', 'c')} "
        f"AND (c.relkind <> 'c' OR c.reltype NOT IN ({extension_types})))"  # a composite type is owned as a type
    )


def attribute_options(alias: str) -> str:
    """Return an SQL expression for the options that somebody set on a column, sorted; NULL for none.

    Patched servers (15.20, for one) keep a mark of their own there, ``pg_attver``, which pg_dump leaves out too.
    """
    chosen = f"(SELECT array_agg(o ORDER BY o) FROM unnest({alias}.attoptions) o WHERE o !~ '^pg_attver=')"
    return f"(CASE WHEN {alias}.attoptions IS NOT NULL THEN {chosen} END)"


def options(pairs: Iterable[str] | None, prefix: str = "") -> tuple[tuple[str, str], ...]:
    """Return ``name=value`` texts as sorted pairs."""
    split = (pair.partition("=") for pair in pairs or ())
    return tuple(sorted((prefix + name, value) for name, _, value in split))


def shown(schema: str | None, name: str | None) -> str:
    """Return the name of a collation or operator class as SQL writes it.

    The schema is left out where it is ``pg_catalog`` or ``public``, where text need not name it.
    """
    if not name:
        return ""
    return qualified("" if schema in {None, "pg_catalog", "public"} else schema or "", name)


def routine_name(schema: str | None, name: str | None) -> str:
    """Return the name of a routine: bare where PostgreSQL brings it, else with its schema; empty for no name."""
    if not name:
        return ""
    return qualified("" if schema == "pg_catalog" else schema or "", name)


def default_name(first: str, second: str, label: str) -> str:
    """Return the name that the server makes from two names and a label, cut to 63 bytes.

    Source: PostgreSQL, makeObjectName() in src/backend/commands/indexcmds.c: the longer name is cut first.
    """
    parts = [part.encode() for part in (first, second) if part]
    available = _NAME_BYTES - len(label.encode()) - len(parts)
    lengths = [len(part) for part in parts]
    while sum(lengths) > available:
        longest = 0 if len(lengths) == 1 or lengths[0] > lengths[1] else 1
        lengths[longest] -= 1
    cut = [part[:length].decode(errors="ignore") for part, length in zip(parts, lengths, strict=True)]
    return "_".join([*cut, label])


@dataclass(frozen=True)
class Session:
    """What every part of the reader is given.

    Attributes:
        run: Executes one query and returns its rows; all queries see one snapshot, and ``search_path`` is empty.
        version: The server's version as a number, such as 180004.
        source: What the origins of the objects name.
    """

    run: Run
    version: int
    source: str = ""
    _used_comments: set[tuple[str, int, int]] = field(default_factory=set, compare=False, repr=False)

    def settle(self) -> None:
        """Have the server print values in one way, whatever the database's own settings; for this transaction alone.

        Source: PostgreSQL, setup_connection() in src/bin/pg_dump/pg_dump.c; planroom adds the time zone.
        """
        calls = (f"set_config('{name}', '{value}', true)" for name, value in _PRINTING.items())
        self.run(f"SELECT {', '.join(calls)}")

    @cached_property
    def origin(self) -> Location:
        """Where everything comes from."""
        return Location(self.source)

    def since(self, version: int, column: str, otherwise: str) -> str:
        """Return ``column`` on servers that have it, else what stands for it on older ones."""
        return column if self.version >= version else otherwise

    def comment(self, catalog: str, oid: int, part: int = 0) -> str:
        """Return the comment on an object, and note that the model holds it."""
        key = (catalog, oid, part)
        self._used_comments.add(key)
        return self._comments.get(key, "")

    @property
    def unused_comments(self) -> dict[tuple[str, int, int], str]:
        """The comments that nobody has asked for."""
        return {key: text for key, text in self._comments.items() if key not in self._used_comments}

    @cached_property
    def _comments(self) -> dict[tuple[str, int, int], str]:
        rows = self.run(f"""
            SELECT cl.relname, d.objoid::int8, d.objsubid, d.description
            FROM pg_description d
            JOIN pg_class cl ON cl.oid = d.classoid
            WHERE (d.objoid >= {FIRST_USER_OID}
                   OR (cl.relname, d.objoid) IN (SELECT 'pg_namespace', oid FROM pg_namespace WHERE nspname = 'public'))
              AND NOT EXISTS (SELECT FROM pg_depend e
                              WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
            ORDER BY 1, 2, 3""")
        return {(catalog, oid, part): text for catalog, oid, part, text in rows}
