"""The types that a schema defines: enums, domains, composite types, ranges."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.datatypes import data_type
from planroom.engines.postgres.catalog.indexes import OPERATOR_CLASSES, default_class
from planroom.engines.postgres.catalog.session import (
    USER_SCHEMA,
    default_name,
    not_extension,
    relations,
    routine_name,
    shown,
)
from planroom.model import CompositeType, Domain, Enum, Field, RangeType, qualified
from planroom.model.types import DomainCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.columns import ColumnRow
    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.session import Row, Session

__all__ = ["composite_types", "domains", "enums", "range_types", "user_types"]


def user_types(kind: str) -> str:
    """Return a subquery for the user's types of one kind: pg_type's columns and ``nspname``."""
    return (
        "(SELECT n.nspname, t.oid AS id, t.* FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace "
        f"WHERE t.typtype = '{kind}' AND {USER_SCHEMA} AND {not_extension('pg_type', 't')})"
    )


def enums(session: Session) -> tuple[Enum, ...]:
    """Return the enumerated types, with their labels in their order."""
    rows = session.run(f"""
        SELECT t.id::int8, t.nspname, t.typname,
               ARRAY(SELECT l.enumlabel::text FROM pg_enum l WHERE l.enumtypid = t.id ORDER BY l.enumsortorder)
        FROM {user_types("e")} t""")
    found = (
        Enum(
            schema=schema,
            name=name,
            labels=tuple(labels),
            comment=session.comment("pg_type", oid),
            origin=session.origin,
        )
        for oid, schema, name, labels in rows
    )
    return tuple(sorted(found, key=lambda each: each.id))


def domains(session: Session, expressions: Expressions) -> tuple[Domain, ...]:
    """Return the domains with their constraints."""
    checks: dict[int, list[DomainCheck]] = defaultdict(list)
    not_null: dict[int, str] = {}
    for kind, domain, name, text, base, validated in session.run(f"""
        SELECT con.contype::text, con.contypid::int8, con.conname, pg_get_expr(con.conbin, 0),
               format_type(t.typbasetype, t.typtypmod), con.convalidated
        FROM pg_constraint con JOIN {user_types("d")} t ON t.id = con.contypid
        WHERE con.contype IN ('c', 'n')
        ORDER BY con.contypid, con.conname"""):
        if kind == "c":
            checks[domain].append(DomainCheck(name, expressions.of_value(text, data_type(base)), validated))
        else:
            not_null[domain] = name
    rows = session.run(f"""
        SELECT t.id::int8, t.nspname, t.typname, format_type(t.typbasetype, t.typtypmod), t.typnotnull,
               pg_get_expr(t.typdefaultbin, 0), cn.nspname, co.collname
        FROM {user_types("d")} t
        JOIN pg_type b ON b.oid = t.typbasetype
        LEFT JOIN pg_collation co ON co.oid = t.typcollation AND t.typcollation <> b.typcollation
        LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace""")
    found = (_domain(session, row, expressions, tuple(checks[row[0]]), not_null.get(row[0], "")) for row in rows)
    return tuple(sorted(found, key=lambda each: each.id))


def _domain(
    session: Session, row: Row, expressions: Expressions, checks: tuple[DomainCheck, ...], not_null: str
) -> Domain:
    oid, schema, name, base, filled, default, collation_schema, collation = row
    kind = data_type(base)
    return Domain(
        schema=schema,
        name=name,
        type=kind,
        nullable=not filled,
        not_null_name=not_null if not_null != default_name(name, "", "not_null") else "",
        default=expressions.of(default, target=kind),
        collation=shown(collation_schema, collation),
        checks=checks,
        comment=session.comment("pg_type", oid),
        origin=session.origin,
    )


def composite_types(session: Session, columns: Mapping[int, tuple[ColumnRow, ...]]) -> tuple[CompositeType, ...]:
    """Return the row types that no table owns."""
    rows = session.run(f"""
        SELECT r.id::int8, r.reltype::int8, r.nspname, r.relname FROM {relations("c")} r""")
    found = (
        CompositeType(
            schema=schema,
            name=name,
            fields=tuple(
                Field(
                    name=column.name,
                    type=column.type,
                    collation=column.collation,
                    comment=session.comment("pg_class", oid, column.number),
                )
                for column in columns.get(oid, ())
            ),
            comment=session.comment("pg_type", type_oid),
            origin=session.origin,
        )
        for oid, type_oid, schema, name in rows
    )
    return tuple(sorted(found, key=lambda each: each.id))


def range_types(session: Session) -> tuple[RangeType, ...]:
    """Return the range types, with what CREATE TYPE said beyond the subtype."""
    multirange = session.since(
        140000,
        "mn.nspname, textsend(mt.typname::text)",  # bytes: the server may have cut a character in two
        "NULL, NULL",
    )
    multirange_join = session.since(
        140000,
        "LEFT JOIN pg_type mt ON mt.oid = g.rngmultitypid LEFT JOIN pg_namespace mn ON mn.oid = mt.typnamespace",
        "",
    )
    rows = session.run(f"""
        SELECT t.id::int8, t.nspname, t.typname, format_type(g.rngsubtype, NULL), cn.nspname, co.collname,
               oc.nspname, CASE WHEN NOT {default_class("oc", "g.rngsubtype")} THEN oc.opcname END,
               canonical.nspname, canonical.proname, diff.nspname, diff.proname, {multirange}
        FROM {user_types("r")} t
        JOIN pg_range g ON g.rngtypid = t.id
        JOIN pg_type s ON s.oid = g.rngsubtype
        LEFT JOIN pg_collation co ON co.oid = g.rngcollation AND g.rngcollation <> s.typcollation
        LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
        LEFT JOIN {OPERATOR_CLASSES} oc
               ON oc.id = g.rngsubopc
        LEFT JOIN ({_ROUTINES}) canonical ON canonical.oid = g.rngcanonical
        LEFT JOIN ({_ROUTINES}) diff ON diff.oid = g.rngsubdiff
        {multirange_join}""")
    return tuple(sorted((_range_type(session, row) for row in rows), key=lambda each: each.id))


_ROUTINES = "SELECT p.oid, p.proname, n.nspname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"


def _range_type(session: Session, row: Row) -> RangeType:
    oid, schema, name, subtype, collation_schema, collation, class_schema, operator_class, *rest = row
    canonical_schema, canonical, diff_schema, diff, multirange_schema, multirange = rest
    given = {
        "canonical": routine_name(canonical_schema, canonical),
        "collation": shown(collation_schema, collation),
        "multirange_type_name": _multirange(schema, name, multirange_schema, multirange),
        "subtype_diff": routine_name(diff_schema, diff),
        "subtype_opclass": shown(class_schema, operator_class),
    }
    return RangeType(
        schema=schema,
        name=name,
        subtype=data_type(subtype),
        options=tuple(sorted((key, value) for key, value in given.items() if value)),
        comment=session.comment("pg_type", oid),
        origin=session.origin,
    )


def _multirange(schema: str, name: str, multirange_schema: str | None, multirange: bytes | None) -> str:
    """Return the multirange type's id where the server did not make the name itself.

    Where it did, from a long name, the last character can be half of one.

    Source: PostgreSQL, makeMultirangeTypeName() in src/backend/catalog/pg_type.c.
    """
    if not multirange:
        return ""
    before, found, after = name.partition("range")
    made = f"{before}multirange{after}".encode() if found else name.encode()[:52] + b"_multirange"
    clipped = made[:63].decode(errors="ignore").encode()
    if multirange_schema == schema and multirange in {made[:63], clipped}:
        return ""
    return qualified(multirange_schema or "", multirange.decode(errors="replace"))
