"""Indexes, and what the keys and exclusion constraints on them are made of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import attribute_options, options, relations, shown
from planroom.model import Index, IndexColumn
from planroom.sqltext.statements import parse_postgres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from planroom.engines.postgres.catalog.expressions import Expressions
    from planroom.engines.postgres.catalog.session import Row, Session

__all__ = ["OPERATOR_CLASSES", "IndexRow", "default_class", "index_rows", "indexes"]

_DESC, _NULLS_FIRST = 1, 2  # INDOPTION_DESC, INDOPTION_NULLS_FIRST (src/include/catalog/pg_index.h)

OPERATOR_CLASSES = (
    "(SELECT o.oid AS id, o.*, n.nspname FROM pg_opclass o JOIN pg_namespace n ON n.oid = o.opcnamespace)"
)


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One row of pg_index, decoded.

    Attributes:
        table: The oid of the table or materialised view.
        constraint: The name of the primary key, unique or exclusion constraint that owns it; else empty.
        parent: The name of the partitioned index that it belongs to; else empty.
        whole: It is valid; a partitioned one: on every partition.
    """

    oid: int
    table: int
    name: str
    partitioned: bool
    method: str
    unique: bool
    nulls_not_distinct: bool
    columns: tuple[IndexColumn, ...]
    include: tuple[str, ...]
    predicate: str
    storage: tuple[tuple[str, str], ...]
    tablespace: str
    whole: bool
    clustered: bool
    replica_identity: bool
    constraint: str
    parent: str


def default_class(alias: str, kind: str) -> str:
    """Return the condition that the operator class ``alias`` is the default for a type (an SQL expression).

    Source: PostgreSQL, GetDefaultOpClass() in src/backend/commands/indexcmds.c: a class for the very type goes before
    one for a type that it can stand for.
    """
    base = f"(SELECT coalesce(nullif(b.typbasetype, 0), b.oid) FROM pg_type b WHERE b.oid = {kind})"
    defaults = "SELECT d.opcmethod, d.opcintype FROM pg_opclass d WHERE d.opcdefault"
    return f"({alias}.opcdefault AND ({alias}.opcintype = {base} OR ({alias}.opcmethod, {base}) NOT IN ({defaults})))"


def index_rows(session: Session, expressions: Expressions) -> tuple[IndexRow, ...]:
    """Return every index on the user's tables and materialised views, by table and name."""
    parts = _parts(session, expressions)
    since = session.since
    rows = session.run(f"""
        SELECT i.indexrelid::int8, i.indrelid::int8, ic.relname, ic.relkind = 'I', am.amname, i.indisunique,
               {since(150000, "i.indnullsnotdistinct", "false")}, coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
               ic.reloptions, coalesce(ts.spcname, ''), i.indisvalid, i.indisclustered, i.indisreplident,
               coalesce(con.conname, ''), coalesce(pc.relname, '')
        FROM pg_index i
        JOIN {relations("rpmf")} r ON r.id = i.indrelid
        JOIN pg_class ic ON ic.oid = i.indexrelid
        JOIN pg_am am ON am.oid = ic.relam
        LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
        LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.conrelid = i.indrelid
                                   AND con.contype IN ('p', 'u', 'x')
        LEFT JOIN pg_inherits h ON h.inhrelid = i.indexrelid
        LEFT JOIN pg_class pc ON pc.oid = h.inhparent
        ORDER BY 2, 3""")
    return tuple(_index_row(row, parts) for row in rows)


def _index_row(row: Row, parts: Mapping[int, tuple[tuple[IndexColumn, ...], tuple[str, ...]]]) -> IndexRow:
    oid, table, name, partitioned, method, unique, distinct, predicate, storage, tablespace, *rest = row
    whole, clustered, identity, constraint, parent = rest
    columns, include = parts[oid]
    return IndexRow(
        oid=oid,
        table=table,
        name=name,
        partitioned=partitioned,
        method=method,
        unique=unique,
        nulls_not_distinct=distinct,
        columns=columns,
        include=include,
        predicate=predicate,
        storage=options(storage),
        tablespace=tablespace,
        whole=whole,
        clustered=clustered,
        replica_identity=identity,
        constraint=constraint,
        parent=parent,
    )


def _parts(session: Session, expressions: Expressions) -> Mapping[int, tuple[tuple[IndexColumn, ...], tuple[str, ...]]]:
    """Return the key parts and the included columns of every index, by its oid."""
    keys: dict[int, list[IndexColumn]] = defaultdict(list)
    include: dict[int, list[str]] = defaultdict(list)
    for row in session.run(
        _PARTS.format(classes=OPERATOR_CLASSES, relations=relations("rpmf"), **_part_columns(session))
    ):
        if row[3]:
            keys[row[0]].append(_part(expressions, row))
        else:
            include[row[0]].append(row[4])
    return {oid: (tuple(parts), tuple(include[oid])) for oid, parts in keys.items()}


_PARTS = """
    SELECT i.indexrelid::int8, i.indrelid::int8, k.position, k.position <= {key_columns}, a.attname,
           CASE WHEN k.number = 0 THEN pg_get_indexdef(i.indexrelid, k.position::int, false) END,
           cn.nspname, co.collname,
           CASE WHEN k.number = 0 AND k.coll NOT IN (0, 100) THEN pg_get_indexdef(i.indexrelid) END,
           CASE WHEN NOT {default} THEN oc.opcname END, oc.nspname, {options}, k.flags
    FROM pg_index i
    JOIN {relations} r ON r.id = i.indrelid
    CROSS JOIN LATERAL unnest(i.indkey::int2[], i.indclass::oid[], i.indcollation::oid[], i.indoption::int2[])
        WITH ORDINALITY AS k(number, class, coll, flags, position)
    LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number AND k.number <> 0
    JOIN pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = k.position
    LEFT JOIN pg_collation co ON co.oid = k.coll AND k.number <> 0 AND k.coll <> a.attcollation
    LEFT JOIN pg_namespace cn ON cn.oid = co.collnamespace
    LEFT JOIN {classes} oc
           ON oc.id = k.class
    ORDER BY 1, 3"""


def _part_columns(session: Session) -> dict[str, str]:
    return {
        "key_columns": session.since(110000, "i.indnkeyatts", "i.indnatts"),
        "options": session.since(130000, attribute_options("ia"), "NULL::text[]"),
        # What an index stores of an expression may be of another type than the expression: a box for a polygon.
        "default": default_class(
            "oc",
            "CASE WHEN k.number <> 0 THEN a.atttypid WHEN oc.opckeytype = 0 THEN ia.atttypid ELSE oc.opcintype END",
        ),
    }


def _part(expressions: Expressions, row: Row) -> IndexColumn:
    _, table, position, _, column, expression, schema, collation, definition, *rest = row
    operator_class, class_schema, parameters, flags = rest
    return IndexColumn(
        column=column or "",
        expression=expressions.of(expression, table),
        collation=_expression_collation(definition, position) if definition else shown(schema, collation),
        operator_class=shown(class_schema, operator_class),
        operator_class_options=options(parameters),
        descending=bool(flags & _DESC),
        nulls_first=bool(flags & _NULLS_FIRST),
    )


def _expression_collation(definition: str, position: int) -> str:
    """Return the COLLATE that the server prints beside an expression; it alone knows the expression's own."""
    tree = parse_postgres(definition)[0].tree["indexParams"][position - 1]["IndexElem"]
    parts = [part["String"]["sval"] for part in tree.get("collation", ())]
    return shown(parts[0] if len(parts) > 1 else None, parts[-1]) if parts else ""


def indexes(session: Session, rows: tuple[IndexRow, ...], expressions: Expressions) -> Mapping[int, tuple[Index, ...]]:
    """Return the indexes that no constraint owns, sorted by name, by the oid of their table."""
    found: dict[int, list[Index]] = defaultdict(list)
    for row in rows:
        if not row.constraint:
            found[row.table].append(_index(session, row, expressions))
    return {oid: tuple(sorted(each, key=lambda index: index.name)) for oid, each in found.items()}


def _index(session: Session, row: IndexRow, expressions: Expressions) -> Index:
    return Index(
        name=row.name,
        columns=row.columns,
        method=row.method,
        unique=row.unique,
        nulls_not_distinct=row.nulls_not_distinct,
        include=row.include,
        predicate=expressions.of(row.predicate, row.table),
        storage=row.storage,
        tablespace=row.tablespace,
        parent=row.parent,
        only=row.partitioned and not row.whole,
        comment=session.comment("pg_class", row.oid),
        origin=session.origin,
    )
