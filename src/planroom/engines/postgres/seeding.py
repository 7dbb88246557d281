"""Two rows a table, with the least and the greatest value of each column that leads an index.

A planner that is asked for the rows beyond the last bound it knows looks the true end up in an index
(``get_actual_variable_range`` in selfuncs.c): it has to find there what the table at scale would hold.

The rows hold NULL elsewhere, and no constraint, trigger, rule or bound of a partition is asked: the catalog of the
throw-away database says for the length of a transaction that there are none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planroom.errors import StatementFailedError
from planroom.sqltext import qualified, quote_identifier
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from planroom.scaling.statistics import Statistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["LeadingColumn", "Seeds", "leading_columns", "plant", "seed_rows", "seeds_of"]

Ends = tuple[str, str]

_LEADING = """
    SELECT DISTINCT i.indrelid::int8, n.nspname, c.relname, a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod),
        CASE WHEN i.indcollation[0] > 0 THEN ' COLLATE ' || i.indcollation[0]::pg_catalog.regcollation ELSE '' END
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_am am ON am.oid = x.relam AND am.amname = 'btree'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE c.oid >= 16384 AND c.relkind IN ('r', 'm') AND i.indpred IS NULL
        AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
    ORDER BY 1, 4
"""


@dataclass(frozen=True, slots=True)
class LeadingColumn:
    """A column that leads a whole B-tree.

    Attributes:
        oid: The table's number.
        schema: Its schema.
        table: Its name.
        column: The column's name.
        type: Its type, as the server writes it.
        collation: `` COLLATE ...`` where the index has one.
    """

    oid: int
    schema: str
    table: str
    column: str
    type: str
    collation: str


Seeds = dict[int, dict[LeadingColumn, Ends]]
"""By the table's oid: the least and the greatest value of its leading columns."""


def leading_columns(run: Run) -> tuple[LeadingColumn, ...]:
    """Return the columns that lead a B-tree over all rows of a table or materialised view."""
    return tuple(LeadingColumn(*row) for row in run(_LEADING))


def seeds_of(run: Run, columns: Iterable[LeadingColumn], statistics: Statistics) -> Seeds:
    """Return the ends of the columns that have a histogram, the only ones that a planner looks up.

    Where the ends are not told, they are those of the histogram and of the common values, whichever is beyond.
    """
    found: Seeds = {}
    for column in columns:
        size = statistics.by_relation.get((column.schema, column.table))
        known = statistics.by_column.get((column.schema, column.table, column.column, False))
        if size is None or size.pages < 1 or known is None or not known.histogram:
            continue
        told = known.ends or (known.histogram[0], known.histogram[-1])
        if known.ends is None and known.common_values:
            told = _extremes(run, column, (*told, *known.common_values)) or told
        found.setdefault(column.oid, {})[column] = told
    return found


def _extremes(run: Run, column: LeadingColumn, values: Sequence[str]) -> Ends | None:
    values_of_type = f"(SELECT v::{column.type} AS v FROM unnest($1::text[]) AS v)"  # noqa: S608  (the server's own names)
    first, last = (
        f"(SELECT v::text FROM {values_of_type} AS t ORDER BY v{column.collation}{way} LIMIT 1)"  # noqa: S608
        for way in ("", " DESC")
    )
    try:
        ((least, greatest),) = run(f"SELECT {first}, {last}", list(values))
    except StatementFailedError:
        return None
    return least, greatest


def plant(run: Run, seeds: Seeds) -> dict[int, str]:
    """Insert the rows, in the open transaction, and say in a sentence why a table has to go without, by its oid.

    Args:
        run: Sends a statement with values for ``$1`` ... and returns its rows.
        seeds: What to insert.
    """
    if not seeds:
        return {}
    tables = list(seeds)
    saved = [(restore, run(select, tables)) for select, _, restore in _BARE]
    for _, strip, _ in _BARE:
        run(strip, tables)
    notes = {oid: note for oid, ends in seeds.items() if (note := _insert(run, ends))}
    for restore, rows in saved:
        if rows:
            run(restore, *(list(column) for column in zip(*rows, strict=True)))
    return notes


def seed_rows(ends: Mapping[LeadingColumn, Ends]) -> tuple[tuple[str, ...], ...]:
    """Return the rows that hold the ends of columns: two, or one where they are the same."""
    return tuple(dict.fromkeys(zip(*ends.values(), strict=True)))


def _insert(run: Run, ends: Mapping[LeadingColumn, Ends]) -> str:
    first = next(iter(ends))
    table = qualified(first.schema, first.table)
    others = [name for (name,) in run(_OTHERS, first.oid, [each.column for each in ends])]
    names = ", ".join(quote_identifier(name) for name in (*(each.column for each in ends), *others))
    values = [f"${number}::{each.type}" for number, each in enumerate(ends, 1)] + ["NULL"] * len(others)
    statement = f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE VALUES ({', '.join(values)})"  # noqa: S608  (quoted names)
    rows = seed_rows(ends)
    run("SAVEPOINT seed")
    try:
        for row in rows:
            run(statement, *row)
    except StatementFailedError as error:
        run("ROLLBACK TO SAVEPOINT seed")
        return f"The ends of the keys of {first.schema}.{first.table} are not known to the planner: {error.what}."
    run("RELEASE SAVEPOINT seed")
    return ""


_OTHERS = """
    SELECT attname FROM pg_catalog.pg_attribute
    WHERE attrelid = $1::oid AND attnum > 0 AND NOT attisdropped AND attname <> ALL ($2::text[])
    ORDER BY attnum
"""

# What would refuse, change or answer a row, as (read it, take it away, put it back).
_BARE = (
    (
        """SELECT oid::int8, relchecks, relhastriggers, relhasrules, relispartition, relkind::text
        FROM pg_catalog.pg_class WHERE oid = ANY ($1::oid[])""",
        """UPDATE pg_catalog.pg_class SET relchecks = 0, relhastriggers = false, relhasrules = false,
        relispartition = false, relkind = 'r' WHERE oid = ANY ($1::oid[])""",
        """UPDATE pg_catalog.pg_class c SET relchecks = v.checks, relhastriggers = v.triggers, relhasrules = v.rules,
        relispartition = v.partition, relkind = v.kind::"char"
        FROM unnest($1::oid[], $2::int2[], $3::bool[], $4::bool[], $5::bool[], $6::text[])
        AS v (oid, checks, triggers, rules, partition, kind) WHERE c.oid = v.oid""",
    ),
    (
        """SELECT attrelid::int8, attnum, attnotnull, attgenerated::text FROM pg_catalog.pg_attribute
        WHERE attrelid = ANY ($1::oid[]) AND attnum > 0 AND (attnotnull OR attgenerated <> '')""",
        """UPDATE pg_catalog.pg_attribute SET attnotnull = false, attgenerated = ''
        WHERE attrelid = ANY ($1::oid[]) AND attnum > 0 AND (attnotnull OR attgenerated <> '')""",
        """UPDATE pg_catalog.pg_attribute a SET attnotnull = v.known, attgenerated = v.generated::"char"
        FROM unnest($1::oid[], $2::int2[], $3::bool[], $4::text[]) AS v (oid, number, known, generated)
        WHERE a.attrelid = v.oid AND a.attnum = v.number""",
    ),
    (
        """SELECT indexrelid::int8, indisunique, indisready FROM pg_catalog.pg_index
        WHERE indrelid = ANY ($1::oid[])""",
        """UPDATE pg_catalog.pg_index i SET indisunique = false, indisready = am.amname = 'btree'
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_am am ON am.oid = c.relam
        WHERE c.oid = i.indexrelid AND i.indrelid = ANY ($1::oid[])""",
        """UPDATE pg_catalog.pg_index i SET indisunique = v.is_unique, indisready = v.ready
        FROM unnest($1::oid[], $2::bool[], $3::bool[]) AS v (oid, is_unique, ready) WHERE i.indexrelid = v.oid""",
    ),
    (
        "SELECT oid::int8 FROM pg_catalog.pg_type WHERE typtype = 'd' AND typnotnull AND $1::oid[] IS NOT NULL",
        "UPDATE pg_catalog.pg_type SET typnotnull = false WHERE typtype = 'd' AND typnotnull AND $1::oid[] IS NOT NULL",
        "UPDATE pg_catalog.pg_type SET typnotnull = true WHERE oid = ANY ($1::oid[])",
    ),
)
