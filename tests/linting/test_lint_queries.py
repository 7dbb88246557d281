"""What linting queries takes, and what it gives back."""

from __future__ import annotations

import pytest

from planroom.ddl import read_postgres
from planroom.findings import Severity
from planroom.linting import QUERY_RULES, lint_queries

TABLES = """
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL, born date);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total int NOT NULL);
"""
MODEL = read_postgres([("tables.sql", TABLES)])


def codes(text, model=MODEL, **options):
    return [each.code for each in lint_queries([("q.sql", text)], model=model, **options).findings]


def test_a_broken_statement_is_told_with_its_place_and_the_others_are_judged():
    judged = lint_queries(
        [("q.sql", "SELECT nme FROM customers;\nSELECT FROM WHERE;\nSELECT nmae FROM customers")], model=MODEL
    )

    assert [(each.code, each.location.line) for each in judged.findings] == [("QRY006", 1), ("QRY006", 3)]
    assert [(each.kind, each.location.line) for each in judged.unread] == [("broken", 2)]


def test_findings_are_sorted_by_place_over_all_scripts():
    text = "SELECT id / 2 FROM orders LIMIT 3;\nDELETE FROM orders"
    found = lint_queries([("b.sql", text), ("a.sql", text)], model=MODEL).findings

    assert [each.location for each in found] == sorted(each.location for each in found)
    assert {each.location.source for each in found} == {"a.sql", "b.sql"}


def test_without_a_model_what_the_text_shows_is_found_and_nothing_is_called_unknown():
    assert codes("SELECT anything FROM nowhere WHERE x = NULL", model=None) == ["QRY002"]
    assert codes("DELETE FROM nowhere", model=None) == ["QRY009"]
    assert codes("SELECT a.x, b.y FROM a, b", model=None) == ["QRY003"]
    assert codes("SELECT a FROM t WHERE a NOT IN (SELECT b FROM u)", model=None) == []


def test_a_message_names_the_nearest_column_and_the_place_spans_the_name():
    (found,) = lint_queries([("q.sql", "SELECT\n  c.nme\nFROM customers c")], model=MODEL).findings

    assert found.message == "there is no column nme: is it name?"
    assert (found.location.line, found.location.column, found.location.length) == (2, 3, 5)


def test_what_a_script_makes_is_not_called_unknown():
    assert (
        codes("CREATE TEMP TABLE fresh (a int); SELECT a FROM fresh; CREATE VIEW v AS SELECT 1 AS x; SELECT x FROM v")
        == []
    )


def test_routines_of_the_model_are_judged_once():
    routine = (
        "CREATE FUNCTION drop_it(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE ' || t; END $$;"
    )
    model = read_postgres([("tables.sql", TABLES + routine)])
    (found,) = lint_queries([], model=model).findings

    assert (found.code, found.severity, found.location.source) == ("QRY036", Severity.ERROR, "tables.sql")
    assert codes(routine, model=model) == ["QRY036"]


def test_rows_decide_whether_an_index_is_missed():
    text = "SELECT total FROM orders WHERE customer_id = 5"

    assert codes(text) == []
    assert codes(text, rows={"public.orders": 10}) == []
    assert codes(text, rows={"public.orders": 1e7}) == ["QRY032"]


def test_a_small_table_needs_no_index():
    text = "SELECT total FROM orders WHERE id + 1 = 5"

    assert codes(text) == ["QRY028"]
    assert codes(text, rows={"public.orders": 10}) == []


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (
            "mysql",
            "SELECT `Name`, total / id FROM Customers JOIN Orders ON orders.customer_id = customers.id",
            ["QRY008"],
        ),
        ("mysql", "SELECT c.`nme` FROM `Customers` c # c.x", ["QRY006"]),
        ("tsql", "SELECT TOP 3 [name] FROM [Customers] ORDER BY [Name]\nGO\nSELECT x.nme FROM customers x", ["QRY006"]),
        ("tsql", "SELECT total / 2 FROM orders", ["QRY012"]),
        ("tsql", "UPDATE o SET total = 1 FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.id = 1", []),
        ("sqlite", "INSERT INTO customers (name) VALUES ('x')", []),
        ("postgres", "INSERT INTO customers (name) VALUES ('x')", ["QRY011"]),
        ("duckdb", "SELECT total / 2 FROM orders QUALIFY row_number() OVER (ORDER BY id) = 1", []),
        ("snowflake", "SELECT TOTAL AS t FROM ORDERS WHERE t > 3", []),
        ("sqlite", "SELECT rowid, max(id, total) FROM orders WHERE max(id, total) > 3", []),
        ("bigquery", "SELECT DISTINCT id FROM orders", ["QRY023"]),
    ],
)
def test_names_and_rules_follow_the_dialect(dialect, text, expected):
    assert codes(text, dialect=dialect) == expected


def test_user_text_that_is_hostile_is_told_as_it_is_and_breaks_nothing():
    text = 'SELECT "x""><script>\n" FROM customers;\nSELECT \'\x00\' = NULL;SELECT "\ud800" FROM orders'
    judged = lint_queries([("q.sql", text)], model=MODEL)

    assert any('x"><script>' in each.message for each in judged.findings)
    assert all(each.location.line for each in judged.unread)


def test_each_name_of_a_rule_is_that_of_its_file():
    assert {rule.slug for rule in QUERY_RULES} == set(QUERY_RULES.names())
