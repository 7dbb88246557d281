"""Every candidate is an index that PostgreSQL makes, under the name that it has."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import planroom as pr
from planroom.advice.indexing import candidate_indexes
from planroom.scaling.statistics import ColumnStatistics, RelationStatistics, Statistics
from planroom.sqltext.query_files import named_queries

if TYPE_CHECKING:
    from planroom.engines.postgres.engine import OwnedPostgres
    from planroom.model import Model

pytestmark = pytest.mark.server

SCHEMAS = Path(__file__).parents[3] / "schemas"
KINDS = """
CREATE SCHEMA "Other Schema";
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN code AS varchar(8);
CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int, b text, c varchar(20), d char(3), e date,
    f timestamp, g timestamptz, h jsonb, i text[], j tsvector, k int4range, l boolean, m numeric, n mood, o code,
    p uuid, q json, r point, s inet, "we""ird" text, "select" int, u bytea, v interval, w xml, x double precision);
CREATE TABLE "Other Schema"."T t" (id int PRIMARY KEY, "B b" text, t_id bigint);
CREATE TABLE parts (id int, at date, kind text) PARTITION BY LIST (kind);
CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a');
CREATE TABLE parts_b PARTITION OF parts FOR VALUES IN ('b') PARTITION BY RANGE (at);
CREATE TABLE parts_b1 PARTITION OF parts_b FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
"""
CONDITIONS = """
a = 1; b = 'x'; c LIKE 'a%'; d LIKE 'a%'; d = 'abc'; e > '2026-01-01'; f < now(); g IS NULL; g IS NOT NULL;
h @> '{}'; h ? 'k'; h ->> 'k' = 'v'; (h -> 'a') ->> 'b' = 'v'; (h ->> 'n')::int = 3; i @> '{x}'; i && '{x}';
j @@ to_tsquery('x'); to_tsvector('english', b) @@ plainto_tsquery('x'); to_tsvector(b) @@ plainto_tsquery('x');
k && int4range(1, 2); k @> 5; l; NOT l; l IS TRUE; l = true; m BETWEEN 1 AND 2; n = 'glad'; n IN ('glad', 'sad');
o = 'x'; lower(o) = 'x'; p = $1; q ->> 'a' = 'x'; s = '127.0.0.1'; s << '127.0.0.0/8'; "we""ird" = 'x';
lower("we""ird") = 'x'; "select" = 3; u = 'x'; v > '1 day'; x > 1; lower(b) LIKE 'x%'; upper(trim(c)) = 'X';
a + 1 = 2; a % 10 = 3; abs(m) > 5; b || c = 'x'; coalesce(b, c) = 'x'; f::date = '2026-01-01';
g::date = '2026-01-01'; date_trunc('day', f) = $1; date_trunc('day', g) = $1;
date_trunc('month', g AT TIME ZONE 'UTC') = $1; date_trunc('day', e) = $1; extract(year FROM e) = 2026;
extract(year FROM g) = 2026; date_part('month', f) = 3; substring(b from 1 for 2) = 'ab'; left(b, 3) = 'abc';
a::text = '1'; e::text = 'x'; length(b) > 4; md5(b) = 'x'; a = ANY ($1); (a, b) > (1, 'x'); (a, b) = (1, 'x');
b ~ '^x'; b ~* 'x'; b SIMILAR TO 'x%'; b ^@ 'x'; b COLLATE "C" = 'x'; r <@ box '((0,0),(1,1))';
a IS DISTINCT FROM 3; x::int = 3; m::int = 3; to_char(f, 'YYYY') = '2026'; concat(b, c) = 'x';
e + 1 > '2026-01-01'; f + interval '1 day' > now(); nullif(a, 0) = 1; CASE WHEN a = 1 THEN 2 END = 2;
greatest(a, 3) = 4; b = (SELECT "B b" FROM "Other Schema"."T t" LIMIT 1); round(m, 2) = 1; floor(x) = 2;
replace(b, 'a', 'b') = 'x'; reverse(b) LIKE 'x%'; initcap(c) = 'X'; p::text = 'x'
"""


def known() -> Statistics:
    """Statistics that make partial and BRIN indexes."""
    columns = tuple(
        ColumnStatistics(
            schema="public", table="t", column=name, null_fraction=nulls, distinct=3, correlation=1.0,
            common_values=values, common_frequencies=(0.9, 0.01),
        )
        for name, nulls, values in (
            ("a", 0.0, ("9", "1")), ("b", 0.0, ("y'z", "x")), ("n", 0.0, ("sad", "glad")), ("l", 0.0, ("t", "f")),
            ("g", 0.01, ("x", "y")), ("c", 0.9, ("x", "y")), ("e", 0.0, ("x", "y")), ('we"ird', 0.0, ("y", "x")),
            ("m", 0.0, ("2", "1")), ("o", 0.0, ("y", "x")), ("select", 0.0, ("1", "3")), ("d", 0.0, ("x", "abc")),
        )
    )  # fmt: skip
    return Statistics(
        relations=(RelationStatistics(schema="public", name="t", pages=10**5, rows=1e7),), columns=columns
    )


def make_all(database: OwnedPostgres, model: Model, queries: list[str], statistics: Statistics | None = None) -> int:
    """Make every candidate, and return how many there were."""
    found = candidate_indexes(queries, model, statistics)
    for each in found:
        database.run(each.statement)
    made = {index.name: index for table in database.model().tables for index in table.indexes}
    for each in found:
        assert made[each.name] == each.index, each.statement
    return len(found)


def test_every_kind_of_condition_makes_indexes_that_the_server_takes(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(KINDS)
    conditions = [each.strip() for each in CONDITIONS.split(";")]
    queries = [f"SELECT id FROM t WHERE {each}" for each in conditions]
    queries += [f"SELECT a FROM t WHERE m = 3 AND {each} ORDER BY e DESC, b LIMIT 3" for each in conditions]
    columns = "a b c d e f g h i j k l m n o p s u v x".split()
    queries += [
        f'SELECT {each} FROM t JOIN "Other Schema"."T t" o ON t.b = o."B b" GROUP BY {each}' for each in columns
    ]

    assert make_all(fresh_database, pr.read(KINDS), queries, known()) > 200


def test_the_script_for_a_partitioned_table_leaves_a_valid_index(fresh_database: OwnedPostgres) -> None:
    fresh_database.run(KINDS)
    for each in candidate_indexes(["SELECT id FROM parts WHERE id = 1 AND at > '2026-01-01'"], pr.read(KINDS)):
        for statement in each.ddl.splitlines():
            fresh_database.run(statement)
        rows = fresh_database.query(
            f"SELECT bool_and(indisvalid), count(*) FROM pg_index JOIN pg_class ON indexrelid = oid"
            f" WHERE oid = '{each.name}'::regclass OR oid IN (SELECT relid FROM pg_partition_tree('{each.name}'))"
        )
        assert rows.rows == ((True, 4),), each.ddl


def test_the_shop_and_its_queries(fresh_database: OwnedPostgres) -> None:
    text = (SCHEMAS / "shop.sql").read_text()
    fresh_database.run(text)
    queries = [
        each.text
        for path in sorted((SCHEMAS / "queries").glob("*.sql"))
        for each in named_queries(path.read_text(), str(path))
    ]

    assert make_all(fresh_database, pr.read(SCHEMAS / "shop.sql"), queries) > 0
