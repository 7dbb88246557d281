"""DuckDB DDL runs in DuckDB, and DuckDB's catalog is read back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from planroom.formats import Document
from planroom.formats.duckdb import DuckdbFormat, model_of
from planroom.formats.mysql import MysqlFormat
from planroom.formats.postgres import PostgresFormat
from planroom.model import Model
from tests.strategies import models

if TYPE_CHECKING:
    from collections.abc import Mapping

duckdb = pytest.importorskip("duckdb")

SHOP = Path(__file__).parents[2] / "schemas" / "shop.sql"
CATALOG = ("schemas", "tables", "columns", "constraints", "indexes", "views", "types", "sequences")


def postgres(text: str) -> Model:
    return PostgresFormat().read([Document("<text>", text)])


def rows(connection: Any, what: str) -> list[Mapping[str, Any]]:
    internal = "" if what in {"constraints", "indexes", "sequences"} else " WHERE NOT internal"
    found = connection.execute(f"FROM duckdb_{what}(){internal}")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def made_by(script: str) -> Model:
    with duckdb.connect() as connection:
        connection.execute("LOAD json")
        connection.execute(script)
        return model_of(**{what: rows(connection, what) for what in CATALOG})


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(models())
def test_the_script_of_any_model_runs_and_makes_every_table_that_is_no_partition(model):
    made = made_by(DuckdbFormat().write(model))

    wanted = {table.id for table in model.tables if not table.partition_of}
    assert len(made.tables) == len({name.casefold() for name in wanted})


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(models())
def test_what_duckdb_made_is_written_and_made_again_alike(model):
    once = made_by(DuckdbFormat().write(model))
    again = made_by(DuckdbFormat().write(once))

    assert again.tables == once.tables
    assert (again.enums, again.sequences, again.schemas) == (once.enums, once.sequences, once.schemas)


def test_a_field_may_bear_any_keyword_as_its_name():
    with duckdb.connect() as connection:
        keywords = [
            name for (name,) in connection.execute("SELECT DISTINCT keyword_name FROM duckdb_keywords()").fetchall()
        ]
    fields = ", ".join(f'"{name}" INTEGER' for name in keywords)
    once = made_by(f"CREATE TABLE t (s STRUCT({fields}))")

    assert made_by(DuckdbFormat().write(once)).tables == once.tables


def test_the_shop_becomes_a_duckdb_database_with_its_keys_and_views():
    shop = postgres(SHOP.read_text())

    made = made_by(DuckdbFormat().write(shop))

    partitions = [table for table in shop.tables if table.partition_of]
    assert len(made.tables) == len(shop.tables) - len(partitions)
    assert {table.id for table in made.tables if table.primary_key} == {
        table.id for table in shop.tables if table.primary_key and not table.partition_of
    }
    within_a_schema = [each for each in shop.relations if each.child.partition(".")[0] == each.parent.partition(".")[0]]
    assert len(made.relations) >= 0.8 * len(within_a_schema)


def test_what_is_left_out_is_listed_at_the_top_with_its_reason():
    script = DuckdbFormat().write(
        postgres(
            """
            CREATE TABLE a (id int PRIMARY KEY, r int4range, EXCLUDE USING gist (r WITH &&));
            CREATE INDEX partial_index ON a (id) WHERE id > 5;
            CREATE TABLE b (id int PRIMARY KEY, c int);
            CREATE TABLE c (id int PRIMARY KEY REFERENCES b);
            ALTER TABLE b ADD FOREIGN KEY (c) REFERENCES c;
            ALTER TABLE b ADD CHECK (pg_backend_pid() > c);
            """
        )
    )

    heading = script.partition("\n\n")[0]
    assert "exclusion constraint a_r_excl on public.a" in heading
    assert "index partial_index on public.a: it is partial" in heading
    assert "the table it refers to comes later, or is left out" in heading
    assert "check b_c_check of public.b: it calls pg_backend_pid" in heading
    assert made_by(script).relations


def test_identity_serial_enums_and_composites_have_their_like_in_duckdb():
    made = made_by(
        DuckdbFormat().write(
            postgres(
                """
                CREATE TYPE mood AS ENUM ('good', 'it''s bad');
                CREATE TYPE pair AS (x int, y text);
                CREATE TABLE t (
                    id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10) PRIMARY KEY,
                    s serial, m mood DEFAULT 'good', p pair, ms mood[], n numeric(12, 2) CHECK (n > 0),
                    twice bigint GENERATED ALWAYS AS (id * 2) STORED
                );
                """
            )
        )
    )

    (table,) = made.tables
    columns = table.columns_by_name
    assert columns["id"].default is not None
    assert columns["s"].default is not None
    assert str(columns["m"].type) == "public.mood"
    assert str(columns["ms"].type) == "public.mood[]"
    assert columns["p"].type.name == "STRUCT(x INTEGER, y VARCHAR)"
    assert columns["twice"].generated is not None
    assert [check.expression.text for check in table.checks] == ["n > 0"]
    assert {sequence.options.start for sequence in made.sequences} == {10, None}


def test_hostile_names_expressions_and_views_are_read_from_duckdb():
    made = made_by(
        """
        CREATE SCHEMA "o.ther"; CREATE TABLE "o.ther"."t""x"(id INTEGER PRIMARY KEY);
        CREATE TABLE "o.ther".child(a INTEGER REFERENCES "o.ther"."t""x"(id), b VARCHAR COLLATE NOCASE);
        CREATE INDEX i ON "o.ther".child(lower(b), a);
        CREATE VIEW v AS SELECT a AS "x y" FROM "o.ther".child;
        """
    )

    (relation,) = made.relations
    assert relation.parent == '"o.ther"."t""x"'
    (index,) = made.table("child").indexes
    assert [str(part) for part in index.columns] == ["(lower(b))", "a"]
    assert made.views[0].columns[0].name == "x y"
    assert made.views[0].query.text.startswith("SELECT")


def test_a_model_in_another_dialect_is_translated():
    table = MysqlFormat().read([Document("<text>", "CREATE TABLE t (a int unsigned, b tinyint)")])

    (made,) = made_by(DuckdbFormat().write(table)).tables

    assert [str(column.type) for column in made.columns] == ["uinteger", "tinyint"]
