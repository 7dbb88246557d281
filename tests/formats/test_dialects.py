# ruff: noqa: E501  (a script reads best on one line)
"""Scripts of MySQL, SQLite and DuckDB: round trips, what the engines say of them, and what is not read."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import planroom as pr
from planroom.errors import UnknownNameError
from planroom.formats import FORMATS, Document
from planroom.model import Model
from planroom.sqltext.dialect_types import read_type
from tests.counting import calls
from tests.dialect_models import dialect_models


def read(text: str, dialect: str) -> Model:
    return FORMATS[dialect].read([Document("x.sql", text)])


def unread(model: Model) -> list[tuple[str, str]]:
    return [(each.kind, each.what) for each in model.unread if each.kind not in {"session", "data"}]


# -- round trips -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["mysql", "sqlite"])
def test_a_script_is_read_back_as_the_model_that_it_was_written_from(dialect):
    @settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
    @given(dialect_models(dialect))
    def holds(model: Model) -> None:
        script = FORMATS[dialect].write(model)

        assert unread(read(script, dialect)) == []
        assert read(script, dialect) == model

    holds()


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(dialect_models("sqlite"))
def test_sqlite_runs_the_script_and_says_the_same_of_it(model):
    assert judged_by_sqlite(FORMATS["sqlite"].write(model)) == told(model)


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(dialect_models("duckdb"))
def test_the_duckdb_script_read_as_text_is_what_duckdbs_catalog_says(model):
    pytest.importorskip("duckdb")
    from tests.formats.test_duckdb import made_by

    script = FORMATS["duckdb"].write(model)

    assert read(script, "duckdb") == made_by(script)


# -- what SQLite says --------------------------------------------------------------------------------------------------


def judged_by_sqlite(script: str) -> dict[str, Any]:
    """Return tables, keys, foreign keys and indexes as SQLite's own pragmas tell them."""
    with sqlite3.connect(":memory:") as connection:
        connection.executescript(script)
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'sqlite_sequence'")
        return {name: _table_of(connection, name) for (name,) in rows.fetchall()}


def _pragma(connection: sqlite3.Connection, what: str, name: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"SELECT * FROM pragma_{what}(?)", (name,)).fetchall()


def _table_of(connection: sqlite3.Connection, name: str) -> dict[str, Any]:
    columns = _pragma(connection, "table_xinfo", name)
    foreign: dict[int, list[tuple[Any, ...]]] = {}
    for row in _pragma(connection, "foreign_key_list", name):
        foreign.setdefault(row[0], []).append(row)
    indexes = _pragma(connection, "index_list", name)
    parts = {row[1]: [each[2] for each in _pragma(connection, "index_info", row[1])] for row in indexes}
    return {
        "columns": [
            (row[1], read_type(row[2].replace("GENERATED ALWAYS", ""), "sqlite"), bool(row[3] or row[5]))
            for row in columns
        ],
        "generated": [row[1] for row in columns if row[6] in {2, 3}],
        "key": [row[1] for row in sorted(columns, key=lambda row: row[5]) if row[5]],
        "unique": sorted(parts[row[1]] for row in indexes if row[3] == "u"),
        "foreign keys": sorted(_foreign_key_of(connection, rows) for rows in foreign.values()),
        "indexes": sorted((row[1], bool(row[2]), bool(row[4]), parts[row[1]]) for row in indexes if row[3] == "c"),
    }


def _foreign_key_of(connection: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> tuple[Any, ...]:
    """Return a foreign key; where it names no columns, SQLite means the key of the table."""
    target = rows[0][2].casefold()
    key = [row[1] for row in sorted(_pragma(connection, "table_xinfo", target), key=lambda row: row[5]) if row[5]]
    columns = [row[4] for row in rows] if rows[0][4] else key
    return [row[3] for row in rows], target, columns, rows[0][6].lower(), rows[0][5].lower()


def told(model: Model) -> dict[str, Any]:
    """Return the same of a model."""
    names = {table.id: table.name.casefold() for table in model.tables}
    return {
        table.name: {
            "columns": [(each.name, each.type, not each.nullable) for each in table.columns],
            "generated": [each.name for each in table.columns if each.generated],
            "key": list(table.primary_key.columns) if table.primary_key else [],
            "unique": sorted(list(each.columns) for each in table.unique_constraints),
            "foreign keys": sorted(
                (
                    list(key.columns),
                    names[key.referenced_table],
                    list(key.referenced_columns),
                    key.on_delete,
                    key.on_update,
                )
                for key in table.foreign_keys
            ),
            "indexes": sorted(
                (each.name, each.unique, each.predicate is not None, [part.column or None for part in each.columns])
                for each in table.indexes
            ),
        }
        for table in model.tables
    }


SQLITE = """
PRAGMA foreign_keys = ON;
CREATE TABLE [Artist] ([ArtistId] INTEGER PRIMARY KEY AUTOINCREMENT, Name NVARCHAR(120) COLLATE NOCASE DEFAULT ('x; y'));
CREATE TABLE "Album" (
    id INT NOT NULL, artist INTEGER CONSTRAINT fk REFERENCES artist ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
    picture BLOB SUB_TYPE TEXT DEFAULT NULL, size UNSIGNED BIG INT, "any",  -- it has no type
    twice INT GENERATED ALWAYS AS (id * 2) STORED, half AS (id / 2),
    CHECK (id > 0 AND size <> 3), UNIQUE (artist, id), PRIMARY KEY (id, artist)
) WITHOUT ROWID;
CREATE TABLE strict_one (a INTEGER PRIMARY KEY, b ANY) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ix ON album (lower(picture), id DESC) WHERE size > 5;
CREATE TRIGGER t AFTER INSERT ON Album BEGIN UPDATE Album SET size = CASE WHEN 1 THEN 2 END; DELETE FROM Artist; END;
CREATE VIEW v AS SELECT id, artist AS a FROM album;
ALTER TABLE strict_one RENAME TO s; ALTER TABLE s ADD COLUMN c text; ALTER TABLE s RENAME COLUMN c TO d;
INSERT INTO Artist VALUES (1, 'semi;colon');
"""


def test_a_sqlite_script_is_read_as_sqlite_itself_reads_it():
    model = read(SQLITE, "sqlite")

    assert unread(model) == [("structure", "CREATE TRIGGER")]
    assert told(model) == judged_by_sqlite(SQLITE)
    album = model.table("Album")
    assert dict(album.storage) == {"without_rowid": "true"}
    assert album.foreign_keys[0].name == "fk"
    assert album.foreign_keys[0].initially_deferred
    assert album.columns_by_name["twice"].generated.stored
    assert [check.name for check in album.checks] == ["Album_id_check"]
    assert str(model.table("Artist").columns[1].default) == "'x; y'"
    assert str(album.columns_by_name["any"].type) == ""


def test_a_planted_difference_is_seen_by_the_judge():
    model = read(SQLITE, "sqlite")
    album = model.table("Album")
    wrong = replace(album, foreign_keys=(replace(album.foreign_keys[0], on_delete="restrict"),))

    assert told(replace(model, tables=(wrong, *model.tables[1:]))) != judged_by_sqlite(SQLITE)


# -- MySQL -------------------------------------------------------------------------------------------------------------

MYSQL = """
-- MySQL dump 10.13
/*!40101 SET NAMES utf8 */;
CREATE DATABASE `shop`; USE `shop`;
DROP TABLE IF EXISTS `orders`;
/*!50503 SET character_set_client = utf8mb4 */;
CREATE TABLE `customers` (
  `id` int(10) unsigned NOT NULL AUTO_INCREMENT COMMENT 'it''s \\'the\\' key',
  `kind` enum('person','com\\'pany') CHARACTER SET latin1 DEFAULT 'person',
  `seen` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  `area` int GENERATED ALWAYS AS (`id` + 1) VIRTUAL,
  `name` varchar(40) BINARY DEFAULT NULL, # who it is
  PRIMARY KEY (`id`), KEY `by_name` (`name`(10), `seen` DESC) COMMENT 'k', UNIQUE KEY (`name`,`kind`),
  FULLTEXT KEY `words` (`name`), CHECK (`id` > 0)
) ENGINE=InnoDB AUTO_INCREMENT=201 DEFAULT CHARSET=utf8mb4 COMMENT='who; buys' /*!50100 PARTITION BY HASH (id) */;
CREATE TABLE `shop`.`orders` (id bigint PRIMARY KEY, customer int unsigned, other int unsigned,
  FOREIGN KEY (customer) REFERENCES Customers (ID) ON DELETE SET NULL, FOREIGN KEY (other) REFERENCES customers (id));
ALTER TABLE orders ADD COLUMN note text AFTER id, MODIFY customer int unsigned NOT NULL, CHANGE other owner int unsigned,
  ADD KEY (note(5)), ADD CONSTRAINT c CHECK (owner <> 2), DROP FOREIGN KEY orders_ibfk_2, ENGINE=MyISAM;
RENAME TABLE orders TO purchases;
CREATE UNIQUE INDEX one ON purchases (owner);
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER t BEFORE INSERT ON purchases FOR EACH ROW BEGIN
  IF NEW.id > 1 THEN SET NEW.note = 'a;b'; END IF; END */;;
DELIMITER ;
CREATE ALGORITHM=UNDEFINED DEFINER=`root`@`%` SQL SECURITY INVOKER VIEW v AS SELECT p.id FROM shop.purchases p;
LOCK TABLES `customers` WRITE; INSERT INTO customers VALUES (1,'x\\'; DROP'); UNLOCK TABLES;
CREATE TABLE copy AS SELECT * FROM customers;
CREATE TABLE broken (a int,, b int);
"""


def test_a_mysql_dump_is_read_with_what_it_says_in_comments_and_alters():
    model = read(MYSQL, "mysql")

    customers, purchases = model.table("customers"), model.table("purchases")
    assert model.name == "shop"
    assert customers.id == "customers"
    assert [str(each.type) for each in customers.columns[:3]] == ["int unsigned", "customers_kind", "timestamp"]
    assert customers.columns[0].comment == "it's 'the' key"
    assert customers.columns[0].identity
    assert model.enums[0].labels == ("person", "com'pany")
    assert customers.columns[2].default.text == "CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"
    assert customers.columns_by_name["name"].collation == "utf8mb4_bin"
    assert dict(customers.storage) == {"engine": "InnoDB", "charset": "utf8mb4"}
    assert customers.comment == "who; buys"
    assert customers.partitioning.strategy == "hash"
    assert {each.name: (each.method, [str(p) for p in each.columns]) for each in customers.indexes} == {
        "by_name": ("btree", ["name", "seen"]), "words": ("fulltext", ["name"]),
    }  # fmt: skip
    assert [each.name for each in customers.unique_constraints] == ["name"]
    assert [each.name for each in customers.checks] == ["customers_chk_1"]
    assert [column.name for column in purchases.columns] == ["id", "note", "customer", "owner"]
    assert [(key.name, key.referenced_columns, key.on_delete) for key in purchases.foreign_keys] == [
        ("orders_ibfk_1", ("id",), "set null")
    ]
    assert [each.name for each in purchases.unique_constraints] == ["one"]
    assert [each.name for each in purchases.indexes] == ["note"]
    assert model.views[0].query.text == "SELECT p.id FROM purchases p"


def test_what_is_not_read_of_a_mysql_dump_has_its_place_and_reason():
    kept = [each for each in read(MYSQL, "mysql").unread if each.kind not in {"data", "session"}]

    assert [(each.kind, each.what) for each in kept] == [
        ("structure", "CREATE TRIGGER"),
        ("privileges", "a clause of CREATE TRIGGER"),
        ("privileges", "a clause of CREATE VIEW"),
        ("privileges", "a clause of CREATE VIEW"),
        ("structure", "CREATE TABLE"),
        ("broken", "CREATE TABLE"),
    ]
    assert "NEW.note" in kept[0].text
    assert "follow from" in kept[4].reason
    broken = kept[-1]
    line = next(n for n, text in enumerate(MYSQL.splitlines(), 1) if "broken" in text)
    assert (broken.location.line, broken.location.column) == (line, 28)
    assert broken.reason == "a name was expected, not ','"


# -- which dialect it is -----------------------------------------------------------------------------------------------

TSQL = (
    "CREATE TABLE [dbo].[a]([id] [int] IDENTITY(1,1) NOT NULL, CONSTRAINT [pk] PRIMARY KEY CLUSTERED ([id] ASC))\nGO\n"
)
ORACLE = "CREATE TABLE a (id NUMBER(10) NOT NULL, n VARCHAR2(20 CHAR), CONSTRAINT a_pk PRIMARY KEY (id))\n/\n"
DUCKDB = "CREATE TABLE a (id UBIGINT, s STRUCT(x INTEGER));"
POSTGRES = "-- `ticks` and ENGINE=InnoDB in a comment\nCREATE TABLE a (id serial, n text DEFAULT 'auto_increment `x`');"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        (MYSQL, "mysql"),
        (SQLITE, "sqlite"),
        (TSQL, "tsql"),
        (ORACLE, "oracle"),
        (DUCKDB, "duckdb"),
        (POSTGRES, "postgres"),
    ],
    ids=["mysql", "sqlite", "tsql", "oracle", "duckdb", "postgres"],
)
def test_a_sql_file_is_read_in_the_dialect_that_it_shows_and_that_is_said(tmp_path, text, dialect):
    path = tmp_path / "a.sql"
    path.write_text(text)

    model = pr.read(path)

    assert model.dialect == dialect
    assert model.tables
    said = [each.message for each in model.findings if each.slug == "dialect-guessed"]
    assert len(said) == (dialect != "postgres")
    assert all("--from postgres" in each for each in said)


def test_a_dialect_that_is_named_is_read_so_and_as_best_effort_where_planroom_has_no_reader(tmp_path):
    path = tmp_path / "a.sql"
    path.write_text("create or replace transient table a (id number(38,0) not null, v variant); create stage s;")

    model = pr.read(path, format="snowflake")

    assert [str(each.type) for each in model.tables[0].columns] == ["numeric(38,0)", "variant"]
    assert [each.slug for each in model.findings] == ["dialect-read-as-best-effort"]
    assert "1 × structure" in model.findings[0].message
    with pytest.raises(UnknownNameError, match="snowflak") as caught:
        pr.read(path, format="snowflak")
    assert "snowflake" in caught.value.fix
    assert pr.read(path, format="mariadb").dialect == "mysql"


# -- bad input ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dialect", ["mysql", "sqlite", "duckdb", "tsql"])
@pytest.mark.parametrize(
    "text",
    ["", "(" * 100_000, "create table t (a int default " + "(" * 50_000, "'" + "x" * 1_000_000, "create table `", "\0",
     "create table t (a int) " + "x " * 50_000, "delimiter", "create", "alter table", "create index on (a)"],
)  # fmt: skip
def test_any_text_is_read_without_an_error_or_a_long_wait(dialect, text):
    assert read_as(text, dialect).tables in ((), read_as(text, dialect).tables)


def read_as(text: str, dialect: str) -> Model:
    from planroom.formats._sql.reading import read_script

    return read_script([("x.sql", text)], dialect)


def test_reading_is_linear():
    def work(count: int) -> int:
        text = "".join(
            f"CREATE TABLE t{n} (id int PRIMARY KEY, p int, FOREIGN KEY (p) REFERENCES t{n // 2} (id));\n"
            for n in range(count)
        )
        return calls(lambda: read(text, "mysql"))

    work(50)
    assert work(800) < 5 * work(200)


def test_names_in_scripts_are_quoted_whatever_they_are():
    script = FORMATS["mysql"].write(read("CREATE TABLE `a``b` (`x'\"` int, PRIMARY KEY (`x'\"`));", "mysql"))

    assert re.search(r"CREATE TABLE `a``b`", script)
