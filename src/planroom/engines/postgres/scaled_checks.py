"""What a scaled database's planner is asked after it was told all: whether it believes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from planroom.quantities import format_bytes
from planroom.scaling.pages import BLOCK_BYTES, MOST_PAGES
from planroom.sqltext import qualified
from planroom.values import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from planroom.engines.postgres.sizing import Sizes, StoredRelation
    from planroom.scaling.statistics import Statistics

    Run = Callable[..., list[tuple[Any, ...]]]

__all__ = ["Check", "checks_of", "uncarried"]

_ROWS = re.compile(rb'^\s*"Plan Rows": (\d+)', re.MULTILINE)
_COST = re.compile(rb'^\s*"Total Cost": ([0-9.e+]+)', re.MULTILINE)
_BY_PAGES_ALONE = {"max_parallel_workers_per_gather": "0", "seq_page_cost": "1", "cpu_tuple_cost": "0"} | dict.fromkeys(
    ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan"), "off"
)

# It lives in the session's temporary schema: the model's own extensions stay as they are.
_INSPECTS = """
    CREATE OR REPLACE FUNCTION pg_temp.planroom_metapage(text, OUT int4, OUT int4, OUT int8, OUT int8, OUT int8,
        OUT fastlevel int8, OUT int8, OUT float8, OUT boolean)
    LANGUAGE c AS '$libdir/pageinspect', 'bt_metap'
"""
_HEIGHTS = """
    SELECT r.oid, (pg_temp.planroom_metapage(r.oid::oid::regclass::text)).fastlevel FROM unnest($1::int8[]) AS r (oid)
"""


@dataclass(frozen=True, slots=True)
class Check:
    """What the planner or the server was asked, to see that it believes what it was told.

    Attributes:
        subject: The relation.
        what: What was asked: ``pages``, ``rows`` or ``height``.
        expected: What the statistics say.
        found: The answer.
    """

    subject: str
    what: str
    expected: float
    found: float

    @property
    def holds(self) -> bool:
        """Whether the two are equal, as far as a float of four bytes, which the catalog keeps, can tell."""
        return abs(self.found - self.expected) <= 1e-6 * max(abs(self.expected), 1.0)

    def __str__(self) -> str:
        judged = "as it should be" if self.holds else f"but should be {self.expected:,.15g}"
        return f"{self.subject}: {self.what} {self.found:,.15g}, {judged}"


def checks_of(run: Run, plan: Callable[[str], bytes], sizes: Sizes, statistics: Statistics) -> tuple[Check, ...]:
    """Ask for the pages and the rows of all tables, and the heights of all B-trees.

    Args:
        run: Sends a statement with values for ``$1`` ... and returns its rows; all of it in one open transaction.
        plan: Returns the JSON of a statement's plan.
        sizes: The relations.
        statistics: What the planner was told.
    """
    for name, value in _BY_PAGES_ALONE.items():
        run("SELECT pg_catalog.set_config($1, $2, true)", name, value)
    checks = [
        check
        for each in sizes.relations.values()
        if each.kind in {"r", "m"}
        for check in _table(plan, each, statistics)
    ]
    return (*checks, *_heights(run, sizes))


def _table(plan: Callable[[str], bytes], table: StoredRelation, statistics: Statistics) -> Iterator[Check]:
    known = statistics.by_relation.get((table.schema, table.name))
    if known is None or known.rows < 0:
        return
    document = plan(f"SELECT FROM ONLY {table.quoted}")
    rows, cost = _ROWS.search(document), _COST.search(document)
    if rows and cost:
        yield Check(str(table), "pages", max(known.pages, 0), float(cost[1]))
        yield Check(str(table), "rows", max(round(known.rows), 1), float(rows[1]))


def _heights(run: Run, sizes: Sizes) -> Iterator[Check]:
    trees = [oid for oid, each in sizes.relations.items() if each.kind == "i" and each.method == "btree"]
    run(_INSPECTS)
    for oid, height in run(_HEIGHTS, trees):
        yield Check(str(sizes.relations[oid]), "height", sizes.height(oid), height)


def uncarried(
    sizes: Sizes, columns: Collection[tuple[str, str, str]], statistics: Statistics, major: int
) -> tuple[str, ...]:
    """Say in sentences what of the statistics the database cannot show, and what they do not tell.

    Args:
        sizes: The relations.
        columns: Schema, relation and name of all columns.
        statistics: What the planner was told.
        major: The server's major version.
    """
    return (
        *_other_version(statistics, major), *_too_large(sizes, statistics), *_unmatched(sizes, statistics),
        *_unknown_columns(sizes, columns, statistics),
    )  # fmt: skip


def _other_version(statistics: Statistics, major: int) -> Iterator[str]:
    theirs = statistics.version // 10_000
    if theirs and theirs != major:
        yield f"The statistics are from PostgreSQL {theirs}; the plans are those of PostgreSQL {major}."


def _too_large(sizes: Sizes, statistics: Statistics) -> Iterator[str]:
    for each in sizes.relations.values():
        known = statistics.by_relation.get((each.schema, each.name))
        if each.file and known and known.pages > MOST_PAGES:
            wanted = format_bytes(known.pages * BLOCK_BYTES)
            yield f"{each} would have {wanted}: a relation of PostgreSQL ends at 32 TiB, and is planned so."


def _unmatched(sizes: Sizes, statistics: Statistics) -> Iterator[str]:
    here = {(each.schema, each.name): each for each in sizes.relations.values()}
    unknown = [f"{schema}.{name}" for schema, name in statistics.by_relation if (schema, name) not in here]
    untold = [str(each) for key, each in here.items() if each.file and key not in statistics.by_relation]
    if unknown:
        yield f"The statistics tell of {_listed(unknown)}, which the model has not."
    if untold:
        yield f"Nothing is known of {_listed(untold)}: planned as if empty."


def _unknown_columns(sizes: Sizes, columns: Collection[tuple[str, str, str]], statistics: Statistics) -> Iterator[str]:
    relations = {(each.schema, each.name) for each in sizes.relations.values()}
    unknown = sorted(
        {
            qualified(each.schema, each.table, each.column)
            for each in statistics.columns
            if (each.schema, each.table) in relations and (each.schema, each.table, each.column) not in columns
        }
    )
    if unknown:
        yield f"The statistics tell of {_listed(unknown)}, which the model has not."


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5} more" if len(names) > 5 else shown
