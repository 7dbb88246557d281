"""What takes more than a look at the catalog: definitions of indexes, heights of B-trees, ends of what they sort."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planroom.engines.postgres.catalog.session import USER_SCHEMA, Session, relations
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.gathering.relations import TABLE_KINDS
from planroom.errors import StatementFailedError
from planroom.scaling.statistics import Assumption
from planroom.sqltext import qualified, quote_identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from planroom.engines.postgres.engine import PostgresEngine
    from planroom.scaling.statistics import ColumnStatistics

__all__ = ["FirstPages", "first_pages", "index_definitions", "settle", "with_ends"]

FirstPages = dict[tuple[str, str], tuple[int | None, tuple[float, ...] | None]]
"""By schema and name of an index: its height if it is a B-tree, and its counts if it is of GIN."""

_SCRATCH = "planroom_pageinspect"
_BY_INDEX = ("enable_seqscan", "enable_bitmapscan", "enable_sort")
"""Ways of finding an end that would read a whole table: off while ends are asked for."""


def settle(run: Callable[..., list[tuple[Any, ...]]], source: str = "") -> Session:
    """Return a reading whose values are printed in one way, for the open transaction alone."""
    version = int(run("SELECT current_setting('server_version_num')")[0][0])
    session = Session(run, version, source)
    session.settle()
    run("SELECT set_config('lc_monetary', 'C', true)")
    return session


# -- first pages ------------------------------------------------------------------------------------------------------


def first_pages(engine: PostgresEngine) -> tuple[FirstPages, tuple[Assumption, ...]]:
    """Return what the first pages of indexes tell, where the extension pageinspect can read them.

    These are the levels above the leaves of B-trees, and what GIN counts. On planroom's own database the extension is
    made and gone again; on the user's it has to be there, and the role has to be a superuser.
    """
    try:
        with engine.trial() if isinstance(engine, OwnedPostgres) else engine.snapshot() as run:
            schema = _pageinspect(run, owned=engine.owned)
            rows = run(_FIRST_PAGES.format(schema=quote_identifier(schema))) if schema else []
    except StatementFailedError as error:
        text = f"the heights of its B-trees are worked out, as the server does not say them: {error.what}"
        return {}, (Assumption("database", text, "rule"),)
    return {(schema, name): (height, counts and tuple(counts)) for schema, name, height, counts in rows}, ()


_FIRST_PAGES = f"""
    SELECT n.nspname, c.relname, CASE am.amname WHEN 'btree' THEN
            (SELECT m.fastlevel FROM {{schema}}.bt_metap(format('%I.%I', n.nspname, c.relname)) m)
        END, CASE am.amname WHEN 'gin' THEN
            (SELECT ARRAY[m.n_pending_pages, m.n_total_pages, m.n_entry_pages, m.n_data_pages, m.n_entries]::float8[]
             FROM {{schema}}.gin_metapage_info({{schema}}.get_raw_page(format('%I.%I', n.nspname, c.relname), 0)) m)
        END
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_am am ON am.oid = c.relam
    WHERE c.relkind = 'i' AND am.amname IN ('btree', 'gin') AND {USER_SCHEMA}"""


def _pageinspect(run: Callable[..., list[tuple[Any, ...]]], *, owned: bool) -> str:
    """Return the schema of the extension; an empty text where it cannot be used."""
    found = run("""
        SELECT n.nspname FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        WHERE e.extname = 'pageinspect' AND current_setting('is_superuser') = 'on'""")
    if found or not owned:
        return str(found[0][0]) if found else ""
    if not run("SELECT 1 FROM pg_catalog.pg_available_extensions WHERE name = 'pageinspect'"):
        return ""
    run(f"CREATE SCHEMA {_SCRATCH}")
    run(f"CREATE EXTENSION pageinspect SCHEMA {_SCRATCH}")
    return _SCRATCH


# -- definitions -------------------------------------------------------------------------------------------------------


def index_definitions(engine: PostgresEngine) -> tuple[dict[tuple[str, str], str], tuple[Assumption, ...]]:
    """Return the CREATE INDEX of each index. The server locks the tables for that, for a moment, as readers do."""
    try:
        with engine.snapshot() as run:
            rows = run(_DEFINITIONS)
    except StatementFailedError as error:
        text = f"the definitions of its indexes could not be asked for: {error.what}"
        return {}, (Assumption("database", text, "rule"),)
    return {(schema, name): text for schema, name, text in rows}, ()


_DEFINITIONS = f"""
    SELECT r.nspname, c.relname, pg_get_indexdef(c.oid)
    FROM pg_index i
    JOIN {relations(TABLE_KINDS)} r ON r.id = i.indrelid
    JOIN pg_class c ON c.oid = i.indexrelid"""


# -- ends --------------------------------------------------------------------------------------------------------------


def with_ends(
    engine: PostgresEngine, columns: Sequence[ColumnStatistics]
) -> tuple[tuple[ColumnStatistics, ...], tuple[Assumption, ...]]:
    """Return the columns with the least and the greatest value of those, and of expressions, that lead a B-tree.

    It reads the tables, by two probes of an index for each column.
    """
    with engine.snapshot() as run:
        session = settle(run)
        leading, expressions = _leading_columns(session), _leading_expressions(session)
    ends: dict[tuple[str, str, str, bool], tuple[str, str]] = {}
    assumptions = []
    for (schema, table, kind), names in leading.items():
        try:
            with engine.snapshot() as run:
                found = _ends_of(run, schema, table, names, only=kind != "p")
        except StatementFailedError as error:
            text = f"the ends of its indexed columns could not be asked for: {error.what}"
            assumptions.append(Assumption(qualified(schema, table), text, "rule"))
            continue
        ends |= {(schema, table, name, kind == "p"): pair for name, pair in found.items()}
    for schema, table, index, name, expression in expressions:
        with contextlib.suppress(StatementFailedError), engine.snapshot() as run:  # no one misses them much
            for pair in _ends_of(run, schema, table, [expression], only=True, quoted=True).values():
                ends[schema, index, name, False] = pair
    keyed = (((each.schema, each.table, each.column, each.inherited), each) for each in columns)
    return tuple(replace(each, ends=ends.get(key)) for key, each in keyed), tuple(assumptions)


def _leading_columns(session: Session) -> Mapping[tuple[str, str, str], Sequence[str]]:
    """Return the columns by which a B-tree sorts all rows of a table, as the type does by default."""
    rows = session.run(f"""
        SELECT DISTINCT r.nspname, r.relname, r.relkind::text, a.attname
        FROM pg_index i
        JOIN {relations("rmp")} r ON r.id = i.indrelid
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am am ON am.oid = c.relam
        JOIN pg_opclass o ON o.oid = i.indclass[0]
        JOIN pg_attribute a ON a.attrelid = r.id AND a.attnum = i.indkey[0] AND a.attnum > 0
        WHERE am.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL AND o.opcdefault AND r.relispopulated
          AND i.indcollation[0] = a.attcollation
          AND has_column_privilege(r.id, a.attnum, 'select')
          AND NOT (r.relrowsecurity AND row_security_active(r.id))
        ORDER BY 1, 2, 3, 4""")
    found: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for schema, table, kind, column in rows:
        found[schema, table, kind].append(column)
    return found


def _leading_expressions(session: Session) -> Sequence[tuple[Any, ...]]:
    """Return the expressions by which a B-tree sorts all rows of a table.

    Each is the schema, the table, the index, the name that the server gave the expression, and the expression.
    """
    return session.run(f"""
        SELECT r.nspname, r.relname, c.relname, a.attname, '(' || pg_get_indexdef(c.oid, 1, false) || ')'
        FROM pg_index i
        JOIN {relations("rm")} r ON r.id = i.indrelid
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_am am ON am.oid = c.relam
        JOIN pg_opclass o ON o.oid = i.indclass[0]
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
        WHERE am.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL AND i.indkey[0] = 0 AND o.opcdefault
          AND r.relispopulated AND has_table_privilege(r.id, 'select')
          AND NOT (r.relrowsecurity AND row_security_active(r.id))
        ORDER BY 1, 2, 3""")


def _ends_of(
    run: Callable[..., list[tuple[Any, ...]]],
    schema: str,
    table: str,
    names: Sequence[str],
    *,
    only: bool,
    quoted: bool = False,
) -> dict[str, tuple[str, str]]:
    settle(run)
    for setting in _BY_INDEX:
        run("SELECT set_config($1, 'off', true)", setting)
    source = f"{'ONLY ' if only else ''}{qualified(schema, table)}"
    columns = names if quoted else [quote_identifier(name) for name in names]
    ((*values,),) = run(f"SELECT {', '.join(_probes(columns, source))}")
    pairs = zip(names, values[::2], values[1::2], strict=True)
    return {name: (least, greatest) for name, least, greatest in pairs if least is not None}


def _probes(columns: Sequence[str], source: str) -> Iterator[str]:
    for column in columns:
        for order in ("ASC", "DESC"):
            yield f"(SELECT {column} FROM {source} WHERE {column} IS NOT NULL ORDER BY {column} {order} LIMIT 1)::text"
