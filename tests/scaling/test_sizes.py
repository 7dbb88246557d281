"""Pages of tables and indexes, worked out from statistics, held against what the server builds."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import planroom as pr
from planroom.errors import ModelError
from planroom.model import Index, IndexColumn
from planroom.scaling.analysing import actual_apart, actual_together, estimated_apart
from planroom.scaling.btree_sizes import BTree, Entries, btree_height, btree_pages
from planroom.scaling.index_columns import expression_names
from planroom.scaling.index_siblings import beside_known
from planroom.scaling.index_sizes import index_statistics, indexes_of, sized_index
from planroom.scaling.other_index_sizes import hash_pages
from planroom.scaling.selectivity import kept_share
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics
from planroom.scaling.storing import statistics_from
from planroom.scaling.table_sizes import heap_pages, table_statistics
from planroom.scaling.tuple_bytes import Cell, laid_out
from planroom.scaling.type_layouts import Layouts
from tests import tpch
from tests.scaling.server_statistics import server_statistics

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres

ROWS = 50_000
TABLES = """
CREATE EXTENSION btree_gist;
CREATE EXTENSION pg_trgm;
CREATE TYPE state AS ENUM ('a', 'b', 'c', 'd');
CREATE TABLE t (
    id bigint PRIMARY KEY, cust int NOT NULL, s state NOT NULL, flag boolean, amount numeric(10,2) NOT NULL, f float8,
    lasts interval, code text NOT NULL, note text, low text, ip inet, ts timestamptz NOT NULL, d date, tags text[],
    j jsonb, v tsvector, r int8range, p point, small smallint, c3 char(3), maybe bigint
);
CREATE TABLE narrow (a int, b int);
CREATE TABLE wide (id int PRIMARY KEY, body text);
CREATE TABLE filled (a int, b text) WITH (fillfactor=70);
CREATE TABLE bare ();
"""
INDEXES = """
CREATE INDEX i_cust ON t (cust);
CREATE INDEX i_cust_ts ON t (cust, ts DESC);
CREATE INDEX i_s ON t (s);
CREATE INDEX i_s_cust ON t (s, cust);
CREATE INDEX i_flag ON t (flag);
CREATE INDEX i_amount ON t (amount);
CREATE INDEX i_f ON t (f);
CREATE INDEX i_lasts ON t (lasts);
CREATE INDEX i_note ON t (note);
CREATE INDEX i_low ON t (low);
CREATE INDEX i_ip ON t (ip);
CREATE INDEX i_d ON t (d);
CREATE INDEX i_plain ON t (d) WITH (deduplicate_items=off);
CREATE INDEX i_include ON t (cust) INCLUDE (amount);
CREATE INDEX i_part ON t (ts) WHERE s = 'd';
CREATE INDEX i_null ON t (cust) WHERE flag IS NULL;
CREATE INDEX i_in ON t (cust) WHERE s IN ('b', 'c') AND ts < '2025-02-01';
CREATE INDEX i_not ON t (cust) WHERE NOT flag;
CREATE INDEX i_maybe ON t (maybe);
CREATE INDEX i_maybe_ts ON t (cust, maybe);
CREATE INDEX i_maybe_note ON t (note, maybe);
CREATE INDEX i_there ON t (maybe) WHERE maybe IS NOT NULL;
CREATE INDEX i_twice ON t ((amount * 2));
CREATE INDEX i_half ON t (id) WITH (fillfactor=50);
CREATE INDEX i_small ON t (small, cust);
CREATE INDEX i_c3 ON t (c3);
CREATE INDEX i_r ON t (r);
CREATE INDEX h_cust ON t USING hash (cust);
CREATE INDEX h_s ON t USING hash (s);
CREATE INDEX h_id ON t USING hash (id);
CREATE INDEX g_tags ON t USING gin (tags);
CREATE INDEX g_j ON t USING gin (j);
CREATE INDEX g_paths ON t USING gin (j jsonb_path_ops);
CREATE INDEX g_v ON t USING gin (v);
CREATE INDEX g_trgm ON t USING gin (code gin_trgm_ops);
CREATE INDEX gi_r ON t USING gist (r);
CREATE INDEX gi_cust ON t USING gist (cust, r);
CREATE INDEX gi_p ON t USING gist (p);
CREATE INDEX sp_p ON t USING spgist (p);
CREATE INDEX sp_code ON t USING spgist (code);
CREATE INDEX sp_r ON t USING spgist (r);
CREATE INDEX b_ts ON t USING brin (ts);
CREATE INDEX b_ts4 ON t USING brin (ts) WITH (pages_per_range=4);
CREATE INDEX b_code ON t USING brin (code) WITH (pages_per_range=1);
"""
FILL = f"""
SELECT setseed(0.5);
INSERT INTO t SELECT i, 1 + floor({ROWS} / 20 * power(random(), 2))::int,
    (array['a', 'a', 'a', 'b', 'b', 'c', 'd'])[1 + (random() * 6)::int]::state,
    CASE WHEN random() < .1 THEN NULL ELSE random() < .3 END, (random() * 1000)::numeric(10,2), random() * 100,
    make_interval(days => (random() * 50)::int), 'C' || lpad((random() * 99999)::int::text, 5, '0'),
    CASE WHEN random() < .4 THEN NULL ELSE repeat('x', (random() * 60)::int) END, 'L' || (random() * 500)::int,
    ('10.0.' || (random() * 200)::int || '.' || (random() * 200)::int)::inet,
    '2025-01-01'::timestamptz + i * interval '1 minute', '2020-01-01'::date + (random() * 1500)::int,
    array(SELECT 'tag' || floor(power(random(), 2) * 300)::int FROM generate_series(1, 1 + i % 4)),
    jsonb_build_object('k', (random() * 1000)::int, 'colour', (array['red', 'green', 'blue'])[1 + (random() * 2)::int]),
    to_tsvector('simple', 'w' || (random() * 2000)::int || ' w' || (random() * 200)::int || ' common'),
    int8range(i, i + 10), point(random(), random()), (random() * 100)::int, 'ab' || i % 7,
    CASE WHEN random() < .6 THEN (random() * 20000)::bigint END
    FROM generate_series(1, {ROWS}) i;
INSERT INTO narrow SELECT i, i FROM generate_series(1, {ROWS}) i;
INSERT INTO wide SELECT i, repeat(md5(i::text), 3 + i % 90) FROM generate_series(1, 20000) i;
INSERT INTO filled SELECT i, 'abc' || i FROM generate_series(1, {ROWS}) i;
"""
MODEL = pr.read(TABLES + INDEXES)


def test_sizes_are_those_that_the_server_builds(fresh_database: OwnedPostgres) -> None:
    database = fresh_database
    database.run(TABLES + FILL)
    database.run("VACUUM ANALYZE")
    database.run(INDEXES + "CREATE EXTENSION pageinspect;")
    database.run("VACUUM ANALYZE")
    real = server_statistics(database)

    wrong = {}
    for table in MODEL.tables:
        found = {table.name: table_statistics(table, real, MODEL)}
        found |= {each.name: index_statistics(each, table, real, MODEL) for each in indexes_of(table)}
        for name, each in found.items():
            known = real.by_relation["public", name]
            allowed = {"gin": 0.7, "gist": 0.1, "spgist": 0.1}.get(each.method, 0.1)
            if abs(each.pages - known.pages) > max(1, allowed * known.pages):
                wrong[name] = (each.pages, known.pages)
            if each.method == "btree" and each.height != known.height:
                wrong[f"{name} height"] = (each.height, known.height)
            assert known.rows == pytest.approx(each.rows, rel=0.05)
    assert wrong == {}


def test_a_unique_bigint_has_366_entries_a_leaf() -> None:
    assert btree_pages([Entries(1_000_000, 16)]) == BTree(2733, 11, 2)
    assert btree_pages([Entries(0, 16)]) == BTree(0, 0, 0)
    assert btree_pages([Entries(1, 16)]) == BTree(1, 0, 0)


@pytest.mark.parametrize("rows", [1e3, 1e5, 1e7, 1e9, 1e11])
def test_height_follows_from_pages_alone(rows: float) -> None:
    for size in (16, 24, 40):
        tree = btree_pages([Entries(rows, size)])

        assert btree_height(tree.pages, size) == tree.height


def test_no_size_overflows() -> None:
    assert heap_pages(1e15, [Cell(2000, 1)]) == 1e15 / 4
    assert heap_pages(0, []) == 0
    assert heap_pages(10, []) == 1
    assert hash_pages(1e15, 1) > 1e12
    assert btree_pages([Entries(1e15, 2000)]).height < 60


def test_padding_is_exact_until_a_length_varies() -> None:
    assert laid_out([Cell(4, 4), Cell(8, 8)]).bytes == 16
    assert laid_out([Cell(1, 1), Cell(2, 2), Cell(4, 4)]).bytes == 8
    assert laid_out([Cell(10, 1, spread=3), Cell(8, 8)]).bytes == pytest.approx(10 + 3.5 + 8, abs=0.5)
    assert laid_out([Cell(6, 1, lengths=((5, 0.5), (7, 0.5))), Cell(8, 8)]).bytes == 16


def known(name: str, *, rows: float = 1000.0, index: str = "", **told: object) -> Statistics:
    """Statistics of one column of the table t."""
    column = ColumnStatistics(schema="public", table=index or "t", column=name, **told)  # type: ignore[arg-type]
    return Statistics(relations=(RelationStatistics(schema="public", name="t", pages=9, rows=rows),), columns=(column,))


def test_what_cannot_be_kept_once_is_kept_for_every_row() -> None:
    script = """CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE t (a text COLLATE loose, b text COLLATE "C", n numeric, i int);
    CREATE INDEX ia ON t (a); CREATE INDEX ib ON t (b); CREATE INDEX ic ON t (n); CREATE INDEX id ON t (i);
    CREATE INDEX ie ON t (i) INCLUDE (b); CREATE UNIQUE INDEX iu ON t (i);"""
    model = pr.read(script)
    table = model.table("t")
    columns = tuple(ColumnStatistics(schema="public", table="t", column=each, width=4, distinct=5.0) for each in "abni")
    statistics = replace(known("a", rows=1e5), columns=columns)

    pages = {each.name: index_statistics(each, table, statistics, model).pages for each in indexes_of(table)}

    assert max(pages["ib"], pages["id"]) < 100
    assert min(pages[each] for each in ("ia", "ic", "ie", "iu")) > 200


@pytest.mark.parametrize(
    ("condition", "share"),
    [
        ("s = 'open'", 0.3), ("s <> 'open'", 0.6), ("s IS NULL", 0.1), ("s IS NOT NULL", 0.9),
        ("s IN ('open', 'done')", 0.8), ("s = 'never'", 0.05), ("NOT (s = 'open')", 0.7),
        ("s = 'open' AND s IS NOT NULL", 0.27), ("s = 'open' OR s = 'done'", 0.65),
    ],
)  # fmt: skip
def test_a_condition_keeps_what_the_list_of_common_values_says(condition: str, share: float) -> None:
    told = ColumnStatistics(
        schema="public", table="t", column="s", null_fraction=0.1, distinct=4.0,
        common_values=("done", "open"), common_frequencies=(0.5, 0.3),
    )  # fmt: skip

    found = kept_share(condition, {"s": told}, {"s": "text"}, 1000)

    assert found.share == pytest.approx(share)
    assert not found.guessed


def test_a_range_keeps_what_the_histogram_says() -> None:
    told = ColumnStatistics(schema="public", table="t", column="n", distinct=-1, histogram=("0", "10", "100"))

    for condition, share in {"n < 5": 0.25, "n >= 10": 0.5, "n BETWEEN 0 AND 10": 0.5, "n > 1000": 0.0}.items():
        assert kept_share(condition, {"n": told}, {"n": "integer"}, 1000).share == pytest.approx(share)


def test_a_key_of_json_is_as_common_as_among_the_values_that_are_known() -> None:
    values = ('{"a": 1}', '{"a": 2, "b": 1}', '{"b": "a"}', "{}")
    told = ColumnStatistics(schema="public", table="t", column="j", distinct=-1, histogram=values)

    assert kept_share("j ? 'a'", {"j": told}, {"j": "jsonb"}, 1000).share == 0.5
    assert kept_share("j ? 'c'", {"j": told}, {"j": "jsonb"}, 1000) == kept_share("j ? 'd'", {"j": told}, {}, 1000)


def test_a_guess_is_said() -> None:
    model = pr.read("CREATE TABLE t (a text); CREATE INDEX i ON t (a) WHERE a ~ 'x' OR length(a) > 3;")
    table = model.table("t")

    _, assumed = sized_index(table.indexes[0], table, known("a"), model)

    assert any("its condition is taken to keep" in each.text for each in assumed)


def test_an_index_on_no_column_is_an_error() -> None:
    model = pr.read("CREATE TABLE t (a text)")

    with pytest.raises(ModelError, match="which is no column of"):
        index_statistics(Index(name="i", columns=(IndexColumn(column="b"),)), model.table("t"), Statistics(), model)


def test_expressions_are_called_what_the_server_calls_them(fresh_database: OwnedPostgres) -> None:
    script = """CREATE TABLE t (a text, n int, j jsonb);
    CREATE INDEX i ON t (lower(a), (n + 1), a, upper(a), (n * 2), (j ->> 'x'), coalesce(a, 'b'), (n::text),
        greatest(n, 2),
        lower(j ->> 'y'), (CASE WHEN n > 1 THEN 1 END), ((n + 1)::bigint));"""
    fresh_database.run(script)
    names = fresh_database.query("SELECT attname FROM pg_attribute WHERE attrelid = 'i'::regclass ORDER BY attnum")

    found = expression_names(pr.read(script).table("t").indexes[0])

    assert found == tuple(str(each[0]) for each in names)


def test_sizes_of_tpch_s_indexes_are_those_of_the_rows():
    """One of them is on the columns of a foreign key: they have no more values together than there are rows there."""
    model, known = pr.read(tpch.SCHEMA), statistics_from(tpch.STATISTICS.read_text(encoding="utf-8"))
    ratios = {
        index.name: index_statistics(index, table, known, model).pages / real.pages
        for table in model.tables
        for index in indexes_of(table)
        if (real := known.by_relation[table.schema, index.name]).pages > 5
    }

    assert len(ratios) > 12
    assert {name: ratio for name, ratio in ratios.items() if not 0.95 < ratio < 1.05} == {}


NUMBERS = """
CREATE TABLE n (
    id int PRIMARY KEY, price numeric(15, 2) NOT NULL, share numeric(6, 5) NOT NULL, whole numeric(12, 0) NOT NULL,
    large numeric NOT NULL, few numeric(4, 2) NOT NULL, owed numeric(15, 2), parent int NOT NULL, line int NOT NULL,
    day date NOT NULL, name varchar(40) NOT NULL
);
"""
NUMBERED = """
CREATE INDEX n_price ON n (price);
CREATE INDEX n_price_two ON n (price) INCLUDE (id, parent);
CREATE INDEX n_share ON n (share, id);
CREATE INDEX n_whole ON n (whole) INCLUDE (price);
CREATE INDEX n_large ON n (large);
CREATE INDEX n_few ON n (few);
CREATE INDEX n_few_two ON n (few, day) INCLUDE (price, share);
CREATE INDEX n_owed ON n (owed, parent);
CREATE INDEX n_day ON n (day) INCLUDE (few, price, share);
CREATE INDEX n_parent ON n (parent);
CREATE INDEX n_parent_more ON n (parent) INCLUDE (day, line);
CREATE INDEX n_parent_line ON n (parent, line);
CREATE INDEX n_day_parent ON n (day, parent);
CREATE INDEX n_name ON n (name) INCLUDE (price);
CREATE INDEX n_name_price ON n (day, name, price);
"""
FILL_NUMBERS = """
SELECT setseed(0.25);
INSERT INTO n SELECT i, (random() * 100000)::numeric(15, 2), random()::numeric(6, 5),
    (random() * 1e6)::int * 10000::numeric,
    (random() * 1e12)::numeric * power(10::numeric, (i % 7)), (i % 11) / 100.0,
    CASE WHEN random() < .3 THEN NULL ELSE (random() * 1000 - 500)::numeric(15, 2) END,
    1 + (random() * 15000)::int, (random() * 6)::int, '2020-01-01'::date + (random() * 400)::int,
    repeat('x', (random() * 30)::int)
    FROM generate_series(1, 60000) i;
"""


def test_sizes_of_indexes_with_numbers_and_included_columns_are_near(fresh_database: OwnedPostgres) -> None:
    """To within three hundredths: what ANALYZE finds in its sample is not the same twice."""
    fresh_database.run(NUMBERS + FILL_NUMBERS + NUMBERED)
    fresh_database.run("VACUUM ANALYZE")
    real, model = server_statistics(fresh_database), pr.read(NUMBERS + NUMBERED)
    table = model.table("n")

    pairs = {
        each.name: (index_statistics(each, table, real, model).pages, real.by_relation["public", each.name].pages)
        for each in indexes_of(table)
    }

    assert len(pairs) == 16
    assert {name: pair for name, pair in pairs.items() if abs(pair[0] - pair[1]) > max(1, 0.03 * pair[1])} == {}


def test_two_indexes_whose_entries_are_as_long_have_as_many_pages() -> None:
    """The key's size is the server's; only with the pages above the leaves, too, is a new index no larger than it."""
    model, known = pr.read(tpch.SCHEMA), statistics_from(tpch.STATISTICS.read_text(encoding="utf-8"))
    columns = (IndexColumn(column="l_orderkey"),)
    index = Index(name="i", columns=columns, include=("l_commitdate", "l_receiptdate"))

    found = index_statistics(index, model.table("lineitem"), known, model)

    assert found.pages == known.by_relation["public", "lineitem_pkey"].pages


@pytest.mark.parametrize(("rows", "distinct"), [(6_001_259, 361_512), (6_001_900, 340_000), (6_000_700, 400_000)])
def test_a_new_index_that_is_as_one_that_is_there_has_its_pages_whatever_a_sample_says(
    rows: float, distinct: float
) -> None:
    model, known = pr.read(tpch.SCHEMA), statistics_from(tpch.STATISTICS.read_text(encoding="utf-8"))
    table, key = model.table("lineitem"), known.by_relation["public", "lineitem_pkey"]
    other = replace(
        known,
        relations=tuple(replace(each, rows=rows) if each.name == "lineitem" else each for each in known.relations),
        columns=tuple(
            replace(each, distinct=distinct) if each.column == "l_orderkey" else each for each in known.columns
        ),
    )

    def beside(*include: str, bloat: float = 1.0) -> int:
        index = Index(name="i", columns=(IndexColumn(column="l_orderkey"),), include=include)
        pages = round(key.pages * bloat)
        told = replace(
            other, relations=tuple(replace(each, pages=pages) if each == key else each for each in other.relations)
        )
        size = index_statistics(index, table, told, model)
        return beside_known(size, index, table, told, model, Layouts(model)).pages

    assert beside("l_commitdate", "l_receiptdate") == key.pages
    assert beside("l_commitdate", "l_receiptdate", bloat=1.3) == pytest.approx(key.pages, rel=1e-3)
    assert beside("l_commitdate", "l_receiptdate", "l_extendedprice") > 1.2 * key.pages


def test_an_estimate_from_a_sample_is_led_back_to_the_values_that_are_there() -> None:
    for values in (100, 10_000, 300_000):
        there = values * -math.expm1(-1e6 / values)

        assert actual_apart(estimated_apart(values, 1e6), 1e6) == pytest.approx(there, rel=1e-3)
    assert actual_together(361_512, 6_001_259, 115_544) == pytest.approx(1_500_000, rel=0.05)
    assert actual_together(20_000, 80_000, 1_000) >= 20_000
