"""Linting whatever one is given: what it is taken for, what it meets, and what of it is let pass."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import planroom as pr
from planroom.errors import PlanroomError, SourceError, UnknownNameError
from planroom.findings import Severity
from planroom.linting.taking import subject_of
from planroom.workbench.lint_history import changed_since

TABLES = "create table a (id int primary key, n int); create table b (id int primary key, a_id int references a);"
NOT_IN = "select * from a where id not in (select a_id from b);"


DUMP = """
ALTER TABLE IF EXISTS ONLY shop.visit DROP CONSTRAINT IF EXISTS visit_person_fkey;
DROP FUNCTION IF EXISTS shop.tell(i integer, OUT o text);
SET statement_timeout = 0;
CREATE SCHEMA shop;
ALTER SCHEMA shop OWNER TO clerk;
ALTER SCHEMA public OWNER TO clerk;
CREATE TYPE shop."Mood" AS ENUM ('good', 'bad');
ALTER TYPE shop."Mood" OWNER TO clerk;
CREATE DOMAIN shop.year AS integer CONSTRAINT year_check CHECK (VALUE > 1900);
ALTER DOMAIN shop.year OWNER TO clerk;
CREATE FUNCTION shop.tell(i integer, OUT o text) RETURNS text LANGUAGE sql AS $_$ SELECT 'drop table x;' $_$;
ALTER FUNCTION shop.tell(i integer, OUT o text) OWNER TO clerk;
CREATE PROCEDURE shop.mend() LANGUAGE sql AS 'SELECT 1';
ALTER PROCEDURE shop.mend() OWNER TO clerk;
CREATE AGGREGATE shop.total(integer) (SFUNC = int4pl, STYPE = integer);
ALTER AGGREGATE shop.total(integer) OWNER TO clerk;
CREATE TEXT SEARCH CONFIGURATION shop.words (PARSER = pg_catalog."default");
ALTER TEXT SEARCH CONFIGURATION shop.words ADD MAPPING FOR word WITH simple;
CREATE SEQUENCE shop.person_id_seq START WITH 1;
CREATE TABLE shop."Person.Old" (id integer DEFAULT nextval('shop.person_id_seq'), born shop.year);
ALTER TABLE shop."Person.Old" OWNER TO clerk;
ALTER SEQUENCE shop.person_id_seq OWNED BY shop."Person.Old".id;
CREATE TABLE shop.visit (person integer NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE shop.visit_2030 (person integer NOT NULL, at date NOT NULL);
CREATE VIEW shop.visitor AS SELECT person FROM shop.visit;
ALTER VIEW shop.visitor OWNER TO clerk;
CREATE MATERIALIZED VIEW shop.often AS SELECT 1 AS n WITH NO DATA;
ALTER MATERIALIZED VIEW shop.often OWNER TO clerk;
ALTER TABLE ONLY shop.visit ATTACH PARTITION shop.visit_2030 FOR VALUES FROM ('2030-01-01') TO ('2031-01-01');
ALTER TABLE ONLY shop."Person.Old" ADD CONSTRAINT person_pk PRIMARY KEY (id);
ALTER TABLE ONLY shop.visit ADD CONSTRAINT visit_key UNIQUE (person, at);
ALTER INDEX shop.visit_key ATTACH PARTITION shop.visit_2030_key;
CREATE RULE none AS ON DELETE TO shop.visit DO INSTEAD NOTHING;
CREATE POLICY own ON shop.visit USING (true);
REFRESH MATERIALIZED VIEW shop.often;
ALTER DEFAULT PRIVILEGES FOR ROLE clerk IN SCHEMA shop GRANT SELECT ON TABLES TO clerk;
ALTER DATABASE till SET search_path = shop;
"""


def taken(*texts: str, with_model: bool = False) -> str:
    return str(subject_of([(f"{at}.sql", text) for at, text in enumerate(texts)], with_model=with_model)[0])


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("select 1", "queries"),
        ("(select 1) union select 2; update t set x = 1", "queries"),
        (TABLES, "schema"),
        (f"{TABLES} create index on a (n); alter table b add c int", "schema"),
        ("drop table if exists a; create table a (id int)", "schema"),
        ("create index on orders (x)", "migrations"),
        ('-- later\nALTER TABLE ONLY "S"."T" ADD x int', "migrations"),
        ("drop table a", "migrations"),
        ("vacuum full a", "migrations"),
        ("alter type mood add value 'x'", "migrations"),
        ("create table a (id int); insert into a values (1)", "schema"),
        (DUMP, "schema"),
        (f"{DUMP} alter function shop.told(i integer, out o text) owner to clerk", "migrations"),
        (f"{DUMP} create index on visits (person)", "migrations"),
        (
            "create table a (id serial); alter sequence a_id_seq cache 9; alter index if exists a_pkey rename to k",
            "schema",
        ),
        ("create table a (id serial); alter sequence b_id_seq cache 9", "migrations"),
        ("create table a (id int); alter table a rename to b; alter table b add n int; vacuum analyze b", "schema"),
        ("create table a (id int); create function f() returns int return 1; drop routine f()", "schema"),
        ("create table a (id int); drop trigger t on a; create rule r as on insert to a do nothing", "schema"),
        ("create table a (id int); drop trigger t on b", "migrations"),
        ("create table a (id int); vacuum (analyze) b", "migrations"),
        ("drop table if exists a", "migrations"),
        ("create table a (id int); alter schema public owner to x; alter language plpgsql owner to x", "schema"),
        ("create table `a` (id int); lock tables `a` write; alter table `a` disable keys", "schema"),
    ],
)
def test_a_text_is_taken_for_what_it_does(text, subject):
    assert taken(text) == subject


def test_definitions_are_a_migration_where_a_model_is_there_or_an_earlier_file_made_what_they_change():
    assert taken(TABLES, with_model=True) == "migrations"
    assert taken("select 1", with_model=True) == "queries"
    assert (
        str(subject_of([("x/a.sql", TABLES), ("x/b.sql", "alter table a add m int")], with_model=False)[0])
        == "migrations"
    )
    assert str(subject_of([("a.sql", TABLES), ("b.sql", "create table c ()")], with_model=False)[0]) == "schema"
    assert taken("create table a ()", "create table b ()") == "migrations", "numbered files"


def test_the_report_says_what_each_source_was_taken_for_and_the_caller_may_say_otherwise():
    assert [(each.subject, each.why) for each in pr.lint(TABLES).taken] == [("schema", "it makes what it speaks of")]
    assert pr.lint(TABLES, judge_as="migrations").taken[0].subject == "migrations"
    with pytest.raises(UnknownNameError, match="did you mean 'queries'"):
        pr.lint(TABLES, judge_as="querys")


def test_queries_meet_the_model_that_is_given():
    assert [each.code for each in pr.lint(NOT_IN, model=TABLES).findings] == ["QRY001"]
    assert pr.lint(NOT_IN, model=TABLES.replace("a_id int", "a_id int not null")).findings == ()


def test_one_broken_statement_costs_itself_alone_and_has_its_place():
    report = pr.lint(f"select 1;\nselec 2;\n{NOT_IN}", model=TABLES, judge_as="queries")

    assert [(each.code, each.location.line) for each in report.findings] == [("READ001", 2), ("QRY001", 3)]


def test_a_migration_of_what_nobody_showed_is_not_broken_but_one_that_contradicts_the_model_is():
    migration = "alter table nowhere add column x int"

    assert not [each for each in pr.lint(migration).findings if each.code == "READ001"]
    assert [each.code for each in pr.lint(migration, model=TABLES).findings if each.code[:4] == "READ"] == ["READ001"]


def test_a_reference_to_a_table_that_nobody_showed_costs_itself_alone(tmp_path):
    (tmp_path / "1_begin.sql").write_text(
        "create table profiles (id uuid primary key references auth.users, name text);"
        "create table posts (id bigint primary key, author uuid not null references profiles);"
        "create index on posts (author);"
    )
    (tmp_path / "2_go_on.sql").write_text("alter table profiles add check (name <> '');")

    report = pr.lint(tmp_path)
    loud = [(each.code, each.severity, each.subject) for each in report.findings if each.severity > Severity.NOTE]

    assert loud == [("READ006", Severity.WARNING, "public.profiles.id"), ("MIG008", Severity.ERROR, "public.profiles")]


def test_a_reference_that_was_not_read_is_neither_missing_nor_makes_its_table_lonely():
    ties = "".join(f"create table t{n} (id int primary key, cat_id int references cats);" for n in range(6))
    tables = f"create table cats (id int primary key);{ties}create table last (id int primary key, cat_id int{{}});"
    asked = ["SCH048", "SCH053"]

    assert [each.code for each in pr.lint(tables.format(""), select=asked).findings] != []
    assert [each.code for each in pr.lint(tables.format(" references zoo.cats"), select=asked).findings] == ["READ006"]


def test_files_folders_and_notebooks_are_judged(tmp_path):
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "one.sql").write_text(NOT_IN)
    (tmp_path / "q" / "two.sql").write_text("select 1 as x")
    cells = [
        {"cell_type": "code", "source": ["%%sql\n", NOT_IN]},
        {"cell_type": "code", "source": "print(1)"},
        {"cell_type": "markdown", "source": "# select"},
    ]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}))

    folder = pr.lint(tmp_path / "q", model=TABLES)
    notebook = pr.lint(str(tmp_path / "n.ipynb"), model=TABLES)

    assert [Path(each.location.source).name for each in folder.findings] == ["one.sql"]
    assert [(each.location.source, each.location.line) for each in notebook.findings] == [(f"{tmp_path}/n.ipynb#1", 2)]


def test_what_cannot_be_read_is_an_error_with_a_reason(tmp_path):
    (tmp_path / "latin.sql").write_bytes(b"select '\xe9' from a")
    (tmp_path / "n.ipynb").write_text("{}")
    for path in ("latin.sql", "n.ipynb", "missing.sql"):
        with pytest.raises(SourceError):
            pr.lint(tmp_path / path)
    with pytest.raises(PlanroomError, match="12 to 18"):
        pr.lint(NOT_IN, version=9)
    with pytest.raises(UnknownNameError, match="did you mean"):
        pr.lint(NOT_IN, select=["not-in-nulable"])
    with pytest.raises(UnknownNameError, match="table"):
        pr.lint(NOT_IN, model=TABLES, rows={"c": 1})


def test_rules_are_chosen_by_code_name_and_letters():
    schema = "create table a (x float, price float); create table b (t timestamp primary key);"
    codes = {each.code for each in pr.lint(schema).findings}

    assert len(codes) > 2
    assert {each.code for each in pr.lint(schema, select=["table-without-primary-key"]).findings} == {"SCH005"}
    assert {each.code for each in pr.lint(schema, ignore=["SCH005"]).findings} == codes - {"SCH005"}
    assert pr.lint(schema, ignore=["SCH"]).findings == ()


def test_a_comment_for_a_rule_that_is_not_asked_is_not_called_unused():
    text = f"-- planroom: allow QRY002 because of history\n{NOT_IN}"

    assert [each.code for each in pr.lint(text, model=TABLES).findings] == ["LNT003", "QRY001"]
    assert [each.code for each in pr.lint(text, model=TABLES, select=["QRY001"]).findings] == ["QRY001"]


def test_settings_weigh_leave_out_and_say_what_a_path_is(tmp_path, monkeypatch):
    (tmp_path / "planroom.toml").write_text(
        '[lint]\nmodel = "schema.sql"\n[lint.severity]\nQRY001 = "note"\n[lint.paths."old/*"]\nignore = ["QRY001"]\n'
        '[lint.paths."*.up.sql"]\nas = "migrations"\n'
    )
    (tmp_path / "schema.sql").write_text(TABLES)
    (tmp_path / "old").mkdir()
    for name in ("new.sql", "old/one.sql"):
        (tmp_path / name).write_text(NOT_IN)
    (tmp_path / "a.up.sql").write_text("select 1")
    monkeypatch.chdir(tmp_path)

    assert [each.severity for each in pr.lint("new.sql").findings] == [Severity.NOTE]
    assert pr.lint("old/one.sql").findings == ()
    assert pr.lint("a.up.sql").taken[0].why == "planroom.toml says so"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[lint]\nselekt = []", r"planroom.toml:2.*\n.*selekt.*\n.*did you mean 'select'"),
        ("[lint]\nselect = 1", "a list of rules, not 1"),
        ("[lint.severity]\nQRY001 = 'eror'", "did you mean 'error'"),
        ("[lint.paths.'x']\nass = 1", "did you mean 'as'"),
        ("[lint", "not TOML"),
        ("lint = 3", "is to be a table"),
        ("[lnt]\nselect = []", "planroom.toml:1.*\n.*'lnt'.*\n.*did you mean 'lint'"),
        ("[lint.paths.'x']\nas = 'querys'", "did you mean 'queries'"),
        ("[lint.paths.'x']\nignore = ['SCH9001']", "no rule 'SCH9001'"),
        ("[lint]\nignore = ['serial-colum']", "planroom.toml:2.*\n.*\n.*did you mean 'serial-column'"),
        ("[lint.severity]\nSCH9001 = 'error'", "no rule 'SCH9001'"),
        ("[lint]\nrows = {a = 'many'}", "'many' is not a number of rows"),
        ("[lint]\nrows = {a = true}", "True is no number of rows"),
        ("[lint]\npg-version = true", "12 to 18"),
        ("[lint]\npg-version = 9", "planroom.toml:2.*\n.*12 to 18"),
        ("[lint]\nselect = [1]", "a list of rules"),
    ],
)
def test_settings_that_cannot_be_meant_are_refused_with_their_place(tmp_path, monkeypatch, text, says):
    (tmp_path / "planroom.toml").write_text(text)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SourceError, match=says):
        pr.lint(NOT_IN)


def test_settings_hold_for_files_from_the_folder_of_their_file_on(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text(
        "[tool.other]\nselect = 1\n"
        '[tool.planroom.lint.paths]\n"old/*" = {ignore = ["QRY"]}\n"old/kept" = {severity = {QRY = "note"}}\n'
        '[tool.planroom.lint]\nrows = {a = "400M"}\n'
    )
    (tmp_path / "old" / "kept").mkdir(parents=True)
    (tmp_path / "old" / "q.sql").write_text(NOT_IN)
    (tmp_path / "q.sql").write_text(NOT_IN)
    monkeypatch.chdir(tmp_path / "old")

    assert pr.lint("q.sql", model=TABLES).findings == ()
    assert [each.code for each in pr.lint("../q.sql", model=TABLES).findings] == ["QRY001"]
    monkeypatch.chdir(tmp_path)
    assert pr.lint("old/q.sql", model=TABLES).findings == ()
    assert pr.lint(tmp_path / "old" / "q.sql", model=TABLES).findings == ()


@pytest.mark.parametrize(
    "settings",
    ['[tool.planroom.lint]\nignore = ["QRY001"]', '[tool."planroom".lint]\nignore = ["QRY001"]',
     '[tool.planroom]\nlint = {ignore = ["QRY001"]}', '[tool]\nplanroom = {lint = {ignore = ["QRY001"]}}',
     '[tool]\nplanroom.lint.ignore = ["QRY001"]', '[ tool . planroom . "lint" ]\nignore = ["QRY001"]'],
)  # fmt: skip
def test_settings_are_heeded_in_every_way_that_toml_writes_them(tmp_path, monkeypatch, settings):
    (tmp_path / "pyproject.toml").write_text(f'[project]\nscripts = {{planroom = "x:y"}}\n{settings}')
    monkeypatch.chdir(tmp_path)

    assert pr.lint(NOT_IN, model=TABLES).findings == ()
    (tmp_path / "pyproject.toml").write_text(settings.replace("lint", "lnit"))
    with pytest.raises(SourceError, match="lint"):
        pr.lint(NOT_IN, model=TABLES)


def test_a_model_of_the_settings_may_be_a_revision(tmp_path, monkeypatch):
    (tmp_path / "planroom.toml").write_text('[lint]\nmodel = "main:schema.sql"')
    (tmp_path / "schema.sql").write_text("create table z (id int primary key);")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError, match=r"'main:schema\.sql'"):
        pr.lint(NOT_IN)


def test_what_planroom_says_of_its_own_can_be_named_and_has_a_page():
    from planroom.linting.notices import NOTICES
    from planroom.linting.rulebook import rule_called, rule_page

    broken = "select 1;\nselec 2;"
    assert [each.code for each in pr.lint(broken, select=["QRY001"]).findings] == ["READ001"]
    assert pr.lint(broken, ignore=["READ001"]).findings == ()
    for notice in NOTICES.values():
        assert notice.page in rule_page(rule_called(notice.slug))
    said = pr.lint("-- planroom: allow MIG001\nselect 1;\n-- planroom: allow QRX, QRY001 because x\nselec")
    assert all(NOTICES[each.code].slug == each.slug for each in said.findings)
    assert {each.code for each in said.findings} == set(NOTICES) & {"LNT001", "LNT002", "LNT003", "READ001"}


def test_since_a_revision_only_changed_lines_count(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "q.sql").write_text(f"{NOT_IN}\n")

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "one")
    (tmp_path / "q.sql").write_text(f"{NOT_IN}\n{NOT_IN}\n")
    (tmp_path / "new.sql").write_text(NOT_IN)

    found = changed_since(pr.lint(["q.sql", "new.sql"], model=TABLES, judge_as="queries"), "HEAD").findings

    assert [(each.location.source, each.location.line) for each in found] == [("new.sql", 1), ("q.sql", 2)]
    with pytest.raises(SourceError, match="no revision"):
        changed_since(pr.lint("q.sql"), "nowhere")


def test_what_code_may_have_made_is_missing_with_less_certainty():
    missing = "create index on made_elsewhere (x)"
    code = "do $$ begin execute 'create table made_elsewhere (x int)'; end $$;"

    (broken,) = (each for each in pr.lint(missing, model=TABLES).findings if each.code == "READ001")
    (doubtful,) = (each for each in pr.lint(f"{code}{missing}", model=TABLES).findings if each.code == "READ001")

    assert (broken.severity, doubtful.severity) == (Severity.ERROR, Severity.WARNING)


def test_a_migration_is_judged_by_the_queries_that_go_on_being_sent(tmp_path, monkeypatch):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "report.sql").write_text("select 1;\nselect n from a")
    (tmp_path / "planroom.toml").write_text('[lint]\nqueries = "app"\n')
    renamed, unused = "alter table a rename column n to m", "alter table b rename column a_id to c_id"

    (broken,) = pr.lint(renamed, model=TABLES, queries=tmp_path / "app", select=["MIG037"]).findings
    assert "report.sql:2:1: there is no column n" in broken.message
    assert str(broken.severity) == "error"
    (quiet,) = pr.lint(unused, model=TABLES, queries=tmp_path / "app", select=["MIG025"]).findings
    assert quiet.message.endswith("none of the 2 queries given does")
    assert str(quiet.severity) == "note"
    monkeypatch.chdir(tmp_path)
    assert [each.code for each in pr.lint(renamed, model=TABLES, select=["MIG037"]).findings] == ["MIG037"]
    with pytest.raises(pr.PlanroomError, match="holds a design"):
        pr.lint(renamed, model=TABLES, queries=pr.read(TABLES))
