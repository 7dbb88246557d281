"""Types of every dialect are read, written back, and translated with what that loses."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.sqltext import DataType
from planroom.sqltext.dialect_types import enum_labels, read_type, write_type
from planroom.sqltext.type_mappings import MAPPINGS

READ = {
    ("INT(11)", "mysql"): "integer",
    ("INT(10) UNSIGNED", "mysql"): "int unsigned",
    ("int(5) zerofill", "mysql"): "int(5) unsigned zerofill",
    ("tinyint(1)", "mysql"): "tinyint(1)",
    ("bool", "mysql"): "tinyint(1)",
    ("tinyint(4)", "mysql"): "tinyint",
    ("decimal", "mysql"): "numeric(10,0)",
    ("DECIMAL(5) UNSIGNED", "mysql"): "decimal(5,0) unsigned",
    ("national  varchar(10)", "mysql"): "character varying(10)",
    ("float(30)", "mysql"): "double precision",
    ("datetime(0)", "mysql"): "datetime",
    ("TIMESTAMP(3)", "mysql"): "timestamp(3)",
    ("INTEGER", "sqlite"): "integer",
    ("INT", "sqlite"): "int",
    ("NVARCHAR(160)", "sqlite"): "character varying(160)",
    ("", "sqlite"): "",
    ("VARCHAR(20)", "duckdb"): "text",
    ("DECIMAL", "duckdb"): "numeric(18,3)",
    ("TIMESTAMPTZ[]", "duckdb"): "timestamp with time zone[]",
    ("STRUCT(a INTEGER, b VARCHAR)", "duckdb"): "STRUCT(a INTEGER, b VARCHAR)",
    ("uniqueidentifier", "tsql"): "uuid",
    ("VARCHAR2(20 CHAR)", "oracle"): "character varying(20)",
    ("DATE", "oracle"): "date",
    ("timestamptz", "postgres"): "timestamp with time zone",
}


@pytest.mark.parametrize(("text", "dialect"), READ)
def test_a_type_bears_postgresqls_name_where_that_means_the_same(text, dialect):
    assert str(read_type(text, dialect)) == READ[text, dialect]


@pytest.mark.parametrize(("text", "dialect"), [each for each in READ if each[1] != "oracle"])
def test_a_type_written_in_its_own_dialect_is_read_back(text, dialect):
    kind = read_type(text, dialect)
    mapped = write_type(kind, model_dialect=dialect, to=dialect)

    assert not mapped.lost
    assert read_type(mapped.text, dialect) == kind


@pytest.mark.parametrize(
    ("text", "source", "to", "written", "lost"),
    [
        ("int unsigned", "mysql", "postgres", "bigint", "negative numbers"),
        ("int unsigned", "mysql", "duckdb", "uinteger", ""),
        ("timestamptz", "postgres", "mysql", "datetime(6)", "the time zone is lost"),
        ("jsonb", "postgres", "mysql", "json", "indexed"),
        ("uuid", "postgres", "mysql", "char(36)", "no longer checked"),
        ("text[]", "postgres", "mysql", "json", "elements"),
        ("text[]", "postgres", "duckdb", "varchar[]", ""),
        ("int4range", "postgres", "sqlite", "text", "without the type's operators"),
        ("varchar(20000)", "postgres", "mysql", "longtext", "length"),
        ("numeric(50,10)", "postgres", "duckdb", "double", "approximate"),
        ("INTEGER", "sqlite", "postgres", "bigint", ""),
        ("bit", "tsql", "postgres", "boolean", ""),
        ("datetime2(7)", "tsql", "mysql", "datetime(6)", "rounded"),
        ("DATE", "oracle", "postgres", "timestamp(0) without time zone", ""),
    ],
)
def test_a_type_in_another_dialect_comes_with_what_is_lost(text, source, to, written, lost):
    mapped = write_type(read_type(text, source), model_dialect=source, to=to)

    assert mapped.text == written
    assert lost in mapped.lost
    assert bool(lost) == bool(mapped.lost)


@pytest.mark.parametrize(("source", "to"), MAPPINGS)
def test_every_type_of_a_table_is_one_that_the_dialect_wanted_reads_and_writes(source, to):
    for row in MAPPINGS[source, to].values():
        kind = read_type(row.text.format("7", "2"), to)
        again = write_type(kind, model_dialect=to, to=to)

        assert read_type(again.text, to) == kind, row


def test_the_labels_of_an_enum_are_read_with_their_escapes():
    assert enum_labels(r"ENUM('a', 'it''s', 'b\'c', '\\n')") == ("a", "it's", "b'c", r"\n")
    assert enum_labels("set('a')") is None


@given(st.text(max_size=30), st.sampled_from(["mysql", "sqlite", "duckdb", "postgres", "tsql"]))
def test_any_text_is_a_type_of_some_name(text, dialect):
    kind = read_type(text, dialect)

    assert isinstance(kind, DataType)
    assert write_type(kind, model_dialect=dialect, to="postgres")


SQLITE_EXTREMES = {
    "smallint": [-(2**15), 2**15 - 1],
    "integer": [-(2**31), 2**31 - 1],
    "bigint": [-(2**63), 2**63 - 1],
    "double precision": [1.7976931348623157e308, 5e-324, float("inf")],
    "real": [3.4028234663852886e38],
    "numeric(15,2)": [9999999999999.99, -0.01],
    "text": ["1e5", "007", "x" * 100_000, "\u202e"],
    "character varying(20)": ["00.10", ""],
    "character(3)": ["007"],
    "bytea": [b"\0\xff"],
    "date": ["0001-01-01", "9999-12-31", "infinity"],
    "timestamp without time zone": ["9999-12-31 23:59:59.999999"],
    "time without time zone": ["24:00:00"],
    "boolean": [0, 1],
    "oid": [2**32 - 1],
    "uuid": ["00000000-0000-0000-0000-000000000000", "12345678-1234-5678-1234-567812345678"],
    "json": ["5", "1e400"],
    "interval": ["5", "1 day"],
    "tstzrange": ["[,)"],
}


@pytest.mark.parametrize("name", SQLITE_EXTREMES)
def test_sqlite_gives_the_extremes_of_a_type_back_as_they_were(name):
    mapped = write_type(read_type(name, "postgres"), model_dialect="postgres", to="sqlite")
    with sqlite3.connect(":memory:") as connection:
        connection.execute(f"CREATE TABLE t (v {mapped.text})")
        connection.executemany("INSERT INTO t VALUES (?)", [(value,) for value in SQLITE_EXTREMES[name]])
        found = [row[0] for row in connection.execute("SELECT v FROM t")]

    assert not mapped.alters
    assert found == SQLITE_EXTREMES[name]
    assert [type(each) for each in found] == [type(each) for each in SQLITE_EXTREMES[name]]
