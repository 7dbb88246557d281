"""What ANALYZE found in columns and in the expressions of indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import USER_SCHEMA, relations
from planroom.engines.postgres.gathering.relations import TABLE_KINDS
from planroom.scaling.array_literals import array_values
from planroom.scaling.statistics import Assumption, ColumnStatistics
from planroom.sqltext import qualified

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from planroom.engines.postgres.catalog.session import Row, Session

__all__ = ["column_statistics", "untold_expressions", "untold_ranges"]

_EXPRESSIONS_SINCE = 140000  # pg_stats_ext_exprs
_INHERITED_SINCE = 150000
_RANGES_SINCE = 170000  # pg_stats has the three columns for ranges since PostgreSQL 17


def column_statistics(session: Session, known: Collection[tuple[str, str]]) -> tuple[ColumnStatistics, ...]:
    """Return what is known of the columns of some relations, sorted by schema, table, column and ``inherited``.

    Args:
        session: A reading of the catalog.
        known: Schemas and names of the relations.
    """
    since = session.since
    rows = session.run(f"""
        SELECT n.schemaname, n.tablename, n.attname, n.inherited, n.null_frac::text, n.avg_width, n.n_distinct::text,
               n.most_common_vals::text, n.most_common_freqs::text, n.histogram_bounds::text, n.correlation::text,
               n.most_common_elems::text, n.most_common_elem_freqs::text, n.elem_count_histogram::text,
               {since(_RANGES_SINCE, "n.range_length_histogram::text", "NULL")},
               {since(_RANGES_SINCE, "n.range_empty_frac::text", "NULL")},
               {since(_RANGES_SINCE, "n.range_bounds_histogram::text", "NULL")}
        FROM pg_stats n
        WHERE {USER_SCHEMA.replace("nspname", "schemaname")}""")
    found = [_column(row) for row in rows if (row[0], row[1]) in known]
    found += [_column((*row, None, None, None)) for row in _expressions(session)]
    return tuple(sorted(found, key=lambda each: (each.schema, each.table, each.column, each.inherited)))


def _expressions(session: Session) -> Sequence[Row]:
    """Return what is known of the expressions of CREATE STATISTICS, under its name."""
    if session.version < _EXPRESSIONS_SINCE:
        return []
    inherited = session.since(_INHERITED_SINCE, "n.inherited", "false")
    return session.run(f"""
        SELECT n.statistics_schemaname, n.statistics_name, n.expr, {inherited},
               n.null_frac::text, n.avg_width, n.n_distinct::text, n.most_common_vals::text, n.most_common_freqs::text,
               n.histogram_bounds::text, n.correlation::text, n.most_common_elems::text,
               n.most_common_elem_freqs::text, n.elem_count_histogram::text
        FROM pg_stats_ext_exprs n
        WHERE n.null_frac IS NOT NULL AND {USER_SCHEMA.replace("n.nspname", "n.statistics_schemaname")}""")


def _column(row: Row) -> ColumnStatistics:
    schema, table, column, inherited, nulls, width, distinct, common, shares, histogram, correlation, *rest = row
    elements, element_shares, counts, lengths, empty, bounds = rest
    return ColumnStatistics(
        schema=schema,
        table=table,
        column=column,
        inherited=inherited,
        null_fraction=float(nulls),
        width=width,
        distinct=float(distinct),
        common_values=_texts(common),
        common_frequencies=_numbers(shares),
        histogram=_texts(histogram),
        correlation=_number(correlation),
        common_elements=_texts(elements),
        common_element_frequencies=_numbers(element_shares),
        element_counts=_numbers(counts),
        range_lengths=_texts(lengths),
        empty_fraction=_number(empty),
        range_bounds=_texts(bounds),
    )


def _texts(literal: str | None) -> tuple[str, ...] | None:
    return None if literal is None else array_values(literal)


def _numbers(literal: str | None) -> tuple[float, ...] | None:
    return None if literal is None else tuple(map(float, array_values(literal)))


def _number(text: str | None) -> float | None:
    return None if text is None else float(text)


def untold_expressions(session: Session) -> Iterator[Assumption]:
    """Yield what is to be said about indexes on expressions whose statistics the role is not shown: their owner is."""
    rows = session.run(f"""
        SELECT r.nspname, c.relname
        FROM pg_index i
        JOIN {relations(TABLE_KINDS)} r ON r.id = i.indrelid
        JOIN pg_class c ON c.oid = i.indexrelid
        WHERE i.indexprs IS NOT NULL AND r.relkind <> 'p' AND NOT has_column_privilege(c.oid, 1::int2, 'select')
        ORDER BY 1, 2""")
    for schema, name in rows:
        yield Assumption(
            qualified(schema, name), "the role is not shown what is known of its expressions: its owner is", "rule"
        )


def untold_ranges(session: Session) -> Iterator[Assumption]:
    """Yield what is to be said about columns of ranges on servers whose ``pg_stats`` does not tell of them."""
    if session.version >= _RANGES_SINCE:
        return
    rows = session.run(f"""
        SELECT r.nspname, r.relname, a.attname
        FROM {relations(TABLE_KINDS)} r
        JOIN pg_attribute a ON a.attrelid = r.id AND a.attnum > 0 AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        WHERE t.typtype IN ('r', 'm')
        ORDER BY 1, 2, a.attnum""")
    for schema, table, column in rows:
        text = "PostgreSQL tells what is known of ranges since version 17; the planner's default stands for it"
        yield Assumption(qualified(schema, table, column), text)
