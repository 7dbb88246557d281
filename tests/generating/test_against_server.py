"""PostgreSQL has the last word: it takes the rows, validates every constraint, and goes on from there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import planroom as pr
from planroom.engines import database
from planroom.errors import PlanroomError, QuantityError, StatementFailedError, StatementRefusedError
from planroom.experiments.loading import load_rows
from planroom.formats import FORMATS
from planroom.generating.conditions import mentions
from planroom.generating.copying import copy_plan
from tests.strategies import HOSTILE_NAMES, models

pytestmark = pytest.mark.server

SHOP = "schemas/shop.sql"

TYPES = """
CREATE TYPE mood AS ENUM ('glad', 'sad'); CREATE TYPE pair AS (n int, t text, many text[], raw bytea);
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE everything (
  a smallint, b int, c bigint NOT NULL PRIMARY KEY, d numeric(12, 2), e numeric, f real, g double precision, h boolean,
  i text, j varchar(7), k char(5), l date, m time, n timetz, o timestamp, p timestamptz, q interval, r uuid, s json,
  t jsonb, u bytea, v inet, w cidr, x macaddr, y int4range, z tstzrange, aa daterange, ab numrange, ac text[], ad int[],
  ae mood, af mood[], ag pair, ah positive, ai bit(5), aj varbit(9), ak money, am tsvector, an point,
  ao numeric(5, 4), ap numeric(20, 0), aq int GENERATED ALWAYS AS (b + 1) STORED, ar int GENERATED ALWAYS AS (b + 2),
  at interval day, au numeric(30, 10), av "char", aw name, ax uuid DEFAULT uuidv7());
"""
BINARY = """
CREATE TABLE plain (a smallint, b int, c bigint PRIMARY KEY, d numeric(12, 2) CHECK (d < 1000 AND d > -1000), e numeric,
  f real, g double precision, h boolean, i text, j varchar(7), k char(5), l date, m time, o timestamp, p timestamptz,
  q interval, r uuid, s json, t jsonb, u bytea, ao numeric(5, 4), ap numeric(18, 0));
"""


STATISTICS = """SELECT attname, n_distinct, correlation, most_common_vals::text, most_common_freqs,
  histogram_bounds::text FROM pg_stats WHERE tablename = 't' ORDER BY 1"""


@pytest.fixture
def shop(server):
    return pr.read(SHOP)


def test_every_table_of_the_shop_is_loaded_with_all_its_constraints(shop):
    with pr.generate(shop, {"orders": 1_500}, seed=7, verify=False) as rows, pr.database(shop) as db:
        loaded = rows.load(db)

        assert {each.id: each.rows for each in loaded.tables} == rows.counts
        assert len(rows.counts) == 33
        assert loaded.foreign_keys == 41
        unproven = "SELECT conname FROM pg_constraint WHERE NOT convalidated OR NOT conenforced"
        assert db.query(unproven).rows == ()
        assert {each.statistics for each in loaded.tables} == {"whole"}
        assert db.query("INSERT INTO catalogue.brands (name) VALUES ('new') RETURNING brand_id").scalar() > 1
        assert db.query("SELECT count(*) FROM ordering.revenue_by_month").scalar() > 0
        with pytest.raises(StatementFailedError, match="foreign key"):
            db.query("UPDATE ordering.orders SET customer_id = 10000000")


def test_a_database_with_rows_is_one_call(server):
    with pr.database("create table t (id int primary key, email text not null unique)", rows={"t": "2k"}, seed=1) as db:
        assert db.query("SELECT count(DISTINCT email) FROM t").scalar() == 2_000
        assert db.query("SELECT reltuples FROM pg_class WHERE relname = 't'").scalar() == 2_000


def test_a_row_that_breaks_a_foreign_key_is_refused_and_nothing_stays(server):
    ddl = "create table p (id int primary key); create table c (id int primary key, p_id int not null references p)"
    with pr.generate(ddl, {"p": 10, "c": 50}) as rows, pr.database(ddl) as db:
        rows.engine.run("UPDATE public.c SET p_id = 77 WHERE id = 5")

        with pytest.raises(StatementFailedError, match="foreign key"):
            rows.load(db)
        assert db.query("SELECT count(*) FROM p").scalar() == 0
        assert db.query("SELECT conenforced FROM pg_constraint WHERE contype = 'f'").scalar() is True


def test_a_users_database_is_never_written_to(server):
    class Users:
        owned, url = False, "postgresql://someone@host/theirs"

    with pr.generate("create table t (id int)") as rows, pytest.raises(StatementRefusedError, match="theirs"):
        load_rows(rows.plan, rows.engine, Users())


def test_unknown_statistics_are_refused(server):
    with pytest.raises(PlanroomError, match="most"), pr.database("create table t (a int)", rows={}, statistics="most"):
        pass


def test_every_type_is_taken_by_the_server_and_is_the_value_that_duckdb_has(server):
    with pr.generate(TYPES, {"everything": 300}, seed=2) as rows, pr.database(TYPES) as db:
        loaded = rows.load(db)
        assert loaded.tables[0].format == "text"
        assert loaded.tables[0].rows == 300
        count = "SELECT count(*) FROM everything WHERE aq = b + 1 AND ar = b + 2 OR b IS NULL"
        assert db.query(count).scalar() == 300
        filled = "SELECT " + ", ".join(f'count("{each.name}")' for each in rows.plan.tables[0].columns)
        assert all(number > 200 for number in db.query(f"{filled} FROM everything").rows[0])


def test_the_bytes_of_binary_copy_are_the_values_that_duckdb_has(server):
    with pr.generate(BINARY, {"plain": 2_000}, seed=2) as rows, pr.database(BINARY) as db:
        (table,) = rows.plan.tables
        assert copy_plan(table).format == "binary"
        rows.load(db)
        for column in table.columns:
            here = 'SELECT "{0}"::varchar FROM public.plain ORDER BY plain.c'
            there = "SELECT {0}::text FROM plain ORDER BY plain.c"
            if column.family == "bytes":
                here, there = (
                    'SELECT hex("{0}") FROM public.plain ORDER BY plain.c',
                    "SELECT upper(encode({0}, 'hex')) FROM plain ORDER BY plain.c",
                )
            elif column.family == "interval":
                here = 'SELECT epoch("{0}")::bigint FROM public.plain ORDER BY plain.c'
                there = "SELECT extract(epoch FROM {0})::bigint FROM plain ORDER BY plain.c"
            elif column.family == "float":
                here = 'SELECT "{0}"::double FROM public.plain ORDER BY plain.c'
                there = "SELECT {0}::float8 FROM plain ORDER BY plain.c"
            elif column.family == "decimal":
                here = 'SELECT "{0}" FROM public.plain ORDER BY plain.c'
                there = "SELECT {0} FROM plain ORDER BY plain.c"
            elif column.base == "jsonb":
                here = "SELECT (\"{0}\"->>'number')::int FROM public.plain ORDER BY plain.c"
                there = "SELECT ({0}->>'number')::int FROM plain ORDER BY plain.c"
            mine = rows.engine.query(here.format(column.name), limit=9_999).rows
            its = db.query(there.format(column.name), limit=9_999).rows
            assert [_same(each) for (each,) in mine] == [_same(each) for (each,) in its], column.name


def _same(value):
    return value.rstrip() if isinstance(value, str) else value


def test_names_that_hurt_are_only_names(server):
    first, second = HOSTILE_NAMES[0], 'x"><script>'
    quoted = '"' + second.replace('"', '""') + '"'
    other = '"' + first.replace('"', '""') + '"'
    ddl = f"""CREATE SCHEMA {quoted}; CREATE TABLE {quoted}.{quoted} ({quoted} int PRIMARY KEY, {other} text UNIQUE
        CHECK ({other} <> ''), "v1_" int, "i" int, "l" int, "b" int);
        CREATE TABLE {quoted}."child's" (id int PRIMARY KEY, "i" int REFERENCES {quoted}.{quoted})"""
    with pr.generate(ddl, seed=1) as rows, pr.database(ddl) as db:
        assert rows.unmet == ()
        assert "<script>" not in rows._html()
        loaded = rows.load(db)
        assert "<script>" not in loaded._html()
        assert loaded.rows == rows.rows > 0


def test_statistics_are_the_same_each_time(server):
    ddl = "create table t (id int primary key, k int not null, s text not null)"
    found = []
    for _ in range(2):
        with pr.database(ddl, rows={"t": 60_000}, seed=3) as db:
            found.append(db.query(STATISTICS).rows)
    assert found[0] == found[1]
    assert len(found[0]) == 3


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(model=models(), seed=st.integers(0, 9))
def test_rows_of_any_model_are_taken_by_the_server(server, model, seed):
    model = replace(model, tables=tuple(map(_without_circles, model.tables)))
    try:
        rows = pr.generate(model, {each.id: 40 for each in model.tables if not each.partition_of}, seed=seed)
    except QuantityError:
        return  # a key allows fewer rows
    with rows, database(FORMATS["postgres"].write(model)) as db:
        broken = {each.constraint for _, each in rows.unmet if each.result == "broken"}
        partial = {index.name for table in model.tables for index in table.indexes if index.unique and index.predicate}
        assert broken <= partial  # such a key may allow fewer rows than are asked for, and that is said
        if not broken:
            rows.load(db, statistics="none")


def _without_circles(table):
    """Return the table with one foreign key a column, required ones only to tables before it, none with a check."""
    kept = {}
    checked = {column for each in table.checks for column in mentions(each.expression.text)}
    for key in table.foreign_keys:
        if checked & {*key.columns}:
            continue
        if key.referenced_table <= table.id or all(table.columns_by_name[each].nullable for each in key.columns):
            kept.setdefault(key.columns, key)
    return replace(table, foreign_keys=tuple(kept.values()))


@pytest.mark.parametrize("rows", [100, 200, 290])
def test_a_key_with_a_moment_that_others_limit_does_not_count_by_it(server, rows):
    script = """CREATE TABLE customers (id bigint PRIMARY KEY); CREATE TYPE purpose AS ENUM ('a', 'b', 'c');
    CREATE TABLE consents (
      customer_id bigint NOT NULL REFERENCES customers, purpose purpose NOT NULL, given_at timestamptz NOT NULL,
      withdrawn_at timestamptz, UNIQUE NULLS NOT DISTINCT (customer_id, purpose, withdrawn_at),
      CHECK (withdrawn_at > given_at))"""

    with pr.database(script, rows={"customers": 100, "consents": rows}) as engine:
        assert [tuple(each) for each in engine.query("SELECT count(*) FROM consents")] == [(rows,)]
