"""The server as the judge: of what differs, of what follows from it, and of which types widen which."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from planroom.comparison import Impact, compare
from planroom.comparison.widening import TypeChange, type_change
from planroom.ddl import read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.errors import StatementFailedError
from planroom.model import Model
from planroom.sqltext import parse_type
from tests.ddl.test_statements_against_server import BASE, ON_BASE, ON_PARTED, PARTED
from tests.truth.comparing import fingerprint

pytestmark = pytest.mark.server

CASES = [(name, BASE, script) for name, script in ON_BASE.items()]
CASES += [(f"partitions: {name}", PARTED, script) for name, script in ON_PARTED.items()]
Known = dict[str, tuple[Model, dict[str, list[str]]]]


def read(script: str) -> Model:
    return read_postgres([("it.sql", script)])


def reflected(script: str, server: Server) -> tuple[Model, dict[str, list[str]]]:
    with OwnedPostgres(server) as engine:
        engine.run(script)
        return engine.model(), fingerprint(engine)


@pytest.fixture(scope="module")
def bases(server: Server) -> Known:
    return {script: reflected(script, server) for script in (BASE, PARTED)}


@pytest.mark.parametrize(("name", "base", "script"), CASES, ids=[name for name, *_ in CASES])
def test_texts_differ_as_the_databases_that_they_make(
    name: str, base: str, script: str, server: Server, bases: Known
) -> None:
    before, before_catalog = bases[base]
    after, after_catalog = reflected(base + script, server)

    of_texts, of_databases = compare(read(base), read(base + script)), compare(before, after)

    assert of_texts.changes == of_databases.changes
    assert (not of_databases.changes) == (before_catalog == after_catalog)


# -- what follows

SHOP = """
CREATE TYPE state AS ENUM ('new', 'paid');
CREATE TABLE customers (id int PRIMARY KEY, email varchar(20) UNIQUE);
CREATE TABLE orders (
    id int PRIMARY KEY, customer_id int REFERENCES customers ON DELETE CASCADE, code text NOT NULL DEFAULT 'x',
    note varchar(20), amount int CHECK (amount > 0), state state DEFAULT 'new', during int4range
);
CREATE VIEW open_orders AS SELECT id FROM orders WHERE state = 'new';
CREATE FUNCTION twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 2 * n';
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE SEQUENCE numbers;
INSERT INTO customers VALUES (1, 'a@b'), (2, 'c@d');
INSERT INTO orders VALUES (1, 1, 'x', 'note', 1, 'new', '[1,5)');
"""

INSERT = "INSERT INTO orders (id) VALUES (9)"

FAIL = {
    "DROP TABLE orders CASCADE": ("SELECT * FROM orders", Impact.DESTRUCTIVE),
    "ALTER TABLE orders DROP COLUMN note": ("SELECT note FROM orders", Impact.DESTRUCTIVE),
    "ALTER TABLE orders ALTER note TYPE varchar(5)": ("UPDATE orders SET note = 'longer'", Impact.DESTRUCTIVE),
    "ALTER TABLE orders RENAME TO purchases": ("SELECT * FROM orders", Impact.BREAKING_READERS),
    "ALTER TABLE orders RENAME note TO remark": ("SELECT note FROM orders", Impact.BREAKING_READERS),
    "DROP VIEW open_orders": ("SELECT * FROM open_orders", Impact.BREAKING_READERS),
    "DROP FUNCTION twice": ("SELECT twice(2)", Impact.BREAKING_READERS),
    "ALTER TABLE orders DROP CONSTRAINT orders_amount_check; ALTER TABLE orders ALTER amount TYPE text": (
        "SELECT amount + 1 FROM orders", Impact.BREAKING_READERS,
    ),
    "ALTER TABLE orders DROP CONSTRAINT orders_pkey": (
        "SELECT id, note FROM orders GROUP BY id", Impact.BREAKING_READERS,
    ),
    "DELETE FROM orders; ALTER TABLE orders ADD must int NOT NULL": (INSERT, Impact.BREAKING_WRITERS),
    "ALTER TABLE orders ALTER code DROP DEFAULT": (INSERT, Impact.BREAKING_WRITERS),
    "ALTER TABLE orders ALTER note SET NOT NULL": (INSERT, Impact.BREAKING_WRITERS),
    "ALTER TABLE orders ALTER amount SET NOT NULL": (INSERT, Impact.BREAKING_WRITERS),
    "ALTER TABLE orders ADD CHECK (amount < 9)": ("UPDATE orders SET amount = 10", Impact.BREAKING_WRITERS),
    "ALTER TABLE orders ADD UNIQUE (code)": (INSERT, Impact.BREAKING_WRITERS),
    "CREATE UNIQUE INDEX ON orders (code)": (INSERT, Impact.BREAKING_WRITERS),
    "ALTER TABLE orders ADD FOREIGN KEY (amount) REFERENCES customers": (
        "UPDATE orders SET amount = 77", Impact.BREAKING_WRITERS,
    ),
    "ALTER TABLE orders ADD EXCLUDE USING gist (during WITH &&)": (
        "INSERT INTO orders (id, during) VALUES (9, '[2,3)')", Impact.BREAKING_WRITERS,
    ),
    "ALTER TABLE orders ALTER id ADD GENERATED ALWAYS AS IDENTITY": (INSERT, Impact.BREAKING_WRITERS),
    "ALTER TABLE customers DROP CONSTRAINT customers_email_key": (
        "INSERT INTO customers VALUES (1, 'a@b') ON CONFLICT (email) DO NOTHING", Impact.BREAKING_WRITERS,
    ),
    "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey, ADD CONSTRAINT orders_customer_id_fkey "
    "FOREIGN KEY (customer_id) REFERENCES customers": ("DELETE FROM customers", Impact.BREAKING_WRITERS),
    "CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION refuse()": (
        INSERT, Impact.BREAKING_WRITERS,
    ),
    "DROP SEQUENCE numbers": ("SELECT nextval('numbers')", Impact.BREAKING_WRITERS),
}  # fmt: skip

GO_ON = {
    "ALTER TABLE orders ADD more int": (INSERT, Impact.ADDITIVE),
    "ALTER TABLE orders ADD more int NOT NULL DEFAULT 1": (INSERT, Impact.ADDITIVE),
    "CREATE TABLE more (id int)": ("SELECT * FROM orders", Impact.ADDITIVE),
    "ALTER TYPE state ADD VALUE 'sent'": ("SELECT * FROM orders WHERE state = 'new'", Impact.ADDITIVE),
    "ALTER TABLE orders ALTER note TYPE text": ("UPDATE orders SET note = note || 'x'", Impact.COMPATIBLE),
    "ALTER TABLE orders ALTER amount TYPE bigint": ("SELECT amount / 2 + twice(id) FROM orders", Impact.COMPATIBLE),
    "ALTER TABLE orders DROP CONSTRAINT orders_amount_check": ("UPDATE orders SET amount = 7", Impact.COMPATIBLE),
    "ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey": ("DELETE FROM customers", Impact.COMPATIBLE),
    "ALTER TABLE orders ALTER note SET DEFAULT 'y'": (INSERT, Impact.COMPATIBLE),
    "CREATE INDEX ON orders (amount)": (INSERT, Impact.COMPATIBLE),
    "COMMENT ON TABLE orders IS 'all'": (INSERT, Impact.COMPATIBLE),
    "ALTER TABLE orders SET (fillfactor = 70)": (INSERT, Impact.COMPATIBLE),
    "ALTER TABLE orders ADD CHECK (amount < 0) NOT ENFORCED": (INSERT, Impact.COMPATIBLE),
}

JUDGED = [(change, *rest, True) for change, rest in FAIL.items()]
JUDGED += [(change, *rest, False) for change, rest in GO_ON.items()]


@pytest.fixture(scope="module")
def shop(server: Server) -> Iterator[OwnedPostgres]:
    with OwnedPostgres(server) as engine:
        engine.run(SHOP)
        yield engine


def works(engine: OwnedPostgres, *statements: str) -> bool:
    """Return whether the last of some statements works; nothing of them stays."""
    *before, last = statements
    try:
        engine.run(f"BEGIN; {'; '.join(before)};" if before else "BEGIN;")
        engine.run(last)
    except StatementFailedError:
        return False
    else:
        return True
    finally:
        engine.run("ROLLBACK")


@pytest.mark.parametrize(("change", "statement", "impact", "fails"), JUDGED, ids=[each[0] for each in JUDGED])
def test_what_is_called_breaking_breaks_and_what_is_not_does_not(
    change: str, statement: str, impact: Impact, fails: bool, shop: OwnedPostgres
) -> None:
    assert works(shop, statement), "it must have worked before"
    assert works(shop, change), "the change itself must be possible"
    assert works(shop, change, statement) is not fails

    assert compare(read(SHOP), read(SHOP + change)).impact is impact


# -- types

SAMPLES = {
    "smallint": ["-32768", "32767"],
    "integer": ["-2147483648", "2147483647"],
    "bigint": ["9223372036854775807"],
    "numeric(5,2)": ["999.99", "-0.01"],
    "numeric(7,2)": ["99999.99"],
    "numeric(7,4)": ["999.9999"],
    "numeric": ["123456789012345678901234567890.123456"],
    "real": ["0.1", "3.4e38"],
    "double precision": ["0.1", "1.7e308"],
    "varchar(3)": ["abc"],
    "varchar(20)": ["abcdefghijklmnopqrst"],
    "varchar": ["abcdefghijklmnopqrstuvwxyz"],
    "text": ["abcdefghijklmnopqrstuvwxyz"],
    "date": ["2026-01-31"],
    "timestamp": ["2026-01-31 12:34:56.789123"],
    "timestamp(0)": ["2026-01-31 12:34:56"],
    "bit varying(3)": ["101"],
    "bit varying(9)": ["101010101"],
    "uuid": ["00000000-0000-0000-0000-000000000001"],
}


def fate(engine: OwnedPostgres, old: str, new: str) -> TypeChange:
    """Return what the server makes of the samples: the same text, a counterpart, or something lost."""
    values = ", ".join(f"('{each}'::{old})" for each in SAMPLES[old])
    checks = f"bool_and(v::{new}::text = v::text), bool_and(v::{new}::{old} = v)"
    try:
        engine.run(f"CREATE TEMP TABLE probe AS SELECT v FROM (VALUES {values}) s (v)")
        engine.run(f"ALTER TABLE probe ALTER v TYPE {new} USING v::{new}")
        ((same, back),) = engine.query(f"SELECT {checks} FROM (VALUES {values}) s (v)").rows
    except StatementFailedError:
        return TypeChange.NARROWED
    finally:
        engine.run("DROP TABLE IF EXISTS probe")
    return TypeChange.WIDENED if same and back else TypeChange.CONVERTED if back else TypeChange.NARROWED


@pytest.mark.parametrize("old", SAMPLES)
def test_no_type_change_is_called_milder_than_the_server_shows(old: str, shop: OwnedPostgres) -> None:
    mild = [TypeChange.NARROWED, TypeChange.CONVERTED, TypeChange.WIDENED]
    for new in SAMPLES:
        claimed, found = type_change(parse_type(old), parse_type(new)), fate(shop, old, new)
        assert mild.index(claimed) <= mild.index(found), f"{old} to {new}: {claimed}, but {found}"
