"""What the query rules claim is what PostgreSQL does: refusals, results and plans, on tables with rows."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planroom.ddl import read_postgres
from planroom.findings import Effect
from planroom.linting.queries import QUERY_RULES, lint_queries
from planroom.sqltext import parse_postgres

pytestmark = pytest.mark.server

RULES = tuple(QUERY_RULES)
FAILS = [rule for rule in RULES if rule.effect is Effect.FAILS]
OF_ROWS = {"QRY011"}  # refused row by row, not when prepared
ON_SERVER = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def database(fresh_database):
    return fresh_database.connection


def make(connection, script):
    for statement in parse_postgres(script):
        connection.execute(statement.text)


def rows(connection, sql):
    return Counter(connection.execute(sql).fetchall())


def refusal(connection, text):
    """Return the class of the server's refusal of a script, each query of which is prepared or run; None for none."""
    try:
        with connection.transaction(force_rollback=True):
            for statement in parse_postgres(text):
                sql = statement.text
                if statement.kind in {"SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt"}:
                    connection.execute(f"PREPARE p AS {sql}", prepare=False)
                    connection.execute("DEALLOCATE p")
                else:
                    connection.execute(sql)
    except psycopg.Error as error:
        return type(error)
    return None


def found(rule_code, before, text, **options):
    rules = [rule for rule in RULES if rule.code == rule_code]
    model = read_postgres([("before.sql", before)])
    return lint_queries([("q.sql", text)], model=model, rules=rules, **options).findings


def plan(connection, sql, *options) -> dict[str, Any]:
    prefix = ", ".join(["FORMAT JSON", *options])
    ((value,),) = connection.execute(f"EXPLAIN ({prefix}) {sql}").fetchall()
    return (json.loads(value) if isinstance(value, str) else value)[0]["Plan"]


def nodes(tree):
    yield tree
    for child in tree.get("Plans", ()):
        yield from nodes(child)


def kinds(connection, sql):
    return {each["Node Type"] for each in nodes(plan(connection, sql))}


def uses_index(connection, sql):
    return any("Index" in kind for kind in kinds(connection, sql))


@pytest.mark.parametrize("rule", FAILS, ids=lambda rule: rule.code)
def test_what_a_rule_calls_refused_is_refused_and_its_good_examples_are_not(rule, database):
    make(database, rule.before)

    for text in rule.bad:
        if rule.code in OF_ROWS:
            with pytest.raises(psycopg.errors.NotNullViolation), database.transaction():
                database.execute(text)
        else:
            assert refusal(database, text) is not None, text
    for text in rule.good:
        if "elsewhere." not in text:
            assert refusal(database, text) is None, text


@pytest.mark.parametrize("rule", [each for each in RULES if each not in FAILS], ids=lambda rule: rule.code)
def test_examples_of_the_other_rules_are_accepted_by_the_server(rule, database):
    make(database, rule.before)

    for text in (*rule.bad, *rule.good):
        assert refusal(database, text) is None, text


CUSTOMERS = """
CREATE TABLE customers (id int PRIMARY KEY, name text, credit int NOT NULL);
CREATE TABLE orders (id int PRIMARY KEY, customer_id int REFERENCES customers, total int NOT NULL);
CREATE TABLE payments (id int PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, amount int NOT NULL);
"""
SOME_ROWS = """
INSERT INTO customers SELECT g, 'c' || g % 3, g * 10 FROM generate_series(1, 6) g;
INSERT INTO orders SELECT g, nullif(g % 5, 0), g * 100 FROM generate_series(1, 12) g;
INSERT INTO payments SELECT g, 1 + g % 4, g * 7 FROM generate_series(1, 9) g;
"""


@pytest.fixture
def shop(database):
    make(database, CUSTOMERS + SOME_ROWS)
    return database


def test_not_in_finds_nothing_once_one_value_is_null(shop):
    bad = "SELECT id FROM customers WHERE id NOT IN (SELECT customer_id FROM orders)"
    good = "SELECT id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)"

    assert found("QRY001", CUSTOMERS, bad)
    assert not found("QRY001", CUSTOMERS, good)
    assert not rows(shop, bad)
    assert rows(shop, good)


def test_a_comparison_with_null_selects_nothing(shop):
    for bad in ("SELECT id FROM orders WHERE customer_id = NULL", "SELECT id FROM orders WHERE customer_id <> NULL"):
        assert found("QRY002", CUSTOMERS, bad)
        assert not rows(shop, bad)
    assert rows(shop, "SELECT id FROM orders WHERE customer_id IS NULL")


def test_without_a_condition_every_row_meets_every_row(shop):
    bad = "SELECT c.id, p.id FROM customers c, payments p WHERE c.credit > 0 AND p.amount > 0"

    assert found("QRY003", CUSTOMERS, bad)
    assert rows(shop, bad).total() == 6 * 9


def test_the_left_join_that_is_undone_is_an_inner_join(shop):
    for condition in (
        "o.total > 0",
        "o.total IN (100, 200)",
        "o.total BETWEEN 0 AND 900",
        "o.id + 0 = o.id AND o.id > 0",
    ):
        outer = f"SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE {condition}"
        assert found("QRY005", CUSTOMERS, outer)
        assert rows(shop, outer) == rows(shop, outer.replace("LEFT JOIN", "JOIN"))
    for condition in ("o.id IS NULL", "coalesce(o.total, 1) > 0", "o.total > 0 OR o.id IS NULL", "c.id > 0"):
        outer = f"SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id WHERE {condition}"
        assert not found("QRY005", CUSTOMERS, outer)
        assert rows(shop, outer) != rows(shop, outer.replace("LEFT JOIN", "JOIN"))


def test_integers_are_divided_without_a_fraction(shop):
    assert found("QRY012", CUSTOMERS, "SELECT total / 30 FROM orders WHERE id = 1")
    assert rows(shop, "SELECT total / 30, total / 30.0 > 3.3 FROM orders WHERE id = 1") == {(3, True): 1}


def test_between_two_dates_misses_the_last_day(database):
    before = "CREATE TABLE visits (at timestamptz NOT NULL)"
    make(database, before)
    database.execute("INSERT INTO visits VALUES ('2026-01-31 12:00'), ('2026-01-30 12:00')")
    bad = "SELECT at FROM visits WHERE at BETWEEN '2026-01-01' AND '2026-01-31'"

    assert found("QRY013", before, bad)
    assert rows(database, bad).total() == 1
    assert rows(database, "SELECT at FROM visits WHERE at >= '2026-01-01' AND at < '2026-02-01'").total() == 2


def test_limit_without_order_gives_other_rows_after_a_row_was_written(shop):
    bad = "SELECT id FROM orders LIMIT 1"
    first = rows(shop, bad)
    shop.execute("UPDATE orders SET total = total + 1 WHERE id = 1")

    assert found("QRY014", CUSTOMERS, bad)
    assert rows(shop, bad) != first


def test_a_column_compared_with_itself_leaves_out_null_alone(shop):
    bad = "SELECT id FROM orders WHERE customer_id = customer_id"

    assert found("QRY017", CUSTOMERS, bad)
    assert rows(shop, bad) == rows(shop, "SELECT id FROM orders WHERE customer_id IS NOT NULL")


def test_and_is_read_before_or(shop):
    bad = "SELECT id FROM orders WHERE id = 1 OR id = 2 AND total < 0"

    assert found("QRY018", CUSTOMERS, bad)
    assert rows(shop, bad) == rows(shop, "SELECT id FROM orders WHERE id = 1 OR (id = 2 AND total < 0)")
    assert rows(shop, bad) != rows(shop, "SELECT id FROM orders WHERE (id = 1 OR id = 2) AND total < 0")


def test_a_view_keeps_the_columns_that_the_star_stood_for(shop):
    bad = "CREATE VIEW v AS SELECT * FROM payments"
    shop.execute(bad)
    shop.execute("ALTER TABLE payments ADD COLUMN note text")

    assert found("QRY019", CUSTOMERS, bad)
    assert len(shop.execute("SELECT * FROM v").description) == 3


def test_a_natural_join_compares_a_column_that_is_added_later(shop):
    bad = "SELECT * FROM (SELECT customer_id, total FROM orders) o NATURAL JOIN payments"
    assert found("QRY022", CUSTOMERS, "SELECT 1 FROM orders NATURAL JOIN payments")
    before = rows(shop, bad).total()
    shop.execute("ALTER TABLE payments ADD COLUMN total int NOT NULL DEFAULT -1")

    assert before > rows(shop, bad).total() == 0


def test_values_without_column_names_go_where_the_columns_now_stand(shop):
    bad = "INSERT INTO payments VALUES (100, 1, 5)"
    shop.execute("ALTER TABLE payments DROP COLUMN amount")
    shop.execute("ALTER TABLE payments ADD COLUMN note int, ADD COLUMN amount int")
    shop.execute(bad)

    assert found("QRY010", CUSTOMERS, bad)
    assert rows(shop, "SELECT note, amount FROM payments WHERE id = 100") == {(5, None): 1}


def test_a_write_without_where_is_done_to_every_row(shop):
    assert found("QRY009", CUSTOMERS, "UPDATE payments SET amount = 0")
    assert shop.execute("UPDATE payments SET amount = 0").rowcount == 9


SUMS = {
    "sum(o.total) FROM customers c JOIN orders o ON o.customer_id = c.id": "sum(total) FROM orders",
    "sum(c.credit) FROM customers c JOIN orders o ON o.customer_id = c.id": (
        "sum(credit) FROM customers WHERE id IN (SELECT customer_id FROM orders)"
    ),
    "sum(o.total) FROM orders o JOIN payments p ON p.customer_id = o.customer_id": (
        "sum(total) FROM orders WHERE customer_id IN (SELECT customer_id FROM payments)"
    ),
    "sum(p.amount) FROM customers c JOIN payments p ON p.customer_id = c.id LEFT JOIN orders o ON o.id = c.credit": (
        "sum(amount) FROM payments"
    ),
    "sum(p.amount) FROM payments p JOIN orders o USING (customer_id) WHERE o.id = 3": (
        "sum(amount) FROM payments WHERE customer_id = (SELECT customer_id FROM orders WHERE id = 3)"
    ),
}
PAIRS = st.lists(st.tuples(st.integers(1, 3), st.integers(1, 50)), max_size=6)


def sums():
    """Return each sum over a join, with the sum that it should be."""
    return [(f"SELECT {joined}", f"SELECT {alone}") for joined, alone in SUMS.items()]


def filled(connection, orders, payments):
    connection.execute("TRUNCATE customers, orders, payments")
    connection.execute("INSERT INTO customers SELECT g, 'n', g * 10 FROM generate_series(1, 3) g")
    for table, values in (("orders", orders), ("payments", payments)):
        for number, (customer, amount) in enumerate(values, start=1):
            connection.execute(f"INSERT INTO {table} VALUES ($1, $2, $3)", (number, customer, amount))


@given(PAIRS, PAIRS)
@ON_SERVER
def test_a_sum_that_is_not_found_to_fan_out_never_does(shop, orders, payments):
    filled(shop, orders, payments)

    for joined, alone in sums():
        if not found("QRY004", CUSTOMERS, joined):
            assert rows(shop, joined) == rows(shop, alone), joined


def test_a_sum_that_is_found_to_fan_out_does_on_some_rows(shop):
    reported = [(joined, alone) for joined, alone in sums() if found("QRY004", CUSTOMERS, joined)]

    assert len(reported) == 2
    for joined, alone in reported:
        assert rows(shop, joined) != rows(shop, alone)


SAME_ROWS = {
    "QRY016": (
        "SELECT 'a' AS k, id FROM orders UNION SELECT 'b', id FROM payments",
        "SELECT 'a' AS k, id FROM orders UNION ALL SELECT 'b', id FROM payments",
    ),
    "QRY020": (
        "SELECT id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) > 0",
        "SELECT id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    ),
    "QRY021": (
        "SELECT customer_id, sum(total) FROM orders GROUP BY 1 HAVING customer_id > 1",
        "SELECT customer_id, sum(total) FROM orders WHERE customer_id > 1 GROUP BY 1",
    ),
    "QRY023": (
        "SELECT DISTINCT o.id, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer_id",
        "SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer_id",
    ),
    "QRY024": (
        "SELECT DISTINCT c.id, c.name FROM customers c JOIN orders o ON o.customer_id = c.id",
        "SELECT c.id, c.name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)",
    ),
    "QRY033": (
        "SELECT p.amount FROM payments p JOIN customers c ON c.id = p.customer_id",
        "SELECT p.amount FROM payments p",
    ),
    "QRY039": ("WITH w AS (SELECT 1 FROM orders) SELECT id FROM payments", "SELECT id FROM payments"),
}  # fmt: skip


@given(PAIRS, PAIRS)
@ON_SERVER
def test_what_a_rule_proposes_instead_gives_the_same_rows(shop, orders, payments):
    filled(shop, orders, payments)

    for code, (before, after) in SAME_ROWS.items():
        assert found(code, CUSTOMERS, before), code
        assert not found(code, CUSTOMERS, after), code
        assert rows(shop, before) == rows(shop, after), code


LARGE = """
CREATE EXTENSION pg_trgm;
CREATE TABLE parts (id int PRIMARY KEY, code text NOT NULL, made timestamp NOT NULL, shelf int NOT NULL, note text);
CREATE INDEX parts_code ON parts (code text_pattern_ops);
CREATE INDEX parts_made ON parts (made);
CREATE INDEX parts_note ON parts USING gin (note gin_trgm_ops);
CREATE TABLE moves (id int PRIMARY KEY, part_id int NOT NULL REFERENCES parts);
"""
LARGE_ROWS = """
INSERT INTO parts SELECT g, md5(g::text), timestamp '2026-01-01' + g * interval '1 minute', g % 500, md5('n' || g)
FROM generate_series(1, 20000) g;
INSERT INTO moves SELECT g, g FROM generate_series(1, 300) g;
SELECT gin_clean_pending_list('parts_note');
ANALYZE;
"""


@pytest.fixture
def warehouse(database):
    make(database, LARGE + LARGE_ROWS)
    return database


@pytest.mark.parametrize(
    ("code", "bad", "good"),
    [
        ("QRY028", "date_trunc('day', made) = '2026-01-03'", "made >= '2026-01-03' AND made < '2026-01-04'"),
        ("QRY028", "made::date = '2026-01-03'", "made >= '2026-01-03' AND made < '2026-01-04'"),
        ("QRY028", "id + 1 = 7", "id = 6"),
        ("QRY028", "id = 7.0", "id = 7"),
        ("QRY028", "upper(code) = 'C4CA'", "code = 'c4ca'"),
        ("QRY029", "code LIKE '%c4ca'", "code LIKE 'c4ca%'"),
        ("QRY029", "code LIKE '%c4ca'", "note LIKE '%c4ca4238a0%'"),
        ("QRY032", "shelf = 7", "id = 7"),
    ],
)
def test_the_index_is_out_of_reach_of_the_condition_that_is_found_and_not_of_the_other(warehouse, code, bad, good):
    options = {"rows": {"public.parts": 1e6}}

    assert found(code, LARGE, f"SELECT * FROM parts WHERE {bad}", **options)
    assert not found(code, LARGE, f"SELECT * FROM parts WHERE {good}", **options)
    assert not uses_index(warehouse, f"SELECT * FROM parts WHERE {bad}")
    assert uses_index(warehouse, f"SELECT * FROM parts WHERE {good}")


def read(connection, sql):
    """Return how many rows the scans of a query read."""
    tree = plan(connection, sql, "ANALYZE", "TIMING OFF")
    return sum(
        (each["Actual Rows"] + each.get("Rows Removed by Filter", 0)) * each["Actual Loops"]
        for each in nodes(tree)
        if "Scan" in each["Node Type"] and "Relation Name" in each
    )


def test_offset_reads_what_it_skips(warehouse):
    bad = "SELECT * FROM parts ORDER BY id LIMIT 10 OFFSET 15000"

    assert found("QRY030", LARGE, bad)
    assert read(warehouse, bad) == 15010
    assert read(warehouse, "SELECT * FROM parts WHERE id > 15000 ORDER BY id LIMIT 10") == 10


def test_a_correlated_subquery_runs_once_for_each_row(warehouse):
    bad = "SELECT p.id, (SELECT count(*) FROM moves m WHERE m.part_id = p.id) FROM parts p WHERE p.id <= 50"
    subplans = [each for each in nodes(plan(warehouse, bad, "ANALYZE")) if each.get("Parent Relationship") == "SubPlan"]

    assert found("QRY031", LARGE, bad)
    assert [each["Actual Loops"] for each in subplans] == [50]
    assert read(warehouse, bad) == 50 + 50 * 300


def test_counting_reads_all_rows_where_exists_stops_at_the_first(warehouse):
    bad = "SELECT 1 WHERE (SELECT count(*) FROM parts WHERE shelf >= 0) > 0"

    assert found("QRY020", LARGE, bad)
    assert read(warehouse, bad) == 20000
    assert read(warehouse, "SELECT 1 WHERE EXISTS (SELECT 1 FROM parts WHERE shelf >= 0)") == 1


def test_sorting_by_chance_reads_and_sorts_everything(warehouse):
    bad = "SELECT * FROM parts ORDER BY random() LIMIT 5"

    assert found("QRY034", LARGE, bad)
    assert read(warehouse, bad) == 20000
    assert "Sort" in kinds(warehouse, bad)


def test_distinct_over_a_key_costs_a_step_that_drops_no_row(warehouse):
    bad = "SELECT DISTINCT id, shelf FROM parts"
    steps = kinds(warehouse, bad) - kinds(warehouse, bad.replace("DISTINCT ", ""))

    assert found("QRY023", LARGE, bad)
    assert steps & {"Unique", "HashAggregate", "Aggregate", "Incremental Sort", "Sort"}
    assert rows(warehouse, bad) == rows(warehouse, bad.replace("DISTINCT ", ""))


def test_an_or_across_tables_is_tested_after_the_join(warehouse):
    bad = "SELECT m.id FROM moves m JOIN parts p ON p.id = m.part_id WHERE p.code = 'x' OR m.id = 7"
    tree = plan(warehouse, bad)

    assert found("QRY035", LARGE, bad)
    assert any("Join Filter" in each and "OR" in each["Join Filter"] for each in nodes(tree))


INJECTION = "nothing'; DROP TABLE orders; --"


@pytest.mark.parametrize("body", ["EXECUTE 'SELECT ''' || t || '''';", "EXECUTE format('SELECT ''%s''', t);"])
def test_a_text_that_is_not_quoted_lets_the_caller_run_statements(shop, body):
    bad = f"CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    shop.execute(bad)
    shop.execute("SELECT f($1)", (INJECTION,))

    assert found("QRY036", CUSTOMERS, bad)
    assert shop.execute("SELECT to_regclass('orders')").fetchone() == (None,)


@pytest.mark.parametrize(
    "body",
    [
        "EXECUTE 'SELECT ' || quote_literal(t);",
        "EXECUTE format('TABLE %I', 'payments');",
        "EXECUTE 'SELECT $1' USING t;",
    ],
)
def test_a_quoted_text_does_not(shop, body):
    good = f"CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    shop.execute(good)
    shop.execute("SELECT f($1)", (INJECTION,))

    assert not found("QRY036", CUSTOMERS, good)
    assert shop.execute("SELECT to_regclass('orders')").fetchone() == ("orders",)


NAMES = ["id", "name", "total", "customer_id", "nme", "TOTAL", '"Total"', "c", "ctid", "n", "user", "amount", "credit"]
QUERIES = [
    "SELECT {0} FROM orders",
    "SELECT o.{0}, {1} FROM orders o",
    "SELECT {0} FROM customers c JOIN orders o ON o.customer_id = c.{1}",
    "SELECT {0} AS n FROM orders WHERE {1} IS NULL ORDER BY {2}",
    "SELECT 1 FROM customers c WHERE EXISTS (SELECT {0} FROM orders o WHERE o.{1} IS NOT NULL)",
    "SELECT d.{0} FROM (SELECT {1} AS n, id FROM orders) d WHERE {2} IS NOT NULL",
    "WITH w(c, n) AS (SELECT id, {0} FROM payments) SELECT {1}, w.{2} FROM w",
    "SELECT {0} FROM customers JOIN orders USING (id)",
    "SELECT (SELECT {0} FROM payments LIMIT 1) FROM orders GROUP BY {1}",
    "SELECT {0} FROM customers c LEFT JOIN LATERAL (SELECT {1} FROM orders WHERE c.{2} IS NOT NULL) x ON true",
    "UPDATE orders SET {0} = 1 WHERE {1} IS NULL",
    "DELETE FROM orders o USING payments p WHERE o.{0} IS NULL AND {1} IS NULL",
    "INSERT INTO orders ({0}) SELECT {1} FROM payments",
    "SELECT {0} FROM customers c, orders o",
    "SELECT d.count, d.{0} FROM (SELECT count(*), {1}::text, date_trunc('day', now()) FROM orders GROUP BY 2) d",
    "SELECT d.date_trunc, {0} FROM (SELECT date_trunc('day', now()), id, (SELECT {1} FROM payments) FROM orders) d",
    "SELECT count(*) AS n FROM orders GROUP BY {0} HAVING count({1}) > 1 ORDER BY {2}",
]
UNDEFINED = (psycopg.errors.UndefinedColumn, psycopg.errors.UndefinedTable)


@given(st.sampled_from(QUERIES), st.tuples(*[st.sampled_from(NAMES)] * 3))
@settings(ON_SERVER, max_examples=400)
def test_a_name_is_called_unknown_or_ambiguous_exactly_when_the_server_says_so(shop, template, names):
    text = template.format(*names)
    refused = refusal(shop, text)
    unknown = [each.message for each in found("QRY006", CUSTOMERS, text)]
    ambiguous = [each.message for each in found("QRY008", CUSTOMERS, text)]

    if refused is not None and issubclass(refused, UNDEFINED):
        assert unknown or ambiguous, text
    elif refused is psycopg.errors.AmbiguousColumn:
        assert ambiguous or unknown, text
    elif refused is None:
        assert unknown == [], text
        assert ambiguous == [], text


@given(st.sampled_from(["btrim", "int4", "nme", "id", "substring"]))
@ON_SERVER
def test_where_the_server_makes_up_a_name_nothing_is_called_unknown(shop, name):
    text = f"SELECT d.{name}, {name} FROM (SELECT trim(' x'), 1::int, substring('x' from 1), id FROM orders) d"

    if refusal(shop, text) is None:
        assert not found("QRY006", CUSTOMERS, text)


GROUPED = [
    "SELECT {0} FROM orders GROUP BY {1}",
    "SELECT {0}, count(*) FROM orders GROUP BY {1} ORDER BY {2}",
    "SELECT c.{0}, sum({1}) FROM customers c JOIN payments p ON p.customer_id = c.id GROUP BY c.{2}",
    "SELECT max({0}) FROM orders HAVING {1} > 3",
    "SELECT {0} AS n FROM orders GROUP BY n ORDER BY {1}",
    "SELECT {0} + 1, {1} FROM orders GROUP BY {0} + 1, {2}",
    "SELECT sum({0}) OVER (ORDER BY {1}) FROM orders GROUP BY {1}, {2}",
]


@given(st.sampled_from(GROUPED), st.tuples(*[st.sampled_from(["id", "total", "customer_id", "credit", "amount"])] * 3))
@settings(ON_SERVER, max_examples=250)
def test_a_column_is_called_ungrouped_exactly_when_the_server_says_so(shop, template, names):
    text = template.format(*names)
    refused = refusal(shop, text)
    ungrouped = found("QRY015", CUSTOMERS, text)

    if refused is psycopg.errors.GroupingError:
        assert ungrouped, text
    elif refused is None:
        assert not ungrouped, text


def test_an_experiment_stands_behind_every_rule_that_does_not_say_why_there_is_none():
    text = Path(__file__).read_text()
    unproven = [rule.code for rule in RULES if rule not in FAILS and f'"{rule.code}"' not in text and not rule.unproven]

    assert unproven == []
