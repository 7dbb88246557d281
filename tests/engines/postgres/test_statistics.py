"""The statistics of a live database: what its planner knows, read from the catalog."""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any

import pytest

from planroom.engines.postgres.catalog.session import Session
from planroom.engines.postgres.engine import OwnedPostgres, PostgresEngine
from planroom.engines.postgres.gathering.analysed import column_rows
from planroom.engines.postgres.gathering.columns import column_statistics, untold_expressions, untold_ranges
from planroom.engines.postgres.gathering.extended import extended_data, untold_extended
from planroom.engines.postgres.gathering.relations import relation_rows
from planroom.engines.postgres.gathering.settings import others_settings, planner_settings, sorting
from planroom.engines.postgres.statistics import read_statistics
from planroom.scaling.storing import statistics_from, statistics_text
from planroom.sqltext.libpg_query import parse_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planroom.engines.postgres.server import Server
    from planroom.scaling.statistics import ColumnStatistics, Statistics

pytestmark = pytest.mark.server

SHOP = r"""
CREATE SCHEMA "sh op";
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE "sh op"."Or""ders" (
    gone int, id bigint PRIMARY KEY, name text, tags text[], valid int4range, at timestamptz, every interval,
    data bytea, price money, share float8, feeling mood, city text, zip int
);
ALTER TABLE "sh op"."Or""ders" DROP COLUMN gone;
INSERT INTO "sh op"."Or""ders" SELECT
    i, E'a "b", {\\} \n' || i % 5, ARRAY['x', '{' || i % 3, 'NULL'], int4range(i, i + 3),
    '2026-01-01 12:00+02'::timestamptz + i % 2 * interval '1 day', '1 day 2 hours', '\x00ff', 1234.5, 1.0 / 3,
    (ARRAY['sad', 'glad'])[1 + i % 2]::mood, i % 70, i % 70 / 7
FROM generate_series(1, 30000) i;
CREATE INDEX by_name ON "sh op"."Or""ders" (lower(name));
CREATE INDEX by_tag ON "sh op"."Or""ders" USING gin (tags);
CREATE INDEX some_of ON "sh op"."Or""ders" (zip) WHERE zip > 8;
CREATE STATISTICS "sh op".places ON city, zip FROM "sh op"."Or""ders";
CREATE TABLE log (day int, line text) PARTITION BY RANGE (day);
CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (50);
CREATE TABLE log_2 PARTITION OF log FOR VALUES FROM (50) TO (100);
CREATE INDEX ON log (day);
INSERT INTO log SELECT i % 100, 'line ' || i FROM generate_series(1, 5000) i;
CREATE MATERIALIZED VIEW totals AS SELECT day, count(*) AS lines FROM log GROUP BY day;
CREATE TABLE empty (a int);
CREATE TABLE never (a int);
CREATE TABLE later (a int);
INSERT INTO later VALUES (1);
ANALYZE "sh op"."Or""ders", log, totals, empty, later;
ALTER TABLE later ADD b int DEFAULT 3;
"""


@pytest.fixture(scope="module")
def shop(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(SHOP)
        yield engine


@pytest.fixture(scope="module")
def found(shop: OwnedPostgres) -> Statistics:
    return read_statistics(shop, ends=True)


def column(found: Statistics, name: str, table: str = 'Or"ders', schema: str = "sh op") -> ColumnStatistics:
    return found.by_column[schema, table, name, False]


def test_the_sizes_are_those_of_the_catalog(shop: OwnedPostgres, found: Statistics) -> None:
    rows = shop.query("""
        SELECT relnamespace::regnamespace::text, relname, relpages, reltuples::float8, relallvisible FROM pg_class
        WHERE relnamespace::regnamespace::text !~ '^(pg_|information)' AND relkind IN ('r', 'm', 'p', 'i', 'I')""").rows

    told = {(each.schema, each.name, each.pages, each.rows, each.all_visible) for each in found.relations}
    assert {(schema.strip('"'), *rest) for schema, *rest in rows} == told
    assert list(found.relations) == sorted(found.relations, key=lambda each: (each.schema, each.name))


def test_an_index_has_its_table_method_definition_and_height(found: Statistics) -> None:
    key = found.by_relation["sh op", 'Or"ders_pkey']

    assert (key.table, key.method, key.height) == ('Or"ders', "btree", 1)
    assert key.definition.startswith('CREATE UNIQUE INDEX "Or""ders_pkey" ON "sh op"."Or""ders" USING btree')
    assert found.by_relation["public", "log_1_day_idx"].height == 1
    assert found.by_relation["public", "log_day_idx"].height is None  # of a partitioned table: it has no pages
    assert found.by_relation["sh op", "some_of"].height == 1


def test_values_are_printed_in_one_way_whatever_the_session_has(shop: OwnedPostgres, found: Statistics) -> None:
    shop.run("SET datestyle = 'SQL, DMY'; SET timezone = 'Asia/Tokyo'; SET intervalstyle = 'iso_8601';"
             "SET bytea_output = 'escape'; SET extra_float_digits = -5")  # fmt: skip
    assert read_statistics(shop, ends=True).columns == found.columns
    assert shop.query("SHOW datestyle").scalar() == "SQL, DMY"
    shop.run("RESET ALL")

    assert sorted(column(found, "at").common_values or ()) == ["2026-01-01 10:00:00+00", "2026-01-02 10:00:00+00"]
    assert column(found, "every").common_values == ("1 day 02:00:00",)
    assert column(found, "data").common_values == ("\\x00ff",)
    assert column(found, "price").common_values == ("$1,234.50",)
    assert column(found, "share").common_values == ("0.3333333333333333",)


def test_every_kind_of_statistics_is_there(found: Statistics) -> None:
    assert sorted(column(found, "name").common_values or ()) == [f'a "b", {{\\}} \n{number}' for number in range(5)]
    assert sum(column(found, "name").common_frequencies or ()) == pytest.approx(1, abs=1e-6)
    assert sorted(column(found, "tags").common_elements or ()) == ["NULL", "x", "{0", "{1", "{2"]
    assert (column(found, "tags").element_counts or ())[-1] == 3.0
    assert column(found, "valid").range_lengths == ("3",) * 100 or len(column(found, "valid").range_lengths or ()) > 9
    assert column(found, "valid").empty_fraction == 0.0
    assert (column(found, "valid").range_bounds or ("",))[0].startswith("[")
    assert column(found, "id").distinct == -1.0
    assert len(column(found, "id").histogram or ()) == 101


def test_the_expression_of_an_index_and_inherited_rows_are_columns_too(found: Statistics) -> None:
    assert column(found, "lower", "by_name").distinct == 5.0
    assert found.by_column["public", "log", "day", True].distinct == 100.0
    assert found.by_column["public", "log_1", "day", False].distinct == 50.0


def test_extended_statistics_are_values_and_dropped_columns_do_not_count(found: Statistics) -> None:
    places = next(each for each in found.extended if each.name == "places")
    numbers = (11, 12)  # of city and zip among the columns that are left; the catalog says 12 and 13

    assert places.distinct == ((numbers, 70.0),)
    assert dict(places.dependencies or ())[numbers] == 1.0
    assert bytes.fromhex(places.common or "")[:4] == (0xE1A651C2).to_bytes(4, "little")  # STATS_MCV_MAGIC


def test_the_ends_of_indexed_columns_are_found_by_probing_indexes(found: Statistics) -> None:
    assert column(found, "id").ends == ("1", "30000")
    assert found.by_column["public", "log", "day", True].ends == ("0", "99")
    assert found.by_column["public", "log_2", "day", False].ends == ("50", "99")
    assert column(found, "zip").ends is None  # its index holds some of the rows alone


def test_what_is_not_known_is_said(found: Statistics) -> None:
    said = {each.subject: each.text for each in found.assumptions}

    assert said["public.never"] == "it was never analysed: run ANALYZE on it"
    assert said["public.empty"].startswith("it was empty")
    assert said["public.later"] == "b was never analysed: run ANALYZE on it"
    assert not said.keys() & {"public.log", "public.log_1", "database"}


def test_settings_that_bear_on_plans_and_differ_are_carried(shop: OwnedPostgres) -> None:
    shop.run("SET random_page_cost = 1.1; SET work_mem = '64MB'; SET statement_timeout = '1h'; SET enable_sort = off")
    settings = read_statistics(shop).settings
    shop.run("RESET ALL")

    assert {name: settings[name] for name in ("random_page_cost", "work_mem", "enable_sort")} == {
        "random_page_cost": "1.1", "work_mem": "64MB", "enable_sort": "off"}  # fmt: skip
    assert "statement_timeout" not in settings
    assert read_statistics(shop).settings.keys() < settings.keys()


def test_the_version_and_the_source_are_there_and_all_of_it_can_be_stored(
    shop: OwnedPostgres, found: Statistics
) -> None:
    assert found.version == shop.connection.info.server_version
    assert found.source == shop.url
    assert statistics_from(statistics_text(found)) == found


def test_no_table_is_read_and_nothing_stays(shop: OwnedPostgres) -> None:
    def reads() -> list[tuple[Any, ...]]:
        shop.run("SELECT pg_stat_force_next_flush()")
        return list(shop.query("""
            SELECT relname, seq_scan, idx_scan FROM pg_stat_user_tables WHERE seq_scan + coalesce(idx_scan, 0) > 0
            ORDER BY 1""").rows)  # fmt: skip

    before = reads()
    read_statistics(shop)
    assert reads() == before
    assert shop.query("SELECT count(*) FROM pg_extension WHERE extname = 'pageinspect'").scalar() == 0
    read_statistics(shop, ends=True)
    after = {name: scans for name, *scans in reads()}
    assert [(name, scans[0]) for name, *scans in before] == [(name, after[name][0]) for name, *_ in before]


@pytest.fixture
def as_role(server: Server, shop: OwnedPostgres) -> Iterator[PostgresEngine]:
    shop.run('CREATE ROLE clerk; GRANT USAGE ON SCHEMA "sh op" TO clerk;'
             'GRANT SELECT (id, name) ON "sh op"."Or""ders" TO clerk; GRANT SELECT ON log TO clerk;'
             "SET ROLE clerk")  # fmt: skip
    yield shop
    shop.run("RESET ROLE; DROP OWNED BY clerk; DROP ROLE clerk")


def test_columns_that_the_role_may_not_read_are_named(as_role: PostgresEngine, found: Statistics) -> None:
    seen = read_statistics(as_role)
    said = {each.subject: each.text for each in seen.assumptions}

    assert {each.column for each in seen.columns if each.table == 'Or"ders'} == {"id", "name"}
    assert said['"sh op"."Or""ders"'].startswith("the role is not shown what is known of tags, valid")
    assert "only a superuser" in said['"sh op".places'] or seen.extended == ()
    assert said['"sh op".by_name'].startswith("the role is not shown")
    without = [dataclasses.replace(each, height=None, counts=None) for each in found.relations]
    assert [dataclasses.replace(each, height=None, counts=None) for each in seen.relations] == without


# Since when a view or a column is there. Source: the release notes of PostgreSQL 10 to 18.
_SINCE = {
    "pg_statistic_ext": 10,
    "pg_stats_ext": 12,
    "pg_statistic_ext_data": 12,
    "stxdinherit": 15,
    "datlocprovider": 15,
    "range_length_histogram": 17,
    "datlocale": 17,
    "attgenerated": 18,
}
_UNTIL = {"daticulocale": (15, 16)}


@pytest.mark.parametrize("version", [100000, 110000, *range(120000, 190000, 10000)])
def test_a_server_is_asked_for_what_it_has_and_for_nothing_newer(version: int) -> None:
    asked: list[str] = []

    def run(sql: str) -> list[tuple[Any, ...]]:
        parse_tree(sql.encode())
        asked.append(sql)
        return [("UTF8", "C", "c", None)] if "datcollate" in sql else [(True,)] if "has_table_privilege" in sql else []

    session = Session(run, version)
    relation_rows(session)
    column_rows(session)
    column_statistics(session, ())
    extended_data(session)
    planner_settings(session)
    for each in (untold_expressions, untold_ranges, untold_extended, sorting, others_settings):
        list(each(session))
    words = set(re.findall(r"\w+", "\n".join(asked)))
    major = version // 10_000
    assert words & _SINCE.keys() == {word for word, since in _SINCE.items() if since <= major}
    assert words & _UNTIL.keys() == {word for word, (first, last) in _UNTIL.items() if first <= major <= last}


def test_hash_tables_of_older_servers_have_the_memory_that_they_had_there() -> None:
    assert planner_settings(Session(lambda sql: [], 140000)) == {"hash_mem_multiplier": "1"}
    assert planner_settings(Session(lambda sql: [], 150000)) == {}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("UTF8", "C", "c", None), ()),
        (("UTF8", "en_US.UTF-8", "c", None), ("sorted by en_US.UTF-8",)),
        (("UTF8", "C", "i", "de-DE"), ("sorted by de-DE",)),
        (("UTF8", "C.UTF-8", "b", "C.UTF-8"), ()),
        (("LATIN1", "C", "c", None), ("encoded in LATIN1",)),
    ],
)
def test_another_order_or_encoding_of_texts_is_said(row: tuple[Any, ...], words: tuple[str, ...]) -> None:
    said = [each.text for each in sorting(Session(lambda sql: [row], 180000))]

    assert len(said) == len(words)
    assert all(word in text for word, text in zip(words, said, strict=True))


def test_the_settings_of_other_roles_are_named(shop: OwnedPostgres) -> None:
    shop.run("CREATE ROLE app; ALTER ROLE app SET random_page_cost = 1.1; ALTER ROLE app SET application_name = 'x'")
    said = [(each.subject, each.text) for each in read_statistics(shop).assumptions if each.subject.startswith("role")]
    shop.run("DROP ROLE app")

    assert [(subject, "random_page_cost=1.1" in text) for subject, text in said] == [("role app", True)]


def test_an_index_that_is_not_valid_and_one_that_is_locked_are_said(shop: OwnedPostgres) -> None:
    shop.run("CREATE TABLE locked (a int PRIMARY KEY); CREATE INDEX broken ON locked (a);"
             "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass")  # fmt: skip
    said = {each.subject: each.text for each in read_statistics(shop).assumptions}
    assert "not valid" in said["public.broken"]
    with shop.connect() as other:
        other.execute("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE")
        found = read_statistics(shop, ends=True)
        other.execute("ROLLBACK")
    shop.run("DROP TABLE locked")
    said = {each.subject: each.text for each in found.assumptions}
    assert "ends of its indexed columns could not be asked" in said["public.locked"]
    assert "definitions of its indexes could not be asked" in said["database"]
    assert column(found, "id").ends == ("1", "30000")


def test_pages_above_two_to_the_31_are_no_negative_number(shop: OwnedPostgres) -> None:
    shop.run("CREATE TABLE huge (a int); UPDATE pg_class SET relpages = -2, reltuples = 1e12 WHERE relname = 'huge'")
    found = read_statistics(shop).by_relation["public", "huge"]
    shop.run("DROP TABLE huge")

    assert (found.pages, found.rows) == (2**32 - 2, 1e12)
