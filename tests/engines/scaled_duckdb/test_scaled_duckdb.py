"""A scaled DuckDB only plans: nothing is answered, read or left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from planroom.engines._scaled_duckdb import ScaledDuckDB, load, read_footers, scaled_duckdb, views
from planroom.engines._scaled_duckdb.stored import LISTING
from planroom.engines.duckdb import DuckDBEngine
from planroom.errors import (
    EngineError,
    ServerUnavailableError,
    SourceError,
    StatementFailedError,
    StatementRefusedError,
)
from planroom.model import Annotations
from planroom.plans import plan_of
from planroom.workbench.sources import read
from tests.engines.scaled_duckdb.conftest import QUERIES, plans_of

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def scaled(small):
    with scaled_duckdb(footers=read_footers(small.folder)) as engine:
        yield engine


# -- what is refused ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sql", ["SELECT count(*) FROM orders", "SELECT 1", "EXPLAIN ANALYZE SELECT 1", "nonsense"])
def test_no_query_is_answered(scaled, sql):
    with pytest.raises(StatementRefusedError, match="footers alone"):
        scaled.query(sql)
    with pytest.raises(StatementRefusedError, match="footers alone"):
        scaled.run(sql)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("EXPLAIN SELECT 1", "EXPLAIN already"),
        ("EXPLAIN ANALYZE SELECT count(*) FROM orders", "EXPLAIN already"),
        ("SELECT 1; SELECT 2", "2"),
        ("", "none"),
        ("INSERT INTO orders SELECT * FROM orders", "no plan of INSERT"),
        ("DELETE FROM orders", "no plan of DELETE"),
        ("CREATE TABLE t AS SELECT count(*) FROM orders", "no plan of CREATE"),
        ("COPY orders TO 'x.csv'", "no plan of COPY"),
        ("ATTACH 'x.db'", "no plan of ATTACH"),
        ("SET memory_limit = '1GB'", "no plan of SET"),
        ("PIVOT orders ON status USING count(*)", "does not list its values"),
        ("CALL pragma_version()", "no plan of"),
    ],
)
def test_only_one_select_is_planned(scaled, sql, why):
    with pytest.raises(StatementRefusedError, match=why):
        scaled.explain(sql)


def test_nothing_is_measured_and_no_plan_is_generic(scaled):
    with pytest.raises(StatementRefusedError, match="cannot measure"):
        scaled.explain("SELECT 1", analyze=True)
    with pytest.raises(StatementRefusedError, match="generic"):
        scaled.explain("SELECT 1", generic=True)


def test_no_other_file_is_seen(scaled, large, tmp_path):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for source in (f"'{tmp_path / 'secret.csv'}'", f"'{large.folder / 'orders.parquet'}'", "read_text('/etc/passwd')"):
        with pytest.raises(StatementFailedError):
            scaled.explain(f"SELECT * FROM {source}")


def test_a_mistake_is_told_where_it_is(scaled):
    with pytest.raises(StatementFailedError, match="custmer_id"):
        scaled.explain("SELECT custmer_id FROM orders")


def test_values_stand_for_placeholders_and_settings_for_one_plan(scaled):
    found = scaled.explain("SELECT * FROM orders WHERE id = $1", params=[17], settings={"memory_limit": "1GB"})

    assert "(id = 17)" in found.document
    assert found.settings == (("memory_limit", "1GB"),)


# -- files -------------------------------------------------------------------------------------------------------------


def test_the_footers_are_gone_when_it_is_closed(small):
    engine = scaled_duckdb(footers=read_footers(small.folder))
    folder = engine._folder.path
    files = list(folder.iterdir())

    assert len(files) == 3
    assert sum(each.stat().st_size for each in files) < 5_000
    assert folder.stat().st_mode & 0o077 == 0
    engine.close()
    engine.close()
    assert not folder.exists()
    with pytest.raises(ServerUnavailableError):
        engine.explain("SELECT 1")


def test_nothing_is_left_behind_when_it_cannot_be_made(small, design, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(EngineError):
        scaled_duckdb(footers=read_footers(small.folder), settings={"memory_limitt": "1GB"})
    monkeypatch.setattr("planroom.engines._scaled_duckdb.templates._written", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        scaled_duckdb(design)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("end", ["", "raise SystemExit(3)", "1 / 0"])
def test_the_footers_are_gone_when_python_ends(small, end):
    program = (
        "from planroom.engines._scaled_duckdb import read_footers, scaled_duckdb\n"
        f"engine = scaled_duckdb(footers=read_footers({str(small.folder)!r}))\n"
        f"print(engine._folder.path, flush=True)\n{end}\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    folder = Path(done.stdout.strip())

    assert folder.name.startswith("planroom-")
    assert not folder.exists()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_child_leaves_the_footers_alone(scaled):
    child = os.fork()
    if not child:
        try:
            scaled.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert scaled.explain(QUERIES["chain"]).document


# -- saved and loaded --------------------------------------------------------------------------------------------------


def test_what_is_saved_gives_the_same_plans(scaled, tmp_path):
    saved = scaled.save(tmp_path / "plans" / "shop")
    with load(saved) as again:
        assert plans_of(again) == plans_of(scaled)
        assert again.database == scaled.database
        assert again.notes == scaled.notes
    assert {each.name for each in saved.iterdir()} == {"customers.parquet", "items.parquet", "orders.parquet", LISTING}
    assert sum(each.stat().st_size for each in saved.iterdir()) < 10_000


def test_saving_again_is_the_same_bytes_and_leaves_no_old_file(scaled, design, tmp_path):
    folder = tmp_path / "shop"
    scaled.save(folder)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    scaled.save(folder)
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    with scaled_duckdb(design) as other:
        other.save(folder)
    assert {each.name for each in folder.iterdir()} == {
        "public.customers.parquet", "public.items.parquet", "public.orders.parquet", LISTING,
    }  # fmt: skip


def test_a_folder_with_something_else_is_left_alone(scaled, tmp_path):
    (tmp_path / "thesis.txt").write_text("precious")
    with pytest.raises(SourceError, match="something else"):
        scaled.save(tmp_path)
    with pytest.raises(SourceError, match="something else"):
        scaled.save(tmp_path / "thesis.txt")
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda listing: listing.update(schema="other/1"),
        lambda listing: listing.update(tables="none"),
        lambda listing: listing["tables"][0].update(file="../../etc/passwd"),
        lambda listing: listing["tables"][0].update(file="/etc/passwd.parquet"),
        lambda listing: listing["tables"][0].update(rows=17),
        lambda listing: listing["tables"][0].update(columns=["only"]),
        lambda listing: listing["tables"][0].pop("widths"),
        lambda listing: listing["tables"][0].update(distinct={"id": "many"}),
        lambda listing: listing["tables"][0].update(file="gone.parquet"),
        lambda listing: listing.update(enums=[{"schema": "main"}]),
    ],
)
def test_a_spoilt_listing_is_refused(scaled, tmp_path, spoil):
    folder = scaled.save(tmp_path / "shop")
    listing = json.loads((folder / LISTING).read_text())
    spoil(listing)
    (folder / LISTING).write_text(json.dumps(listing))
    with pytest.raises(SourceError):
        load(folder)


def test_no_file_outside_the_folder_is_loaded(scaled, tmp_path):
    folder = scaled.save(tmp_path / "shop")
    (folder / "orders.parquet").rename(tmp_path / "orders.parquet")
    text = (folder / LISTING).read_text()
    (folder / LISTING).write_text(text.replace('"orders.parquet"', '"../orders.parquet"'))
    with pytest.raises(SourceError, match="no name of a file beside it"):
        load(folder)


def test_what_was_not_saved_cannot_be_loaded(small, tmp_path):
    with pytest.raises(SourceError, match=LISTING):
        load(small.folder)
    (tmp_path / LISTING).write_text("{" * 100_000)
    with pytest.raises(SourceError, match="cannot be read"):
        load(tmp_path)


def test_a_saved_text_runs_nothing(scaled, tmp_path):
    folder = scaled.save(tmp_path / "shop")
    listing = json.loads((folder / LISTING).read_text())
    target = tmp_path / "made.csv"
    listing["views"] = [{"schema": "main", "name": "v", "query": f"SELECT 1; COPY (SELECT 1) TO '{target}'"}]
    listing["tables"][0]["name"] = 'x" AS SELECT 1; DROP VIEW orders; --'
    listing["enums"] = [{"schema": "main", "name": "e", "labels": ["it's", "'); DROP VIEW orders; --"]}]
    (folder / LISTING).write_text(json.dumps(listing))
    with load(folder) as again:
        assert again.explain("SELECT 'it''s'::e FROM orders").document
        assert any("cannot name v" in note for note in again.notes)
    assert not target.exists()


# -- designs -----------------------------------------------------------------------------------------------------------

HOSTILE = """
CREATE SCHEMA "a b"; CREATE SCHEMA s;
CREATE TABLE "a b"."we""ird; DROP TABLE x --" ("it's" int PRIMARY KEY, "new
line" text, "SELECT" date, "ünï" int, "planroom1of_x" int);
CREATE TABLE s.orders (id int, "Id2" int);
CREATE TABLE orders (id bigint PRIMARY KEY);
"""


def test_names_do_their_worst(tmp_path):
    model = read(HOSTILE)
    with scaled_duckdb(model, {each.id: 1e9 for each in model.tables}) as engine:
        plan = plan_of(
            engine.explain(
                'SELECT "it\'s", "new\nline", "SELECT", "ünï" FROM "a b"."we""ird; DROP TABLE x --" WHERE "ünï" = 5'
            ).document
        )
        names = {(node.schema, node.relation) for node in plan.nodes if node.relation}
        assert names == {("a b", 'we"ird; DROP TABLE x --')}
        assert plan_of(engine.explain("SELECT count(id) FROM orders").document)
        with load(engine.save(tmp_path / "hostile")) as again:
            assert plan_of(again.explain('SELECT "Id2" FROM s.orders').document).root.estimated_rows == 1e9


EVERY_TYPE = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN email AS text CHECK (VALUE LIKE '%@%');
CREATE TYPE money_of AS (amount numeric(10, 2), currency char(3));
CREATE TABLE everything (
    a smallint, b integer, c bigint, d numeric(10, 2), e numeric, f real, g double precision, h text, i varchar(20),
    j char(3), k boolean, l date, m time, n timetz, o timestamp, p timestamptz, q interval, r uuid, s json, t jsonb,
    u bytea, v inet, w bit(8), x mood, y email, z money_of, aa integer[], ab text[][], ac int4range, ad tsvector,
    ae point, af xml, ag money, ah bit varying, ai oid, aj serial, ak bigint GENERATED ALWAYS AS IDENTITY, al mood[]);
"""


def test_columns_of_every_type_are_planned():
    model = read(EVERY_TYPE)
    columns = [each.name for each in model.table("everything").columns]
    with scaled_duckdb(model, {each.id: 1e9 for each in model.tables}) as engine:
        for name in columns:
            plan = plan_of(engine.explain(f'SELECT "{name}" FROM everything WHERE "{name}" IS NOT NULL').document)
            assert plan.nodes[-1].relation == "everything", name
        assert engine.explain("SELECT 'sad'::mood FROM everything WHERE x = 'happy'").document
        assert set(engine.widths) == {("public", "everything", each) for each in columns}


def test_a_type_that_parquet_has_not_is_said():
    with DuckDBEngine() as own:
        own.run("CREATE TABLE t (a hugeint, b varchar, c timestamp_ns, d uinteger, e time, f int[3], g union(x int))")
        model = own.model()
    with scaled_duckdb(model, {each.id: 5.0 for each in model.tables}) as engine:
        assert any("t.a (HUGEINT)" in note for note in engine.notes)
        assert engine.explain("SELECT a, b, c, d, e, f FROM t").document


def test_views_of_the_design_can_be_named():
    model = read(
        "CREATE TABLE t (a int, b text); CREATE VIEW v AS SELECT a FROM t WHERE b = 'x';"
        "CREATE VIEW w AS SELECT a FROM v"
    )
    with scaled_duckdb(model, {each.id: 1e6 for each in model.tables}) as engine:
        assert [
            each.relation for each in plan_of(engine.explain("SELECT * FROM w").document).nodes if each.relation
        ] == ["t"]


def test_values_of_personal_data_are_in_no_footer(tmp_path):
    from dataclasses import replace

    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT range + 700000000 AS phone, 'p' || range || '@example.org' AS email, range AS id "
            f"FROM range(100)) TO '{tmp_path / 'people.parquet'}' (FORMAT parquet)"
        )
    model = read("CREATE TABLE people (phone bigint, email text, id bigint PRIMARY KEY)")
    table = model.table("people")
    columns = tuple(
        replace(each, annotations=Annotations(pii="contact")) if each.name in {"phone", "email"} else each
        for each in table.columns
    )
    model = replace(model, tables=(replace(table, columns=columns),))
    with scaled_duckdb(model, footers=read_footers(tmp_path)) as engine:
        (people,) = engine.database.tables
        saved = b"".join(each.read_bytes() for each in engine.save(tmp_path / "saved").iterdir())
        assert any("people.email" in note and "left out" in note for note in engine.notes)
    for data in (people.file, saved):
        assert b"example.org" not in data
        assert (700000000).to_bytes(4, "little") not in data
        assert b"700000" not in data


def test_without_a_design_what_looks_personal_is_left_out(tmp_path):
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'Ann' AS first_name, 'z@example.org' AS contact, 'DE89370400440532013000' AS account, "
            f"'blue' AS colour, DATE '1990-05-06' AS birth_date) TO '{tmp_path / 'people.parquet'}' (FORMAT parquet)"
        )
    footers = read_footers(tmp_path)
    with scaled_duckdb(None, {"people": 1e6}, footers=footers) as engine:
        (people,) = engine.database.tables
        assert [each for each in (b"Ann", b"example", b"DE89", b"blue") if each in people.file] == [b"blue"]
        (note,) = (each for each in engine.notes if "looks like personal" in each)
        for name in ("first_name", "contact", "account", "birth_date"):
            assert f"people.{name}" in note
        assert "colour" not in note
    model = read("CREATE TABLE people (first_name text, contact text, account text, colour text, birth_date date)")
    with scaled_duckdb(model, footers=footers) as engine:
        assert any("no annotation says so" in note and "people.contact" in note for note in engine.notes)


def test_a_full_disk_is_said_and_leaves_nothing(small, monkeypatch, tmp_path):
    footers = read_footers(small.folder)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    def full(path, data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(EngineError, match="No space left"):
        scaled_duckdb(footers=footers)
    assert list(tmp_path.iterdir()) == []


def test_distinct_values_stand_for_ends_that_nobody_knows():
    from dataclasses import replace

    model = read("CREATE TABLE t (id int PRIMARY KEY, status int NOT NULL, word text NOT NULL)")
    table = model.table("t")
    columns = tuple(
        replace(each, annotations=Annotations(distinct=50)) if each.name != "id" else each for each in table.columns
    )
    model = replace(model, tables=(replace(table, columns=columns),))

    def rows(engine: ScaledDuckDB, where: str) -> float | None:
        return plan_of(engine.explain(f"SELECT id FROM t WHERE {where}").document).root.estimated_rows

    with scaled_duckdb(model, {table.id: 1e6}) as engine:
        assert rows(engine, "status = 7") == 20_000
        assert rows(engine, "word = 'x'") == 200_000
    with scaled_duckdb(model, {table.id: 1e6}, distinct=True) as engine:
        assert rows(engine, "word = 'x'") == pytest.approx(20_000, rel=0.01)


def test_a_duckdb_that_takes_no_distinct_values_is_said(monkeypatch):
    from dataclasses import replace

    monkeypatch.setattr(views, "tells_distinct", lambda engine: False)
    model = read("CREATE TABLE t (id int PRIMARY KEY, status int NOT NULL)")
    table = model.table("t")
    columns = tuple(replace(each, annotations=Annotations(distinct=50)) for each in table.columns)
    model = replace(model, tables=(replace(table, columns=columns),))
    with scaled_duckdb(model, {table.id: 1e6}) as engine:
        assert any("column_statistics" in note and "t.status" in note for note in engine.notes)
        assert engine.explain("SELECT id FROM t WHERE status = 1").document


def test_a_column_that_may_be_null_is_reckoned_with():
    model = read("CREATE TABLE t (id int PRIMARY KEY, maybe int, never int NOT NULL)")
    with scaled_duckdb(model, {each.id: 1e6 for each in model.tables}) as engine:
        maybe = plan_of(engine.explain("SELECT id FROM t WHERE maybe IS NULL").document)
        never = plan_of(engine.explain("SELECT id FROM t WHERE never IS NULL").document)

    assert maybe.root.operator != "EMPTY_RESULT"
    assert never.root.operator == "EMPTY_RESULT"


def test_it_shows_its_tables(scaled):
    assert "29 998" in str(scaled).replace("\u2009", " ")
    assert "row groups" in str(scaled)
    bundle = scaled._repr_mimebundle_()
    assert "What is assumed" in bundle["text/html"]
    assert "/tmp" not in bundle["text/html"] + bundle["text/plain"]
