"""SQL in a notebook's cells: which engine, which values, what is shown, and what is never shown."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

import planroom as pr
from planroom.engines import Rows
from planroom.errors import PlanroomError, UnknownNameError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("duckdb")
interactiveshell = pytest.importorskip("IPython.core.interactiveshell")


@pytest.fixture(scope="module")
def process_shell() -> Any:
    return interactiveshell.InteractiveShell.instance()


@pytest.fixture
def shell(process_shell: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(sys, "displayhook", sys.__displayhook__)
    for name in set(process_shell.user_ns) - set(process_shell.user_ns_hidden):
        process_shell.user_ns.pop(name)
    process_shell.extension_manager.loaded.discard("planroom")
    assert process_shell.run_line_magic("load_ext", "planroom") is None
    with pr.duckdb() as db:
        db.run("CREATE TABLE t (a int, b varchar); INSERT INTO t SELECT i, 'x' || i FROM range(1, 10) r (i)")
        process_shell.user_ns["db"] = db
        yield process_shell


def run(shell: Any, cell: str) -> Any:
    """Return what a cell shows."""
    ran = shell.run_cell(cell, silent=False)
    assert ran.error_before_exec is None
    if ran.error_in_exec is not None:
        raise ran.error_in_exec
    return ran.result


def test_a_cell_answers_rows(shell: Any) -> None:
    answer = run(shell, "%%sql db\nSELECT a, b FROM t\nORDER BY a LIMIT 2;")
    assert isinstance(answer, Rows)
    assert str(answer) == "a  b\n1  x1\n2  x2\n2 rows"


def test_a_line_answers_rows_that_can_be_assigned(shell: Any) -> None:
    assert run(shell, "found = %sql db SELECT count(*) FROM t\nfound.scalar()") == 9


def test_the_only_engine_and_the_last_one_need_no_name(shell: Any) -> None:
    assert run(shell, "%sql SELECT count(*) FROM t").scalar() == 9
    assert run(shell, "%%sql duckdb\nCREATE TABLE other AS SELECT 1 AS a").status
    assert run(shell, "%sql SELECT count(*) FROM other").scalar() == 1
    assert run(shell, "%sql db SELECT count(*) FROM t").scalar() == 9
    assert run(shell, "%sql duckdb SELECT count(*) FROM other").scalar() == 1


def test_a_name_alone_chooses_the_engine_and_shows_its_card(shell: Any) -> None:
    shell.user_ns["second"] = pr.duckdb()
    with pytest.raises(PlanroomError) as caught:
        run(shell, "%sql SELECT 1")
    assert "db, second" in caught.value.why

    assert "DuckDB" in str(run(shell, "%sql db"))
    assert run(shell, "%sql SELECT count(*) FROM t").scalar() == 9


def test_options_limit_keep_and_time(shell: Any) -> None:
    answer = run(shell, "%%sql db --limit 3 --as top --timeout=5s\nSELECT a FROM t ORDER BY a")
    assert shell.user_ns["top"] is answer
    assert "cut off after 3 rows" in str(answer)


@pytest.mark.parametrize("value", ["x'; DROP TABLE t; --", "", None, "{{ db }}", ":db", "$1"])
@pytest.mark.parametrize("sql", ["SELECT CAST(:value AS varchar)", "SELECT CAST({{ value }} AS varchar)"])
def test_a_variable_is_bound_and_never_part_of_the_text(shell: Any, sql: str, value: object) -> None:
    shell.user_ns["value"] = value
    assert run(shell, f"%%sql db\n{sql}").scalar() == value
    assert run(shell, f"%sql db {sql}").scalar() == value
    assert run(shell, "%sql db SELECT count(*) FROM t").scalar() == 9


def test_listed_and_named_values_go_together(shell: Any) -> None:
    shell.user_ns.update(least=7, values=[1, 2])
    assert run(shell, "%%sql db --params [1,2]\nSELECT CAST($1 + $2 + :least AS int)").scalar() == 10
    assert run(shell, "%%sql db --params values\nSELECT CAST($1 + $2 + :least AS int)").scalar() == 10
    assert (
        run(shell, "%%sql db --params \"['a b', None]\"\nSELECT $1 || CAST($2 IS NULL AS varchar)").scalar()
        == "a btrue"
    )


def test_a_script_runs_on_a_database_of_planrooms_and_the_last_statement_answers(shell: Any) -> None:
    cell = "%%sql db\nCREATE TABLE u (a int);\nINSERT INTO u VALUES (1), (2);\nSELECT count(*) FROM u;\n-- done\n"
    assert run(shell, cell).scalar() == 2
    shell.user_ns["least"] = 1
    assert run(shell, "%%sql db\nDELETE FROM u WHERE a > 9;\nSELECT count(*) FROM u WHERE a > :least").scalar() == 1
    with pytest.raises(PlanroomError):
        run(shell, "%%sql db\nDELETE FROM u WHERE a > :least; SELECT 1")
    with pytest.raises(PlanroomError) as caught:
        run(shell, "%%sql db\nSELECT 1;\nSELECT\n  nonsense FROM u")
    assert caught.value.where == "sql:3:3"


def test_a_file_is_read_and_not_held(shell: Any, tmp_path: Path) -> None:
    import duckdb

    path = tmp_path / "ware house.duckdb"
    with duckdb.connect(str(path)) as made:
        made.execute("CREATE TABLE t (a int); INSERT INTO t VALUES (5)")

    assert run(shell, f"%%sql '{path}'\nSELECT * FROM t").scalar() == 5
    assert run(shell, "%sql SELECT a + 1 FROM t").scalar() == 6
    with pytest.raises(PlanroomError, match="does not send"):
        run(shell, "%sql DELETE FROM t")
    with duckdb.connect(str(path)) as made:
        made.execute("INSERT INTO t VALUES (6)")
    shell.user_ns["path"] = path
    assert run(shell, "%sql path SELECT count(*) FROM t").scalar() == 2


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("%%sql dbb\nSELECT 1", "did you mean 'db'"),
        ("%%sql db --limt 3\nSELECT 1", "did you mean '--limit'"),
        ("%%sql db --limit\nSELECT 1", "the most rows"),
        ("%%sql db --limit many\nSELECT 1", "many"),
        ("%%sql db --timeout soon\nSELECT 1", "soon"),
        ("%%sql db --as 1x\nSELECT 1", "no name of a variable"),
        ("%%sql db --params [1,\nSELECT 1", "--params"),
        ("%%sql db --params __import__('os')\nSELECT 1", "makes no sense"),
        ("%%sql db again\nSELECT 1", "again"),
        ("%%explain db --analyze=yes\nSELECT 1", "takes no value"),
        ("%%explain db --set work_mem\nSELECT 1", "name=value"),
        ("%%sql db\n-- nothing", "no statement"),
        ("%%sql db\nSELECT :dbb", "did you mean 'db'"),
        ("%%sql db\nSELECT '{{ db }}'", "in quotes"),
        ("%%sql db --params db\nSELECT 1", "takes a list"),
        ("%%sql db\nSELECT nonsense", "nonsense"),
        ("%%sql missing/schema.sql\nSELECT 1", "no file or folder"),
    ],
)
def test_a_mistake_is_said_without_a_traceback(
    shell: Any, capsys: pytest.CaptureFixture[str], cell: str, reason: str
) -> None:
    ran = shell.run_cell(cell)

    told = "".join(capsys.readouterr())
    assert isinstance(ran.error_in_exec, PlanroomError)
    assert reason in told
    assert "Traceback" not in told
    assert "magics.py" not in told


def test_a_misspelt_variable_is_told_without_any_value(shell: Any) -> None:
    shell.user_ns["token"] = "planted-secret"
    with pytest.raises(UnknownNameError) as caught:
        run(shell, "%%sql db\nSELECT :tokn")
    assert "'token'" in caught.value.fix
    assert "planted" not in str(caught.value)


def test_a_password_is_never_shown(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.user_ns["url"] = "postgresql://ann:planted-secret@127.0.0.1:1/shop"
    for cell in ("%%sql url\nSELECT 1", "%sql postgresql://ann:planted-secret@127.0.0.1:1/shop SELECT 1", "%sql url"):
        with pytest.raises(PlanroomError) as caught:
            run(shell, cell)
        assert "planted" not in str(caught.value)
    told = "".join(capsys.readouterr())
    assert "ann@127.0.0.1" in told
    assert "planted" not in told


def test_what_the_database_holds_is_escaped(shell: Any) -> None:
    answer = run(shell, "%sql db SELECT '</td><script>alert(1)</script>' AS \"<b>\", chr(27) || '[2J' AS c")
    html = answer._repr_mimebundle_()["text/html"]
    assert "<script>" not in html
    assert "<b>" not in html
    assert "\x1b" not in html + str(answer)


def test_explain_returns_a_plan(shell: Any) -> None:
    shell.user_ns["least"] = 3
    plan = run(shell, "%%explain db --as plan\nSELECT * FROM t WHERE a > :least")
    assert plan is shell.user_ns["plan"]
    assert plan.engine == "duckdb"
    assert not plan.analyzed
    assert run(shell, "%explain db --analyze SELECT * FROM t").analyzed


def test_explain_takes_a_model(shell: Any) -> None:
    shell.user_ns["shop"] = pr.read("CREATE TABLE orders (id int PRIMARY KEY)")
    if not pr.engines.ENGINES["postgres"].available().available:
        pytest.skip("no PostgreSQL server")
    plan = run(shell, "%%explain shop --generic --set enable_seqscan=off\nSELECT * FROM orders WHERE id = $1")
    assert ("enable_seqscan", "off") in plan.settings
    assert plan.source.startswith("postgresql://")
    assert run(shell, "%sql INSERT INTO orders VALUES (1)").status == "INSERT 0 1"
    assert run(shell, "%sql SELECT count(*) FROM orders").scalar() == 1
