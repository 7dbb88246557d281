"""What reading promises beyond what the server can judge: nothing lost, places right, files in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.ddl import read_postgres
from planroom.ddl.naming import default_name, index_column_names, truncated
from planroom.sqltext import parse_postgres


def unread(sql: str) -> list[tuple[str, str, int]]:
    return [(each.kind, each.what, each.location.line) for each in read_postgres([("x.sql", sql)]).unread]


def test_a_broken_statement_costs_itself_alone() -> None:
    model = read_postgres([("x.sql", "CREATE TABLE a (id int);\nCREATE TABEL b (id int);\nCREATE TABLE c (id int);")])

    assert [table.name for table in model.tables] == ["a", "c"]
    assert [(str(each.location), each.reason) for each in model.unread] == [
        ("x.sql:2:8", 'syntax error at or near "TABEL"')
    ]


def test_rows_privileges_settings_and_psql_lines_are_listed_with_their_places() -> None:
    script = """\\restrict abc
SET lock_timeout = 0;
CREATE TABLE t (a int, b text);
GRANT SELECT ON t TO public;
COPY t (a, b) FROM stdin;
1\tCREATE TABLE no (x int);
\\.
INSERT INTO t VALUES (1, ';');
SELECT 1;
"""
    assert unread(script) == [
        ("session", "psql", 1),
        ("session", "SET", 2),
        ("privileges", "GRANT SELECT ON", 4),
        ("data", "COPY", 5),
        ("data", "copy-data", 6),
        ("data", "INSERT INTO", 8),
        ("query", "SELECT", 9),
    ]


def test_files_may_stand_in_an_order_that_the_server_would_refuse() -> None:
    model = read_postgres(
        [
            ("a.sql", "CREATE TABLE orders (id int PRIMARY KEY, customer int REFERENCES customers);"),
            ("b.sql", "CREATE TABLE customers (id int PRIMARY KEY);"),
        ]
    )

    assert [relation.parent for relation in model.relations] == ["public.customers"]
    assert model.unread == ()


def test_a_drop_or_rename_that_comes_too_early_does_not_hit_what_is_made_later() -> None:
    early = "DROP TABLE a; ALTER TABLE a RENAME TO b; ALTER TABLE a DROP COLUMN id; DROP INDEX a_pkey;"
    model = read_postgres([("1.sql", early), ("2.sql", "CREATE TABLE a (id int PRIMARY KEY)")])

    assert [(table.id, [column.name for column in table.columns]) for table in model.tables] == [("public.a", ["id"])]
    assert [each.kind for each in model.unread] == ["broken"] * 4


def test_what_stays_missing_is_broken_with_its_reason() -> None:
    model = read_postgres([("a.sql", "ALTER TABLE nothing ADD a int")])

    assert [(each.kind, each.reason) for each in model.unread] == [("broken", "there is no table nothing")]


def test_a_statement_that_fails_half_way_leaves_nothing_behind() -> None:
    model = read_postgres([("a.sql", "CREATE TABLE t (a int); ALTER TABLE t ADD b int, DROP COLUMN nothing")])

    assert [column.name for column in model.tables[0].columns] == ["a"]


def test_a_type_that_nothing_makes_is_a_finding_with_the_nearest_name() -> None:
    model = read_postgres([("a.sql", "CREATE TABLE t (a NUMBER(10), b numeric(10), c jsonb)")])

    assert [(each.subject, each.fix.text if each.fix else "") for each in model.findings] == [
        ("public.t.a", "did you mean 'numeric'?")
    ]


def test_a_password_in_a_statement_is_not_kept() -> None:
    model = read_postgres([("a.sql", "CREATE USER MAPPING FOR x SERVER s OPTIONS (user 'u', password 'hunter2')")])

    assert "hunter2" not in str(model.unread)


def test_the_search_path_holds_from_file_to_file() -> None:
    model = read_postgres([("a.sql", "CREATE SCHEMA s; SET search_path TO s;"), ("b.sql", "CREATE TABLE t ()")])

    assert [table.id for table in model.tables] == ["s.t"]


def test_a_comment_before_a_routine_or_copy_does_not_split_it() -> None:
    routine = "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;"
    script = f"-- é\n{routine}\n-- x\nCOPY t FROM stdin;\n1\n\\.\n"

    assert [each.kind for each in parse_postgres(script)] == ["CreateFunctionStmt", "CopyStmt", "copy-data"]


def test_columns_and_constraints_know_their_own_place() -> None:
    table = "CREATE TABLE a (\n    é int PRIMARY KEY,\n    b int,\n  CHECK (b > 0)\n);\n"
    script = f"-- é \f\u2028\n{table}\\echo\nCREATE TABLE c (\n\td int);"
    first, second = read_postgres([("x.sql", script)]).tables

    assert [str(column.origin) for column in first.columns] == ["x.sql:3:5", "x.sql:4:5"]
    assert str(first.checks[0].origin) == "x.sql:5:3"
    assert [str(column.origin) for column in second.columns] == ["x.sql:9:2"]
    whole = read_postgres([("y.sql", script.replace("\\echo\n", ""))]).tables
    assert [str(column.origin) for column in (*whole[0].columns, *whole[1].columns)] == [
        "y.sql:3:5",
        "y.sql:4:5",
        "y.sql:8:2",
    ]


@given(st.text(max_size=300))
def test_no_text_makes_the_splitter_fail_or_lose_its_place(text: str) -> None:
    for statement in parse_postgres(text):
        assert statement.text in text
        assert statement.location.line >= 1
        assert statement.location.column >= 1


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_default_names_fit_in_an_identifier(table: str, column: str) -> None:
    assert len(default_name(table, column, "fkey").encode()) <= 63
    assert len(truncated(table).encode()) <= 63


@given(st.lists(st.sampled_from(["a", "expr", "b"]), max_size=6))
def test_index_column_names_are_distinct(names: list[str]) -> None:
    assert len(set(index_column_names(names))) == len(names)


@pytest.mark.parametrize("rows", ["(VALUES (1)) AS f", "t NATURAL JOIN t u", "(SELECT * FROM t) f", "g(1)"])
def test_statistics_of_anything_but_a_table_are_told_to_be_none(rows):
    model = read_postgres([("x.sql", f"CREATE TABLE t (a int, b int); CREATE STATISTICS s ON a, b FROM {rows};")])

    assert [(each.kind, each.reason) for each in model.unread] == [("broken", "statistics are of one table")]
