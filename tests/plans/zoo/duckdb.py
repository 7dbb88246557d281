"""Queries that together reach the operators of DuckDB that EXPLAIN can show."""

# ruff: noqa: E501  (a statement or a plan reads best on one line)
from __future__ import annotations

__all__ = ["OPERATORS", "QUERIES", "RECORDED", "SCHEMA", "UNREACHED"]

SCHEMA = """
CREATE TABLE sale AS SELECT g AS id, g % 10 AS shop, 'x' || g AS name, g * 1.5 AS price FROM range(5000) r(g);
CREATE TABLE shop AS SELECT g AS id, g % 7 AS region FROM range(800) r(g);
CREATE UNIQUE INDEX sale_id ON sale (id);
COPY sale TO '{folder}/sale.parquet';
COPY sale TO '{folder}/sale.csv';
COPY (SELECT * FROM sale) TO '{folder}/parts' (FORMAT parquet, PARTITION_BY (shop));
"""

_ANY_ORDER = "SET preserve_insertion_order = false; "
_RANGES = "SET merge_join_threshold = 0; SET nested_loop_join_threshold = 0; "

QUERIES: dict[str, str] = {
    "scan with filters": "SELECT * FROM sale WHERE price > 10 AND shop = 3",
    "index scan": "SELECT * FROM sale WHERE id = 7",
    "hash join": "SELECT * FROM sale JOIN shop USING (id) WHERE region = 3",
    "left join": "SELECT * FROM sale LEFT JOIN shop ON shop.id = sale.shop AND shop.region = 1",
    "semi join": "SELECT * FROM sale WHERE id IN (SELECT id FROM shop)",
    "mark join": "SELECT id, id IN (SELECT id FROM shop) FROM sale",
    "anti join": "SELECT * FROM sale WHERE NOT EXISTS (SELECT 1 FROM shop WHERE shop.id = sale.id)",
    "nested loop join": "SELECT count(*) FROM shop a JOIN (SELECT * FROM sale LIMIT 3) b ON a.id < b.id",
    "any condition": "SELECT count(*) FROM shop a JOIN shop b ON a.id < b.id OR a.region = b.region",
    "cross product": "SELECT count(*) FROM shop, sale",
    "range join": _RANGES + "SELECT count(*) FROM shop a JOIN shop b ON a.id < b.id",
    "two ranges": _RANGES + "SELECT count(*) FROM shop a JOIN shop b ON a.id < b.id AND a.region > b.region",
    "asof join": "SELECT count(*) FROM sale ASOF JOIN shop ON sale.id >= shop.id",
    "positional join": "SELECT count(*) FROM (SELECT id + 1 FROM sale WHERE shop = 1) POSITIONAL JOIN (SELECT id + 2 FROM shop)",
    "positional scan": "SELECT * FROM sale POSITIONAL JOIN shop",
    "correlated subquery": "SELECT id, (SELECT sum(region) FROM shop WHERE shop.id = sale.id AND shop.region < sale.shop) FROM sale",
    "lateral": "SELECT * FROM shop, LATERAL (SELECT count(*) FROM sale WHERE sale.shop = shop.region AND sale.id > shop.id) x",
    "small groups": "SELECT shop, count(*) FROM sale GROUP BY shop",
    "groups": "SELECT name, sum(price) FROM sale GROUP BY name HAVING sum(price) > 10",
    "no groups": "SELECT sum(price), max(id) FROM sale",
    "rollup": "SELECT shop, name, count(*) FROM sale GROUP BY ROLLUP (shop, name)",
    "groups in partitions": "SELECT shop, sum(price) FROM '{folder}/parts/*/*.parquet' GROUP BY shop",
    "sort": "SELECT * FROM sale ORDER BY name DESC, price",
    "top n": "SELECT * FROM sale ORDER BY price LIMIT 5 OFFSET 2",
    "limit": "SELECT * FROM sale LIMIT 5",
    "parallel limit": "SELECT name FROM sale WHERE price > 4 LIMIT 2000",
    "limit in any order": _ANY_ORDER + "SELECT * FROM sale LIMIT 50",
    "share": "SELECT * FROM sale LIMIT 10%",
    "window": "SELECT id, rank() OVER (PARTITION BY shop ORDER BY price) FROM sale",
    "streaming window": "SELECT id, first_value(id) OVER () FROM sale",
    "union": "SELECT id FROM sale UNION ALL SELECT id FROM shop",
    "except": "SELECT id FROM sale EXCEPT SELECT id FROM shop",
    "intersect all": "SELECT id FROM sale INTERSECT ALL SELECT id FROM shop",
    "distinct on": "SELECT DISTINCT ON (shop) shop, id FROM sale ORDER BY shop, price",
    "recursion": "WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r WHERE n < 10) SELECT * FROM r",
    "recursion by key": "WITH RECURSIVE r(n, m) USING KEY (n) AS (SELECT 1, 1 UNION SELECT n, m + 1 FROM r WHERE m < 5) SELECT * FROM r",
    "CTE": "WITH x AS MATERIALIZED (SELECT * FROM sale WHERE shop = 1) SELECT * FROM x a, x b WHERE a.id = b.id",
    "unnest": "SELECT id, unnest([1, 2, id]) FROM sale",
    "range": "SELECT * FROM range(10)",
    "series": "SELECT * FROM generate_series(1, 5)",
    "function of a column": "SELECT * FROM shop, range(shop.region)",
    "values": "SELECT a + 1 FROM (VALUES (1, 'a'), (2, 'b')) v(a, b) WHERE random() >= 0",
    "nothing": "SELECT 1",
    "empty": "SELECT * FROM sale WHERE 1 = 0",
    "filter": "SELECT * FROM (SELECT id, random() AS r FROM sale) WHERE r > 0.5",
    "sample of rows": "SELECT * FROM sale USING SAMPLE 10 ROWS",
    "sample of a share": "SELECT * FROM sale USING SAMPLE 10 PERCENT (bernoulli)",
    "insert": "INSERT INTO shop SELECT id, shop FROM sale WHERE price < 10",
    "insert in any order": _ANY_ORDER + "INSERT INTO shop SELECT id, shop FROM sale WHERE price < 10",
    "insert values": "INSERT INTO shop VALUES (random()::int, 2), (3, 4)",
    "delete": "DELETE FROM shop WHERE region = 3",
    "update": "UPDATE shop SET region = 3 WHERE id < 4",
    "merge": "MERGE INTO shop USING (SELECT 1 AS id) x ON x.id = shop.id WHEN MATCHED THEN UPDATE SET region = 9 WHEN NOT MATCHED THEN INSERT VALUES (1, 2)",
    "create table as": "CREATE TABLE made AS SELECT * FROM sale",
    "create table as in any order": _ANY_ORDER + "CREATE TABLE made AS SELECT * FROM sale",
    "create table": "CREATE TABLE made (a int)",
    "create index": "CREATE INDEX shop_region ON shop (region)",
    "copy": "COPY sale TO '{folder}/copy.parquet'",
    "copy in any order": _ANY_ORDER + "COPY sale TO '{folder}/copy.csv'",
    "parquet": "SELECT * FROM '{folder}/sale.parquet' WHERE id < 10",
    "csv": "SELECT * FROM '{folder}/sale.csv' WHERE id < 10",
    "quoted names": 'SELECT * FROM (SELECT id AS "a, ""b""" FROM sale) WHERE "a, ""b""" > 4990 ORDER BY 1',
}  # fmt: skip

OPERATORS = frozenset(
    "SEQ_SCAN|DUMMY_SCAN|CHUNK_SCAN|COLUMN_DATA_SCAN|DELIM_SCAN|EXPRESSION_SCAN|POSITIONAL_SCAN|CTE_SCAN|REC_CTE_SCAN|"
    "INDEX_SCAN|EMPTY_RESULT|ORDER_BY|TOP_N|LIMIT|LIMIT_PERCENT|STREAMING_LIMIT|RESERVOIR_SAMPLE|STREAMING_SAMPLE|WINDOW|"
    "STREAMING_WINDOW|UNNEST|UNGROUPED_AGGREGATE|HASH_GROUP_BY|PERFECT_HASH_GROUP_BY|PARTITIONED_AGGREGATE|FILTER|"
    "PROJECTION|COPY_TO_FILE|BATCH_COPY_TO_FILE|LEFT_DELIM_JOIN|RIGHT_DELIM_JOIN|BLOCKWISE_NL_JOIN|NESTED_LOOP_JOIN|"
    "HASH_JOIN|PIECEWISE_MERGE_JOIN|IE_JOIN|ASOF_JOIN|CROSS_PRODUCT|POSITIONAL_JOIN|UNION|INSERT|BATCH_INSERT|DELETE|"
    "UPDATE|MERGE_INTO|CREATE_TABLE|CREATE_TABLE_AS|BATCH_CREATE_TABLE_AS|CREATE_INDEX|REC_CTE|REC_KEY_CTE|CTE|"
    "INOUT_FUNCTION|PIVOT".split("|")
)
"""The operators that run a query, by the name that a plan shows; those that manage a database are left out."""

_EARLIER = "version 2 plans correlated subqueries with a CTE; recorded plans of version 1 have it"
UNREACHED: dict[str, str] = {
    "CHUNK_SCAN": "shown as COLUMN_DATA_SCAN",
    "DELIM_SCAN": _EARLIER,
    "LEFT_DELIM_JOIN": _EARLIER,
    "RIGHT_DELIM_JOIN": _EARLIER,
    "PIVOT": "rewritten to aggregates before planning",
    "REC_KEY_CTE": "shown as REC_CTE",
}
"""Operators that no query of the zoo reaches, and why."""
RECORDED = frozenset({"DELIM_SCAN", "RIGHT_DELIM_JOIN"})
"""Of these, the recorded plans have so many."""
