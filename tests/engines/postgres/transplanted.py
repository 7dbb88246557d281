"""A schema with every kind of index, rows for it, and queries over them: what a transplant of statistics must carry."""

from __future__ import annotations

__all__ = ["QUERIES", "ROWS", "SCHEMA"]

SCHEMA = """
    CREATE EXTENSION pg_trgm;
    CREATE EXTENSION btree_gist;
    CREATE TYPE mood AS ENUM ('calm', 'busy', 'odd');
    CREATE DOMAIN percent AS numeric NOT NULL CHECK (VALUE BETWEEN 0 AND 100);
    CREATE FUNCTION cents(amount numeric) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT (amount * 100)::bigint';

    CREATE TABLE people (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        email text NOT NULL UNIQUE,
        region text NOT NULL CHECK (region <> ''),
        boss int REFERENCES people,
        rating percent,
        lived tstzrange,
        spot point
    );
    CREATE INDEX people_lower_email ON people (lower(email));
    CREATE INDEX people_region ON people (region) INCLUDE (email);
    CREATE INDEX people_lived ON people USING gist (lived);
    CREATE INDEX people_spot ON people USING spgist (spot);
    CREATE INDEX people_email_trgm ON people USING gin (email gin_trgm_ops);
    CREATE INDEX people_boss ON people (boss) WHERE boss IS NOT NULL;

    CREATE TABLE tickets (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        person int NOT NULL REFERENCES people,
        status text NOT NULL,
        mood mood NOT NULL,
        opened timestamptz NOT NULL,
        amount numeric(10, 2),
        amount_cents bigint GENERATED ALWAYS AS (cents(amount)) STORED,
        tag int,
        city int NOT NULL,
        country int NOT NULL,
        labels int[] NOT NULL,
        body jsonb NOT NULL,
        words tsvector NOT NULL,
        UNIQUE (person, id)
    );
    CREATE INDEX tickets_person_opened ON tickets (person, opened DESC);
    CREATE INDEX tickets_opened ON tickets USING brin (opened) WITH (pages_per_range = 16);
    CREATE INDEX tickets_open ON tickets (opened) WHERE status = 'open';
    CREATE INDEX tickets_tag ON tickets USING hash (tag);
    CREATE INDEX tickets_cents ON tickets (amount_cents);
    CREATE INDEX tickets_half ON tickets ((amount / 2));
    CREATE INDEX tickets_labels ON tickets USING gin (labels);
    CREATE INDEX tickets_body ON tickets USING gin (body jsonb_path_ops);
    CREATE INDEX tickets_words ON tickets USING gin (words);
    CREATE INDEX tickets_country ON tickets (country, city);
    CREATE STATISTICS tickets_places (ndistinct, dependencies, mcv) ON city, country FROM tickets;
    CREATE STATISTICS tickets_when ON (date_trunc('day', opened AT TIME ZONE 'UTC')), status FROM tickets;

    CREATE TABLE events (id bigint NOT NULL, at date NOT NULL, kind text NOT NULL, ticket bigint NOT NULL)
        PARTITION BY RANGE (at);
    CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (MINVALUE) TO ('2026-02-01');
    CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM ('2026-02-01') TO ('2026-03-01');
    CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM ('2026-03-01') TO (MAXVALUE);
    CREATE INDEX events_ticket ON events (ticket);
    CREATE INDEX events_at ON events (at, kind);

    CREATE TABLE parcels (id int NOT NULL, shop int NOT NULL, zone text NOT NULL, PRIMARY KEY (zone, id))
        PARTITION BY LIST (zone);
    CREATE TABLE parcels_north PARTITION OF parcels FOR VALUES IN ('north');
    CREATE TABLE parcels_rest PARTITION OF parcels DEFAULT PARTITION BY HASH (id);
    CREATE TABLE parcels_rest_0 PARTITION OF parcels_rest FOR VALUES WITH (MODULUS 2, REMAINDER 0);
    CREATE TABLE parcels_rest_1 PARTITION OF parcels_rest FOR VALUES WITH (MODULUS 2, REMAINDER 1);

    CREATE UNLOGGED TABLE sessions (
        id uuid PRIMARY KEY, person int NOT NULL REFERENCES people, during tstzrange NOT NULL,
        EXCLUDE USING gist (person WITH =, during WITH &&)
    );
    CREATE MATERIALIZED VIEW busy AS SELECT person, count(*) AS tickets, max(opened) AS last FROM tickets GROUP BY 1;
    CREATE UNIQUE INDEX busy_person ON busy (person);
    CREATE INDEX busy_tickets ON busy (tickets DESC);
"""

ROWS = """
    SELECT setseed(0.5);
    INSERT INTO people (email, region, boss, rating, lived, spot)
    SELECT 'p' || md5(i::text) || '@mail.example', 'r' || i % 23, nullif(i % 40, 0) * (i > 40)::int + (i <= 40)::int,
        (i * 7919) % 101, tstzrange('2020-01-01'::timestamptz + i * interval '1 hour',
        '2020-02-01'::timestamptz + i * interval '1 hour'), point(i % 317, i % 211)
    FROM generate_series(1, 20000) i;
    INSERT INTO tickets (person, status, mood, opened, amount, tag, city, country, labels, body, words)
    SELECT 1 + floor(20000 * power(r, 2))::int, CASE WHEN r < .9 THEN 'done' WHEN r < .95 THEN 'open' ELSE 'wait' END,
        (ARRAY['calm', 'busy', 'odd']::mood[])[1 + i % 3], '2026-01-01'::timestamptz + i * interval '40 seconds',
        round((r * 1000)::numeric, 2), nullif((i * 31) % 1001, 0), (i * 13) % 400, ((i * 13) % 400) / 20,
        ARRAY[i % 50, 100 + i % 7, 200 + (i / 1000) % 13],
        jsonb_build_object('kind', i % 12, 'deep', jsonb_build_object('n', i % 300)),
        to_tsvector('simple', 'w' || i % 97 || ' v' || i % 1009 || ' all')
    FROM (SELECT i, random() AS r FROM generate_series(1, 120000) i) AS made;
    INSERT INTO events
    SELECT i, '2026-01-01'::date + (i % 90), 'k' || i % 9, 1 + (i * 17) % 120000 FROM generate_series(1, 120000) i;
    INSERT INTO parcels
    SELECT i, i % 500, CASE WHEN i % 3 = 0 THEN 'north' ELSE 'z' || i % 11 END FROM generate_series(1, 40000) i;
    INSERT INTO sessions
    SELECT md5(i::text)::uuid, 1 + i % 20000, tstzrange('2026-01-01'::timestamptz + i * interval '1 minute',
        '2026-01-01'::timestamptz + (i + 1) * interval '1 minute')
    FROM generate_series(1, 20000) i;
    REFRESH MATERIALIZED VIEW busy;
    VACUUM ANALYZE;
"""

QUERIES = {
    # B-trees: keys, ranges, ends, several columns, partial, expressions, INCLUDE
    "key": "SELECT * FROM tickets WHERE id = 4711",
    "keys": "SELECT * FROM tickets WHERE id IN (1, 5, 10000, 99999)",
    "last keys": "SELECT * FROM tickets WHERE id > 119000",
    "beyond the last key": "SELECT * FROM tickets WHERE id > 5000000",
    "before the first key": "SELECT * FROM tickets WHERE id < 0",
    "two columns": "SELECT * FROM tickets WHERE person = 77 ORDER BY opened DESC LIMIT 10",
    "second column": "SELECT * FROM tickets WHERE city = 17",
    "partial": "SELECT id FROM tickets WHERE status = 'open' AND opened < '2026-01-03'",
    "generated column": "SELECT * FROM tickets WHERE amount_cents BETWEEN 5000 AND 5010",
    "expression": "SELECT * FROM people WHERE lower(email) = 'pabc@mail.example'",
    "numeric expression": "SELECT * FROM tickets WHERE amount / 2 > 499.5",
    "beyond an expression's end": "SELECT * FROM tickets WHERE amount / 2 > 700",
    "a text expression's end": "SELECT * FROM people WHERE lower(email) > 'pffff'",
    "covered": "SELECT email FROM people WHERE region = 'r7'",
    "unique text": "SELECT * FROM people WHERE email = 'nobody@mail.example'",
    "a prefix": "SELECT * FROM people WHERE email LIKE 'pab%'",
    "least and greatest": "SELECT min(id), max(person) FROM tickets",
    "enum": "SELECT count(*) FROM tickets WHERE mood = 'odd'",
    "domain": "SELECT * FROM people WHERE rating > 99",
    "null": "SELECT count(*) FROM tickets WHERE tag IS NULL",
    # other methods
    "hash": "SELECT * FROM tickets WHERE tag = 42",
    "brin": "SELECT sum(amount) FROM tickets WHERE opened BETWEEN '2026-01-10' AND '2026-01-11'",
    "gin array": "SELECT * FROM tickets WHERE labels @> ARRAY[7, 103]",
    "gin overlap": "SELECT count(*) FROM tickets WHERE labels && ARRAY[7, 8]",
    "gin jsonb": """SELECT * FROM tickets WHERE body @> '{"kind": 3, "deep": {"n": 51}}'""",
    "gin words": "SELECT * FROM tickets WHERE words @@ 'w5 & v77'::tsquery",
    "gin trigrams": "SELECT * FROM people WHERE email ILIKE '%9f3b%'",
    "gist range": "SELECT * FROM people WHERE lived @> '2020-03-01'::timestamptz",
    "gist exclusion": "SELECT * FROM sessions WHERE person = 7 AND during && '[2026-01-02,2026-01-03)'::tstzrange",
    "spgist": "SELECT * FROM people WHERE spot <@ box '((10,10),(12,12))'",
    "spgist nearest": "SELECT * FROM people ORDER BY spot <-> point '(10,10)' LIMIT 5",
    "or": "SELECT * FROM tickets WHERE tag = 42 OR amount_cents = 5000",
    # partitions
    "one partition": "SELECT * FROM events WHERE at = '2026-02-14' AND kind = 'k3'",
    "some partitions": "SELECT count(*) FROM events WHERE at > '2026-02-20'",
    "all partitions": "SELECT kind, count(*) FROM events GROUP BY kind",
    "by another key": "SELECT * FROM events WHERE ticket = 4711",
    "merged in order": "SELECT * FROM events ORDER BY at, kind LIMIT 50",
    "list partition": "SELECT * FROM parcels WHERE zone = 'north' AND shop = 3",
    "hash partition": "SELECT * FROM parcels WHERE zone = 'z4' AND id = 1201",
    "partitions joined": "SELECT t.status, count(*) FROM events e JOIN tickets t ON t.id = e.ticket GROUP BY 1",
    # columns together
    "dependent columns": "SELECT * FROM tickets WHERE city = 26 AND country = 1",
    "groups of columns": "SELECT city, country, count(*) FROM tickets GROUP BY city, country",
    "range of columns": "SELECT * FROM tickets WHERE city < 40 AND country < 2",
    "groups of an expression": """SELECT date_trunc('day', opened AT TIME ZONE 'UTC'), status, count(*)
        FROM tickets GROUP BY 1, 2""",
    "filter by an expression": """SELECT * FROM tickets
        WHERE date_trunc('day', opened AT TIME ZONE 'UTC') = '2026-01-09'""",
    # joins, aggregates, windows, sets
    "join": "SELECT t.* FROM tickets t JOIN people p ON p.id = t.person WHERE p.region = 'r7'",
    "join of all": "SELECT region, sum(amount) FROM tickets t JOIN people p ON p.id = t.person GROUP BY region",
    "self join": "SELECT b.email, count(*) FROM people p JOIN people b ON b.id = p.boss GROUP BY 1",
    "semi join": """SELECT * FROM people p
        WHERE EXISTS (SELECT FROM tickets t WHERE t.person = p.id AND t.status = 'open')""",
    "anti join": "SELECT * FROM people p WHERE NOT EXISTS (SELECT FROM tickets t WHERE t.person = p.id)",
    "not in": "SELECT * FROM people WHERE id NOT IN (SELECT person FROM sessions)",
    "left join": "SELECT p.id, s.id FROM people p LEFT JOIN sessions s ON s.person = p.id WHERE p.id < 100",
    "lateral": """SELECT p.id, l.opened FROM people p CROSS JOIN LATERAL
        (SELECT opened FROM tickets t WHERE t.person = p.id ORDER BY opened DESC LIMIT 1) l WHERE p.region = 'r3'""",
    "window": "SELECT id, row_number() OVER (PARTITION BY person ORDER BY opened DESC) FROM tickets",
    "distinct": "SELECT DISTINCT person, status FROM tickets",
    "sort": "SELECT * FROM tickets ORDER BY amount DESC LIMIT 20",
    "grouping sets": "SELECT status, mood, count(*) FROM tickets GROUP BY CUBE (status, mood)",
    "union": "SELECT person FROM tickets WHERE status = 'wait' UNION SELECT id FROM people WHERE region = 'r1'",
    "materialised view": "SELECT * FROM busy WHERE tickets > 100 ORDER BY tickets DESC",
    "materialised view joined": "SELECT p.email FROM busy b JOIN people p ON p.id = b.person WHERE b.tickets > 150",
    "unlogged": "SELECT * FROM sessions WHERE id = '00000000-0000-0000-0000-000000000000'",
    "cte": "WITH c AS MATERIALIZED (SELECT person, count(*) AS n FROM tickets GROUP BY 1) SELECT * FROM c WHERE n > 50",
    "scalar subquery": "SELECT *, (SELECT count(*) FROM tickets t WHERE t.person = p.id) FROM people p WHERE id < 50",
    # writes
    "delete": "DELETE FROM tickets WHERE opened < '2026-01-02'",
    "update": "UPDATE tickets SET status = 'done' WHERE person = 77",
    "merge": """MERGE INTO people p USING (SELECT person, count(*) AS n FROM tickets GROUP BY 1) t ON t.person = p.id
        WHEN MATCHED AND t.n > 100 THEN UPDATE SET region = 'busy' WHEN NOT MATCHED THEN DO NOTHING""",
    "insert from select": "INSERT INTO parcels SELECT id::int, tag, 'north' FROM tickets WHERE tag < 3",
    "upsert": "INSERT INTO people (email, region) VALUES ('a@b', 'r1') ON CONFLICT (email) DO UPDATE SET region = 'r2'",
    # in parallel
    "parallel sum": "SELECT status, sum(amount) FROM tickets GROUP BY status",
    "parallel join": "SELECT count(*) FROM events e JOIN tickets t ON t.id = e.ticket WHERE t.amount > 10",
}
