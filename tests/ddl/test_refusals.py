# ruff: noqa: E501  (a script reads best on one line)
"""What the server refuses is left unread with a reason in planroom's own words, and costs itself alone."""

from __future__ import annotations

import pytest

from planroom.ddl import fold, read_postgres
from planroom.engines.postgres.engine import OwnedPostgres
from planroom.engines.postgres.server import Server
from planroom.errors import StatementFailedError

REFUSED = {
    "a circle of inheritance": ("CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a)", "ALTER TABLE a INHERIT b"),
    "its own child": ("CREATE TABLE a (x int)", "ALTER TABLE a INHERIT a"),
    "a partition twice": (
        "CREATE TABLE p (x int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (2)",
    ),
    "a partition with more columns": (
        "CREATE TABLE p (x int) PARTITION BY LIST (x); CREATE TABLE p1 (x int, y int)",
        "ALTER TABLE p ATTACH PARTITION p1 FOR VALUES IN (1)",
    ),
    "a neighbour that is not there": ("CREATE TYPE e AS ENUM ('a')", "ALTER TYPE e ADD VALUE 'b' AFTER 'z'"),
    "an index that is attached to a table": (
        "CREATE TABLE p (x int) PARTITION BY LIST (x); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)",
        "ALTER INDEX p ATTACH PARTITION p1",
    ),
    "a column that another is generated from": (
        "CREATE TABLE a (x int, y int GENERATED ALWAYS AS (x + 1) STORED)",
        "ALTER TABLE a DROP COLUMN x",
    ),
    "statistics of a column that is not there": ("CREATE TABLE a (x int)", "CREATE STATISTICS s ON x, y FROM a"),
}


@pytest.mark.server
@pytest.mark.parametrize(("before", "refused"), REFUSED.values(), ids=REFUSED)
def test_what_the_server_refuses_is_unread(before: str, refused: str, server: Server) -> None:
    with OwnedPostgres(server) as engine:
        engine.run(before)
        with pytest.raises(StatementFailedError):
            engine.run(refused)
    model = read_postgres([("a.sql", f"{before}; {refused}; CREATE TABLE last (x int)")])

    assert "public.last" in model.tables_by_id
    assert [each.kind for each in model.unread if "MODULUS 0" not in refused] == ["broken"] * (
        "MODULUS 0" not in refused
    )
    assert not any("fault" in each.reason for each in model.unread)


UNUSUAL = {
    "a table from a prepared query": ("CREATE TABLE a AS EXECUTE q", "structure"),
    "an aggregate of the old kind over anything": (
        "CREATE AGGREGATE n (sfunc = int8inc, basetype = 'ANY', stype = int8, initcond = '0')", "",
    ),
    "JSON with a format": (
        "CREATE VIEW v AS SELECT JSON_OBJECTAGG(i: ('1' || i)::bytea FORMAT JSON RETURNING text) FROM generate_series(1, 5) i", "broken",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("script", "kind"), UNUSUAL.values(), ids=UNUSUAL)
def test_what_is_unusual_is_read_or_unread_with_a_reason(script: str, kind: str) -> None:
    model = read_postgres([("a.sql", script)])

    assert [each.kind for each in model.unread] == ([kind] if kind else [])
    assert not any("fault" in each.reason for each in model.unread)


def test_a_grandchild_by_two_ways_is_dropped_once() -> None:
    script = "CREATE TABLE a (x int); CREATE TABLE b () INHERITS (a); CREATE TABLE c () INHERITS (a, b); DROP TABLE a CASCADE"

    model = read_postgres([("a.sql", script)])

    assert (model.tables, model.unread) == ((), ())


def test_a_fault_of_planrooms_own_costs_one_statement_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(*_: object) -> None:
        raise KeyError("oops")

    monkeypatch.setitem(fold.HANDLERS, "ViewStmt", faulty)
    model = read_postgres([("a.sql", "CREATE TABLE a (x int); CREATE VIEW v AS SELECT 1; CREATE TABLE b (x int)")])

    assert list(model.tables_by_id) == ["public.a", "public.b"]
    assert [each.reason for each in model.unread] == ["planroom has a fault here: KeyError: 'oops'"]
