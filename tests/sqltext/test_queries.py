"""Queries become planroom's own values, each part with its place, in any dialect."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.sqltext import parse_queries, walk


def only(text, dialect="postgres"):
    (statement,) = parse_queries(text, "q.sql", dialect)
    assert statement.query is not None, statement.problem
    return statement


def sources(text, dialect="postgres"):
    return [(each.kind, each.name, each.join) for each in only(text, dialect).query.scopes[0].sources]


def test_each_source_says_what_it_is_and_how_it_is_joined():
    text = (
        "WITH w AS (SELECT 1) SELECT * FROM a, b AS c JOIN s.d ON true LEFT JOIN w ON true CROSS JOIN (SELECT 1) e,"
        " f(1) g, LATERAL (SELECT 1) h NATURAL JOIN i"
    )

    assert sources(text) == [
        ("table", "a", "from"),
        ("table", "c", "comma"),
        ("table", "d", "inner"),
        ("cte", "w", "left"),
        ("derived", "e", "cross"),
        ("function", "g", "comma"),
        ("derived", "h", "comma"),
        ("table", "i", "inner"),
    ]


def test_nested_joins_are_taken_apart_and_outer_joins_tell_what_they_fill_with_null():
    scope = only("SELECT * FROM a LEFT JOIN (b JOIN c USING (x)) ON true RIGHT JOIN d ON true").query.scopes[0]

    assert [(each.name, each.null_extended) for each in scope.sources] == [
        ("a", True),
        ("b", True),
        ("c", True),
        ("d", False),
    ]
    assert scope.sources[2].using == ("x",)


def test_conditions_are_split_at_and_each_with_its_place():
    scope = only("SELECT a FROM t JOIN u ON x = y AND (z = 1 AND w) WHERE p OR q GROUP BY a HAVING r").query.scopes[0]

    assert [(each.place, each.node.kind, each.source) for each in scope.predicates] == [
        ("on", "compare", 1),
        ("on", "compare", 1),
        ("on", "column", 1),
        ("where", "or", -1),
        ("having", "column", -1),
    ]


@pytest.mark.parametrize(
    ("dialect", "text", "table"),
    [
        ("postgres", 'SELECT 1 FROM "My Table"', ("My Table",)),
        ("postgres", "SELECT 1 FROM App.Orders", ("app", "orders")),
        ("mysql", "SELECT 1 FROM `Shop`.`Orders` # ;", ("shop", "orders")),
        ("tsql", "SELECT TOP 5 * FROM [dbo].[Order Lines]\nGO", ("dbo", "order lines")),
        ("duckdb", "FROM orders", ("orders",)),
    ],
)
def test_names_are_folded_as_the_dialect_folds_them(dialect, text, table):
    found = parse_queries(text, "q.sql", dialect)

    assert found[0].query.scopes[0].sources[0].table == table


def test_a_broken_statement_costs_itself_alone():
    text = "SELECT 1;\nSELECT FROM WHERE;\n/* ; */ SELECT ';' || $a$;$a$ -- ;\n;SELECT 2"
    found = parse_queries(text, "q.sql")

    assert [(each.location.line, each.query is None, each.broken) for each in found] == [
        (1, False, False),
        (2, True, True),
        (3, False, False),
        (4, False, False),
    ]
    assert found[1].location.column == 13
    assert "WHERE" in found[1].problem


def test_other_statements_are_left_out():
    text = "CREATE TABLE t (a int); SET x = 1; \\connect y\nCOPY t FROM stdin;\n1\n\\.\n"
    text += "EXPLAIN (ANALYZE) SELECT 1; VALUES (1)"

    assert [each.text for each in parse_queries(text)] == ["SELECT 1", "VALUES (1)"]


def test_the_place_of_a_node_is_where_it_is_written():
    text = "-- é\nSELECT 'ü', count( * ) FROM t\n  WHERE (lower(name) = 'x') AND a IS NOT NULL"
    text += " AND b NOT IN (SELECT c FROM u )"
    statement = only(text)
    scope = statement.query.scopes[0]
    written = [statement.written(each.node) for each in scope.predicates]

    assert written == ["(lower(name) = 'x')", "a IS NOT NULL", "b NOT IN (SELECT c FROM u )"]
    assert statement.written(scope.projections[1].node) == "count( * )"
    place = statement.at(scope.predicates[0].node)
    assert (place.line, place.column, place.length) == (3, 9, 19)


def test_dml_has_a_target_and_what_it_writes():
    insert = only("INSERT INTO s.t (a, b) SELECT 1, 2").query
    update = only("UPDATE t SET a = u.b FROM u WHERE u.id = t.id").query
    delete = only("DELETE FROM t USING u WHERE t.id = u.id").query

    assert (insert.kind, insert.target.table) == ("insert", ("s", "t"))
    assert [each.text for each in insert.target_columns] == ["a", "b"]
    assert [(each.column.text, each.value.text) for each in update.assignments] == [("a", "b")]
    assert [each.name for each in delete.scopes[0].sources] == ["t", "u"]


def test_a_routine_gives_the_texts_that_it_executes():
    text = """CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$
    DECLARE q text := 'select ' || t;
    BEGIN -- EXECUTE nothing;
      EXECUTE 'drop table ' || t; EXECUTE q INTO x USING 1; GRANT EXECUTE ON FUNCTION f TO r;
      RAISE NOTICE 'EXECUTE %', t;
    END $$"""
    executions = only(text).query.executions

    assert [(each.text, each.line) for each in executions] == [("'drop table ' || t", 4), ("q", 4)]
    assert [text[each.start : each.end] for each in executions] == ["'drop table ' || t", "q"]


HOSTILE = st.text(alphabet="()'\"`[];-/*$ \n\\xé\x00selctfromwhre,.=<>", max_size=60)


@given(HOSTILE, st.sampled_from(["postgres", "mysql", "tsql", "sqlite", "duckdb", "oracle"]))
def test_no_text_makes_the_reader_fail(tail, dialect):
    for statement in parse_queries(f"SELECT a FROM t WHERE {tail}; SELECT {tail}", "q.sql", dialect):
        assert (statement.query is None) == bool(statement.problem)
        assert statement.location.line >= 1


def test_a_query_nested_too_deeply_is_told_and_a_long_chain_is_read():
    deep = "SELECT " + "(" * 5000 + "1" + ")" * 5000
    long = "SELECT 1 FROM t WHERE " + " OR ".join(f"a = {number}" for number in range(3000))
    found = parse_queries(f"{deep};{long}")

    assert found[0].query is None
    assert found[0].problem
    assert len(found[1].query.scopes[0].where.args) == 3000


@given(st.lists(st.sampled_from(["a = 1", "b IS NULL", "c IN (1, 2)", "NOT d", "(e OR f)"]), min_size=1, max_size=6))
def test_every_node_lies_inside_its_statement(conditions):
    statement = only("SELECT x FROM t WHERE " + " AND ".join(conditions))
    scope = statement.query.scopes[0]

    assert [statement.written(each.node) for each in scope.predicates] == conditions
    for _, expression in scope.expressions():
        for node in walk(expression):
            assert node.start == -1 or 0 <= node.start < node.end <= len(statement.text)
