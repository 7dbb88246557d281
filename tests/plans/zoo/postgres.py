"""Queries that together reach every plan node of PostgreSQL, on a small database of their own."""

# ruff: noqa: E501  (a statement or a plan reads best on one line)
from __future__ import annotations

from dataclasses import dataclass

__all__ = ["QUERIES", "SCHEMA", "Query"]


@dataclass(frozen=True)
class Query:
    """A statement and the settings under which it is planned.

    Attributes:
        sql: One statement; it may change rows, the test rolls back.
        settings: As in SET, by name.
        before: Statements to run first, in the same transaction.
    """

    sql: str
    settings: str = ""
    before: str = ""


SCHEMA = r"""
CREATE EXTENSION file_fdw;
CREATE EXTENSION postgres_fdw;
CREATE TABLE customer (id int PRIMARY KEY, name text NOT NULL, region int, note text);
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customer ON DELETE CASCADE, placed date, status text,
    total numeric(10,2)
);
CREATE TABLE item (order_id int NOT NULL, line int NOT NULL, product int, quantity int, PRIMARY KEY (order_id, line));
INSERT INTO customer SELECT g, 'c' || g, g % 7, repeat('n', 40) FROM generate_series(1, 300) g;
INSERT INTO orders SELECT g, 1 + g * 13 % 300, date '2024-01-01' + g % 365, (ARRAY['new','paid','sent'])[1 + g % 3], g % 97
    FROM generate_series(1, 4000) g;
INSERT INTO item SELECT g / 3 + 1, g % 3, g % 50, g % 9 FROM generate_series(0, 9000) g;
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_status ON orders (status);
CREATE INDEX orders_placed ON orders (placed);
CREATE INDEX orders_total ON orders (total) INCLUDE (customer_id);
CREATE INDEX item_product ON item (product);
CREATE INDEX item_quantity ON item (quantity);
CREATE TABLE big AS SELECT g AS id, g % 100 AS grp, md5(g::text) AS text FROM generate_series(1, 30000) g;
CREATE INDEX big_grp ON big (grp);
CREATE INDEX big_half ON big ((id % 50));
CREATE TABLE measure (day int, sensor int, value int) PARTITION BY RANGE (day);
CREATE TABLE measure_a PARTITION OF measure FOR VALUES FROM (0) TO (100);
CREATE TABLE measure_b PARTITION OF measure FOR VALUES FROM (100) TO (200);
CREATE TABLE measure_c PARTITION OF measure FOR VALUES FROM (200) TO (300);
INSERT INTO measure SELECT g % 300, g % 11, g FROM generate_series(1, 9000) g;
CREATE INDEX ON measure (day);
CREATE TABLE "we""ird (x)" ("a, b" int, "c: d" text, "on" text);
INSERT INTO "we""ird (x)" SELECT g, 'v' || g, 'it''s' FROM generate_series(1, 50) g;
CREATE INDEX "odd index" ON "we""ird (x)" ("a, b");
CREATE TABLE point_of (p point, box box);
INSERT INTO point_of SELECT point(g, g), box(point(g, g), point(g + 1, g + 1)) FROM generate_series(1, 500) g;
CREATE INDEX point_of_p ON point_of USING gist (p);
CREATE VIEW recent AS SELECT * FROM orders WHERE placed > '2024-06-01';
CREATE FUNCTION slow(x int) RETURNS int LANGUAGE plpgsql COST 10000 AS 'BEGIN RETURN x; END';
CREATE FUNCTION pairs(n int) RETURNS TABLE (a int, b int) LANGUAGE plpgsql AS 'BEGIN RETURN QUERY SELECT n, n + 1; END';
CREATE TABLE audit (what text);
CREATE FUNCTION audited() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN IF TG_LEVEL = 'ROW' THEN RETURN COALESCE(NEW, OLD); END IF; RETURN NULL; END $$;
CREATE TRIGGER before_audit BEFORE UPDATE ON customer FOR EACH ROW EXECUTE FUNCTION audited();
CREATE TRIGGER after_audit AFTER UPDATE OR DELETE ON customer FOR EACH ROW EXECUTE FUNCTION audited();
CREATE FUNCTION counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO audit SELECT 'row ' || a FROM fresh WHERE a > 0; RETURN NULL; END $$;
CREATE TABLE watched (a int);
CREATE TRIGGER watched_new AFTER INSERT ON watched REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION counted();
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE from_program (a int, b text) SERVER files OPTIONS (program 'echo 1,x', format 'csv');
CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/nowhere', dbname 'none', async_capable 'true');
CREATE USER MAPPING FOR CURRENT_USER SERVER far;
CREATE FOREIGN TABLE far_orders (id int, customer_id int, status text) SERVER far OPTIONS (table_name 'orders');
CREATE FOREIGN TABLE far_customer (id int, name text) SERVER far OPTIONS (table_name 'customer');
CREATE TABLE mixed (day int, value int) PARTITION BY RANGE (day);
CREATE TABLE mixed_a PARTITION OF mixed FOR VALUES FROM (0) TO (100);
CREATE FOREIGN TABLE mixed_b PARTITION OF mixed FOR VALUES FROM (100) TO (200) SERVER far OPTIONS (table_name 'm');
CREATE TABLE ruled (a int);
CREATE RULE also AS ON INSERT TO ruled DO ALSO INSERT INTO audit VALUES ('also');
ANALYZE customer, orders, item, big, measure_a, measure_b, measure_c, "we""ird (x)", point_of;
"""

_PARALLEL = (
    "parallel_setup_cost = 0; parallel_tuple_cost = 0; min_parallel_table_scan_size = 0; "
    "min_parallel_index_scan_size = 0; max_parallel_workers_per_gather = 2"
)
_NO_HASH = "enable_hashjoin = off; enable_hashagg = off"

QUERIES: dict[str, Query] = {
    "seq scan": Query("SELECT * FROM customer WHERE note = 'x'"),
    "index scan": Query("SELECT * FROM orders WHERE id = 7"),
    "index scan backward": Query("SELECT * FROM orders ORDER BY id DESC LIMIT 3"),
    "index only scan": Query("SELECT total FROM orders WHERE total = 5", "enable_bitmapscan = off; enable_seqscan = off"),
    "index order by": Query("SELECT p FROM point_of WHERE p <@ box '(0,0),(90,90)' ORDER BY p <-> point '(3,4)' LIMIT 2", "enable_seqscan = off"),
    "bitmap scan": Query("SELECT * FROM orders WHERE placed BETWEEN '2024-02-01' AND '2024-02-09' AND total > 3"),
    "bitmap and": Query("SELECT * FROM big WHERE grp = 3 AND id % 50 = 3", "enable_seqscan = off; enable_indexscan = off"),
    "bitmap or": Query("SELECT * FROM item WHERE product = 3 OR quantity = 4", "enable_seqscan = off"),
    "lossy bitmap": Query("SELECT count(*) FROM big WHERE grp < 60", "work_mem = '64kB'; enable_seqscan = off; enable_indexscan = off; enable_indexonlyscan = off"),
    "tid scan": Query("SELECT * FROM customer WHERE ctid = '(0,1)' AND region = 1"),
    "tid range scan": Query("SELECT * FROM big WHERE ctid < '(3,0)'"),
    "sample scan": Query("SELECT * FROM big TABLESAMPLE bernoulli (10) REPEATABLE (42) WHERE grp = 1"),
    "sample scan of pages": Query("SELECT count(*) FROM big b TABLESAMPLE system (50)"),
    "function scan": Query("SELECT * FROM generate_series(1, 10) WHERE generate_series > 3"),
    "function scan with alias": Query("SELECT g.a FROM pairs(3) g"),
    "rows from": Query("SELECT * FROM ROWS FROM (generate_series(1, 3), pairs(2)) AS r(a, b, c)"),
    "json_table": Query("""SELECT * FROM JSON_TABLE('[{"a": 1}, {"a": 2}]'::jsonb, '$[*]' COLUMNS (a int PATH '$.a')) AS j WHERE a > 1"""),
    "values scan": Query("SELECT * FROM (VALUES (1, 'a, b'), (2, 'it''s')) AS v(n, t) WHERE n > 1"),
    "subquery scan": Query("SELECT * FROM (SELECT region, count(*) AS n FROM customer GROUP BY region OFFSET 0) s WHERE n > 3"),
    "cte scanned twice": Query("WITH c AS (SELECT customer_id, sum(total) AS s FROM orders GROUP BY 1) SELECT a.customer_id FROM c a JOIN c b ON a.s > b.s + 80"),
    "shadowed cte": Query("WITH c AS MATERIALIZED (SELECT 1 AS a) SELECT * FROM c WHERE a IN (WITH c AS MATERIALIZED (SELECT 2 AS a) SELECT a FROM c OFFSET 0)"),
    "recursive union": Query("WITH RECURSIVE w(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM w WHERE n < 40) SELECT sum(n) FROM w"),
    "data-modifying cte": Query("WITH gone AS (DELETE FROM item WHERE order_id < 4 RETURNING *) SELECT count(*) FROM gone"),
    "data-modifying cte not scanned": Query("WITH gone AS (DELETE FROM item WHERE order_id < 4) SELECT 1"),
    "initplan": Query("SELECT * FROM orders WHERE total > (SELECT avg(total) FROM orders) AND id < 100"),
    "initplan in output": Query("SELECT id, (SELECT max(region) FROM customer) FROM orders LIMIT 2"),
    "min max": Query("SELECT min(id), max(placed) FROM orders"),
    "correlated subplan": Query("SELECT id, (SELECT count(*) FROM item i WHERE i.order_id = o.id AND i.product = o.customer_id) FROM orders o WHERE id < 30"),
    "hashed subplan": Query("SELECT * FROM customer WHERE region NOT IN (SELECT quantity FROM item WHERE quantity < 4)"),
    "alternative subplans": Query("SELECT id, EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id) FROM customer c"),
    "one-time filter": Query("SELECT * FROM customer WHERE now() < '2000-01-01'"),
    "nothing": Query("SELECT * FROM customer WHERE false"),
    "projectset": Query("SELECT id, generate_series(1, 2) FROM customer"),
    "nested loop": Query("SELECT * FROM customer c JOIN orders o ON o.customer_id = c.id WHERE c.id = 5"),
    "nested loop with join filter": Query("SELECT count(*) FROM customer a JOIN customer b ON a.region < b.region AND a.id < 20 AND b.id < 20"),
    "hash join": Query("SELECT * FROM customer c JOIN orders o ON o.customer_id = c.id AND o.total > c.region WHERE c.region = 3"),
    "hash left join": Query("SELECT * FROM customer c LEFT JOIN orders o ON o.customer_id = c.id AND o.status = 'new'"),
    "hash full join": Query("SELECT * FROM customer c FULL JOIN orders o ON o.customer_id = c.id"),
    "hash semi join": Query("SELECT * FROM orders o WHERE EXISTS (SELECT 1 FROM customer c WHERE c.id = o.customer_id AND c.note < 'z')"),
    "hash anti join": Query("SELECT * FROM orders o WHERE NOT EXISTS (SELECT 1 FROM item i WHERE i.order_id = o.id)"),
    "hash right semi join": Query("SELECT * FROM customer c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND o.total > 1)", "enable_nestloop = off; enable_mergejoin = off; enable_hashagg = off; enable_sort = off"),
    "hash right anti join": Query("SELECT * FROM customer c WHERE NOT EXISTS (SELECT 1 FROM big WHERE big.id % 50 = c.id)", "enable_nestloop = off; enable_mergejoin = off"),
    "hash in batches": Query("SELECT count(*) FROM big a JOIN big b USING (text)", "work_mem = '64kB'; enable_mergejoin = off; enable_nestloop = off"),
    "merge join": Query("SELECT * FROM orders o JOIN item i ON i.order_id = o.id", _NO_HASH + "; enable_nestloop = off"),
    "merge left join": Query("SELECT * FROM customer c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 3", _NO_HASH + "; enable_nestloop = off"),
    "materialize": Query("SELECT count(*) FROM customer a CROSS JOIN (SELECT * FROM customer WHERE id < 30) b", "enable_memoize = off"),
    "memoize": Query("SELECT count(*) FROM orders o JOIN LATERAL (SELECT name FROM customer c WHERE c.id = o.customer_id OFFSET 0) n ON true"),
    "sort": Query("SELECT *, 'a, b' AS k FROM orders ORDER BY status DESC, total * 2 NULLS FIRST, coalesce(placed, '2024-01-01')"),
    "top-n sort": Query("SELECT * FROM orders ORDER BY status, total LIMIT 5"),
    "sort on disk": Query("SELECT * FROM big ORDER BY text", "work_mem = '64kB'"),
    "collated sort": Query('SELECT name COLLATE "C" FROM customer ORDER BY name COLLATE "POSIX" DESC'),
    "incremental sort": Query("SELECT * FROM (SELECT * FROM orders ORDER BY customer_id OFFSET 0) o ORDER BY customer_id, total", "enable_sort = off"),
    "incremental sort of large groups": Query("SELECT * FROM big ORDER BY grp, text", "enable_sort = off; enable_seqscan = off"),
    "incremental sort limited": Query("SELECT * FROM orders ORDER BY customer_id, total DESC LIMIT 40"),
    "group": Query("SELECT customer_id FROM orders GROUP BY customer_id", "enable_hashagg = off; enable_seqscan = off"),
    "group with filter": Query("SELECT status FROM orders GROUP BY status HAVING status > 'o'", "enable_hashagg = off"),
    "plain aggregate": Query("SELECT count(*), sum(total) FILTER (WHERE status = 'new') FROM orders"),
    "group aggregate": Query("SELECT customer_id, count(DISTINCT status) FROM orders GROUP BY customer_id HAVING count(*) > 13"),
    "hash aggregate": Query("SELECT status, placed, count(*) FROM orders GROUP BY status, placed"),
    "hash aggregate on disk": Query("SELECT text, count(*) FROM big GROUP BY text", "work_mem = '64kB'; enable_sort = off"),
    "rollup": Query("SELECT status, customer_id, count(*) FROM orders GROUP BY ROLLUP (status, customer_id)", "enable_hashagg = off"),
    "cube": Query("SELECT status, customer_id, count(*) FROM orders GROUP BY CUBE (status, customer_id)"),
    "sorted grouping sets": Query("SELECT status, placed, customer_id, count(*) FROM orders GROUP BY GROUPING SETS ((status, placed), (customer_id), (placed), ())", "enable_hashagg = off"),
    "hashed grouping sets": Query("SELECT status, placed, count(*) FROM orders GROUP BY GROUPING SETS ((status, coalesce(placed, '2024-01-01'), placed), (placed))"),
    "window": Query("SELECT id, rank() OVER w, sum(total) OVER (PARTITION BY status ORDER BY id ROWS 3 PRECEDING) FROM orders WINDOW w AS (PARTITION BY status ORDER BY placed)"),
    "window with run condition": Query("SELECT * FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM orders) s WHERE n < 4"),
    "unique": Query("SELECT DISTINCT status FROM orders", "enable_hashagg = off"),
    "distinct on": Query("SELECT DISTINCT ON (customer_id) * FROM orders ORDER BY customer_id, placed DESC"),
    "intersect": Query("SELECT id FROM customer INTERSECT SELECT customer_id FROM orders"),
    "intersect all sorted": Query("SELECT id FROM customer INTERSECT ALL SELECT customer_id FROM orders", "enable_hashagg = off"),
    "except": Query("SELECT id FROM customer EXCEPT SELECT customer_id FROM orders"),
    "except all": Query("SELECT id FROM customer EXCEPT ALL SELECT customer_id FROM orders", "enable_hashagg = off"),
    "union": Query("SELECT id FROM customer UNION SELECT customer_id FROM orders"),
    "union all": Query("SELECT id, 'x' FROM customer UNION ALL SELECT id, status FROM orders WHERE total > 90"),
    "lock rows": Query("SELECT * FROM customer WHERE region = 2 FOR UPDATE"),
    "partitions": Query("SELECT * FROM measure WHERE value < 40 AND day < 300"),
    "partitions pruned at start": Query("EXECUTE by_day(120)", "plan_cache_mode = force_generic_plan", "PREPARE by_day(int) AS SELECT * FROM measure WHERE day = $1"),
    "partitions pruned at run": Query("SELECT * FROM measure WHERE day = (SELECT 5 + min(id) FROM customer)"),
    "ordered append": Query("SELECT * FROM measure WHERE day < 300 ORDER BY day LIMIT 5"),
    "merge append": Query("SELECT id FROM orders UNION ALL SELECT id FROM customer ORDER BY id LIMIT 5"),
    "gather": Query("SELECT * FROM big WHERE text < '1'", _PARALLEL),
    "gather merge": Query("SELECT * FROM big WHERE text < '3' ORDER BY text", _PARALLEL),
    "gather merge of incremental sorts": Query("SELECT * FROM big ORDER BY grp, text LIMIT 2000", _PARALLEL + "; enable_sort = off"),
    "partial aggregate": Query("SELECT grp, count(*) FROM big GROUP BY grp", _PARALLEL),
    "partial aggregate on disk": Query("SELECT text, count(*) FROM big GROUP BY text", _PARALLEL + "; work_mem = '64kB'; enable_sort = off"),
    "parallel append": Query("SELECT count(*) FROM measure WHERE day < 300", _PARALLEL),
    "parallel hash": Query("SELECT count(*) FROM big a JOIN big b USING (text)", _PARALLEL),
    "parallel hash in batches": Query("SELECT count(*) FROM big a JOIN big b USING (text)", _PARALLEL + "; work_mem = '64kB'"),
    "parallel bitmap": Query("SELECT count(*) FROM big WHERE grp < 5", _PARALLEL + "; enable_seqscan = off; enable_indexonlyscan = off"),
    "parallel memoize": Query("SELECT count(*) FROM big b JOIN LATERAL (SELECT name FROM customer c WHERE c.id = b.grp OFFSET 0) n ON true", _PARALLEL),
    "initplan above a gather": Query("SELECT count(*) FROM big WHERE grp = (SELECT max(region) FROM customer)", _PARALLEL),
    "single copy gather": Query("SELECT * FROM customer WHERE id = 4", "debug_parallel_query = on"),
    "insert": Query("INSERT INTO audit SELECT name FROM customer WHERE id < 4 RETURNING what"),
    "insert on conflict do nothing": Query("INSERT INTO customer SELECT g, 'n' FROM generate_series(299, 302) g ON CONFLICT DO NOTHING"),
    "insert on conflict do update": Query("INSERT INTO customer AS c SELECT g, 'n' FROM generate_series(299, 302) g ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE c.id < 300"),
    "update": Query("UPDATE customer c SET name = 'n' FROM orders o WHERE o.customer_id = c.id AND o.id = 8"),
    "update of partitions": Query("UPDATE measure SET value = 0 WHERE value < 5 AND day < 300"),
    "delete with cascade": Query("DELETE FROM customer WHERE id = 9"),
    "merge": Query("MERGE INTO customer c USING (SELECT g AS id FROM generate_series(298, 303) g) s ON s.id = c.id WHEN MATCHED AND s.id = 298 THEN DELETE WHEN MATCHED AND s.id = 299 THEN UPDATE SET name = 'm' WHEN NOT MATCHED THEN INSERT VALUES (s.id, 'new')"),
    "merge into partitions": Query("MERGE INTO measure_all m USING (VALUES (1), (150)) s(day) ON m.day = s.day WHEN MATCHED THEN UPDATE SET value = 1", before="CREATE TABLE measure_all (LIKE measure) PARTITION BY RANGE (day); CREATE TABLE ma PARTITION OF measure_all FOR VALUES FROM (0) TO (100); CREATE TABLE mb PARTITION OF measure_all FOR VALUES FROM (100) TO (200); INSERT INTO measure_all VALUES (1), (150)"),
    "foreign scan of a program": Query("SELECT * FROM from_program WHERE a > 0"),
    "disabled": Query("SELECT * FROM point_of", "enable_seqscan = off"),
    "odd names": Query("""SELECT w."a, b", w."c: d" || 'x, (y' FROM "we""ird (x)" AS w WHERE w."a, b" < 3 AND w."on" <> 'it''s, (a -> b' ORDER BY w."c: d", w."a, b" """, "enable_seqscan = off"),
    "line breaks in strings": Query("SELECT id, E'a\nFilter: b, c' FROM customer WHERE name <> E'x\n  ->  Seq Scan on y\n' AND region = 4"),
    "just in time": Query("SELECT sum(total * 2) FROM orders WHERE total > 3", "jit = on; jit_above_cost = 0; jit_inline_above_cost = 0"),
    "settings": Query("SELECT 1", "work_mem = '1234kB'; search_path = 'public, \"odd''s\"'; effective_cache_size = '1GB'"),
    "temporary table": Query("SELECT * FROM t WHERE a < 3", before="CREATE TEMP TABLE t AS SELECT g AS a FROM generate_series(1, 5000) g"),
    "view": Query("SELECT r.* FROM recent r JOIN customer USING (id) WHERE region = 1"),
}  # fmt: skip

FOREIGN: dict[str, str] = {
    "foreign scan": "SELECT * FROM far_orders WHERE status = 'new' AND id > 3",
    "asynchronous foreign scan": "SELECT * FROM mixed WHERE day > 50",
    "foreign join": "SELECT * FROM far_orders o JOIN far_customer c ON o.customer_id = c.id",
    "foreign aggregate": "SELECT status, count(*) FROM far_orders GROUP BY status",
    "foreign insert": "INSERT INTO far_customer VALUES (1, 'x')",
    "foreign update": "UPDATE far_customer SET name = 'y' WHERE id = 1",
    "foreign delete": "DELETE FROM far_orders USING customer c WHERE c.id = far_orders.customer_id",
    "update of local and foreign partitions": "UPDATE mixed SET value = 0 WHERE day > 50",
}
"""Statements on a server that cannot be reached: they can be planned, not run."""
