"""Columns of tables, views and composite types."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.datatypes import data_type
from planroom.engines.postgres.catalog.session import relations, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.session import Session
    from planroom.sqltext import DataType

__all__ = ["ColumnRow", "column_rows"]

_STORAGE = {"p": "plain", "e": "external", "x": "extended", "m": "main"}
_COMPRESSION = {"p": "pglz", "l": "lz4"}


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One row of pg_attribute, decoded; expressions are still the server's text."""

    number: int
    name: str
    type: DataType
    not_null: bool
    default: str
    identity: str
    generated: str
    collation: str
    storage: str
    compression: str
    statistics_target: int | None
    inherited: bool
    not_null_name: str
    not_null_inherited: bool
    not_null_validated: bool


def column_rows(session: Session) -> Mapping[int, tuple[ColumnRow, ...]]:
    """Return the columns of every user relation in their order, by the relation's oid."""
    found: dict[int, list[ColumnRow]] = defaultdict(list)
    for relation, *values in session.run(_query(session)):
        found[relation].append(_row(*values))
    return {relation: tuple(columns) for relation, columns in found.items()}


def _query(session: Session) -> str:
    since = session.since
    not_null = since(
        180000,
        "LEFT JOIN pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum",
        "",
    )
    return f"""
        SELECT a.attrelid::int8, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
               coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
               {since(100000, "a.attidentity::text", "''")}, {since(120000, "a.attgenerated::text", "''")},
               cn.nspname, co.collname,
               CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage::text ELSE '' END,
               {since(140000, "a.attcompression::text", "''")},
               a.attstattarget, NOT a.attislocal AND a.attinhcount > 0,
               {since(180000, "coalesce(nn.conname, ''), coalesce(nn.connoinherit, false)", "'', false")},
               {since(180000, "coalesce(nn.convalidated, true)", "true")}
        FROM pg_attribute a
        JOIN {relations()} r ON r.id = a.attrelid
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        LEFT JOIN pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation
        LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
        {not_null}
        WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind <> 'S'
        ORDER BY 1, 2"""


def _row(
    number: int, name: str, kind: str, filled: bool, default: str, identity: str, generated: str, schema: str | None,
    collation: str | None, storage: str, compression: str, target: int | None, inherited: bool, constraint: str,
    no_inherit: bool, validated: bool,
) -> ColumnRow:  # fmt: skip
    return ColumnRow(
        number=number,
        name=name,
        type=data_type(kind),
        not_null=filled,
        default=default,
        identity=identity,
        generated=generated,
        collation=shown(schema, collation),
        storage=_STORAGE.get(storage, ""),
        compression=_COMPRESSION.get(compression, ""),
        statistics_target=target if target is not None and target >= 0 else None,
        inherited=inherited,
        not_null_name=constraint,
        not_null_inherited=not no_inherit,
        not_null_validated=validated,
    )
