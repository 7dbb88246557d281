"""Data speaks for and against a name, in counts alone, and never more than asked for."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.errors import StatementFailedError

SECRET = "geheim-4711"
SCHEMA = """
    CREATE TABLE users (id int PRIMARY KEY, name text);
    CREATE TABLE scores (id int PRIMARY KEY, user_id int, level_id int);
    CREATE TABLE levels (id int PRIMARY KEY);
    CREATE TABLE currencies (code text PRIMARY KEY);
    CREATE TABLE prices (id int PRIMARY KEY, currency_code text);
    CREATE TABLE devices (id uuid PRIMARY KEY);
    CREATE TABLE readings (id int PRIMARY KEY, sensor_uuid uuid, device_id uuid);
    CREATE TABLE empties (id int PRIMARY KEY, user_id int);
"""
ROWS = f"""
    INSERT INTO users SELECT n * 7, 'u' || n FROM generate_series(1, 1000) AS t (n);
    INSERT INTO levels SELECT n FROM generate_series(1, 9) AS t (n);
    INSERT INTO scores SELECT n, (n * 13 % 1000 + 1) * 7, 500000 + n FROM generate_series(1, 500) AS t (n);
    INSERT INTO currencies VALUES ('{SECRET}'), ('EUR');
    INSERT INTO prices VALUES (1, '{SECRET}'), (2, '{SECRET}-missing');
    INSERT INTO devices SELECT CAST('00000000-0000-0000-0000-' || lpad(CAST(n AS text), 12, '0') AS uuid)
        FROM generate_series(1, 50) AS t (n);
    INSERT INTO readings SELECT n, d, d FROM (SELECT row_number() OVER () AS n, id AS d FROM devices) AS t;
"""


@pytest.fixture(params=["postgres", "duckdb"])
def filled(request):
    if request.param == "postgres":
        request.getfixturevalue("server")
        with pr.postgres() as engine:
            engine.run(SCHEMA + ROWS)
            yield engine
    else:
        with pr.duckdb() as engine:
            engine.run(SCHEMA + ROWS)
            yield engine


def scores(result):
    return {f"{each.child.rpartition('.')[2]}.{each.columns[0]}": each.score for each in result}


@pytest.mark.server
def test_data_confirms_refutes_and_finds(filled):
    model = filled.model()
    names = scores(pr.infer_relations(model))
    data = scores(pr.infer_relations(model, on=filled))

    assert data["scores.user_id"] > names["scores.user_id"]
    assert names["scores.level_id"] > 0.5
    assert "scores.level_id" not in data  # its values are not in the key
    assert "readings.sensor_uuid" not in names
    assert "readings.sensor_uuid" in data  # nothing in its name says so
    assert data["empties.user_id"] == names["empties.user_id"]


@pytest.mark.server
def test_no_value_of_a_row_is_in_the_result(filled):
    result = pr.infer_relations(filled.model(), on=filled, minimum=0.01)

    assert SECRET not in f"{result}{result!r}{result._html()}{[each.reason for each in result]}"
    assert "missing in the key" in str(result)


@pytest.mark.server
def test_a_message_of_the_engine_that_holds_a_value_is_not_passed_on(filled, monkeypatch):
    def fails(*_, **__):
        raise StatementFailedError(f"invalid input: {SECRET}")

    monkeypatch.setattr(type(filled), "query", fails)
    result = pr.infer_relations(SCHEMA, on=filled)

    assert SECRET not in str(result)
    assert "could not be" in result.measured
    assert scores(result) == scores(pr.infer_relations(SCHEMA))


@pytest.mark.server
def test_a_table_of_many_rows_is_sampled_and_the_result_says_so(filled):
    filled.run("INSERT INTO scores SELECT n, 7, 1 FROM generate_series(1000, 220000) AS t (n)")
    filled.run("ANALYZE")
    result = pr.infer_relations(filled.model(), on=filled)

    assert "a sample of 10,000 rows" in next(r.reason for r in result if r.child.endswith("scores"))


@pytest.mark.server
def test_progress_is_told_and_an_interrupt_stops_between_two_questions(filled):
    asked = []

    def stop(done, total):
        asked.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pr.infer_relations(filled.model(), on=filled, progress=stop)
    assert [done for done, _ in asked] == [0, 1, 2]
    assert filled.query("SELECT 1").scalar() == 1


def test_a_file_that_the_user_named_is_asked_by_its_path_and_only_read(tmp_path):
    duckdb = pytest.importorskip("duckdb")
    path = tmp_path / "shop.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(SCHEMA + ROWS)
    before = path.read_bytes()

    result = pr.infer_relations(path, on=str(path))

    assert "scores.user_id" in scores(result)
    assert path.read_bytes() == before


@pytest.mark.server
def test_one_select_a_candidate_passes_the_gate_of_a_users_database(server):
    from planroom.advice.inference import possible_references
    from planroom.engines.postgres.statements import single_statement
    from planroom.experiments.contained_values import counting_query

    possible = possible_references(pr.read(SCHEMA))
    for candidates in possible.candidates.values():
        for each in candidates:
            sql = counting_query(each, whole_numbers=True, dialect="postgres", rows=1e9)
            assert single_statement(sql).kind == "SelectStmt"
            assert "TABLESAMPLE SYSTEM" in sql
