"""The statements in bodies: cut out as the server cuts them, each character in its place."""

from __future__ import annotations

import pytest

from planroom.sqltext import block_of, parse_postgres, parse_routine_queries
from planroom.sqltext.routine_bodies import body_of, embedded


def statements(body: str, declare: str = "", head: str = "a int, OUT b text") -> list[tuple[str, str]]:
    """Return the kinds and texts of what is found in a PL/pgSQL function, blanks made one."""
    text = f"CREATE FUNCTION f({head}) LANGUAGE plpgsql AS $x$ {declare} BEGIN {body} END $x$"
    found = body_of(text)
    assert found is not None
    assert text[found.start : found.start + len(found.text)] == found.text
    return [(each.kind, " ".join(each.text.split())) for each in embedded(found)]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("SELECT x, y INTO STRICT v, r.z FROM t;", [("query", "SELECT x, y FROM t")]),
        ("SELECT x INTO a[1] FROM t;", [("query", "SELECT x FROM t")]),
        ("INSERT INTO t VALUES (1) RETURNING id INTO v;", [("query", "INSERT INTO t VALUES (1) RETURNING id")]),
        ("WITH x AS (INSERT INTO t VALUES (1) RETURNING id) SELECT id INTO v FROM x;",
         [("query", "WITH x AS (INSERT INTO t VALUES (1) RETURNING id) SELECT id FROM x")]),
        ("PERFORM g(1) FROM t;", [("query", "SELECT g(1) FROM t")]),
        ("RETURN QUERY SELECT 1;", [("query", "SELECT 1")]),
        ("RETURN QUERY EXECUTE 'SELECT 1';", [("code", "execute 'SELECT 1'".replace("execute", "EXECUTE"))]),
        ("FOR r IN SELECT * FROM t LOOP DELETE FROM u; END LOOP;",
         [("query", "SELECT * FROM t"), ("query", "DELETE FROM u")]),
        ("FOR i IN 1 .. (SELECT max(x) FROM t) LOOP NULL; END LOOP;",
         [("expression", "SELECT 1 .. (SELECT max(x) FROM t)")]),
        ("OPEN c FOR SELECT 1 FROM t;", [("query", "SELECT 1 FROM t")]),
        ("IF EXISTS (SELECT 1 FROM t) THEN UPDATE t SET x = 1; ELSIF v = NULL THEN RETURN; END IF;",
         [("expression", "SELECT EXISTS (SELECT 1 FROM t)"), ("query", "UPDATE t SET x = 1"),
          ("expression", "SELECT v = NULL")]),
        ("v := (SELECT 1 FROM t); v = v + 1;", [("expression", "SELECT (SELECT 1 FROM t)")]),
        ("RAISE NOTICE 'SELECT %', 1; NULL; GET DIAGNOSTICS v = ROW_COUNT;", []),
        ("EXECUTE 'SELECT 1';", [("code", "EXECUTE 'SELECT 1'")]),
        ("CREATE TEMP TABLE n (x int); SELECT 1;", [("utility", "CREATE TEMP TABLE n (x int)"), ("query", "SELECT 1")]),
        ("<<l>> BEGIN SELECT 1; EXCEPTION WHEN unique_violation OR sqlstate '23505' THEN SELECT 2; END;",
         [("query", "SELECT 1"), ("query", "SELECT 2")]),
        ("CASE v WHEN 1 THEN SELECT 1; ELSE SELECT 2; END CASE;", [("query", "SELECT 1"), ("query", "SELECT 2")]),
        ("SELECT ';' /* ; */ -- ;\n ; SELECT 2;", [("query", "SELECT ';'"), ("query", "SELECT 2")]),
    ],
)  # fmt: skip
def test_statements_are_cut_out_as_the_server_cuts_them(body: str, found: list[tuple[str, str]]):
    assert statements(body) == found


def test_names_that_may_mean_variables_are_known():
    text = (
        'CREATE FUNCTION s.f(a int, "B" text) RETURNS TABLE (c int) LANGUAGE plpgsql AS $$ <<l>> DECLARE v int := 1;'
        "  w ALIAS FOR v; cur CURSOR (k int) FOR SELECT 1 WHERE 1 = k; BEGIN FOR i, j IN SELECT 1, 2 LOOP NULL;"
        " END LOOP; END $$"
    )
    body = body_of(text)
    assert body is not None

    (first, *_) = embedded(body)

    assert {"a", "B", "c", "f", "l", "v", "w", "cur", "k", "i", "j", "new", "tg_op", "found"} <= first.variables


def test_every_place_is_that_of_the_script():
    text = (
        "-- é\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  PERFORM 1 FROM t;\nEND $$;\nSELECT 1;"
    )
    (found,) = parse_routine_queries(text, "a.sql")
    query = found.statement.query

    assert query is not None
    assert (found.statement.location.line, found.statement.location.column) == (4, 3)
    source = query.scopes[0].sources[0]
    assert text[source.start : source.end] == "t"


def test_what_cannot_be_read_costs_itself_alone():
    text = "DO $$ BEGIN SELECT FROM WHERE; SELECT 1; END $$; DO $$ BEGIN SELECT 2; END $$"

    assert [bool(each.statement.problem) for each in parse_routine_queries(text)] == [True, False, False]


@pytest.mark.parametrize(
    "text",
    [
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib', 'f'",
        "CREATE FUNCTION f() RETURNS int LANGUAGE plpython3u AS $$ return 1 $$",
        "DO LANGUAGE plperl $$ 1 $$",
        "CREATE FUNCTION f() RETURNS text LANGUAGE plpgsql AS 'BEGIN RETURN ''x''; END'",
        "CREATE FUNCTION f() RETURNS int RETURN 1",
    ],
)
def test_other_bodies_are_none(text: str):
    assert body_of(text) is None


@pytest.mark.parametrize(
    ("body", "guards", "whole"),
    [
        ("ALTER TABLE t ADD c int;", [""], True),
        ("IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'x') THEN CREATE TYPE x AS ENUM (); END IF; DROP VIEW v;",
         ["exists", ""], True),
        ("IF to_regclass('t') IS NULL THEN CREATE TABLE t (); END IF;", ["exists"], True),
        ("IF EXISTS (SELECT FROM settings) THEN DROP TABLE t; END IF;", ["other"], False),
        ("IF NOT EXISTS (SELECT FROM pg_class) THEN DROP VIEW v; ELSE DROP TABLE t; END IF;",
         ["exists", "other"], False),
        ("ALTER TABLE t ADD c int; EXCEPTION WHEN duplicate_column THEN NULL;", [""], True),
        ("ALTER TABLE t ADD c int; EXCEPTION WHEN OTHERS THEN DROP TABLE t;", ["", "other"], False),
        ("FOR r IN SELECT 1 LOOP DROP TABLE t; END LOOP; DROP VIEW v;", ["other", ""], False),
        ("EXECUTE 'DROP TABLE t';", [], False),
        ("BEGIN DROP VIEW v; END; CALL p();", [""], False),
    ],
)  # fmt: skip
def test_a_block_tells_what_it_runs_and_whether_that_is_all(body: str, guards: list[str], whole: bool):
    (statement,) = parse_postgres(f"DO $$ BEGIN {body} END $$")
    block = block_of(statement)

    assert ([guard for _, guard in block.statements], block.whole) == (guards, whole)
    for inner, _ in block.statements:
        assert statement.text[inner.offset :].startswith(inner.text)
        assert inner.location.column == inner.offset + 1
