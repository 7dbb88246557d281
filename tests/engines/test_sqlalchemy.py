# ruff: noqa: E501  (a script reads best on one line)
"""Databases through SQLAlchemy: SQLite files, MariaDB, and whatever else it reflects; only read, and never changed."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from typing import TYPE_CHECKING

import pytest

import planroom as pr
from planroom.cli import main
from planroom.comparison import compare
from planroom.engines import connect
from planroom.errors import (
    MissingExtraError,
    PlanroomError,
    ServerUnavailableError,
    SourceError,
    StatementFailedError,
    StatementRefusedError,
)
from planroom.formats import FORMATS, Document
from tests.engines import mariadb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SQLITE = """
CREATE TABLE customers (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE COLLATE NOCASE, name VARCHAR(40) DEFAULT 'x');
CREATE TABLE orders (
    id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    total NUMERIC(10, 2) CHECK (total >= 0), twice NUMERIC GENERATED ALWAYS AS (total * 2) VIRTUAL, placed TIMESTAMP
);
CREATE INDEX orders_by_customer ON orders (customer_id, placed DESC) WHERE total > 0;
CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 100;
CREATE TRIGGER touched AFTER INSERT ON orders BEGIN UPDATE customers SET name = 'y' WHERE id = NEW.customer_id; END;
"""
ROWS = "INSERT INTO customers (email) VALUES ('a'), ('b'); INSERT INTO orders (id, customer_id, total) VALUES (1, 1, 5), (2, 2, 500);"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "shop.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(SQLITE + ROWS)
    connection.close()
    return path


def read(script: str, dialect: str) -> pr.Model:
    return FORMATS[dialect].read([Document("x", script)])


# -- SQLite --------------------------------------------------------------------------------------------------------------


def test_a_sqlite_file_gives_the_model_of_the_script_that_made_it(shop: Path) -> None:
    model = pr.read(shop)

    assert model == read(SQLITE, "sqlite")
    assert model.name == "shop"
    assert pr.read(f"sqlite:///{shop}") == model
    assert [each.what for each in model.unread] == ["CREATE TRIGGER"]
    assert str(model.tables[0].origin) == f"sqlite:///{shop}"
    assert main(["show", str(shop)]) == 0


def test_reading_changes_nothing_and_leaves_nothing_behind(shop: Path) -> None:
    before = shop.read_bytes()
    pr.read(shop)
    with connect(str(shop)) as engine:
        engine.query("SELECT count(*) FROM orders")

    assert shop.read_bytes() == before
    assert [each.name for each in shop.parent.iterdir()] == ["shop.db"]


def test_a_file_that_somebody_writes_to_is_read_as_it_stands(shop: Path) -> None:
    writer = sqlite3.connect(shop)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE late (id INTEGER PRIMARY KEY)")
    writer.commit()

    assert "late" in {table.name for table in pr.read(shop).tables}
    writer.close()


def test_a_query_is_answered_with_placeholders_and_limits(shop: Path) -> None:
    with connect(f"sqlite:///{shop}") as engine:
        answer = engine.query("SELECT id, total FROM orders WHERE total > $1 ORDER BY id", params=(1,), limit=1)

        assert (answer.columns, answer.rows, answer.truncated) == (("id", "total"), ((1, 5),), True)
        assert engine.query("SELECT ':x' AS \"a:b\"").rows == ((":x",),)
        assert "SQLite 3." in str(engine)
        assert not engine.owned


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM orders", "SELECT 1; DELETE FROM orders", "CREATE TABLE t (a int)", "ATTACH 'x.db' AS x", "PRAGMA journal_mode = WAL",
     "WITH x AS (SELECT 1) DELETE FROM orders", "VACUUM", "", "SELEC 1"],
)  # fmt: skip
def test_what_is_not_one_query_is_refused(shop: Path, sql: str) -> None:
    with connect(str(shop)) as engine, pytest.raises(StatementRefusedError):
        engine.query(sql)


def test_sqlite_itself_refuses_what_would_get_through(shop: Path) -> None:
    with connect(str(shop)) as engine:
        for sql in ("SELECT load_extension('x')", "SELECT writefile('y', 'z')", "SELECT nothing"):
            with pytest.raises((StatementFailedError, StatementRefusedError)):
                engine.query(sql)
        with pytest.raises(StatementRefusedError, match="does not run scripts"):
            engine.run("SELECT 1")


def test_a_statement_that_runs_too_long_is_ended(shop: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
    with connect(str(shop)) as engine, pytest.raises(StatementFailedError, match="interrupted"):
        engine.query(endless, timeout_s=0.2)


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("hello, this is no database at all")
    for name, words in (
        ("missing.db", "There is no file"),
        ("text.db", "is not a SQLite database"),
        ("", "is a folder"),
    ):
        with pytest.raises(SourceError, match=words):
            connect(f"sqlite:///{tmp_path / name}")


def test_an_empty_database_has_no_tables(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    sqlite3.connect(path).execute("PRAGMA user_version = 1").connection.close()

    assert pr.read(path).tables == ()


def test_a_closed_engine_says_so(shop: Path) -> None:
    engine = connect(str(shop))
    engine.close()
    engine.close()

    with pytest.raises(ServerUnavailableError, match="is closed"):
        engine.query("SELECT 1")


def test_any_other_database_is_read_through_reflection(shop: Path) -> None:
    """SQLite stands for it: what SQLAlchemy reflects is the tables, columns, keys and indexes."""
    from planroom.engines.sqlalchemy.engine import SqlalchemyEngine
    from planroom.engines.sqlalchemy.scripts import reflected_script

    with SqlalchemyEngine(f"sqlite:///{shop}") as engine:
        reflected = read(reflected_script(engine._connection), "sqlite")
    told = read(SQLITE, "sqlite")

    assert [table.id for table in reflected.tables] == [table.id for table in told.tables]
    for mine, theirs in zip(reflected.tables, told.tables, strict=True):
        assert [(each.name, each.type, each.nullable) for each in mine.columns] == [
            (each.name, each.type, each.nullable) for each in theirs.columns
        ]
        assert [key.columns for key in mine.foreign_keys] == [key.columns for key in theirs.foreign_keys]
    assert [view.name for view in reflected.views] == ["big"]


# -- URLs ----------------------------------------------------------------------------------------------------------------


def test_an_unreachable_server_is_said_without_the_password() -> None:
    pytest.importorskip("pymysql")
    with pytest.raises(ServerUnavailableError) as caught:
        connect("mysql://ann:geheim@127.0.0.1:1/shop")

    assert "geheim" not in str(caught.value)
    assert "mysql://ann@127.0.0.1:1/shop cannot be reached" in caught.value.what


def test_a_missing_driver_is_named_with_the_package_to_install() -> None:
    with pytest.raises((PlanroomError, MissingExtraError)) as caught:
        connect("oracle://ann:geheim@127.0.0.1/shop")

    assert "pip install oracledb" in caught.value.fix
    assert "geheim" not in str(caught.value)


def test_a_scheme_that_nobody_knows_is_said() -> None:
    with pytest.raises(SourceError, match="no database by nosuch://"):
        connect("nosuch://host/x")


# -- MariaDB -------------------------------------------------------------------------------------------------------------

MYSQL = """
CREATE TABLE customers (id int unsigned NOT NULL AUTO_INCREMENT, email varchar(100) NOT NULL, kind enum('a','b') DEFAULT 'a', PRIMARY KEY (id), UNIQUE KEY email (email)) COMMENT='who buys';
CREATE TABLE orders (
    id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, customer_id int unsigned NOT NULL, total decimal(10,2) DEFAULT 0.00,
    twice decimal(10,2) GENERATED ALWAYS AS (total * 2) STORED, placed datetime DEFAULT CURRENT_TIMESTAMP, note text,
    KEY placed (placed), CONSTRAINT by_customer FOREIGN KEY (customer_id) REFERENCES customers (id) ON DELETE CASCADE
);
CREATE VIEW big AS SELECT id, total FROM orders WHERE total > 100;
"""
TRIGGER = (
    "CREATE TRIGGER `odd%name` BEFORE INSERT ON orders FOR EACH ROW BEGIN SET NEW.total = 1; SET NEW.note = 'x'; END"
)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    reason = mariadb.missing()
    if reason:
        pytest.skip(reason)
    with mariadb.started() as url:
        yield url


@pytest.fixture(scope="module")
def database(server: str) -> str:
    import pymysql

    connection = pymysql.connect(user="root", unix_socket=server.rpartition("=")[2], autocommit=True)
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE shop")
        cursor.execute("USE shop")
        for statement in (*MYSQL.strip().removesuffix(";").split(";\n"), TRIGGER):
            cursor.execute(statement)
        cursor.execute("INSERT INTO customers (email) VALUES ('a')")
        cursor.execute("CREATE USER ann IDENTIFIED BY 'geheim'")
    connection.close()
    return server.replace("localhost/", "localhost/shop")


def test_a_live_mariadb_gives_the_model_of_the_script_that_made_it(database: str) -> None:
    model = pr.read(database)
    told = read(MYSQL, "mysql")

    assert model.name == "shop"
    assert [table.id for table in model.tables] == ["customers", "orders"]
    assert [str(change) for change in compare(told, model).changes if change.kind != "view"] == []
    assert [each.what for each in model.unread] == ["CREATE TRIGGER"]
    assert [view.name for view in model.views] == ["big"]


def test_a_query_on_mariadb_reads_and_nothing_else(database: str) -> None:
    with connect(database) as engine:
        assert engine.query("SELECT email FROM customers WHERE id = $1", params=(1,)).rows == (("a",),)
        assert engine.query("SELECT '10%' AS p").rows == (("10%",),)
        assert "MariaDB" in str(engine)
        for sql in (
            "DELETE FROM customers",
            "SELECT 1; SELECT 2",
            "SELECT 1 INTO OUTFILE '/tmp/x'",
            "SELECT * FROM customers FOR UPDATE",
        ):
            with pytest.raises(StatementRefusedError):
                engine.query(sql)
        with pytest.raises(StatementFailedError, match="nonsense"):
            engine.query("SELECT nonsense FROM customers")
        with pytest.raises(StatementFailedError, match="READ ONLY"), engine._errors():
            engine._answer("INSERT INTO customers (email) VALUES ('b')", (), 1)


def test_mariadb_ends_a_statement_that_runs_too_long(database: str) -> None:
    with connect(database) as engine, pytest.raises(StatementFailedError):
        engine.query("SELECT sum(a.seq * b.seq) FROM seq_1_to_100000 a, seq_1_to_100000 b", timeout_s=0.3)


def test_a_wrong_password_is_said_and_not_shown(database: str) -> None:
    with pytest.raises(ServerUnavailableError, match="Access denied") as caught:
        connect(database.replace("root@", "ann:falsch@"))

    assert "falsch" not in str(caught.value)


def test_mysql_scripts_that_planroom_writes_run(server: str) -> None:
    client = shutil.which("mariadb") or shutil.which("mysql")
    if not client:
        pytest.skip("no client program")
    script = pr.write("schemas/shop.sql", "mysql")
    done = subprocess.run(
        [client, "-uroot", f"--socket={server.rpartition('=')[2]}"],
        input=script,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.stderr == ""
    model = pr.read(server.replace("localhost/", "localhost/ordering"))
    assert len(model.tables) >= 8
