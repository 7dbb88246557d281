"""Tables that hold rows, and statements on them: what each does is asked of the server and of the prediction."""

# ruff: noqa: E501  (SQL reads best with one row a line)

from __future__ import annotations

from tests.experiments import references_corpus

__all__ = ["ALONE", "SCHEMA", "STATEMENTS"]

SCHEMA = r"""
CREATE SCHEMA app;
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TYPE pair AS (a int, b int);
CREATE DOMAIN plain_text AS text;
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE DOMAIN work_email AS email;
CREATE DOMAIN filled AS text NOT NULL;
CREATE DOMAIN stamped AS timestamptz DEFAULT clock_timestamp();
CREATE DOMAIN counted AS int DEFAULT 1;
CREATE DOMAIN loose AS int CHECK (VALUE > -1000);
CREATE DOMAIN later AS int;
CREATE TABLE uses_later (id int, v later);
INSERT INTO uses_later SELECT i, i FROM generate_series(1, 300) i;
ALTER DOMAIN later ADD CONSTRAINT later_check CHECK (VALUE > 0) NOT VALID;
CREATE SEQUENCE counter;
CREATE FUNCTION fixed() RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION steady() RETURNS int LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION wild() RETURNS int LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN 1; END';
CREATE FUNCTION undeclared() RETURNS int LANGUAGE sql AS 'SELECT 7';
CREATE FUNCTION undeclared_wild() RETURNS double precision LANGUAGE sql AS 'SELECT random()';
CREATE FUNCTION tame_claim() RETURNS double precision LANGUAGE sql STABLE AS 'SELECT random()';
CREATE FUNCTION nested() RETURNS int LANGUAGE sql AS 'SELECT undeclared() + 1';
CREATE FUNCTION atomic_body() RETURNS int RETURN 5;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';

CREATE TABLE parent (id bigint PRIMARY KEY, code text NOT NULL UNIQUE, spare int);
CREATE TABLE t (
    id int PRIMARY KEY, a int, b int, n int NOT NULL, small_text varchar(10), any_text text, fixed_text char(5),
    amount numeric(8, 2), free_amount numeric, address cidr, bits bit(4), more_bits varbit(4),
    at timestamp(3), at_zone timestamptz(3), clock time(3), took interval(2), whole_took interval, at_any timestamp,
    doc json, docb jsonb, day date, tags varchar(10)[], feeling mood, mail email, plain plain_text, number loose,
    flag boolean, num int, big bigint, ref bigint, proven int, half_proven int, unproven int,
    checked_text varchar(10) CHECK (length(checked_text) < 10), indexed_text varchar(10), partly varchar(10),
    shouted varchar(10), stored int GENERATED ALWAYS AS (num * 2) STORED, virtual int GENERATED ALWAYS AS (num * 2)
);
INSERT INTO t (id, a, b, n, small_text, any_text, fixed_text, amount, free_amount, address, bits, more_bits, at, at_zone,
               clock, took, whole_took, at_any, doc, docb, day, tags, feeling, mail, plain, number, flag, num, big, ref,
               proven, half_proven, unproven, checked_text, indexed_text, partly, shouted)
SELECT i, i, i, i, 'x', 'x', 'x', 1, 1, '10.0.0.0/8', B'1010', B'1010', '2026-01-01', '2026-01-01', '10:00', '1s', '1s',
       '2026-01-01', '{}', '{}', '2026-01-01', '{x}', 'ok', 'a@b', 'x', 1, true, i, i, i, 1, 1, 1, 'x', 'x' || i, 'x', 'x'
FROM generate_series(1, 300) i;
INSERT INTO parent SELECT i, 'c' || i, i FROM generate_series(1, 300) i;
ALTER TABLE t ADD CONSTRAINT proven_there CHECK (proven IS NOT NULL AND num > 0);
ALTER TABLE t ADD CONSTRAINT half_there CHECK (half_proven IS NOT NULL) NOT VALID;
ALTER TABLE t ADD CONSTRAINT unrelated CHECK (unproven > 0);
ALTER TABLE t ADD CONSTRAINT later_not_null NOT NULL a NOT VALID;
ALTER TABLE t ADD CONSTRAINT later_fk FOREIGN KEY (big) REFERENCES parent NOT VALID;
ALTER TABLE t ADD CONSTRAINT later_check CHECK (b > 0) NOT VALID;
CREATE INDEX t_indexed ON t (indexed_text);
CREATE INDEX t_partly ON t (num) WHERE partly = 'x';
CREATE INDEX t_shouted ON t (upper(shouted));
CREATE INDEX t_at ON t (at);
CREATE UNIQUE INDEX t_n_key ON t (n);
CREATE UNIQUE INDEX t_b_key ON t (b);
CREATE TABLE child (id int PRIMARY KEY, parent_id bigint NOT NULL REFERENCES parent (id), code text REFERENCES parent (code));
INSERT INTO child SELECT i, i, 'c' || i FROM generate_series(1, 300) i;
CREATE TABLE keyless (id int, name text, span int4range);
INSERT INTO keyless SELECT i, 'x' || i, int4range(i, i + 1) FROM generate_series(1, 300) i;
CREATE UNIQUE INDEX keyless_id ON keyless (id);
CREATE TABLE solid (id int NOT NULL, name text);
INSERT INTO solid SELECT i, 'x' FROM generate_series(1, 300) i;
CREATE UNIQUE INDEX solid_id ON solid (id);
CREATE TABLE plainly (num int, virtual int GENERATED ALWAYS AS (num * 2) VIRTUAL, words text[], many varchar[],
    fine interval day to second(3), daily interval day, letters char(4), markup xml, inet inet);
INSERT INTO plainly (num, words, many, fine, daily, letters, markup, inet)
SELECT i, '{x}', '{x}', '1s', '1 day', 'x', NULL, '10.0.0.0/8' FROM generate_series(1, 300) i;
CREATE UNLOGGED TABLE light (id int);
INSERT INTO light SELECT generate_series(1, 300);
CREATE TABLE "Odd ""Name" ("Sp ace" int, "é" varchar(5));
INSERT INTO "Odd ""Name" SELECT i, 'x' FROM generate_series(1, 300) i;
CREATE TABLE app.items (id int PRIMARY KEY, mail email, contact work_email);
INSERT INTO app.items SELECT i, 'a@b', 'a@b' FROM generate_series(1, 300) i;

CREATE TABLE events (id int NOT NULL, at date NOT NULL, size int, parent_id bigint) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE events_2026 PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO events SELECT i, '2025-06-01', i, i FROM generate_series(1, 300) i;
INSERT INTO events SELECT i, '2026-06-01', i, i FROM generate_series(1, 300) i;
CREATE INDEX events_size ON events (size);
CREATE TABLE events_2027 (id int NOT NULL, at date NOT NULL, size int, parent_id bigint);
INSERT INTO events_2027 SELECT i, '2027-06-01', i, i FROM generate_series(1, 300) i;
CREATE TABLE events_2028 (id int NOT NULL, at date NOT NULL, size int, parent_id bigint,
    CHECK (at >= '2028-01-01' AND at < '2029-01-01'));
INSERT INTO events_2028 SELECT i, '2028-06-01', i, i FROM generate_series(1, 300) i;
CREATE INDEX events_2028_size ON events_2028 (size);
CREATE TABLE events_2029 (id int NOT NULL, at date NOT NULL, size int, parent_id bigint,
    CONSTRAINT wide CHECK (at >= '2028-01-01' AND at < '2030-01-01'));
INSERT INTO events_2029 SELECT i, '2029-06-01', i, i FROM generate_series(1, 300) i;
CREATE INDEX events_2029_size ON events_2029 (size);
CREATE TABLE kinds (id int, kind text) PARTITION BY LIST (kind);
CREATE TABLE kinds_a PARTITION OF kinds FOR VALUES IN ('a');
CREATE TABLE kinds_rest PARTITION OF kinds DEFAULT;
INSERT INTO kinds SELECT i, CASE WHEN i < 150 THEN 'a' ELSE 'z' END FROM generate_series(1, 300) i;
CREATE TABLE kinds_b (id int, kind text NOT NULL CHECK (kind = 'b'));
INSERT INTO kinds_b SELECT i, 'b' FROM generate_series(1, 300) i;
CREATE TABLE spread (id int, v text) PARTITION BY HASH (id);
CREATE TABLE spread_0 PARTITION OF spread FOR VALUES WITH (MODULUS 2, REMAINDER 0);
INSERT INTO spread SELECT i, 'x' FROM generate_series(1, 3000) i WHERE satisfies_hash_partition('spread'::regclass, 2, 0, i);
CREATE TABLE spread_1 (id int, v text);
INSERT INTO spread_1 SELECT i, 'x' FROM generate_series(1, 3000) i WHERE satisfies_hash_partition('spread'::regclass, 2, 1, i);
CREATE TABLE keyed (id int, at date, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE keyed_2026 PARTITION OF keyed FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO keyed SELECT i, '2026-06-01' FROM generate_series(1, 300) i;
CREATE TABLE keyed_2027 (id int NOT NULL, at date NOT NULL);
INSERT INTO keyed_2027 SELECT i, '2027-06-01' FROM generate_series(1, 300) i;
CREATE TABLE tied (id int, at date, parent_id bigint REFERENCES parent) PARTITION BY RANGE (at);
CREATE TABLE tied_2026 PARTITION OF tied FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO tied SELECT i, '2026-06-01', i FROM generate_series(1, 300) i;
CREATE TABLE tied_2027 (id int, at date, parent_id bigint);
INSERT INTO tied_2027 SELECT i, '2027-06-01', i FROM generate_series(1, 300) i;

CREATE TABLE base (id int, note varchar(10));
CREATE TABLE derived (extra int) INHERITS (base);
INSERT INTO base SELECT i, 'x' FROM generate_series(1, 300) i;
INSERT INTO derived SELECT i, 'x', i FROM generate_series(1, 300) i;
CREATE TABLE tied_to (id int PRIMARY KEY);
INSERT INTO tied_to SELECT generate_series(1, 300);
CREATE TABLE tying (id int REFERENCES tied_to) PARTITION BY RANGE (id);
CREATE TABLE tying_1 PARTITION OF tying FOR VALUES FROM (1) TO (1000);
INSERT INTO tying SELECT generate_series(1, 300);
CREATE TABLE heirs (id int PRIMARY KEY, v int UNIQUE, w int, CONSTRAINT passed CHECK (v > 0),
    CONSTRAINT kept_back CHECK (v > -1) NO INHERIT, CONSTRAINT heirs_tie FOREIGN KEY (w) REFERENCES tied_to);
CREATE TABLE heir () INHERITS (heirs);
INSERT INTO heirs SELECT i, i, i FROM generate_series(1, 300) i;
INSERT INTO heir SELECT i, i, i FROM generate_series(1, 300) i;
ALTER TABLE heirs ADD CONSTRAINT own_later CHECK (w > 0) NO INHERIT NOT VALID;
ALTER TABLE heirs ADD CONSTRAINT all_later CHECK (w > -1) NOT VALID;
CREATE TABLE orphan (id int, note varchar(10));
INSERT INTO orphan SELECT i, 'x' FROM generate_series(1, 300) i;
CREATE TABLE typed OF pair;
INSERT INTO typed SELECT i, i FROM generate_series(1, 300) i;

CREATE TABLE labelled (id int, label varchar(10), note varchar(10), PRIMARY KEY (id, label)) PARTITION BY RANGE (id);
CREATE TABLE labelled_1 PARTITION OF labelled FOR VALUES FROM (1) TO (1000);
INSERT INTO labelled SELECT i, 'x', 'x' FROM generate_series(1, 300) i;

CREATE VIEW seen AS SELECT id, spare FROM parent;
CREATE VIEW seen_twice AS SELECT id FROM seen;
CREATE MATERIALIZED VIEW kept AS SELECT id, spare FROM parent;
CREATE UNIQUE INDEX kept_id ON kept (id);
CREATE TRIGGER touched BEFORE UPDATE ON child FOR EACH ROW EXECUTE FUNCTION touch();
CREATE POLICY own ON child USING (true);
CREATE RULE quiet AS ON DELETE TO keyless DO INSTEAD NOTHING;
CREATE PUBLICATION news FOR TABLE solid WITH (publish = 'insert');
"""
SCHEMA += references_corpus.SCHEMA

STATEMENTS = r"""
-- columns
ALTER TABLE t ADD COLUMN c int
ALTER TABLE t ADD c int NULL
ALTER TABLE t ADD COLUMN c int DEFAULT 5
ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 5
ALTER TABLE t ADD COLUMN c int DEFAULT NULL
ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now()
ALTER TABLE t ADD COLUMN c timestamptz DEFAULT now() + interval '1 day'
ALTER TABLE t ADD COLUMN c timestamptz DEFAULT CURRENT_TIMESTAMP
ALTER TABLE t ADD COLUMN c timestamptz NOT NULL DEFAULT clock_timestamp()
ALTER TABLE t ADD COLUMN c date DEFAULT current_date
ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid()
ALTER TABLE t ADD COLUMN c uuid DEFAULT uuidv7()
ALTER TABLE t ADD COLUMN c uuid DEFAULT pg_catalog.gen_random_uuid()
ALTER TABLE t ADD COLUMN c float DEFAULT random()
ALTER TABLE t ADD COLUMN c int DEFAULT nextval('counter')
ALTER TABLE t ADD COLUMN c text DEFAULT md5(random()::text)
ALTER TABLE t ADD COLUMN c text DEFAULT md5('x')
ALTER TABLE t ADD COLUMN c int DEFAULT fixed()
ALTER TABLE t ADD COLUMN c int DEFAULT steady()
ALTER TABLE t ADD COLUMN c int DEFAULT wild()
ALTER TABLE t ADD COLUMN c int DEFAULT undeclared()
ALTER TABLE t ADD COLUMN c float DEFAULT undeclared_wild()
ALTER TABLE t ADD COLUMN c float DEFAULT tame_claim()
ALTER TABLE t ADD COLUMN c int DEFAULT nested()
ALTER TABLE t ADD COLUMN c int DEFAULT atomic_body()
ALTER TABLE t ADD COLUMN c serial
ALTER TABLE t ADD COLUMN c bigserial
ALTER TABLE t ADD COLUMN c smallserial NOT NULL
ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS IDENTITY
ALTER TABLE t ADD COLUMN c bigint GENERATED BY DEFAULT AS IDENTITY (START 10)
ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (num + 1) STORED
ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (num + 1) VIRTUAL
ALTER TABLE t ADD COLUMN c int GENERATED ALWAYS AS (num + 1)
ALTER TABLE t ADD COLUMN c email
ALTER TABLE t ADD COLUMN c email DEFAULT 'x@y'
ALTER TABLE t ADD COLUMN c work_email
ALTER TABLE t ADD COLUMN c filled DEFAULT 'x'
ALTER TABLE t ADD COLUMN c plain_text
ALTER TABLE t ADD COLUMN c stamped
ALTER TABLE t ADD COLUMN c counted
ALTER TABLE t ADD COLUMN c mood DEFAULT 'ok'
ALTER TABLE t ADD COLUMN c int CHECK (c > 0)
ALTER TABLE t ADD COLUMN c int DEFAULT 1 CHECK (c > 0)
ALTER TABLE t ADD COLUMN c int CHECK (c > 0) NOT ENFORCED
ALTER TABLE t ADD COLUMN c bigint REFERENCES parent
ALTER TABLE t ADD COLUMN c bigint DEFAULT 1 REFERENCES parent (id)
ALTER TABLE t ADD COLUMN c bigint DEFAULT NULL REFERENCES parent (id)
ALTER TABLE t ADD COLUMN c int UNIQUE
ALTER TABLE keyless ADD COLUMN c int GENERATED ALWAYS AS IDENTITY PRIMARY KEY
ALTER TABLE t ADD COLUMN IF NOT EXISTS a int DEFAULT random()
ALTER TABLE t ADD COLUMN c int[] DEFAULT '{}'
ALTER TABLE t ADD COLUMN c jsonb NOT NULL DEFAULT '{}'::jsonb
ALTER TABLE t ADD COLUMN c text COLLATE "C"
ALTER TABLE t DROP COLUMN any_text
ALTER TABLE t DROP COLUMN IF EXISTS nothing
ALTER TABLE child DROP COLUMN code
ALTER TABLE parent DROP COLUMN code CASCADE
ALTER TABLE "Odd ""Name" ADD COLUMN c int DEFAULT 1
ALTER TABLE "Odd ""Name" ADD COLUMN "Ä" uuid DEFAULT gen_random_uuid()
ALTER TABLE app.items ADD COLUMN c serial
-- defaults and not null
ALTER TABLE t ALTER COLUMN num SET DEFAULT random()
ALTER TABLE t ALTER num DROP DEFAULT
ALTER TABLE t ALTER COLUMN b SET NOT NULL
ALTER TABLE t ALTER COLUMN n SET NOT NULL
ALTER TABLE t ALTER COLUMN proven SET NOT NULL
ALTER TABLE t ALTER COLUMN half_proven SET NOT NULL
ALTER TABLE t ALTER COLUMN unproven SET NOT NULL
ALTER TABLE t ALTER COLUMN a SET NOT NULL
ALTER TABLE t ALTER COLUMN n DROP NOT NULL
ALTER TABLE t ADD CONSTRAINT b_there NOT NULL b
ALTER TABLE t ADD CONSTRAINT b_there NOT NULL b NOT VALID
ALTER TABLE t ADD CONSTRAINT proven_again NOT NULL proven
ALTER TABLE t VALIDATE CONSTRAINT later_not_null
ALTER TABLE t VALIDATE CONSTRAINT later_fk
ALTER TABLE t VALIDATE CONSTRAINT later_check
ALTER TABLE t VALIDATE CONSTRAINT proven_there
ALTER TABLE t VALIDATE CONSTRAINT half_there
ALTER TABLE keyless ALTER COLUMN id SET NOT NULL, ALTER COLUMN name SET NOT NULL
-- constraints
ALTER TABLE t ADD CONSTRAINT c CHECK (num > 0)
ALTER TABLE t ADD CONSTRAINT c CHECK (num > 0) NOT VALID
ALTER TABLE t ADD CHECK (num > 0 OR num IS NULL)
ALTER TABLE t ADD CONSTRAINT c CHECK (num > 0) NOT ENFORCED
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES parent (id)
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES parent (id) NOT VALID
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (ref) REFERENCES parent (id) NOT ENFORCED
ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (num) REFERENCES t (id)
ALTER TABLE t ADD CONSTRAINT c UNIQUE (num)
ALTER TABLE t ADD CONSTRAINT c UNIQUE (num, a) INCLUDE (b)
ALTER TABLE t ADD CONSTRAINT c UNIQUE USING INDEX t_b_key
ALTER TABLE t ADD UNIQUE NULLS NOT DISTINCT (num)
ALTER TABLE keyless ADD PRIMARY KEY (id)
ALTER TABLE solid ADD PRIMARY KEY (id)
ALTER TABLE keyless ADD CONSTRAINT c PRIMARY KEY USING INDEX keyless_id
ALTER TABLE solid ADD CONSTRAINT c PRIMARY KEY USING INDEX solid_id
ALTER TABLE keyless ADD CONSTRAINT c EXCLUDE USING gist (span WITH &&)
ALTER TABLE t DROP CONSTRAINT proven_there
ALTER TABLE t DROP CONSTRAINT later_fk
ALTER TABLE child DROP CONSTRAINT child_code_fkey
ALTER TABLE parent DROP CONSTRAINT parent_code_key CASCADE
ALTER TABLE child ALTER CONSTRAINT child_code_fkey DEFERRABLE INITIALLY DEFERRED
ALTER TABLE child ALTER CONSTRAINT child_code_fkey NOT ENFORCED
ALTER TABLE t RENAME CONSTRAINT proven_there TO proven_here
-- types
ALTER TABLE t ALTER COLUMN small_text TYPE varchar(20)
ALTER TABLE t ALTER COLUMN small_text TYPE varchar(10)
ALTER TABLE t ALTER COLUMN small_text TYPE varchar(5)
ALTER TABLE t ALTER COLUMN small_text TYPE varchar
ALTER TABLE t ALTER COLUMN small_text TYPE text
ALTER TABLE t ALTER COLUMN small_text TYPE text USING small_text::text
ALTER TABLE t ALTER COLUMN small_text TYPE text USING lower(small_text)
ALTER TABLE t ALTER COLUMN small_text TYPE text USING small_text
ALTER TABLE t ALTER COLUMN small_text TYPE char(10)
ALTER TABLE t ALTER COLUMN any_text TYPE varchar
ALTER TABLE t ALTER COLUMN any_text TYPE varchar(20)
ALTER TABLE t ALTER COLUMN any_text TYPE plain_text
ALTER TABLE t ALTER COLUMN any_text TYPE jsonb USING to_jsonb(any_text)
ALTER TABLE t ALTER COLUMN any_text TYPE text COLLATE "C"
ALTER TABLE t ALTER COLUMN indexed_text TYPE text
ALTER TABLE t ALTER COLUMN indexed_text TYPE varchar(10) COLLATE "C"
ALTER TABLE t ALTER COLUMN indexed_text TYPE varchar(30)
ALTER TABLE t ALTER COLUMN partly TYPE varchar(30)
ALTER TABLE t ALTER COLUMN shouted TYPE varchar(30)
ALTER TABLE t ALTER COLUMN checked_text TYPE varchar(30)
ALTER TABLE t ALTER COLUMN fixed_text TYPE char(10)
ALTER TABLE t ALTER COLUMN fixed_text TYPE text
ALTER TABLE t ALTER COLUMN fixed_text TYPE varchar(10)
ALTER TABLE t ALTER COLUMN amount TYPE numeric(12, 2)
ALTER TABLE t ALTER COLUMN amount TYPE numeric
ALTER TABLE t ALTER COLUMN amount TYPE numeric(12, 4)
ALTER TABLE t ALTER COLUMN amount TYPE numeric(6, 2)
ALTER TABLE t ALTER COLUMN free_amount TYPE numeric(12, 2)
ALTER TABLE t ALTER COLUMN amount TYPE double precision
ALTER TABLE t ALTER COLUMN address TYPE inet
ALTER TABLE t ALTER COLUMN bits TYPE bit(8) USING bits::bit(8)
ALTER TABLE t ALTER COLUMN bits TYPE varbit
ALTER TABLE t ALTER COLUMN bits TYPE varbit(8)
ALTER TABLE t ALTER COLUMN more_bits TYPE varbit(8)
ALTER TABLE t ALTER COLUMN more_bits TYPE varbit
ALTER TABLE t ALTER COLUMN more_bits TYPE varbit(4)
ALTER TABLE t ALTER COLUMN at_any TYPE timestamp(6)
ALTER TABLE t ALTER COLUMN at_any TYPE timestamp(3)
ALTER TABLE t ALTER COLUMN at TYPE timestamp(6)
ALTER TABLE t ALTER COLUMN at TYPE timestamp
ALTER TABLE t ALTER COLUMN at TYPE timestamp(0)
ALTER TABLE t ALTER COLUMN at TYPE timestamptz(3)
ALTER TABLE t ALTER COLUMN at_any TYPE timestamptz
ALTER TABLE t ALTER COLUMN at_any TYPE timestamptz USING at_any AT TIME ZONE 'UTC'
ALTER TABLE t ALTER COLUMN at_zone TYPE timestamp(3)
ALTER TABLE t ALTER COLUMN at_zone TYPE timestamptz
ALTER TABLE t ALTER COLUMN at_zone TYPE timestamptz(1)
ALTER TABLE t ALTER COLUMN at_zone TYPE date
ALTER TABLE t ALTER COLUMN clock TYPE time(6)
ALTER TABLE t ALTER COLUMN clock TYPE time(1)
ALTER TABLE t ALTER COLUMN took TYPE interval(4)
ALTER TABLE t ALTER COLUMN took TYPE interval
ALTER TABLE t ALTER COLUMN took TYPE interval(0)
ALTER TABLE t ALTER COLUMN took TYPE interval day
ALTER TABLE t ALTER COLUMN whole_took TYPE interval(3)
ALTER TABLE t ALTER COLUMN whole_took TYPE interval day to second
ALTER TABLE t ALTER COLUMN doc TYPE jsonb
ALTER TABLE t ALTER COLUMN docb TYPE json
ALTER TABLE t ALTER COLUMN doc TYPE text
ALTER TABLE t ALTER COLUMN day TYPE timestamp
ALTER TABLE t ALTER COLUMN tags TYPE text[]
ALTER TABLE t ALTER COLUMN tags TYPE varchar(20)[]
ALTER TABLE t ALTER COLUMN tags TYPE varchar[]
ALTER TABLE t ALTER COLUMN feeling TYPE text
ALTER TABLE t ALTER COLUMN feeling TYPE text USING feeling::text
ALTER TABLE t ALTER COLUMN mail TYPE text
ALTER TABLE t ALTER COLUMN any_text TYPE email USING 'a@b'
ALTER TABLE t ALTER COLUMN plain TYPE text
ALTER TABLE t ALTER COLUMN plain TYPE varchar(20)
ALTER TABLE t ALTER COLUMN a TYPE bigint
ALTER TABLE t ALTER COLUMN big TYPE int
ALTER TABLE t ALTER COLUMN a TYPE oid USING a::oid
ALTER TABLE t ALTER COLUMN a TYPE text
ALTER TABLE t ALTER COLUMN flag TYPE int USING flag::int
ALTER TABLE t ALTER COLUMN a TYPE int USING a + 1
ALTER TABLE t ALTER COLUMN small_text TYPE varchar(20), ALTER COLUMN amount TYPE numeric(12, 2)
ALTER TABLE t ALTER COLUMN small_text TYPE varchar(20), ALTER COLUMN a TYPE bigint
ALTER TABLE t ALTER COLUMN small_text SET DATA TYPE text, ADD COLUMN c int DEFAULT 1
ALTER TABLE "Odd ""Name" ALTER COLUMN "é" TYPE varchar(9)
ALTER TABLE "Odd ""Name" ALTER COLUMN "é" TYPE varchar(3)
ALTER TABLE child ALTER COLUMN code TYPE varchar
ALTER TABLE child ALTER COLUMN parent_id TYPE int
ALTER TABLE base ALTER COLUMN note TYPE text
ALTER TABLE base ALTER COLUMN note TYPE varchar(5)
-- properties
ALTER TABLE t ALTER COLUMN any_text SET STORAGE external
ALTER TABLE t ALTER COLUMN any_text SET STATISTICS 500
ALTER TABLE t ALTER COLUMN any_text SET (n_distinct = 5)
ALTER TABLE t ALTER COLUMN any_text SET COMPRESSION pglz
ALTER TABLE t SET (fillfactor = 70)
ALTER TABLE t SET (autovacuum_enabled = false)
ALTER TABLE t RESET (fillfactor)
ALTER TABLE t CLUSTER ON t_indexed
ALTER TABLE t SET WITHOUT CLUSTER
ALTER TABLE t REPLICA IDENTITY FULL
ALTER TABLE t ENABLE ROW LEVEL SECURITY
ALTER TABLE t FORCE ROW LEVEL SECURITY
ALTER TABLE t DISABLE TRIGGER ALL
ALTER TABLE child DISABLE TRIGGER touched
ALTER TABLE child ENABLE ALWAYS TRIGGER touched
ALTER TABLE keyless DISABLE RULE quiet
ALTER TABLE keyless SET UNLOGGED
ALTER TABLE keyless SET LOGGED
ALTER TABLE light SET LOGGED
ALTER TABLE light SET UNLOGGED
ALTER TABLE t SET ACCESS METHOD heap
ALTER TABLE t ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY
ALTER TABLE t ALTER COLUMN stored DROP EXPRESSION
ALTER TABLE t ALTER COLUMN stored SET EXPRESSION AS (num * 3)
ALTER TABLE plainly ALTER COLUMN virtual SET EXPRESSION AS (num * 3)
ALTER TABLE parent ALTER COLUMN code TYPE varchar
ALTER TABLE child ALTER COLUMN code TYPE varchar(40)
ALTER TABLE t ALTER COLUMN tags TYPE varchar(20)[] USING tags::text[]
ALTER TABLE plainly ALTER COLUMN words TYPE varchar[]
ALTER TABLE plainly ALTER COLUMN many TYPE text[]
ALTER TABLE plainly ALTER COLUMN fine TYPE interval day to second(6)
ALTER TABLE plainly ALTER COLUMN daily TYPE interval
ALTER TABLE plainly ALTER COLUMN daily TYPE interval month
ALTER TABLE plainly ALTER COLUMN letters TYPE text
ALTER TABLE plainly ALTER COLUMN letters TYPE bpchar
ALTER TABLE plainly ALTER COLUMN markup TYPE text
ALTER TABLE plainly ALTER COLUMN inet TYPE cidr USING inet::cidr
ALTER TABLE typed NOT OF
ALTER TABLE typed SET TABLESPACE pg_default
ALTER TYPE pair ADD ATTRIBUTE c int CASCADE
ALTER TYPE pair ALTER ATTRIBUTE b TYPE bigint CASCADE
ALTER TYPE mood ADD VALUE 'happy'
-- several actions
ALTER TABLE t ADD COLUMN c int, ADD COLUMN d uuid DEFAULT gen_random_uuid()
ALTER TABLE t ADD COLUMN c int, DROP COLUMN any_text
ALTER TABLE t ADD COLUMN c int DEFAULT 1, ALTER COLUMN b SET NOT NULL
ALTER TABLE t ALTER COLUMN a TYPE bigint, ADD CONSTRAINT c CHECK (b > 0)
ALTER TABLE t ADD CONSTRAINT c CHECK (num > 0) NOT VALID, ADD CONSTRAINT d FOREIGN KEY (ref) REFERENCES parent NOT VALID
ALTER TABLE t ADD CONSTRAINT c UNIQUE (num), ADD CONSTRAINT d CHECK (num > 0)
ALTER TABLE t SET (fillfactor = 80), ALTER COLUMN num SET STATISTICS 100
-- indexes
CREATE INDEX ON t (num)
CREATE UNIQUE INDEX c ON t (num) WHERE num > 10
CREATE INDEX c ON ONLY t (lower(any_text))
CREATE INDEX IF NOT EXISTS t_indexed ON t (num)
CREATE INDEX ON "Odd ""Name" ("Sp ace")
CREATE INDEX ON kept (spare)
CREATE INDEX c ON keyless USING hash (name)
CREATE INDEX c ON keyless USING brin (id)
DROP INDEX t_indexed
DROP INDEX IF EXISTS nothing
DROP INDEX events_size
REINDEX INDEX t_indexed
REINDEX TABLE t
REINDEX TABLE child
ALTER INDEX t_indexed RENAME TO c
ALTER INDEX t_indexed SET (fillfactor = 80)
CREATE INDEX c ON events (id)
CREATE INDEX c ON ONLY events (id)
-- partitions
ALTER TABLE events ATTACH PARTITION events_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
ALTER TABLE events ATTACH PARTITION events_2028 FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')
ALTER TABLE events ATTACH PARTITION events_2028 FOR VALUES FROM ('2028-01-01') TO (MAXVALUE)
ALTER TABLE events ATTACH PARTITION events_2029 FOR VALUES FROM ('2029-01-01') TO ('2030-01-01')
ALTER TABLE events ATTACH PARTITION events_2029 FOR VALUES FROM ('2028-01-01') TO ('2030-01-01')
ALTER TABLE events ATTACH PARTITION events_2027 DEFAULT
ALTER TABLE kinds ATTACH PARTITION kinds_b FOR VALUES IN ('b')
ALTER TABLE kinds ATTACH PARTITION kinds_b FOR VALUES IN ('b', 'c')
ALTER TABLE spread ATTACH PARTITION spread_1 FOR VALUES WITH (MODULUS 2, REMAINDER 1)
ALTER TABLE keyed ATTACH PARTITION keyed_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
ALTER TABLE tied ATTACH PARTITION tied_2027 FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')
ALTER TABLE events DETACH PARTITION events_2025
ALTER TABLE kinds DETACH PARTITION kinds_a
ALTER TABLE tied DETACH PARTITION tied_2026
CREATE TABLE events_2030 PARTITION OF events FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')
CREATE TABLE kinds_c PARTITION OF kinds FOR VALUES IN ('c')
CREATE TABLE tied_2030 PARTITION OF tied FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')
ALTER TABLE events ADD COLUMN c int
ALTER TABLE events ADD COLUMN c uuid DEFAULT gen_random_uuid()
ALTER TABLE events ADD COLUMN c int GENERATED ALWAYS AS (size * 2) STORED
ALTER TABLE events ALTER COLUMN size SET NOT NULL
ALTER TABLE events ALTER COLUMN size TYPE bigint
ALTER TABLE events ADD CONSTRAINT c CHECK (size > 0)
ALTER TABLE events ADD CONSTRAINT c CHECK (size > 0) NOT VALID
ALTER TABLE events ADD CONSTRAINT c FOREIGN KEY (parent_id) REFERENCES parent
ALTER TABLE events ADD PRIMARY KEY (id, at)
ALTER TABLE events_2025 ADD CONSTRAINT c CHECK (size > 0)
ALTER TABLE tied DROP CONSTRAINT tied_parent_id_fkey
ALTER TABLE events DROP COLUMN size
ALTER TABLE keyed DROP CONSTRAINT keyed_pkey
ALTER TABLE labelled ALTER COLUMN label TYPE varchar(20)
ALTER TABLE labelled ALTER COLUMN note TYPE varchar(20)
ALTER TABLE ONLY base DROP COLUMN note
ALTER TABLE ONLY base ADD CONSTRAINT c CHECK (id > 5) NO INHERIT NOT VALID
ALTER TABLE events DETACH PARTITION events_2026
ALTER TYPE pair RENAME ATTRIBUTE a TO c CASCADE
DROP DOMAIN email CASCADE
COMMENT ON CONSTRAINT proven_there ON t IS 'x'
ALTER TABLE IF EXISTS nothing RENAME TO something
ALTER VIEW seen RESET (security_barrier)
DROP TABLE events_2025
DROP TABLE kinds_a
DROP TABLE events
-- inheritance
ALTER TABLE base ADD COLUMN c int
ALTER TABLE base ADD COLUMN c uuid DEFAULT gen_random_uuid()
ALTER TABLE ONLY base ADD CONSTRAINT c CHECK (id > 0) NO INHERIT
ALTER TABLE base ADD CONSTRAINT c CHECK (id > 0)
ALTER TABLE base ALTER COLUMN id SET NOT NULL
ALTER TABLE base DROP COLUMN note
ALTER TABLE base RENAME COLUMN note TO notice
ALTER TABLE orphan INHERIT base
ALTER TABLE heirs RENAME CONSTRAINT passed TO c
ALTER TABLE heirs RENAME CONSTRAINT kept_back TO c
ALTER TABLE heirs RENAME CONSTRAINT heirs_pkey TO c
ALTER TABLE heirs DROP CONSTRAINT passed
ALTER TABLE ONLY heirs DROP CONSTRAINT passed
ALTER TABLE heirs DROP CONSTRAINT kept_back
ALTER TABLE heirs DROP CONSTRAINT heirs_v_key
ALTER TABLE heirs DROP CONSTRAINT heirs_tie
ALTER TABLE heirs VALIDATE CONSTRAINT own_later
ALTER TABLE heirs VALIDATE CONSTRAINT all_later
ALTER TABLE tied_to ALTER COLUMN id TYPE bigint
ALTER TABLE heirs ADD CONSTRAINT c FOREIGN KEY (v) REFERENCES tied_to
ALTER TABLE orphan ADD CONSTRAINT c FOREIGN KEY (id) REFERENCES heirs
DROP TABLE tied_to CASCADE
CREATE UNIQUE INDEX c ON heirs (w)
ALTER TABLE ONLY heirs ADD CONSTRAINT c UNIQUE (w)
ALTER TABLE heirs ADD CONSTRAINT c UNIQUE (w)
ALTER TABLE heirs ADD COLUMN c int CHECK (c > 0)
ALTER TABLE heirs ALTER COLUMN v SET NOT NULL
ALTER TABLE derived NO INHERIT base
CREATE INDEX ON base (id)
CREATE TABLE further () INHERITS (base)
-- relations
CREATE TABLE c (id int PRIMARY KEY, parent_id bigint REFERENCES parent)
CREATE TABLE c (id int, code text, FOREIGN KEY (code) REFERENCES parent (code))
CREATE TABLE c (LIKE t INCLUDING ALL)
CREATE TABLE c AS SELECT * FROM t
CREATE TABLE IF NOT EXISTS child (id int REFERENCES parent)
DROP TABLE child
DROP TABLE parent CASCADE
DROP TABLE IF EXISTS nothing
DROP TABLE solid, light
ALTER TABLE t RENAME TO c
ALTER TABLE t RENAME COLUMN a TO c
ALTER TABLE IF EXISTS nothing ADD COLUMN c int
ALTER TABLE t SET SCHEMA app
CREATE VIEW c AS SELECT * FROM t
CREATE OR REPLACE VIEW seen_twice AS SELECT id FROM seen
ALTER VIEW seen RENAME TO c
ALTER VIEW seen SET (security_barrier = true)
DROP VIEW seen_twice
DROP VIEW seen CASCADE
CREATE MATERIALIZED VIEW c AS SELECT * FROM t
REFRESH MATERIALIZED VIEW kept
REFRESH MATERIALIZED VIEW kept WITH NO DATA
REFRESH MATERIALIZED VIEW CONCURRENTLY kept
DROP MATERIALIZED VIEW kept
DROP SCHEMA app CASCADE
-- what else touches tables
CREATE TRIGGER c AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION touch()
CREATE TRIGGER c AFTER INSERT ON events FOR EACH ROW EXECUTE FUNCTION touch()
DROP TRIGGER touched ON child
ALTER TRIGGER touched ON child RENAME TO c
CREATE RULE c AS ON DELETE TO t DO ALSO NOTHING
DROP RULE quiet ON keyless
CREATE POLICY c ON t USING (true)
ALTER POLICY own ON child USING (false)
DROP POLICY own ON child
COMMENT ON TABLE t IS 'x'
COMMENT ON COLUMN t.a IS 'x'
CREATE STATISTICS c ON a, b FROM t
GRANT SELECT ON t TO PUBLIC
CREATE PUBLICATION c FOR TABLE t
ALTER PUBLICATION news ADD TABLE t
ALTER DOMAIN email ADD CONSTRAINT c CHECK (length(VALUE) < 100)
ALTER DOMAIN email ADD CONSTRAINT c CHECK (length(VALUE) < 100) NOT VALID
ALTER DOMAIN later VALIDATE CONSTRAINT later_check
ALTER DOMAIN later DROP CONSTRAINT later_check
ALTER DOMAIN plain_text ADD CHECK (VALUE <> '')
ALTER DOMAIN plain_text SET NOT NULL
ALTER DOMAIN plain_text SET DEFAULT 'x'
ALTER DOMAIN email DROP CONSTRAINT email_check
LOCK TABLE t IN SHARE MODE
LOCK TABLE t
CLUSTER t USING t_indexed
ANALYZE t
-- rows
TRUNCATE t
TRUNCATE parent CASCADE
TRUNCATE events
TRUNCATE ONLY base
UPDATE keyless SET name = 'y'
UPDATE t SET a = 1 WHERE id = 5
DELETE FROM child
DELETE FROM app.items WHERE true
INSERT INTO solid VALUES (1000, 'x')
INSERT INTO solid SELECT id, name FROM keyless WHERE id > 400
WITH gone AS (SELECT id FROM keyless) DELETE FROM orphan
SELECT count(*) FROM t
"""
STATEMENTS += references_corpus.STATEMENTS

ALONE = r"""
CREATE INDEX CONCURRENTLY c ON t (num)
CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS c ON "Odd ""Name" ("Sp ace")
DROP INDEX CONCURRENTLY t_indexed
REINDEX INDEX CONCURRENTLY t_indexed
REINDEX TABLE CONCURRENTLY t
VACUUM FULL keyless
VACUUM (FULL, ANALYZE) t
VACUUM (FULL false) solid
ALTER TABLE events DETACH PARTITION events_2025 CONCURRENTLY
REINDEX TABLE events
CLUSTER
"""
