"""The server is the judge of canonical forms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

import planroom.sqltext
from tests.sqltext import expression_corpus as corpus
from tests.sqltext.builtins_of_server import builtins_text
from tests.sqltext.expression_server import KINDS, KNOWN_DIFFERENCES, canonical, collect, corpus_line
from tests.sqltext.expressions import conditions

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.server


@pytest.fixture
def connection(fresh_database: Any) -> Iterator[Any]:
    with psycopg.connect(fresh_database.dsn, autocommit=True) as opened:
        yield opened


def test_every_expression_of_the_corpus_is_equal_when_read_back(connection: Any) -> None:
    cases, refused = collect(connection)

    assert refused == []
    different = {case.text for case in cases if canonical(case, case.text) != canonical(case, case.server)}
    assert different <= KNOWN_DIFFERENCES
    assert len(cases) > 700


def test_canonical_forms_mean_what_was_written(connection: Any) -> None:
    """The server takes the canonical form, and makes of it what it made of the text."""
    cases, _ = collect(connection)
    wrong = []
    for case in cases:
        form = canonical(case, case.text)
        if case.text in KNOWN_DIFFERENCES or "this." in form:  # the row of the policy's own table has no name in SQL
            continue
        with connection.transaction():
            again = KINDS[case.kind](connection, case.kind, corpus_line(case, form))
        if canonical(again, again.server) != form:
            wrong.append((case.text, form, again.server))
    assert wrong == []


def test_the_facts_about_builtins_are_the_servers(connection: Any) -> None:
    if connection.info.server_version // 10_000 != 18:
        pytest.skip("the facts are those of PostgreSQL 18")

    kept = Path(planroom.sqltext.__file__).with_name("builtins.txt").read_text(encoding="utf-8")

    assert kept == builtins_text(connection)


def test_every_builtin_type_is_known_by_name(connection: Any) -> None:
    from planroom.sqltext.names import BUILTIN_TYPES, parse_type

    rows = connection.execute(
        """SELECT typname, format_type(oid, NULL) FROM pg_type
           WHERE typnamespace = 'pg_catalog'::regnamespace AND typtype IN ('b', 'p', 'r', 'm')
             AND typname !~ '^_' ORDER BY 1"""
    ).fetchall()

    assert {name for name, _ in rows} == BUILTIN_TYPES - {"decimal"}
    assert {name: str(parse_type(f'pg_catalog."{name}"')) for name, _ in rows} == {
        name: {"bpchar": "bpchar", "any": '"any"'}.get(name, full) for name, full in rows
    }


def test_any_condition_is_equal_when_read_back(connection: Any) -> None:
    connection.execute(corpus.SCHEMA)
    agreed = 0

    @settings(max_examples=300, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(conditions())
    def check(text: str) -> None:
        nonlocal agreed
        try:
            with connection.transaction():
                case = KINDS["CHECKS"](connection, "CHECKS", text)
        except psycopg.Error:  # a type error: some of them are meant to be
            return
        assert canonical(case, text) == canonical(case, case.server), case.server
        agreed += 1

    check()

    assert agreed > 200
