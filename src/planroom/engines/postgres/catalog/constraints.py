"""Primary keys, unique constraints, foreign keys, checks and exclusion constraints of tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.catalog.session import relations
from planroom.model import Check, Exclusion, ExclusionElement, ForeignKey, PrimaryKey, Unique, qualified

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.indexes import IndexRow
    from planroom.engines.postgres.catalog.session import Session
    from planroom.findings import Location

__all__ = ["Constraints", "constraints"]

_ACTIONS = {"a": "no action", "r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}


@dataclass
class Constraints:
    """The constraints of one table while they are being gathered, in the order of their names."""

    primary_key: PrimaryKey | None = None
    unique: list[Unique] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    exclusions: list[Exclusion] = field(default_factory=list)


def constraints(session: Session, rows: tuple[IndexRow, ...], expressions: Expressions) -> Mapping[int, Constraints]:
    """Return the constraints of every table by its oid, but for those that it has from a parent alone."""
    by_oid = {row.oid: row for row in rows}
    found: dict[int, Constraints] = defaultdict(Constraints)
    for row in session.run(_query(session)):
        given = _Given(*(*row, session.comment("pg_constraint", row[0]), session.origin))
        table = found[given.table]
        if given.kind == "f":
            table.foreign_keys.append(_foreign_key(given))
        elif given.kind == "c":
            table.checks.append(_check(given, expressions))
        elif given.kind == "x":
            table.exclusions.append(_exclusion(given, by_oid[given.index], expressions))
        elif given.kind == "u":
            index = by_oid[given.index]
            table.unique.append(Unique(**_key(given, index), nulls_not_distinct=index.nulls_not_distinct))
        else:
            table.primary_key = PrimaryKey(**_key(given, by_oid[given.index]))
    return found


@dataclass(frozen=True, slots=True)
class _Given:
    """One row of the query below."""

    oid: int
    table: int
    kind: str
    name: str
    columns: list[str]
    deferrable: bool
    deferred: bool
    validated: bool
    enforced: bool
    period: bool
    no_inherit: bool
    index: int
    parent: str
    expression: str
    foreign_schema: str
    foreign_table: str
    foreign_columns: list[str]
    on_update: str
    on_delete: str
    on_delete_columns: list[str]
    match: str
    operators: list[str]
    comment: str
    origin: Location


def _names(relation: str, numbers: str) -> str:
    """Return an SQL expression for the names of columns, in the order of their numbers."""
    return (
        f"ARRAY(SELECT a.attname::text FROM unnest({numbers}) WITH ORDINALITY k(number, position) "
        f"JOIN pg_attribute a ON a.attrelid = {relation} AND a.attnum = k.number ORDER BY k.position)"
    )


def _query(session: Session) -> str:
    """Return the query; a partition's keys are its own, but for the rest only what is local counts."""
    since = session.since
    set_columns = since(150000, _names("con.conrelid", "con.confdelsetcols"), "'{}'::text[]")
    own_foreign_key = since(110000, "con.conparentid = 0", "true")
    return f"""
        SELECT con.oid::int8, con.conrelid::int8, con.contype::text, con.conname,
               {_names("con.conrelid", "con.conkey")},
               con.condeferrable, con.condeferred, con.convalidated, {since(180000, "con.conenforced", "true")},
               {since(180000, "con.conperiod", "false")}, con.connoinherit, con.conindid::int8,
               {since(110000, "coalesce(pc.conname, '')", "''")},
               CASE WHEN con.contype = 'c' THEN pg_get_expr(con.conbin, con.conrelid) ELSE '' END,
               coalesce(fn.nspname, ''), coalesce(f.relname, ''), {_names("con.confrelid", "con.confkey")},
               con.confupdtype::text, con.confdeltype::text, {set_columns}, con.confmatchtype::text,
               ARRAY(SELECT CASE WHEN n.nspname IN ('pg_catalog', 'public') THEN o.oprname::text
                                 ELSE 'OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')' END
                     FROM unnest(con.conexclop) WITH ORDINALITY k(oid, position)
                     JOIN pg_operator o ON o.oid = k.oid JOIN pg_namespace n ON n.oid = o.oprnamespace
                     ORDER BY k.position)
        FROM pg_constraint con
        JOIN {relations("rpf")} r ON r.id = con.conrelid
        {since(110000, "LEFT JOIN pg_constraint pc ON pc.oid = con.conparentid", "")}
        LEFT JOIN pg_class f ON f.oid = con.confrelid
        LEFT JOIN pg_namespace fn ON fn.oid = f.relnamespace
        WHERE con.contype IN ('p', 'u', 'x') OR (con.contype = 'f' AND {own_foreign_key})
           OR (con.contype = 'c' AND con.conislocal)
        ORDER BY con.conrelid, con.conname"""


def _key(given: _Given, index: IndexRow) -> dict[str, Any]:
    """Return what primary keys and unique constraints have in common."""
    return {
        "name": given.name,
        "columns": tuple(given.columns),
        "include": index.include,
        "without_overlaps": given.period,
        "deferrable": given.deferrable,
        "initially_deferred": given.deferred,
        "parent": given.parent,
        "storage": index.storage,
        "tablespace": index.tablespace,
        "comment": given.comment,
        "origin": given.origin,
    }


def _foreign_key(given: _Given) -> ForeignKey:
    return ForeignKey(
        name=given.name,
        columns=tuple(given.columns),
        referenced_table=qualified(given.foreign_schema, given.foreign_table),
        referenced_columns=tuple(given.foreign_columns),
        on_update=_ACTIONS[given.on_update],
        on_delete=_ACTIONS[given.on_delete],
        on_delete_columns=tuple(given.on_delete_columns),
        match_full=given.match == "f",
        period=given.period,
        deferrable=given.deferrable,
        initially_deferred=given.deferred,
        validated=given.validated,
        enforced=given.enforced,
        comment=given.comment,
        origin=given.origin,
    )


def _check(given: _Given, expressions: Expressions) -> Check:
    return Check(
        name=given.name,
        expression=expressions.given(given.expression, given.table),
        no_inherit=given.no_inherit,
        validated=given.validated,
        enforced=given.enforced,
        comment=given.comment,
        origin=given.origin,
    )


def _exclusion(given: _Given, index: IndexRow, expressions: Expressions) -> Exclusion:
    elements = zip(index.columns, given.operators, strict=True)
    return Exclusion(
        name=given.name,
        elements=tuple(ExclusionElement(column, operator) for column, operator in elements),
        method=index.method,
        include=index.include,
        predicate=expressions.of(index.predicate, given.table),
        deferrable=given.deferrable,
        initially_deferred=given.deferred,
        parent=given.parent,
        storage=index.storage,
        tablespace=index.tablespace,
        comment=given.comment,
        origin=given.origin,
    )
