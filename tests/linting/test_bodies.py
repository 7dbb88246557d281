"""Queries in the bodies of routines and blocks: judged where they stand, and variables are no columns."""

from __future__ import annotations

import pytest

from planroom.ddl import read_postgres
from planroom.findings import Finding, Severity
from planroom.linting import Target, lint_migrations, lint_queries
from planroom.linting.bodies import Code, lint_bodies
from planroom.linting.editing import edited

TABLES = """
CREATE TABLE orders (id int PRIMARY KEY, customer_id int, total int NOT NULL, note text);
CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL);
CREATE TABLE log (id bigint PRIMARY KEY, what text);
"""
MODEL = read_postgres([("tables.sql", TABLES)])


def function(body: str, declare: str = "", head: str = "p_id int, note text") -> str:
    return f"CREATE FUNCTION f({head}) RETURNS SETOF int LANGUAGE plpgsql AS $$\n{declare}\nBEGIN\n{body}\nEND $$;"


def found(text: str) -> list[Finding]:
    return list(lint_bodies([("f.sql", text)], model=MODEL).findings)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("SELECT total INTO v FROM orders WHERE id = p_id;", []),
        ("SELECT o.total INTO r.total FROM orders o WHERE o.id = f.p_id AND o.note = $2;", []),
        ("SELECT totl INTO v FROM orders WHERE id = p_id;", ["QRY006"]),
        ("UPDATE orders SET total = total + v, note = f.note WHERE id = p_id;", []),
        ("UPDATE orders SET totl = 1 WHERE id = p_id;", ["QRY006"]),
        ("FOR r IN SELECT id, name FROM customers LOOP DELETE FROM orders WHERE customer_id = r.id; END LOOP;", []),
        ("FOR i IN 1 .. 10 LOOP INSERT INTO log (id, what) VALUES (i, 'x'); END LOOP;", []),
        ("RETURN QUERY SELECT id FROM orders WHERE note = NULL;", ["QRY002"]),
        ("IF v = NULL THEN RETURN; END IF;", ["QRY002"]),
        ("IF EXISTS (SELECT 1 FROM orders WHERE nte = 'x') THEN RETURN; END IF;", ["QRY006"]),
        ("v := (SELECT max(total) FROM orders WHERE customer_id = p_id);", []),
        ("v = NULL;", []),
        ("PERFORM 1 FROM orders WHERE id = p_id LIMIT 1;", []),
        ("SELECT id INTO v FROM orders WHERE total > 3 LIMIT 1;", []),
        ("SELECT count(*), v INTO v, v FROM orders;", []),
        ("DELETE FROM log USING new WHERE log.id = new.id;", ["QRY007"]),
        ("DELETE FROM log WHERE id = OLD.id OR TG_OP = 'UPDATE' OR NOT found;", []),
        ("INSERT INTO log VALUES (r.*);", []),
        ("INSERT INTO log VALUES (1, 'x');", ["QRY010"]),
        ("DELETE FROM log;", ["QRY009"]),
        ("CREATE TEMP TABLE fresh (x int); INSERT INTO fresh (x) SELECT y FROM fresh;", []),
        ("SELECT FROM WHERE; DELETE FROM log;", ["QRY009"]),
        ("SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders);", ["QRY001"]),
    ],
)
def test_a_body_is_judged_statement_by_statement(body: str, codes: list[str]):
    assert [each.code for each in found(function(body, "DECLARE v int; r record;"))] == codes


def test_a_name_that_is_both_is_a_column_unless_the_routine_says_otherwise():
    ambiguous = function("DELETE FROM orders WHERE note = note;")

    assert [each.code for each in found(ambiguous)] == ["QRY017"]
    assert found(ambiguous.replace("\n\nBEGIN", "\n#variable_conflict use_variable\nBEGIN")) == []


def test_a_finding_stands_at_its_place_and_its_edit_mends_the_file():
    text = "-- é\n" + function("  UPDATE orders SET total = 1\n  WHERE note = NULL;")
    (finding,) = found(text)

    assert (finding.location.line, finding.location.column, finding.location.length) == (6, 9, 11)
    assert finding.fix
    assert edited(text, [finding.fix.edits]).text == text.replace("= NULL", "IS NULL")


def test_nothing_is_put_into_a_body_in_single_quotes():
    text = "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS 'BEGIN DELETE FROM log WHERE what = NULL; END'"
    (finding,) = found(text)

    assert (finding.code, finding.location.column) == ("QRY002", text.index("what =") + 1)
    assert finding.fix
    assert finding.fix.edits == ()


def test_a_body_in_sql_is_judged_with_its_parameters():
    head = "CREATE FUNCTION f(who int) RETURNS int LANGUAGE sql AS"
    text = f"{head} $$ SELECT total FROM orders WHERE {{}} = $1 OR id = who $$"

    assert found(text.format("customer_id")) == []
    assert [each.code for each in found(text.format("custmer_id"))] == ["QRY006"]


def test_rows_of_a_trigger_are_no_unknown_table():
    text = "CREATE TRIGGER t AFTER INSERT ON orders REFERENCING NEW TABLE AS fresh EXECUTE FUNCTION f();"

    assert [each.code for each in found(function("INSERT INTO log (id) SELECT id FROM fresh;"))] == ["QRY007"]
    assert found(text + function("INSERT INTO log (id) SELECT id FROM fresh;")) == []


def test_a_file_of_queries_holds_routines_too():
    judged = lint_queries([("q.sql", function("DELETE FROM log;") + "SELECT totl FROM orders")], model=MODEL)

    assert [each.code for each in judged.findings] == ["QRY009", "QRY006"]


# -- migrations ----------------------------------------------------------------------------------------------------


def migrated(*scripts: str, **target: object) -> tuple[list[Finding], Code]:
    code = Code()
    named = [(f"{number}.sql", text) for number, text in enumerate(scripts)]
    judged = lint_migrations(named, model=MODEL, target=Target(**target), code=code)  # type: ignore[arg-type]
    return list(judged.findings), code


def loud(findings: list[Finding]) -> list[str]:
    return [each.code for each in findings if each.severity is Severity.ERROR]


def test_a_routine_meets_what_all_the_files_leave():
    early = function("SELECT later FROM orders;")

    assert migrated(early, "ALTER TABLE orders ADD COLUMN later int")[1].findings == ()
    assert [each.code for each in migrated(early)[1].findings] == ["QRY006"]


def test_a_routine_that_is_replaced_is_not_judged():
    first = function("SELECT nothing FROM orders;")
    second = first.replace("CREATE", "CREATE OR REPLACE").replace("nothing", "total")

    assert migrated(first, second)[1].findings == ()
    assert migrated(first, "DROP FUNCTION f(int, text)")[1].findings == ()


CHECKED = "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0);"
REFERRED = "ALTER TABLE orders ADD CONSTRAINT c FOREIGN KEY (customer_id) REFERENCES customers;"


@pytest.mark.parametrize(
    ("block", "codes"),
    [
        (CHECKED, ["MIG008"]),
        (f"IF NOT EXISTS (SELECT FROM pg_constraint WHERE conname = 'c') THEN {CHECKED} END IF;", ["MIG008"]),
        (f"{REFERRED} EXCEPTION WHEN duplicate_object THEN NULL;", ["MIG009"]),
        ("IF now() > '2026-01-01' THEN CREATE INDEX ix ON orders (total); END IF;", ["MIG006"]),
        ("CREATE INDEX CONCURRENTLY ix ON orders (total);", ["MIG020"]),
        ("CREATE TABLE fresh (id int); CREATE INDEX ix ON fresh (id);", []),
        ("IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'm') THEN CREATE TYPE m AS ENUM ('a'); END IF;", []),
    ],
)  # fmt: skip
def test_the_statements_of_a_block_are_judged_as_those_that_it_may_run(block: str, codes: list[str]):
    text = f"DO $$ BEGIN\n  {block}\nEND $$;"
    findings, _ = migrated(text)

    assert loud(findings) == codes
    assert all(each.location.line == 2 for each in findings if each.code in codes)
    assert "MIG031" not in {each.code for each in findings} or "now()" in block


def test_later_statements_know_what_a_block_made():
    unless = "IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'm')"
    block = f"DO $$ BEGIN {unless} THEN CREATE TYPE m AS ENUM ('a'); END IF; END $$;"
    later = "ALTER TABLE orders ADD COLUMN mood m; CREATE TABLE fresh (mood m);"
    judged = lint_migrations([("m.sql", block + later)], model=MODEL)

    assert judged.unread == ()


def test_what_is_there_already_is_not_made_again():
    block = "DO $$ BEGIN CREATE TABLE orders (id int); EXCEPTION WHEN duplicate_table THEN NULL; END $$;"
    judged = lint_migrations([("m.sql", block + "CREATE INDEX ix ON orders (total);")], model=MODEL)

    assert loud(list(judged.findings)) == ["MIG006"]
    assert judged.unread == ()


def test_a_block_that_defines_is_not_held_to_what_was_there_before():
    text = "DO $$ BEGIN ALTER TABLE orders ADD COLUMN z int; UPDATE orders SET z = 1 WHERE z IS NULL; END $$"

    assert migrated(text)[1].findings == ()


def test_a_block_that_executes_texts_says_so():
    findings, _ = migrated("DO $$ BEGIN EXECUTE 'DROP TABLE orders'; END $$")

    assert [each.code for each in findings] == ["MIG031"]
