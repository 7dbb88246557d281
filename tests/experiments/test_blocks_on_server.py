"""What a DO block is taken to do is what it does: the design that is read is the design that is there."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.ddl import read_postgres
from planroom.engines.postgres.engine import OwnedPostgres

pytestmark = pytest.mark.server

MADE = "CREATE TABLE t (id int PRIMARY KEY, a int); CREATE TABLE p (id int PRIMARY KEY);"
COLUMNS = "information_schema.columns"
UNLESS = "IF NOT EXISTS (SELECT 1 FROM pg_{} WHERE {}) THEN {} END IF;"


@pytest.mark.parametrize(
    "body",
    [
        UNLESS.format("type", "typname = 'mood'", "CREATE TYPE mood AS ENUM ('sad', 'ok');"),
        UNLESS.format("class", "relname = 't'", "CREATE TABLE t (other int);"),
        "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES p; EXCEPTION WHEN duplicate_object THEN NULL;",
        "CREATE TABLE t (other int); EXCEPTION WHEN duplicate_table THEN NULL;",
        f"IF EXISTS (SELECT FROM {COLUMNS} WHERE column_name = 'a') THEN ALTER TABLE t DROP COLUMN a; END IF;",
        "IF to_regclass('public.n') IS NULL THEN CREATE TABLE n (id int); END IF; CREATE INDEX ON n (id);",
        "CREATE TABLE x (id int); INSERT INTO x VALUES (1); PERFORM 1 FROM x; ALTER TABLE x ADD b text DEFAULT 'y';",
    ],
)
def test_a_block_of_idioms_is_read_as_it_runs(fresh_database: OwnedPostgres, body: str) -> None:
    script = f"{MADE} DO $$ BEGIN {body} END $$;"
    fresh_database.run(MADE)
    fresh_database.run(f"DO $$ BEGIN {body} END $$;")

    read = read_postgres([("b.sql", script)])

    assert pr.diff(read, fresh_database.model()).changes == ()
    assert [each.what for each in read.unread if each.kind == "structure"] == []


@pytest.mark.parametrize(
    "body",
    [
        "EXECUTE 'CREATE TABLE x ()';",
        "IF (SELECT count(*) FROM p) > 0 THEN DROP TABLE t; END IF;",
        "IF EXISTS (SELECT FROM pg_extension WHERE extname = 'x') THEN DROP TABLE t; END IF;",
    ],
)
def test_what_the_text_does_not_tell_is_said_to_be_unread(body: str) -> None:
    read = read_postgres([("b.sql", f"{MADE} DO $$ BEGIN {body} END $$;")])

    assert {table.name for table in read.tables} == {"t", "p"}
    assert [each.what for each in read.unread if each.kind == "structure"] == ["DO"]
