"""Sequences: those that stand alone or belong to a serial column, and those behind identity columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.datatypes import data_type
from planroom.engines.postgres.catalog.session import default_name, relations
from planroom.model import Sequence, SequenceOptions, qualified

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planroom.engines.postgres.catalog.session import Row, Session
    from planroom.sqltext import DataType

__all__ = ["IdentitySequence", "SequenceRow", "identity_sequences", "sequence_rows", "sequences"]

_BITS = {"smallint": 15, "integer": 31, "bigint": 63}


@dataclass(frozen=True, slots=True)
class SequenceRow:
    """A sequence as the catalog has it.

    Attributes:
        tie: How it hangs on a column: ``i`` for an identity column, ``a`` for OWNED BY, empty for not at all.
        table: The oid of that column's table, or 0.
        column: That column's schema, table and name; nothing without one.
    """

    oid: int
    schema: str
    name: str
    type: DataType
    options: SequenceOptions
    unlogged: bool
    tie: str
    table: int
    column: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdentitySequence:
    """The sequence behind an identity column; ``name`` is empty where the server made it."""

    name: str
    options: SequenceOptions


def sequence_rows(session: Session) -> tuple[SequenceRow, ...]:
    """Return every sequence of the user's, in the order of their names."""
    counters, source = _counters(session)
    rows = session.run(f"""
        SELECT r.id::int8, r.nspname, r.relname, r.relpersistence = 'u',
               coalesce(d.deptype::text, ''), coalesce(d.refobjid::int8, 0),
               tn.nspname, t.relname, a.attname, {counters}
        FROM {relations("S")} r
        {source}
        LEFT JOIN pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.id AND d.objsubid = 0
                             AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjsubid > 0
                             AND d.deptype IN ('a', 'i')
        LEFT JOIN pg_class t ON t.oid = d.refobjid
        LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
        LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
        ORDER BY 2, 3""")
    caches = _caches_before_10(session, rows) if session.version < 100000 else {}
    return tuple(_sequence_row(session, row, caches) for row in rows)


def _counters(session: Session) -> tuple[str, str]:
    """Return the columns that say how a sequence counts, and where they come from."""
    if session.version >= 100000:
        return (
            "format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle",
            "JOIN pg_sequence s ON s.seqrelid = r.id",
        )
    readable = "CASE WHEN has_sequence_privilege(r.id, 'SELECT') THEN r.id END"
    return (
        "'bigint', s.start_value, s.increment, s.minimum_value, s.maximum_value, 1::int8, s.cycle_option",
        f"LEFT JOIN LATERAL pg_sequence_parameters({readable}) s ON true",
    )


def _caches_before_10(session: Session, rows: Iterable[Row]) -> dict[int, int]:
    """Return cache sizes by oid: before PostgreSQL 10 only the sequences themselves know them."""
    selects = [
        f"SELECT {row[0]}::int8, cache_value FROM {qualified(row[1], row[2])}" for row in rows if row[10] is not None
    ]
    found: dict[int, int] = {}
    for start in range(0, len(selects), 200):
        found.update((row[0], row[1]) for row in session.run(" UNION ALL ".join(selects[start : start + 200])))
    return found


def _sequence_row(session: Session, row: Row, caches: Mapping[int, int]) -> SequenceRow:
    oid, schema, name, unlogged, tie, table, *rest = row
    owner_schema, owner_table, owner_column, kind, start, step, minimum, maximum, cache, cycle = rest
    sequence_type = data_type(kind)
    highest = 2 ** _BITS[sequence_type.name] - 1
    lowest = -highest - (session.version >= 100000)
    return SequenceRow(
        oid=oid,
        schema=schema,
        name=name,
        type=sequence_type,
        options=SequenceOptions()
        if step is None
        else _options((start, step, minimum, maximum), (lowest, highest), caches.get(oid, cache), cycle=cycle),
        unlogged=unlogged,
        tie=tie,
        table=table,
        column=(owner_schema, owner_table, owner_column) if tie else (),
    )


def _options(counts: tuple[int, int, int, int], limits: tuple[int, int], cache: int, *, cycle: bool) -> SequenceOptions:
    """Return how a sequence counts, with None for what is the default for its type and direction.

    Source: PostgreSQL, init_params() in src/backend/commands/sequence.c.
    """
    start, step, minimum, maximum = counts
    up = step > 0
    lowest, highest = limits
    return SequenceOptions(
        start=start if start != (minimum if up else maximum) else None,
        increment=step,
        minimum=minimum if minimum != (1 if up else lowest) else None,
        maximum=maximum if maximum != (highest if up else -1) else None,
        cache=cache,
        cycle=cycle,
    )


def identity_sequences(rows: tuple[SequenceRow, ...]) -> Mapping[tuple[int, str], IdentitySequence]:
    """Return the sequences behind identity columns, by the table's oid and the column's name."""
    found = {}
    for row in rows:
        if row.tie == "i":
            _, table, column = row.column
            name = row.name if row.name != default_name(table, column, "seq") else ""
            found[row.table, column] = IdentitySequence(name, row.options)
    return found


def sequences(session: Session, rows: tuple[SequenceRow, ...]) -> tuple[Sequence, ...]:
    """Return the sequences that no identity column owns."""
    found = (
        Sequence(
            schema=row.schema,
            name=row.name,
            type=row.type,
            options=row.options,
            owned_by=qualified(*row.column),
            unlogged=row.unlogged,
            comment=session.comment("pg_class", row.oid),
            origin=session.origin,
        )
        for row in rows
        if row.tie != "i"
    )
    return tuple(sorted(found, key=lambda each: each.id))
