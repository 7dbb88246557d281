"""What a real server knows of its tables, as values: the judge of what is worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

__all__ = ["server_statistics"]

_RELATIONS = """
SELECT n.nspname, c.relname, c.relpages, c.reltuples, c.relallvisible, coalesce(t.relname, ''),
       CASE WHEN i.indrelid IS NULL THEN '' ELSE m.amname END, i.indexrelid
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
LEFT JOIN pg_class t ON t.oid = i.indrelid LEFT JOIN pg_am m ON m.oid = c.relam
WHERE c.relkind IN ('r', 'i', 'm', 'p') AND n.nspname !~ '^pg_|^information_schema$' ORDER BY 1, 2
"""
_COLUMNS = """
SELECT schemaname, tablename, attname, inherited, null_frac, avg_width, n_distinct,
       most_common_vals::text::text[], most_common_freqs, histogram_bounds::text::text[], correlation,
       most_common_elems::text::text[], most_common_elem_freqs, elem_count_histogram
FROM pg_stats WHERE schemaname !~ '^pg_|^information_schema$' ORDER BY 1, 2, 3, 4
"""


def server_statistics(database: OwnedPostgres) -> Statistics:
    """Read what ANALYZE found; heights of B-trees where the extension pageinspect is there."""
    run = database.connection.execute
    inspected = run("SELECT count(*) FROM pg_extension WHERE extname = 'pageinspect'").fetchone() == (1,)
    relations = []
    for schema, name, pages, rows, visible, table, method, _ in run(_RELATIONS).fetchall():
        height = None
        if inspected and method == "btree":
            (height,) = run("SELECT fastlevel FROM bt_metap(quote_ident($1) || '.' || quote_ident($2))", [schema, name]).fetchone()  # type: ignore[misc]  # fmt: skip  # noqa: E501
        relations.append(
            RelationStatistics(
                schema=schema, name=name, pages=pages, rows=rows, all_visible=visible, table=table, method=method,
                height=height,
            )
        )  # fmt: skip
    columns = [
        ColumnStatistics(
            schema=row[0], table=row[1], column=row[2], inherited=row[3], null_fraction=row[4], width=row[5],
            distinct=row[6], common_values=_tuple(row[7]), common_frequencies=_tuple(row[8]), histogram=_tuple(row[9]),
            correlation=row[10], common_elements=_tuple(row[11]), common_element_frequencies=_tuple(row[12]),
            element_counts=_tuple(row[13]),
        )
        for row in run(_COLUMNS).fetchall()
    ]  # fmt: skip
    return Statistics(relations=tuple(relations), columns=tuple(columns), version=180006, source="a server")


def _tuple(values: list[object] | None) -> tuple[object, ...] | None:  # type: ignore[misc]
    return None if values is None else tuple(values)
