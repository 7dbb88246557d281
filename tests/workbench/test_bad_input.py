"""Bad input of every kind that an architect meets gets an error that says what, where, why, and what to do."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import planroom as pr
from planroom.cli import main
from planroom.errors import EngineError, SourceError, SyntaxProblem, UnknownNameError
from tests.counting import calls

MYSQL = """\
-- MySQL dump 10.13  Distrib 8.0.36
/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
DROP TABLE IF EXISTS `orders`;
CREATE TABLE `orders` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `note` varchar(20) DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `orders` WRITE;
"""
TSQL = """\
USE [Shop]
GO
SET ANSI_NULLS ON
GO
CREATE TABLE [dbo].[Orders](
    [Id] [int] IDENTITY(1,1) NOT NULL,
    [Note] [nvarchar](50) NULL,
 CONSTRAINT [PK_Orders] PRIMARY KEY CLUSTERED ([Id] ASC)
) ON [PRIMARY]
GO
"""
ORACLE = """\
CREATE TABLE orders (
  id NUMBER(10) NOT NULL,
  note VARCHAR2(50 CHAR),
  created DATE DEFAULT SYSDATE,
  CONSTRAINT orders_pk PRIMARY KEY (id) USING INDEX TABLESPACE users
)
/
CREATE SEQUENCE s START WITH 1 NOCACHE
/
"""
SQLITE = 'PRAGMA foreign_keys=ON;\nCREATE TABLE "a" (id INTEGER PRIMARY KEY AUTOINCREMENT) WITHOUT ROWID;\n'


@pytest.fixture
def refused(tmp_path, monkeypatch, capsys):
    """Write a file and read it: the error, which the command line tells in the same words."""
    monkeypatch.chdir(tmp_path)

    def refuse(content: bytes | str | None, name: str = "schema.sql", *, as_format: str = "") -> pr.PlanroomError:
        if content is not None:
            Path(name).write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(pr.PlanroomError) as caught:
            pr.read(name, format=as_format)
        capsys.readouterr()
        for command in (["show", name], ["convert", name, "--to", "json"], ["er", name]):
            assert main([*command, *(["--from", as_format] if as_format else [])]) == 2
            printed = capsys.readouterr()
            assert (printed.out, printed.err) == ("", f"{caught.value}\n")
        return caught.value

    return refuse


# -- not there, or not readable ----------------------------------------------------------------------------------------


def test_a_missing_file_names_the_nearest_one(refused):
    Path("shop.sql").write_text("CREATE TABLE a (id int);")

    assert str(refused(None, "shpo.sql")) == (
        "There is no file or folder 'shpo.sql'.\n  fix: did you mean 'shop.sql'?"
    )  # fmt: skip


def test_a_missing_folder_on_the_way_is_named_and_the_nearest_path_too(refused):
    Path("schemas").mkdir()
    Path("schemas/shop.sql").write_text("CREATE TABLE a (id int);")

    error = refused(None, "schmas/shop.sq")

    assert error.why == "the folder 'schmas' does not exist."
    assert error.fix == "did you mean 'schemas/shop.sql'?"


def test_a_missing_file_with_no_like_says_where_paths_start(refused):
    assert "relative ones start where you are" in refused(None, "zzz.sql").fix


def test_a_folder_without_sql_says_which_files_are_read(refused):
    Path("docs").mkdir()
    Path("docs/readme.txt").write_text("CREATE TABLE a (id int);")

    error = refused(None, "docs")

    assert error.what == "The folder 'docs' holds no SQL file."
    assert ".sql" in error.why


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_source_is_no_folder(text):
    with pytest.raises(SourceError, match="The source is empty"):
        pr.read(text)


def test_a_file_that_may_not_be_read_says_so(refused, monkeypatch):
    path = Path("schema.sql")
    path.write_text("CREATE TABLE a (id int);")

    def denied(self, *_arguments, **_options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)  # root may read everything: a mode of 000 would not do

    assert refused(None).why == "Permission denied."


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_modes_are_respected(refused):
    Path("closed").mkdir()
    Path("closed/a.sql").write_text("CREATE TABLE a (id int);")
    Path("closed").chmod(0)
    try:
        assert refused(None, "closed").why == "Permission denied."
        assert refused(None, "closed/a.sql").why == "Permission denied."
    finally:
        Path("closed").chmod(0o700)


def test_a_folder_that_may_not_be_listed_says_so(refused, monkeypatch):
    Path("closed").mkdir()

    def denied(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)

    assert str(refused(None, "closed")) == "'closed' cannot be read.\n  why: Permission denied."


def test_a_folder_that_may_not_be_entered_says_so(refused, monkeypatch):
    def denied(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", denied)

    assert refused(None, "closed/a.sql").why == "Permission denied."


def test_an_endless_path_is_cut_in_the_message():
    with pytest.raises(SourceError) as caught:
        pr.read("x" * 1_000_000)

    assert len(str(caught.value)) < 500


# -- not text ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why", "fix"),
    [
        (bytes(range(256)) * 40, "it holds NUL bytes", "text file"),
        (b"PGDMP\x01\x0e\x00rest", "custom format", "pg_restore -s -f schema.sql schema.sql"),
        (b"\x1f\x8b\x08\x00\x00\x00\x00\x00", "compressed", "gunzip"),
        (b"PK\x03\x04\x14\x00", "zip archive", "unzip"),
        ("create table a (id int);".encode("utf-16-le"), "UTF-16 without the mark", "iconv -f utf-16le"),
        ("create table a (id int);".encode("utf-16-be"), "UTF-16 without the mark", "iconv -f utf-16be"),
    ],
)
def test_a_binary_file_says_what_it_is_and_what_to_do(refused, content, why, fix):
    error = refused(content)

    assert error.what == "'schema.sql' is not a text file."
    assert why in error.why
    assert fix in error.fix


def test_a_file_that_begins_like_a_sqlite_database_and_is_none_is_refused(refused):
    error = refused(b"SQLite format 3\x00" + bytes(80))

    assert error.what == "schema.sql is not a SQLite database."
    assert error.why == "file is not a database."


def test_text_that_is_not_utf_8_is_refused_with_its_place(refused):
    error = refused("-- first\ncreate table café (a int);".encode("latin-1"))

    assert error.what == "'schema.sql' is not UTF-8."
    assert error.where == "schema.sql:2:17"
    assert "0xe9" in error.why
    assert "iconv" in error.fix


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_marks_and_line_ends_of_other_systems_are_read(tmp_path, encoding, line_end):
    path = tmp_path / "a.sql"
    path.write_bytes(f"create table é (id int);{line_end}create table b (id int);{line_end}".encode(encoding))

    model = pr.read(path)

    assert {table.name for table in model.tables} == {"b", "é"}
    assert model.unread == ()
    assert {table.name: table.origin.line for table in model.tables} == {"é": 1, "b": 2}


def test_a_nul_byte_far_into_a_file_costs_its_statement_alone(tmp_path):
    path = tmp_path / "a.sql"
    path.write_bytes(
        b"create table a (id int);\n" + b"-- x\n" * 3_000 + b"create table b (\0);\ncreate table c (id int);"
    )

    model = pr.read(path)

    assert [table.name for table in model.tables] == ["a", "c"]
    assert [(each.location.line, each.location.column, each.reason) for each in model.unread] == [
        (3002, 17, "it holds a NUL byte")
    ]


# -- nothing in it -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "it is empty."),
        (" \n\t\n", "it is empty."),
        ("-- nothing\n/* at /* all */ */\n", "it holds nothing but comments."),
        ("SET x = 1; INSERT INTO a VALUES (1); SELECT 1;", "it holds only 1 × data"),
    ],
)
def test_a_file_that_makes_nothing_is_refused(refused, content, why):
    error = refused(content)

    assert error.what == "'schema.sql' makes no table, nor anything else."
    assert why in error.why
    assert "pg_dump" in error.fix


def test_a_folder_of_empty_files_is_refused(tmp_path):
    for name in ("a.sql", "b.sql", "c.sql", "d.sql"):
        (tmp_path / name).write_text("-- later")

    with pytest.raises(SourceError, match=r"a\.sql.*and 1 more makes no table"):
        pr.read(tmp_path)


def test_a_model_without_tables_that_says_so_is_read(tmp_path):
    path = tmp_path / "empty.json"

    pr.write(pr.Model(), path)

    assert pr.read(path) == pr.Model()


@pytest.mark.parametrize("statement", ["CREATE EXTENSION hstore", "CREATE TYPE e AS ENUM ('a')", "CREATE SCHEMA s"])
def test_a_script_without_tables_that_makes_something_is_read(statement):
    assert pr.read(statement + ";\n").unread == ()


@pytest.mark.parametrize(
    ("script", "product", "dialect"),
    [
        (MYSQL, "MySQL", "mysql"),
        (TSQL, "SQL Server (T-SQL)", "tsql"),
        (ORACLE, "Oracle", "oracle"),
        (SQLITE, "SQLite", "sqlite"),
    ],
)
def test_another_dialect_is_recognised_when_nothing_parses(refused, script, product, dialect):
    error = refused(script, as_format="postgres")

    assert isinstance(error, SyntaxProblem)
    assert error.what == "Nothing in 'schema.sql' could be read as PostgreSQL."
    assert f"it looks like {product}" in error.why
    assert dialect in error.fix
    assert error.where.startswith("schema.sql:")


def test_a_script_that_does_not_parse_is_not_called_another_dialect_without_a_sign(refused):
    error = refused("CREATE TABEL a (id int);\nCREATE TABEL b (id int);")

    assert "looks like" not in error.why
    assert error.where == "schema.sql:1:8"
    assert 'syntax error at or near "TABEL"' in error.why


# -- partly broken -----------------------------------------------------------------------------------------------------


def test_one_broken_statement_of_two_thousand_costs_that_one_alone(tmp_path, capsys):
    lines = [f"create table t{number} (id int primary key);" for number in range(1, 2001)]
    lines[999] = "create table t1000 (id int,, x);"
    path = tmp_path / "schema.sql"
    path.write_text("\n".join(lines))

    model = pr.read(path)
    status = main(["show", str(path), "--format", "json"])
    found = json.loads(capsys.readouterr().out)

    assert len(model.tables) == 1_999
    assert [(each.kind, str(each.location)) for each in model.unread] == [("broken", f"{path}:1000:28")]
    assert model.unread[0].text == "create table t1000 (id int,, x)"
    assert status == 1
    assert [(each["line"], each["column"]) for each in found["unread"]] == [(1000, 28)]
    assert found["counts"]["tables"] == 1_999


@pytest.mark.parametrize(
    "expression", ["(" * 10_000 + "1" + ")" * 10_000, "+".join(["1"] * 20_000), "NOT " * 20_000 + "true"]
)
def test_what_is_nested_too_deeply_costs_its_statement_alone(expression):
    model = pr.read(f"create table a (id int);\ncreate view v as select {expression} as x;\ncreate table b (id int);")

    assert [table.name for table in model.tables] == ["a", "b"]
    assert [each.location.line for each in model.unread] == [2] * len(model.unread)
    assert len(model.unread) + len(model.views) == 1


def test_a_single_line_of_ten_megabytes_is_read_in_linear_time():
    def work(tables: int) -> int:
        text = " ".join(f"create table t{n} (c text default '{'x' * 10_000}');" for n in range(tables)) + "\n"
        return calls(lambda: pr.read(text))

    assert (
        len(pr.read("".join(f"create table t{n} (c text default '{'x' * 10_000}'); " for n in range(1_000))).tables)
        == 1_000
    )
    assert work(400) < 5 * work(100)


# -- databases ---------------------------------------------------------------------------------------------------------


def test_an_unreachable_server_is_said_without_the_password(capsys):
    url = "postgresql://ann:geheim@127.0.0.1:1/shop"

    with pytest.raises(EngineError) as caught:
        pr.read(url)
    status = main(["show", url])

    assert "postgresql://ann@127.0.0.1:1/shop cannot be reached" in str(caught.value)
    assert "check the host and the port" in str(caught.value)
    assert status == 2
    assert "geheim" not in str(caught.value) + "".join(capsys.readouterr())


@pytest.mark.parametrize("url", ["nosuch://ann:geheim@h/d", "no-such+x://ann:geheim@h/d", "postgre://ann:geheim@h/d"])
def test_an_unknown_kind_of_url_is_said_without_the_password(url, capsys):
    with pytest.raises(SourceError) as caught:
        pr.read(url)
    status = main(["show", url])

    assert f"no database by {url.partition('://')[0]}:// URLs" in str(caught.value)
    assert "postgresql://" in caught.value.fix
    assert status == 2
    assert "geheim" not in str(caught.value) + "".join(capsys.readouterr())


def test_a_damaged_duckdb_file_is_said(tmp_path):
    path = tmp_path / "warehouse.duckdb"
    path.write_bytes(bytes(8) + b"DUCK" + b"\xff" * 4_096)

    with pytest.raises(pr.PlanroomError, match=r"warehouse\.duckdb"):
        pr.read(path)


def test_an_object_that_is_no_source_is_said():
    with pytest.raises(SourceError, match="A dict is no source of a model"):
        pr.read({"tables": []})


def test_an_unknown_format_names_the_nearest(tmp_path):
    path = tmp_path / "a.sql"
    path.write_text("create table a (id int);")

    with pytest.raises(UnknownNameError, match="did you mean 'postgres'"):
        pr.read(path, format="postgre")


def test_a_file_whose_suffix_means_nothing_lists_the_formats(refused):
    error = refused("a picture", "schema.png")

    assert error.what == "There is no format for files called '*.png'."
    assert "postgres" in error.why
