"""The tables on which the rules' examples run: small enough to be made in a second, large enough to matter.

A shelf lies in one aisle and one hall (a planner that does not know that multiplies their selectivities); ``visits``
was never vacuumed and ``fresh`` never analyzed; ``events`` is partitioned by month. Autovacuum is off: it
would come in between.
"""

from __future__ import annotations

__all__ = ["DUCKDB", "POSTGRES"]

POSTGRES = """
CREATE TABLE customers (
    id int PRIMARY KEY, email varchar(80) NOT NULL, place int NOT NULL, region int NOT NULL, active boolean NOT NULL
) WITH (autovacuum_enabled = false);
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, status text NOT NULL, placed_on date NOT NULL,
    total numeric NOT NULL, code varchar(20) NOT NULL,
    shelf int NOT NULL, aisle int NOT NULL, hall int NOT NULL, note text NOT NULL
) WITH (autovacuum_enabled = false);
CREATE INDEX orders_placed_on ON orders (placed_on);
CREATE TABLE visits (id int PRIMARY KEY, page int NOT NULL, seconds int NOT NULL) WITH (autovacuum_enabled = false);
CREATE INDEX visits_page ON visits (page);
CREATE TABLE fresh (id int NOT NULL, kind int NOT NULL) WITH (autovacuum_enabled = false);
CREATE TABLE events (happened_on date NOT NULL, kind int NOT NULL, size int NOT NULL) PARTITION BY RANGE (happened_on);
CREATE TABLE events_01 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
CREATE TABLE events_02 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
CREATE TABLE events_03 PARTITION OF events FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
CREATE TABLE events_04 PARTITION OF events FOR VALUES FROM ('2026-04-01') TO ('2026-05-01');
CREATE TABLE events_05 PARTITION OF events FOR VALUES FROM ('2026-05-01') TO ('2026-06-01');
CREATE TABLE events_06 PARTITION OF events FOR VALUES FROM ('2026-06-01') TO ('2026-07-01');
INSERT INTO customers
    SELECT i, 'user' || i || '@example.org', i % 200, (i % 200) / 10, i % 10 > 0 FROM generate_series(1, 20000) AS i;
INSERT INTO orders
    SELECT i, 1 + (i::bigint * 7919 % 19000)::int, CASE WHEN i % 1000 = 0 THEN 'open' ELSE 'paid' END,
        DATE '2024-01-01' + i % 700, round((i::bigint * 31 % 10000) / 100.0, 2), 'C' || (i::bigint * 104729) % 100000,
        i % 100, i % 100 / 10, i % 100 / 20, repeat('x', i % 60)
    FROM generate_series(1, 100000) AS i;
INSERT INTO visits SELECT i, i % 500, i % 600 FROM generate_series(1, 100000) AS i;
INSERT INTO events SELECT DATE '2026-01-01' + i % 181, i % 50, i % 1000 FROM generate_series(1, 60000) AS i;
VACUUM ANALYZE customers;
VACUUM ANALYZE orders;
VACUUM ANALYZE events;
ANALYZE visits;
"""

DUCKDB = """
CREATE TABLE customers AS
    SELECT i AS id, 'user' || i || '@example.org' AS email, i % 200 AS place, (i % 200) // 10 AS region
    FROM range(1, 50001) AS t(i);
CREATE TABLE orders AS
    SELECT i AS id, 1 + (i * 7919) % 50000 AS customer_id, (i * 104729) % 1000 AS shelf,
        DATE '2024-01-01' + CAST(i // 1500 AS int) AS placed_on, (i * 31 % 10000) / 100.0 AS total
    FROM range(1, 1000001) AS t(i);
"""
