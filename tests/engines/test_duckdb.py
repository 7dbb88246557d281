"""DuckDB: the user's file is only read, and a statement on it sees nothing else."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from planroom.engines import ENGINES, connect
from planroom.errors import ServerUnavailableError, SourceError, StatementFailedError, StatementRefusedError

if TYPE_CHECKING:
    from pathlib import Path

duckdb = pytest.importorskip("duckdb")


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2)")
    return path


def test_a_file_is_read(warehouse: Path) -> None:
    with connect(str(warehouse)) as engine:
        assert not engine.owned
        assert engine.url == f"duckdb:///{warehouse}"
        assert engine.query("FROM t ORDER BY a").rows == ((1,), (2,))
        assert engine.query("DESCRIBE t").column("column_name") == ("a",)
        assert len(engine.query("EXPLAIN SELECT * FROM t")) > 0


@pytest.mark.parametrize("form", ["{}", "duckdb:///{}"])
def test_a_path_and_a_url_name_the_same_file(warehouse: Path, form: str) -> None:
    with connect(form.format(warehouse)) as engine:
        assert engine.query("SELECT count(*) FROM t").scalar() == 2


def test_a_suffix_that_others_use_too_is_decided_by_the_files_first_bytes(warehouse: Path) -> None:
    ours, theirs = warehouse.with_suffix(".db"), warehouse.with_name("sqlite.db")
    warehouse.rename(ours)
    theirs.write_bytes(b"SQLite format 3\0")
    assert ENGINES["duckdb"].recognises(str(ours))
    assert not ENGINES["duckdb"].recognises(str(theirs))


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO t VALUES (3)", "DROP TABLE t", "COPY t TO '/tmp/planroom-must-not-exist.csv'", "INSTALL httpfs",
        "SET lock_configuration = false", "ATTACH '/tmp/planroom-must-not-exist.duckdb'", "PRAGMA database_size",
        "CREATE TEMP TABLE u (a int)", "CALL pragma_version()",
    ],
)  # fmt: skip
def test_a_statement_that_does_more_than_read_is_refused(warehouse: Path, sql: str) -> None:
    with connect(str(warehouse)) as engine, pytest.raises(StatementRefusedError):
        engine.query(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('/etc/passwd')", "SELECT * FROM '/etc/hosts.csv'", "SELECT * FROM glob('/etc/*')",
        "SELECT getenv('HOME')", "EXPLAIN ANALYZE INSERT INTO t VALUES (3)", "SELECT * FROM read_text('/etc/passwd')",
        "EXPLAIN ANALYZE COPY t TO '/tmp/planroom-must-not-exist.csv'",
    ],
)  # fmt: skip
def test_a_statement_sees_no_other_file(warehouse: Path, sql: str) -> None:
    with connect(str(warehouse)) as engine:
        with pytest.raises(StatementFailedError):
            engine.query(sql)
        assert engine.query("SELECT count(*) FROM t").scalar() == 2


def test_reading_leaves_the_file_as_it_was(warehouse: Path) -> None:
    before = warehouse.read_bytes()
    with connect(str(warehouse)) as engine:
        engine.query("SELECT * FROM t")
    assert warehouse.read_bytes() == before
    assert [entry.name for entry in warehouse.parent.iterdir()] == [warehouse.name]


def test_no_script_runs_on_a_file(warehouse: Path) -> None:
    with connect(str(warehouse)) as engine, pytest.raises(StatementRefusedError):
        engine.run("SELECT 1")


def test_a_missing_file_is_said_with_its_neighbour_and_not_made(warehouse: Path) -> None:
    missing = warehouse.with_name("warehuose.duckdb")
    with pytest.raises(SourceError) as caught:
        connect(str(missing))
    assert "warehouse.duckdb" in caught.value.fix
    assert not missing.exists()


def test_a_folder_and_a_foreign_file_are_said(tmp_path: Path) -> None:
    (tmp_path / "x.duckdb").mkdir()
    (tmp_path / "y.duckdb").write_text("id,name\n1,a\n")
    (tmp_path / "z.duckdb").write_bytes(b"")
    with pytest.raises(SourceError, match="folder"):
        connect(str(tmp_path / "x.duckdb"))
    for name in ("y.duckdb", "z.duckdb"):
        with pytest.raises(SourceError, match="not a DuckDB database"):
            connect(str(tmp_path / name))


def test_a_cut_file_is_planrooms_error(warehouse: Path) -> None:
    warehouse.write_bytes(warehouse.read_bytes()[:5000])
    with pytest.raises((ServerUnavailableError, SourceError)) as caught:
        connect(str(warehouse)).query("SELECT * FROM t")
    assert "cannot be opened" in caught.value.what


def test_a_file_that_another_program_holds_is_said(warehouse: Path) -> None:
    script = f"import duckdb; c = duckdb.connect({str(warehouse)!r}); print(1, flush=True); input()"
    holder = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    try:
        with pytest.raises(ServerUnavailableError) as caught:
            connect(str(warehouse))
    finally:
        holder.communicate(b"\n")
    assert "lock" in caught.value.why
    assert "copy" in caught.value.fix


def test_an_error_in_a_long_line_points_at_its_column() -> None:
    sql = "SELECT " + "1 + " * 100 + "nonsense" + " + 1" * 100
    with ENGINES["duckdb"].connect() as engine, pytest.raises(StatementFailedError) as caught:
        engine.query(sql)
    assert caught.value.where == f"sql:1:{sql.index('nonsense') + 1}"


def test_its_own_database_reads_files_as_users_of_duckdb_expect(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,x\n")
    with ENGINES["duckdb"].connect() as engine:
        assert engine.query(f"SELECT * FROM '{tmp_path / 't.csv'}'").rows == ((1, "x"),)


def test_no_extension_is_fetched_from_the_network() -> None:
    with ENGINES["duckdb"].connect() as engine:
        assert engine.query("SELECT current_setting('autoinstall_known_extensions')").scalar() in (False, "false")


def test_the_users_file_gives_plans_and_measures_what_reads(warehouse: Path) -> None:
    before = warehouse.read_bytes()
    with connect(str(warehouse)) as engine:
        assert "SEQ_SCAN" in engine.explain("SELECT * FROM t WHERE a = $1", params=(1,)).document
        assert engine.explain("FROM t", analyze=True).analyzed
    assert warehouse.read_bytes() == before


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM t", "INSERT INTO t VALUES (3)", "DROP TABLE t", "ATTACH ':memory:' AS m", "SET threads = 1",
     "COPY t TO '/tmp/planroom-must-not-exist.csv'", "CALL pragma_version()", "CREATE TABLE u AS FROM t"],
)  # fmt: skip
@pytest.mark.parametrize("analyze", [False, True])
def test_the_users_file_has_no_plan_of_what_writes(warehouse: Path, sql: str, analyze: bool) -> None:
    with connect(str(warehouse)) as engine:
        with pytest.raises(StatementRefusedError, match="does not send"):
            engine.explain(sql, analyze=analyze)
        assert engine.query("SELECT count(*) FROM t").scalar() == 2


@pytest.mark.parametrize("sql", ["FROM read_csv('/etc/passwd')", "FROM '/etc/passwd'", "FROM glob('/*')"])
def test_a_plan_sees_no_other_file(warehouse: Path, sql: str) -> None:
    with connect(str(warehouse)) as engine, pytest.raises(StatementFailedError):
        engine.explain(sql, analyze=True)


def test_the_settings_of_the_users_file_stay_locked(warehouse: Path) -> None:
    with connect(str(warehouse)) as engine, pytest.raises(StatementRefusedError, match="sets no threads"):
        engine.explain("FROM t", settings={"threads": 1})


def test_a_statement_that_is_carried_out_without_operators_is_said_and_undone() -> None:
    with ENGINES["duckdb"].connect() as engine:
        engine.run("CREATE TABLE t (a int)")
        with pytest.raises(StatementFailedError, match="no measured plan"):
            engine.explain("INSERT INTO t VALUES (1)", analyze=True)
        assert engine.query("SELECT count(*) FROM t").scalar() == 0


def test_a_generic_plan_is_refused_with_the_reason() -> None:
    with ENGINES["duckdb"].connect() as engine, pytest.raises(StatementRefusedError, match="no generic plans"):
        engine.explain("SELECT $1", generic=True)
