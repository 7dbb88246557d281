"""What nobody knows of tables, because ANALYZE never was there or because the role is not shown it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from planroom.engines.postgres.catalog.session import relations
from planroom.engines.postgres.gathering.relations import TABLE_KINDS
from planroom.scaling.statistics import Assumption

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from planroom.engines.postgres.catalog.session import Session
    from planroom.engines.postgres.gathering.relations import Relation

__all__ = ["column_rows", "never_analysed", "unusable_indexes"]

_VIRTUAL_SINCE = 180000


def column_rows(session: Session) -> dict[tuple[str, str], list[tuple[str, bool]]]:
    """Return the columns that ANALYZE looks at, by the schema and name of their table.

    Each is its name, and whether the role is shown what is known of it.

    Source: PostgreSQL, the condition of the view pg_stats in src/backend/catalog/system_views.sql;
    examine_attribute() in src/backend/commands/analyze.c.
    """
    virtual = session.since(_VIRTUAL_SINCE, "AND a.attgenerated <> 'v'", "")
    rows = session.run(f"""
        SELECT r.nspname, r.relname, a.attname,
               has_column_privilege(r.id, a.attnum, 'select') AND NOT (r.relrowsecurity AND row_security_active(r.id))
        FROM {relations(TABLE_KINDS)} r
        JOIN pg_attribute a ON a.attrelid = r.id AND a.attnum > 0 AND NOT a.attisdropped {virtual}
        WHERE coalesce(a.attstattarget, -1) <> 0
        ORDER BY 1, 2, a.attnum""")
    found: dict[tuple[str, str], list[tuple[str, bool]]] = defaultdict(list)
    for schema, table, column, shown in rows:
        found[schema, table].append((column, shown))
    return found


def never_analysed(
    found: Sequence[Relation],
    columns: Mapping[tuple[str, str], Sequence[tuple[str, bool]]],
    told: Collection[tuple[str, str, str]],
) -> Iterator[Assumption]:
    """Yield what is to be said about tables and columns of which nothing is known.

    Args:
        found: All relations.
        columns: The columns of the tables, as `column_rows` gives them.
        told: Schema, table and column of those that are known.
    """
    for each in found:
        if each.statistics.table:
            continue
        of_table = columns.get(each.key, ())
        hidden = [name for name, shown in of_table if not shown and (*each.key, name) not in told]
        missing = [name for name, shown in of_table if shown and (*each.key, name) not in told]
        if hidden:
            yield Assumption(each.id, f"the role is not shown what is known of {', '.join(hidden)}", "rule")
        text = _never(each, missing, everything=len(missing) == len(of_table))
        if text:
            yield Assumption(each.id, text)


def _never(relation: Relation, missing: Sequence[str], *, everything: bool) -> str:
    """Return what is to be said about a table and those of its columns that nothing is known of."""
    rows, pages, partitioned = relation.statistics.rows, relation.statistics.pages, relation.kind == "p"
    if rows < 0 or (partitioned and pages == 0):  # ANALYZE gives a partitioned table -1 pages
        why = " (autovacuum does not analyse partitioned tables)" if partitioned else ""
        return f"it was never analysed: run ANALYZE on it{why}"
    if rows == 0 and pages <= 0:
        return "it was empty when it was last analysed, or it never was"
    if rows == 0 or not missing:
        return ""
    return f"{'its columns were' if everything else _listed(missing)} never analysed: run ANALYZE on it"


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'was' if len(names) == 1 else 'were'}"


def unusable_indexes(found: Sequence[Relation]) -> Iterator[Assumption]:
    """Yield what is to be said about indexes that the planner does not use."""
    for each in found:
        if not each.valid:
            yield Assumption(each.id, "the index is not valid: the server's planner does not use it", "rule")
