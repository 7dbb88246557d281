"""Workloads as a server records them: logs in three forms, and exports of pg_stat_statements."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planroom.errors import SourceError
from planroom.plans.workloads.server_logs import is_server_log, read_server_log
from planroom.plans.workloads.statement_statistics import is_statement_statistics, read_statement_statistics

LOGS = Path(__file__).parent / "logs"  # what PostgreSQL 18.6 wrote of one session, in all three forms
FORMS = ("log", "csv", "json")


def recorded(form: str) -> str:
    return (LOGS / f"server.{form}").read_text()


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_a_log_tells_the_same_statements_and_calls(form: str) -> None:
    found = read_server_log(recorded(form), "x")

    assert [(each.sql, each.calls, each.reason) for each in found] == [
        ("create table t (a int, b text)", 1, "CREATE has no plan"),
        ("select *\nfrom t\nwhere a = 1", 2, ""),
        ("select * from t where a = '4' and b = 'it''s, a $2 = ''x'''", 2, ""),
        ("select 1", 1, ""),
        ("select 2 from t", 1, ""),
        ("insert into t values (1, 'LOG:  statement: x')", 1, ""),
        ("set log_statement='all'", 1, "SET has no plan"),
        ("select count(*) from t where b = 'é\\t,\"q\"'", 1, ""),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_statement_is_found_again_on_its_line(form: str) -> None:
    lines = recorded(form).splitlines()

    for each in read_server_log(recorded(form), "x"):
        assert each.sql.split("=")[0].splitlines()[0].split(" where")[0] in lines[each.location.line - 1]


@pytest.mark.parametrize("form", FORMS)
def test_a_log_is_known_by_its_look(form: str) -> None:
    assert is_server_log(recorded(form))
    assert not is_statement_statistics(recorded(form))


def test_sql_is_no_log_and_no_export() -> None:
    sql = "-- name: x\nSELECT query, calls FROM log WHERE severity = 'LOG'"

    assert not is_server_log(sql)
    assert not is_statement_statistics("SELECT a FROM t")


def test_a_log_that_was_cut_off_costs_what_was_cut_off_alone() -> None:
    for form in FORMS:
        text = recorded(form)
        assert len(read_server_log(text[: int(len(text) * 0.8)], "x")) >= 4


def test_parameters_whose_values_are_not_logged_make_a_plan_for_any_values() -> None:
    (found,) = read_server_log("LOG:  execute s1: SELECT a FROM t WHERE b = $1\n", "x")

    assert (found.sql, found.generic) == ("SELECT a FROM t WHERE b = $1", True)


def test_a_value_that_was_cut_is_not_known() -> None:
    text = "LOG:  execute s: SELECT a FROM t WHERE b = $1 AND c = $2\nDETAIL:  Parameters: $1 = 'abc'..., $2 = '7'\n"
    (found,) = read_server_log(text, "x")

    assert (found.sql, found.generic) == ("SELECT a FROM t WHERE b = $1 AND c = '7'", True)


CSV = """userid,Query,calls,mean
10,"SELECT a, ""b"" FROM t
WHERE a = $1",5,1
11,"SELECT a, ""b"" FROM t WHERE a = $1",7,1
10,SELEC,3,1
10,VACUUM,1,1
10,<insufficient privilege>,9,1
"""
JSON = """[{"query": "SELECT a, \\"b\\" FROM t\\nWHERE a = $1", "calls": 5},
{"calls": "7", "query": "SELECT a, \\"b\\" FROM t WHERE a = $1"},
{"query": "SELEC", "calls": 3}, {"query": "VACUUM", "calls": 1},
{"query": "<insufficient privilege>", "calls": 9}]"""


@pytest.mark.parametrize("text", [CSV, JSON])
def test_an_export_of_statement_statistics_is_read_with_its_calls(text: str) -> None:
    good, broken, other, hidden = read_statement_statistics(text, "stats")

    assert is_statement_statistics(text)
    assert (good.calls, good.generic, good.reason) == (12, True, "")
    assert (broken.calls, broken.reason) == (3, 'syntax error at or near "SELEC"')
    assert other.reason == "VACUUM has no plan"
    assert "pg_read_all_stats" in hidden.reason


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("query,rows\nSELECT 1,2\n", "columns query and calls"),
        ('[{"query": "SELECT 1"}]', "columns query and calls"),
        ('[{"query": "SELECT 1", "calls": ', "no JSON"),
        ("query,calls\nSELECT 1,many\n", "'many' is no number of calls"),
        ("query,calls\nSELECT 1,-1\n", "'-1' is no number of calls"),
        ("", "columns query and calls"),
    ],
)
def test_what_is_no_export_is_told_with_its_place(text: str, told: str) -> None:
    with pytest.raises(SourceError) as caught:
        read_statement_statistics(text, "stats.csv")

    assert told in str(caught.value)
    assert "stats.csv" in str(caught.value)


@given(st.text())
def test_any_text_is_a_log_with_few_statements(text: str) -> None:
    assert isinstance(read_server_log(text), tuple)
    assert isinstance(read_server_log(f"LOG:  statement: {text}"), tuple)
