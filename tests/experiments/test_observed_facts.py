"""A database tells what a design's columns hold, in counts alone."""

from __future__ import annotations

import pytest

import planroom as pr
from planroom.linting.reporting.plain import json_text

SCHEMA = """
    CREATE TABLE people (id int PRIMARY KEY, reference varchar(80), remark text, account text, "x""><script>" text);
    CREATE TABLE gone (id int PRIMARY KEY, contact text);
"""
ROWS = """
    INSERT INTO people SELECT n, 'secret' || n || '@example.org', 'remark ' || n,
        CASE WHEN n % 2 = 0 THEN NULL ELSE 'DE89370400440532013000' END, '+44 20 7946 ' || lpad(CAST(n AS text), 4, '0')
        FROM generate_series(1, 300) AS t (n);
    DROP TABLE gone;
"""


@pytest.fixture(params=["postgres", "duckdb"])
def filled(request):
    if request.param == "postgres":
        request.getfixturevalue("server")
    with pr.postgres() if request.param == "postgres" else pr.duckdb() as engine:
        engine.run(SCHEMA + ROWS)
        yield engine


@pytest.mark.server
def test_columns_with_personal_values_are_found_and_no_value_is_told(filled):
    model = pr.read(SCHEMA) if filled.name == "postgres" else filled.model()
    report = pr.lint(model, on=filled, select=["SCH055"])

    columns = ["reference", '"x""><script>"']
    assert sorted(each.subject.rpartition(".")[2] for each in report.findings) == sorted(columns)
    assert "(300 of 300 values looked at)" in str(report)
    assert "secret" not in str(report) + json_text(report) + report._repr_mimebundle_()["text/html"]


@pytest.mark.server
def test_what_is_no_database_is_said(server):
    with pytest.raises(pr.PlanroomError, match="no database to ask"):
        pr.lint(SCHEMA, on=3)
