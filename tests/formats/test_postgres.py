"""PostgreSQL DDL: it loads in one go, and reads back as the model it was written from."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from planroom.formats import Document
from planroom.formats.postgres import PostgresFormat
from planroom.model import Model, Unread
from tests.formats.catalog import fingerprint
from tests.strategies import models

SHOP = Path(__file__).parents[2] / "schemas" / "shop.sql"


def read(text: str) -> Model:
    return PostgresFormat().read([Document("<text>", text)])


def written(text: str) -> str:
    return PostgresFormat().write(read(text))


def assert_same_catalog(server, original: str) -> None:
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as theirs, OwnedPostgres(server) as ours:
        theirs.run(original)
        ours.run(written(original))

        expected, found = fingerprint(theirs.connection), fingerprint(ours.connection)
    for kind, lines in expected.items():
        assert found[kind] == lines, kind


@pytest.mark.server
@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(model=models())
def test_the_script_of_any_model_loads(server, model):
    from planroom.engines.postgres.engine import OwnedPostgres

    with OwnedPostgres(server) as database:
        database.run(PostgresFormat().write(model))


CASES = {
    "a function whose body names the table whose default calls it": """
        CREATE FUNCTION next_number() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM orders $$;
        """.replace("FROM orders", "FROM pg_class")
    + """
        CREATE TABLE orders (id bigint PRIMARY KEY, number bigint DEFAULT next_number());
        CREATE OR REPLACE FUNCTION next_number() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM orders $$;
        """,
    "a check that takes the whole row": """
        CREATE TABLE orders (id bigint PRIMARY KEY, total numeric);
        CREATE FUNCTION is_right(o orders) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT o.total > 0 $$;
        ALTER TABLE orders ADD CONSTRAINT right_total CHECK (is_right(orders.*));
        CREATE INDEX by_rightness ON orders (is_right(orders.*));
        """,
    "foreign keys in a circle": """
        CREATE TABLE a (id int PRIMARY KEY, b_id int);
        CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a DEFERRABLE INITIALLY DEFERRED);
        ALTER TABLE a ADD FOREIGN KEY (b_id) REFERENCES b ON DELETE SET NULL (b_id);
        """,
    "a foreign key to a unique index": """
        CREATE TABLE b (a_code text);
        CREATE TABLE a (code text);
        CREATE UNIQUE INDEX codes ON a (code);
        ALTER TABLE b ADD FOREIGN KEY (a_code) REFERENCES a (code);
        """,
    "keys that repeat one another": """
        CREATE TABLE a (id int PRIMARY KEY);
        ALTER TABLE a ADD CONSTRAINT again UNIQUE (id);
        """,
    "views upon views, against the alphabet": """
        CREATE TABLE t (id int PRIMARY KEY, name text);
        CREATE VIEW c AS SELECT id, name FROM t GROUP BY id;
        CREATE VIEW b AS SELECT id FROM c;
        CREATE MATERIALIZED VIEW a AS SELECT count(*) AS n FROM b WITH NO DATA;
        CREATE UNIQUE INDEX ON a (n);
        """,
    "partitions with names of their own": """
        CREATE TABLE p (id int, d date, v text DEFAULT 'x', PRIMARY KEY (id, d), CHECK (id > 0)) PARTITION BY RANGE (d);
        CREATE INDEX ON p (v);
        CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
        CREATE TABLE p2 PARTITION OF p (v DEFAULT 'y') FOR VALUES FROM ('2026-02-01') TO ('2026-03-01')
            PARTITION BY HASH (id);
        CREATE TABLE p2a PARTITION OF p2 FOR VALUES WITH (modulus 1, remainder 0);
        ALTER TABLE p1 RENAME CONSTRAINT p1_pkey TO the_key;
        ALTER INDEX p2_v_idx RENAME TO the_index;
        """,
    "inheritance with other defaults": """
        CREATE TABLE parent (id int NOT NULL, v int DEFAULT 4, CONSTRAINT positive CHECK (v > 0));
        CREATE TABLE child (own text) INHERITS (parent);
        ALTER TABLE child ALTER v SET DEFAULT 9;
        """,
    "domains and enums that need one another's functions": """
        CREATE TYPE mood AS ENUM ('good', 'it''s bad');
        CREATE FUNCTION is_good(m mood) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT m = 'good'::mood $$;
        CREATE DOMAIN good_mood AS mood DEFAULT 'good' CHECK (is_good(VALUE));
        CREATE TABLE t (m good_mood, moods mood[]);
        """,
    "sequences, serial and identity": """
        CREATE TABLE t (a serial, b bigint GENERATED ALWAYS AS IDENTITY (START 5 INCREMENT 3), c int);
        CREATE SEQUENCE s AS smallint START -5 INCREMENT -1 MINVALUE -10 CYCLE OWNED BY t.c;
        ALTER TABLE t ALTER c SET DEFAULT nextval('s');
        """,
}


@pytest.mark.server
@pytest.mark.parametrize("original", CASES.values(), ids=CASES.keys())
def test_the_written_script_makes_the_catalog_of_the_original(server, original):
    assert_same_catalog(server, original)


@pytest.mark.server
def test_the_shop_is_the_same_database_after_reading_and_writing(server):
    assert_same_catalog(server, SHOP.read_text())


@pytest.mark.parametrize("original", [*CASES.values(), SHOP.read_text()], ids=[*CASES, "shop"])
def test_what_is_written_reads_back_as_the_same_model(original):
    assert read(written(original)) == read(original)


def test_a_body_is_only_left_unchecked_when_what_it_names_comes_later_or_needs_a_search_path():
    body = "CREATE TABLE t (id int); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM {} $$;"

    assert "check_function_bodies" not in written(body.format("public.t"))
    assert "check_function_bodies" in written(body.format("t"))
    assert "check_function_bodies" in written(next(iter(CASES.values())))


def test_a_foreign_key_stands_in_its_table_unless_it_refers_forward():
    script = written("CREATE TABLE z (id int PRIMARY KEY); CREATE TABLE a (id int PRIMARY KEY, z_id int REFERENCES z);")

    assert "ALTER TABLE" not in script
    assert script.index("TABLE public.z") < script.index("TABLE public.a")


def test_what_the_model_does_not_hold_stands_at_the_end_as_it_was_written():
    rule = Unread(kind="structure", what="CREATE RULE", reason="", text="CREATE RULE r AS ON INSERT TO t DO NOTHING")
    data = Unread(kind="data", what="COPY", reason="", text="COPY t FROM stdin")
    model = Model(unread=(rule, data))

    script = PostgresFormat().write(model)

    assert "as it was written" in script
    assert rule.text in script
    assert data.text not in script
    assert rule.text not in PostgresFormat().write(model, unread=False)


def test_a_chain_of_two_thousand_views_is_put_in_order():
    views = [f"CREATE VIEW v{n} AS SELECT a FROM v{n - 1};" for n in range(1, 2000)]
    script = written("CREATE TABLE v0 (a int);" + "".join(views))

    assert script.index("VIEW public.v999 ") < script.index("VIEW public.v1000 ")


@pytest.mark.server
def test_the_script_means_the_same_whatever_the_search_path(server):
    from planroom.engines.postgres.engine import OwnedPostgres

    original = """
        CREATE SCHEMA s;
        SET search_path = s;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE FUNCTION twice(x int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT x * 2';
        CREATE SEQUENCE numbers;
        CREATE TABLE t (
            a mood DEFAULT 'good'::mood, b int DEFAULT twice(2), c bigint DEFAULT nextval('numbers'),
            CHECK (twice(b) > 0 AND lower('A') = 'a')
        );
        CREATE INDEX ON t (twice(b)) WHERE a = 'good'::mood;
        CREATE VIEW v AS WITH t2 AS (SELECT * FROM t) SELECT twice(t.b) AS b, t.a::mood AS a FROM t2 JOIN t USING (c);
        CREATE FUNCTION every() RETURNS SETOF t LANGUAGE sql STABLE AS $$ SELECT * FROM t $$;
        CREATE FUNCTION one() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM t; END;
        """
    with OwnedPostgres(server) as theirs, OwnedPostgres(server) as ours:
        theirs.run(original)
        ours.run("SET search_path = '';\n" + written(original))

        assert fingerprint(ours.connection) == fingerprint(theirs.connection)
