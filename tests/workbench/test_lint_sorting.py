"""What is linted together is sorted out: each script, cell and statement goes where it belongs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import planroom as pr
from planroom.errors import UnknownNameError
from tests.counting import calls

TABLES = "create table a (id int primary key, n int); create table b (id int primary key, a_id int references a);"
NOT_IN = "select * from a where id not in (select a_id from b);"


def codes(report, letters: str = "") -> list[tuple[str, int]]:
    return [(each.code, each.location.line) for each in report.findings if each.code.startswith(letters)]


def named(report, letters: str = "") -> list[tuple[str, str]]:
    return [(Path(each.location.source).name, each.code) for each in report.findings if each.code.startswith(letters)]


def told(report) -> list[tuple[str, str]]:
    return [(each.source, each.subject) for each in report.taken]


# -- notebooks ---------------------------------------------------------------------------------------------------------


def cells(*sources: str) -> str:
    return json.dumps({"cells": [{"cell_type": "code", "source": each.splitlines(keepends=True)} for each in sources]})


def test_sql_of_a_notebook_is_found_by_magic_or_by_what_it_is_and_python_is_left_alone(tmp_path):
    path = tmp_path / "n.ipynb"
    path.write_text(
        cells(
            f"\n%%sql postgresql://me@host/x\n{NOT_IN}",
            f"x = 1\nrows = %sql {NOT_IN}\nprint(rows)",
            f"{NOT_IN[:14]}\n{NOT_IN[14:]}",
            "with open('x') as f:\n    select = 1",
            f'text = """\n{NOT_IN}\n"""',
            "update = 3",
        )
    )
    found = pr.lint(path, model=TABLES).findings

    places = [(each.location.source.rpartition("#")[2], each.location.line, each.location.column) for each in found]
    assert places == [("1", 3, 23), ("2", 2, 35), ("3", 2, 9)]
    path.write_text(cells("print(1)"))
    assert [each.why for each in pr.lint(path).taken] == ["it holds no SQL"]


# -- folders -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with a design, three migrations and a query."""
    for name, text in {
        "schema.sql": TABLES,
        "migrations/1.sql": "create table z (id int primary key, k int);",
        "migrations/2.sql": "alter table z add column m int; select * from z where id not in (select m from z);",
        "migrations/3.sql": "update z set k = 1;",
        "queries/q.sql": NOT_IN,
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_file_of_a_folder_goes_where_the_settings_or_its_content_say(project):
    by_content = pr.lint(".")
    (project / "planroom.toml").write_text(
        '[lint.paths]\nmigrations = {as = "migrations"}\nqueries = {as = "queries"}\n"schema.sql" = {as = "schema"}'
    )
    by_settings = pr.lint(".")

    assert told(by_content) == [("migrations/1.sql and 3 more", "migrations"), ("queries/q.sql", "queries")]
    assert told(by_settings) == [
        ("schema.sql", "schema"), ("migrations/1.sql and 2 more", "migrations"), ("queries/q.sql", "queries"),
    ]  # fmt: skip
    assert {each.why for each in by_settings.taken} == {"planroom.toml says so"}
    for report in (by_content, by_settings):
        assert ("q.sql", "QRY001") in named(report)


def test_a_script_that_only_changes_rows_is_a_step_among_steps_and_a_query_among_queries(project):
    assert ("3.sql", "MIG027") in named(pr.lint("migrations"))
    (project / "queries" / "v.sql").write_text("create view v as select 1 as x;")
    (project / "queries" / "u.sql").write_text("delete from a;")

    assert told(pr.lint("queries")) == [("queries/v.sql", "schema"), ("queries/q.sql and 1 more", "queries")]


def test_what_the_files_beside_a_query_make_need_not_be_all_there_is(project):
    (project / "queries" / "v.sql").write_text("create view v as select 1 as x;")

    assert [each.slug for each in pr.lint("queries").findings if each.slug == "unknown-table"] == []


@pytest.fixture
def split(tmp_path, monkeypatch):
    """A design in files without an order: what completes the tables comes before them."""
    for name, text in {
        "constraints.sql": "alter table b drop constraint if exists b_a_fk cascade;"
        "alter table only b add constraint b_a_fk foreign key (a_id) references a (id);"
        "alter table a alter column n set not null;",
        "indexes.sql": "drop index if exists b_a; create index b_a on b (a_id); alter table a owner to postgres;",
        "tables.sql": "create table a (id int primary key, n int); create table b (id int primary key, a_id int);",
    }.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_files_without_numbers_that_complete_each_others_tables_are_one_design(split):
    report = pr.lint(".")

    assert told(pr.lint(["./tables.sql", "./constraints.sql"])) == [("./tables.sql and 1 more", "schema")]
    assert told(report) == [(".", "schema")]
    assert named(report, "MIG") == named(report, "READ") == []
    assert ("tables.sql", "SCH003") not in named(report)  # the foreign key and its index were read
    assert told(pr.lint(["tables.sql", "constraints.sql", "indexes.sql"])) == [("tables.sql and 2 more", "schema")]


@pytest.mark.parametrize(
    "change",
    ["alter table a add column m int;", "alter table a drop column n;", "alter table a rename to c;", "drop table a;",
     "alter table a alter column n type bigint;", "truncate a;", "alter table z add constraint k check (id > 0);"],
)  # fmt: skip
def test_a_file_that_changes_what_another_made_is_a_step(split, change):
    (split / "update.sql").write_text(change)

    assert told(pr.lint(".")) == [(".", "migrations")]


@pytest.mark.parametrize("name", ["2_indexes.sql", "V2__indexes.sql", "20240102_x/migration.sql"])
def test_files_with_numbers_are_steps_whatever_they_do(split, name):
    (split / name).parent.mkdir(exist_ok=True)
    (split / "indexes.sql").rename(split / name)

    assert told(pr.lint(".")) == [(".", "migrations")]


def test_some_files_of_a_folder_are_judged_one_after_the_other_and_what_others_make_is_not_missing(project):
    named_files = pr.lint(["migrations/1.sql", "migrations/2.sql", "migrations/3.sql"])

    assert told(named_files) == [("migrations/1.sql and 2 more", "migrations")]
    assert [each.slug for each in pr.lint(["migrations/2.sql", "migrations/3.sql"]).findings if each.code < "MIG"] == []
    (project / "migrations" / "4.sql").write_text("alter table z alter column k type int;")  # which it is already
    assert ("4.sql", "MIG005") in named(pr.lint("migrations/4.sql"))
    assert ("4.sql", "MIG005") not in named(pr.lint(["migrations/1.sql", "migrations/4.sql"]))


def test_designs_and_files_that_take_a_step_back_are_judged_apart(project):
    (project / "other.sql").write_text(TABLES)
    (project / "migrations" / "2.down.sql").write_text("alter table z drop column m;")

    assert told(pr.lint(["schema.sql", "other.sql"])) == [("schema.sql", "schema"), ("other.sql", "schema")]
    assert told(pr.lint(["migrations/2.down.sql", "migrations/1.sql", "migrations/2.sql"])) == [
        ("migrations/2.down.sql", "migrations"), ("migrations/1.sql and 1 more", "migrations"),
    ]  # fmt: skip


def test_queries_that_are_named_beside_their_design_are_judged_with_it(project):
    report = pr.lint(["queries/q.sql", "schema.sql"])

    assert told(report) == [("schema.sql", "schema"), ("queries/q.sql", "queries")]
    assert ("q.sql", "QRY001") in named(report)


# -- statements --------------------------------------------------------------------------------------------------------


def test_a_select_among_steps_is_judged_with_what_is_there_when_it_runs():
    ask = "select id from a where id not in (select n from a);"

    def asked(text: str) -> list[tuple[str, int]]:
        return codes(pr.lint(text, model=TABLES, ignore=["MIG"]))

    assert asked(f"alter table a add column m int;\n{ask}") == [("QRY001", 2)]
    assert asked(f"alter table a alter column n set not null;\n{ask}") == []
    assert asked(f"{ask}\nalter table a drop column n;") == [("QRY001", 1)]
    assert ("QRY001", 2) not in asked(f"alter table a drop column n;\n{ask}")


def test_of_steps_on_what_nobody_showed_no_table_is_unknown():
    report = pr.lint("alter table x add c int;\nselect x.c from x join y on x.c = y.c;")

    assert codes(report, "QRY") == []


@pytest.mark.parametrize(
    "made", ["create temp table x (a int)", "create temporary table x as select 1 as a", "select 1 as a into temp x"]
)
@pytest.mark.parametrize("before", ["", "create table t (id int primary key); alter table a add c int;"])
def test_a_temporary_table_is_there_though_no_model_holds_it(made, before):
    report = pr.lint(f"{before} {made}; select a from x; select a from y;", select=["QRY007"], model=TABLES)

    assert [each.message.partition(":")[0] for each in report.findings] == ["there is no table y"]


def test_a_template_is_judged_with_names_in_it_and_left_alone(tmp_path):
    for number, text in enumerate(["create table {{ s }}.t (id int, n int);", "create index i on {{ s }}.t (id);"], 1):
        (tmp_path / f"{number}.sql").write_text(text)

    report = pr.lint(tmp_path, select=["MIG006", "READ"])

    assert named(report) == [("1.sql", "READ007"), ("2.sql", "MIG006")]
    assert report.findings[0].message == "this and 1 more are templates: {{ s }} stands for a name"
    assert report.findings[1].fix.edits == ()
    assert pr.lint("create index i on a (id);", model=TABLES, select=["MIG006"]).findings[0].fix.edits


def test_a_design_that_is_a_template_is_read_and_says_so():
    model = pr.read("create table ${app}.t (id int primary key);")

    assert [each.id for each in model.tables] == ["app.t"]
    assert [each.code for each in model.findings] == ["READ007"]
    assert [each.code for each in pr.lint("create table ${app}.t (id int);", select=["READ"]).findings] == ["READ007"]
    assert pr.read("create table t (a jsonb default '{\"b\": 1}'::jsonb);").findings == ()


def test_queries_with_what_drivers_put_in_are_judged():
    queries = (
        "select id from a where n = %s;\nselect id from a where n = :n and id not in (select a_id from b where id = ?);"
    )

    assert codes(pr.lint(queries, model=TABLES, select=["QRY001", "READ"])) == [("QRY001", 2)]
    assert codes(pr.lint("select nn from {{ ref('a') }}; select x from {{ t }}", model=TABLES)) == [
        ("READ007", 0), ("QRY006", 1),
    ]  # fmt: skip


def test_a_table_whose_columns_a_query_hides_is_there(tmp_path):
    made = (
        "create table s.t as select hidden.* from json_to_record('{}') as hidden (a int), unnest(array(select f(1))) u;"
    )
    steps = (
        f"create schema s; {made}", "set search_path to s; create index i on t (a);",
        "select a from s.t where a not in (select id from s.t);",
        "comment on column s.t.a is 'x'; create view s.v as select * from s.t; comment on view s.v is 'x';",
        "alter table s.t rename to u; alter table s.u set schema public; alter table public.u rename to t;",
        "set search_path to public; alter table t set schema s; drop view s.v; drop table s.t;",
    )  # fmt: skip
    for number, text in enumerate(steps, 1):
        (tmp_path / f"{number}.sql").write_text(text)
    report = pr.lint(tmp_path)

    assert ("2.sql", "MIG006") in named(report)
    assert [(name, code) for name, code in named(report) if code in {"READ001", "QRY007"}] == []
    (tmp_path / "9.sql").write_text("create index i on s.t (a);")
    assert ("9.sql", "READ001") in named(pr.lint(tmp_path))


def test_what_is_in_a_schema_that_others_keep_is_no_error(tmp_path):
    (tmp_path / "1.sql").write_text("create table t (id int primary key);")
    (tmp_path / "2.sql").write_text(
        "create policy p on storage.objects using (true); create policy p on missing using (true);"
    )

    found = {
        each.message.partition(": ")[2]: str(each.severity) for each in pr.lint(tmp_path, select=["READ"]).findings
    }

    assert found == {
        "there is no table storage.objects, nor a schema storage": "note", "there is no table missing": "error",
    }  # fmt: skip


def test_a_routine_of_a_design_is_judged_once_with_the_design():
    body = "$$ begin\n execute 'drop table ' || t;\nend $$;"
    first = f"create function f(t text) returns void language plpgsql as {body}"
    second = first.replace("f(t", "g(t")

    assert codes(pr.lint(f"{TABLES}\n{first}\n{second}"), "QRY") == [("QRY036", 3), ("QRY036", 6)]
    assert codes(pr.lint(f"select 1;\n{first}", model=TABLES), "QRY") == [("QRY036", 3)]


@pytest.mark.parametrize("text", ["", "-- later\n", "\\connect x\n", "set a = 1;"])
def test_a_script_without_a_statement_is_no_error(tmp_path, text):
    (tmp_path / "a.sql").write_text(text)

    assert pr.lint(tmp_path / "a.sql").findings == ()
    assert pr.lint(tmp_path / "a.sql", model=TABLES).findings == ()


def test_a_file_in_which_nothing_parses_is_told_and_the_others_are_judged(tmp_path):
    (tmp_path / "a.sql").write_text("create tabel a (id int);")
    (tmp_path / "b.sql").write_text("create table b (id int);")

    report = pr.lint([tmp_path / "a.sql", tmp_path / "b.sql"], select=["SCH005"])

    assert named(report) == [("a.sql", "READ001"), ("b.sql", "SCH005")]


def test_steps_for_another_database_are_not_called_broken(tmp_path):
    (tmp_path / "1.sql").write_text("alter table `orders` add column `n` int unsigned auto_increment;")
    (tmp_path / "2.sql").write_text("alter table a add column n int not null;")
    report = pr.lint(tmp_path)

    assert named(report, "READ") == [("1.sql", "READ005"), ("2.sql", "READ001")]
    assert "MySQL" in report.findings[0].message
    assert codes(pr.lint("drop table a", dialect="mysql")) == [("READ005", 0)]


def test_rows_are_given_by_bare_names_too_and_for_the_files_that_have_the_table(tmp_path):
    (tmp_path / "a.sql").write_text("create table a (n int);")
    (tmp_path / "b.sql").write_text("create table b (n int);")

    assert pr.lint([tmp_path / "a.sql", tmp_path / "b.sql"], rows={"b": 5}).taken
    with pytest.raises(UnknownNameError, match="'b'"):
        pr.lint(tmp_path / "a.sql", rows={"b": 5})
    step = "alter table b alter column n type bigint"
    many, few = (pr.lint(step, rows={"b": rows}, select=["MIG"]).findings for rows in (4e9, 5))
    assert str(many) != str(few)


def test_the_work_of_queries_among_steps_grows_with_the_steps_and_no_faster():
    def work(steps: int) -> int:
        text = "".join(
            f"create table t{at} (id int primary key, n int);\nselect * from t{at} where id = {at};\n"
            for at in range(steps)
        )
        return calls(lambda: pr.lint(text, judge_as="migrations"))

    work(5)
    assert work(200) < 5 * work(50)


def test_a_query_among_steps_meets_views_types_and_tables_of_other_schemas():
    before = (
        "create schema s; create type s.mood as enum ('a'); create table s.a (id int primary key, n int, m s.mood);"
        "create view v as select id, n from s.a; create sequence q;"
    )

    def asked(text: str) -> list[tuple[str, int]]:
        return codes(pr.lint(f"create table fresh ();\n{text}", model=before, ignore=["MIG"]))

    assert asked("select id from s.a where id not in (select n from s.a);") == [("QRY001", 2)]
    assert asked("select id, n from v where n = 1; select last_value from q;") == []
    assert {code for code, _ in asked("select x from s.a where m = 'b';")} == {"QRY006", "QRY027"}
