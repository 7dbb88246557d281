"""The judge: plans from statistics that nobody has yet, against those of the rows that come."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import planroom as pr
from planroom.engines.postgres.scaled import ScaledPostgres
from planroom.model import annotate
from planroom.scaling.declared import declared
from planroom.scaling.growing import grown
from planroom.scaling.index_sizes import indexes_of
from planroom.scaling.storing import statistics_from
from tests.benchmarks.shop import LARGE, counted_rows, outlines, predicted, verdict
from tests.benchmarks.shop_queries import SHOP
from tests.scaling.server_statistics import server_statistics
from tests.tpch import NOTES, PLANS, QUERIES, SCHEMA, SMALL_STATISTICS, outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.scaling.statistics import ColumnStatistics, Statistics

pytestmark = pytest.mark.usefixtures("server")

ROWS = {name: count // 50 for name, count in LARGE.items()}
MODEL = pr.read(str(SHOP))


def test_statistics_of_a_tenth_of_the_rows_foretell_the_plans_of_all() -> None:
    model = pr.read(SCHEMA, notes=NOTES)
    small, recorded = statistics_from(SMALL_STATISTICS.read_text()), json.loads(PLANS.read_text())["all indexes"]
    rows = {
        table.id: small.by_relation[table.schema, table.name].rows * (1 if table.annotations.domain == "closed" else 10)
        for table in model.tables
    }

    with ScaledPostgres(model, grown(small, model, rows)) as database:
        found = {name: outline(database.explain(sql).document) for name, sql in QUERIES.items()}

    other = {name for name, (shape, _) in recorded.items() if found[name][0] != shape}
    # Near ties: in the recorded sample of 101 part names three are green, where five are in truth, and two customers
    # stand out by chance. Of five more ANALYZEs of the same rows, three gave all 22 plans that are foretold here.
    assert other <= {"q09", "q10"}
    ratios = [found[name][1] / cost for name, (_, cost) in recorded.items()]
    assert sum(0.9 <= each <= 1.1 for each in ratios) >= 20
    assert all(0.5 <= each <= 2 for each in ratios)


def test_different_values_are_those_that_analyze_will_find_and_not_those_that_there_are(
    fresh_database: OwnedPostgres,
) -> None:
    """Its estimate from a sample grows with the rows although the values stay, and falls short of those of a parent."""
    script = "CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (id int PRIMARY KEY, closed int, p int REFERENCES p);"
    rows = "INSERT INTO t SELECT i, random() * 100000, 1 + floor(random() * {parents}) FROM generate_series({range}) i;"
    database = fresh_database
    database.run(script)
    database.run("SELECT setseed(0.5); INSERT INTO p SELECT generate_series(1, 8000)")
    database.run(rows.format(parents=8000, range="1, 80000") + "VACUUM ANALYZE;")
    small = server_statistics(database)
    database.run("INSERT INTO p SELECT generate_series(8001, 80000); TRUNCATE t;")
    database.run(rows.format(parents=80000, range="1, 800000") + "VACUUM ANALYZE;")
    model = annotate(pr.read(script), {"t.closed": {"domain": "closed"}})

    found = grown(small, model, {"public.t": 800_000.0, "public.p": 80_000.0})

    for name in ("closed", "p"):
        real, then, before = (
            _distinct(each, name, count)
            for each, count in ((server_statistics(database), 8e5), (found, 8e5), (small, 8e4))
        )
        assert then == pytest.approx(real, rel=0.08)
        assert then > 1.5 * before


def _distinct(statistics: Statistics, column: str, rows: float) -> float:
    distinct = statistics.by_column["public", "t", column, False].distinct
    return distinct if distinct > 0 else -distinct * rows


@pytest.fixture(scope="module")
def shop() -> Iterator[OwnedPostgres]:
    """The commerce schema with made-up rows."""
    with pr.database(MODEL, rows=ROWS) as database:
        database.run("REINDEX DATABASE")
        database.run("VACUUM")
        yield database  # type: ignore[misc]


def test_plans_from_declarations_alone_are_those_of_the_rows(shop: OwnedPostgres) -> None:
    found = verdict(outlines(shop), predicted(MODEL, counted_rows(MODEL, shop)))

    assert found.queries >= 25
    assert found.shapes >= 0.9 * found.queries, found
    assert found.costs >= 0.9 * found.queries, found


def test_sizes_from_declarations_alone_are_those_of_the_rows(shop: OwnedPostgres) -> None:
    real = server_statistics(shop)
    found = declared(MODEL, counted_rows(MODEL, shop))
    trees = [
        (found.by_relation[table.schema, index.name], real.by_relation[table.schema, index.name])
        for table in MODEL.tables
        for index in indexes_of(table)
        if index.method == "btree" and not table.partitioning
    ]
    large = [(one, other) for one, other in trees if other.pages >= 50]

    near = [one.pages == pytest.approx(other.pages, rel=0.15) for one, other in large]
    assert sum(near) >= 0.9 * len(large)
    heaps = [(found.by_relation[table.schema, table.name], real.by_relation[table.schema, table.name])
             for table in MODEL.tables if not table.partitioning]  # fmt: skip
    assert all(one.pages == pytest.approx(other.pages, rel=0.15) for one, other in heaps if other.pages >= 50)


def test_different_values_and_nulls_are_those_of_the_rows(shop: OwnedPostgres) -> None:
    real = server_statistics(shop)
    rows = counted_rows(MODEL, shop)
    found = declared(MODEL, rows)
    near, wrong = 0, []
    for key, column in found.by_column.items():
        known = real.by_column.get(key)
        count = rows.get(f"{key[0]}.{key[1]}", 0.0)
        if known is None or count < 1000:
            continue
        ratio = _values(column, count) / max(_values(known, count), 1.0)
        if abs(column.null_fraction - known.null_fraction) < 0.1 and 0.6 < ratio < 1.7:
            near += 1
        else:
            wrong.append((key, column.null_fraction, known.null_fraction, ratio))

    assert near >= 0.95 * (near + len(wrong)), wrong


def _values(column: ColumnStatistics, rows: float) -> float:
    return column.distinct if column.distinct >= 0 else -column.distinct * rows
