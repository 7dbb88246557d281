"""Statistics put into a database of planroom's own, where its planner looks for them."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

from planroom.scaling.pages import MOST_PAGES
from planroom.sqltext import qualified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from planroom.scaling.statistics import ColumnStatistics, RelationStatistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["forget_columns", "restore_columns", "restore_relations"]

_RELATIONS = """
    UPDATE pg_catalog.pg_class c SET relpages = v.pages, reltuples = v.rows, relallvisible = v.visible
    FROM unnest($1::oid[], $2::int4[], $3::float4[], $4::int4[]) AS v (oid, pages, rows, visible)
    WHERE c.oid = v.oid AND (c.relpages, c.reltuples, c.relallvisible) IS DISTINCT FROM (v.pages, v.rows, v.visible)
"""

# The function takes no notice of arguments that are NULL; what it cannot use it tells by false and a warning.
_COLUMNS = """
    SELECT v.schema, v.table, v.column, pg_catalog.pg_restore_attribute_stats(
        'schemaname', v.schema, 'relname', v.table, 'attname', v.column, 'inherited', v.inherited,
        'null_frac', v.null_fraction, 'avg_width', v.width, 'n_distinct', v.distinct,
        'most_common_vals', v.common_values::text, 'most_common_freqs', v.common_frequencies,
        'histogram_bounds', v.histogram::text, 'correlation', v.correlation,
        'most_common_elems', v.common_elements::text, 'most_common_elem_freqs', v.common_element_frequencies,
        'elem_count_histogram', v.element_counts, 'range_length_histogram', v.range_lengths::text,
        'range_empty_frac', v.empty_fraction, 'range_bounds_histogram', v.range_bounds::text
    )
    FROM jsonb_to_recordset($1::jsonb) AS v (
        schema text, "table" text, "column" text, inherited boolean, null_fraction float4, width int4,
        "distinct" float4, common_values text[], common_frequencies float4[], histogram text[], correlation float4,
        common_elements text[], common_element_frequencies float4[], element_counts float4[],
        range_lengths text[], empty_fraction float4, range_bounds text[]
    )
"""
_CLEAR = """
    SELECT pg_catalog.pg_clear_attribute_stats(v.schema, v.table, v.column, v.inherited)
    FROM jsonb_to_recordset($1::jsonb) AS v (schema text, "table" text, "column" text, inherited boolean)
"""
_FIELDS = (
    "schema", "table", "column", "inherited", "null_fraction", "width", "distinct", "common_values",
    "common_frequencies", "histogram", "correlation", "common_elements", "common_element_frequencies",
    "element_counts", "range_lengths", "empty_fraction", "range_bounds",
)  # fmt: skip


def restore_relations(run: Run, relations: Mapping[int, RelationStatistics]) -> None:
    """Set the pages, rows and all-visible pages of relations by their oid; those that hold already are left alone.

    Above 2^31 pages the catalog's integer wraps round, as the server itself writes and reads it.
    """
    known = tuple(relations.values())
    run(
        _RELATIONS,
        list(relations),
        [_wrapped(each.pages) for each in known],
        [float(each.rows) for each in known],
        [_wrapped(each.all_visible) for each in known],
    )


def _wrapped(pages: int) -> int:
    if pages < 0:
        return pages
    return int(struct.unpack("<i", struct.pack("<I", min(pages, MOST_PAGES)))[0])


def forget_columns(run: Run, columns: Iterable[ColumnStatistics]) -> None:
    """Have the planner forget what it was told of columns."""
    if rows := [{field: getattr(each, field) for field in _FIELDS[:4]} for each in columns]:
        run(_CLEAR, json.dumps(rows))


def restore_columns(run: Run, columns: Iterable[ColumnStatistics]) -> tuple[str, ...]:
    """Give the planner what is known of columns, and return those it could not use, as ``schema.table.column``.

    Args:
        run: Sends a query with values for ``$1`` ... and returns its rows.
        columns: The statistics, of columns that exist and of which the planner knows nothing.
    """
    rows = json.dumps([{field: getattr(each, field) for field in _FIELDS} for each in columns])
    if rows == "[]":
        return ()
    return tuple(qualified(*names) for *names, taken in run(_COLUMNS, rows) if not taken)
